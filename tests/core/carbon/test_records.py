"""Reading single rows: footprints, inventories, factors; validity, doubts, geography, spread."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.carbon import geography
from portal.core.carbon.factors import read_factor, read_unit
from portal.core.carbon.inventory import read_inventory, scope2, upstream
from portal.core.carbon.money import Money, base_dollars
from portal.core.carbon.pcf import Footprint, last_valid_day, read_footprint
from portal.core.carbon.plausibility import doubts
from portal.core.carbon.quality import GRADES, grades, quality_of, sigma_ln, temporal_grade
from portal.core.carbon.uncertainty import interval_95

FOOTPRINT = {
    "footprint_id": "F1",
    "supplier_id": "S1",
    "product_id": "P1",
    "declared_unit": "kg",
    "declared_amount": "1",
    "pcf_kgco2e": "30.5",
    "period_start": "2022-01-01",
    "period_end": "2022-12-31",
}
INVENTORY = {"supplier_id": "S1", "year": "2023", "scope1_tco2e": "10"}


def test_a_footprint_row_is_read_whole() -> None:
    footprint, problems = read_footprint({**FOOTPRINT, "verified": "Yes", "primary_data_share": "80"})
    assert problems == []
    assert footprint is not None
    assert (footprint.pcf_kgco2e, footprint.verified) == (Decimal("30.5"), True)
    assert footprint.primary_data_share == 80


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        *[(column, "", "row_missing") for column in FOOTPRINT],
        ("pcf_kgco2e", "-1", "row_too_small"),
        ("pcf_kgco2e", "30,5", "row_number_expected"),
        ("declared_amount", "0", "row_not_above_zero"),
        ("declared_unit", "lb", "row_unit_unknown"),
        ("period_end", "2021-12-31", "footprint_period_order"),
        ("period_end", "31/12/2022", "row_date_expected"),
        ("valid_until", "2022-06-30", "footprint_valid_until_early"),
        ("primary_data_share", "101", "footprint_share_over_100"),
        ("verified", "maybe", "row_yes_no_expected"),
    ],
)
def test_a_bad_footprint_cell_is_told_at_its_column(column: str, cell: str, code: str) -> None:
    footprint, problems = read_footprint({**FOOTPRINT, column: cell}, "f.csv:7")
    assert footprint is None
    assert [(p.where, p.code, p.values["column"]) for p in problems] == [(f"f.csv:7:{column}", code, column)]


def test_all_problems_of_a_row_are_told_at_once() -> None:
    _, problems = read_footprint({})
    assert [p.where for p in problems] == list(FOOTPRINT)


@pytest.mark.parametrize(
    ("end", "until", "last"),
    [
        ("2022-12-31", "", date(2025, 12, 31)),
        ("2024-02-29", "", date(2027, 2, 28)),
        ("2022-12-31", "2023-06-30", date(2023, 6, 30)),
        ("9999-12-31", "", date(9999, 12, 31)),
    ],
)
def test_a_footprint_lasts_three_years_unless_it_says_otherwise(end: str, until: str, last: date) -> None:
    footprint, _ = read_footprint({**FOOTPRINT, "period_end": end, "valid_until": until})
    assert footprint is not None
    assert last_valid_day(footprint) == last


def test_an_inventory_prefers_market_based_and_adds_up_its_upstream_categories() -> None:
    row = {**INVENTORY, "scope2_market_tco2e": "0", "scope2_location_tco2e": "9"}
    read, _ = read_inventory({**row, "scope3_category_1_tco2e": "5", "scope3_category_11_tco2e": "70"})
    assert read is not None
    assert (scope2(read), upstream(read)) == (Decimal(0), Decimal(5))
    read, _ = read_inventory({**INVENTORY, "scope2_location_tco2e": "9", "scope3_upstream_tco2e": "4"})
    assert read is not None
    assert (scope2(read), upstream(read)) == (Decimal(9), Decimal(4))
    read, _ = read_inventory(INVENTORY)
    assert read is not None
    assert (scope2(read), upstream(read)) == (None, None)
    parts = {"scope3_category_1_tco2e": "999999999999999", "scope3_category_2_tco2e": "0.333333333333333333"}
    read, _ = read_inventory({**INVENTORY, **parts})
    assert read is not None
    assert upstream(read) == Decimal("999999999999999.333333333333333333")


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"scope1_tco2e": "-1"}, "scope1_tco2e", "row_too_small"),
        ({"year": "23"}, "year", "row_year_expected"),
        ({"output_quantity": "5"}, "output_unit", "row_missing_beside"),
        ({"revenue": "5"}, "currency", "row_missing_beside"),
        ({"revenue": "0", "currency": "CNY"}, "revenue", "row_not_above_zero"),
        ({"scope3_category_15_tco2e": "x"}, "scope3_category_15_tco2e", "row_number_expected"),
    ],
)
def test_a_bad_inventory_cell_is_told_at_its_column(changes: dict[str, str], where: str, code: str) -> None:
    read, problems = read_inventory({**INVENTORY, **changes})
    assert read is None
    assert [(p.where, p.code) for p in problems] == [(where, code)]


def test_factor_units() -> None:
    assert read_unit("kgCO2e/kg") == ("kg", None)
    assert read_unit("kgCO2e/USD-2022 purchaser price") == ("", 2022)
    for wrong in ("kgCO2/kWh", "tCO2e/t", "kgCO2e/EUR-2022", "kgCO2e/tonnes", "kgCO2e/%", "kgCO2e/USD"):
        assert read_unit(wrong) is None
    row = {"factor_id": "F", "name_en": "F", "geography": "CHN", "year": "2022", "value": "1", "source": "s"}
    factor, problems = read_factor({**row, "unit": "kgCO2e/t", "naics_2017": "111111"})
    assert (problems, factor and factor.place, factor and factor.sector) == ([], "CN", "111111")
    assert read_factor({**row, "unit": "kgCO2/kWh"}, "f:2")[1][0].code == "factor_unit_unknown"


@pytest.mark.parametrize(
    ("published", "key"),
    [
        ("CHN", "CN"), ("cn", "CN"), ("GLO", "GLO"), ("REGION-World", "GLO"), ("RoW", "GLO"), ("RER", "Europe"),
        ("REGION-EU", "EU"), ("REGION-Latin_America_and_Caribbean", "Latin America and Caribbean"), ("CN-SD", "CN-SD"),
    ],
)  # fmt: skip
def test_published_geographies_have_one_key(published: str, key: str) -> None:
    assert geography.canonical(published) == key


def test_without_a_country_the_world_is_closest() -> None:
    assert geography.rank("", "GLO") < geography.rank("", "CN")
    assert geography.rank("CN", "CN-SD") < geography.rank("CN", "US")
    assert geography.rank("CN", "GLO") < geography.rank("CN", "CN-SD")


def test_money_of_another_currency_and_year_becomes_dollars_of_the_base_year() -> None:
    money = Money({("CNY", 2023): Decimal(7)}, {2022: Decimal(100), 2023: Decimal(125)})
    assert base_dollars(money, "USD", 2023, 2022) == Fraction(4, 5)
    assert base_dollars(money, "CNY", 2023, 2022) == Fraction(4, 35)
    assert base_dollars(money, "EUR", 2023, 2022) is None
    assert base_dollars(money, "CNY", 2023, 2019) is None


def footprint_of(material: str, pcf: str, unit: str = "kg", amount: str = "1") -> Footprint:
    read, _ = read_footprint(
        {
            **FOOTPRINT,
            "material": material,
            "pcf_kgco2e": pcf,
            "declared_unit": unit,
            "declared_amount": amount,
        }
    )
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("footprint", "code"),
    [
        (footprint_of("polysilicon", "30"), None),
        (footprint_of("polysilicon", "30000", "t"), None),
        (footprint_of("polysilicon", "30", "t"), "footprint_thousandfold"),
        (footprint_of("polysilicon", "30000"), "footprint_thousandfold"),
        (footprint_of("polysilicon", "90"), "footprint_above_band"),
        (footprint_of("polysilicon", "5"), "footprint_below_band"),
        (footprint_of("polysilicon", "0"), "footprint_zero"),
        (footprint_of("glass", "10.3", "m2"), None),
        (footprint_of("glass", "60", "m2", "10"), None),
        (footprint_of("unheard_of", "1000000"), None),
        (footprint_of("polysilicon", "1000000", "piece"), None),
    ],
)
def test_doubts_about_a_footprint(footprint: Footprint, code: str | None) -> None:
    assert [doubt.code for doubt in doubts(footprint)] == ([code] if code else [])


def test_the_spread_of_a_line_follows_the_pedigree_table() -> None:
    # only the basic factor: ln(1.05) / 2
    assert sigma_ln((1, 1, 1, 1, 1)) == Decimal("0.0244")
    # sqrt(ln 1.5^2 + ln 1.2^2 + ln 1.5^2 + ln 1.1^2 + ln 2^2 + ln 1.05^2) / 2
    assert sigma_ln((4, 4, 4, 4, 4)) == Decimal("0.4621")
    assert quality_of((1, 2, 3, 4, 4)) == Decimal("2.8")
    assert [temporal_grade(year, 2023) for year in (2023, 2021, 2020, 2017, 2013, 2026)] == [1, 1, 2, 3, 4, 2]
    weakest = {kind: sigma_ln(grades(kind, temporal=1, geographical=1)) for kind in GRADES}
    assert weakest["footprint_verified"] < weakest["footprint"] < weakest["allocated_by_quantity"]
    assert weakest["factor"] < weakest["factor_proxy"] < weakest["spend_factor"]


def test_lines_of_one_source_move_together_and_others_do_not() -> None:
    # one source: 100 x exp(-+1.96 x 0.2)
    low, high = interval_95(Decimal(100), [Decimal(20)])
    assert (round(low, 4), round(high, 4)) == (Decimal("67.5704"), Decimal("147.9938"))
    apart = interval_95(Decimal(100), [Decimal(10), Decimal(10)])
    assert low < apart[0] < 100 < apart[1] < high
    assert interval_95(Decimal(0), []) == (0, 0)
    assert interval_95(Decimal(-10), [Decimal(1)]) == (Decimal("-11.96"), Decimal("-8.04"))
