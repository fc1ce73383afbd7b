"""Units: exact within a class, refused across classes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Refused
from portal.core.units import CLASSES, convert, unit_class, units_of_class


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "result"),
    [
        ("1234.567", "kWh", "MWh", "1.234567"),
        ("1", "kWh", "MJ", "3.6"),
        ("3.6", "MJ", "kWh", "1"),
        ("1", "MJ", "kWh", "0.2777777777777777777777777778"),
        ("2.5", "t", "kg", "2500"),
        ("1", "g", "t", "0.000001"),
        ("7", "MWp", "kWp", "7000"),
        ("1500", "l", "m3", "1.5"),
        ("1", "ktCO2e", "kgCO2e", "1000000"),
        ("0.4", "cases per 200,000 hours", "cases per million hours", "2"),
    ],
)
def test_conversion_is_exact(value: str, from_unit: str, to_unit: str, result: str) -> None:
    assert convert(Decimal(value), from_unit, to_unit) == Decimal(result)


def test_classes_do_not_mix() -> None:
    with pytest.raises(Refused) as refused:
        convert(Decimal(1), "kg", "kWh")
    assert refused.value.problem.code == "unit_class_differs"
    with pytest.raises(Refused) as refused:
        convert(Decimal(1), "kWh", "kwh")
    assert refused.value.problem.code == "unit_unknown"


def test_every_unit_of_the_file_formats_is_known() -> None:
    for unit in "kg t g m2 m3 l kWh MWh MJ t.km piece kWp MWp tCO2e kgCO2e".split():
        assert unit_class(unit) is not None
    assert unit_class("pound") is None
    assert units_of_class("mass") == ("g", "kg", "t", "kt")


PAIRS = [
    (a, b)
    for units in CLASSES.values()
    for a in units
    for b in units
    if "MJ" not in (a, b) and "GJ" not in (a, b)
]


@given(st.decimals(min_value=0, max_value=10**12, places=6), st.sampled_from(PAIRS))
def test_there_and_back_is_the_same_number(value: Decimal, pair: tuple[str, str]) -> None:
    assert convert(convert(value, *pair), pair[1], pair[0]) == value
