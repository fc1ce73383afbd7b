"""The mapped form keeps every figure: whatever way numbers and dates are written, plain(mapping(file)) is what was meant."""

from __future__ import annotations

import csv
import io
import string
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.core.ledger.forms import (
    DATE_FORMS,
    DECIMALS,
    MINUSES,
    THOUSANDS,
    NumberForm,
    number_form_wrong,
    read_date,
    read_number,
)
from portal.core.ledger.mapping import Mapping
from portal.core.ledger.words import UNITS, Meaning
from portal.files import ledger_cells, ledger_checks, ledger_plain
from portal.files.ledger_rules import problems_of, rules_of
from tests.make.examples import examples

HEADER = ("line_id", "date", "supplier_id", "quantity", "unit", "spend", "currency")
FORMS = [
    form
    for decimal in DECIMALS
    for thousands in THOUSANDS
    for minus in MINUSES
    if not number_form_wrong(form := NumberForm(decimal, thousands, minus))
]
RATES = {("CNY", 2025)}


def written(value: Decimal, form: NumberForm) -> str:
    """A number as people of that form write it."""
    digits = format(abs(value), "f")
    whole, _, rest = digits.partition(".")
    if form.thousands:
        whole = f"{int(whole):,}".replace(",", form.thousands)
    text = whole + (form.decimal + rest if rest else "")
    if value >= 0:
        return text
    return {"before": f"-{text}", "after": f"{text}-", "brackets": f"({text})"}[form.minus]


def written_day(day: date, form: str) -> str:
    """A day as people of that form write it."""
    parts = {"y": f"{day.year:04d}", "m": f"{day.month:02d}", "d": f"{day.day:02d}"}
    if form == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    sign = form[-1] if form[-1] in "-/." else ""
    return sign.join(parts[key] for key in DATE_FORMS[form][1])


def plain(
    folder: Path,
    rows: list[tuple[str, ...]],
    mapping: Mapping,
    words: dict[str, dict[str, Meaning]] | None = None,
) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """The plain lines as the file holds them, and the problems as (code, column)."""
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADER, *rows])
    source = folder / "given.csv"
    source.write_text(stream.getvalue(), encoding="utf-8")
    ledger_cells.read_csv(source, folder / "cells.parquet", name="g.csv", encoding="", tell=lambda *_: None)
    with duckdb.connect() as connection:
        ledger_plain.take_cells(connection, folder / "cells.parquet", mapping)
        ledger_plain.make_plain(connection, mapping, words or {})
        rules = ledger_plain.rules_for(mapping, rules_of(0, RATES))
        problems, _ = problems_of(
            connection, "g.csv", rules, written={c: f"t_{c}" for c in LEDGER_COLUMNS}, most=100
        )
        ledger_checks.find_duplicates(connection)
        ledger_checks.write_plain(connection, folder / "plain.csv", False)
    with (folder / "plain.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines)), [(p.code, str(p.values["column"])) for p in problems]


def mapping_of(**changes: object) -> Mapping:
    base = {
        "columns": {name: i for i, name in enumerate(HEADER)},
        "date_form": "ymd-",
        "numbers": NumberForm(),
    }
    return Mapping(**{**base, **changes})  # type: ignore[arg-type]


numbers = st.decimals(
    min_value=Decimal("-999999999999"), max_value=Decimal("999999999999"), places=6, allow_nan=False
)
# a figure of the plain form has at most 15 digits before its point
LONGEST = Decimal(10) ** 15
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))


@settings(
    max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    form=st.sampled_from(FORMS),
    date_form=st.sampled_from(sorted(DATE_FORMS)),
    lines=st.lists(st.tuples(days, numbers, numbers), min_size=1, max_size=30),
)
def test_every_figure_and_day_is_kept_exactly(
    tmp_path: Path, form: NumberForm, date_form: str, lines: list[tuple[date, Decimal, Decimal]]
) -> None:
    rows = [
        (f"L{n}", written_day(day, date_form), "S-1", written(q, form), "kg", written(s, form), "CNY")
        for n, (day, q, s) in enumerate(lines)
    ]
    found, problems = plain(tmp_path, rows, mapping_of(numbers=form, date_form=date_form))
    assert problems == []
    assert [(r["date"], Decimal(r["quantity"]), Decimal(r["spend"])) for r in found] == [
        (day.isoformat(), q, s) for day, q, s in lines
    ]
    # the page's examples are read by the same patterns
    for (day, q, _), row in zip(lines, rows, strict=True):
        assert read_number(row[3], form) == q
        assert read_date(row[1], date_form) == day
    assert [int(r["source_row"]) for r in found] == list(range(2, 2 + len(lines)))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    quantity=st.decimals(min_value=Decimal("-99999999"), max_value=Decimal("99999999"), places=4),
    word=st.sampled_from(["斤", "磅", "万片", "吨", "ml", "千吨"]),
    times=st.sampled_from([1, 1000, 10000]),
)
@example(quantity=Decimal("10000000"), word="万片", times=10000)
@example(quantity=Decimal("-99999999"), word="万片", times=1000)
def test_other_units_are_multiplied_exactly(tmp_path: Path, quantity: Decimal, word: str, times: int) -> None:
    meaning = UNITS[word]
    row = ("L1", "2025-01-02", "S-1", format(quantity, "f"), word, "", "")
    found, problems = plain(tmp_path, [row], mapping_of(quantity_times=times), {"unit": {word: meaning}})
    exact = quantity * meaning.times * times
    if abs(exact) >= LONGEST:
        assert problems and {column for _, column in problems} == {"quantity"}
        return
    assert problems == []
    assert Decimal(found[0]["quantity"]) == exact
    assert found[0]["unit"] == meaning.value


@settings(max_examples=examples(60), deadline=None)
@given(text=st.text(alphabet=string.digits + ".,-()' 年月日/", max_size=14), form=st.sampled_from(FORMS))
def test_what_is_read_is_written_so(text: str, form: NumberForm) -> None:
    value = read_number(text, form)
    if value is not None:
        digits = "".join(c for c in text if c.isdigit())
        shown = "".join(c for c in format(abs(value), "f") if c.isdigit())
        assert shown.lstrip("0") == digits.lstrip("0")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1,234", NumberForm()),
        ("28,4", NumberForm()),
        ("１２３", NumberForm()),
        ("1.234,5", NumberForm()),
        ("1234.5", NumberForm(",", ".")),
        ("1.23", NumberForm(",", ".")),
        ("12,34", NumberForm(".", ",")),
        ("1e5", NumberForm()),
        ("#REF!", NumberForm()),
        ("100-", NumberForm()),
        ("NaN", NumberForm()),
        ("", NumberForm(".", ",")),
    ],
)
def test_a_number_not_in_the_form_is_a_problem_never_another_figure(
    tmp_path: Path, text: str, form: NumberForm
) -> None:
    row = ("L1", "2025-01-02", "S-1", text, "kg", "", "")
    found, problems = plain(tmp_path, [row], mapping_of(numbers=form))
    assert {column for _, column in problems} == {"quantity"}
    assert found[0]["quantity"] in ("", ledger_plain.UNREADABLE)


@pytest.mark.parametrize("text", ["31/02/2025", "2025-03-04", "3 March 2025", "45721", "13/13/2025"])
def test_a_date_not_in_the_form_is_a_problem(tmp_path: Path, text: str) -> None:
    row = ("L1", text, "S-1", "1", "kg", "", "")
    _, problems = plain(tmp_path, [row], mapping_of(date_form="dmy/"))
    assert problems == [("ledger_date_not_in_form", "date")]


def test_the_form_decides_between_april_and_may(tmp_path: Path) -> None:
    row = ("L1", "04/05/2025", "S-1", "1", "kg", "", "")
    read = [plain(tmp_path, [row], mapping_of(date_form=form))[0][0]["date"] for form in ("dmy/", "mdy/")]
    assert read == ["2025-05-04", "2025-04-05"]


def test_a_figure_too_long_to_convert_is_a_problem(tmp_path: Path) -> None:
    row = ("L1", "2025-01-02", "S-1", "1.12345678901", "斤", "", "")
    _, problems = plain(tmp_path, [row], mapping_of(), {"unit": {"斤": UNITS["斤"]}})
    assert [code for code, _ in problems] == ["row_number_expected"]


def test_lines_with_something_unreadable_are_not_suspected_to_be_twins(tmp_path: Path) -> None:
    rows = [
        ("L1", "2025-01-02", "S-1", "1.2.3", "kg", "5", "CNY"),
        ("L2", "2025-01-02", "S-1", "4.5.6", "kg", "5", "CNY"),
        ("L3", "2025-01-02", "S-1", "1", "kg", "x", "CNY"),
        ("L4", "2025-01-02", "S-1", "1", "kg", "y", "CNY"),
        ("L5", "45047", "S-1", "1", "kg", "5", "CNY"),
        ("L6", "45048", "S-1", "1", "kg", "5", "CNY"),
    ]
    plain(tmp_path, rows, mapping_of())
    with duckdb.connect() as connection:
        ledger_plain.take_cells(connection, tmp_path / "cells.parquet", mapping_of())
        ledger_plain.make_plain(connection, mapping_of(), {})
        assert ledger_checks.find_duplicates(connection) == 0


def test_duplicates_and_credits_are_found(tmp_path: Path) -> None:
    start = date(2025, 1, 1)
    rows = [
        (f"L{n}", (start + timedelta(days=n)).isoformat(), "S-1", "10", "kg", "5", "CNY") for n in range(5)
    ]
    rows += [("L5", "2025-01-01", "S-1", "10.0", "kg", "5.00", "CNY")]
    rows += [
        ("L6", "2025-02-01", "S-1", "-3", "kg", "-1", "CNY"),
        ("L7", "2025-02-01", "S-2", "-3", "kg", "1", "CNY"),
    ]
    plain(tmp_path, rows, mapping_of())
    with duckdb.connect() as connection:
        ledger_plain.take_cells(connection, tmp_path / "cells.parquet", mapping_of())
        ledger_plain.make_plain(connection, mapping_of(), {})
        assert ledger_checks.find_duplicates(connection) == 1
        assert [(r["row"], r["first"]) for r in ledger_checks.duplicate_examples(connection)] == [(7, 2)]
        credit = ledger_checks.credits(connection)
        assert (credit["lines"], credit["alone"], credit["mixed"]) == (2, 1, 1)
        assert ledger_checks.write_plain(connection, tmp_path / "less.csv", True) == 7
