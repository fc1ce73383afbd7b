"""Deliveries to the buyer: reading a row, what footprints cover, and what an inventory leaves for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon.deliveries import Delivery, judge_year, read_delivery, twice
from portal.core.carbon.delivery_allocation import allocate
from portal.core.carbon.delivery_coverage import Made, coverage
from portal.core.carbon.inventory import Inventory

GIVEN = {"year": "2025", "material": "glass", "quantity": "1250.50", "unit": "t"}
AMOUNTS = st.decimals("0.001", "999999", places=3)
UNITS = st.sampled_from(["kg", "t", "g"])


def delivery(
    quantity: str, unit: str = "t", product: str = "", material: str = "glass", **value: str
) -> Delivery:
    worth = Decimal(value["value"]) if "value" in value else None
    return Delivery(
        2025, material, product, Decimal(quantity), unit, worth, value.get("currency", ""), quantity + unit
    )


def inventory(**given: object) -> Inventory:
    figures: dict[str, object] = {
        "scope1": Decimal(300), "scope2_market": Decimal(100), "output_quantity": Decimal(1000), "output_unit": "t",
    }  # fmt: skip
    return Inventory("", 2025, **(figures | given))  # type: ignore[arg-type]


def test_a_row_keeps_every_digit_and_its_unit() -> None:
    one, problems = read_delivery(
        GIVEN | {"product_id": "  G  1 ", "value": "9.90", "currency": "CNY"}, {"glass"}
    )
    assert problems == []
    assert one == Delivery(2025, "glass", "G 1", Decimal("1250.50"), "t", Decimal("9.90"), "CNY")
    assert str(one.quantity) == "1250.50"


@pytest.mark.parametrize(
    ("changed", "where", "code"),
    [
        ({"quantity": "1,250"}, "quantity", "row_number_expected"),
        ({"quantity": "１２３"}, "quantity", "row_number_expected"),
        ({"quantity": "0"}, "quantity", "row_not_above_zero"),
        ({"quantity": "-4"}, "quantity", "row_not_above_zero"),
        ({"quantity": ""}, "quantity", "row_missing"),
        ({"unit": "tCO2e"}, "unit", "row_unit_unknown"),
        ({"unit": ""}, "unit", "row_missing"),
        ({"material": "gold"}, "material", "delivery_material_unknown"),
        ({"value": "12"}, "currency", "row_missing_beside"),
        ({"currency": "CNY"}, "value", "row_missing_beside"),
        ({"currency": "cny", "value": "1"}, "currency", "row_currency_expected"),
        ({"product_id": "x" * 121}, "product_id", "delivery_text_too_long"),
        ({"year": "25"}, "year", "row_year_expected"),
    ],
)
def test_bad_input_is_named_at_its_field(changed: dict[str, str], where: str, code: str) -> None:
    one, problems = read_delivery(GIVEN | changed, {"glass"})
    assert one is None and [(p.where, p.code) for p in problems] == [(where, code)]


def test_a_year_that_has_not_begun_is_refused() -> None:
    assert judge_year(2026, date(2026, 11, 21)) == []
    assert [p.code for p in judge_year(2027, date(2026, 11, 21))] == ["delivery_year_ahead"]


def test_the_same_product_written_otherwise_stands_once_only() -> None:
    rows = [("a", delivery("1", product="G 1")), ("b", delivery("2", product="g1")), ("c", delivery("3"))]
    assert [(p.where, p.values["first"]) for p in twice(rows)] == [("b", "a")]
    assert [p.where for p in twice([("a", delivery("1")), ("b", delivery("9", "m2"))])] == ["b"]


GLASS = Made("1", "G-1", "glass", "m2", Decimal(10), Decimal(80))


def test_a_delivery_of_a_product_is_covered_by_that_product_only() -> None:
    rows = [delivery("300", "m2", "g-1"), delivery("100", "m2", "G-2"), delivery("100", "m2")]
    found = coverage(rows, [GLASS])
    assert found is not None
    assert [line.footprints for line in found.lines] == [("1",), (), ("1",)]
    assert (found.share, found.by_material, found.basis) == (Fraction(4, 5), 1, "area")


def test_units_of_two_classes_are_weighed_where_footprints_know_the_mass() -> None:
    rows = [delivery("500", "m2", "G-1"), delivery("4", "t", "G-9")]
    found = coverage(rows, [GLASS])
    assert found is not None and found.weighed
    assert (found.unit, found.covered, found.total) == ("kg", 4000, 8000)
    assert coverage(rows, [Made("1", "G-1", "glass", "m2", Decimal(10))]) is None
    two = [GLASS, Made("2", "G-1", "glass", "m2", Decimal(10), Decimal(90))]
    assert coverage(rows, two) is None  # footprints that disagree about the mass say nothing


def test_value_serves_where_quantities_have_no_common_unit() -> None:
    rows = [
        delivery("500", "m2", "G-1", value="75", currency="CNY"),
        delivery("3", "piece", "X", value="25", currency="CNY"),
    ]
    found = coverage(rows, [GLASS])
    assert found is not None and (found.basis, found.unit, found.share) == ("value", "CNY", Fraction(3, 4))
    other = [rows[0], delivery("3", "piece", "X", value="25", currency="EUR")]
    assert coverage(other, [GLASS]) is None
    assert coverage([rows[0], delivery("3", "piece", "X")], [GLASS]) is None
    assert coverage([], [GLASS]) is None


def test_physical_goes_before_revenue() -> None:
    figures = inventory(revenue=Decimal(1000), currency="CNY", scope3_upstream=Decimal(600))
    found = allocate([delivery("250", value="1", currency="CNY")], figures)
    assert found is not None and found.with_upstream and found.emitted == 1000
    assert [(row.method, row.share, row.tonnes) for row in found.rows] == [("mass", Fraction(1, 4), 250)]
    found = allocate([delivery("9", "m2", value="50", currency="CNY")], figures)
    assert found is not None and [(row.method, row.tonnes) for row in found.rows] == [("revenue", 50)]
    pieces = inventory(output_unit="piece")
    found = allocate([delivery("500", "piece")], pieces)
    assert found is not None and [(row.method, row.tonnes) for row in found.rows] == [("output", 200)]


def test_an_area_has_a_share_of_mass_where_its_footprint_says_what_it_weighs() -> None:
    found = allocate([delivery("12500", "m2", "G-1")], inventory(), [GLASS])
    assert found is not None
    assert [(row.method, row.part, row.whole_unit, row.tonnes) for row in found.rows] == [
        ("mass", 100, "t", 40)
    ]


@pytest.mark.parametrize(
    ("given", "one", "why"),
    [
        ({}, delivery("9", "m2"), "unit_differs"),
        ({"output_quantity": None}, delivery("9"), "no_output"),
        ({"revenue": Decimal(9), "currency": "CNY"}, delivery("9", "m2"), "value_missing"),
        ({"revenue": Decimal(9), "currency": "CNY"}, delivery("9", "m2", value="1", currency="EUR"), "currency_differs"),
    ],
)  # fmt: skip
def test_what_has_no_share_is_left_out_with_the_reason(
    given: dict[str, object], one: Delivery, why: str
) -> None:
    found = allocate([one], inventory(**given))
    assert found is not None and found.rows == () and [left.why for left in found.left_out] == [why]


def test_without_scope_2_nothing_is_allocated() -> None:
    assert allocate([delivery("1")], inventory(scope2_market=None)) is None


def test_more_than_there_is_shows() -> None:
    over = allocate([delivery("600"), delivery("401", material="frame")], inventory())
    exact = allocate([delivery("600"), delivery("400", material="frame")], inventory())
    assert over is not None and over.exceeds and exact is not None and not exact.exceeds


@given(rows=st.lists(st.tuples(AMOUNTS, UNITS, st.sampled_from(["", "A", "B", "C"])), min_size=1, max_size=8))
def test_a_share_is_between_nothing_and_everything_and_does_not_mind_order(
    rows: list[tuple[Decimal, str, str]],
) -> None:
    made = [Made("1", "A", "glass", "kg", Decimal(1)), Made("2", "B", "frame", "t", Decimal(1))]
    deliveries = [delivery(f"{amount}", unit, product) for amount, unit, product in rows]
    found, turned = coverage(deliveries, made), coverage(deliveries[::-1], made)
    assert found is not None and turned is not None
    assert 0 <= found.share <= 1 and found.share == turned.share
    assert (found.share == 1) == all(product != "C" for _a, _u, product in rows)
    more = coverage([*deliveries, delivery("5", "t", "A")], made)
    assert more is not None and more.share >= found.share  # one more covered delivery never lowers the share


@given(
    rows=st.lists(
        st.tuples(AMOUNTS, UNITS, st.sampled_from(["glass", "frame", "film"])), min_size=1, max_size=8
    ),
    scope1=AMOUNTS,
    spare=AMOUNTS,
)
def test_the_rows_of_everything_delivered_add_up_to_the_inventory_exactly(
    rows: list[tuple[Decimal, str, str]], scope1: Decimal, spare: Decimal
) -> None:
    sizes = {"g": 1, "kg": 1000, "t": 1000000}
    grams = sum((Fraction(amount) * sizes[unit] for amount, unit, _m in rows), Fraction(0))
    deliveries = [delivery(f"{amount}", unit, material=material) for amount, unit, material in rows]
    whole = inventory(
        scope1=scope1, output_quantity=Decimal(grams.numerator) / grams.denominator, output_unit="g"
    )
    found = allocate(deliveries, whole)
    assert found is not None and not found.exceeds and len(found.rows) == len({m for _a, _u, m in rows})
    assert sum(row.tonnes for row in found.rows) == found.emitted
    roomy = inventory(scope1=scope1, output_quantity=whole.output_quantity + spare, output_unit="g")  # type: ignore[operator]
    less = allocate(deliveries, roomy)
    assert less is not None and less.share < 1 and sum(row.tonnes for row in less.rows) < less.emitted
