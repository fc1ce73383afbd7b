"""The worked examples of the category 1 guidance, to the kilogram.

Source: GHG Protocol, "Technical Guidance for Calculating Scope 3 Emissions", version 1.0 (World Resources Institute and World
Business Council for Sustainable Development, 2013), chapter 1, examples 1.1 to 1.4. The guidance calls its figures illustrative.
Two slips of the print: in example 1.2 the factors of transport as printed would give 205,000, while 20,500 is what it states and
adds up; in example 1.3 it writes 50,000 × 5.6 beside 67,200, which is what its 12,000 t-shirts give. Stated results are taken.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portal.core.carbon.factors import Factor, read_factor
from portal.core.carbon.inventory import Inventory
from portal.core.carbon.pcf import Footprint
from portal.operations.estimating import Inputs, run_estimate

HEAD = "line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency,country,sector\n"

# example 1.1: good, kg bought, kg CO2e per kg by its supplier
SUPPLIERS_OWN = (
    ("cement", 200_000, "0.15"),
    ("plaster", 600_000, "0.10"),
    ("paint", 200_000, "0.10"),
    ("timber", 100_000, "0.25"),
    ("concrete", 50_000, "0.20"),
)
# examples 1.2 and 1.3: what the supplier of t-shirts gave, in kg CO2e
ELECTRICITY, GAS, WASTE = Decimal(5000) * Decimal("0.5"), Decimal(2500) * Decimal("0.2"), 100 * Decimal("0.5")
MATERIALS = 5000 * Decimal(7) + 2500 * Decimal(5) + 500 * Decimal(2) + 500 * Decimal("1.5")
TRANSPORT = Decimal(20_500)
SHIRTS = 12_000
# example 1.4: component, kg, kg CO2e per kg; raw material, dollars, kg CO2e per dollar
COMPONENTS = (
    ("hard_drive", 400, "20"),
    ("integrated_circuit", 200, "10"),
    ("lcd", 500, "40"),
    ("semiconductor", 100, "70"),
    ("battery", 1500, "3"),
    ("keyboard", 300, "3"),
)
RAW_MATERIALS = (
    ("ps", 5000, "0.3"),
    ("abs", 3000, "0.3"),
    ("pet", 4000, "0.3"),
    ("aluminium", 6000, "0.5"),
    ("steel", 1500, "0.2"),
    ("cyclohexane", 5000, "0.2"),
    ("epoxy", 5000, "0.3"),
    ("copper", 1000, "0.3"),
    ("glass", 5000, "0.4"),
)


def kilograms(folder: Path, rows: list[str], **inputs: Any) -> dict[str, Decimal]:
    """kgCO2e by method, and `total`."""
    ledger = folder / "ledger.csv"
    ledger.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    summary = run_estimate(Inputs(ledger, **inputs), year=2023, out_dir=folder / "out").summary
    assert summary["unreached"]["lines"] == 0
    found = {
        method: Decimal(part["kgco2e"]) for method, part in summary["by_method"].items() if part["lines"]
    }
    return {**found, "total": Decimal(summary["total_tco2e"]) * 1000}


def factor(name: str, value: str, **more: str) -> Factor:
    row = {
        "factor_id": name,
        "name_en": name,
        "geography": "GLO",
        "year": "2023",
        "value": value,
        "source": "guidance",
    }
    read, problems = read_factor({**row, **more})
    assert read is not None and problems == []
    return read


def test_example_1_1_supplier_specific(tmp_path: Path) -> None:
    year = date(2022, 1, 1), date(2022, 12, 31)
    prints = [
        Footprint(f"F-{good}", f"S-{good}", good, "kg", Decimal(1), Decimal(value), *year)
        for good, _, value in SUPPLIERS_OWN
    ]
    rows = [f"{good},2023-03-01,S-{good},{good},,{bought},kg,,,," for good, bought, _ in SUPPLIERS_OWN]
    assert kilograms(tmp_path, rows, footprints=prints) == {"supplier_specific": 145_000, "total": 145_000}


@pytest.mark.parametrize("part", [1, 4])
@pytest.mark.parametrize(
    ("example", "upstream", "printed"),
    [("1.2", MATERIALS + TRANSPORT + WASTE, 72_800), ("1.3", SHIRTS * Decimal("5.6") + WASTE, 70_250)],
)
def test_examples_1_2_and_1_3_hybrid(
    tmp_path: Path, example: str, upstream: Decimal, printed: int, part: int
) -> None:
    """Figures of what was sold to us, and the same as a quarter of the supplier's year, allocated by pieces."""
    assert (ELECTRICITY + GAS, MATERIALS, WASTE) == (3000, 49_250, 50), example
    supplier = Inventory(
        "B", 2023, GAS * part / 1000, ELECTRICITY * part / 1000, scope3_upstream=upstream * part / 1000,
        output_quantity=Decimal(SHIRTS * part), output_unit="piece",
    )  # fmt: skip
    rows = [f"shirts,2023-05-01,B,,t_shirt,{SHIRTS},piece,,,,"]
    assert kilograms(tmp_path, rows, inventories=[supplier]) == {"hybrid": printed, "total": printed}


def test_example_1_4_average_data_and_spend_based_together(tmp_path: Path) -> None:
    sectors = {name: f"{325_000 + number}" for number, (name, _, _) in enumerate(RAW_MATERIALS)}
    factors = [factor(name, value, unit="kgCO2e/kg", material=name) for name, _, value in COMPONENTS] + [
        factor(name, value, unit="kgCO2e/USD-2023", sector=sectors[name]) for name, _, value in RAW_MATERIALS
    ]
    rows = [f"{name},2023-06-01,S1,,{name},{mass},kg,,,," for name, mass, _ in COMPONENTS] + [
        f"{name},2023-06-01,S2,,,,,{dollars},USD,,{sectors[name]}" for name, dollars, _ in RAW_MATERIALS
    ]
    found = kilograms(tmp_path, rows, factors=factors)
    assert found == {"average_data": 42_400, "spend_based": 11_700, "total": 54_100}
