"""`upstream estimate` as a person or a script meets it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from portal.cli.estimate import estimate

SAMPLES = Path(__file__).parent.parent / "samples" / "carbon"


def run(folder: Path, ledger: Path = SAMPLES / "ledger.csv", *more: str) -> Result:
    names = ("footprints", "inventories", "factors", "rates", "prices")
    tables = [part for name in names for part in (f"--{name}", str(SAMPLES / f"{name}.csv"))]
    asked = ["--ledger", str(ledger), "--year", "2023", "--out", str(folder), *tables, *more]
    return CliRunner().invoke(estimate, asked)


def test_the_summary_on_standard_output_is_the_file(tmp_path: Path) -> None:
    result = run(tmp_path / "out")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (tmp_path / "out" / "estimate.json").read_text(encoding="utf-8")
    assert json.loads(result.stdout)["total_tco2e"] == "480.070000"


def test_bad_input_ends_with_2_every_problem_on_standard_error_and_nothing_written(tmp_path: Path) -> None:
    ledger = tmp_path / "purchases.csv"
    ledger.write_text(
        'line_id,date,supplier_id,quantity,unit\nA,2023-01-01,S,"28,4",kg\nA,2023-01-01,S,1,lb\n',
        encoding="utf-8",
    )
    result = run(tmp_path / "out", ledger)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "purchases.csv:2:quantity" in result.stderr
    assert "28,4" in result.stderr
    assert "purchases.csv:3:unit" in result.stderr
    assert "purchases.csv:3:line_id" in result.stderr
    assert not (tmp_path / "out").exists()


def test_problems_of_all_files_are_told_together_and_cut_at_100(tmp_path: Path) -> None:
    ledger, prices = tmp_path / "ledger.csv", tmp_path / "prices.csv"
    rows = "".join(f"L{n},2023-01-01,S,x,kg\n" for n in range(150))
    ledger.write_text("line_id,date,supplier_id,quantity,unit\n" + rows, encoding="utf-8")
    prices.write_text("year,index\n2023,cheap\n", encoding="utf-8")
    result = run(tmp_path / "out", ledger, "--prices", str(prices))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 101
    assert "51 more" in result.stderr


def test_an_unknown_engine_is_refused_in_words(tmp_path: Path) -> None:
    result = run(tmp_path / "out", SAMPLES / "ledger.csv", "--engine", "abacus")
    assert result.exit_code == 2
    assert "abacus" in result.stderr
    assert "duckdb" in result.stderr
