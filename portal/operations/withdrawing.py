"""Open links stop working when the person who made them, or for whom they were made, may no longer use them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from portal.store.password_resets import PasswordReset
from portal.store.people import Invitation, User


def withdraw_resets_for(session: Session, user_id: int, *, now: datetime) -> None:
    """Open links with which this person could set a new password stop working."""
    session.execute(
        update(PasswordReset)
        .where(
            PasswordReset.user_id == user_id,
            PasswordReset.used_at.is_(None),
            PasswordReset.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )


def withdraw_links_of(session: Session, user: User, *, supplier_id: int | None, now: datetime) -> None:
    """Open links this person made or could come back with: resets and invitations of one supplier, or of staff (None).

    Without this a person whose access ends could enter again by a link made shortly before.
    """
    withdraw_resets_for(session, user.id, now=now)
    session.execute(
        update(PasswordReset)
        .where(
            PasswordReset.made_by_id == user.id,
            PasswordReset.supplier_id == supplier_id if supplier_id else PasswordReset.supplier_id.is_(None),
            PasswordReset.used_at.is_(None),
            PasswordReset.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
    session.execute(
        update(Invitation)
        .where(
            Invitation.supplier_id == supplier_id if supplier_id else Invitation.supplier_id.is_(None),
            or_(Invitation.invited_by_id == user.id, Invitation.email == user.email),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
