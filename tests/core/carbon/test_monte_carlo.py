"""The simulation agrees with the analytic interval, is the same every time, and widens with correlation."""

from __future__ import annotations

from decimal import Decimal
from math import exp

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.carbon.monte_carlo import DRAWS, agrees, disagreement, simulate
from portal.core.carbon.uncertainty import interval_95
from tests.make.examples import examples

SIGMAS = [Decimal(text) for text in ("0.0535", "0.0975", "0.2111", "0.2986", "0.4621")]
amounts = st.decimals(min_value=1, max_value=10**6, places=3, allow_nan=False)
portfolios = st.lists(
    st.tuples(st.sampled_from([f"F{n}" for n in range(12)]), st.sampled_from(SIGMAS), amounts),
    min_size=1,
    max_size=30,
)
Sums = list[tuple[str, Decimal, Decimal]]


def analytic(sums: Sums) -> tuple[Decimal, Decimal]:
    spreads: dict[str, Decimal] = {}
    for source, sigma, kg in sums:
        spreads[source] = spreads.get(source, Decimal(0)) + sigma * kg
    return interval_95(sum((kg for _, _, kg in sums), Decimal(0)), spreads.values())


@settings(max_examples=examples(40), deadline=None)
@given(portfolios)
def test_agrees_with_the_analytic_interval(sums: Sums) -> None:
    drawn = simulate(sums)
    assert agrees(analytic(sums), drawn), disagreement(analytic(sums), drawn)
    # The middle leans upwards, by no more than the lopsidedness of the widest error.
    total, widest = float(sum(kg for _, _, kg in sums)), float(max(sigma for _, sigma, _ in sums))
    assert 0.98 * total <= float(drawn.middle) <= total * exp(widest**2 / 2) * 1.02


@settings(max_examples=examples(15), deadline=None)
@given(st.lists(amounts, min_size=2, max_size=12), st.sampled_from(SIGMAS))
def test_sharing_a_source_widens(amounts: list[Decimal], sigma: Decimal) -> None:
    apart = simulate([(f"F{n}", sigma, kg) for n, kg in enumerate(amounts)])
    together = simulate([("F", sigma, kg) for kg in amounts])
    largest = max(amounts) / sum(amounts)
    if largest < Decimal("0.9"):
        assert together.high - together.low > apart.high - apart.low


def test_the_same_portfolio_shows_the_same_simulation_in_any_order() -> None:
    sums = [("F2", SIGMAS[1], Decimal(10)), ("F1", SIGMAS[3], Decimal(20)), ("F2", SIGMAS[2], Decimal(5))]
    assert simulate(sums) == simulate(sums[::-1])
    assert simulate(sums, seed=1) != simulate(sums, seed=2)
    assert (simulate(sums).draws, DRAWS) == (10_000, 10_000)


def test_a_wrong_analytic_interval_is_noticed() -> None:
    sums = [(f"F{n}", SIGMAS[3], Decimal(100)) for n in range(10)]
    as_if_correlated = analytic([("F", sigma, kg) for _, sigma, kg in sums])
    assert not agrees(as_if_correlated, simulate(sums))


def test_nothing_and_credit_notes() -> None:
    nothing = simulate([])
    assert (nothing.low, nothing.high) == (0, 0)
    assert agrees((Decimal(0), Decimal(0)), nothing)
    back = simulate([("F1", SIGMAS[1], Decimal(-100))])
    assert back.low < back.middle < back.high < 0
    assert agrees(analytic([("F1", SIGMAS[1], Decimal(-100))]), back)


def test_a_hundred_sources_of_a_million_lines_are_quick() -> None:
    sums = [(f"F{n}", SIGMAS[n % 5], Decimal(n + 1)) for n in range(500)]
    assert agrees(analytic(sums), simulate(sums))
