"""Check all answers, send the assessment to the buyer, keep the receipt."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.questionnaire.unanswered import unanswered
from portal.operations.hints import raised_hints
from portal.operations.scoring import Case, declared_sheet, live_case, sent_case
from portal.operations.submitting import submission_of, submit_assessment
from portal.store.answers import answers_of
from portal.store.assessments import Assessment, latest_submission
from portal.store.evidence import links_of
from portal.store.site_answers import site_answers_of
from portal.web.context import actor, db, locale, now, tenant, today
from portal.web.downloads import send_bytes
from portal.web.guard import needs
from portal.web.supplier.carrying_panel import waiting_of
from portal.web.supplier.evidence_notes import file_notes
from portal.web.supplier.hub import leads, locked_words, looks_now, mine, returned_of
from portal.web.supplier.pages_hints import HintLine, hint_lines, sent_lines
from portal.web.supplier.pages_hub import (
    deadline_of,
    flag_lines,
    owed,
    progress_of,
    score_line,
    split_gaps,
)
from portal.web.supplier.pages_sending import CheckPage, all_answers
from portal.web.supplier.receipts import receipt_bytes
from portal.web.supplier.todo import debts_now

pages = Blueprint("sending", __name__, url_prefix="/assessments/<int:assessment_id>")


@pages.get("/check")
@needs("supplier:assessment:see")
def check(assessment_id: int) -> str:
    """Every gap and every answer before the assessment goes to the buyer."""
    return render_template(
        "supplier/sending/check.html", check=_check_page(mine(assessment_id)), refused=None
    )


@pages.post("/check")
@needs("supplier:assessment:submit")
def send(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Send the assessment: one snapshot, whatever is pressed how often."""
    found = mine(assessment_id)
    try:
        submit_assessment(db(), actor(), assessment=found, now=now())
    except Refused as refusal:
        page = _check_page(found)
        return render_template("supplier/sending/check.html", check=page, refused=refusal.problem), 409
    return redirect(url_for("supplier.sending.sent", assessment_id=assessment_id), 303)


@pages.get("/sent")
@needs("supplier:assessment:see")
def sent(assessment_id: int) -> str:
    """The confirmation, with the receipt to keep."""
    found = mine(assessment_id)
    submission = latest_submission(db(), found.id)
    if submission is None:
        raise NotFound
    return render_template("supplier/sending/sent.html", assessment=found, submission=submission)


@pages.get("/receipts/<int:number>.pdf")
@needs("supplier:assessment:see")
def receipt(assessment_id: int, number: int) -> Response:
    """The receipt of one submission as PDF."""
    found = mine(assessment_id)
    submission = submission_of(db(), tenant(), assessment_id, number)
    pdf = receipt_bytes(found, submission)
    return send_bytes(pdf, f"receipt-{found.supplier.code}-{found.id}-{number}.pdf", "application/pdf")


def _check_page(found: Assessment) -> CheckPage:
    answers = answers_of(db(), found.id)
    links = links_of(db(), found.id)
    case = live_case(found, answers, links, site_answers_of(db(), found.id))
    sheet = declared_sheet(case)
    blocking, other = split_gaps(case)
    missing = [gap for gap in other if gap.code == "gap_missing"]
    wanted = [gap for gap in other if gap.code != "gap_missing"]
    returned = returned_of(found, case, answers, links)
    debts = debts_now(case)
    only = [line.code for line in returned] if found.state == "returned" else None
    looks = looks_now(case, answers, links, only)
    return CheckPage(
        id=found.id,
        round=found.round.name,
        state=found.state,
        locked=locked_words(found),
        deadline=deadline_of(found.round.deadline_on, today(), found.state, locale()),
        blocking=owed(case, blocking, answers, debts, locale()),
        left=unanswered([*blocking, *other]),
        counting_zero=owed(case, missing, answers, debts, locale()),
        wanted=owed(case, wanted, answers, debts, locale()),
        topics=all_answers(case, locale()),
        overall=progress_of(case).overall,
        declared=score_line(sheet),
        flags=flag_lines(case.questionnaire, sheet, locale()),
        leads=leads(),
        resending=found.state == "returned",
        unchanged=tuple(line.code for line in returned if not line.changed),
        hints=_hints(found, case),
        waiting=waiting_of(found, case),
        file_notes=file_notes(db(), case, links, today(), locale()) if found.state in EDITABLE else (),
        unseen=tuple(line for line in looks.values() if line.state != "same"),
        looked=sum(line.state == "same" for line in looks.values()),
        short=case.short,
    )


def _hints(found: Assessment, case: Case) -> tuple[HintLine, ...]:
    """The hints that stand; once the answers are locked, those that stood when they were sent."""
    if found.state in EDITABLE:
        return hint_lines(case, raised_hints(db(), case), locale())
    sent = latest_submission(db(), found.id)
    return sent_lines(sent_case(found, sent), locale()) if sent else ()
