"""The target path hits both its ends exactly, and the outlook counts no promise twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon.targets import (
    PATHS,
    Actual,
    Change,
    Effect,
    Path,
    added_since,
    outlook_of,
    path_value,
    per_mw,
    share_of_year,
    status_of,
    target_value,
    yearly_rate,
)

SAMPLE = Path(2023, Decimal("402.6"), 2034, Decimal("63.8"), "linear")

paths = st.builds(
    lambda year, value, years, reduction, kind: Path(year, value, year + years, reduction, kind),
    st.integers(1990, 2060),
    st.decimals(min_value="0.001", max_value=10**6, places=6),
    st.integers(1, 40),
    st.decimals(min_value="0.1", max_value="99.9", places=2),
    st.sampled_from(PATHS),
)


@given(paths)
def test_a_path_hits_base_and_target_exactly_and_falls_between(path: Path) -> None:
    assert path_value(path, path.base_year) == path.base_value
    assert path_value(path, path.target_year) == target_value(path)
    assert path_value(path, path.target_year + 3) == target_value(path)
    assert path_value(path, path.base_year - 1) is None
    values = [path_value(path, year) for year in range(path.base_year, path.target_year + 1)]
    assert all(a is not None and b is not None and a > b for a, b in pairwise(values))


@given(paths)
def test_the_yearly_rate_leads_from_base_to_target(path: Path) -> None:
    rate, years = Fraction(yearly_rate(path)) / 100, path.target_year - path.base_year
    left = 1 - rate * years if path.kind == "linear" else (1 - rate) ** years
    assert abs(left - (1 - Fraction(path.reduction) / 100)) < Fraction(1, 10**20)


def test_the_sample_target_worked_out_by_hand() -> None:
    assert target_value(SAMPLE) == Decimal("145.7412")
    assert yearly_rate(SAMPLE) == Decimal("5.8")
    assert path_value(SAMPLE, 2025) == Decimal("402.6") * (1 - 2 * Decimal("0.058"))
    constant = Path(2023, Decimal("402.6"), 2034, Decimal("63.8"), "constant_rate")
    assert round(yearly_rate(constant), 3) == Decimal("8.824")


def test_status_says_how_far_and_whether_it_is_certain() -> None:
    found = status_of(SAMPLE, 2025, Decimal("377.96088"), (Decimal(300), Decimal(450)))
    assert found is not None
    assert (found.state, round(found.percent, 1), found.certain) == ("above", Decimal("6.2"), False)
    below = status_of(SAMPLE, 2025, Decimal(300), (Decimal(290), Decimal(310)))
    assert below is not None and (below.state, below.certain) == ("below", True)
    assert status_of(SAMPLE, 2022, Decimal(300)) is None


def test_an_effect_counts_from_the_day_after_it_is_due() -> None:
    assert share_of_year(date(2026, 12, 31), 2026) == 0
    assert share_of_year(date(2025, 12, 31), 2026) == 1
    assert share_of_year(date(2026, 7, 2), 2026) == Fraction(182, 365)
    assert share_of_year(date(2027, 1, 1), 2026) == 0
    due = [Effect("A", date(2024, 6, 30), Decimal(100)), Effect("B", date(2027, 12, 31), Decimal(50))]
    assert added_since(due, 2026, 2025) == {"A": 0, "B": 0}
    assert added_since(due, 2028, 2025) == {"A": 0, "B": 50}


LATEST = Actual(2025, Decimal(1000), Decimal(10))


def test_commitments_and_what_if_of_one_supplier_are_not_added_up() -> None:
    effects = [Effect("A", date(2025, 12, 31), Decimal(100))]
    change = Change(2026, {"A": Fraction(3, 10), "B": Fraction(1, 10)})
    shares = {"A": Fraction(1, 2), "B": Fraction(1, 2)}
    (year,) = outlook_of(LATEST, effects, until=2026, produced={}, change=change, shares=shares)
    assert (year.with_commitments, year.commitments) == (Decimal(90), Decimal(100))
    assert (year.with_what_if, year.both) == (Decimal(60), Decimal(400))


def test_a_commitment_counts_at_most_what_its_supplier_has_with_us() -> None:
    effects = [Effect("A", date(2025, 12, 31), Decimal(900)), Effect("C", date(2025, 12, 31), Decimal(70))]
    (year,) = outlook_of(LATEST, effects, until=2026, produced={}, shares={"A": Fraction(1, 5)})
    assert year.commitments == 200
    (uncapped,) = outlook_of(LATEST, effects, until=2026, produced={})
    assert uncapped.commitments == 970


def test_commitments_never_avoid_more_than_there_is_where_no_estimate_bounds_them() -> None:
    due = date(2025, 6, 30)
    effects = [Effect("A", due, Decimal(1500)), Effect("B", due, Decimal(1500))]
    change = Change(2026, {"C": Fraction(1, 10)})
    (year,) = outlook_of(LATEST, effects, until=2026, produced={}, change=change)
    assert (year.commitments, year.both) == (1000, 1000)
    assert (year.with_commitments, year.with_what_if) == (0, 0)


def test_planned_production_moves_the_tonnes_but_not_the_intensity_of_a_what_if() -> None:
    change = Change(2026, {"A": Fraction(1, 4)})
    (year,) = outlook_of(LATEST, [], until=2026, produced={2026: Decimal(20)}, change=change)
    assert (year.with_commitments, year.with_what_if, year.both) == (Decimal(100), Decimal(75), Decimal(500))


@given(
    st.lists(
        st.builds(
            Effect,
            st.sampled_from("AB"),
            st.dates(date(2024, 1, 1), date(2034, 1, 1)),
            st.decimals(0, 10**4, places=2),
        )
    ),
    st.decimals("0.01", "0.5", places=3),
)
def test_the_outlook_stays_between_nothing_and_no_action(effects: list[Effect], part: Decimal) -> None:
    shares = {"A": Fraction(1, 2), "B": Fraction(1, 2)}
    change = Change(2028, {"A": Fraction(part)})
    years = outlook_of(LATEST, effects, until=2034, produced={}, change=change, shares=shares)
    assert len(years) == 9
    for year in years:
        assert year.with_what_if is not None
        assert 0 <= year.with_what_if <= year.with_commitments <= 100


def test_without_anything_the_intensity_stays() -> None:
    assert {year.with_commitments for year in outlook_of(LATEST, [], until=2030, produced={})} == {
        Decimal(100)
    }


@pytest.mark.parametrize(
    ("tonnes", "made", "found"), [("1710000", "4500", "380"), ("1", "3", "0.3333333333333333333333333333")]
)
def test_per_mw(tonnes: str, made: str, found: str) -> None:
    assert per_mw(Decimal(tonnes), Decimal(made)) == Decimal(found)
