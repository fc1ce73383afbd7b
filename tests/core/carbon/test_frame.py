"""The frame: parts add up to the whole in both classifications, and rounding explains exactly what it can."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon.frame import (
    CATEGORIES,
    EMISSION_UNITS,
    ISO_OF,
    PARTS,
    SCOPE_2,
    Printed,
    checks_of,
    iso_classes,
    printed,
    total_of,
    totals_of,
)

tonnes = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False)
frames = st.dictionaries(
    st.sampled_from(PARTS), tonnes.map(lambda t: Printed(t, Decimal("0.001"))), min_size=1
)


@given(frames)
def test_scopes_and_iso_classes_add_up_to_the_same_whole(figures: dict[str, Printed]) -> None:
    totals = totals_of(figures)
    classes = [c.total for c in iso_classes(figures) if c.total is not None]
    assert totals.total == (total_of(classes) if classes else None)
    sides = [t for t in (totals.scope12, totals.scope3) if t is not None]
    assert totals.total == total_of(sides)


def test_every_part_is_in_exactly_one_class() -> None:
    assert set(ISO_OF) == set(PARTS)
    assert {ISO_OF[f"category_{n}"] for n in (4, 6, 7, 9)} == {3}
    assert ISO_OF["category_3"] == 4


@given(frames)
def test_only_one_scope_2_counts_market_first(figures: dict[str, Printed]) -> None:
    counted = totals_of(figures).scope2_item
    assert counted == next((item for item in SCOPE_2 if item in figures), None)


@given(
    st.lists(st.decimals(min_value=0, max_value=10**7, places=4), min_size=15, max_size=15), st.integers(0, 3)
)
def test_totals_printed_from_exact_figures_always_reconcile(exact: list[Decimal], places: int) -> None:
    """Whatever the hidden digits: parts and total rounded for print agree within what rounding explains."""
    unit = Decimal(1).scaleb(-places)
    figures = {
        item: Printed(value.quantize(unit), unit) for item, value in zip(CATEGORIES, exact, strict=True)
    }
    figures["stated_scope_3"] = Printed(sum(exact, Decimal(0)).quantize(unit), unit)
    (check,) = checks_of(figures)
    assert check.state in {"equal", "rounding"}
    assert check.explains == 8 * unit


def test_one_tonne_more_than_rounding_explains_differs() -> None:
    one = Decimal(1)
    figures = {"scope1": Printed(Decimal(10), one), "scope2_market": Printed(Decimal(20), one)}
    state = lambda stated: checks_of({**figures, "stated_scope_1_2": Printed(Decimal(stated), one)})[0].state  # noqa: E731
    assert [state(30), state(31), state(29), state(32), state(28)] == [
        "equal",
        "rounding",
        "rounding",
        "differs",
        "differs",
    ]


def test_missing_parts_are_named_beside_a_stated_total() -> None:
    figures = {
        "scope1": Printed(Decimal(10), Decimal(1)),
        "stated_scope_1_2": Printed(Decimal(30), Decimal(1)),
    }
    (check,) = checks_of(figures)
    assert (check.state, check.missing, check.difference) == ("differs", ("scope2_market",), Decimal(20))


def test_a_share_is_held_against_its_own_rounding() -> None:
    figures = {
        "scope1": Printed(Decimal(1), Decimal(0)),
        "scope2_market": Printed(Decimal(2), Decimal(0)),
        "share_scope_1": Printed(Decimal("33.3"), Decimal("0.1")),
        "share_scope_2": Printed(Decimal("66.8"), Decimal("0.1")),
    }
    assert [(c.item, c.state) for c in checks_of(figures)] == [
        ("share_scope_1", "rounding"),
        ("share_scope_2", "differs"),
    ]


@pytest.mark.parametrize(
    ("text", "unit", "value", "step"),
    [
        ("19142262", "tCO2e", "19142262", "1"),
        ("24.4", "MtCO2e", "24400000", "100000"),
        ("3700", "万tCO2e", "37000000", "10000"),
        ("0", "tCO2e", "0", "1"),
        ("1.50", "kgCO2e", "0.0015", "0.00001"),
    ],
)
def test_the_last_printed_digit_is_kept_with_its_unit(text: str, unit: str, value: str, step: str) -> None:
    assert printed(text, EMISSION_UNITS[unit]) == Printed(Decimal(value), Decimal(step))
