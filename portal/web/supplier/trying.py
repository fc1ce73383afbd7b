"""What if: answers changed on a scratch copy that lives in the page alone, scored by the same function."""

from __future__ import annotations

import re

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from portal.core.questionnaire.model import Indicator, Topic, find_indicator, find_topic
from portal.core.scoring.what_if import what_if as tried_out
from portal.operations.scoring import Case, declared_sheet
from portal.web.context import locale
from portal.web.forms.answers import FIELDS, Sent, table_rows, without_row
from portal.web.guard import needs
from portal.web.supplier.explaining import declared_case
from portal.web.supplier.hub import mine
from portal.web.supplier.pages_what_if import Edits, is_edit, read_scratch, what_if_page

pages = Blueprint("trying", __name__, url_prefix="/assessments/<int:assessment_id>")

MOST_TRIES = 120


@pages.get("/what-if")
@needs("supplier:assessment:see")
def what_if(assessment_id: int) -> str:
    """The scratch copy as it begins: the real answers, with what the address asks to try (try=NRG-04:key)."""
    case = declared_case(mine(assessment_id))
    edits: Edits = {}
    for wish in request.args.getlist("try")[:MOST_TRIES]:
        code, _, text = wish[:500].partition(":")
        one = find_indicator(case.questionnaire, code)
        if one is None or one.kind == "table" or not text:
            continue
        raw: object = text.split(",") if one.kind == "multiple" else text
        if is_edit(one, raw, None, case.answers.get(code)):
            edits[code] = (raw, None)
    first = next(iter(edits), "")
    return _page(case, edits, request.args.get("topic") or first[:3], {})


@pages.post("/what-if")
@needs("supplier:assessment:see")
def work_out(assessment_id: int) -> str:
    """The page with the changes of the form. Nothing is stored."""
    case = declared_case(mine(assessment_id))
    if "reset" in request.form:
        return _page(case, {}, request.form.get("topic", ""), {})
    edits = read_scratch(case.questionnaire, request.form.get("scratch", ""))
    topic = find_topic(case.questionnaire, request.form.get("topic", ""))
    rows: dict[str, int] = {}
    if topic is not None:
        form, rows = _pressed(topic, request.form)
        for one in topic.indicators:
            _take(case, one, form, edits)
    edits.pop(request.form.get("undo", ""), None)
    return _page(case, edits, request.form.get("go") or request.form.get("topic", ""), rows)


def _take(case: Case, one: Indicator, form: Sent, edits: Edits) -> None:
    """Put what the form holds for one question among the edits, or take it out where it is the real answer again."""
    if f"{one.code}-shown" not in form:
        return
    raw, unit = FIELDS[one.kind].taken(one, form), form.get(f"{one.code}-unit") or None
    edits.pop(one.code, None)
    if is_edit(one, raw, unit, case.answers.get(one.code)):
        edits[one.code] = (raw, unit)


def _pressed(topic: Topic, form: Sent) -> tuple[Sent, dict[str, int]]:
    """The form after a button of one question was pressed: a row more or less, a choice cleared."""
    known = {i.code: i for i in topic.indicators}
    adding, clearing = form.get("add_row", ""), form.get("clear", "")
    if adding in known and known[adding].kind == "table":
        return form, {adding: len(table_rows(known[adding], form)) + 1}
    taking = re.fullmatch(r"([A-Z]{3}-\d{2})-(\d{1,4})", form.get("remove_row", ""), re.ASCII)
    if taking and taking[1] in known:
        return without_row(known[taking[1]], form, int(taking[2])), {}
    if clearing in known:
        return MultiDict((n, v) for n, v in form.items(multi=True) if n != clearing), {}
    return form, {}


def _page(case: Case, edits: Edits, topic: str, rows: dict[str, int]) -> str:
    shown = find_topic(case.questionnaire, topic) or case.questionnaire.topics[0]
    tried = tried_out(case.questionnaire, case.assessment.roles, case.answers, edits, short=case.short)
    page = what_if_page(case, declared_sheet(case), tried, edits, shown.code, rows, locale())
    return render_template("supplier/trying/what_if.html", what_if=page)
