"""Local forms of numbers, dates and times."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from portal.language import forms

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("24351855"), None, "24\u202f351\u202f855"),
        (Decimal("1234.500"), None, "1\u202f234.5"),
        (Decimal("0.125"), 2, "0.12"),
        (Decimal("-5.2"), 1, "\u22125.2"),
        (Decimal("1E+3"), None, "1\u202f000"),
        (7, 2, "7.00"),
    ],
)
def test_numbers_are_shown_alike_in_both_languages(value: Decimal, places: int | None, text: str) -> None:
    assert forms.show_number(value, "en", places) == forms.show_number(value, "zh", places) == text


def test_a_number_of_any_size_is_shown() -> None:
    assert forms.show_number(Decimal("1E+40"), "en", 2).replace("\u202f", "") == "1" + "0" * 40 + ".00"


def test_dates_and_times_in_both_languages() -> None:
    late = datetime(2026, 3, 2, 22, 3, tzinfo=UTC)
    assert forms.show_date(date(2026, 3, 3), "en") == "3 March 2026"
    assert forms.show_date(date(2026, 3, 3), "zh") == "2026年3月3日"
    assert forms.show_time(late, SHANGHAI, "en") == "06:03"
    assert forms.show_datetime(late, SHANGHAI, "zh") == "2026年3月3日 06:03"


def test_percentages_and_sizes() -> None:
    assert forms.show_percent(Decimal("63.84"), "en") == "63.8\u00a0%"
    assert forms.show_percent(Decimal("63.84"), "zh") == "63.8%"
    assert [forms.show_size(n) for n in (12, 2048, 30 * 1024**2)] == [
        "12\u00a0B",
        "2.0\u00a0kB",
        "30.0\u00a0MB",
    ]
