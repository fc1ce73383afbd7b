"""`upstream estimate` as a person or a script meets it."""

from __future__ import annotations

import csv
import json
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.estimate import estimate

SAMPLES = Path(__file__).parent.parent / "samples" / "carbon"


def run_verify(folder: Path) -> Result:
    return run(folder, SAMPLES / "ledger.csv", goal="--verify")


def run(folder: Path, ledger: Path = SAMPLES / "ledger.csv", *more: str, goal: str = "--out") -> Result:
    names = ("footprints", "inventories", "factors", "rates", "prices")
    tables = [part for name in names for part in (f"--{name}", str(SAMPLES / f"{name}.csv"))]
    asked = ["--ledger", str(ledger), "--year", "2023", goal, str(folder), *tables, *more]
    return CliRunner().invoke(estimate, asked)


def test_the_summary_on_standard_output_is_the_file(tmp_path: Path) -> None:
    result = run(tmp_path / "out")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (tmp_path / "out" / "estimate.json").read_text(encoding="utf-8")
    assert json.loads(result.stdout)["total_tco2e"] == "480.070000"


def test_a_run_is_verified_byte_by_byte_and_a_changed_line_is_noticed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(out)
    again = run_verify(out)
    assert (again.exit_code, again.stdout) == (0, "")
    lines = (out / "lines.csv").read_text(encoding="utf-8")
    (out / "lines.csv").write_text(lines.replace("1", "2", 1), encoding="utf-8")
    (out / "sources.csv").unlink()
    changed = run_verify(out)
    assert changed.exit_code == 1
    assert "lines.csv" in changed.stderr
    assert "sources.csv" in changed.stderr
    assert "lines.parquet" not in changed.stderr


def test_either_out_or_verify_is_asked_for(tmp_path: Path) -> None:
    both = run(tmp_path / "out", SAMPLES / "ledger.csv", "--verify", str(tmp_path))
    assert both.exit_code == 2
    assert not (tmp_path / "out").exists()


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


def test_a_cell_cannot_steer_the_terminal_it_is_quoted_on(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    ledger.write_text("line_id,date,supplier_id,quantity,unit\nA,2023-01-01,S,1,\x1b[31mkg\n", "utf-8")
    result = run(tmp_path / "out", ledger)
    assert result.exit_code == 2
    assert "[31mkg" in result.stderr
    assert "\x1b" not in result.stderr


def test_a_footprint_without_end_is_used_and_its_share_may_be_long(tmp_path: Path) -> None:
    ledger, footprints = tmp_path / "ledger.csv", tmp_path / "footprints.csv"
    ledger.write_text("line_id,date,supplier_id,product_id,quantity,unit\nA,2023-01-01,S,P,2,kg\n", "utf-8")
    footprints.write_text(
        "footprint_id,supplier_id,product_id,declared_unit,declared_amount,pcf_kgco2e,period_start,period_end,"
        "primary_data_share\nF,S,P,kg,1,0.333333333333333,2022-01-01,9999-12-31,33.333333333333336\n",
        "utf-8",
    )
    result = run(tmp_path / "out", ledger, "--footprints", str(footprints))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["total_tco2e"] == "0.000667"
    assert json.loads(result.stdout)["primary_data_share"] == "33.33"


@pytest.mark.parametrize(
    ("quantity", "factor"),
    [
        ("0.333333333333333", "3.000000000000003"),
        ("123456789.123456789012345678", "123.456789012345678"),
        ("-0.000000000000000001", "49999999999.5"),
        ("0.000000500000000001", "0.999999999999999999"),
        ("9999999.999999999999999999", "999999.999999999999999999"),
    ],
)
def test_long_numbers_are_multiplied_exactly_and_rounded_once(
    tmp_path: Path, quantity: str, factor: str
) -> None:
    ledger, factors = tmp_path / "ledger.csv", tmp_path / "factors.csv"
    ledger.write_text(
        f"line_id,date,supplier_id,material,quantity,unit\nA,2023-01-01,S,sand,{quantity},kg\n", "utf-8"
    )
    factors.write_text(
        "factor_id,name_en,geography,year,value,unit,source,material\n"
        f"F,Sand,GLO,2022,{factor},kgCO2e/kg,s,sand\n",
        "utf-8",
    )
    result = CliRunner().invoke(
        estimate,
        [
            "--ledger",
            str(ledger),
            "--year",
            "2023",
            "--factors",
            str(factors),
            "--out",
            str(tmp_path / "out"),
        ],
    )
    assert result.exit_code == 0
    with (tmp_path / "out" / "lines.csv").open(encoding="utf-8") as stream:
        (line,) = csv.DictReader(stream)
    with localcontext(prec=80):
        expected = (Decimal(quantity) * Decimal(factor)).quantize(Decimal("1E-6"), ROUND_HALF_UP)
    assert Decimal(line["kgco2e"]) == expected


def test_a_line_without_quantity_is_not_told_that_a_unit_differs(tmp_path: Path) -> None:
    ledger, footprints = tmp_path / "ledger.csv", tmp_path / "footprints.csv"
    ledger.write_text("line_id,date,supplier_id,product_id,spend,currency\nA,2023-01-01,S,P,2,USD\n", "utf-8")
    footprints.write_text(
        "footprint_id,supplier_id,product_id,declared_unit,declared_amount,pcf_kgco2e,period_start,period_end\n"
        "F,S,P,kg,1,2,2022-01-01,2022-12-31\n",
        "utf-8",
    )
    result = run(tmp_path / "out", ledger, "--footprints", str(footprints))
    assert list(json.loads(result.stdout)["reasons"]) == ["unreached_without_sector_factor"]
