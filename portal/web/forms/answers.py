"""Carries what a browser gave for one indicator to the readers of core, unread: one entry per kind of answer.

A field named GOV-05 brings along GOV-05-version (the version that was shown), GOV-05-unit, GOV-05-none ("none of
these", "nothing to list"); cells of tables are GOV-05-<row>-<column key>.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.core.questionnaire.model import Indicator
from portal.core.questionnaire.tables import cells_meant, filled_rows
from portal.operations.answering import Given

Sent = MultiDict[str, str]


@dataclass(frozen=True)
class AnswerField:
    """How one kind of answer travels: `taken` from a form, `tidied` when it came as JSON."""

    taken: Callable[[Indicator, Sent], object]
    tidied: Callable[[Indicator, object], object]


def _one(indicator: Indicator, form: Sent) -> object:
    return form.get(indicator.code)


def _several(indicator: Indicator, form: Sent) -> object:
    ticked = form.getlist(indicator.code)
    return ticked or ([] if f"{indicator.code}-none" in form else None)


def _rows(indicator: Indicator, form: Sent) -> object:
    rows = cells_meant(indicator, filled_rows(table_rows(indicator, form)))
    return rows or ([] if f"{indicator.code}-none" in form else None)


def _as_it_came(_: Indicator, raw: object) -> object:
    return raw


def _without_spare_rows(indicator: Indicator, raw: object) -> object:
    """Spare empty rows of the page are no rows; only an empty list as such says that there is nothing to list."""
    if not isinstance(raw, list) or not raw or not all(isinstance(row, Mapping) for row in raw):
        return raw
    return cells_meant(indicator, filled_rows(raw)) or None


_LINE = AnswerField(_one, _as_it_came)
FIELDS: dict[str, AnswerField] = {
    "yes_no": _LINE,
    "single": _LINE,
    "multiple": AnswerField(_several, _as_it_came),
    "number": _LINE,
    "percentage": _LINE,
    "date": _LINE,
    "text": _LINE,
    "table": AnswerField(_rows, _without_spare_rows),
}


def table_rows(indicator: Indicator, form: Sent) -> list[dict[str, str]]:
    """The rows of a table field as they stand on the page, empty ones included, in order."""
    pattern = re.compile(re.escape(indicator.code) + r"-(\d{1,4})-(\w+)", re.ASCII)
    rows: dict[int, dict[str, str]] = {}
    for name, cell in form.items():
        match = pattern.fullmatch(name)
        if match:
            rows.setdefault(int(match[1]), {})[match[2]] = cell
    return [rows[number] for number in sorted(rows)]


def without_row(indicator: Indicator, form: Sent, number: int) -> Sent:
    """The form as if one row of a table had not been on the page."""
    start = f"{indicator.code}-{number}-"
    return MultiDict((name, cell) for name, cell in form.items(multi=True) if not name.startswith(start))


def given_in_form(indicator: Indicator, form: Sent) -> Given | None:
    """What the page gave for an indicator; None when the page held no field for it."""
    base = form.get(f"{indicator.code}-version", "")
    if not re.fullmatch(r"\d{1,9}", base, re.ASCII):
        return None
    return Given(
        FIELDS[indicator.kind].taken(indicator, form), form.get(f"{indicator.code}-unit") or None, int(base)
    )


def given_in_json(indicator: Indicator, body: Any) -> Given | None:
    """What {"base": 3, "value": …, "unit": "MWh"} gives for an indicator; None when it has another shape."""
    if not isinstance(body, dict) or "value" not in body:
        return None
    base, unit = body.get("base"), body.get("unit")
    if type(base) is not int or not (unit is None or isinstance(unit, str)):
        return None
    return Given(FIELDS[indicator.kind].tidied(indicator, body["value"]), unit or None, base)
