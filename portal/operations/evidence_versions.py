"""A newer version of a document: the older file stays behind what was sent, open answers move on where asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.operations.evidence import add_evidence, in_library, open_codes
from portal.operations.evidence_facts import Facts
from portal.operations.journal import note
from portal.operations.keeping import Kept
from portal.store.assessments import Assessment, hold
from portal.store.evidence import Evidence, EvidenceLink, EvidenceVersion, evidence_of, versions_of


def replace_evidence(
    session: Session,
    actor: Actor,
    *,
    evidence_id: int,
    kept: Kept,
    facts: Facts,
    move: bool,
    quota: int,
    now: datetime,
) -> tuple[Evidence, int]:
    """Put a newer version of a file into the library; returns it with the number of answers that moved to it.

    With `move` the links of answers that may be changed move; those of sent answers, progress notes and register
    figures always stay. Raises NotFound, Refused: evidence_replaced (it has a newer version already; `evidence` is
    its id), and as `add_evidence`.
    """
    older = in_library(session, actor, evidence_id)
    newer = add_evidence(session, actor, kept=kept, facts=facts, quota=quota, now=now)
    # The supplier's row is held by now, so a colleague's replacement is seen here or waits for this one.
    known = session.get(EvidenceVersion, older.id)
    if known is not None:
        raise Refused("evidence_replaced", name=older.name, evidence=known.newer_id)
    session.add(EvidenceVersion(older_id=older.id, newer_id=newer.id, made_by_id=actor.user_id, made_at=now))
    session.flush()
    moved = _move(session, actor, older, newer, now) if move else 0
    details = {"newer": newer.id, "answers": moved}
    _note(session, actor, "evidence.replaced", older, details, now)
    return newer, moved


def move_answers(session: Session, actor: Actor, *, evidence_id: int, now: datetime) -> tuple[Evidence, int]:
    """Let the answers that still use an older version and may be changed use the newest one; returns it and how many.

    Raises NotFound (not this supplier's, or it is the newest version).
    """
    older = in_library(session, actor, evidence_id)
    newest_id = newest_version(session, older)
    newest = evidence_of(session, older.supplier_id, newest_id)
    if newest is None or newest.id == older.id:
        raise NotFound
    moved = _move(session, actor, older, newest, now)
    if moved:
        _note(session, actor, "evidence.answers_moved", older, {"newer": newest.id, "answers": moved}, now)
    return newest, moved


def newest_version(session: Session, row: Evidence) -> int:
    """The id of the newest version of a document; its own where nothing replaces it."""
    newer = versions_of(session, row.supplier_id).newer
    newest = row.id
    while newest in newer:
        newest = newer[newest]
    return newest


def movable_links(session: Session, row: Evidence) -> list[EvidenceLink]:
    """The links of a file to answers that may be changed now."""
    rows = session.execute(
        select(EvidenceLink, Assessment)
        .join(Assessment, EvidenceLink.assessment_id == Assessment.id)
        .where(EvidenceLink.evidence_id == row.id, Assessment.state.in_(EDITABLE))
        .order_by(EvidenceLink.id)
    ).all()
    returned = {one.id: open_codes(session, one) for _, one in rows if one.state == "returned"}
    return [link for link, one in rows if one.state != "returned" or link.indicator in returned[one.id]]


def _move(session: Session, actor: Actor, older: Evidence, newer: Evidence, now: datetime) -> int:
    # Held while links move, so that nobody sends an assessment between the look at its state and the change.
    for assessment in session.scalars(
        select(Assessment)
        .join(EvidenceLink, EvidenceLink.assessment_id == Assessment.id)
        .where(EvidenceLink.evidence_id == older.id)
        .order_by(Assessment.id)
    ).unique():
        hold(session, assessment)
    if actor.user_id is None:
        raise NotFound
    links = movable_links(session, older)
    known = {
        (link.assessment_id, link.indicator)
        for link in session.scalars(select(EvidenceLink).where(EvidenceLink.evidence_id == newer.id))
    }
    for link in links:
        if (link.assessment_id, link.indicator) in known:
            session.delete(link)
            continue
        link.evidence = newer
        link.moved_at = now
        link.linked_by_id, link.linked_at = actor.user_id, now
    session.flush()
    return len(links)


def _note(
    session: Session, actor: Actor, action: str, row: Evidence, details: dict[str, int], now: datetime
) -> None:
    note(
        session,
        actor,
        action,
        thing="evidence",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        details=details,
        now=now,
    )
