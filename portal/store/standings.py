"""Reads across many assessments for the buyer's lists: the same few queries for one supplier or five hundred."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.store.assessments import Assessment, Round, StoredSheet, sheets_of
from portal.store.carbon import FootprintRow
from portal.store.commitments import Commitment
from portal.store.estimates import Estimate
from portal.store.journal import JournalEntry
from portal.store.people import Invitation, Membership, User
from portal.store.together import AMONG_COLLEAGUES

_THEIR_OWN = (*AMONG_COLLEAGUES, "delivery")


@dataclass(frozen=True)
class Standing:
    """One assessment with its stored score sheets; a side that was never stored is None."""

    assessment: Assessment
    declared: StoredSheet | None
    verified: StoredSheet | None


def standings_of(session: Session, assessments: Sequence[Assessment]) -> list[Standing]:
    """Each assessment with its sheets, in the same order. One query."""
    sheets = sheets_of(session, [a.id for a in assessments]) if assessments else {}
    return [Standing(a, sheets.get((a.id, "declared")), sheets.get((a.id, "verified"))) for a in assessments]


def newest_assessments(session: Session) -> list[Assessment]:
    """The newest assessment of every supplier that has one, by the round's period. One query and the suppliers'."""
    rows = session.scalars(
        select(Assessment)
        .join(Round)
        .options(joinedload(Assessment.round), joinedload(Assessment.supplier))
        .order_by(Round.period_end, Round.id, Assessment.id)
    )
    return list({a.supplier_id: a for a in rows}.values())


def newest_scored(session: Session) -> list[Assessment]:
    """The newest assessment of every supplier that has a stored score, by the round's period. One query."""
    rows = session.scalars(
        select(Assessment)
        .join(Round)
        .where(Assessment.id.in_(select(StoredSheet.assessment_id)))
        .options(joinedload(Assessment.round), joinedload(Assessment.supplier))
        .order_by(Round.period_end, Round.id, Assessment.id)
    )
    return list({a.supplier_id: a for a in rows}.values())


def assessments_in_state(session: Session, state: str) -> list[Assessment]:
    """All assessments in one state, the longest waiting first."""
    return list(
        session.scalars(
            select(Assessment)
            .options(joinedload(Assessment.round), joinedload(Assessment.supplier))
            .where(Assessment.state == state)
            .order_by(Assessment.state_at, Assessment.id)
        )
    )


def assessment_in(session: Session, round_id: int, supplier_id: int) -> Assessment | None:
    """The assessment of one supplier in one round."""
    return session.scalar(
        select(Assessment).where(Assessment.round_id == round_id, Assessment.supplier_id == supplier_id)
    )


def leads_of(session: Session, supplier_ids: Iterable[int]) -> dict[int, list[Membership]]:
    """The leads with an account, by supplier. One query."""
    rows = session.scalars(
        select(Membership)
        .options(joinedload(Membership.user))
        .where(
            Membership.supplier_id.in_(list(supplier_ids)),
            Membership.role == "lead",
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.id)
    )
    found: dict[int, list[Membership]] = {}
    for row in rows:
        found.setdefault(row.supplier_id, []).append(row)
    return found


def open_links(session: Session, supplier_ids: Iterable[int]) -> dict[int, Invitation]:
    """The newest lead's link per supplier that was neither used nor revoked; it may have expired. One query."""
    rows = session.scalars(
        select(Invitation)
        .where(
            Invitation.supplier_id.in_(list(supplier_ids)),
            Invitation.role == "lead",
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .order_by(Invitation.id)
    )
    return {row.supplier_id: row for row in rows if row.supplier_id is not None}


def state_counts(session: Session) -> dict[int, dict[str, int]]:
    """How many assessments of each round are in each state. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(Assessment.round_id, Assessment.state, func.count()).group_by(
            Assessment.round_id, Assessment.state
        )
    )
    for round_id, state, count in rows:
        found.setdefault(round_id, {})[state] = count
    return found


def commitment_counts(session: Session) -> dict[str, int]:
    """How many commitments are in each state. One query."""
    rows = session.execute(select(Commitment.state, func.count()).group_by(Commitment.state))
    return {row[0]: row[1] for row in rows}


def commitments_by_supplier(session: Session) -> dict[int, int]:
    """How many commitments each supplier has that are not withdrawn. One query."""
    rows = session.execute(
        select(Commitment.supplier_id, func.count())
        .where(Commitment.state != "withdrawn")
        .group_by(Commitment.supplier_id)
    )
    return {row[0]: row[1] for row in rows}


def footprints_of_all(session: Session, supplier_ids: Iterable[int]) -> list[FootprintRow]:
    """Footprints in force of several suppliers. One query."""
    return list(
        session.scalars(
            select(FootprintRow)
            .where(FootprintRow.supplier_id.in_(list(supplier_ids)), FootprintRow.replaced_at.is_(None))
            .order_by(FootprintRow.material, FootprintRow.product_id, FootprintRow.id)
        )
    )


def journal_of_supplier(session: Session, supplier_id: int, most: int = 100) -> list[JournalEntry]:
    """What happened around one supplier, newest first, at most `most` entries; not what is its own business: what its
    colleagues settle among themselves, and what it delivered."""
    return list(
        session.scalars(
            select(JournalEntry)
            .where(JournalEntry.supplier_id == supplier_id, JournalEntry.thing.not_in(_THEIR_OWN))
            .order_by(JournalEntry.id.desc())
            .limit(most)
        )
    )


def latest_estimate(session: Session) -> Estimate | None:
    """The newest estimate of category 1, or None."""
    return session.scalar(select(Estimate).order_by(Estimate.id.desc()).limit(1))


def staff_users(session: Session) -> list[User]:
    """The buyer's own people, by name."""
    return list(
        session.scalars(select(User).where(User.staff_role.is_not(None)).order_by(User.name, User.id))
    )


def released_days(session: Session) -> list[tuple[int, datetime]]:
    """Each supplier with the moment a result of it was released. One query."""
    rows = session.execute(
        select(Assessment.supplier_id, Assessment.released_at).where(Assessment.released_at.is_not(None))
    )
    return [(row[0], row[1]) for row in rows if row[1] is not None]


def agreed_promises(session: Session) -> list[tuple[int, datetime]]:
    """Each supplier with the moment a commitment of it was agreed. One query."""
    rows = session.execute(
        select(Commitment.supplier_id, Commitment.agreed_at).where(Commitment.agreed_at.is_not(None))
    )
    return [(row[0], row[1]) for row in rows if row[1] is not None]
