"""What-ifs: compose, work out, save by name, look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.carbon.what_if import Outcome, outcome_of
from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.language import N_, say
from portal.language.forms import show_date, show_number
from portal.operations.estimate_lines import supplier_names
from portal.operations.what_ifs import (
    Sketch,
    kept_what_if,
    measure_of,
    read_sketch,
    remove_what_if,
    save_what_if,
    slices_of,
)
from portal.store.engine import reading
from portal.store.estimates import Estimate, all_estimates
from portal.store.targets import what_ifs as all_what_ifs
from portal.web.context import actor, db, locale, now, site, today, zone
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.staff.pages_what_ifs import (
    UNITS,
    composing,
    given_measures,
    kept_page,
    result_page,
)

pages = Blueprint("what_ifs", __name__, url_prefix="/footprint/what-ifs")


@pages.get("")
@needs("staff:frame:see")
def what_ifs() -> str:
    """Every what-if that is kept."""
    rows = all_what_ifs(db())
    names = supplier_names(db(), locale())
    listed = [(row, kept_page(row, names, locale())) for row in rows]
    return render_template("staff/what_ifs/what_ifs.html", listed=listed, can_compose=bool(_offered()))


@pages.get("/new")
@needs("staff:frame:write")
def compose() -> str:
    """The form, for the estimate of `?estimate=` or the newest."""
    return _form({"from_year": str(today().year + 1)}, _estimate(request.args.get("estimate", "")))


@pages.post("/try")
@needs("staff:frame:write")
def try_out() -> str | tuple[str, int]:
    """Work it out and show the result above the form; nothing is stored."""
    form, estimate = request.form.to_dict(), _estimate(request.form.get("estimate", ""))
    if estimate is None:
        return _form(form, None, problems=[Problem("what_if_choose_estimate", "estimate")]), 422
    try:
        sketch, outcome = _worked_out(form, estimate)
    except Invalid as invalid:
        return _form(form, estimate, problems=invalid.problems), 422
    return _form(form, estimate, tried=(sketch, outcome))


@pages.post("")
@needs("staff:frame:write")
def save() -> AnyResponse | tuple[str, int]:
    """Work it out and keep it by name."""
    form, estimate = request.form.to_dict(), _estimate(request.form.get("estimate", ""))
    if estimate is None:
        return _form(form, None, problems=[Problem("what_if_choose_estimate", "estimate")]), 422
    try:
        sketch, outcome = _worked_out(form, estimate)
    except Invalid as invalid:
        return _form(form, estimate, problems=invalid.problems), 422
    row = save_what_if(db(), actor(), estimate=estimate, sketch=sketch, outcome=outcome, now=now())
    tell(N_("“{name}” is saved and drawn into the path."), name=row.name)
    return redirect(url_for(".what_if", what_if_id=row.id), 303)


@pages.get("/<int:what_if_id>")
@needs("staff:frame:see")
def what_if(what_if_id: int) -> str:
    """One what-if with everything it rests on."""
    row = kept_what_if(db(), what_if_id)
    names = supplier_names(db(), locale())
    return render_template("staff/what_ifs/what_if.html", row=row, seen=kept_page(row, names, locale()))


@pages.post("/<int:what_if_id>/remove")
@needs("staff:frame:write")
def remove(what_if_id: int) -> AnyResponse:
    """Take a what-if off the list."""
    row = remove_what_if(db(), actor(), what_if_id=what_if_id, now=now())
    tell(N_("“{name}” is taken off the list."), name=row.name)
    return redirect(url_for(".what_ifs"), 303)


def _worked_out(form: Mapping[str, str], estimate: Estimate) -> tuple[Sketch, Outcome]:
    """Raises Invalid. No database: the lines and the ledger come from the vault."""
    measures = [measure for _prefix, measure in given_measures(form)]
    sketch = read_sketch(form, measures)
    outcome = outcome_of(slices_of(site().vault, estimate), [measure_of(each) for each in sketch.measures])
    return sketch, outcome


def _form(
    form: Mapping[str, str],
    estimate: Estimate | None,
    *,
    problems: Sequence[Problem] = (),
    tried: tuple[Sketch, Outcome] | None = None,
) -> str:
    with reading(site().engine) as session:
        names = supplier_names(session, locale())
    slices = slices_of(site().vault, estimate) if estimate else []
    prefixes = [prefix for prefix, _measure in given_measures(form)]
    return render_template(
        "staff/what_ifs/compose.html",
        form=form,
        estimate=estimate,
        estimates=[(e, _estimate_words(e)) for e in _offered()],
        seen=composing(slices, names, locale(), form, prefixes, problems),
        units=UNITS,
        result=result_page(tried[1], tried[0].measures, names, locale()) if tried else None,
    )


def _offered() -> list[Estimate]:
    """Every finished estimate, newest first. Read apart, so that nobody's saving waits for a what-if."""
    with reading(site().engine) as session:
        return [estimate for estimate in all_estimates(session) if estimate.summary]


def _estimate(asked: str) -> Estimate | None:
    """The estimate asked for; without asking the newest; None when there is no such estimate."""
    offered = _offered()
    if not asked:
        return offered[0] if offered else None
    return next((estimate for estimate in offered if str(estimate.id) == asked), None)


def _estimate_words(estimate: Estimate) -> str:
    return say(
        locale(),
        N_("{year}: {tonnes} tCO₂e, run on {day}"),
        year=estimate.year,
        tonnes=show_number(Decimal(estimate.summary["total_tco2e"]), locale(), 0),
        day=show_date(estimate.run_at.astimezone(zone()).date(), locale()),
    )
