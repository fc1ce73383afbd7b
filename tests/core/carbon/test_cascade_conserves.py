"""The cascade against a second, naive implementation in plain Decimal, on small random tables."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.carbon.factors import Factor
from portal.core.carbon.inventory import Inventory
from portal.core.carbon.pcf import Footprint
from portal.operations.estimating import Inputs, run_estimate
from tests.make.examples import examples

pytestmark = pytest.mark.slow

HEAD = "line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency,country,sector\n"
TO_KG = {"g": Decimal("0.001"), "kg": Decimal(1), "t": Decimal(1000)}
PER_USD = {"CNY": Decimal("7.075"), "JPY": Decimal("140.511"), "USD": Decimal(1)}
LEVEL = Decimal("304.702") / Decimal("292.655")

amounts = st.decimals(min_value=-99999, max_value=99999, places=3, allow_nan=False).map(lambda d: f"{d:f}")
values = st.decimals(min_value=0, max_value=100, places=4, allow_nan=False)
lines = st.fixed_dictionaries(
    {
        "supplier": st.sampled_from(["S1", "S2", "S3"]),
        "product": st.sampled_from(["", "P1", "P2"]),
        "material": st.sampled_from(["glass", "wafer", "other"]),
        "quantity": amounts,
        "unit": st.sampled_from(["g", "kg", "t", "piece"]),
        "spend": st.one_of(st.just(""), amounts),
        "currency": st.sampled_from(list(PER_USD)),
        "sector": st.sampled_from(["", "111111", "222222"]),
    }
)
tables = st.fixed_dictionaries({"pcf": values, "tonnes": values, "glass": values, "sector": values})


def factor(name: str, material: str, sector: str, value: Decimal, unit: str, base: int | None) -> Factor:
    return Factor(name, name, material, sector, "GLO", "GLO", 2023, value, unit, base, "test")


def naive(line: dict[str, str], table: dict[str, Decimal]) -> tuple[str, Decimal | None]:
    """Method and kgCO2e of one line, straight from the definitions."""
    with localcontext(prec=80):
        mass = Decimal(line["quantity"]) * TO_KG[line["unit"]] if line["unit"] in TO_KG else None
        spend = Decimal(line["spend"]) / PER_USD[line["currency"]] if line["spend"] else None
        method, kilograms = "unreached", None
        if line["supplier"] == "S1" and line["product"] == "P1" and mass is not None:
            method, kilograms = "supplier_specific", mass * table["pcf"]
        elif line["supplier"] == "S2" and mass is not None:
            method, kilograms = "hybrid", mass * table["tonnes"] / Decimal(10) ** 12
        elif line["supplier"] == "S2" and spend is not None:
            method, kilograms = "hybrid", spend * table["tonnes"] / Decimal(10) ** 12
        elif line["material"] == "glass" and mass is not None:
            method, kilograms = "average_data", mass * table["glass"]
        elif line["sector"] == "111111" and spend is not None:
            method, kilograms = "spend_based", spend / LEVEL * table["sector"]
        if kilograms is None:
            return method, None
        return method, kilograms.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def estimate(folder: Path, rows: list[dict[str, str]], table: dict[str, Decimal]) -> list[dict[str, str]]:
    text = HEAD + "".join(
        f"L{n},2023-05-05,{r['supplier']},{r['product']},{r['material']},{r['quantity']},{r['unit']},"
        f"{r['spend']},{r['currency'] if r['spend'] else ''},CN,{r['sector']}\n"
        for n, r in enumerate(rows)
    )
    (folder / "ledger.csv").write_text(text, encoding="utf-8")
    huge = Decimal(10) ** 12
    inputs = Inputs(
        folder / "ledger.csv",
        footprints=[
            Footprint(
                "F", "S1", "P1", "kg", Decimal(1), table["pcf"], date(2022, 1, 1), date(2022, 12, 31)
            )
        ],
        inventories=[
            Inventory(
                "S2", 2023, Decimal(0), table["tonnes"] / 1000, output_quantity=huge / 1000, output_unit="t",
                revenue=huge, currency="USD",
            )
        ],
        factors=[
            factor("G", "glass", "", table["glass"], "kg", None),
            factor("X", "", "111111", table["sector"], "", 2022),
        ],
    )  # fmt: skip
    run_estimate(inputs, year=2023, out_dir=folder / "out")
    with (folder / "out" / "lines.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lines, min_size=1, max_size=8), tables)
def test_every_line_is_what_the_definitions_say(
    rows: list[dict[str, str]], table: dict[str, Decimal]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = estimate(Path(folder), rows, table)
    assert len(found) == len(rows)
    for row, line in zip(rows, found, strict=True):
        method, kilograms = naive(row, table)
        assert line["method"] == method
        assert (Decimal(line["kgco2e"]) if line["kgco2e"] else None) == kilograms


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lines, min_size=1, max_size=6), tables)
def test_parts_add_up_and_twice_the_ledger_is_twice_the_total(
    rows: list[dict[str, str]], table: dict[str, Decimal]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        once = [line["kgco2e"] for line in estimate(Path(folder), rows, table)]
        twice = [line["kgco2e"] for line in estimate(Path(folder), rows + rows, table)]
        written = (Path(folder) / "out" / "estimate.json").read_text(encoding="utf-8")
    total = sum((Decimal(each) for each in once if each), Decimal(0))
    assert sum((Decimal(each) for each in twice if each), Decimal(0)) == 2 * total
    assert (
        f'"total_tco2e": "{(2 * total / 1000).quantize(Decimal("0.000001"))}"'.replace(
            '"-0.000000"', '"0.000000"'
        )
        in written
    )
