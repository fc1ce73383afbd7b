"""The mapping of a file: which column is which field, what is the same for all lines, how dates and numbers are written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.core.ledger.columns import FIXABLE, LEDGER_COLUMNS, guess_columns
from portal.core.ledger.forms import DATE_FORMS, TIMES, NumberForm, number_form_wrong
from portal.core.problems import Problem

DUPLICATES = ("", "keep", "leave_out")


@dataclass(frozen=True)
class Mapping:
    """How a file is read.

    `columns`: field → place of its column. `fixed`: field → the text every line has. `number_lines`: line ids are made
    from the rows of the file. `date_form` is a key of DATE_FORMS, "" while nobody said. `numbers` None likewise.
    `quantity_times`, `spend_times`: figures stand in thousands or the like. `take_formulas`: the values that formulas
    last showed are taken. `duplicates`: what becomes of suspected duplicates, "" while nobody decided.
    """

    columns: Dict[str, int]
    fixed: Dict[str, str] = field(default_factory=dict)
    number_lines: bool = False
    date_form: str = ""
    numbers: NumberForm | None = None
    quantity_times: int = 1
    spend_times: int = 1
    take_formulas: bool = False
    duplicates: str = ""


def proposed(header: Sequence[str]) -> Mapping:
    """The mapping the names of the columns suggest; forms of dates and numbers are left for a person to say."""
    return Mapping(guess_columns(header))


def is_plain_header(header: Sequence[str]) -> bool:
    """Whether the file is in our own form: every field that must be there under its own name."""
    names = {name.strip() for name in header}
    return {"line_id", "date", "supplier_id"} <= names and bool({"quantity", "spend"} & names)


def wrong(mapping: Mapping, header: Sequence[str], kinds: Sequence[str] = ()) -> list[Problem]:
    """What hinders reading a file by this mapping. `where` is the field; `kinds` are the columns' kinds of a typed file."""
    problems = []
    columns = mapping.columns
    for name, place in columns.items():
        if name not in LEDGER_COLUMNS or not 0 <= place < len(header):
            problems.append(Problem("mapping_column_gone", name))
        elif kinds and kinds[place] not in _READABLE.get(name, "tnd"):
            problems.append(Problem("mapping_column_kind", name, {"column": header[place]}))
    for place in {p for p in columns.values() if list(columns.values()).count(p) > 1}:
        fields = ", ".join(sorted(f for f, p in columns.items() if p == place))
        if 0 <= place < len(header):
            problems.append(
                Problem("mapping_column_twice", fields, {"column": header[place], "fields": fields})
            )
    if "line_id" not in columns and not mapping.number_lines:
        problems.append(Problem("mapping_without_line_id", "line_id"))
    problems += [Problem("mapping_field_missing", f) for f in ("date", "supplier_id") if f not in columns]
    if "quantity" not in columns and "spend" not in columns:
        problems.append(Problem("mapping_without_amount", "quantity"))
    for amount, word in (("quantity", "unit"), ("spend", "currency")):
        if amount in columns and word not in columns and not mapping.fixed.get(word):
            problems.append(Problem("mapping_without_word", word, {"amount": amount}))
    if "date" in columns and not mapping.date_form:
        problems.append(Problem("mapping_date_form_unsaid", "date_form"))
    if {"quantity", "spend"} & columns.keys() and mapping.numbers is None:
        problems.append(Problem("mapping_number_form_unsaid", "numbers"))
    if mapping.numbers is not None and number_form_wrong(mapping.numbers):
        problems.append(Problem("mapping_number_form_wrong", "numbers"))
    if mapping.date_form and mapping.date_form not in DATE_FORMS:
        problems.append(Problem("mapping_date_form_unsaid", "date_form"))
    return problems


# kinds of cells: t text, n number, d day, m moment; what a field can be read from
_READABLE = {"date": "tdm", "quantity": "tn", "spend": "tn"}


def to_json(mapping: Mapping) -> dict[str, Any]:
    """The mapping as it is stored."""
    form = mapping.numbers
    return {
        "columns": dict(mapping.columns),
        "fixed": dict(mapping.fixed),
        "number_lines": mapping.number_lines,
        "date_form": mapping.date_form,
        "numbers": [form.decimal, form.thousands, form.minus] if form else None,
        "quantity_times": mapping.quantity_times,
        "spend_times": mapping.spend_times,
        "take_formulas": mapping.take_formulas,
        "duplicates": mapping.duplicates,
    }


def from_json(stored: Dict[str, Any]) -> Mapping:
    """The mapping as it was stored; what is unknown falls back to nothing said."""
    numbers = stored.get("numbers")
    return Mapping(
        columns={f: int(p) for f, p in stored.get("columns", {}).items() if f in LEDGER_COLUMNS},
        fixed={f: str(v) for f, v in stored.get("fixed", {}).items() if f in FIXABLE and v},
        number_lines=bool(stored.get("number_lines")),
        date_form=stored.get("date_form", ""),
        numbers=NumberForm(*numbers) if numbers else None,
        quantity_times=_times(stored.get("quantity_times")),
        spend_times=_times(stored.get("spend_times")),
        take_formulas=bool(stored.get("take_formulas")),
        duplicates=stored["duplicates"] if stored.get("duplicates") in DUPLICATES else "",
    )


def _times(value: Any) -> int:
    return value if value in TIMES else 1


def key_of(mapping: Mapping) -> str:
    """What a check names to say which mapping it was made under."""
    return hashlib.sha256(json.dumps(to_json(mapping), sort_keys=True).encode()).hexdigest()
