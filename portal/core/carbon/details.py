"""What a footprint says beyond the short form: read from text, judged field by field."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portal.core.carbon import cells
from portal.core.carbon.pact_fields import (
    FIELD,
    FIELDS,
    LISTS,
    RATING_SCALES,
    STANDARDS,
    Field,
)
from portal.core.problems import Problem

LONGEST = 4000
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_URN = re.compile(r"[uU][rR][nN]:\S+")
_GAS_BASIS = re.compile(r"AR[0-9]+")
_SAME_STANDARD = {name.casefold().replace(" ", ""): name for name in STANDARDS}

Value = str | tuple[str, ...]


@dataclass(frozen=True)
class Details:
    """Further values by field key (`pact_fields.FIELDS`): text, or a tuple of texts for lists.

    Numbers are decimal text as given, days ISO text, flags "true" or "false". Absent means not stated.
    """

    values: Mapping[str, Value] = field(default_factory=dict)


def text_of(details: Details, key: str) -> str:
    """A single value as text, "" when not stated; a list with "; " between its items."""
    value = details.values.get(key, "")
    return value if isinstance(value, str) else "; ".join(value)


def list_of(details: Details, key: str) -> tuple[str, ...]:
    """A list value, empty when not stated."""
    value = details.values.get(key, ())
    return value if isinstance(value, tuple) else (value,) if value else ()


def number_of(details: Details, key: str) -> Decimal | None:
    """A numeric value, None when not stated."""
    value = details.values.get(key, "")
    return Decimal(value) if isinstance(value, str) and value else None


def plain(details: Details) -> dict[str, str | list[str]]:
    """The details as plain JSON for the database."""
    return {k: v if isinstance(v, str) else list(v) for k, v in details.values.items()}


def restored(values: Mapping[str, str | list[str]]) -> Details:
    """The details as they were before `plain`."""
    return Details({k: v if isinstance(v, str) else tuple(v) for k, v in values.items()})


def read_details(
    values: Mapping[str, str | tuple[str, ...]], where: str = ""
) -> tuple[Details, list[Problem]]:
    """Read further fields from text (a list may come as a tuple, or as text with semicolons).

    Problems are placed as in `read_footprint`. Codes: row_number_expected, row_date_expected, row_yes_no_expected,
    footprint_share_over_100, row_too_small, and detail_* of the sentence file of the carbon register.
    """
    row = cells.Row({k: v if isinstance(v, str) else "; ".join(v) for k, v in values.items()}, where)
    read: dict[str, Value] = {}
    for one in FIELDS:
        given = values.get(one.key, "")
        value = _list(row, one, given) if one.kind in LISTS else _single(row, one)
        if value:
            read[one.key] = value
    _judge_ratings(row, read)
    _judge_switches(row, read)
    return Details(read), row.problems


def _single(row: cells.Row, one: Field) -> str:
    text = (row.values.get(one.key) or "").strip()
    if not text:
        return ""
    if len(text) > LONGEST:
        cells.add_problem(row, one.key, "detail_too_long", most=LONGEST)
        return ""
    if one.kind in ("number", "share", "rating"):
        return _number(row, one, text)
    if one.kind == "flag":
        return _flag(row, one.key)
    if one.kind == "day":
        read = cells.day(row, one.key)
        return read.isoformat() if read else ""
    if one.kind == "choice" and text not in one.choices:
        cells.add_problem(row, one.key, "detail_choice_unknown", choices=", ".join(one.choices))
        return ""
    if one.key == "subdivision" and not _SUBDIVISION.fullmatch(text):
        cells.add_problem(row, one.key, "detail_subdivision_expected")
        return ""
    return text


def _number(row: cells.Row, one: Field, text: str) -> str:
    if not re.fullmatch(cells.LONG_NUMBER_PATTERN, text):
        cells.add_problem(row, one.key, "row_number_expected")
        return ""
    value = Decimal(text)
    if (one.sign == "+" and value < 0) or (one.kind in ("share", "rating") and value < 0):
        cells.add_problem(row, one.key, "row_too_small", least="0")
    elif one.sign == "-" and value > 0:
        cells.add_problem(row, one.key, "detail_above_zero")
    elif one.kind == "share" and value > 100:
        cells.add_problem(row, one.key, "footprint_share_over_100")
    return text


def _flag(row: cells.Row, key: str) -> str:
    before = len(row.problems)
    value = cells.yes_no(row, key)
    return "" if len(row.problems) > before else "true" if value else "false"


def _list(row: cells.Row, one: Field, given: str | tuple[str, ...]) -> tuple[str, ...]:
    parts = given if isinstance(given, tuple) else tuple(given.split(";"))
    found = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if one.key == "gas_basis":
        found = tuple(dict.fromkeys(part.strip() for item in found for part in item.split(",")))
    if one.key == "standards":
        found = tuple(_SAME_STANDARD.get(item.casefold().replace(" ", ""), item) for item in found)
    if any(len(item) > LONGEST for item in found):
        cells.add_problem(row, one.key, "detail_too_long", most=LONGEST)
    for item in found:
        code = _item_trouble(one, item)
        if code:
            cells.add_problem(row, one.key, code, item=item[:80])
            return ()
    return found


def _item_trouble(one: Field, item: str) -> str:
    if one.kind == "urns" and not _URN.fullmatch(item):
        return "detail_urn_expected"
    if one.kind == "uuids" and not is_uuid(item):
        return "detail_uuid_expected"
    if one.key == "gas_basis" and not _GAS_BASIS.fullmatch(item):
        return "detail_gas_basis_expected"
    if one.kind == "sources" and not all(part.strip() for part in _halves(item)):
        return "detail_source_form"
    if one.kind == "rules" and not all(part.strip() for part in item.partition(":")[::2]):
        return "detail_rule_form"
    return ""


def _halves(item: str) -> tuple[str, str]:
    name, _, version = item.rpartition(":")
    return name, version


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID in its usual form with hyphens."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _judge_ratings(row: cells.Row, read: Mapping[str, Value]) -> None:
    """Ratings need the name of their scale, and lie on it; a rating is never moved to another scale."""
    rated = [key for key in read if FIELD[key].kind == "rating"]
    scale = read.get("rating_scale")
    if rated and not isinstance(scale, str):
        cells.add_problem(row, "rating_scale", "detail_scale_missing")
        return
    if not isinstance(scale, str):
        return
    low, high = RATING_SCALES[scale]
    for key in rated:
        value = read[key]
        if isinstance(value, str) and not Decimal(low) <= Decimal(value) <= Decimal(high):
            cells.add_problem(row, key, "detail_off_scale", low=low, high=high)


def _judge_switches(row: cells.Row, read: Mapping[str, Value]) -> None:
    """What PACT wants left out when the matching switch says that it is not included."""
    if read.get("packaging_included") == "false" and "packaging" in read:
        cells.add_problem(row, "packaging", "detail_packaging_not_included")
    if read.get("ccs_included") == "false":
        for key in ("ccs_capture", "technological_removals", "capture_origin"):
            if key in read:
                cells.add_problem(row, key, "detail_capture_not_included")
