"""The review of one assessment: read what was sent, decide, send back or finish, release; and its score sheet."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.model import find_topic
from portal.language import N_
from portal.operations.judging import Review, open_review
from portal.operations.register_review import sent_beside_register
from portal.operations.reviewing import (
    accept_all,
    decide,
    finish_review,
    release_assessment,
    reopen_review,
    send_back,
    take_up,
)
from portal.store.assessments import Assessment, assessment_for_staff
from portal.store.evidence import evidence_of
from portal.store.journal import entries_about
from portal.web.context import actor, db, locale, now, today
from portal.web.downloads import send_vault_file
from portal.web.forms.base import add_problems
from portal.web.forms.review import DecisionForm, ReleaseForm, ReopenForm
from portal.web.fresh_sign_in import is_fresh, unconfirmed
from portal.web.guard import needs
from portal.web.messages import in_words, refuse, tell
from portal.web.staff.listing import supplier_name
from portal.web.staff.pages_register_review import register_said
from portal.web.staff.pages_review import (
    ALL,
    Typed,
    may_review,
    next_pending,
    proof_ids,
    review_page,
    topic_of,
)
from portal.web.staff.pages_sheet import sheet_page
from portal.web.staff.pages_short import short_rule
from portal.web.urls import way_back

pages = Blueprint("review", __name__, url_prefix="/assessments/<int:assessment_id>")


@pages.get("")
@needs("staff:assessments:see")
def assessment(assessment_id: int) -> str:
    """One assessment: what was sent, what was decided, what comes next."""
    return _page(_assessment(assessment_id))


@pages.get("/sheet")
@needs("staff:assessments:see")
def sheet(assessment_id: int) -> str:
    """The score sheet: declared and verified side by side, one reason per indicator."""
    found = _assessment(assessment_id)
    return render_template(
        "staff/review/sheet.html",
        assessment=found,
        name=supplier_name(found.supplier, locale()),
        seen=sheet_page(_review(found), locale()),
    )


@pages.get("/evidence/<int:evidence_id>")
@needs("staff:assessments:see")
def evidence(assessment_id: int, evidence_id: int) -> Response:
    """One evidence file that was sent with the assessment, as a download."""
    found = _assessment(assessment_id)
    if evidence_id not in proof_ids(_review(found)):
        raise NotFound
    file = evidence_of(db(), found.supplier_id, evidence_id)
    if file is None:
        raise NotFound
    return send_vault_file(file.vault_key, file.name, file.media_type)


@pages.post("/take-up")
@needs("staff:assessments:review")
def begin(assessment_id: int) -> AnyResponse:
    """Start the review."""
    take_up(db(), actor(), assessment_id=assessment_id, now=now())
    tell(N_("The review has begun. The supplier sees that you are reading."))
    return _back(assessment_id)


@pages.post("/indicators/<code>")
@needs("staff:assessments:review")
def judge(assessment_id: int, code: str) -> AnyResponse | tuple[str, int]:
    """Decide one indicator."""
    form = DecisionForm()
    given = Typed(
        indicator=code,
        kind=form.kind.data or "",
        points=form.points.data or "",
        reason=form.reason.data or "",
        proof=form.proof.data or "",
    )
    if not form.validate():
        raise NotFound
    try:
        decide(
            db(),
            actor(),
            assessment_id=assessment_id,
            indicator=code,
            kind=given.kind,
            points=given.points,
            reason=given.reason,
            proof=given.proof,
            now=now(),
        )
        return _on(assessment_id, code)
    except Invalid as invalid:
        problems, status = invalid.problems, 422
    except Refused as refusal:
        problems, status = (refusal.problem,), 409
    said = tuple(in_words(problems))
    shown = Typed(code, given.kind, given.points, given.reason, given.proof, said)
    return _page(_assessment(assessment_id), typed=shown), status


@pages.post("/topics/<topic>/accept")
@needs("staff:assessments:review")
def accept_topic(assessment_id: int, topic: str) -> AnyResponse:
    """Accept all remaining answers of a topic that have evidence."""
    found = find_topic(_review(_assessment(assessment_id)).case.questionnaire, topic)
    if found is None:
        raise NotFound
    codes = [i.code for i in found.indicators]
    count = accept_all(db(), actor(), assessment_id=assessment_id, indicators=codes, now=now())
    tell(N_("{count} answers with evidence accepted in {topic}."), count=count, topic=topic)
    return _back(assessment_id, f"topic-{topic}")


@pages.post("/send-back")
@needs("staff:assessments:review")
def give_back(assessment_id: int) -> AnyResponse:
    """Return the named indicators to the supplier."""
    try:
        send_back(db(), actor(), assessment_id=assessment_id, now=now())
        tell(N_("Sent back. Only the returned indicators are open for the supplier; the rest stays locked."))
    except Refused as refusal:
        refuse(refusal.problem)
    return _back(assessment_id)


@pages.post("/finish")
@needs("staff:assessments:review")
def finish(assessment_id: int) -> AnyResponse:
    """Close the review."""
    try:
        finish_review(db(), actor(), assessment_id=assessment_id, now=now())
        tell(N_("The review is finished. A procurement manager can release the score now."))
    except Refused as refusal:
        refuse(refusal.problem)
    return _back(assessment_id)


@pages.post("/reopen")
@needs("staff:assessments:review")
def reopen(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Take a finished review up again."""
    form = ReopenForm()
    try:
        reopen_review(db(), actor(), assessment_id=assessment_id, reason=form.reason.data or "", now=now())
        tell(N_("The review is open again."))
        return _back(assessment_id)
    except Invalid as invalid:
        add_problems(form.reason, invalid.problems)
        return _page(_assessment(assessment_id), reopen_form=form), 422


@pages.post("/release")
@needs("staff:assessments:release")
def release(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Release the score to the supplier; asks for a fresh sign-in."""
    form = ReleaseForm()
    problem: Problem | None = unconfirmed(form.password.data)
    if problem is not None:
        add_problems(form.password, [problem])
        return _page(_assessment(assessment_id), release_form=form), 422
    release_assessment(db(), actor(), assessment_id=assessment_id, today=today(), now=now())
    tell(N_("Released. The supplier sees the verified score; findings are open for commitments."))
    return _back(assessment_id)


def _page(
    found: Assessment,
    typed: Typed | None = None,
    release_form: ReleaseForm | None = None,
    reopen_form: ReopenForm | None = None,
) -> str:
    review = open_review(db(), found) if may_review(found) else None
    seen = None
    if review is not None:
        waits_for = review.returned[:1] if found.state == "returned" else ()
        show, topic = _asked(review, typed.indicator if typed else "".join(waits_for))
        beside = sent_beside_register(db(), review.case, review.submission)
        register = register_said(review.case, beside, locale())
        seen = review_page(review, locale(), show, topic, typed or Typed(), register)
    return render_template(
        "staff/review/assessment.html",
        assessment=found,
        name=supplier_name(found.supplier, locale()),
        seen=seen,
        choosing=short_rule(found.questionnaire) if found.state == "invited" else None,
        moves=[e for e in entries_about(db(), "assessment", found.id) if e.to_state],
        fresh=is_fresh(),
        release_form=release_form or ReleaseForm(formdata=None),
        reopen_form=reopen_form or ReopenForm(formdata=None),
    )


def _asked(review: Review, about: str) -> tuple[str, str]:
    """Which part of the assessment to show: by default what needs judgement, or everything where nothing does.

    One topic at a time, by default that of the indicator `about` (refused or returned just now), else the first with something to decide;
    "all" for those who ask for it.
    """
    given = request.values
    show = given.get("show", "")
    if show not in {"judge", "all"}:
        show = "judge" if review.to_judge else "all"
    topic = given.get("topic", "")
    if topic == ALL or find_topic(review.case.questionnaire, topic):
        return show, topic
    first = about or next_pending(review) or next(iter(review.undecided or review.to_judge), "")
    return show, topic_of(review, first) or review.case.questionnaire.topics[0].code


def _on(assessment_id: int, code: str) -> AnyResponse:
    """After a decision: to the next open card of the topic, else to the next step at the top of the same page."""
    review = _review(_assessment(assessment_id))
    topic = request.form.get("topic") or topic_of(review, code)
    return _back(assessment_id, next_pending(review, "" if topic == ALL else topic) or "next", topic)


def _back(assessment_id: int, anchor: str = "", topic: str = "") -> AnyResponse:
    path = url_for("staff.review.assessment", assessment_id=assessment_id)
    kept = {key: request.form[key] for key in ("show", "topic") if request.form.get(key)}
    kept |= {"topic": topic} if topic else {}
    target = url_for("staff.review.assessment", assessment_id=assessment_id, **kept, _anchor=anchor or None)
    return redirect(way_back(target, path), 303)


def _assessment(assessment_id: int) -> Assessment:
    found = assessment_for_staff(db(), assessment_id)
    if found is None:
        raise NotFound
    return found


def _review(found: Assessment) -> Review:
    """The review of what was sent; a draft is nobody's but the supplier's."""
    review = open_review(db(), found) if may_review(found) else None
    if review is None:
        raise NotFound
    return review
