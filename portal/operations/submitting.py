"""Send an assessment to the buyer: an immutable, hashed snapshot, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core import lifecycle
from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.operations.confirming import sent_carried
from portal.operations.hints import hints_to_send, raised_hints
from portal.operations.journal import note
from portal.operations.scoring import Case, declared_sheet, gaps_of, live_case, store_sheet
from portal.operations.sites_of_case import counting_rows, per_site_json
from portal.operations.snapshots import figure_json, write_snapshot
from portal.store.answers import answers_of
from portal.store.assessments import Assessment, Submission, hold, latest_submission
from portal.store.evidence import links_of
from portal.store.people import User
from portal.store.site_answers import SiteAnswers, site_answers_of
from portal.store.sites import sites_of
from portal.store.taken_figures import taken_at_sites, taken_of


def submit_assessment(session: Session, actor: Actor, *, assessment: Assessment, now: datetime) -> Submission:
    """Freeze all answers and the hints that stand as the next submission, store the declared score sheet, lock all.

    Raises Refused: already_sent (a second press of the button, or a colleague was faster), not_started,
    gaps_block (count: gaps that must be closed first). Nothing is changed when it raises.
    """
    hold(session, assessment)
    before = assessment.state
    if before == "invited":
        raise Refused("not_started")
    if before not in lifecycle.MOVES["submit"].before:
        raise Refused("already_sent")
    rows, links = answers_of(session, assessment.id), links_of(session, assessment.id)
    at_sites = site_answers_of(session, assessment.id)
    case = live_case(assessment, rows, links, at_sites)
    blocking = [gap for gap in gaps_of(case) if gap.blocking]
    if blocking:
        raise Refused("gaps_block", count=len(blocking))
    _move(session, assessment, before, now)
    latest = latest_submission(session, assessment.id)
    hints = hints_to_send(raised_hints(session, case))
    sites = [site.name for site in sites_of(session, assessment.supplier_id)]
    per_site = _per_site(session, case, at_sites)
    text, digest = write_snapshot(
        assessment,
        rows,
        case.evidence,
        by=actor.name,
        now=now,
        hints=hints,
        sites=sites,
        per_site=per_site,
        taken=taken_of(session, assessment.id),
        carried=sent_carried(session, assessment, counting_rows(case.questionnaire, rows, at_sites)),
    )
    submission = Submission(
        assessment_id=assessment.id,
        number=latest.number + 1 if latest else 1,
        content=text,
        sha256=digest,
        submitted_by_id=actor.user_id,
        submitted_at=now,
    )
    session.add(submission)
    session.flush()
    store_sheet(session, assessment, "declared", declared_sheet(case), now)
    note(
        session,
        actor,
        "assessment.submitted",
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=assessment.supplier_id,
        from_state=before,
        to_state=assessment.state,
        details={"number": submission.number, "sha256": digest},
        now=now,
    )
    return submission


def _per_site(session: Session, case: Case, at_sites: SiteAnswers) -> dict[str, Any] | None:
    """How the sites made the answers, and by code and site key what those rest on that were taken over from the
    register; None where the company answers as a whole."""
    if case.sites is None:
        return None
    figures = taken_at_sites(session, case.assessment.id)
    taken: dict[str, Any] = {}
    for site in at_sites.sites:
        for code, one in figures.get(site.id, {}).items():
            taken.setdefault(code, {})[site.key] = figure_json(at_sites.rows[site.id][code], one)
    return {**per_site_json(case.questionnaire, case.sites, at_sites), "register": taken}


def submission_of(session: Session, supplier_id: int, assessment_id: int, number: int) -> Submission:
    """One submission of this supplier, with who sent it. Raises NotFound."""
    found = session.scalar(
        select(Submission)
        .join(Assessment)
        .join(User, Submission.submitted_by_id == User.id)
        .where(
            Assessment.supplier_id == supplier_id,
            Submission.assessment_id == assessment_id,
            Submission.number == number,
        )
    )
    if found is None:
        raise NotFound
    return found


def _move(session: Session, assessment: Assessment, before: str, now: datetime) -> None:
    """The state changes only from the one that was judged: two senders make one submission."""
    moved = session.execute(
        update(Assessment)
        .where(Assessment.id == assessment.id, Assessment.state == before)
        .values(state=lifecycle.after(before, "submit"), state_at=now, submitted_at=now)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("already_sent")
    session.refresh(assessment, ["state", "state_at", "submitted_at"])
