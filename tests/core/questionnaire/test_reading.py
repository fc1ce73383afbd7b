"""Numbers and dates: what is accepted exactly, what is refused and under which name."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.core.questionnaire.reading import check_range, read_date, read_number, shown


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("1200.5", "1200.5"),
        ("1 200.5", "1200.5"),
        ("1\u2009200\u2009300", "1200300"),
        ("12\u00a0345", "12345"),
        ("１２３．５", "123.5"),
        ("－5", "-5"),
        ("\u22125", "-5"),
        ("-0", "0"),
        ("+3", "3"),
        (".5", "0.5"),
        ("007", "7"),
        ("  8\u3000", "8"),
        (0, "0"),
        (12, "12"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.1"),
        ("99.999999999999", "99.999999999999"),
        (Decimal("33.333333333333336"), "33.333333333333336"),
        ("999999999999999.123456789012345678", "999999999999999.123456789012345678"),
    ],
)
def test_a_number_is_read_exactly(raw: object, text: str) -> None:
    number = read_number(raw, "X")
    assert isinstance(number, Decimal)
    assert decimal_text(number) == text


@pytest.mark.parametrize(
    "raw", ["1,234", "1.234,5", "1,5", "1.234.567", "1'234", "１，２３４", "1 23", "1 2345"]
)
def test_a_number_with_two_readings_is_asked_about(raw: str) -> None:
    problem = read_number(raw, "X")
    assert isinstance(problem, Problem)
    assert problem.code == "ambiguous_number"


@pytest.mark.parametrize(
    "raw",
    [
        "many",
        "12 kg",
        "5%",
        "1e999",
        "1E5",
        "NaN",
        "inf",
        "-Infinity",
        "½",
        "٣",
        "--5",
        "#REF!",
        ".",
        True,
        1.5,
        [1],
        {},
        Decimal("NaN"),
        Decimal("Infinity"),
    ],
)
def test_what_is_no_number_is_refused(raw: object) -> None:
    problem = read_number(raw, "X")
    assert isinstance(problem, Problem)
    assert problem.code == "number_expected"
    assert problem.where == "X"


@pytest.mark.parametrize(
    "raw", ["1" * 16, "0." + "1" * 19, 10**40, Decimal("1E+400"), Decimal("1E-400"), "9" * 90]
)
def test_a_number_of_impossible_length_is_refused(raw: object) -> None:
    problem = read_number(raw, "X")
    assert isinstance(problem, Problem)
    assert problem.code == "number_too_long"


def test_a_percent_sign_closes_a_percentage_only() -> None:
    assert read_number("28.5 %", "X", percent=True) == Decimal("28.5")
    assert read_number("28.5％", "X", percent=True) == Decimal("28.5")
    assert isinstance(read_number("28.5 %", "X"), Problem)


@given(st.decimals(min_value=-(10**15) + 1, max_value=10**15 - 1, places=6))
def test_any_number_survives_its_own_text(number: Decimal) -> None:
    assert read_number(decimal_text(number), "X") == number


@given(st.text())
def test_no_text_at_all_raises(text: str) -> None:
    assert isinstance(read_number(text, "X"), Decimal | Problem)
    assert isinstance(read_date(text, "X"), date | Problem)
    shown(text).encode()


def test_limits_are_inclusive() -> None:
    low, high = Decimal(0), Decimal(100)
    assert check_range(low, low, high, "X") is None
    assert check_range(high, low, high, "X") is None
    for number, code in ((Decimal("-0.1"), "number_negative"), (Decimal("100.1"), "number_too_large")):
        problem = check_range(number, low, high, "X")
        assert problem is not None
        assert problem.code == code


@pytest.mark.parametrize(
    "raw", ["2026-03-01", "2026/3/1", "2026年3月1日", "2026-3-1", "２０２６-03-01", date(2026, 3, 1)]
)
def test_a_day_is_read(raw: object) -> None:
    assert read_date(raw, "X") == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2026-02-30", "date_impossible"),
        ("2025-02-29", "date_impossible"),
        ("2026/13/1", "date_impossible"),
        ("0001-01-01", "date_impossible"),
        ("01/03/2026", "date_expected"),
        ("March 1", "date_expected"),
        ("2026-03/01", "date_expected"),
        (45000, "date_expected"),
        ("2026-03-01T00:00", "date_expected"),
    ],
)
def test_an_unclear_or_impossible_day_is_refused(raw: object, code: str) -> None:
    problem = read_date(raw, "X")
    assert isinstance(problem, Problem)
    assert problem.code == code
