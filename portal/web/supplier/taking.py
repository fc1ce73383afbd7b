"""All answers that the carbon register knows, on one page; taken over one by one or together."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.operations.answering import reopened, returned_reasons
from portal.operations.register_beside import beside_register
from portal.operations.scoring import Case, live_case, submitted_case
from portal.store.answers import answers_of
from portal.store.evidence import links_of
from portal.store.site_answers import site_answers_of
from portal.web.context import db, locale
from portal.web.guard import needs
from portal.web.supplier.hub import locked_words, mine
from portal.web.supplier.pages_register import FiguresPage, figure_line
from portal.web.supplier.register_clicks import clicks_of, editable_in, take_clicked, take_several

pages = Blueprint("taking", __name__, url_prefix="/assessments/<int:assessment_id>/register")


@pages.get("")
@needs("supplier:answers:write")
def figures(assessment_id: int) -> str:
    """Every answer that the carbon register knows something of, beside what it says."""
    found = mine(assessment_id)
    answers = answers_of(db(), found.id)
    case = live_case(found, answers, links_of(db(), found.id), site_answers_of(db(), found.id))
    editable = editable_in(case, _reopened(case))
    beside = beside_register(db(), case, answers).values()
    lines = tuple(
        line
        for one in beside
        if not (line := figure_line(case, one, locale(), editable)).register.says_nothing
    )
    page = FiguresPage(
        assessment_id=found.id,
        round=found.round.name,
        lines=lines,
        waiting=sum(1 for line in lines if line.waiting),
        locked=locked_words(found),
    )
    return render_template("supplier/taking/figures.html", page_of=page)


@pages.post("")
@needs("supplier:answers:write")
def take(assessment_id: int) -> AnyResponse:
    """Take over one answer, or all that were waiting, as they were seen."""
    found = mine(assessment_id)
    code = ""
    if request.form.get("all"):
        take_several(found, clicks_of(request.form.getlist("each")))
    elif clicks := clicks_of([request.form.get("take", "")]):
        code = take_clicked(found, clicks)
    return redirect(
        url_for("supplier.taking.figures", assessment_id=assessment_id, _anchor=code or None), 303
    )


def _reopened(case: Case) -> frozenset[str]:
    if case.assessment.state != "returned":
        return frozenset()
    returned = returned_reasons(db(), case.assessment)
    return reopened(case, submitted_case(db(), case.assessment), returned)
