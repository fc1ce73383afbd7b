"""Whether the entries of register.yaml make sense: facts exist, kinds and units fit, every key has its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.core.problems import Problem
from portal.core.questionnaire.facts import FACTS, ROWS, SITE, SITES, RowField
from portal.core.questionnaire.hint_rule import names_in
from portal.core.questionnaire.hints import PLACE
from portal.core.questionnaire.model import Column, Indicator, Questionnaire, RegisterEntry, indicators_of
from portal.core.questionnaire.soundness_hints import figure_problems, rule_problems
from portal.core.questionnaire.tables import LONGEST_CELL
from portal.core.units import unit_class

PAGES = ("inventories", "footprints", "electricity", "certificates", "deliveries")
_FITS = {
    "number": ("quantity",),
    "percentage": ("quantity",),
    "year": ("year",),
    "yes_no": ("yes_no",),
    "text": ("text", "key", "named"),
    "date": ("date",),
}


def register_problems(questionnaire: Questionnaire) -> list[Problem]:
    """Every problem with the entries; `where` is the model path "register[3].take"."""
    known = {i.code: i for i in indicators_of(questionnaire)}
    found: list[Problem] = []
    always: set[tuple[str, str]] = set()
    for number, entry in enumerate(questionnaire.register):
        path = f"register[{number}]"
        if (entry.indicator, entry.whose) in always and entry.whose != "sites":
            found.append(
                Problem("register_never_reached", f"{path}.indicator", {"indicator": entry.indicator})
            )
        if entry.rule is None and not entry.take:
            always.add((entry.indicator, entry.whose))
        for text, key in ((entry.text, "text"), (entry.note, "note")):
            found += figure_problems(questionnaire, text, f"{path}.{key}") if text else []
        found += rule_problems(questionnaire, entry.rule, f"{path}.when") if entry.rule else []
        one = known.get(entry.indicator)
        if one is None:
            found.append(Problem("hint_code_unknown", f"{path}.indicator", {"indicator": entry.indicator}))
        else:
            found += _taken(entry, one, path)
        found += _of_sites(entry, path)
        found += _strangers(entry, path)
    return found


def per_site_problems(questionnaire: Questionnaire) -> list[Problem]:
    """Entries for answers of sites to indicators that sites do not answer; asked once the levels are known."""
    per_site = {i.code for i in indicators_of(questionnaire) if i.level == "site"}
    return [
        Problem("register_not_per_site", f"register[{number}].for", {"indicator": entry.indicator})
        for number, entry in enumerate(questionnaire.register)
        if entry.whose != "company" and entry.indicator not in per_site
    ]


def _of_sites(entry: RegisterEntry, path: str) -> Iterator[Problem]:
    if entry.whose == "sites" and (entry.take or entry.note):
        yield Problem("register_sites_told", f"{path}.{'take' if entry.take else 'note'}")
    if entry.whose == "site" and entry.take and not entry.take.startswith(SITE):
        yield Problem("register_take_of_company", f"{path}.take", {"found": entry.take[:60]})


def _strangers(entry: RegisterEntry, path: str) -> Iterator[Problem]:
    """Facts of sites that an entry names but that are not known where it speaks."""
    known = {"company": (), "site": (SITE, SITES), "sites": (SITES,)}[entry.whose]
    strange = tuple(start for start in (SITE, SITES) if start not in known)
    named = {"take": {entry.take}, "when": names_in(entry.rule) if entry.rule else frozenset()}
    for key, text in (("text", entry.text), ("note", entry.note)):
        named[key] = set(PLACE.findall(text.en)) if text else set()
    for key, names in named.items():
        for name in sorted(name for name in names if name.startswith(strange)) if strange else ():
            yield Problem("register_site_unknown_here", f"{path}.{key}", {"found": name[:60]})


def _taken(entry: RegisterEntry, one: Indicator, path: str) -> Iterator[Problem]:
    if not entry.take:
        if entry.columns or entry.same_row:
            yield Problem("register_nothing_taken", f"{path}.columns", {"indicator": one.code})
    elif entry.take in ROWS:
        yield from _rows(entry, one, path)
    elif entry.take in FACTS:
        fact = FACTS[entry.take]
        if fact.kind not in _FITS.get(one.kind, ()):
            yield _unfit(f"{path}.take", entry.take, fact.kind, one.code, one.kind)
        elif not _same_class(fact.unit, one.unit):
            yield _units(f"{path}.take", entry.take, fact.unit, one.code, one.unit)
    else:
        known = ", ".join([*FACTS, *ROWS])
        yield Problem("hint_fact_unknown", f"{path}.take", {"found": entry.take[:60], "known": known})


def _rows(entry: RegisterEntry, one: Indicator, path: str) -> Iterator[Problem]:
    if one.kind != "table":
        yield _unfit(f"{path}.take", entry.take, "rows", one.code, one.kind)
        return
    columns = {column.key: column for column in one.columns}
    if not entry.columns:
        yield Problem("register_columns_missing", f"{path}.take", {"indicator": one.code})
    for number, key in enumerate(entry.same_row):
        if key not in {filled.key for filled in entry.columns}:
            yield Problem("register_same_row_unfilled", f"{path}.same_row[{number}]", {"found": key[:60]})
    for filled in entry.columns:
        where = f"{path}.columns.{filled.key}"
        fields = ROWS[entry.take]
        if filled.key not in columns:
            values = {"found": filled.key[:60], "columns": ", ".join(columns)}
            yield Problem("hint_column_unknown", where, values)
        elif filled.field not in fields:
            values = {"found": filled.field[:60], "rows": entry.take, "known": ", ".join(fields)}
            yield Problem("register_field_unknown", where, values)
        else:
            yield from _column(columns[filled.key], fields[filled.field], filled.field, filled.words, where)


def _column(
    column: Column, field: RowField, name: str, words: Mapping[str, str], where: str
) -> Iterator[Problem]:
    if field.kind not in _FITS.get(column.kind, ()):
        yield _unfit(where, name, field.kind, column.key, column.kind)
    elif not _same_class(field.unit, column.unit):
        yield _units(where, name, field.unit, column.key, column.unit)
    missing = [key for key in field.keys if key not in words]
    surplus = [] if field.kind == "named" else [key for key in words if key not in field.keys]
    if missing or surplus:
        values = {"missing": ", ".join(missing) or "–", "surplus": ", ".join(surplus) or "–"}
        yield Problem("register_words_differ", where, {"field": name, **values})
    offered = {suggestion.value for suggestion in column.suggestions}
    for text in words.values():
        if (offered and text not in offered) or len(text) > LONGEST_CELL:
            values = {"found": text[:60], "column": column.key, "known": ", ".join(sorted(offered))}
            yield Problem("register_word_not_offered", where, values)


def _same_class(unit: str, other: str) -> bool:
    return (unit_class(unit) or "count") == (unit_class(other) or "count")


def _unfit(where: str, name: str, kind: str, target: str, wanted: str) -> Problem:
    return Problem(
        "register_kind_unfit", where, {"name": name, "kind": kind, "target": target, "fits": wanted}
    )


def _units(where: str, name: str, unit: str, target: str, wanted: str) -> Problem:
    values = {"name": name, "unit": unit or "–", "target": target, "wanted": wanted or "–"}
    return Problem("register_unit_differs", where, values)
