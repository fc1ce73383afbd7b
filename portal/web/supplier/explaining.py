"""The score explained before sending: every point with its arithmetic, the next best steps, hints to be explained."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.questionnaire.model import indicator
from portal.core.scoring.next_steps import next_steps
from portal.language import forms
from portal.operations.hints import explain_hint, raised_hint
from portal.operations.scoring import Case, declared_sheet, open_case, submitted_case
from portal.store.assessments import Assessment
from portal.store.hints import HintExplanation
from portal.web.context import actor, db, locale, now, zone
from portal.web.guard import needs
from portal.web.messages import in_words
from portal.web.site_words import told_of_sites
from portal.web.supplier.hub import mine
from portal.web.supplier.pages_hints import Explaining, hint_answers, hint_lines
from portal.web.supplier.pages_ledger import ledger_page
from portal.web.supplier.pages_steps import steps_page

pages = Blueprint("explaining", __name__, url_prefix="/assessments/<int:assessment_id>")

SHOWN = 20


@pages.get("/ledger")
@needs("supplier:assessment:see")
def ledger(assessment_id: int) -> str:
    """Every point of the declared score with its arithmetic."""
    found = mine(assessment_id)
    case = declared_case(found)
    page = ledger_page(
        found.id,
        found.round.name,
        case.questionnaire,
        declared_sheet(case),
        told_of_sites(case, locale()),
        locale(),
    )
    return render_template("supplier/explaining/ledger.html", ledger=page)


@pages.get("/next-steps")
@needs("supplier:assessment:see")
def steps(assessment_id: int) -> str:
    """Open improvements, ranked by points gained per effort."""
    case = declared_case(mine(assessment_id))
    ranked = next_steps(case.questionnaire, case.assessment.roles, case.answers, SHOWN, short=case.short)
    return render_template("supplier/explaining/steps.html", steps=steps_page(case, ranked, SHOWN, locale()))


@pages.get("/hints/<hint_id>")
@needs("supplier:answers:write")
def hint(assessment_id: int, hint_id: str) -> str | tuple[str, int]:
    """One hint with the answers it concerns, and the field to explain it."""
    case = open_case(db(), _open(assessment_id))
    try:
        return render_template("supplier/explaining/hint.html", explaining=_explaining(case, hint_id))
    except Refused as refusal:
        return _gone(case, refusal)


@pages.post("/hints/<hint_id>")
@needs("supplier:answers:write")
def explain(assessment_id: int, hint_id: str) -> AnyResponse | tuple[str, int]:
    """Keep the explanation of a hint."""
    found = mine(assessment_id)
    case = open_case(db(), found)
    text, base = request.form.get("text", ""), request.form.get("base", "0")
    number = int(base) if base.isascii() and base.isdigit() and len(base) < 7 else 0
    try:
        explain_hint(db(), actor(), case=case, hint_id=hint_id, text=text, base=number, now=now())
    except Refused as refusal:
        return _gone(case, refusal)
    except Invalid as invalid:
        page = _explaining(case, hint_id, text, number, problems=tuple(in_words(invalid.problems)))
        return render_template("supplier/explaining/hint.html", explaining=page), 422
    except Conflict as conflict:
        theirs = conflict.theirs if isinstance(conflict.theirs, HintExplanation) else None
        page = _explaining(case, hint_id, text, theirs.number if theirs else 0, theirs=theirs)
        return render_template("supplier/explaining/hint.html", explaining=page), 409
    if request.args.get("from") == "check":
        return redirect(url_for("supplier.sending.check", assessment_id=found.id, _anchor="hints"), 303)
    first = raised_hint(db(), case, hint_id).hint.indicators[0]
    topic = indicator(case.questionnaire, first).topic
    return redirect(
        url_for("supplier.answering.topic", assessment_id=found.id, topic=topic, _anchor=first), 303
    )


def declared_case(found: Assessment) -> Case:
    """The case a supplier's own declared score rests on: live while it can answer, else what was sent last."""
    sent = None if found.state in EDITABLE else submitted_case(db(), found)
    return sent or open_case(db(), found)


def _open(assessment_id: int) -> Assessment:
    """An assessment whose hints can be explained; sent ones show theirs on the page of all answers."""
    found = mine(assessment_id)
    if found.state not in EDITABLE:
        raise NotFound
    return found


def _gone(case: Case, refusal: Refused) -> tuple[str, int]:
    page = {"id": case.assessment.id, "round": case.assessment.round.name, "problem": refusal.problem}
    return render_template("supplier/explaining/hint_gone.html", gone=page), 409


def _explaining(
    case: Case,
    hint_id: str,
    text: str | None = None,
    base: int | None = None,
    *,
    problems: tuple[str, ...] = (),
    theirs: HintExplanation | None = None,
) -> Explaining:
    """The page of one hint; what stands is in the field unless `text` was typed."""
    raised = raised_hint(db(), case, hint_id)
    line = hint_lines(case, (raised,), locale())[0]
    stands = raised.explanation
    return Explaining(
        hint=line,
        round=case.assessment.round.name,
        answers=hint_answers(case, line, locale()),
        text=line.explanation if text is None else text,
        base=(stands.number if stands else 0) if base is None else base,
        problems=problems,
        theirs=theirs.text if theirs else "",
        theirs_said=_said(theirs) if theirs else "",
    )


def _said(row: HintExplanation) -> str:
    return f"{row.explained_by.name}, {forms.show_datetime(row.explained_at, zone(), locale())}"
