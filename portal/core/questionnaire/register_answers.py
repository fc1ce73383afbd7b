"""Answers that the carbon register knows: what it proposes for which indicator, and whether an answer says the same.

Which indicator takes which fact is data of the questionnaire (register.yaml). Of the entries of an indicator the first
whose rule certainly holds and whose figures are known speaks; an answer is only ever proposed, never stored here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.core.exact import decimal_text
from portal.core.questionnaire.facts import FACTS, ROWS, Facts, Row, Rows
from portal.core.questionnaire.hints import PLACE, certain
from portal.core.questionnaire.kinds import read
from portal.core.questionnaire.model import Indicator, Questionnaire, RegisterEntry, find_indicator
from portal.core.questionnaire.reading import Value
from portal.core.units import convert


@dataclass(frozen=True)
class Proposal:
    """What the register says about one answer now: `value` canonical, None where it only tells; `facts` are the
    figures its text names."""

    entry: RegisterEntry
    value: Value | None
    facts: Facts


def proposals(
    questionnaire: Questionnaire,
    open_codes: Collection[str],
    answers: Mapping[str, object],
    facts: Facts,
    rows: Rows,
    whose: str = "company",
) -> dict[str, Proposal]:
    """What the register says by the code of the indicator; nothing for closed ones and where it knows nothing.

    `whose` is "company", or "site" with the facts and rows of that site.
    """
    found: dict[str, Proposal] = {}
    for entry in _speaking(questionnaire, open_codes, answers, facts, whose):
        one = find_indicator(questionnaire, entry.indicator)
        if one is None or entry.indicator in found:
            continue
        value = _value(one, entry, facts, rows) if entry.take else None
        if value is not None or not entry.take:
            found[entry.indicator] = Proposal(entry, value, _named(entry, facts))
    return found


def told_of_all_sites(
    questionnaire: Questionnaire, open_codes: Collection[str], answers: Mapping[str, object], facts: Facts
) -> dict[str, tuple[Proposal, ...]]:
    """What is to be said beside the answers of all sites, by the code of the indicator: every entry that holds."""
    found: dict[str, tuple[Proposal, ...]] = {}
    for entry in _speaking(questionnaire, open_codes, answers, facts, "sites"):
        told = Proposal(entry, None, _named(entry, facts))
        found[entry.indicator] = (*found.get(entry.indicator, ()), told)
    return found


def known_per_site(questionnaire: Questionnaire) -> frozenset[str]:
    """The indicators whose answers of sites the register can know."""
    return frozenset(entry.indicator for entry in questionnaire.register if entry.whose == "site")


def _speaking(
    questionnaire: Questionnaire,
    open_codes: Collection[str],
    answers: Mapping[str, object],
    facts: Facts,
    whose: str,
) -> list[RegisterEntry]:
    """The entries whose rule certainly holds and whose figures are known, in the order of the file."""
    entries = [e for e in questionnaire.register if e.whose == whose and e.indicator in open_codes]
    ruled = [entry.rule for entry in entries if entry.rule is not None]
    holding = iter(certain(questionnaire, ruled, open_codes, answers, facts))
    speaking = [entry for entry in entries if entry.rule is None or next(holding)]
    return [entry for entry in speaking if named_in(entry) <= facts.keys()]


def _named(entry: RegisterEntry, facts: Facts) -> Facts:
    return {name: facts[name] for name in sorted(named_in(entry))}


def named_in(entry: RegisterEntry) -> frozenset[str]:
    """The facts that the texts of an entry name."""
    texts = (entry.text, entry.note) if entry.note else (entry.text,)
    return frozenset(
        name for text in texts for part in (text.en, text.zh) for name in PLACE.findall(part) if name in FACTS
    )


def raw_of(indicator: Indicator, value: Value) -> Any:
    """A proposed value as a person would type it, in the indicator's own unit; one that was read gives itself."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    return [dict(row) for row in value if isinstance(row, dict)] if isinstance(value, tuple) else value


def joined(entry: RegisterEntry, proposed: Value, standing: object) -> Value:
    """The proposed answer with what a person wrote beside it: cells of columns the register does not fill stay in the
    rows that `same_row` tells to be the same ones."""
    if not isinstance(proposed, tuple) or not isinstance(standing, tuple) or not entry.same_row:
        return proposed
    filled = {column.key for column in entry.columns}
    before = _by_key(entry, standing)
    after = _by_key(entry, proposed)
    found = []
    for row in proposed:
        assert isinstance(row, dict)
        key = _key(entry, row)
        kept = before[key][0] if len(before.get(key, ())) == len(after[key]) == 1 else {}
        found.append({**{k: v for k, v in kept.items() if k not in filled}, **row})
    return tuple(found)


def agrees(entry: RegisterEntry, proposed: Value, standing: object) -> bool:
    """Whether an answer says what the register says: a number as exactly as it was written, a table in the columns
    that the register fills, whatever the order of rows."""
    if isinstance(proposed, Decimal) and isinstance(standing, Decimal):
        places = -int(standing.as_tuple().exponent)
        return standing == (round(proposed, places) if places >= 0 else proposed)
    if isinstance(proposed, tuple) and isinstance(standing, tuple):
        return _seen(entry, proposed) == _seen(entry, standing)
    return proposed == standing


def _seen(entry: RegisterEntry, rows: tuple[Any, ...]) -> list[list[tuple[str, str]]]:
    filled = {column.key for column in entry.columns}
    return sorted(sorted((k, v) for k, v in row.items() if k in filled) for row in rows)


def _by_key(entry: RegisterEntry, rows: tuple[Any, ...]) -> dict[tuple[str, ...], list[dict[str, str]]]:
    found: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(_key(entry, row), []).append(row)
    return found


def _key(entry: RegisterEntry, row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.get(key, "") for key in entry.same_row)


def _value(indicator: Indicator, entry: RegisterEntry, facts: Facts, rows: Rows) -> Value | None:
    """The answer as the indicator reads it; None where the register is silent or the answer would not be accepted."""
    raw: object
    if entry.take in ROWS:
        # nothing to list is an answer of a site whose twelve months are known; of the company it is silence
        if entry.take not in rows or not (rows[entry.take] or entry.whose == "site"):
            return None
        raw = [_cells(indicator, entry, row) for row in rows[entry.take]]
    else:
        fact = facts.get(entry.take)
        if fact is None:
            return None
        unit = FACTS[entry.take].unit
        raw = _text(fact, unit, indicator.unit) if isinstance(fact, Decimal) else fact
    reading = read(indicator, raw)
    return None if reading.problems else reading.value


def _cells(indicator: Indicator, entry: RegisterEntry, row: Row) -> dict[str, str]:
    columns = {column.key: column for column in indicator.columns}
    found = {}
    for filled in entry.columns:
        value = row.get(filled.field)
        if value is None or value == "":
            continue
        field = ROWS[entry.take][filled.field]
        if isinstance(value, Decimal):
            found[filled.key] = _text(value, field.unit, columns[filled.key].unit)
        else:
            named = str(row.get(field.name) or value) if field.name else value
            found[filled.key] = filled.words.get(value, named)
    return found


def _text(number: Decimal, unit: str, wanted: str) -> str:
    return decimal_text(convert(number, unit, wanted) if unit and wanted else number)
