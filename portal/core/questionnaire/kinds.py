"""The kinds of answer: one registry entry each says how to read, keep and show a value.

Canonical Python form, and JSON form (docs/formats.md):
yes_no, single: option key; multiple: tuple of keys, list; number, percentage: Decimal, decimal string;
date: datetime.date, ISO string; text: str; table: tuple of row dicts, list of objects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.core.errors import Invalid
from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.core.questionnaire.choices import read_one, read_several, show_one, show_several
from portal.core.questionnaire.model import Indicator
from portal.core.questionnaire.reading import (
    Reading,
    Value,
    check_range,
    is_blank,
    read_date,
    read_number,
    shown,
    unprintable,
    within_length,
)
from portal.core.questionnaire.tables import read_table, show_table
from portal.core.questionnaire.unit_words import quantity_text
from portal.core.units import convert

LONGEST_TEXT = 4000
MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True)
class Kind:
    """What the code knows about one kind of answer.

    `read(indicator, raw, unit=None)` turns what a door received into a Reading; `to_json(value)` gives the
    JSON form; `show(indicator, value, locale)` gives the value as people read it.
    """

    name: str
    read: Callable[..., Reading]
    to_json: Callable[[Any], Any]
    show: Callable[[Indicator, Any, str], str]


def read_quantity(indicator: Indicator, raw: object, unit: str | None = None) -> Reading:
    """A number or percentage in the indicator's unit, converted exactly from `unit` (default: the same).

    Problems: those of `read_number`, unit_not_offered, number_negative, number_too_small, number_too_large,
    whole_number_expected.
    """
    typed_in = unit or indicator.unit
    if is_blank(raw):
        return Reading(None, typed_in, ())
    number = _own_unit(indicator, raw, typed_in)
    if isinstance(number, Problem):
        return Reading(None, typed_in, (number,))
    wrong = check_range(number, indicator.minimum, indicator.maximum, indicator.code)
    if wrong is None and indicator.whole and number != int(number):
        wrong = Problem("whole_number_expected", indicator.code, {"found": shown(raw)})
    return Reading(None, typed_in, (wrong,)) if wrong else Reading(number, typed_in, ())


def _own_unit(indicator: Indicator, raw: object, typed_in: str) -> Decimal | Problem:
    if typed_in != indicator.unit and typed_in not in indicator.units:
        offered = ", ".join((indicator.unit, *indicator.units))
        return Problem("unit_not_offered", indicator.code, {"found": shown(typed_in), "units": offered})
    number = read_number(raw, indicator.code, percent=indicator.unit == "%")
    if isinstance(number, Problem) or typed_in == indicator.unit:
        return number
    return within_length(convert(number, typed_in, indicator.unit), raw, indicator.code)


def read_day(indicator: Indicator, raw: object, unit: str | None = None) -> Reading:
    """A date. Problems: date_expected, date_impossible."""
    if is_blank(raw):
        return Reading(None, "", ())
    day = read_date(raw, indicator.code)
    return Reading(None, "", (day,)) if isinstance(day, Problem) else Reading(day, "", ())


def read_text(indicator: Indicator, raw: object, unit: str | None = None) -> Reading:
    """Free text, trimmed, line ends as "\\n". Problems: text_expected, text_too_long, text_unprintable."""
    if is_blank(raw):
        return Reading(None, "", ())
    if not isinstance(raw, str):
        return Reading(None, "", (Problem("text_expected", indicator.code, {"found": shown(raw)}),))
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    if unprintable(text):
        return Reading(None, "", (Problem("text_unprintable", indicator.code),))
    if len(text) > LONGEST_TEXT:
        values = {"length": len(text), "most": LONGEST_TEXT}
        return Reading(None, "", (Problem("text_too_long", indicator.code, values),))
    return Reading(text, "", ())


def _show_quantity(indicator: Indicator, value: Decimal, locale: str) -> str:
    return quantity_text(value, indicator.unit, locale)


def day_text(value: date, locale: str) -> str:
    """A day as people read it: 3 March 2026, 2026年3月3日."""
    if locale == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def _show_day(indicator: Indicator, value: date, locale: str) -> str:
    return day_text(value, locale)


def _show_text(indicator: Indicator, value: str, locale: str) -> str:
    return value


def _rows_json(value: tuple[dict[str, str], ...]) -> list[dict[str, str]]:
    return [dict(row) for row in value]


KINDS: dict[str, Kind] = {
    "yes_no": Kind("yes_no", read_one, str, show_one),
    "single": Kind("single", read_one, str, show_one),
    "multiple": Kind("multiple", read_several, list, show_several),
    "number": Kind("number", read_quantity, decimal_text, _show_quantity),
    "percentage": Kind("percentage", read_quantity, decimal_text, _show_quantity),
    "date": Kind("date", read_day, date.isoformat, _show_day),
    "text": Kind("text", read_text, str, _show_text),
    "table": Kind("table", read_table, _rows_json, show_table),
}


def read(indicator: Indicator, raw: object, unit: str | None = None) -> Reading:
    """Read a raw value by the indicator's kind; bad input never raises, the problems say what is wrong."""
    return KINDS[indicator.kind].read(indicator, raw, unit)


def to_json(indicator: Indicator, value: Value) -> Any:
    """The JSON form of a canonical value."""
    return KINDS[indicator.kind].to_json(value)


def from_json(indicator: Indicator, stored: object) -> Value | None:
    """The canonical value of a stored JSON form, None for null. Raises Invalid where it does not fit."""
    reading = KINDS[indicator.kind].read(indicator, stored)
    if reading.problems:
        raise Invalid(reading.problems)
    return reading.value


def show(indicator: Indicator, value: Value, locale: str) -> str:
    """A canonical value as people read it, with unit, in "en" or "zh"."""
    return KINDS[indicator.kind].show(indicator, value, locale)
