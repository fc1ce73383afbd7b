"""The change between two runs adds up exactly, turns its signs with the runs, and names the right cause."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.carbon.comparing import EFFECTS, Bought, Comparison, compare
from tests.make.examples import examples

METHODS = ["supplier_specific", "hybrid", "average_data", "spend_based", "unreached"]
amounts = st.one_of(st.just(Fraction(0)), st.fractions(-1000, 1000, max_denominator=1000))
bought = st.builds(
    Bought,
    supplier_id=st.sampled_from(["S1", "S2", "S3"]),
    material=st.sampled_from(["glass", "wafer"]),
    product_id=st.sampled_from(["", "P1"]),
    measure=st.sampled_from(["kg", "USD"]),
    method=st.sampled_from(METHODS),
    amount=amounts,
    usd=amounts,
    kg=st.decimals(-(10**6), 10**6, places=6, allow_nan=False),
)
runs = st.lists(bought, max_size=8)


def one(
    kg: str,
    *,
    amount: int = 100,
    supplier: str = "S1",
    method: str = "average_data",
    product: str = "P1",
    usd: int = 100,
) -> Bought:
    return Bought(supplier, "glass", product, "kg", method, Fraction(amount), Fraction(usd), Decimal(kg))


def told(found: Comparison) -> dict[str, Decimal]:
    """The effects that are not zero."""
    return {name: value for name, value in found.effects.items() if value}


@settings(max_examples=examples(60), deadline=None)
@given(runs, runs)
def test_effects_add_up_to_the_difference_to_the_last_digit(
    first: list[Bought], second: list[Bought]
) -> None:
    found = compare(first, second)
    reached = [[b for b in run if b.method != "unreached"] for run in (first, second)]
    before, after = (sum((b.kg for b in run), Decimal(0)) for run in reached)
    assert (found.before, found.after) == (before, after)
    assert sum(found.effects.values(), Decimal(0)) == after - before
    for row in found.rows:
        assert sum(row.effects.values(), Decimal(0)) == row.after - row.before
    assert set(found.effects) == set(EFFECTS)


def turned(effects: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What the effects must be when the runs change places: the new are lost, every sign is turned."""
    names = {"new": "lost", "lost": "new"}
    return {names.get(name, name): -value for name, value in effects.items()}


@settings(max_examples=examples(60), deadline=None)
@given(runs, runs)
def test_changing_the_runs_round_turns_every_sign(first: list[Bought], second: list[Bought]) -> None:
    assert compare(second, first).effects == turned(compare(first, second).effects)


@settings(max_examples=examples(60), deadline=None)
@given(runs)
def test_a_run_compared_with_itself_has_no_effects(run: list[Bought]) -> None:
    assert told(compare(run, run)) == {}


@settings(max_examples=examples(60), deadline=None)
@given(runs, runs, st.randoms())
def test_the_order_of_lines_changes_nothing(
    first: list[Bought], second: list[Bought], random: object
) -> None:
    mixed = list(first)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert compare(mixed, second) == compare(first, second)


def test_more_of_the_same_is_volume() -> None:
    assert told(compare([one("200")], [one("300", amount=150)])) == {"volume": Decimal(100)}


def test_the_same_amount_from_another_supplier_is_mix() -> None:
    first = [one("100", amount=50), one("200", amount=50, supplier="S2")]
    second = [one("50", amount=25), one("300", amount=75, supplier="S2")]
    assert told(compare(first, second)) == {"mix": Decimal(50)}


def test_a_change_of_method_is_method_even_where_the_factor_differs() -> None:
    found = compare([one("200")], [one("120", method="supplier_specific")])
    assert told(found) == {"method": Decimal(-80)}


def test_a_newer_footprint_is_the_suppliers_doing() -> None:
    first, second = one("200", method="supplier_specific"), one("150", method="supplier_specific")
    assert told(compare([first], [second])) == {"supplier": Decimal(-50)}


def test_another_factor_is_factor() -> None:
    assert told(compare([one("200")], [one("210")])) == {"factor": Decimal(10)}


def test_paying_more_for_the_same_is_price() -> None:
    first, second = one("200", method="spend_based"), one("400", method="spend_based", usd=200)
    assert told(compare([first], [second])) == {"price": Decimal(200)}


def test_new_lost_and_newly_reached_stand_by_themselves() -> None:
    first = [one("10", supplier="old"), one("0", method="unreached"), one("5", product="P2")]
    second = [one("30", supplier="young"), one("8"), one("5", product="P2")]
    assert told(compare(first, second)) == {
        "lost": Decimal(-10),
        "new": Decimal(30),
        "reached": Decimal(8),
    }


def test_half_the_lines_moving_to_a_footprint_splits_method_and_factor() -> None:
    # 100 kg at 2; then 50 kg at 3 by the average (factor up) and 50 kg at 1 by the footprint.
    second = [one("150", amount=50), one("50", amount=50, method="supplier_specific")]
    found = told(compare([one("200")], second))
    # average: share 1 → 1/2, intensity 2 → 3; footprint: share 0 → 1/2 at 1.
    assert found == {"method": Decimal(-75), "factor": Decimal(75)}


def test_a_credit_note_without_its_amount_is_unexplained() -> None:
    first = [one("200"), one("-20", amount=0, product="P2")]
    assert told(compare(first, [one("200")])) == {"unexplained": Decimal(20)}
