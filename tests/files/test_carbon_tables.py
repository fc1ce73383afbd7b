"""The small tables: whole files with problems at their places, and the tables that ship."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from portal.core.carbon.money import PRICE_COLUMNS, RATE_COLUMNS
from portal.files.factors import SHIPPED_FACTORS, read_factors, read_sectors
from portal.files.footprints import read_footprints
from portal.files.inventories import read_inventories
from portal.files.rates import read_prices, read_rates
from portal.files.tables import template
from portal.settings import shipped

FACTORS = shipped("factors")


def rows_of(name: str, key: str = "factor_id") -> dict[str, dict[str, str]]:
    with (FACTORS / name).open(encoding="utf-8") as stream:
        return {row[key]: row for row in csv.DictReader(stream)}


def written(folder: Path, content: str) -> Path:
    path = folder / "table.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_footprints_with_one_id_twice_and_a_short_line_are_told(tmp_path: Path) -> None:
    head = (
        "footprint_id,supplier_id,product_id,declared_unit,declared_amount,pcf_kgco2e,period_start,period_end"
    )
    good = "F1,S1,P1,kg,1,2,2022-01-01,2022-12-31"
    footprints, _, problems = read_footprints(written(tmp_path, f"{head}\n{good}\n{good}\nF2,S1\n"))
    assert len(footprints) == 1
    assert sorted((p.where, p.code) for p in problems) == [
        ("table.csv:3:footprint_id", "row_id_twice"),
        ("table.csv:4", "table_cells_differ"),
    ]


def test_inventories_are_one_per_supplier_and_year(tmp_path: Path) -> None:
    content = "supplier_id,year,scope1_tco2e\nS1,2023,1\nS1,2022,1\nS1,2023,2\n"
    inventories, _, problems = read_inventories(written(tmp_path, content))
    assert len(inventories) == 2
    assert [(p.where, p.code) for p in problems] == [("table.csv:4:year", "row_id_twice")]


@pytest.mark.parametrize(
    ("content", "where", "code"),
    [
        ("currency,year,per_usd\nCNY,2023,0\n", "table.csv:2:per_usd", "row_not_above_zero"),
        ("currency,year,per_usd\nCNY,2023,7\nCNY,2023,7\n", "table.csv:3:year", "row_id_twice"),
        ("currency,year,per_usd\nUSD,2023,1.1\n", "table.csv:2:per_usd", "rate_of_dollar_is_one"),
        ("currency,year,per_usd\nyuan,2023,7\n", "table.csv:2:currency", "row_currency_expected"),
        ("currency,year\nCNY,2023\n", "table.csv", "table_column_missing"),
    ],
)
def test_bad_rates_are_told(tmp_path: Path, content: str, where: str, code: str) -> None:
    _, _, problems = read_rates(written(tmp_path, content))
    assert [(p.where, p.code) for p in problems] == [(where, code)]


def test_templates_are_readable_and_empty(tmp_path: Path) -> None:
    assert read_rates(written(tmp_path, template(RATE_COLUMNS)))[2] == []
    assert read_prices(written(tmp_path, template(PRICE_COLUMNS)))[2] == []


def test_the_shipped_tables_are_sound_and_every_row_names_source_and_licence() -> None:
    factors, sources, problems = read_factors([FACTORS / name for name in SHIPPED_FACTORS])
    assert problems == []
    assert len(sources) == len(SHIPPED_FACTORS)
    assert all(factor.source and factor.licence and factor.url for factor in factors)
    sectors, _, problems = read_sectors(FACTORS / "sectors.csv")
    assert problems == []
    assert set(sectors.values()) <= {factor.sector for factor in factors if factor.base_year == 2022}
    assert {factor.material for factor in factors if factor.proxy} <= set(sectors)


def test_rates_and_prices_reach_the_base_year_of_the_factors() -> None:
    rates, _, wrong_rates = read_rates(FACTORS / "rates.csv")
    prices, _, wrong_prices = read_prices(FACTORS / "prices.csv")
    assert (wrong_rates, wrong_prices) == ([], [])
    assert (rates["CNY", 2023], prices[2022]) == (Decimal("7.075"), Decimal("292.655"))
    assert set(prices) == set(range(2019, 2026))


def test_every_pv_factor_is_worked_out_again_from_the_rows_it_names() -> None:
    published = {
        key: row["value"]
        for name in (
            *SHIPPED_FACTORS[1:2],
            "grid_cn_mee_2021_2024.csv",
            "grid_world_ember.csv",
            "pv_reference_points.csv",
        )
        for key, row in rows_of(name).items()
    }
    energy = {key: row["value"] for key, row in rows_of("pv_stage_energy.csv", "activity_id").items()}
    for factor_id, row in rows_of("pv_materials.csv").items():
        *steps, last = row["derived_from"].split()
        assert row["proxy"] == "yes"
        if not steps:
            times = Decimal(8) if row["unit"] == "kgCO2e/m2" else Decimal(1)
            expected = Decimal(published[last]) * times
        else:
            parts = re.split(r" \+ ", row["derivation"].split(" kWh/kg")[0])
            assert [part.split(" x ")[0] for part in parts] == [energy[step] for step in steps]
            kwh = sum(
                (Decimal(p.split(" x ")[0]) * Decimal(([*p.split(" x "), "1"])[1]) for p in parts), Decimal(0)
            )
            expected = kwh * Decimal(published[last])
            assert row["boundary"].startswith("PARTIAL")
        assert abs(Decimal(row["value"]) - expected) < Decimal("1e-7"), factor_id


def test_a_blank_line_before_the_header_is_skipped_like_any_other(tmp_path: Path) -> None:
    prices, _, problems = read_prices(written(tmp_path, "\nyear,index\n2022,100\n"))
    assert (prices, problems) == ({2022: Decimal(100)}, [])
