"""Links with which a person who forgot the password sets a new one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal.store.base import Base, UtcDateTime
from portal.store.people import User


class PasswordReset(Base):
    """A single-use link to set a new password. Only the hash of its token is kept.

    `supplier_id` is set when a supplier's lead made it: the link then works only as long as the person answers for
    that supplier and for nobody else. `made_by_id` is None for links from the command line. `withdrawn_at` is set by a
    newer link, by a password changed meanwhile, and when the access of the person or of the maker ends.
    """

    __tablename__ = "password_resets"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    made_by: Mapped[User | None] = relationship(foreign_keys=[made_by_id])


def reset_by_hash(session: Session, token_hash: str) -> PasswordReset | None:
    """The reset whose token has this hash, whatever its state."""
    return session.scalar(select(PasswordReset).where(PasswordReset.token_hash == token_hash))


def newest_reset(session: Session, user_id: int) -> PasswordReset | None:
    """The last link made for this person, whatever its state."""
    return session.scalar(
        select(PasswordReset)
        .where(PasswordReset.user_id == user_id)
        .order_by(PasswordReset.id.desc())
        .limit(1)
    )
