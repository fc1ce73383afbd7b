"""Where to ask next: the narrowing is what the interval of the changed lines says, and never promises too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.carbon.uncertainty import interval_95
from portal.core.carbon.value_of_information import VERIFIED, Holding, gains, width_with
from tests.make.examples import examples

SIGMAS = [Decimal(text) for text in ("0.0535", "0.0975", "0.2111", "0.2986", "0.4621")]
EXACT = Decimal("1e-15")
amounts = st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False)


def holdings(kg: st.SearchStrategy[Decimal] = amounts) -> st.SearchStrategy[list[Holding]]:
    each = st.builds(
        Holding,
        supplier_id=st.sampled_from(["S1", "S2", "S3", "S4"]),
        ask=st.sampled_from(["glass", "frame"]),
        source_id=st.sampled_from(["F1", "F2", "F3"]),
        sigma_ln=st.sampled_from(SIGMAS),
        kg=kg,
        lines=st.integers(1, 50),
    )
    return st.lists(each, min_size=1, max_size=12)


def total(known: Sequence[Holding]) -> Decimal:
    return sum((h.kg for h in known), Decimal(0))


def asked(known: Sequence[Holding], suppliers: set[str]) -> list[Holding]:
    """The same lines once these suppliers gave a verified footprint of each thing."""
    return [
        replace(h, sigma_ln=VERIFIED, source_id=f"PCF of {h.supplier_id} {h.ask}")
        if h.supplier_id in suppliers and h.sigma_ln > VERIFIED
        else h
        for h in known
    ]


def plain_width(known: Sequence[Holding]) -> Decimal:
    """Straight from the definition of the interval, line by line."""
    spreads: dict[str, Decimal] = {}
    for h in known:
        spreads[h.source_id] = spreads.get(h.source_id, Decimal(0)) + h.kg * h.sigma_ln
    low, high = interval_95(total(known), spreads.values())
    return high - low


def close(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= EXACT * max(abs(one), abs(other), Decimal(1))


@settings(max_examples=examples(80), deadline=None)
@given(holdings(st.decimals(-(10**5), 10**6, places=3, allow_nan=False)))
def test_widths_are_those_of_the_changed_lines(known: list[Holding]) -> None:
    if total(known) <= 1:
        known = [*known, replace(known[0], kg=Decimal(10**7))]
    for gain in gains(total(known), known):
        changed = asked(known, {gain.supplier_id})
        assert close(gain.before, plain_width(known))
        assert close(gain.after, plain_width(changed))
        assert close(gain.after, width_with(total(known), known, {gain.supplier_id}))
        assert close(gain.narrowing, gain.before - gain.after)
    everybody = {h.supplier_id for h in known}
    assert close(width_with(total(known), known, everybody), plain_width(asked(known, everybody)))
    assert close(width_with(total(known), known, ()), plain_width(known))


@settings(max_examples=examples(80), deadline=None)
@given(holdings())
def test_purchases_never_widen_and_the_list_is_in_order(known: list[Holding]) -> None:
    known = [replace(h, ask=f"{h.ask} by {h.source_id} {h.sigma_ln}") for h in known]
    found = gains(total(known), known)
    assert [g.narrowing for g in found] == sorted((g.narrowing for g in found), reverse=True)
    assert all(g.narrowing >= -EXACT * max(g.before, Decimal(1)) for g in found)
    assert all(g.narrowing <= g.before + EXACT for g in found)
    assert {g.supplier_id for g in found} == {h.supplier_id for h in known}


def test_a_supplier_with_verified_footprints_has_nothing_to_give() -> None:
    known = [
        Holding("S1", "P1", "PCF-1", VERIFIED, Decimal(1000), 3),
        Holding("S2", "P2", "F1", Decimal("0.3"), Decimal(1000), 4, Decimal(50)),
    ]
    first, second = gains(Decimal(2000), known)
    assert (first.supplier_id, first.asks, first.lines, first.spend_usd) == ("S2", ("P2",), 4, Decimal(50))
    assert (second.supplier_id, second.narrowing, second.lines, second.asks) == ("S1", 0, 0, ())


def test_leaving_a_shared_factor_is_worth_more_than_the_same_lines_alone() -> None:
    """Two suppliers on one factor move together: the first to leave frees the other of half its company."""
    shared = [Holding(s, s, "F1", Decimal("0.3"), Decimal(1000), 1) for s in ("S1", "S2")]
    apart = [replace(h, source_id=f"F of {h.supplier_id}") for h in shared]
    assert gains(Decimal(2000), shared)[0].narrowing > gains(Decimal(2000), apart)[0].narrowing


def test_a_worked_example() -> None:
    # Spread 0.3·1000 + 0.3·3000 = 1200 on one factor; S2 leaves with 3000: sqrt(300² + (0.0535·3000)²) = 340.2…
    known = [
        Holding("S1", "a", "F1", Decimal("0.3"), Decimal(1000), 1),
        Holding("S2", "b", "F1", Decimal("0.3"), Decimal(3000), 2),
    ]
    best = gains(Decimal(4000), known)[0]
    spread = (Decimal(300) ** 2 + (VERIFIED * 3000) ** 2).sqrt()
    low, high = interval_95(Decimal(4000), [spread])
    assert best.supplier_id == "S2"
    assert close(best.after, high - low)
    assert best.per_line == best.narrowing / 2


def test_five_thousand_suppliers_take_a_moment() -> None:
    known = [
        Holding(f"S{n % 5000}", f"P{n % 3}", f"F{n % 60}", SIGMAS[n % 5], Decimal(n % 977 + 1), 1)
        for n in range(15_000)
    ]
    assert len(gains(total(known), known)) == 5000
