"""The four methods of category 1 as the GHG Protocol writes them, worked by hand.

Formulas: "Technical Guidance for Calculating Scope 3 Emissions" (GHG Protocol, 2013), chapter 1 and the summary of methods in
its appendix D: supplier-specific Σ quantity × supplier's factor; hybrid: allocated scope 1 and 2 of the supplier plus its
upstream; average-data Σ mass × factor of the material; spend-based Σ value × factor per value. The figures are our own;
the guidance's worked examples are in test_guidance_examples.py.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portal.core.carbon.factors import read_factor
from portal.core.carbon.inventory import Inventory
from portal.core.carbon.pcf import Footprint
from portal.operations.estimating import Inputs, run_estimate

HEAD = "line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency,country,sector\n"


def factor(factor_id: str, value: str, unit: str, **more: str) -> object:
    row = {
        "factor_id": factor_id,
        "name_en": factor_id,
        "geography": "GLO",
        "year": "2023",
        "value": value,
        "unit": unit,
        "source": "test",
        **more,
    }
    read, problems = read_factor(row)
    assert problems == []
    return read


def tonnes(folder: Path, rows: list[str], method: str, **inputs: object) -> Decimal:
    """What the lines come to, all by the one method."""
    ledger = folder / "ledger.csv"
    ledger.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    summary = run_estimate(Inputs(ledger, **inputs), year=2023, out_dir=folder / "out").summary
    assert summary["by_method"][method]["lines"] == len(rows)
    return Decimal(summary["total_tco2e"])


def test_supplier_specific_is_the_sum_of_quantity_times_the_suppliers_own_factor(tmp_path: Path) -> None:
    day = date(2022, 1, 1), date(2022, 12, 31)
    prints = [
        Footprint(f"F-{supplier}", supplier, product, "kg", Decimal(1), Decimal(value), *day)
        for supplier, product, value in (
            ("S1", "cement", "0.15"),
            ("S2", "plaster", "0.10"),
            ("S3", "paint", "0.40"),
        )
    ]
    rows = [
        "1,2023-03-01,S1,cement,,200000,kg,,,,",
        "2,2023-03-02,S2,plaster,,600,t,,,,",
        "3,2023-03-03,S3,paint,,500000000,g,,,,",
    ]
    # 200 000 × 0.15 + 600 000 × 0.10 + 500 000 × 0.40 kg
    assert tonnes(tmp_path, rows, "supplier_specific", footprints=prints) == Decimal("290")


@pytest.mark.parametrize(
    ("inventory", "row", "expected"),
    [
        # physical share first: 50 t of 1000 t of (300 + 200 + 1500) t, though revenue would say 10 %
        (
            {"output_quantity": Decimal(1000), "output_unit": "t", "revenue": Decimal(10), "currency": "USD"},
            "1,2023-05-01,S1,,steel,50,t,1,USD,,",
            "100",
        ),
        # economic share where no output is stated: 1 of 10 million dollars
        (
            {"revenue": Decimal(10_000_000), "currency": "USD"},
            "1,2023-05-01,S1,,steel,50,t,1000000,USD,,",
            "200",
        ),
    ],
)
def test_hybrid_allocates_scope_1_and_2_and_upstream_by_share(
    tmp_path: Path, inventory: dict[str, object], row: str, expected: str
) -> None:
    given = Inventory("S1", 2023, Decimal(300), Decimal(200), scope3_upstream=Decimal(1500), **inventory)
    assert tonnes(tmp_path, [row], "hybrid", inventories=[given]) == Decimal(expected)


def test_average_data_is_the_sum_of_mass_times_the_factor_of_the_material(tmp_path: Path) -> None:
    factors = [
        factor("A", "1.8", "kgCO2e/kg", material="steel"),
        factor("B", "9.2", "kgCO2e/kg", material="aluminium"),
    ]
    rows = ["1,2023-06-01,S1,,steel,12,t,,,,", "2,2023-06-01,S2,,aluminium,2500,kg,,,,"]
    # 12 000 × 1.8 + 2 500 × 9.2 kg
    assert tonnes(tmp_path, rows, "average_data", factors=factors) == Decimal("44.6")


def test_spend_based_is_the_sum_of_value_in_the_factors_money_times_the_factor(tmp_path: Path) -> None:
    factors = [
        factor("A", "0.5", "kgCO2e/USD-2022", sector="331110"),
        factor("B", "0.2", "kgCO2e/USD-2022", sector="541511"),
    ]
    money = {"rates": {("EUR", 2023): Decimal("0.8")}, "prices": {2022: Decimal(100), 2023: Decimal(125)}}
    rows = ["1,2023-07-01,S1,,,,,800000,EUR,,331110", "2,2023-07-01,S2,,,,,250000,USD,,541511"]
    # 800 000 / 0.8 / 1.25 × 0.5 + 250 000 / 1.25 × 0.2 kg
    assert tonnes(tmp_path, rows, "spend_based", factors=factors, **money) == Decimal("440")


def test_credit_notes_take_back_what_the_purchase_added(tmp_path: Path) -> None:
    factors = [factor("A", "1.8", "kgCO2e/kg", material="steel")]
    rows = ["1,2023-06-01,S1,,steel,12,t,,,,", "2,2023-06-09,S1,,steel,-12,t,,,,"]
    assert tonnes(tmp_path, rows, "average_data", factors=factors) == 0


def test_a_mapping_names_the_factors_that_alone_may_serve_a_material(tmp_path: Path) -> None:
    factors = [
        factor("A", "1.8", "kgCO2e/kg", material="steel"),
        factor("B", "3", "kgCO2e/kg", material="other"),
    ]
    rows = ["1,2023-06-01,S1,,steel,1,t,,,,"]
    assert tonnes(tmp_path, rows, "average_data", factors=factors, mapping={"steel": ["B"]}) == Decimal(3)
