"""Commitments: propose, agree, report, verify. A verified one closes its finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.commitments import MOST_YEARS, after
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.reading import is_blank, read_date, read_number, unprintable
from portal.operations.findings import STANDING, open_findings
from portal.operations.journal import note
from portal.store.commitments import Commitment, CommitmentNote, Finding
from portal.store.evidence import evidence_of

__all__ = [
    "Proposal",
    "agree",
    "open_findings",
    "propose",
    "read_proposal",
    "reopen",
    "report_done",
    "report_progress",
    "repropose",
    "send_back",
    "verify",
    "withdraw",
]

LONGEST_ACTION = 2000
LONGEST_OWNER = 120


@dataclass(frozen=True)
class Proposal:
    """What is promised: `effect_points` of the total (0..100), `effect_tco2e` in tCO2e a year; at least one given."""

    action: str
    owner: str
    due_on: date
    effect_points: Decimal | None
    effect_tco2e: Decimal | None


def read_proposal(given: Mapping[str, str], *, gain: Decimal, today: date) -> Proposal:
    """A proposal from form text by field name; `gain` is the most points the finding can bring.

    Raises Invalid with `where` naming the field: words_missing, words_too_long, words_unprintable,
    due_unreadable, due_past, due_far, effect_unreadable, effect_negative, effect_above_gain, effect_missing.
    """
    problems: list[Problem] = []
    action = _words(given.get("action", ""), "action", LONGEST_ACTION, problems)
    owner = _words(given.get("owner", ""), "owner", LONGEST_OWNER, problems)
    due = _due(given.get("due_on", ""), today, problems)
    points = _effect(given.get("effect_points", ""), "effect_points", problems)
    tonnes = _effect(given.get("effect_tco2e", ""), "effect_tco2e", problems)
    if points is not None and points > gain:
        problems.append(Problem("effect_above_gain", "effect_points", {"gain": str(gain)}))
    blank = is_blank(given.get("effect_points", "")) and is_blank(given.get("effect_tco2e", ""))
    if blank:
        problems.append(Problem("effect_missing", "effect_points"))
    if problems or due is None:
        raise Invalid(problems)
    return Proposal(action, owner, due, points, tonnes)


def _words(raw: str, where: str, most: int, problems: list[Problem]) -> str:
    text = raw.replace("\r\n", "\n").strip()
    if not text:
        problems.append(Problem(f"{where}_missing", where))
    elif len(text) > most:
        problems.append(Problem("words_too_long", where, {"most": most}))
    elif unprintable(text):
        problems.append(Problem("words_unprintable", where))
    return text


def _due(raw: str, today: date, problems: list[Problem]) -> date | None:
    day = read_date(raw, "due_on")
    if isinstance(day, Problem):
        code = "due_missing" if is_blank(raw) else "due_unreadable"
        problems.append(Problem(code, "due_on", {"found": raw.strip()[:40]}))
        return None
    if day <= today:
        problems.append(Problem("due_past", "due_on", {"found": day}))
    elif day.year > today.year + MOST_YEARS:
        problems.append(Problem("due_far", "due_on", {"years": MOST_YEARS}))
    return day


def _effect(raw: str, where: str, problems: list[Problem]) -> Decimal | None:
    if is_blank(raw):
        return None
    number = read_number(raw, where)
    if isinstance(number, Problem):
        problems.append(Problem("effect_unreadable", where, {"found": raw.strip()[:40]}))
        return None
    if number < 0:
        problems.append(Problem("effect_negative", where, {"found": f"{number:f}"}))
        return None
    return number


def propose(
    session: Session, actor: Actor, *, finding_id: int, proposal: Proposal, now: datetime
) -> Commitment:
    """Promise an action on a finding of the actor's supplier.

    Raises NotFound, Refused: finding_closed, finding_has_commitment (one promise per finding at a time).
    """
    finding = session.scalar(
        select(Finding)
        .where(Finding.id == finding_id, Finding.supplier_id == actor.supplier_id)
        .with_for_update(key_share=True)
    )
    if finding is None:
        raise NotFound
    if finding.closed_at is not None:
        raise Refused("finding_closed")
    standing = select(Commitment.id).where(
        Commitment.finding_id == finding.id, Commitment.state.in_(STANDING)
    )
    if session.scalar(standing.limit(1)) is not None:
        raise Refused("finding_has_commitment")
    row = Commitment(
        finding_id=finding.id,
        supplier_id=finding.supplier_id,
        state="proposed",
        proposed_by_id=actor.user_id,
        proposed_at=now,
        **asdict(proposal),
    )
    session.add(row)
    session.flush()
    _record(session, actor, row, "propose", "", now, to="proposed")
    return row


def repropose(
    session: Session, actor: Actor, *, commitment_id: int, proposal: Proposal, now: datetime
) -> Commitment:
    """Propose again what was sent back, with new words, date or effect."""
    row = _own(session, actor, commitment_id)
    changes = asdict(proposal) | {"proposed_by_id": actor.user_id, "proposed_at": now}
    return _move(session, actor, row, "repropose", "", now, changes)


def withdraw(session: Session, actor: Actor, *, commitment_id: int, now: datetime) -> Commitment:
    """Take back a promise that is not agreed yet; the finding stays open."""
    row = _own(session, actor, commitment_id)
    return _move(session, actor, row, "withdraw", "", now, {"withdrawn_at": now})


def report_progress(
    session: Session,
    actor: Actor,
    *,
    commitment_id: int,
    percent: str,
    text: str,
    evidence_id: int | None,
    now: datetime,
) -> CommitmentNote:
    """Note progress on an agreed commitment, 0..100 per cent, perhaps with a file of the supplier's library.

    Raises NotFound (also for a file that is not in the library), Refused("progress_not_agreed"),
    Invalid: percent_expected, words_too_long, words_unprintable.
    """
    row = _own(session, actor, commitment_id)
    if row.state != "agreed":
        raise Refused("progress_not_agreed")
    problems: list[Problem] = []
    number = read_number(percent, "percent", percent=True)
    if isinstance(number, Problem) or not 0 <= number <= 100 or number != int(number):
        problems.append(Problem("percent_expected", "percent", {"found": percent.strip()[:20]}))
    words = _words(text, "text", LONGEST_ACTION, problems) if text.strip() else ""
    if problems or isinstance(number, Problem):
        raise Invalid(problems)
    proof = _proof(session, actor, evidence_id)
    return _record(session, actor, row, "progress", words, now, percent=int(number), evidence_id=proof)


def report_done(
    session: Session, actor: Actor, *, commitment_id: int, text: str, evidence_id: int | None, now: datetime
) -> Commitment:
    """Report an agreed commitment as done, perhaps with proof; the buyer verifies it."""
    row = _own(session, actor, commitment_id)
    words = _optional(text)
    proof = _proof(session, actor, evidence_id)
    return _move(session, actor, row, "report_done", words, now, {}, percent=100, evidence_id=proof)


def agree(session: Session, actor: Actor, *, commitment_id: int, now: datetime) -> Commitment:
    """Accept a proposed commitment: from this day the supplier counts as committed."""
    changes = {"agreed_at": now, "agreed_by_id": actor.user_id}
    return _move(session, actor, _any(session, commitment_id), "agree", "", now, changes)


def send_back(
    session: Session, actor: Actor, *, commitment_id: int, reason: str, now: datetime
) -> Commitment:
    """Ask for a better proposal. Raises Invalid("reason_missing")."""
    return _move(session, actor, _any(session, commitment_id), "send_back", _reason(reason), now, {})


def verify(session: Session, actor: Actor, *, commitment_id: int, now: datetime) -> Commitment:
    """Confirm that what was reported done is done; closes the finding."""
    row = _move(session, actor, _any(session, commitment_id), "verify", "", now, {"verified_at": now})
    if row.finding.closed_at is None:
        row.finding.closed_at = now
        session.flush()
    return row


def reopen(session: Session, actor: Actor, *, commitment_id: int, reason: str, now: datetime) -> Commitment:
    """Not done yet: back to agreed, with the reason. Raises Invalid("reason_missing")."""
    return _move(session, actor, _any(session, commitment_id), "reopen", _reason(reason), now, {})


def _reason(text: str) -> str:
    problems: list[Problem] = []
    words = _words(text, "reason", LONGEST_ACTION, problems)
    if problems:
        raise Invalid(problems)
    return words


def _optional(text: str) -> str:
    problems: list[Problem] = []
    words = _words(text, "text", LONGEST_ACTION, problems) if text.strip() else ""
    if problems:
        raise Invalid(problems)
    return words


def _own(session: Session, actor: Actor, commitment_id: int) -> Commitment:
    row = session.scalar(
        select(Commitment).where(Commitment.id == commitment_id, Commitment.supplier_id == actor.supplier_id)
    )
    if row is None:
        raise NotFound
    return row


def _any(session: Session, commitment_id: int) -> Commitment:
    row = session.get(Commitment, commitment_id)
    if row is None:
        raise NotFound
    return row


def _proof(session: Session, actor: Actor, evidence_id: int | None) -> int | None:
    if evidence_id is None:
        return None
    row = evidence_of(session, actor.supplier_id or 0, evidence_id)
    if row is None or row.removed_at is not None:
        raise NotFound
    return row.id


def _move(
    session: Session,
    actor: Actor,
    row: Commitment,
    move: str,
    words: str,
    now: datetime,
    changes: Mapping[str, Any],
    *,
    percent: int | None = None,
    evidence_id: int | None = None,
) -> Commitment:
    """Change the state only if it is still what was read: of two people, one moves and one is refused."""
    before, to = row.state, after(row.state, move)
    moved = session.execute(
        update(Commitment)
        .where(Commitment.id == row.id, Commitment.state == before)
        .values(state=to, **changes)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        after(row.state, move)
        raise Refused("commitment_moved_meanwhile")
    _record(
        session, actor, row, move, words, now, before=before, to=to, percent=percent, evidence_id=evidence_id
    )
    return row


def _record(
    session: Session,
    actor: Actor,
    row: Commitment,
    move: str,
    words: str,
    now: datetime,
    *,
    before: str | None = None,
    to: str | None = None,
    percent: int | None = None,
    evidence_id: int | None = None,
) -> CommitmentNote:
    step = CommitmentNote(
        commitment_id=row.id,
        move=move,
        percent=percent,
        text=words,
        evidence_id=evidence_id,
        by_id=actor.user_id,
        at=now,
    )
    session.add(step)
    session.flush()
    note(
        session,
        actor,
        f"commitment.{move}",
        thing="commitment",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        from_state=before,
        to_state=to,
        now=now,
    )
    return step
