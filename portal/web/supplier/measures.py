"""Reduction measures on the supplier's side."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.carbon.measures import FIELDS
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.exact import decimal_text
from portal.language import N_
from portal.operations.measures import (
    change_measure,
    enter_measure,
    read_typed_measure,
    remove_measure,
)
from portal.store.measures import Measure, measure_of, measures_of
from portal.web.context import actor, db, now, tenant
from portal.web.forms.company import MeasureForm, given, place_by_label
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.supplier.company_choices import chosen_ids, offer_commitments, offer_files
from portal.web.supplier.measure_lines import own_line

pages = Blueprint("measures", __name__, url_prefix="/carbon/measures")

ONE = "/<int:measure_id>"


@pages.get("")
@needs("supplier:carbon:write")
def measures() -> str:
    """Every measure of the company."""
    return render_template(
        "supplier/measures/measures.html", lines=[own_line(row) for row in measures_of(db(), tenant())]
    )


@pages.get("/new")
@needs("supplier:carbon:write")
def form() -> str:
    """The form for a new measure; a commitment may be chosen already."""
    wanted = request.args.get("commitment", "")
    return _form(MeasureForm(formdata=None, status="planned", commitments=[wanted] if wanted else []), None)


@pages.post("/new")
@needs("supplier:carbon:write")
def enter() -> AnyResponse | tuple[str, int]:
    """Enter a measure."""
    form = MeasureForm()
    typed = given(form, FIELDS)
    try:
        row = enter_measure(
            db(), actor(), facts=read_typed_measure(typed), typed=typed, evidence_ids=chosen_ids(form.evidence.data),
            commitment_ids=chosen_ids(form.commitments.data), now=now(),
        )  # fmt: skip
    except Invalid as invalid:
        place_by_label(form, invalid.problems, "title")
        return _form(form, None), 422
    tell(N_("The measure “{title}” is in the register."), title=row.title)
    return redirect(url_for(".measures"), 303)


@pages.get(ONE)
@needs("supplier:carbon:write")
def measure(measure_id: int) -> str:
    """One measure, to read and to change."""
    row = _mine(measure_id)
    return _form(_filled(row), row)


@pages.post(ONE)
@needs("supplier:carbon:write")
def change(measure_id: int) -> AnyResponse | tuple[str, int]:
    """Change a measure."""
    row, form = _mine(measure_id), MeasureForm()
    typed = given(form, FIELDS)
    try:
        facts = read_typed_measure(typed)
        change_measure(
            db(), actor(), measure_id=measure_id, base=request.form.get("version", type=int) or 0, facts=facts,
            typed=typed, evidence_ids=chosen_ids(form.evidence.data),
            commitment_ids=chosen_ids(form.commitments.data), now=now(),
        )  # fmt: skip
    except Invalid as invalid:
        place_by_label(form, invalid.problems, "title")
        return _form(form, row), 422
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        row = _mine(measure_id)
        return _form(_filled(row), row), 409
    tell(N_("The measure “{title}” is saved."), title=facts.title)
    return redirect(url_for(".measures"), 303)


@pages.post(f"{ONE}/remove")
@needs("supplier:carbon:write")
def remove(measure_id: int) -> AnyResponse:
    """Take a measure off the list; it stays on record."""
    row = remove_measure(db(), actor(), measure_id=measure_id, now=now())
    tell(N_("The measure “{title}” is removed."), title=row.title)
    return redirect(url_for(".measures"), 303)


def _form(form: MeasureForm, row: Measure | None) -> str:
    offer_files(form.evidence)
    offer_commitments(form.commitments)
    return render_template("supplier/measures/form.html", form=form, row=row)


def _filled(row: Measure) -> MeasureForm:
    numbers = ("value_before", "value_after", "tco2e_year", "kwh_year", "cost")
    values: dict[str, object] = {
        name: "" if getattr(row, name) is None else decimal_text(getattr(row, name)) for name in numbers
    }
    values |= {
        name: getattr(row, name) for name in ("title", "description", "status", "figure", "unit", "currency")
    }
    values["start_on"] = row.start_on.isoformat() if row.start_on else ""
    values["evidence"] = [str(one.evidence_id) for one in row.files]
    values["commitments"] = [str(one.commitment_id) for one in row.links]
    return MeasureForm(formdata=None, data=values)


def _mine(measure_id: int) -> Measure:
    row = measure_of(db(), tenant(), measure_id)
    if row is None:
        raise NotFound
    return row
