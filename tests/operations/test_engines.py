"""One expression, three engines: the same lines and totals to the last printed digit; bad addresses told in words."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from portal.core.errors import Invalid, Refused
from portal.operations.estimating import Inputs, run_estimate
from tests.operations.test_estimating import HEAD, SAMPLES, footprint, sample_inputs

NAMES = ("lines.parquet", "lines.csv", "sources.csv")


def spark_missing() -> str:
    """Why Spark cannot be tested here, empty when it can; in CI its absence is a failure."""
    if os.environ.get("UPSTREAM_TESTS_COMPLETE"):
        return ""
    if shutil.which("java") is None:
        return "Spark needs Java 17 or newer"
    return "" if importlib.util.find_spec("pyspark") else "Spark is an extra: make spark"


needs_spark = pytest.mark.skipif(bool(spark_missing()), reason=spark_missing())


def long_ledger(folder: Path) -> Path:
    """Every method, credit notes, empty cells, and amounts of 18 decimals."""
    rows = (SAMPLES / "ledger.csv").read_text(encoding="utf-8").splitlines()
    header = rows[0].split(",")
    cells = [dict(zip(header, row, strict=True)) for row in csv.reader(rows[1:])]
    path = folder / "ledger.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, header)
        out.writeheader()
        for number in range(300):
            line = dict(cells[number % len(cells)])
            line["line_id"] = f"{line['line_id']}-{number}"
            sign = "-" if number % 11 == 0 else ""
            for amount in ("quantity", "spend"):
                if line[amount]:
                    line[amount] = (
                        f"{sign}{abs(Decimal(line[amount])) + number}.{number:03d}456789012345678"[:34]
                        if "." not in line[amount]
                        else line[amount]
                    )
            out.writerow(line)
    return path


def on_the_half_step(folder: Path, *, long: bool = False) -> Path:
    """Quantities of half a millionth of a kilogram each: exactly between two figures, a breath beside, small and large."""
    path = folder / "halves.csv"
    beside = ("1", "0.9999", "1.0001") if not long else ("1", "0.999999999999", "1.000000000000000001")
    amounts = [
        f"{sign}{Decimal(size) + Decimal(odd)}"
        for size in ("0", "2", "1000000", *(("123456789012", "12345678901234") if long else ("12345678",)))
        for odd in beside
        for sign in ("", "-")
    ]
    rows = [f"H{n},2023-01-01,S1,P1,x,{amount},kg,,,CN," for n, amount in enumerate(amounts)]
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


HALF = footprint(pcf_kgco2e=Decimal("0.0000005"))


@pytest.mark.parametrize("long", [False, True])
def test_a_product_on_the_half_step_is_rounded_away_from_zero_however_large(
    tmp_path: Path, long: bool
) -> None:
    ledger = on_the_half_step(tmp_path, long=long)
    run_estimate(Inputs(ledger, footprints=[HALF]), year=2023, out_dir=tmp_path / "out")
    with ledger.open(encoding="utf-8") as stream:
        bought = {row["line_id"]: Decimal(row["quantity"]) for row in csv.DictReader(stream)}
    with localcontext(prec=80), (tmp_path / "out" / "lines.csv").open(encoding="utf-8") as stream:
        got = {row["line_id"]: Decimal(row["kgco2e"]) for row in csv.DictReader(stream)}
        exact = {line: amount * HALF.pcf_kgco2e for line, amount in bought.items()}
        assert got == {
            line: kilograms.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
            for line, kilograms in exact.items()
        }
        rounded = sum(kilograms != got[line] for line, kilograms in exact.items())
        assert (len(got), rounded > 20) == (30, True) if long else (24, rounded > 16)


def same_everywhere(tmp_path: Path, ledger: Path, engine: str) -> None:
    inputs = (
        replace(sample_inputs(ledger), footprints=[HALF])
        if ledger.name == "halves.csv"
        else sample_inputs(ledger)
    )
    here = run_estimate(inputs, year=2023, out_dir=tmp_path / "duckdb")
    there = run_estimate(inputs, year=2023, out_dir=tmp_path / "other", engine=engine)
    for name in NAMES:
        assert (tmp_path / "duckdb" / name).read_bytes() == (tmp_path / "other" / name).read_bytes(), name
    assert {**here.summary, "engine": ""} == {**there.summary, "engine": ""}
    assert there.summary["engine"] == engine.split(":")[0]
    assert here.summary["by_method"]["supplier_specific"]["lines"] > 0


@pytest.mark.postgres
@pytest.mark.parametrize("make", [lambda folder: SAMPLES / "ledger.csv", long_ledger, on_the_half_step])
def test_postgresql_gives_the_same_lines(
    tmp_path: Path, postgres_url: str, make: Callable[[Path], Path]
) -> None:
    url = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    same_everywhere(tmp_path, make(tmp_path), url)


@pytest.mark.slow
@needs_spark
@pytest.mark.parametrize("make", [long_ledger, on_the_half_step])
def test_spark_gives_the_same_lines(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    same_everywhere(tmp_path, make(tmp_path), "spark")


def test_a_parquet_ledger_is_judged_and_estimated_as_the_same_lines_in_csv(tmp_path: Path) -> None:
    held = tmp_path / "ledger.parquet"
    duckdb.execute(
        f"COPY (SELECT * REPLACE (CAST(date AS DATE) AS date, CAST(quantity AS DECIMAL(18, 3)) AS quantity) "
        f"FROM read_csv('{SAMPLES / 'ledger.csv'}', all_varchar=true)) TO '{held}' (FORMAT parquet)"
    )
    text = run_estimate(sample_inputs(), year=2023, out_dir=tmp_path / "a")
    typed = run_estimate(sample_inputs(held), year=2023, out_dir=tmp_path / "b")
    for name in NAMES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert text.summary["total_tco2e"] == typed.summary["total_tco2e"]
    assert text.run != typed.run


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("sqlite", "engine_unknown"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "engine_not_reached"),
    ],
)
def test_an_engine_that_is_not_there_is_told_without_its_password(
    tmp_path: Path, address: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        run_estimate(sample_inputs(), year=2023, out_dir=tmp_path / "out", engine=address)
    assert refused.value.problem.code == code
    assert "secret" not in str(refused.value.problem.values)
    assert not (tmp_path / "out").exists()


def test_a_run_nobody_wants_ends_within_a_second_and_leaves_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    rows = "".join(f"L{n},2023-01-01,S{n % 7},,ribbon,,,{n}.25,USD,US,331420\n" for n in range(400_000))
    ledger.write_text(HEAD + rows, encoding="utf-8")
    wanted = threading.Event()
    threading.Timer(0.2, wanted.set).start()
    started = time.monotonic()
    with pytest.raises(Refused) as refused:
        run_estimate(
            Inputs(ledger, factors=[SAMPLES / "factors.csv"]),
            year=2023,
            out_dir=tmp_path / "out",
            stop=wanted.is_set,
        )
    assert refused.value.problem.code == "estimate_stopped"
    assert not (tmp_path / "out").exists()
    assert time.monotonic() - started < 30  # far below what ends by itself only on a stuck machine


def test_the_manifest_names_inputs_engine_and_the_hash_of_every_file(tmp_path: Path) -> None:
    run_estimate(sample_inputs(), year=2023, out_dir=tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    summary = json.loads((tmp_path / "estimate.json").read_text(encoding="utf-8"))
    assert manifest["run"] == summary["run"]
    assert manifest["inputs"] == summary["inputs"]
    assert manifest["engine"]["name"] == "duckdb"
    assert set(manifest["files"]) == {"lines.parquet", "lines.csv", "sources.csv", "estimate.json"}


def test_every_line_is_its_amount_times_the_row_of_its_source(tmp_path: Path) -> None:
    """And the row's multiplier is what its written steps come to, to the twentieth decimal."""
    ledger = long_ledger(tmp_path)
    run_estimate(sample_inputs(ledger), year=2023, out_dir=tmp_path / "out")
    with (tmp_path / "out" / "sources.csv").open(encoding="utf-8") as stream:
        sources = list(csv.DictReader(stream))
    for row in sources:
        plain = re.sub(
            r"[A-Za-z][A-Za-z0-9.]*(-[0-9]{4})?(/[A-Za-z][A-Za-z0-9.]*(-[0-9]{4})?)?", "", row["steps"]
        )
        exact = eval(
            re.sub(r"[0-9]+(\.[0-9]+)?", lambda number: f"Fraction('{number[0]}')", plain),
            {"Fraction": Fraction},
        )
        assert abs(exact - Fraction(row["kgco2e_per"])) <= Fraction(1, 2 * 10**20), row
    per = {(row["source_id"], row["per"]): Decimal(row["kgco2e_per"]) for row in sources}
    with ledger.open(encoding="utf-8") as stream:
        bought = {row["line_id"]: row for row in csv.DictReader(stream)}
    checked = 0
    with localcontext(prec=80), (tmp_path / "out" / "lines.csv").open(encoding="utf-8") as stream:
        for line in csv.DictReader(stream):
            own = bought[line["line_id"]]
            for amount, measure in (("quantity", own["unit"]), ("spend", own["currency"])):
                if own[amount] and (line["source_id"], measure) in per:
                    exact = Decimal(own[amount]) * per[line["source_id"], measure]
                    if exact.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP) == Decimal(line["kgco2e"]):
                        checked += 1
                        break
            else:
                assert line["method"] == "unreached", line
    assert checked > 100


def test_half_an_amount_beside_a_whole_one_is_told_and_not_used(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(
        HEAD + "A,2023-01-01,S1,,glass,5,,100,CNY,CN,327211\nB,2023-01-01,S1,,glass,5,kg,100,,CN,327211\n",
        encoding="utf-8",
    )
    summary = run_estimate(Inputs(ledger), year=2023, out_dir=tmp_path / "out").summary
    assert summary["by_method"]["spend_based"]["lines"] == 1
    assert summary["by_method"]["average_data"]["lines"] == 1
    assert [w["code"] for w in summary["warnings"]] == ["ledger_half_amounts"]


def test_lines_that_no_exact_figure_can_be_given_for_are_named(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    rows = (
        "FINE,2023-01-01,S1,,glass,5,kg,100,CNY,CN,327211",
        "=T,2023-01-01,S1,,glass,99999999999999.5,t,,,CN,",
        "BARELY,2023-01-01,S1,,glass,60000000000,t,,,CN,",
        "MONEY,2023-01-01,S1,,,,,999999999999999,USD,CN,327211",
        "OTHER,2022-01-01,S1,,glass,999999999999999,t,,,CN,",
    )
    ledger.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        run_estimate(Inputs(ledger), year=2023, out_dir=tmp_path / "out")
    told = [(p.code, p.where, *p.values.values()) for p in refused.value.problems]
    assert told == [
        ("line_too_large", "ledger.csv", "=T", "99999999999999.5", "t", "UP-GLASS-DESNZ24"),
        ("line_too_large", "ledger.csv", "MONEY", "999999999999999", "USD", "EPA-SC13-327211"),
    ]
    assert not (tmp_path / "out").exists()


def test_what_was_paid_for_and_has_a_quantity_of_0_is_told(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    rows = (
        "A,2023-01-01,S1,,glass,0,kg,100,CNY,CN,327211",
        "B,2023-01-01,S1,,glass,0.000,kg,-5,CNY,CN,327211",
        "FREE,2023-01-01,S1,,glass,0,kg,0,CNY,CN,327211",
        "BY-MONEY,2023-01-01,S1,,unknown,0,kg,100,CNY,CN,327211",
        "FULL,2023-01-01,S1,,glass,1,kg,100,CNY,CN,327211",
        "BEFORE,2022-01-01,S1,,glass,0,kg,100,CNY,CN,327211",
    )
    ledger.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    warnings = run_estimate(Inputs(ledger), year=2023, out_dir=tmp_path / "out").summary["warnings"]
    told = [(w["code"], w["where"], w["values"]) for w in warnings]
    assert told == [("ledger_zero_quantities", "ledger.csv", {"count": "2"})]


def test_a_year_without_lines_is_told(tmp_path: Path) -> None:
    summary = run_estimate(sample_inputs(), year=2019, out_dir=tmp_path / "out").summary
    assert summary["total_tco2e"] == "0.000000"
    assert "ledger_without_lines_of_year" in [w["code"] for w in summary["warnings"]]
