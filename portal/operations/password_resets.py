"""A forgotten password without a mail server: a colleague makes a link, the person sets a new password with it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.passwords import judge_password
from portal.operations.accounts import HASHER, token_hash
from portal.operations.journal import note
from portal.operations.withdrawing import withdraw_resets_for
from portal.store.password_resets import PasswordReset, reset_by_hash
from portal.store.people import (
    SignInAttempt,
    User,
    WebSession,
    answers_only_for,
    has_access,
    memberships_of,
    place_of,
)

VALID = timedelta(hours=24)


def make_reset_link(
    session: Session, actor: Actor, *, user_id: int, token: str, now: datetime
) -> PasswordReset:
    """Make a link to set a new password; the caller shows the link made from `token` and stores it nowhere.

    A supplier's actor reaches people of that supplier, any other actor everybody. An earlier open link of the same
    person stops working. Raises NotFound (absent, or of another supplier) and Refused: reset_yourself;
    reset_without_access; reset_by_administrator when the person also has rights the supplier's lead does not have.
    """
    # The row is locked, so that of two links made at once only the later works.
    user = session.get(User, user_id, with_for_update=True)
    if user is None or (
        actor.supplier_id is not None and place_of(session, user.id, actor.supplier_id) is None
    ):
        raise NotFound
    if user.id == actor.user_id:
        raise Refused("reset_yourself")
    if not has_access(session, user):
        raise Refused("reset_without_access", name=user.name)
    if actor.supplier_id is not None and not answers_only_for(session, user, actor.supplier_id):
        raise Refused("reset_by_administrator", name=user.name)
    withdraw_resets_for(session, user.id, now=now)
    reset = PasswordReset(
        token_hash=token_hash(token),
        user_id=user.id,
        supplier_id=actor.supplier_id,
        made_by_id=actor.user_id,
        created_at=now,
        expires_at=now + VALID,
    )
    session.add(reset)
    session.flush()
    _note(session, actor, "password.reset_link_made", user, now)
    return reset


def usable_reset(session: Session, token: str, *, now: datetime) -> PasswordReset:
    """The reset behind a link. Raises NotFound, or Refused: reset_used, reset_withdrawn, reset_expired."""
    reset = reset_by_hash(session, token_hash(token))
    if reset is None:
        raise NotFound
    if reset.used_at is not None:
        raise Refused("reset_used")
    if reset.withdrawn_at is not None:
        raise Refused("reset_withdrawn")
    if reset.expires_at <= now:
        raise Refused("reset_expired")
    within = reset.supplier_id is None or answers_only_for(session, reset.user, reset.supplier_id)
    if not within or not has_access(session, reset.user):
        raise Refused("reset_withdrawn")
    return reset


def set_new_password(session: Session, *, token: str, password: str, now: datetime) -> User:
    """Set the password of the person behind a link and end every session of that person.

    Raises as `usable_reset` does, and Invalid with the password's problems; the link then stays usable.
    """
    # Hashed before the link is looked up: an unknown link takes the same time as a known one.
    made = HASHER.hash(password[:1024])
    reset = usable_reset(session, token, now=now)
    user = reset.user
    problems = judge_password(password, email=user.email, name=user.name)
    if problems:
        raise Invalid(problems)
    used = session.execute(
        update(PasswordReset)
        .where(
            PasswordReset.id == reset.id,
            PasswordReset.used_at.is_(None),
            PasswordReset.withdrawn_at.is_(None),
        )
        .values(used_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("reset_used")
    user.password_hash = made
    session.execute(
        update(WebSession)
        .where(WebSession.user_id == user.id, WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    # Who forgot the password has often used up the guesses; the link has proved who this is.
    session.execute(delete(SignInAttempt).where(SignInAttempt.subject == user.email))
    session.flush()
    actor = Actor(user_id=user.id, name=user.name, role=user.staff_role or "stranger")
    _note(session, actor, "password.reset", user, now)
    return user


def _note(session: Session, actor: Actor, action: str, user: User, now: datetime) -> None:
    places = memberships_of(session, user.id)
    supplier_id = actor.supplier_id or (places[0].supplier_id if places else None)
    note(session, actor, action, thing="user", thing_id=user.id, supplier_id=supplier_id, now=now)
