"""One category 1 run: read and check everything, choose candidates, let the engine resolve, write, summarise."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from portal.core.carbon import candidates, category1, choosing
from portal.core.carbon.inventory import Inventory, scope2
from portal.core.carbon.money import rate
from portal.core.errors import Invalid, Refused
from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.core.units import convert, unit_class
from portal.files.bulk import open_bulk
from portal.files.ledger_rules import MOST_PROBLEMS
from portal.files.ledgers import Ledger, load_ledger
from portal.operations.estimating.engines import Engine, open_engine
from portal.operations.estimating.inputs import Inputs, Tables, add_hash, read_inputs
from portal.operations.estimating.mapping_told import told_of_mapping
from portal.operations.estimating.stopping import stopping
from portal.operations.estimating.summary import summarise
from portal.operations.estimating.writing import write_results

METHOD = "upstream category 1, version 1"
STEPS = ("tables", "ledger", "candidates", "lines", "summary", "files")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Estimate:
    """A finished run: the summary in the form of estimate.json and the folder with its files."""

    run: str
    summary: dict[str, Any]
    folder: Path


def run_estimate(
    inputs: Inputs,
    *,
    year: int,
    out_dir: Path,
    run_id: str | None = None,
    engine: str = "duckdb",
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Estimate:
    """Estimate category 1 of `year` and write the FILES of a run into `out_dir`.

    The same inputs give the same bytes, whenever and wherever it runs; `run_id` defaults to a hash of inputs, year
    and method. `engine` is an address as in `engines.open_engine`. `progress(step, done, of)` is called before each step;
    `stop` is asked a few times a second, and when it says yes the run ends. Nothing is written when anything is wrong.
    Raises Invalid with every problem of the inputs (the last one, problems_not_shown, counts those left out), and
    Refused: engine_unknown, engine_not_installed, engine_not_reached, multiplier_too_large, estimate_too_large,
    estimate_stopped, results_not_written.
    """
    tell = progress or (lambda step, done, of: None)
    tell("tables", 0, len(STEPS))
    tables, problems = read_inputs(inputs)
    with _workbench() as (connection, folder), stopping(stop, connection.interrupt) as heed:
        heed()
        tell("ledger", 1, len(STEPS))
        ledger, hashes = _load(connection, inputs, tables, problems, year)
        heed()
        tell("candidates", 2, len(STEPS))
        with open_engine(engine, connection, folder) as runner, stopping(stop, runner.cancel):
            worker = (runner.name, runner.version)
            made, warnings = _resolve(connection, runner, tables, ledger, year, tell)
        heed()
        run = run_id or _run_id(hashes, year)
        tell("summary", 4, len(STEPS))
        unsure = told_of_mapping(connection, inputs.unconfirmed)
        told = [*inputs.cautions, *unsure, *_told(ledger, year), *warnings]
        summary = summarise(connection, ledger, tables, year, told)
        summary = {
            "run": run,
            "year": year,
            "engine": worker[0],
            "method": METHOD,
            **summary,
            "inputs": hashes,
        }
        tell("files", 5, len(STEPS))
        heed()
        write_results(connection, out_dir, summary, made=made, engine=worker)
    tell("files", len(STEPS), len(STEPS))
    return Estimate(run, summary, out_dir)


@contextmanager
def _workbench() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A bulk engine that spills to a temporary folder of its own, and that folder."""
    with tempfile.TemporaryDirectory(prefix="upstream-estimate-") as spill:
        connection = open_bulk(Path(spill))
        try:
            yield connection, Path(spill)
        except duckdb.OutOfRangeException:
            raise Refused("estimate_too_large")
        except duckdb.InterruptException:
            raise Refused("estimate_stopped")
        finally:
            connection.close()


def _told(ledger: Ledger, year: int) -> list[Problem]:
    """What the reader of the results should know of the ledger itself."""
    problems = []
    if ledger.halves:
        problems.append(Problem("ledger_half_amounts", ledger.source.name, {"count": ledger.halves}))
    if ledger.lines == sum(ledger.other_years.values()):
        problems.append(Problem("ledger_without_lines_of_year", ledger.source.name, {"year": year}))
    return problems


def _load(
    connection: duckdb.DuckDBPyConnection, inputs: Inputs, tables: Tables, problems: list[Problem], year: int
) -> tuple[Ledger, dict[str, str]]:
    rates = set(tables.money.per_usd) | {("USD", year)}
    ledger, wrong, count = load_ledger(
        connection, inputs.ledger, name=inputs.ledger_name or inputs.ledger.name, year=year, rates=rates
    )
    problems = [*problems, *wrong]
    if count > len(wrong):
        problems.append(Problem("problems_not_shown", values={"count": count - len(wrong)}))
    if problems or ledger is None:
        raise Invalid(problems)
    hashes: dict[str, str] = {}
    add_hash(hashes, ledger.source.name, ledger.source.sha256)
    return ledger, {**hashes, **{n: h for n, h in tables.hashes.items() if n not in hashes}}


def _run_id(hashes: dict[str, str], year: int) -> str:
    named = json.dumps({"inputs": hashes, "year": year, "method": METHOD}, sort_keys=True)
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def _resolve(
    connection: duckdb.DuckDBPyConnection,
    engine: Engine,
    tables: Tables,
    ledger: Ledger,
    year: int,
    tell: Progress,
) -> tuple[dict[str, list[candidates.Candidate]], list[Problem]]:
    """Fill the table `lines` and return the candidates it was made from; an inventory of which more than all would be allocated is taken out and told."""
    keys = _keys(connection, tables, year)
    made = _made(tables, keys, ())
    unbound = category1.tables(category1.SHORT_NUMBER if ledger.short else category1.NUMBER)
    tell("lines", 3, len(STEPS))
    _fill_tables(connection, made, _notes(tables, keys, ()))
    _work_out(connection, engine, unbound, ledger.source.name)
    over = _over_allocated(connection, tables.inventories, tables, year)
    if over:
        refused = [p.values["source"] for p in over]
        made = _made(tables, keys, [str(each) for each in refused])
        _fill_tables(connection, made, _notes(tables, keys, [str(each) for each in refused]))
        _work_out(connection, engine, unbound, ledger.source.name)
    return made, over


def _work_out(
    connection: duckdb.DuckDBPyConnection, engine: Engine, unbound: dict[str, Any], name: str
) -> None:
    """Have the engine fill `lines`. Raises Invalid(line_too_large) with the lines that no exact figure can be given for."""
    try:
        engine.resolve(connection, unbound, category1.resolve(unbound))
    except Refused as refused:
        if refused.problem.code != "estimate_too_large":
            raise
        sql = ibis.to_sql(category1.too_large(unbound), dialect="duckdb")
        found = connection.execute(sql).fetchmany(MOST_PROBLEMS)
        if not found:
            raise
        raise Invalid(
            [
                Problem(
                    "line_too_large",
                    name,
                    {"line": line, "amount": decimal_text(Decimal(amount)), "unit": unit, "source": source},
                )
                for line, amount, unit, source in found
            ]
        )


def _keys(connection: duckdb.DuckDBPyConnection, tables: Tables, year: int) -> candidates.Keys:
    """What candidates are made for; materials that no factor and no sector is known for stay out, and may be as many as lines."""
    known = {material for material, _ in choosing.by_material(tables.factors, tables.mapping)}
    materials = [(material,) for material in sorted(known | set(tables.sectors)) if material]
    _fill(connection, "known_materials", {"material": "string"}, materials)
    of_known = "material IN (SELECT material FROM known_materials)"

    def distinct(columns: str, condition: str) -> list[Any]:
        sql = f"SELECT DISTINCT {columns} FROM ledger_kinds WHERE {condition} ORDER BY ALL"  # noqa: S608 (own text)
        return list(connection.execute(sql).fetchall())

    return candidates.Keys(
        year,
        [row[0] for row in distinct("unit", "unit <> ''")],
        [row[0] for row in distinct("currency", "currency <> ''")],
        distinct("material, unit, country", f"unit <> '' AND {of_known}"),
        distinct("material, sector, country, currency", f"currency <> '' AND (sector <> '' OR {of_known})"),
    )


def _made(
    tables: Tables, keys: candidates.Keys, refused: Sequence[str]
) -> dict[str, list[candidates.Candidate]]:
    by_output, by_revenue = candidates.inventory_candidates(
        tables.inventories, tables.money, keys, refused=refused
    )
    return {
        "footprints": candidates.footprint_candidates(tables.footprints, keys),
        "by_output": by_output,
        "by_revenue": by_revenue,
        "averages": candidates.average_candidates(choosing.by_material(tables.factors, tables.mapping), keys),
        "spends": candidates.spend_candidates(
            tables.factors, tables.sectors, tables.money, keys, tables.mapping
        ),
    }


def _notes(tables: Tables, keys: candidates.Keys, refused: Sequence[str]) -> dict[str, list[tuple[str, ...]]]:
    """What stood in the way of a better method: by product, by supplier, by material."""
    products: dict[tuple[str, str], set[str]] = {}
    for each in tables.footprints:
        same = {u for u in keys.units if unit_class(u) == unit_class(each.declared_unit)}
        products.setdefault((each.supplier_id, each.product_id), set()).update(same)
    suppliers = {}
    for each_inventory in sorted(tables.inventories, key=lambda i: i.year):
        if candidates.inventory_id(each_inventory) in refused:
            suppliers[each_inventory.supplier_id] = "inventory_over_100_refused"
        elif each_inventory.year == keys.year:
            known = scope2(each_inventory) is not None
            code = "inventory_without_matching_output_or_revenue" if known else "inventory_without_scope2"
            suppliers[each_inventory.supplier_id] = code
        else:
            suppliers.setdefault(each_inventory.supplier_id, "inventory_of_another_year")
    materials = {f.material or f.factor_id for f in tables.factors if f.base_year is None}
    return {
        "product_notes": [
            (s, p, ";" + "".join(f"{u};" for u in sorted(units))) for (s, p), units in products.items()
        ],
        "supplier_notes": list(suppliers.items()),
        "material_notes": [(m, "factor_unit_differs") for m in sorted(materials)],
    }


def _fill_tables(
    connection: duckdb.DuckDBPyConnection,
    made: dict[str, list[candidates.Candidate]],
    notes: dict[str, list[tuple[str, ...]]],
) -> None:
    keys: dict[str, list[tuple[Any, ...]]] = {name: [] for name in category1.KEY_SCHEMAS}
    choices = []
    for choice, name, method, c in candidates.numbered(made):
        keys[name].append((*c.key, choice))
        figures = (c.per_unit, c.source_id, c.place, c.quality, c.sigma_ln, c.reason, c.primary)
        choices.append((choice, name, method, *figures))
    for name, schema in category1.KEY_SCHEMAS.items():
        _fill(connection, name, {**schema, "choice": "int64"}, keys[name])
    _fill(connection, "choices", category1.CHOICE_SCHEMA, choices)
    for name, schema in category1.NOTE_SCHEMAS.items():
        _fill(connection, name, schema, notes[name])


def _fill(
    connection: duckdb.DuckDBPyConnection, name: str, schema: dict[str, str], rows: Sequence[tuple[Any, ...]]
) -> None:
    types = [ibis.dtype(text).to_pyarrow() for text in schema.values()]
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(list(column), type_) for column, type_ in zip(columns, types, strict=True)]
    connection.register("filling", pa.table(arrays, names=list(schema)))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM filling")  # noqa: S608 (own text)
    connection.unregister("filling")


def _over_allocated(
    connection: duckdb.DuckDBPyConnection, inventories: Sequence[Inventory], tables: Tables, year: int
) -> list[Problem]:
    """Inventories of which the ledger's lines would take more than 100 %, with the share in per cent."""
    shares: dict[str, Decimal] = {}
    known = {each.supplier_id: each for each in inventories if each.year == year}
    sums = connection.execute(
        "SELECT supplier_id, basis, CASE basis WHEN 'by_output' THEN unit ELSE currency END AS measure, "
        "sum(CASE basis WHEN 'by_output' THEN quantity ELSE spend END) FROM lines JOIN choices USING (choice) "
        "WHERE choices.method = 'hybrid' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for supplier, basis, measure, amount in sums:
        inventory = known[supplier]
        if basis == "by_output":
            bought = convert(amount, measure, inventory.output_unit)
            share = bought / (inventory.output_quantity or Decimal(1))
        else:
            own = rate(tables.money, inventory.currency, year) or Decimal(1)
            bought = amount * own / (rate(tables.money, measure, year) or Decimal(1))
            share = bought / (inventory.revenue or Decimal(1))
        shares[supplier] = shares.get(supplier, Decimal(0)) + share
    return [
        Problem(
            "inventory_shares_over_100",
            supplier,
            {"source": candidates.inventory_id(known[supplier]), "share": f"{100 * share:.2f}"},
        )
        for supplier, share in sorted(shares.items())
        if share > 1 + Decimal("1e-12")
    ]
