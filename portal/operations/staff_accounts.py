"""The buyer's own people: invite by link, switch an account off and on again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.supplier_lists import CHECKS
from portal.operations.accounts import invite
from portal.operations.journal import note
from portal.operations.withdrawing import withdraw_links_of
from portal.store.people import Invitation, User, WebSession, user_by_email

STAFF_ROLES = ("analyst", "manager", "admin")


def invite_staff(
    session: Session, actor: Actor, *, email: str, role: str, token: str, valid_days: int, now: datetime
) -> Invitation:
    """Invite a colleague. A person who has any account already is refused: one account is one audience.

    Raises Invalid(supplier_email_form), Refused("email_taken").
    """
    if role not in STAFF_ROLES:
        raise NotFound
    address = email.strip().lower()
    code = CHECKS["email"](address)
    if code:
        raise Invalid([Problem(code, "email", {"column": "email", "found": address})])
    if user_by_email(session, address) is not None:
        raise Refused("email_taken", email=address)
    return invite(
        session,
        actor,
        email=address,
        role=role,
        supplier_id=None,
        token=token,
        valid_days=valid_days,
        now=now,
    )


def disable_account(session: Session, actor: Actor, *, user_id: int, now: datetime) -> User:
    """Switch off a colleague's account and end every session of it at once.

    Raises Refused: disable_yourself, disable_last_admin. A disabled account keeps its name in the journal.
    """
    user = _staff_user(session, user_id)
    if user.id == actor.user_id:
        raise Refused("disable_yourself")
    if user.staff_role == "admin" and _admins(session) <= 1:
        raise Refused("disable_last_admin")
    if user.disabled_at is None:
        user.disabled_at = now
        session.execute(
            update(WebSession)
            .where(WebSession.user_id == user.id, WebSession.ended_at.is_(None))
            .values(ended_at=now)
        )
        withdraw_links_of(session, user, supplier_id=None, now=now)
        note(session, actor, "account.disabled", thing="user", thing_id=user.id, now=now)
        session.flush()
    return user


def enable_account(session: Session, actor: Actor, *, user_id: int, now: datetime) -> User:
    """Let a colleague in again; they sign in anew with their password."""
    user = _staff_user(session, user_id)
    if user.disabled_at is not None:
        user.disabled_at = None
        note(session, actor, "account.enabled", thing="user", thing_id=user.id, now=now)
        session.flush()
    return user


def _staff_user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None or user.staff_role is None:
        raise NotFound
    return user


def _admins(session: Session) -> int:
    found = session.scalar(
        select(func.count()).select_from(User).where(User.staff_role == "admin", User.disabled_at.is_(None))
    )
    return found or 0
