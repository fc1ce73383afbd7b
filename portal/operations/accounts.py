"""Accounts: invite, join, sign in and out, change a password."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.core.access import STRANGER, Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.passwords import judge_password
from portal.operations.journal import note
from portal.operations.withdrawing import withdraw_resets_for
from portal.store.people import (
    Invitation,
    Membership,
    SignInAttempt,
    User,
    WebSession,
    attempts_since,
    has_access,
    invitation_by_hash,
    memberships_of,
    place_of,
    user_by_email,
)

# OWASP's Argon2id profile: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified for unknown accounts, so that they answer in the same time as known ones.
NOBODYS_HASH = HASHER.hash("no account has this password")

GUESSES = 8
GUESS_WINDOW = timedelta(minutes=15)


def token_hash(token: str) -> str:
    """What is stored of a secret link or cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    session: Session,
    actor: Actor,
    *,
    email: str,
    role: str,
    supplier_id: int | None,
    token: str,
    valid_days: int,
    now: datetime,
) -> Invitation:
    """Invite a person by link; the caller shows the link made from `token` and stores it nowhere.

    An open invitation of the same person to the same place is revoked, so only the newest link works.
    """
    email = email.strip().lower()
    session.execute(
        update(Invitation)
        .where(
            Invitation.email == email,
            Invitation.supplier_id == supplier_id if supplier_id else Invitation.supplier_id.is_(None),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    invitation = Invitation(
        token_hash=token_hash(token),
        email=email,
        supplier_id=supplier_id,
        role=role,
        invited_by_id=actor.user_id,
        created_at=now,
        expires_at=now + timedelta(days=valid_days),
    )
    session.add(invitation)
    session.flush()
    note(
        session,
        actor,
        "invitation.sent",
        thing="invitation",
        thing_id=invitation.id,
        supplier_id=supplier_id,
        details={"role": role},
        now=now,
    )
    return invitation


def usable_invitation(session: Session, token: str, *, now: datetime) -> Invitation:
    """The invitation behind a link. Raises NotFound, or Refused saying why the link no longer works."""
    invitation = invitation_by_hash(session, token_hash(token))
    if invitation is None:
        raise NotFound
    if invitation.used_at is not None:
        raise Refused("invitation_used")
    if invitation.revoked_at is not None:
        raise Refused("invitation_replaced")
    if invitation.expires_at <= now:
        raise Refused("invitation_expired")
    return invitation


def accept_invitation(
    session: Session, *, token: str, name: str, password: str, locale: str, now: datetime
) -> User:
    """Join by link: makes the account, or for a person already known checks the password, and adds the membership."""
    invitation = usable_invitation(session, token, now=now)
    user = user_by_email(session, invitation.email)
    if user is not None and user.password_hash:
        if not _matches(user.password_hash, password):
            raise Refused("password_wrong_for_known")
    else:
        problems = judge_password(password, email=invitation.email, name=name)
        if problems:
            raise Invalid(problems)
        user = User(
            email=invitation.email,
            name=name.strip(),
            password_hash=HASHER.hash(password),
            locale=locale,
            created_at=now,
        )
        session.add(user)
        session.flush()
    if invitation.supplier_id is None:
        user.staff_role = invitation.role
    else:
        _take_place(session, user, invitation.supplier_id, invitation.role, now)
    used = session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
        .values(used_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("invitation_used")
    session.flush()
    note(
        session,
        Actor(user_id=user.id, name=user.name, role=invitation.role, supplier_id=invitation.supplier_id),
        "invitation.accepted",
        thing="invitation",
        thing_id=invitation.id,
        supplier_id=invitation.supplier_id,
        now=now,
    )
    return user


def check_password(
    session: Session, *, email: str, password: str, address: str, now: datetime
) -> User | None:
    """The user when e-mail and password fit, else None; wrong guesses are counted.

    Raises Refused("too_many_guesses") after eight wrong guesses for one account or thirty-two from one
    address within fifteen minutes. Known and unknown accounts take the same time.
    """
    email = email.strip().lower()[:254]
    since = now - GUESS_WINDOW
    if (
        attempts_since(session, email, since) >= GUESSES
        or attempts_since(session, address, since) >= 4 * GUESSES
    ):
        raise Refused("too_many_guesses", minutes=15)
    user = user_by_email(session, email)
    stored = user.password_hash if user and user.password_hash and user.disabled_at is None else NOBODYS_HASH
    fits = _matches(stored, password)
    if user is None or stored is NOBODYS_HASH or not fits:
        session.add_all([SignInAttempt(subject=email, at=now), SignInAttempt(subject=address, at=now)])
        note(session, STRANGER, "sign_in.refused", thing="user", thing_id=user.id if user else None, now=now)
        return None
    if HASHER.check_needs_rehash(stored):
        user.password_hash = HASHER.hash(password)
    return user


def open_session(session: Session, user: User, *, token: str, now: datetime) -> WebSession:
    """Start a signed-in browser session. Suppliers' people start in their first supplier.

    Raises Refused("access_ended") for a person whose access was ended everywhere.
    """
    if not has_access(session, user):
        raise Refused("access_ended")
    places = memberships_of(session, user.id)
    row = WebSession(
        token_hash=token_hash(token),
        user_id=user.id,
        supplier_id=places[0].supplier_id if places and not user.staff_role else None,
        signed_in_at=now,
        seen_at=now,
    )
    session.add(row)
    session.flush()
    actor = Actor(user_id=user.id, name=user.name, role="stranger")
    note(session, actor, "sign_in.accepted", thing="user", thing_id=user.id, now=now)
    return row


def end_session(session: Session, actor: Actor, *, token: str, now: datetime) -> None:
    """Sign out this browser."""
    session.execute(
        update(WebSession)
        .where(WebSession.token_hash == token_hash(token), WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    note(session, actor, "sign_out", thing="user", thing_id=actor.user_id, now=now)


def change_password(
    session: Session, actor: Actor, *, old: str, new: str, keep_token: str, now: datetime
) -> None:
    """Set a new password and end every other session of this person."""
    user = session.get_one(User, actor.user_id)
    if not user.password_hash or not _matches(user.password_hash, old):
        raise Refused("password_wrong")
    problems = judge_password(new, email=user.email, name=user.name)
    if problems:
        raise Invalid(problems)
    user.password_hash = HASHER.hash(new)
    session.execute(
        update(WebSession)
        .where(
            WebSession.user_id == user.id,
            WebSession.ended_at.is_(None),
            WebSession.token_hash != token_hash(keep_token),
        )
        .values(ended_at=now)
    )
    withdraw_resets_for(session, user.id, now=now)
    note(session, actor, "password.changed", thing="user", thing_id=user.id, now=now)


def create_staff(
    session: Session, *, email: str, name: str, password: str, role: str, locale: str, now: datetime
) -> User:
    """Make an account for one of the buyer's own people, from the command line or the demo."""
    email = email.strip().lower()
    if user_by_email(session, email) is not None:
        raise Refused("email_taken", email=email)
    problems = judge_password(password, email=email, name=name)
    if problems:
        raise Invalid(problems)
    user = User(
        email=email,
        name=name,
        password_hash=HASHER.hash(password),
        staff_role=role,
        locale=locale,
        created_at=now,
    )
    session.add(user)
    session.flush()
    actor = Actor(user_id=user.id, name=name, role=role)
    note(session, actor, "account.created", thing="user", thing_id=user.id, details={"role": role}, now=now)
    return user


def revoke_invitation(session: Session, actor: Actor, *, invitation_id: int, now: datetime) -> None:
    """Make an open invitation of the actor's own supplier (or of staff) unusable."""
    revoked = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.supplier_id == actor.supplier_id
            if actor.supplier_id
            else Invitation.supplier_id.is_(None),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    if revoked.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise NotFound
    note(session, actor, "invitation.revoked", thing="invitation", thing_id=invitation_id, now=now)


def _take_place(session: Session, user: User, supplier_id: int, role: str, now: datetime) -> None:
    """Give a person a place in a supplier: a new one, or the one whose access was ended, in the role invited to."""
    place = place_of(session, user.id, supplier_id)
    if place is None:
        session.add(Membership(user_id=user.id, supplier_id=supplier_id, role=role, created_at=now))
    elif place.ended_at is not None:
        place.ended_at, place.role = None, role


def _matches(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password[:1024])
    except (VerificationError, InvalidHashError):
        return False
