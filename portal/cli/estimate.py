"""`upstream estimate`: upstream scope 3, category 1, from files to files, without a server."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from portal.core.errors import Invalid, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.reading import unprintable
from portal.language.sentences import sentence
from portal.operations.estimate_reproducing import compare_folders
from portal.operations.estimating import Inputs, run_estimate
from portal.operations.estimating.writing import summary_text

MOST_PRINTED = 100
FILE = click.Path(path_type=Path)


@click.command()
@click.option(
    "--ledger", required=True, type=FILE, help="Purchase lines (ledger.csv, or the same columns as Parquet)."
)
@click.option("--year", required=True, type=click.IntRange(1990, 2100), help="Calendar year to estimate.")
@click.option("--footprints", type=FILE, help="Suppliers' product carbon footprints (footprints.csv).")
@click.option("--inventories", type=FILE, help="Suppliers' company inventories (inventories.csv).")
@click.option(
    "--factors",
    type=FILE,
    multiple=True,
    help="Emission factors, in place of the shipped tables; repeatable.",
)
@click.option("--rates", type=FILE, help="Exchange rates, in place of the shipped table (rates.csv).")
@click.option("--prices", type=FILE, help="US price level, in place of the shipped table (prices.csv).")
@click.option(
    "--engine",
    default="duckdb",
    show_default=True,
    help="Engine that works out the lines: duckdb, postgresql://USER:PASSWORD@HOST/DATABASE, spark or spark://HOST:PORT.",
)
@click.option("--out", "out_dir", type=FILE, help="Folder for estimate.json, the lines and their sources.")
@click.option(
    "--verify", "kept", type=FILE, help="In place of --out: compare with the results in this folder."
)
def estimate(
    ledger: Path,
    year: int,
    footprints: Path | None,
    inventories: Path | None,
    factors: tuple[Path, ...],
    rates: Path | None,
    prices: Path | None,
    engine: str,
    out_dir: Path | None,
    kept: Path | None,
) -> None:
    """Estimate upstream scope 3, category 1, of one year.

    Each line of the ledger takes the first method its data allow: the supplier's product footprint, a share of the
    supplier's emissions, an average factor of the material, a sector factor per money spent. The summary goes to
    standard output as JSON; --out receives estimate.json, lines.csv and lines.parquet. Exit 2: something in the files
    is wrong, every problem is named on standard error and nothing is written.

    With --verify the estimate is made again and its files are compared byte by byte with those of an earlier run; exit 1
    when one differs.
    """
    if (out_dir is None) == (kept is None):
        raise click.UsageError("Give either --out or --verify.")
    inputs = Inputs(
        ledger,
        footprints=footprints,
        inventories=inventories,
        factors=factors or None,
        rates=rates,
        prices=prices,
    )
    err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    try:
        with Progress(console=err, transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task("", total=None)

            def tell(step: str, done: int, of: int) -> None:
                bar.update(task, description=step, completed=done, total=of)

            with tempfile.TemporaryDirectory(prefix="upstream-verify-") as spare:
                target = out_dir or Path(spare) / "again"
                result = run_estimate(inputs, year=year, out_dir=target, engine=engine, progress=tell)
                checks = compare_folders(kept, target) if kept else ()
    except Invalid as invalid:
        _tell(err, invalid.problems)
        raise SystemExit(2)
    except Refused as refused:
        _tell(err, (refused.problem,))
        raise SystemExit(2)
    if kept is not None:
        different = [check.name for check in checks if not check.same]
        err.print(f"different: {', '.join(different)}" if different else "Every file came out the same.")
        raise SystemExit(1 if different else 0)
    for warning in result.summary["warnings"]:
        err.print(_shown(f"warning: {warning['text']}"))
    click.echo(summary_text(result.summary).encode(), nl=False)


def _shown(text: str) -> str:
    """Without control characters: a cell must not steer the terminal it is quoted on."""
    return "".join("\ufffd" if unprintable(character) else character for character in text)


def _tell(err: Console, problems: tuple[Problem, ...]) -> None:
    last = [p for p in problems if p.code == "problems_not_shown"]
    shown = [p for p in problems if p.code != "problems_not_shown"]
    for problem in shown[:MOST_PRINTED]:
        err.print(_shown(sentence("en", problem)))
    hidden = len(shown[MOST_PRINTED:]) + sum(int(str(p.values["count"])) for p in last)
    if hidden:
        err.print(sentence("en", Problem("problems_not_shown", values={"count": hidden})))
