"""Reading ledger.csv in bulk: good files in every dress, bad files with every problem at its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.core.problems import Problem
from portal.files.ledgers import Ledger, load_ledger
from portal.files.tables import template

HEAD = ",".join(LEDGER_COLUMNS)
RATES = {("CNY", 2023), ("EUR", 2022)}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def load(
    connection: duckdb.DuckDBPyConnection, path: Path, content: str | bytes
) -> tuple[Ledger | None, list[Problem], int]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_ledger(connection, path, name="ledger.csv", year=2023, rates=RATES)


def told(connection: duckdb.DuckDBPyConnection, folder: Path, content: str | bytes) -> list[tuple[str, str]]:
    ledger, problems, count = load(connection, folder / "ledger.csv", content)
    assert ledger is None
    assert count == len(problems)
    return [(problem.where, problem.code) for problem in problems]


def test_lines_of_the_year_are_kept_in_order_with_their_types(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    content = (
        "\ufeffextra,supplier_id,line_id,date,quantity,unit,spend,currency,material\r\n"
        'x,S1,b,2023-12-31, 1.000000000001 ,t,,CNY,"glass, ""clear"""\r\n'
        "x,S1,a,2022-12-31,1,t,,,\r\n"
        "x,S1,a2,2023-01-01,,kg,-7.5,CNY,\r\n"
    )
    ledger, problems, _ = load(connection, tmp_path / "odd [1]*.csv", content)
    assert problems == []
    assert ledger is not None
    assert (ledger.lines, ledger.other_years) == (3, {2022: 1})
    rows = connection.execute(
        "SELECT line_id, date, quantity, unit, spend, currency, material, country FROM ledger ORDER BY row"
    ).fetchall()
    assert rows == [
        ("b", date(2023, 12, 31), Decimal("1.000000000001"), "t", None, "", 'glass, "clear"', ""),
        ("a2", date(2023, 1, 1), None, "", Decimal("-7.5"), "CNY", "", ""),
    ]


@pytest.mark.parametrize(
    ("cells", "where", "code"),
    [
        (",2023-01-01,S,,m,1,kg,,,,,", "line_id", "row_missing"),
        ("L,,S,,m,1,kg,,,,,", "date", "row_missing"),
        ("L,2023-01-01,,,m,1,kg,,,,,", "supplier_id", "row_missing"),
        ("L,2023-02-30,S,,m,1,kg,,,,,", "date", "row_date_expected"),
        ("L,01.02.2023,S,,m,1,kg,,,,,", "date", "row_date_expected"),
        ('L,2023-01-01,S,,m,"28,4",kg,,,,,', "quantity", "row_number_expected"),
        ('L,2023-01-01,S,,m,"1,000.5",kg,,,,,', "quantity", "row_number_expected"),
        ("L,2023-01-01,S,,m,NaN,kg,,,,,", "quantity", "row_number_expected"),
        ("L,2023-01-01,S,,m,inf,kg,,,,,", "quantity", "row_number_expected"),
        ("L,2023-01-01,S,,m,1e3,kg,,,,,", "quantity", "row_number_expected"),
        ("L,2023-01-01,S,,m,１２,kg,,,,,", "quantity", "row_number_expected"),
        ("L,2023-01-01,S,,m,many,kg,,,,,", "quantity", "row_number_expected"),
        ("L,2023-01-01,S,,m,,,12 CNY,CNY,,,", "spend", "row_number_expected"),
        ("L,2023-01-01,S,,m,1,stone,,,,,", "unit", "row_unit_unknown"),
        ("L,2023-01-01,S,,m,1,%,,,,,", "unit", "row_unit_unknown"),
        ("L,2023-01-01,S,,m,1,KG,,,,,", "unit", "row_unit_unknown"),
        ("L,2023-01-01,S,,m,1,,,,,,", "unit", "line_unit_missing"),
        ("L,2023-01-01,S,,m,,,5,,,,", "currency", "line_currency_missing"),
        ("L,2023-01-01,S,,m,,,5,rmb,,,", "currency", "row_currency_expected"),
        ("L,2023-01-01,S,,m,,,5,XXX,,,", "currency", "line_currency_unknown"),
        ("L,2023-01-01,S,,m,,,5,EUR,,,", "currency", "line_rate_missing"),
        ("L,2023-01-01,S,,m,,,,,,,", "quantity", "line_without_amount"),
        ("L,2023-01-01,S,,m,1,kg,,,UK,,", "country", "line_country_unknown"),
        ("L,2023-01-01,S,,m,1,kg,,,China,,", "country", "line_country_unknown"),
        ("L,2023-01-01,S,,m,,,5,CNY,,33441,", "sector", "line_sector_expected"),
        (f"L,2023-01-01,S,,{'m' * 501},1,kg,,,,,", "material", "row_too_long"),
    ],
)
def test_a_bad_cell_is_told_by_line_and_column(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, cells: str, where: str, code: str
) -> None:
    good = "G,2023-01-01,S,,m,1,kg,,,,,"
    assert told(connection, tmp_path, f"{HEAD}\n{good}\n{cells}\n") == [(f"ledger.csv:3:{where}", code)]


def test_every_problem_is_told_with_its_line_even_after_cells_over_two_lines(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    content = (
        f"{HEAD}\n"
        '"A",2023-01-01,S,,m,1,kg,,,,,"over\ntwo lines"\n'
        "\n"
        "A,2023-13-01,S,,m,1,kg,,,,,\n"
        "B,2023-01-01,S\n"
        "C,2023-01-01,S,,m,x,kg,,,,,\n"
    )
    assert told(connection, tmp_path, content) == [
        ("ledger.csv:5:line_id", "row_id_twice"),
        ("ledger.csv:5:date", "row_date_expected"),
        ("ledger.csv:6", "table_cells_differ"),
        ("ledger.csv:7:quantity", "row_number_expected"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table_file_empty"),
        (f"{HEAD}\n".encode("utf-16"), "table_file_utf16"),
        (f"{HEAD}\nL,2023-01-01,供应商\n".encode("gbk"), "table_file_not_utf8"),
        (b"PK\x03\x04\x00\x00", "table_file_has_nul"),
        (b"line_id;date;supplier_id\n", "table_column_missing"),
        (b"line_id,date,supplier_id,date\n", "table_column_twice"),
        (b'line_id,date,supplier_id\nL,2023-01-01,"S\n', "table_quoting_broken"),
    ],
)
def test_a_file_that_is_no_ledger_is_told_why(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, content: bytes, code: str
) -> None:
    assert code in {found for _, found in told(connection, tmp_path, content)}


def test_a_file_that_is_not_there_is_told(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    _, problems, _ = load_ledger(connection, tmp_path / "no.csv", name="no.csv", year=2023, rates=RATES)
    assert [(p.where, p.code) for p in problems] == [("no.csv", "table_file_missing")]


def test_endless_problems_are_counted_and_cut(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = "".join(f"L{n},2023-01-01,S,,m,x,kg,,,,,\n" for n in range(1500))
    ledger, problems, count = load(connection, tmp_path / "ledger.csv", f"{HEAD}\n{rows}")
    assert (ledger, len(problems), count) == (None, 1000, 1500)


def test_the_template_is_a_ledger_without_lines(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    ledger, problems, _ = load(connection, tmp_path / "ledger.csv", template(LEDGER_COLUMNS))
    assert problems == []
    assert ledger is not None
    assert ledger.lines == 0


def test_a_blank_line_before_the_header_is_skipped_like_any_other(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    ledger, problems, _ = load(connection, tmp_path / "l.csv", f"\n{HEAD}\nL,2023-01-01,S,,m,1,kg,,,,,\n")
    assert problems == []
    assert ledger is not None
    assert ledger.lines == 1


def test_tabs_and_line_breaks_at_the_edge_of_a_key_are_cut_off(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    content = f'{HEAD}\nL\t,2023-01-01,"S\n", P,\tm,1,kg,,,,,\n'
    assert load(connection, tmp_path / "l.csv", content)[1] == []
    keys = connection.execute("SELECT line_id, supplier_id, product_id, material FROM ledger").fetchall()
    assert keys == [("L", "S", "P", "m")]


def test_pasted_numbers_with_many_decimals_are_kept_exactly(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    long = "999999999999999.333333333333333333"
    content = f"{HEAD}\nL,2023-01-01,S,,m,0.333333333333333,kg,{long},CNY,,,\n"
    assert load(connection, tmp_path / "l.csv", content)[1] == []
    amounts = connection.execute("SELECT quantity, spend FROM ledger").fetchall()
    assert amounts == [(Decimal("0.333333333333333"), Decimal(long))]
    assert told(connection, tmp_path, f"{HEAD}\nL,2023-01-01,S,,m,0.{'3' * 19},kg,,,,,\n") == [
        ("ledger.csv:2:quantity", "row_number_expected")
    ]


@pytest.mark.parametrize(
    ("amount", "short"),
    [
        ("99999999999999", True),
        ("-99999999.1234", True),
        ("0.12345", False),
        ("100000000000000", False),
        ("-999999999.1234", False),
    ],
)
def test_amounts_are_short_where_eighteen_digits_hold_them(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, amount: str, short: bool
) -> None:
    for amounts in (f"{amount},kg,,", f",,{amount},CNY"):
        content = f"line_id,date,supplier_id,quantity,unit,spend,currency\na,2023-01-01,S1,{amounts}\n"
        ledger, problems, _ = load(connection, tmp_path / "ledger.csv", content)
        assert problems == [] and ledger is not None and ledger.short == short
        kept = connection.execute("SELECT coalesce(quantity, spend) FROM ledger").fetchall()
        assert kept == [(Decimal(amount),)]


def test_amounts_without_unit_or_currency_count_only_in_the_year(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    content = (
        "line_id,date,supplier_id,material,quantity,unit,spend,currency\n"
        "a,2023-01-01,S1,glass,1,,5,CNY\n"
        "b,2023-05-01,S1,glass,2,,6,CNY\n"
        "c,2022-01-01,S1,glass,1,,5,EUR\n"
        "d,2023-01-01,S1,glass,1,kg,5,\n"
        "e,2023-01-01,S1,glass,1,kg,5,CNY\n"
        "f,2023-01-01,S1,foil,,m2,5,CNY\n"
    )
    ledger, problems, _ = load(connection, tmp_path / "ledger.csv", content)
    assert problems == [] and ledger is not None
    assert (ledger.lines, ledger.other_years, ledger.halves) == (6, {2022: 1}, 3)
    kinds = connection.execute(
        "SELECT DISTINCT material, unit, currency FROM ledger_kinds ORDER BY ALL"
    ).fetchall()
    lines = connection.execute("SELECT DISTINCT material, unit, currency FROM ledger ORDER BY ALL").fetchall()
    assert (
        kinds
        == lines
        == [("foil", "", "CNY"), ("glass", "", "CNY"), ("glass", "kg", ""), ("glass", "kg", "CNY")]
    )


@pytest.mark.parametrize("blank", [chr(number) for number in range(0x10000) if chr(number).isspace()])
@pytest.mark.parametrize("number", ["5", "5{}"])
def test_every_blank_at_the_edge_of_a_key_is_taken_off_whatever_else_the_file_holds(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, blank: str, number: str
) -> None:
    keys, quantity = [f"玻璃{blank}", f"{blank}GLS 01", f"a{blank}b"], number.format(blank)
    rows = [f'"{key}",2023-01-01,"{key}","{key}","{quantity}",kg\n' for key in keys]
    content = "line_id,date,supplier_id,material,quantity,unit\n" + "".join(rows)
    table = {"line_id": keys, "supplier_id": keys, "material": keys, "date": ["2023-01-01"] * 3}
    typed = pa.table({**table, "quantity": [quantity] * 3, "unit": ["kg"] * 3})
    pq.write_table(typed, tmp_path / "ledger.parquet")
    for held in (content, (tmp_path / "ledger.parquet").read_bytes()):
        ledger, problems, _ = load(connection, tmp_path / "ledger", held)
        assert problems == [] and ledger is not None
        kept = connection.execute("SELECT line_id, supplier_id, material, quantity FROM ledger ORDER BY row")
        assert kept.fetchall() == [(*[key.strip()] * 3, Decimal(5)) for key in keys]
        kinds = connection.execute("SELECT DISTINCT material FROM ledger_kinds").fetchall()
        assert sorted(kinds) == sorted((key.strip(),) for key in keys)


def test_moments_of_a_parquet_ledger_are_days_unless_a_time_zone_would_decide(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    moments = [datetime(2023, 5, 1), datetime(2023, 12, 31, 23, 59), None]
    for unit in ("s", "ms", "us", "ns"):
        table = {
            "line_id": ["a", "b", "c"],
            "supplier_id": ["S"] * 3,
            "quantity": [1, 2, 3],
            "unit": ["t"] * 3,
        }
        for zone, empty in ((None, False), (None, True), ("Asia/Shanghai", False)):
            dates = pa.array(moments[: 3 if empty else 2], pa.timestamp(unit, tz=zone))
            typed = pa.table({"date": dates, **{name: cells[: len(dates)] for name, cells in table.items()}})
            pq.write_table(typed, tmp_path / "x.parquet")
            content = (tmp_path / "x.parquet").read_bytes()
            if zone:
                codes = {code for _, code in told(connection, tmp_path, content)}
                assert codes == {"row_date_expected"}
            elif empty:
                assert told(connection, tmp_path, content) == [("ledger.csv:3:date", "row_missing")]
            else:
                assert load(connection, tmp_path / "l", content)[1] == []
                days = connection.execute("SELECT date FROM ledger ORDER BY row").fetchall()
                assert days == [(date(2023, 5, 1),), (date(2023, 12, 31),)]
