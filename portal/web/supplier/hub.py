"""The supplier's assessments: the list, one at a glance, and its own score sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from flask import Blueprint, Response, render_template

from portal.core.errors import NotFound, Refused
from portal.core.lifecycle import EDITABLE, is_expired
from portal.core.questionnaire.model import text_in
from portal.core.questionnaire.unanswered import unanswered
from portal.language.sentences import sentence
from portal.operations.answering import returned_reasons
from portal.operations.judging import open_review, submissions_of
from portal.operations.looking import marks_of
from portal.operations.scoring import Case, declared_sheet, live_case, open_case, submitted_case
from portal.reports.scorecard_pdf import scorecard_pdf
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment, assessment_of, assessments_of, latest_submission
from portal.store.carbon import footprints_in_force, inventories_in_force, standing_of, uploads_of
from portal.store.evidence import EvidenceLink, links_of
from portal.store.people import people_of
from portal.store.site_answers import site_answers_of
from portal.store.together import assignments_to, looks_of, threads_of
from portal.web.context import actor, db, locale, now, site, tenant, today, zone
from portal.web.downloads import send_bytes
from portal.web.guard import needs
from portal.web.scorecards import scorecard_of
from portal.web.supplier.carrying_panel import panel_of
from portal.web.supplier.pages_evidence import endings_behind, endings_of_library
from portal.web.supplier.pages_hub import (
    CarbonLine,
    HubPage,
    ReturnedLine,
    Sending,
    assessment_line,
    deadline_of,
    flag_lines,
    leads_of,
    owed,
    progress_of,
    returned_lines,
    score_line,
    split_gaps,
    topic_lines,
    touched_at,
)
from portal.web.supplier.pages_score import ScorePage, topic_points
from portal.web.supplier.pages_sites import site_progress
from portal.web.supplier.pages_together import LookLine, Todo, holders_of, look_lines
from portal.web.supplier.per_site import may_choose_sites
from portal.web.supplier.todo import debts_now, own_todo

pages = Blueprint("hub", __name__, url_prefix="/assessments")


@pages.get("")
@needs("supplier:assessment:see")
def assessments() -> str:
    """Every assessment this supplier was asked for."""
    every = assessments_of(db(), tenant())
    lines = [assessment_line(a, today(), locale()) for a in every]
    endings = endings_of_library(db(), tenant(), today())
    return render_template("supplier/hub/assessments.html", lines=lines, endings=endings, yours=_yours(every))


@pages.get("/<int:assessment_id>")
@needs("supplier:assessment:see")
def assessment(assessment_id: int) -> str:
    """One assessment: topics, deadline, score so far, what blocks sending and who owes it."""
    return render_template("supplier/hub/assessment.html", hub=_hub_page(mine(assessment_id)))


@pages.get("/<int:assessment_id>/score")
@needs("supplier:assessment:see")
def score(assessment_id: int) -> str:
    """The supplier's own score sheet; verified points stand beside it once the result is released."""
    return render_template("supplier/hub/score.html", sheet=_score_page(mine(assessment_id)))


@pages.get("/<int:assessment_id>/scorecard.pdf")
@needs("supplier:assessment:see")
def scorecard(assessment_id: int) -> Response:
    """The scorecard as PDF, from release on."""
    found = mine(assessment_id)
    if found.state != "released":
        raise NotFound
    card = scorecard_of(
        db(),
        found,
        locale=locale(),
        organisation=site().settings.organisation,
        zone=zone(),
        now=now(),
        by=found.supplier.name,
    )
    name = f"scorecard-{found.supplier.code}-{found.id}.pdf"
    return send_bytes(scorecard_pdf(card, locale()), name, "application/pdf")


def mine(assessment_id: int) -> Assessment:
    """The assessment, if it belongs to this supplier. Raises NotFound."""
    found = assessment_of(db(), tenant(), assessment_id)
    if found is None:
        raise NotFound
    return found


def leads() -> tuple[str, ...]:
    """Who may send, by name."""
    return leads_of([(m.user.name, m.role) for m in people_of(db(), tenant())])


def locked_words(found: Assessment) -> str:
    """Why nothing can be changed now and who can lift it; empty while something can."""
    return "" if found.state in EDITABLE else sentence(locale(), Refused(f"locked_{found.state}").problem)


def returned_of(
    found: Assessment,
    case: Case,
    answers: Mapping[str, Answer],
    links: Mapping[str, Sequence[EvidenceLink]],
) -> tuple[ReturnedLine, ...]:
    """The questions the buyer returned with the newest sending; none in any other state."""
    reasons = returned_reasons(db(), found)
    sent = latest_submission(db(), found.id) if reasons else None
    if sent is None:
        return ()
    touched = touched_at(answers, links, case.sites)
    return returned_lines(case.questionnaire, reasons, touched, sent.submitted_at, locale())


def looks_now(
    case: Case,
    answers: Mapping[str, Answer],
    links: Mapping[str, Sequence[EvidenceLink]],
    only: Collection[str] | None = None,
) -> dict[str, LookLine]:
    """What the leads have looked at, by topic code; nothing once the answers are locked. One query."""
    if case.assessment.state not in EDITABLE:
        return {}
    looks = looks_of(db(), case.assessment.id)
    return look_lines(case, marks_of(case, answers, links), looks, actor().user_id, locale(), only)


def _yours(every: Sequence[Assessment]) -> dict[int, Todo]:
    """The reader's own list in each assessment that can be answered and gives the reader something to do."""
    given = {row.assessment_id for row in assignments_to(db(), tenant(), actor().user_id or 0)}
    found = {}
    for one in every:
        if one.id in given and one.state in EDITABLE:
            answers, links = answers_of(db(), one.id), links_of(db(), one.id)
            case = live_case(one, answers, links, site_answers_of(db(), one.id))
            todo = own_todo(case, answers, links, debts_now(case))
            if todo.topics:
                found[one.id] = todo
    return found


def _hub_page(found: Assessment) -> HubPage:
    answers = answers_of(db(), found.id)
    links = links_of(db(), found.id)
    case = live_case(found, answers, links, site_answers_of(db(), found.id))
    sheet = declared_sheet(case)
    blocking, other = split_gaps(case)
    sent = submissions_of(db(), found.id)
    released = open_review(db(), found) if found.state == "released" else None
    debts = debts_now(case)
    shown = released.verified if released else sheet
    return HubPage(
        id=found.id,
        round=found.round.name,
        period_start=found.round.period_start,
        period_end=found.round.period_end,
        questionnaire=text_in(case.questionnaire.title, locale()),
        version=case.questionnaire.version,
        state=found.state,
        locked=locked_words(found),
        deadline=deadline_of(found.round.deadline_on, today(), found.state, locale()),
        valid_until=found.valid_until,
        expired=is_expired(found.state, found.valid_until, today()),
        topics=topic_lines(case, blocking, locale()),
        overall=progress_of(case).overall,
        declared=score_line(sheet),
        verified=score_line(released.verified) if released else None,
        flags=flag_lines(case.questionnaire, shown, locale()),
        blocking=owed(case, blocking, answers, debts, locale()),
        left=unanswered([*blocking, *other]),
        returned=returned_of(found, case, answers, links),
        leads=leads(),
        carbon=_carbon(),
        carrying=panel_of(found, case),
        endings=endings_behind(db(), found, today()) if found.state in EDITABLE else (),
        sent=tuple(Sending(s.number, s.submitted_at, s.submitted_by.name, s.sha256) for s in sent),
        yours=own_todo(case, answers, links, debts),
        holders=holders_of(case, debts),
        looks=looks_now(case, answers, links),
        sites=site_progress(case, locale()),
        as_a_whole=found.as_a_whole,
        sites_choosable=may_choose_sites(found, case),
        open_threads=sum(thread.open for thread in threads_of(db(), found.id).values()),
        short=found.short,
    )


def _carbon() -> CarbonLine:
    standings = [standing_of(upload) for upload in uploads_of(db(), tenant())]
    return CarbonLine(
        waiting=standings.count("waiting"),
        to_correct=standings.count("to_correct"),
        years=tuple(sorted({row.year for row in inventories_in_force(db(), tenant())})),
        footprints=len(footprints_in_force(db(), tenant())),
    )


def _score_page(found: Assessment) -> ScorePage:
    released = open_review(db(), found) if found.state == "released" else None
    if released:
        case, declared, verified = released.case, released.declared, released.verified
    else:
        sent = None if found.state in EDITABLE else submitted_case(db(), found)
        case = sent or open_case(db(), found)
        declared, verified = declared_sheet(case), None
    return ScorePage(
        id=found.id,
        round=found.round.name,
        state=found.state,
        questionnaire=declared.questionnaire,
        method=declared.method,
        short=declared.short,
        declared=score_line(declared),
        verified=score_line(verified) if verified else None,
        released_at=found.released_at if verified else None,
        valid_until=found.valid_until if verified else None,
        flags=flag_lines(case.questionnaire, verified or declared, locale()),
        topics=topic_points(case.questionnaire, declared, verified, locale()),
    )
