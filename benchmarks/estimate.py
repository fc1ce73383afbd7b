"""How long a category 1 estimate of N purchase lines takes, against the same join and sums written by hand.

    python benchmarks/estimate.py [LINES]

Both peers, DuckDB SQL and pandas, read the same CSV, join the same key tables, sum by method, material and supplier, and
store the lines as Parquet and CSV, on floating point numbers and without any check. Best of ROUNDS, in turn, in one run on
one machine; prints seconds, ratios and the peak memory of an estimate in a process of its own.
"""

from __future__ import annotations

import itertools
import math
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from portal.core.carbon import category1
from portal.core.carbon.inventory import Inventory
from portal.core.carbon.pcf import Footprint
from portal.files.bulk import open_bulk
from portal.operations.estimating import Inputs, run_estimate
from portal.operations.estimating import engines as run

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
ROUNDS = 3


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


def candidates_of(inputs: Inputs) -> dict[str, pa.Table]:
    """The key tables and choices our own run joins, for the peer to start from: it need not work out a multiplier."""
    found: dict[str, pa.Table] = {}
    whole = run.DuckDB.resolve

    def keep(
        self: run.DuckDB, workbench: duckdb.DuckDBPyConnection, tables: dict[str, Any], made: Any
    ) -> None:
        for name in (*category1.KEY_SCHEMAS, "choices"):
            found[name] = workbench.sql(f"SELECT * FROM {name}").to_arrow_table()
        whole(self, workbench, tables, made)

    run.DuckDB.resolve = keep
    with tempfile.TemporaryDirectory() as folder:
        run_estimate(inputs, year=2023, out_dir=Path(folder) / "out")
    run.DuckDB.resolve = whole
    return found


JOIN = """
CREATE TABLE lines AS
SELECT l.line_id, l.supplier_id, l.material, coalesce(c.method, 'unreached') AS method,
       round(CASE WHEN c.basis IN ('by_revenue', 'spends') THEN l.spend ELSE l.quantity END * c.per_unit, 6) AS kgco2e,
       c.source_id, c.place AS geography_used, c.quality, c.sigma_ln, c.why AS reason
FROM ledger l
LEFT JOIN footprints f ON f.supplier_id = l.supplier_id AND f.product_id = l.product_id AND f.unit = l.unit
     AND l.date BETWEEN f.first AND f.last
LEFT JOIN by_output o ON o.supplier_id = l.supplier_id AND o.unit = l.unit
LEFT JOIN by_revenue v ON v.supplier_id = l.supplier_id AND v.currency = l.currency
LEFT JOIN averages a ON a.material = l.material AND a.unit = l.unit AND a.country = coalesce(l.country, '')
LEFT JOIN spends s ON s.material = l.material AND s.sector = l.sector AND s.country = coalesce(l.country, '')
     AND s.currency = l.currency
LEFT JOIN choices c ON c.choice = coalesce(f.choice, o.choice, v.choice, a.choice, s.choice)
"""
SUMS = ("method", "material", "supplier_id")


def direct_sql(ledger: Path, made: dict[str, pa.Table], out: Path) -> None:
    """The same join and sums written by hand in DuckDB SQL on floating point numbers, line results stored twice.

    No checks, no exact decimals, no reasons beyond the choice, no order, no hashes, no interval.
    """
    with open_bulk() as connection:
        for name, table in made.items():
            connection.register("made", table)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM made")
        connection.execute("ALTER TABLE choices ALTER per_unit TYPE DOUBLE")
        types = {"quantity": "DOUBLE", "spend": "DOUBLE", "sector": "VARCHAR"}
        connection.execute("CREATE TABLE ledger AS SELECT * FROM read_csv(?, types=?)", [str(ledger), types])
        connection.execute(JOIN)
        connection.execute(f"COPY lines TO '{out / 'direct.parquet'}' (FORMAT parquet, COMPRESSION zstd)")
        connection.execute(f"COPY lines TO '{out / 'direct.csv'}' (FORMAT csv, HEADER true)")
        for column in SUMS:
            connection.execute(f"SELECT {column}, count(*), sum(kgco2e) FROM lines GROUP BY 1").fetchall()


def direct_pandas(ledger: Path, made: dict[str, pa.Table], out: Path) -> None:
    """The same in pandas; the dated footprint join becomes a join and a filter."""
    names = ("material", "unit", "country", "currency", "sector", "supplier_id", "product_id")
    lines = pd.read_csv(
        ledger, dtype=dict.fromkeys(names, "str"), keep_default_na=False, parse_dates=["date"]
    )
    for column in ("quantity", "spend"):
        lines[column] = pd.to_numeric(lines[column])
    chosen = None
    for name, keys in category1.KEY_SCHEMAS.items():
        on = [key for key in keys if key not in ("first", "last")]
        offered = lines[[*on, "date"]].merge(made[name].to_pandas(), on=on, how="left")["choice"]
        chosen = offered if chosen is None else chosen.fillna(offered)
    choices = made["choices"].to_pandas().set_index("choice")
    choices["per_unit"] = choices["per_unit"].astype(float)
    joined = lines.assign(choice=chosen).join(choices, on="choice")
    by_money = joined["basis"].isin(["by_revenue", "spends"])
    joined["kgco2e"] = joined["spend"].where(by_money, joined["quantity"]) * joined["per_unit"]
    kept = [
        "line_id",
        "supplier_id",
        "material",
        "method",
        "kgco2e",
        "source_id",
        "place",
        "quality",
        "sigma_ln",
        "why",
    ]
    joined[kept].to_parquet(out / "pandas.parquet", compression="zstd")
    joined[kept].to_csv(out / "pandas.csv", index=False)
    for column in SUMS:
        joined.groupby(column)["kgco2e"].agg(["count", "sum"])


def peak_memory(lines: int) -> int:
    """Megabytes a process of its own takes at most for one estimate of that many lines."""
    child = multiprocessing.get_context("spawn").Process(target=one_run, args=(lines,))
    child.start()
    child.join()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def one_run(lines: int) -> None:
    """Generate and estimate, nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger.csv"
        write_ledger(ledger, lines)
        footprints, inventories = suppliers_figures()
        inputs = Inputs(ledger, footprints=footprints, inventories=inventories)
        run_estimate(inputs, year=2023, out_dir=Path(folder) / "out")


def main() -> None:
    """Generate once, run each ROUNDS times in turn, print the best of each and the ratios."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    footprints, inventories = suppliers_figures()
    memory = peak_memory(lines)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = folder / "ledger.csv"
        write_ledger(ledger, lines)
        inputs = Inputs(ledger, footprints=footprints, inventories=inventories)
        made = candidates_of(inputs)
        steps: list[tuple[str, float]] = []

        def note(step: str, done: int, of: int) -> None:
            steps.append((step, time.perf_counter()))

        best: dict[str, float] = {}
        for _ in range(ROUNDS):
            steps.clear()
            for who, work in (
                ("direct DuckDB SQL", lambda: direct_sql(ledger, made, folder)),
                ("pandas", lambda: direct_pandas(ledger, made, folder)),
                ("upstream", lambda: run_estimate(inputs, year=2023, out_dir=folder / "out", progress=note)),
            ):
                best[who] = min(best.get(who, math.inf), timed(work))
    ours = best.pop("upstream")
    print(
        f"{lines} lines, {ours:.2f} s: checked, estimated, summarised, lines stored as Parquet and CSV; {memory} MB"
    )
    for (step, begin), (_, end) in itertools.pairwise(steps):
        print(f"    {step:<12}{end - begin:6.2f} s")
    for who, seconds in best.items():
        print(f"{who + ', join, sums, lines stored:':<46}{seconds:6.2f} s, ratio {ours / seconds:.2f}")


if __name__ == "__main__":
    main()
