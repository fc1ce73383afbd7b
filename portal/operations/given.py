"""What a person gave for one indicator: made fit to be stored, and compared with what stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.core.errors import Refused
from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator
from portal.core.questionnaire.reading import is_blank
from portal.store.answers import AnswerChange
from portal.store.site_answers import AnyAnswer, SiteAnswerChange

LONGEST_GIVEN = 400_000
HIGHEST_VERSION = 2**31 - 2


@dataclass(frozen=True)
class Given:
    """What a person gave for one indicator: `raw` text, list of keys, list of rows or None; the unit it was
    typed in; `base`, the version of the answer that the person saw (0: none yet)."""

    raw: object
    unit: str | None
    base: int


def shown_raw(row: AnyAnswer | AnswerChange | SiteAnswerChange) -> Any:
    """What a field shows for a stored answer: exactly what was typed, else the stored value."""
    return row.value if row.typed is None else row.typed


def same_given(indicator: Indicator, given: Given, raw: object, unit: str | None) -> bool:
    """Whether `given` says nothing else than `raw` typed in `unit`."""
    if is_empty(given.raw) or is_empty(raw):
        return is_empty(given.raw) and is_empty(raw)
    return _comparable(given.raw) == _comparable(raw) and (
        (given.unit or indicator.unit) == (unit or indicator.unit)
    )


def cleaned(given: Given) -> Given:
    """What is stored of it: plain JSON that every database takes. Raises Refused (answer_too_long)."""
    raw = _storable(given.raw)
    if len(json.dumps(raw)) > LONGEST_GIVEN:
        raise Refused("answer_too_long", most=LONGEST_GIVEN)
    unit = _storable_text(given.unit)[:40] if given.unit else None
    return Given(raw, unit, min(max(given.base, 0), HIGHEST_VERSION))


def _storable(raw: object, deeper: bool = True) -> Any:
    """`raw` as plain JSON that every store takes: texts, lists of texts, lists of rows of texts."""
    if raw is None or isinstance(raw, str):
        return None if raw is None else _storable_text(raw)
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Decimal):
        return format(raw, "f")
    if isinstance(raw, list | tuple) and deeper:
        return [_row(item) for item in raw]
    return _storable_text(str(raw))


def _row(item: object) -> Any:
    if isinstance(item, Mapping):
        return {
            _storable_text(str(k)): "" if v is None else _storable(v, deeper=False) for k, v in item.items()
        }
    return _storable(item, deeper=False)


def _storable_text(text: str) -> str:
    """Line ends as one newline; halves of broken characters, which no database takes, become a question mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode()


def is_empty(raw: object) -> bool:
    """Whether nothing was given. An empty list is something: none of these, no rows."""
    return is_blank(raw)


def _comparable(raw: object) -> object:
    """Empty and absent cells say the same, and so does the order in which boxes were ticked."""
    if not isinstance(raw, list | tuple):
        return raw
    if all(isinstance(item, str) for item in raw):
        return sorted(raw)
    return [{k: v for k, v in item.items() if v != ""} if isinstance(item, Mapping) else item for item in raw]


def problems_json(problems: Sequence[Problem]) -> list[dict[str, Any]] | None:
    """Problems as they are kept with an answer; None for none."""
    kept = [
        {
            "code": p.code,
            "where": p.where,
            "values": {k: v if isinstance(v, int) else str(v) for k, v in p.values.items()},
        }
        for p in problems
    ]
    return kept or None
