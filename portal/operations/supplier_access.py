"""End and restore the access of a supplier's people. What they answered and did stays under their name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.operations.assigning import free_work
from portal.operations.journal import note
from portal.operations.withdrawing import withdraw_links_of
from portal.store.people import Membership, User, WebSession, place_of
from portal.store.suppliers import Supplier


def end_access(
    session: Session, actor: Actor, *, supplier_id: int, user_id: int, now: datetime
) -> Membership:
    """End a person's place in a supplier, every session in it, and the open links this person made or could use; what
    was assigned to this person is free again.

    Raises NotFound; Refused: end_yourself, end_last_lead. A place already ended stays as it is.
    """
    place = _place(session, supplier_id, user_id)
    if user_id == actor.user_id:
        raise Refused("end_yourself")
    if place.ended_at is not None:
        return place
    if place.role == "lead" and _leads(session, supplier_id) <= 1:
        raise Refused("end_last_lead", name=place.user.name, supplier=place.supplier.name)
    place.ended_at = now
    session.execute(
        update(WebSession)
        .where(
            WebSession.user_id == user_id,
            WebSession.supplier_id == supplier_id,
            WebSession.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    withdraw_links_of(session, place.user, supplier_id=supplier_id, now=now)
    free_work(session, actor, supplier_id=supplier_id, user_id=user_id, now=now)
    session.flush()
    _note(session, actor, "access.ended", place, now)
    return place


def restore_access(
    session: Session, actor: Actor, *, supplier_id: int, user_id: int, now: datetime
) -> Membership:
    """Let a person in again, in the same role; they sign in anew with their password. Raises NotFound."""
    place = _place(session, supplier_id, user_id)
    if place.ended_at is not None:
        place.ended_at = None
        session.flush()
        _note(session, actor, "access.restored", place, now)
    return place


def _place(session: Session, supplier_id: int, user_id: int) -> Membership:
    # The supplier's row is locked, so that two leads who end each other's access at once leave one of them.
    if session.get(Supplier, supplier_id, with_for_update=True) is None:
        raise NotFound
    place = place_of(session, user_id, supplier_id)
    if place is None:
        raise NotFound
    return place


def _leads(session: Session, supplier_id: int) -> int:
    found = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(User)
        .where(
            Membership.supplier_id == supplier_id,
            Membership.role == "lead",
            Membership.ended_at.is_(None),
            User.disabled_at.is_(None),
        )
    )
    return found or 0


def _note(session: Session, actor: Actor, action: str, place: Membership, now: datetime) -> None:
    note(
        session,
        actor,
        action,
        thing="user",
        thing_id=place.user_id,
        supplier_id=place.supplier_id,
        details={"role": place.role},
        now=now,
    )
