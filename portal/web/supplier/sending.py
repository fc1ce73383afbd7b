"""Check all answers, send the assessment to the buyer, keep the receipt."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import text_in
from portal.language import forms
from portal.operations.hints import raised_hints
from portal.operations.scoring import Case, declared_sheet, live_case, sent_case
from portal.operations.submitting import submission_of, submit_assessment
from portal.reports.receipt import Receipt, ReceiptAnswer, ReceiptTopic, receipt_pdf
from portal.store.answers import answers_of
from portal.store.assessments import Assessment, Submission, latest_submission
from portal.store.evidence import links_of
from portal.store.site_answers import site_answers_of
from portal.web.context import actor, db, locale, now, site, tenant, today, zone
from portal.web.downloads import send_bytes
from portal.web.guard import needs
from portal.web.site_words import answer_with_sites
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
    pdf = receipt_pdf(_receipt(found, submission), locale())
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


def _receipt(found: Assessment, submission: Submission) -> Receipt:
    case = sent_case(found, submission)
    start, end = found.round.period_start, found.round.period_end
    supplier = found.supplier
    return Receipt(
        organisation=site().settings.organisation,
        supplier=supplier.name_zh if locale() == "zh" and supplier.name_zh else supplier.name,
        supplier_code=supplier.code,
        round=found.round.name,
        period=f"{forms.show_date(start, locale())} – {forms.show_date(end, locale())}",
        questionnaire=found.questionnaire,
        submitted_by=submission.submitted_by.name,
        submitted_at=submission.submitted_at,
        zone=zone(),
        sha256=submission.sha256,
        short=case.short,
        topics=_receipt_topics(case),
    )


def _receipt_topics(case: Case) -> tuple[ReceiptTopic, ...]:
    """What was sent, topic by topic; open questions without an answer are named with an empty answer."""
    found = []
    for topic in case.questionnaire.topics:
        lines = tuple(
            ReceiptAnswer(
                code=i.code,
                subject=text_in(i.subject, locale()),
                answer=answer_with_sites(case, i.code, show(i, case.answers[i.code], locale()), locale())
                if i.code in case.answers
                else "",
                evidence=tuple(proof.name for proof in case.evidence.get(i.code, ())),
            )
            for i in topic.indicators
            if i.code in case.path.open
        )
        if lines:
            found.append(ReceiptTopic(topic.code, text_in(topic.name, locale()), lines))
    return tuple(found)
