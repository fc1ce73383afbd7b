"""Deliveries to the buyer on the supplier's side: by year, with rows to add, correct and remove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.carbon.deliveries import FIELDS, UNITS
from portal.core.errors import Invalid, Refused
from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.language import N_, say
from portal.operations.deliveries import (
    MOST_ROWS,
    id_of,
    keep_year,
    mark_of_year,
    read_typed_deliveries,
    read_year,
)
from portal.operations.factor_library import materials
from portal.store.carbon import footprints_in_force
from portal.store.deliveries import DeliveryRow, deliveries_of
from portal.store.suppliers import Supplier, material_keys
from portal.web.context import actor, db, locale, now, tenant, today
from portal.web.guard import needs
from portal.web.messages import in_words, refuse, tell
from portal.web.supplier.pages_deliveries import deliveries_page
from portal.web.words import material_word

pages = Blueprint("deliveries", __name__, url_prefix="/carbon/deliveries")

SPARE = 3
MORE = 5
YEARS = 5
FIELD_WORDS = {
    "material": N_("Material"),
    "product_id": N_("Product number"),
    "quantity": N_("Quantity"),
    "unit": N_("Unit"),
    "value": N_("Sales value"),
    "currency": N_("Currency"),
}


@dataclass(frozen=True)
class FormRow:
    """One row of the form as typed; `stands_for` is the id of the delivery in force it shows, "" for a new one.

    `errors` are (field, sentence) pairs."""

    number: int
    typed: dict[str, str]
    stands_for: str = ""
    gone: bool = False
    errors: tuple[tuple[str, str], ...] = ()

    def wrong(self, field: str) -> list[str]:
        """The sentences beside one field."""
        return [sentence for name, sentence in self.errors if name == field]


@pages.get("")
@needs("supplier:carbon:write")
def deliveries() -> str:
    """Deliveries by year with what follows from them, and every figure that was corrected."""
    seen = deliveries_page(db(), tenant(), locale())
    return render_template(
        "supplier/deliveries/deliveries.html", seen=seen, years=_years(), last=today().year - 1
    )


@pages.get("/year")
@needs("supplier:carbon:write")
def form() -> str | tuple[str, int]:
    """The form of a year: its deliveries as they stand, and spare rows."""
    try:
        year = read_year(request.args.get("year", str(today().year - 1)).strip(), today=today())
    except Invalid as invalid:
        for problem in invalid.problems:
            refuse(replace(problem, where=say(locale(), N_("Year"))))
        return deliveries(), 422
    standing = deliveries_of(db(), tenant(), year)
    return _form(year, _stored(standing), mark_of_year(standing))


@pages.post("/year")
@needs("supplier:carbon:write")
def keep() -> AnyResponse | str | tuple[str, int]:
    """Let the rows sent be the deliveries of the year; ticked ones are removed, nothing is stored with a problem."""
    try:
        year = read_year(request.form.get("year", "").strip(), today=today())
    except Invalid as invalid:
        for problem in invalid.problems:
            refuse(replace(problem, where=say(locale(), N_("Year"))))
        return deliveries(), 422
    rows, seen = _typed_rows(), request.form.get("seen", "")
    if "more" in request.form:
        return _form(year, _spared(rows, MORE), seen)
    staying = [row for row in rows if not row.gone]
    try:
        sent = [{**row.typed, "stands_for": row.stands_for} for row in staying]
        taken = read_typed_deliveries(year, sent, _materials(year))
        shown = {id_of(row.stands_for) for row in rows}
        done = keep_year(db(), actor(), given_year=year, taken=taken, seen=seen, shown=shown, now=now())
    except Invalid as invalid:
        return _form(year, _placed(rows, staying, invalid.problems), seen, _of_all(invalid.problems)), 422
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        standing = deliveries_of(db(), tenant(), year)
        return _form(year, _stored(standing), mark_of_year(standing)), 409
    tell(
        N_("Deliveries of {year}: {entered} entered, {corrected} corrected, {removed} removed."),
        year=year, entered=done.entered, corrected=done.corrected, removed=done.removed,
    )  # fmt: skip
    return redirect(url_for(".deliveries", _anchor=f"year-{year}"), 303)


def _form(year: int, rows: Sequence[FormRow], seen: str, general: Sequence[str] = ()) -> str:
    products = sorted({row.product_id for row in footprints_in_force(db(), tenant())})
    wrong = [(sentence, f"{field}-{row.number}") for row in rows for field, sentence in row.errors]
    return render_template(
        "supplier/deliveries/year.html",
        year=year,
        rows=rows,
        seen=seen,
        wrong=[*((sentence, "") for sentence in general), *wrong],
        materials=[(key, material_word(locale(), key)) for key in _materials(year)],
        units=UNITS,
        products=products,
        more=len(rows) < MOST_ROWS,
    )


def _materials(year: int) -> list[str]:
    """What may be chosen: what the supplier delivers, and what stands in the year already; all materials without either."""
    own = list(material_keys(db().get_one(Supplier, tenant())))
    standing = [row.material for row in deliveries_of(db(), tenant(), year)]
    return list(dict.fromkeys([*own, *standing])) or [one.key for one in materials(db())]


def _years() -> list[int]:
    return list(range(today().year, today().year - YEARS, -1))


def _stored(standing: Sequence[DeliveryRow]) -> list[FormRow]:
    rows = [
        FormRow(
            number,
            {
                "material": row.material,
                "product_id": row.product_id,
                "quantity": decimal_text(row.quantity),
                "unit": row.unit,
                "value": decimal_text(row.value) if row.value is not None else "",
                "currency": row.currency,
            },
            str(row.id),
        )
        for number, row in enumerate(standing, start=1)
    ]
    return _spared(rows, SPARE if rows else MORE)


def _spared(rows: Sequence[FormRow], count: int) -> list[FormRow]:
    last = len(rows)
    more = range(last + 1, min(last + count, MOST_ROWS) + 1)
    return [*rows, *(FormRow(number, dict.fromkeys(FIELDS, "")) for number in more)]


def _typed_rows() -> list[FormRow]:
    """The rows sent; one more than a year takes is read too, so that more are refused and not cut off."""
    count = request.form.get("rows", type=int) or 0
    return [
        FormRow(
            number,
            {name: request.form.get(f"{name}-{number}", "").strip() for name in FIELDS},
            request.form.get(f"stands_for-{number}", ""),
            f"gone-{number}" in request.form,
        )
        for number in range(1, min(count, MOST_ROWS + 1) + 1)
    ]


def _placed(
    rows: Sequence[FormRow], staying: Sequence[FormRow], problems: Sequence[Problem]
) -> list[FormRow]:
    """Problems beside the fields they name, told by row and field in words."""
    beside: dict[int, list[tuple[str, str]]] = {}
    for problem in problems:
        field, _, number = problem.where.rpartition("-")
        if field in FIELD_WORDS and number.isdigit():
            row = staying[int(number) - 1].number
            beside.setdefault(row, []).append((field, in_words([_named(problem, field, row, staying)])[0]))
    return [replace(row, errors=tuple(beside.get(row.number, ()))) for row in rows]


def _named(problem: Problem, field: str, row: int, staying: Sequence[FormRow]) -> Problem:
    values = dict(problem.values)
    place = say(locale(), N_("Row {number}, {field}"), number=row, field=say(locale(), FIELD_WORDS[field]))
    other, first = str(values.get("other", "")), str(values.get("first", "")).rpartition("-")[2]
    if other in FIELD_WORDS:
        values["other"] = say(locale(), FIELD_WORDS[other])
    if first.isdigit():
        values["first"] = staying[int(first) - 1].number
    return Problem(problem.code, place, values)


def _of_all(problems: Sequence[Problem]) -> list[str]:
    """Problems that no field can be blamed for."""
    return in_words([one for one in problems if one.where.rpartition("-")[0] not in FIELD_WORDS])
