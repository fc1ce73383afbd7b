"""What-ifs on an estimate: worked out from its lines, saved by name with everything they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon import cells
from portal.core.carbon.targets import Change
from portal.core.carbon.what_if import Cut, Measure, Outcome, Promise, Slice, Switch
from portal.core.errors import Invalid, NotFound
from portal.core.exact import decimal_of, decimal_text
from portal.core.problems import Problem
from portal.core.questionnaire.reading import unprintable
from portal.files.anchors import anchor_by_id
from portal.files.vault import Vault
from portal.operations.estimate_cells import cells_of
from portal.operations.journal import note
from portal.store.estimates import Estimate
from portal.store.targets import WhatIf, what_if_by_id

YEARS = range(1990, 2101)
LONGEST_NAME = 120
MOST_MEASURES = 20


@dataclass(frozen=True)
class Sketch:
    """A what-if as composed: its name, the first year it acts in, and the measures as plain data (see `read_sketch`)."""

    name: str
    from_year: int
    measures: tuple[Mapping[str, str], ...]


def slices_of(vault: Vault, estimate: Estimate) -> list[Slice]:
    """The estimate's lines by supplier, material and unit, with tonnes and quantity. Exact sums.

    Lines bought by money alone stand in slices without a quantity; lines no method reached are left out.
    """
    sums: dict[tuple[str, str, str], tuple[Fraction, Fraction | None]] = {}
    for cell in cells_of(vault, estimate):
        if cell.kg is not None:
            key = (cell.supplier_id, cell.material, cell.unit)
            kg, quantity = sums.get(key, (Fraction(0), None))
            if cell.quantity is not None:
                quantity = (quantity or Fraction(0)) + Fraction(cell.quantity)
            sums[key] = (kg + Fraction(cell.kg), quantity)
    return [
        Slice(*key, decimal_of(kg), None if quantity is None else decimal_of(quantity))
        for key, (kg, quantity) in sorted(sums.items())
    ]


def read_sketch(given: Mapping[str, str], measures: Sequence[Mapping[str, str]]) -> Sketch:
    """A what-if from form text. Each measure is a mapping with `kind` and what belongs to it, all text:

    promise: supplier, material, value (kgCO2e), unit, source · switch: anchor · cut: material, percent.
    Raises Invalid with `where` naming the field (name, from_year, or `<number>-<field>` counted from 1):
    what_if_name_missing, words_too_long, words_unprintable, what_if_year_odd, what_if_empty, what_if_too_many,
    what_if_choose, row_missing, row_number_expected, row_too_small, row_unit_unknown, what_if_percent_over_100,
    what_if_twice.
    """
    problems: list[Problem] = []
    name = " ".join(given.get("name", "").split())
    if not name:
        problems.append(Problem("what_if_name_missing", "name"))
    elif len(name) > LONGEST_NAME:
        problems.append(Problem("words_too_long", "name", {"most": LONGEST_NAME}))
    elif unprintable(name):
        problems.append(Problem("words_unprintable", "name"))
    year = given.get("from_year", "").strip()
    odd = not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) in YEARS)
    if odd:
        problems.append(Problem("what_if_year_odd", "from_year"))
    if not measures:
        problems.append(Problem("what_if_empty", "measures"))
    if len(measures) > MOST_MEASURES:
        problems.append(Problem("what_if_too_many", "measures", {"most": MOST_MEASURES}))
    read = []
    for number, measure in enumerate(measures[:MOST_MEASURES], start=1):
        row = cells.Row(measure, str(number))
        read.append(_measure(row))
        problems += [Problem(p.code, p.where.replace(":", "-"), p.values) for p in row.problems]
    if not problems:
        problems += _doubled(read)
    if problems:
        raise Invalid(problems)
    return Sketch(name, int(year), tuple(read))


def measure_of(stored: Mapping[str, str]) -> Measure:
    """A stored measure in the form the rules of `portal.core.carbon.what_if` work on."""
    if stored["kind"] == "promise":
        return Promise(stored["supplier"], stored["material"], Decimal(stored["value"]), stored["unit"])
    if stored["kind"] == "switch":
        return Switch(stored["material"], Decimal(stored["value"]), stored["unit"], stored["anchor"])
    return Cut(stored["material"], Decimal(stored["percent"]))


def save_what_if(
    session: Session, actor: Actor, *, estimate: Estimate, sketch: Sketch, outcome: Outcome, now: datetime
) -> WhatIf:
    """Keep a what-if with its result."""
    row = WhatIf(
        name=sketch.name,
        estimate_id=estimate.id,
        from_year=sketch.from_year,
        measures=[dict(each) for each in sketch.measures],
        result=result_of(outcome),
        made_by_id=actor.user_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    note(
        session,
        actor,
        "what_if.saved",
        thing="what_if",
        thing_id=row.id,
        details={"name": row.name, "estimate": estimate.id, "avoided_kgco2e": row.result["avoided_kgco2e"]},
        now=now,
    )
    return row


def remove_what_if(session: Session, actor: Actor, *, what_if_id: int, now: datetime) -> WhatIf:
    """Take a what-if off the list; the row is kept. Raises NotFound."""
    row = kept_what_if(session, what_if_id)
    row.removed_at = now
    session.flush()
    note(
        session,
        actor,
        "what_if.removed",
        thing="what_if",
        thing_id=row.id,
        details={"name": row.name},
        now=now,
    )
    return row


def kept_what_if(session: Session, what_if_id: int) -> WhatIf:
    """One what-if. Raises NotFound."""
    row = what_if_by_id(session, what_if_id)
    if row is None:
        raise NotFound
    return row


def result_of(outcome: Outcome) -> dict[str, Any]:
    """An outcome as plain data: kgCO2e as exact decimal text."""
    return {
        "before_kgco2e": decimal_text(outcome.before_kg),
        "after_kgco2e": decimal_text(outcome.after_kg),
        "avoided_kgco2e": decimal_text(outcome.avoided_kg),
        "acts_on_kgco2e": decimal_text(outcome.acts_on_kg),
        "by_supplier": {name: decimal_text(kg) for name, kg in outcome.by_supplier.items()},
        "by_material": {name: decimal_text(kg) for name, kg in outcome.by_material.items()},
        "parts": [
            {
                "acts_on_kgco2e": decimal_text(part.acts_on_kg),
                "alone_kgco2e": decimal_text(part.alone_kg),
                "out_of_reach_kgco2e": decimal_text(part.out_of_reach_kg),
            }
            for part in outcome.parts
        ],
    }


def change_of(row: WhatIf) -> Change:
    """A what-if as the path draws it: each supplier's avoided share of the whole estimate."""
    before = Fraction(Decimal(row.result["before_kgco2e"]))
    if before <= 0:
        return Change(row.from_year, {})
    avoided = row.result["by_supplier"]
    return Change(row.from_year, {s: Fraction(Decimal(kg)) / before for s, kg in avoided.items()})


def _measure(row: cells.Row) -> Mapping[str, str]:
    kind = row.values.get("kind", "")
    if kind == "promise":
        value = cells.number(row, "value", required=True, least=Decimal(0))
        found = {name: cells.text(row, name, required=True) for name in ("supplier", "material", "source")}
        unit = cells.unit(row, "unit", required=True)
        return {"kind": kind, **found, "value": "" if value is None else decimal_text(value), "unit": unit}
    if kind == "switch":
        anchor = anchor_by_id(row.values.get("anchor", ""))
        if anchor is None:
            cells.add_problem(row, "anchor", "what_if_choose")
            return {"kind": kind}
        return {
            "kind": kind,
            "anchor": anchor.id,
            "material": anchor.material,
            "value": decimal_text(anchor.value),
            "unit": anchor.unit,
        }
    if kind == "cut":
        percent = cells.number(row, "percent", required=True, least=Decimal(0))
        if percent is not None and percent > 100:
            cells.add_problem(row, "percent", "what_if_percent_over_100")
        material = cells.text(row, "material", required=True)
        return {
            "kind": kind,
            "material": material,
            "percent": "" if percent is None else decimal_text(percent),
        }
    cells.add_problem(row, "kind", "what_if_choose")
    return {"kind": kind}


def _doubled(measures: Sequence[Mapping[str, str]]) -> list[Problem]:
    seen: set[tuple[str, ...]] = set()
    for number, each in enumerate(measures, start=1):
        key = (each["kind"], each.get("supplier", ""), each["material"])
        if key in seen:
            values = {"material": each["material"], "supplier": each.get("supplier", "")}
            return [Problem("what_if_twice", f"{number}-kind", values)]
        seen.add(key)
    return []
