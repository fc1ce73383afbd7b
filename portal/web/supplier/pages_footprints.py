"""Page objects of the form for one footprint: the essentials first, PACT's further fields group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.core.carbon.details import restored, text_of
from portal.core.carbon.pact_fields import COLUMNS, FIELD, GROUPS, REGIONS
from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.core.questionnaire.unit_words import unit_choice
from portal.files.footprint_form import FOOTPRINTS, SHORT
from portal.files.tabular import Column
from portal.language import N_, say
from portal.language.pact_words import CHOICE_WORDS, GROUP_WORDS
from portal.store.carbon import FootprintRow

LONG = frozenset(
    {"product_description", "boundary", "allocation", "exempted_reason", "comment", "verification_comment"}
)


@dataclass(frozen=True)
class TypedField:
    """One field: `form` is line, area, date, number or choice (with `choices` as key and words)."""

    key: str
    words: str
    note: str
    required: bool
    form: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class TypedGroup:
    """Fields that belong together, under a heading; `open` when one of them was filled or is wrong."""

    words: str
    fields: tuple[TypedField, ...]

    @property
    def open(self) -> bool:
        return any(field.value or field.problems for field in self.fields)


@dataclass(frozen=True)
class TypingPage:
    """The form; `problems` pairs each problem with the field it stands at ("" for none)."""

    essentials: tuple[TypedField, ...]
    groups: tuple[TypedGroup, ...]
    problems: tuple[tuple[str, Problem], ...]

    @property
    def more_open(self) -> bool:
        return any(group.open for group in self.groups)


def typing_page(
    values: Mapping[str, str], problems: Sequence[Problem], locale: str, materials: list[tuple[str, str]]
) -> TypingPage:
    """The form with what was typed and what is wrong with it."""
    plain = {column.key: _field(column, values, locale, materials) for column in FOOTPRINTS.columns}
    fields = {
        key: replace(field, problems=tuple(_in_label(p, plain) for p in problems if p.where == key))
        for key, field in plain.items()
    }
    groups = tuple(
        TypedGroup(
            say(locale, GROUP_WORDS[name]), tuple(fields[one.key] for one in COLUMNS if one.group == name)
        )
        for name in GROUPS
    )
    placed = tuple((p.where if p.where in fields else "", _in_label(p, fields)) for p in problems)
    return TypingPage(
        tuple(fields[column.key] for column in SHORT), tuple(g for g in groups if g.fields), placed
    )


def typed_values(row: FootprintRow) -> dict[str, str]:
    """A stored footprint as form text, to be brought up to date; it keeps its number and so replaces the old one."""
    details = restored(row.details or {})
    values = {one.key: text_of(details, one.key) for one in COLUMNS}
    values |= {
        "footprint_id": row.footprint_id,
        "product_id": row.product_id,
        "material": row.material,
        "declared_unit": row.declared_unit,
        "declared_amount": decimal_text(row.declared_amount),
        "pcf_kgco2e": format(row.pcf_kgco2e, "f"),
        "period_start": row.period_start.isoformat(),
        "period_end": row.period_end.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else "",
        "primary_data_share": format(row.primary_data_share, "f")
        if row.primary_data_share is not None
        else "",
        "verified": "yes" if row.verified else "no",
        "geography": row.geography,
    }
    if row.pact_id:
        values["preceding_ids"] = row.pact_id
        values["footprint_id"] = f"{row.product_id}-{row.period_end.year}"
    return values


def _in_label(problem: Problem, fields: Mapping[str, TypedField]) -> Problem:
    """A problem with the words of fields in place of their keys, as the person sees them on the form."""
    words = {
        name: fields[str(found)].words
        for name, found in problem.values.items()
        if name in ("column", "other") and str(found) in fields
    }
    where = fields[problem.where].words if problem.where in fields else problem.where
    return replace(problem, where=where, values={**problem.values, **words})


def _field(
    column: Column, values: Mapping[str, str], locale: str, materials: list[tuple[str, str]]
) -> TypedField:
    form = "area" if column.key in LONG else {"text": "line", "year": "line"}.get(column.form, column.form)
    choices = tuple((key, _choice(key, locale)) for key in column.choices)
    if column.key == "material":
        form, choices = "choice", tuple(materials[1:])
    if column.key == "region":
        form, choices = "choice", tuple((name, name) for name in REGIONS)
    value = values.get(column.key, "")
    if form == "choice" and FIELD.get(column.key) and FIELD[column.key].kind == "flag":
        value = {"true": "yes", "false": "no"}.get(value, value)
    note = N_("What the buyer purchases it as.") if column.key == "material" else column.note
    return TypedField(
        column.key,
        say(locale, column.label),
        say(locale, note),
        column.required,
        form,
        value,
        choices,
    )


def _choice(key: str, locale: str) -> str:
    words = {"yes": N_("yes"), "no": N_("no"), **CHOICE_WORDS}
    return say(locale, words[key]) if key in words else unit_choice(key, locale)
