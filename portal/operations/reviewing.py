"""The buyer's review: take up, decide per indicator, send back or finish, release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.exact import decimal_text
from portal.core.lifecycle import after, valid_until
from portal.core.problems import Problem
from portal.core.questionnaire.model import find_indicator, is_scored
from portal.operations.findings import open_findings
from portal.operations.journal import note
from portal.operations.judging import SETTLED, Review, open_review
from portal.operations.scoring import store_sheet
from portal.store.assessments import Assessment, Decision, assessment_for_staff

LONGEST_REASON = 1900
PLACES = 4


def take_up(session: Session, actor: Actor, *, assessment_id: int, now: datetime) -> Assessment:
    """Start the review of what a supplier sent: submitted → in review."""
    return _move(session, actor, _found(session, assessment_id), "take_up", "assessment.taken_up", now)


def decide(
    session: Session,
    actor: Actor,
    *,
    assessment_id: int,
    indicator: str,
    kind: str,
    points: str = "",
    reason: str = "",
    proof: str = "",
    now: datetime,
) -> Decision:
    """Judge one indicator: accepted, adjusted (`points` 0..1, with reason), returned (with reason), flag_closed.

    Closing a red flag needs a reason and the `proof` it rests on. A later decision replaces an earlier one; all
    stay on record. Raises NotFound for an indicator that is not in play, Refused (review_not_open,
    flag_not_open, close_flag_instead, nothing_to_adjust), Invalid (reason_missing, reason_long, proof_missing,
    points_expected).
    """
    assessment, review = _under_review(session, assessment_id)
    if indicator not in review.case.path.open:
        raise NotFound
    exact = _judge(review, indicator, kind, points, reason, proof)
    text = "\n→ ".join(
        part.strip() for part in (reason, proof if kind == "flag_closed" else "") if part.strip()
    )
    decision = Decision(
        assessment_id=assessment.id,
        submission_id=review.submission.id,
        indicator=indicator,
        kind=kind,
        points=exact,
        reason=text,
        decided_by_id=actor.user_id,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    _note(session, actor, assessment, f"indicator.{kind}", now, {"indicator": indicator})
    return decision


def accept_all(
    session: Session, actor: Actor, *, assessment_id: int, indicators: Sequence[str], now: datetime
) -> int:
    """Accept those of `indicators` that have evidence and no decision yet; red flags are never among them.

    Returns how many were accepted.
    """
    assessment, review = _under_review(session, assessment_id)
    accepted = acceptable(review, indicators)
    for code in accepted:
        session.add(
            Decision(
                assessment_id=assessment.id,
                submission_id=review.submission.id,
                indicator=code,
                kind="accepted",
                decided_by_id=actor.user_id,
                decided_at=now,
            )
        )
    session.flush()
    if accepted:
        _note(session, actor, assessment, "indicators.accepted", now, {"indicators": list(accepted)})
    return len(accepted)


def acceptable(review: Review, indicators: Sequence[str]) -> tuple[str, ...]:
    """Which of `indicators` may be accepted together: in play, with evidence, undecided, no red flag."""
    return tuple(
        code
        for code in indicators
        if code in review.case.path.open
        and code not in review.decisions
        and code not in review.came_back
        and code not in review.declared.red_flags
        and review.case.evidence.get(code)
    )


def send_back(session: Session, actor: Actor, *, assessment_id: int, now: datetime) -> Assessment:
    """Return the assessment: only the indicators returned with a reason reopen, all others stay locked.

    Raises Refused: nothing_returned, came_back_undecided.
    """
    assessment, review = _under_review(session, assessment_id)
    if not review.returned:
        raise Refused("nothing_returned")
    waiting = [code for code in review.came_back if code not in review.decisions]
    if waiting:
        raise Refused("came_back_undecided", count=len(waiting), codes=", ".join(sorted(waiting)))
    details = {"indicators": list(review.returned)}
    return _move(session, actor, assessment, "send_back", "assessment.returned", now, details)


def finish_review(session: Session, actor: Actor, *, assessment_id: int, now: datetime) -> Assessment:
    """Close the review once everything that needs a judgement has one. Raises Refused: undecided, still_returned."""
    assessment, review = _under_review(session, assessment_id)
    if review.returned:
        raise Refused("still_returned", count=len(review.returned), codes=", ".join(review.returned))
    if review.undecided:
        raise Refused("undecided", count=len(review.undecided), codes=", ".join(review.undecided[:12]))
    return _move(session, actor, assessment, "finish_review", "assessment.reviewed", now)


def reopen_review(
    session: Session, actor: Actor, *, assessment_id: int, reason: str, now: datetime
) -> Assessment:
    """Take a finished review up again, with a reason. Raises Invalid: reason_missing, reason_long."""
    assessment = _found(session, assessment_id)
    problems = _reason_problems(reason)
    if problems:
        raise Invalid(problems)
    details = {"reason": reason.strip()}
    return _move(session, actor, assessment, "reopen_review", "assessment.review_reopened", now, details)


def release_assessment(
    session: Session, actor: Actor, *, assessment_id: int, today: date, now: datetime
) -> Assessment:
    """Release a reviewed assessment: the verified sheet is stored, the supplier sees it, findings open.

    `today` is the calendar day on which the twelve months of validity begin.
    Raises Refused: move_not_allowed, undecided, moved_meanwhile, trial_not_released.
    """
    assessment = _found(session, assessment_id)
    after(assessment.state, "release")
    if assessment.round.trial:
        raise Refused("trial_not_released")
    review = open_review(session, assessment)
    if review is None:
        raise NotFound
    if review.undecided:
        raise Refused("undecided", count=len(review.undecided), codes=", ".join(review.undecided[:12]))
    until = valid_until(today)
    _move(
        session, actor, assessment, "release", "assessment.released", now, {"valid_until": until.isoformat()}
    )
    assessment.released_at, assessment.valid_until = now, until
    store_sheet(session, assessment, "declared", review.declared, now)
    store_sheet(session, assessment, "verified", review.verified, now)
    open_findings(
        session,
        actor,
        assessment=assessment,
        sheet=review.verified,
        questionnaire=review.case.questionnaire,
        now=now,
    )
    session.flush()
    return assessment


def _judge(review: Review, indicator: str, kind: str, points: str, reason: str, proof: str) -> str | None:
    """Check one decision against the rules; the exact points text of an adjustment, else None."""
    if kind not in {*SETTLED, "returned"}:
        raise NotFound
    flagged = indicator in review.declared.red_flags
    if kind == "flag_closed" and not flagged:
        raise Refused("flag_not_open", indicator=indicator)
    problems = [] if kind == "accepted" else _reason_problems(reason)
    if kind == "flag_closed" and not proof.strip():
        problems.append(Problem("proof_missing", indicator))
    exact = None
    if kind == "adjusted":
        definition = find_indicator(review.case.questionnaire, indicator)
        if definition is None or not is_scored(definition):
            raise Refused("nothing_to_adjust", indicator=indicator)
        exact = _points(points)
        if exact is None:
            problems.append(Problem("points_expected", indicator, {"found": points.strip()[:20]}))
        elif flagged and exact != "0":
            raise Refused("close_flag_instead", indicator=indicator)
    if problems:
        raise Invalid(problems)
    return exact


def _points(text: str) -> str | None:
    """Points 0..1 with at most four decimals, as exact text; None where `text` is anything else."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value <= 1 or value != round(value, PLACES):
        return None
    return decimal_text(value)


def _reason_problems(reason: str) -> list[Problem]:
    if not reason.strip():
        return [Problem("reason_missing", "reason")]
    if len(reason) > LONGEST_REASON:
        return [Problem("reason_long", "reason", {"most": LONGEST_REASON})]
    return []


def _found(session: Session, assessment_id: int) -> Assessment:
    assessment = assessment_for_staff(session, assessment_id)
    if assessment is None:
        raise NotFound
    return assessment


def _under_review(session: Session, assessment_id: int) -> tuple[Assessment, Review]:
    assessment = _found(session, assessment_id)
    if assessment.state != "in_review":
        raise Refused("review_not_open", state=assessment.state)
    review = open_review(session, assessment)
    if review is None:
        raise NotFound
    return assessment, review


def _move(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    move: str,
    action: str,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> Assessment:
    """Change the state only if it is still what was read: of two people, one moves and one is refused."""
    before, to = assessment.state, after(assessment.state, move)
    moved = session.execute(
        update(Assessment)
        .where(Assessment.id == assessment.id, Assessment.state == before)
        .values(state=to, state_at=now)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("moved_meanwhile")
    session.refresh(assessment, ["state", "state_at"])
    _note(session, actor, assessment, action, now, details, before, to)
    return assessment


def _note(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    action: str,
    now: datetime,
    details: Mapping[str, object] | None = None,
    before: str | None = None,
    to: str | None = None,
) -> None:
    note(
        session,
        actor,
        action,
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=assessment.supplier_id,
        from_state=before,
        to_state=to,
        details=details,
        now=now,
    )
