"""How long a category 1 estimate of N purchase lines takes, against the bare minimum in one run on one machine.

    python benchmarks/estimate.py [LINES]

Compared with it: (1) reading the same CSV and doing one join and one sum in plain DuckDB SQL on floating point
numbers, without checks, cascade or results per line; (2) the same join and sum in pandas. Prints seconds and ratios.
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd

from portal.core.carbon.inventory import Inventory
from portal.core.carbon.pcf import Footprint
from portal.operations.estimating import Inputs, run_estimate
from portal.settings import shipped

MATERIALS = (
    ("polysilicon", "kg", "325180"),
    ("wafer", "piece", "334413"),
    ("cell", "piece", "334413"),
    ("glass", "m2", "327211"),
    ("aluminium_frame", "t", "331318"),
    ("encapsulant", "kg", "326113"),
    ("silver_paste", "", "331410"),
    ("packaging", "kg", "322211"),
)
COUNTRIES = ("CN", "CN", "CN", "VN", "MY", "DE", "")
SUPPLIERS = 200


def write_ledger(path: Path, lines: int) -> None:
    """A ledger of 2023 with a mixture of every method; the same for the same number of lines."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as out:
        out.write(
            "line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency,country,sector\n"
        )
        for number in range(lines):
            material, unit, sector = MATERIALS[number % len(MATERIALS)]
            day = date(2023, 1, 1) + timedelta(days=number % 365)
            supplier = chance.randrange(SUPPLIERS)
            quantity = f"{chance.randrange(1, 10_000_000) / 1000:.3f}" if unit else ""
            spend = f"{chance.randrange(1, 100_000_000) / 100:.2f}"
            product = f"P{supplier}" if number % 3 == 0 else ""
            country = chance.choice(COUNTRIES)
            out.write(
                f"L{number},{day},S{supplier},{product},{material},{quantity},{unit},{spend},CNY,{country},{sector}\n"
            )


def suppliers_figures() -> tuple[list[Footprint], list[Inventory]]:
    """Footprints of half of the suppliers, inventories of another quarter."""
    start, end = date(2022, 1, 1), date(2022, 12, 31)
    footprints = [
        Footprint(f"F{n}", f"S{n}", f"P{n}", "kg", Decimal(1), Decimal("12.5"), start, end)
        for n in range(SUPPLIERS // 2)
    ]
    inventories = [
        Inventory(f"S{n}", 2023, Decimal(100_000), Decimal(50_000), revenue=Decimal(10**14), currency="CNY")
        for n in range(SUPPLIERS // 2, SUPPLIERS * 3 // 4)
    ]
    return footprints, inventories


def timed(work: Callable[[], object]) -> float:
    """Seconds one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain_sql(ledger: Path) -> None:
    """One join and one sum, straight from the CSV."""
    factors = shipped("factors") / "epa_supply_chain_v1_3_naics6.csv"
    with duckdb.connect() as connection:
        connection.execute(
            "SELECT l.material, sum(l.spend / 7.075 * f.value) FROM read_csv(?) l "
            "JOIN read_csv(?) f ON CAST(l.sector AS VARCHAR) = CAST(f.naics_2017 AS VARCHAR) GROUP BY l.material",
            [str(ledger), str(factors)],
        ).fetchall()


def plain_pandas(ledger: Path) -> None:
    """The same join and sum in pandas."""
    factors = pd.read_csv(
        shipped("factors") / "epa_supply_chain_v1_3_naics6.csv", dtype={"naics_2017": "str"}
    )
    lines = pd.read_csv(ledger, dtype={"sector": "str"})
    joined = lines.merge(factors[["naics_2017", "value"]], left_on="sector", right_on="naics_2017")
    joined["kg"] = joined["spend"] / 7.075 * joined["value"]
    joined.groupby("material")["kg"].sum()


def main() -> None:
    """Generate, run the three once each, print."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    footprints, inventories = suppliers_figures()
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger.csv"
        write_ledger(ledger, lines)
        steps: list[tuple[str, float]] = []
        inputs = Inputs(ledger, footprints=footprints, inventories=inventories)

        def note(step: str, done: int, of: int) -> None:
            steps.append((step, time.perf_counter()))

        ours = timed(lambda: run_estimate(inputs, year=2023, out_dir=Path(folder) / "out", progress=note))
        sql = timed(lambda: plain_sql(ledger))
        pandas = timed(lambda: plain_pandas(ledger))
    print(f"{lines} lines, {ours:.2f} s: checked, estimated, summarised, written as Parquet and CSV")
    for (step, begin), (_, end) in itertools.pairwise(steps):
        print(f"    {step:<12}{end - begin:6.2f} s")
    print(f"plain DuckDB SQL, read and sum only: {sql:.2f} s, ratio {ours / sql:.1f}")
    print(f"pandas, read and sum only:           {pandas:.2f} s, ratio {ours / pandas:.1f}")


if __name__ == "__main__":
    main()
