"""What the pages of what-ifs show: the form row by row, and a result with everything it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon.what_if import Outcome, Slice
from portal.core.exact import decimal_of, decimal_text
from portal.core.problems import Problem
from portal.core.questionnaire.unit_words import unit_one
from portal.core.units import convert, unit_class
from portal.files.anchors import Anchor, anchor_by_id, anchors
from portal.language import N_, say
from portal.language.forms import show_number, show_percent
from portal.operations.what_ifs import result_of
from portal.store.targets import WhatIf
from portal.web.forms.footprint import without_place
from portal.web.words import material_word

PROMISES, CUTS = 3, 3
UNITS = ("kg", "t", "m2", "m3", "l", "piece", "kWh", "MWh", "kWp", "MWp")
WAY_WORDS = {"granular": N_("granular (fluidised bed)")}
KG = Decimal(1000)


@dataclass(frozen=True)
class FormRow:
    """One row of the form: the name its fields begin with, what was typed, and what is wrong by field."""

    prefix: str
    values: Mapping[str, str]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Composing:
    """The form: rows of each kind with the choices they offer, as (value, words)."""

    promises: Sequence[FormRow]
    switch: FormRow
    cuts: Sequence[FormRow]
    bought: Sequence[tuple[str, str]]
    anchors: Sequence[tuple[str, str]]
    materials: Sequence[tuple[str, str]]
    general: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class MeasureLine:
    """One change in words with what it rests on; tonnes it acts on, would avoid alone, cannot reach."""

    words: str
    basis: str
    url: str
    anchor: bool
    acts_on: Decimal
    alone: Decimal
    out_of_reach: Decimal


@dataclass(frozen=True)
class ResultPage:
    """A result in tCO2e. `together` is less than the sum of `alone` where changes overlap."""

    before: Decimal
    after: Decimal
    avoided: Decimal
    percent: Decimal | None
    alone: Decimal
    lines: Sequence[MeasureLine]
    suppliers: Sequence[tuple[str, str, Decimal]]
    materials: Sequence[tuple[str, Decimal]]


def given_measures(form: Mapping[str, str]) -> list[tuple[str, dict[str, str]]]:
    """The rows of a posted form that say anything: the name their fields begin with, and the measure as plain data."""
    found: list[tuple[str, dict[str, str]]] = []
    for number in range(1, PROMISES + 1):
        values = _row(form, f"promise-{number}", ("bought", "value", "unit", "source"))
        if values["bought"] or values["value"] or values["source"]:
            supplier, _, material = values.pop("bought").partition("|")
            found.append(
                (
                    f"promise-{number}",
                    {**values, "kind": "promise", "supplier": supplier, "material": material},
                )
            )
    if form.get("switch-anchor", "").strip():
        found.append(("switch", {"kind": "switch", "anchor": form["switch-anchor"].strip()}))
    for number in range(1, CUTS + 1):
        values = _row(form, f"cut-{number}", ("material", "percent"))
        if any(values.values()):
            found.append((f"cut-{number}", {**values, "kind": "cut"}))
    return found


def composing(
    slices: Sequence[Slice],
    names: Mapping[str, str],
    locale: str,
    form: Mapping[str, str],
    prefixes: Sequence[str] = (),
    problems: Sequence[Problem] = (),
) -> Composing:
    """The form as it stands; `prefixes` name the rows that the numbers of `problems` count."""
    errors: dict[str, dict[str, list[str]]] = {}
    general: dict[str, list[str]] = {}
    for problem in problems:
        number, _, name = problem.where.partition("-")
        if name and number.isdigit() and 0 < int(number) <= len(prefixes):
            shown = {"supplier": "bought", "material": "bought"}.get(name, name)
            prefix = prefixes[int(number) - 1]
            key = name if prefix.startswith("cut") else shown
            errors.setdefault(prefix, {}).setdefault(key, []).append(without_place(problem))
        else:
            general.setdefault(problem.where or "measures", []).append(without_place(problem))
    materials = sorted({one.material for one in slices if one.material})
    return Composing(
        promises=[
            _form_row(form, f"promise-{n}", ("bought", "value", "unit", "source"), errors)
            for n in range(1, PROMISES + 1)
        ],
        switch=_form_row(form, "switch", ("anchor",), errors),
        cuts=[_form_row(form, f"cut-{n}", ("material", "percent"), errors) for n in range(1, CUTS + 1)],
        bought=_bought(slices, names, locale),
        anchors=[(a.id, anchor_words(a, locale)) for a in anchors()],
        materials=[(key, material_word(locale, key)) for key in materials],
        general=general,
    )


def anchor_words(anchor: Anchor, locale: str) -> str:
    """An anchor in one line: what, how much, whether part of it is missing."""
    name = anchor.name_zh if locale == "zh" and anchor.name_zh else anchor.name_en
    words = (
        N_("{name}: {value} kgCO₂e/{unit}, in part only")
        if anchor.partial
        else N_("{name}: {value} kgCO₂e/{unit}")
    )
    return say(
        locale, words, name=name, value=show_number(anchor.value, locale), unit=unit_one(anchor.unit, locale)
    )


def result_page(
    outcome: Outcome, measures: Sequence[Mapping[str, str]], names: Mapping[str, str], locale: str
) -> ResultPage:
    """A result just worked out."""
    return _page(result_of(outcome), measures, names, locale)


def kept_page(row: WhatIf, names: Mapping[str, str], locale: str) -> ResultPage:
    """A result as it was kept."""
    return _page(row.result, row.measures, names, locale)


def _page(
    result: Mapping[str, object], measures: Sequence[Mapping[str, str]], names: Mapping[str, str], locale: str
) -> ResultPage:
    before, avoided = _t(result["before_kgco2e"]), _t(result["avoided_kgco2e"])
    parts: Sequence[Mapping[str, str]] = result["parts"]  # type: ignore[assignment]  # plain data, see result_of
    suppliers: Mapping[str, str] = result["by_supplier"]  # type: ignore[assignment]
    materials: Mapping[str, str] = result["by_material"]  # type: ignore[assignment]
    lines = [_measure(m, part, names, locale) for m, part in zip(measures, parts, strict=True)]
    return ResultPage(
        before=before,
        after=_t(result["after_kgco2e"]),
        avoided=avoided,
        percent=100 * avoided / before if before > 0 else None,
        alone=sum((line.alone for line in lines), Decimal(0)),
        lines=lines,
        suppliers=sorted(
            ((s, names.get(s, s), _t(kg)) for s, kg in suppliers.items()), key=lambda one: -one[2]
        ),
        materials=sorted(
            ((material_word(locale, m), _t(kg)) for m, kg in materials.items()), key=lambda one: -one[1]
        ),
    )


def _measure(
    measure: Mapping[str, str], part: Mapping[str, str], names: Mapping[str, str], locale: str
) -> MeasureLine:
    words, basis, url, anchored = _words(measure, names, locale)
    return MeasureLine(
        words=words,
        basis=basis,
        url=url,
        anchor=anchored,
        acts_on=_t(part["acts_on_kgco2e"]),
        alone=_t(part["alone_kgco2e"]),
        out_of_reach=_t(part["out_of_reach_kgco2e"]),
    )


def _words(measure: Mapping[str, str], names: Mapping[str, str], locale: str) -> tuple[str, str, str, bool]:
    material = material_word(locale, measure["material"])
    if measure["kind"] == "cut":
        percent = show_percent(
            Decimal(measure["percent"]), locale, 0 if Decimal(measure["percent"]) % 1 == 0 else 1
        )
        return (
            say(locale, N_("{material}: {percent} less"), material=material, percent=percent),
            "",
            "",
            False,
        )
    value = show_number(Decimal(measure["value"]), locale)
    if measure["kind"] == "promise":
        said = say(
            locale,
            N_("{supplier} delivers {material} at {value} kgCO₂e/{unit}"),
            supplier=names.get(measure["supplier"], measure["supplier"]),
            material=material,
            value=value,
            unit=unit_one(measure["unit"], locale),
        )
        return said, measure["source"], "", False
    anchor = anchor_by_id(measure["anchor"])
    way = say(locale, WAY_WORDS[anchor.way]) if anchor else ""
    said = say(
        locale,
        N_("All {material} {way}, at {value} kgCO₂e/{unit}"),
        material=material,
        way=way,
        value=value,
        unit=unit_one(measure["unit"], locale),
    )
    if anchor is None:
        return said, measure["anchor"], "", True
    pieces = [anchor_words(anchor, locale), anchor.formula, anchor.source, anchor.boundary]
    return said, " · ".join(piece for piece in pieces if piece), anchor.url, True


def _bought(slices: Sequence[Slice], names: Mapping[str, str], locale: str) -> list[tuple[str, str]]:
    """What was bought by quantity, largest first: supplier and material with today's intensity."""
    found = []
    for one in sorted(slices, key=lambda s: -s.kg):
        if one.quantity is None or one.quantity <= 0 or one.kg <= 0 or unit_class(one.unit) is None:
            continue
        unit = "kg" if unit_class(one.unit) == "mass" else one.unit
        today = decimal_of(Fraction(one.kg) / Fraction(convert(one.quantity, one.unit, unit)))
        words = say(
            locale,
            N_("{supplier}, {material}: {value} kgCO₂e/{unit} today"),
            supplier=names.get(one.supplier, one.supplier),
            material=material_word(locale, one.material),
            value=show_number(today, locale, 2),
            unit=unit_one(unit, locale),
        )
        found.append((f"{one.supplier}|{one.material}", words))
    return found


def _row(form: Mapping[str, str], prefix: str, names: Sequence[str]) -> dict[str, str]:
    return {name: (form.get(f"{prefix}-{name}") or "").strip() for name in names if name != "unit"} | (
        {"unit": form.get(f"{prefix}-unit", UNITS[0])} if "unit" in names else {}
    )


def _form_row(
    form: Mapping[str, str],
    prefix: str,
    names: Sequence[str],
    errors: Mapping[str, Mapping[str, Sequence[str]]],
) -> FormRow:
    return FormRow(prefix, _row(form, prefix, names), errors.get(prefix, {}))


def _t(kg: object) -> Decimal:
    return Decimal(decimal_text(decimal_of(Fraction(str(kg)) / 1000)))
