"""Who signs in: users, their place in a supplier, invitations, sessions and guesses at passwords."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from portal.store.base import Base, UtcDateTime, one_of
from portal.store.suppliers import Supplier


class User(Base):
    """A person. `staff_role` is set for the buyer's own people; suppliers' people have memberships instead."""

    __tablename__ = "users"
    __table_args__ = (
        one_of("staff_role", "analyst", "manager", "admin"),
        one_of("locale", "en", "zh"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    staff_role: Mapped[str | None] = mapped_column(String(10))
    locale: Mapped[str] = mapped_column(String(5), default="en")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(back_populates="user", order_by="Membership.id")


class Membership(Base):
    """One person's place in one supplier: lead (may submit, invite) or contributor."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "supplier_id"), one_of("role", "lead", "contributor"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="memberships")
    supplier: Mapped[Supplier] = relationship()


class Invitation(Base):
    """A single-use link to join: a supplier's membership or, for the buyer's people, a staff role."""

    __tablename__ = "invitations"
    __table_args__ = (
        one_of("role", "lead", "contributor", "analyst", "manager", "admin"),
        CheckConstraint(
            "(supplier_id IS NULL) = (role IN ('analyst', 'manager', 'admin'))", name="role_fits_audience"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    supplier: Mapped[Supplier | None] = relationship()
    invited_by: Mapped[User | None] = relationship()


class WebSession(Base):
    """A signed-in browser. Only the hash of its cookie is kept."""

    __tablename__ = "web_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class SignInAttempt(Base):
    """A wrong password or link, remembered to slow down guessing; `subject` is an e-mail or an address hash."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def user_by_email(session: Session, email: str) -> User | None:
    """The user with this e-mail address, in any spelling of case."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def membership_of(session: Session, user_id: int, supplier_id: int) -> Membership | None:
    """The open membership of a user in a supplier."""
    return session.scalar(
        select(Membership).where(
            Membership.user_id == user_id,
            Membership.supplier_id == supplier_id,
            Membership.ended_at.is_(None),
        )
    )


def place_of(session: Session, user_id: int, supplier_id: int) -> Membership | None:
    """The place of a user in a supplier, open or ended."""
    return session.scalar(
        select(Membership)
        .where(Membership.user_id == user_id, Membership.supplier_id == supplier_id)
        .execution_options(populate_existing=True)
    )


def places_of(session: Session, user_id: int) -> list[Membership]:
    """Every supplier this user belongs or belonged to, open places first."""
    return list(
        session.scalars(
            select(Membership)
            .where(Membership.user_id == user_id)
            .order_by(Membership.ended_at.is_not(None), Membership.id)
        )
    )


def memberships_of(session: Session, user_id: int) -> list[Membership]:
    """Every supplier this user belongs to, oldest membership first."""
    return list(
        session.scalars(
            select(Membership)
            .where(Membership.user_id == user_id, Membership.ended_at.is_(None))
            .order_by(Membership.id)
        )
    )


def has_access(session: Session, user: User) -> bool:
    """Whether this person may enter anywhere: as the buyer's staff, or for a supplier."""
    if user.disabled_at is not None:
        return False
    return user.staff_role is not None or bool(memberships_of(session, user.id))


def answers_only_for(session: Session, user: User, supplier_id: int) -> bool:
    """Whether this supplier is the only place this person may enter: no other supplier, not the buyer's staff."""
    places = [place.supplier_id for place in memberships_of(session, user.id)]
    return user.staff_role is None and places == [supplier_id]


def people_of(session: Session, supplier_id: int) -> list[Membership]:
    """The people of a supplier, leads first."""
    return list(
        session.scalars(
            select(Membership)
            .join(User)
            .options(contains_eager(Membership.user))
            .where(Membership.supplier_id == supplier_id, Membership.ended_at.is_(None))
            .order_by(Membership.role.desc(), User.name)
        )
    )


def former_people_of(session: Session, supplier_id: int) -> list[Membership]:
    """People whose access to a supplier was ended, the last one first."""
    return list(
        session.scalars(
            select(Membership)
            .join(User)
            .options(contains_eager(Membership.user))
            .where(Membership.supplier_id == supplier_id, Membership.ended_at.is_not(None))
            .order_by(Membership.ended_at.desc(), User.name)
        )
    )


def open_invitations(session: Session, supplier_id: int | None, now: datetime) -> list[Invitation]:
    """Invitations of a supplier (or of staff, with None) that can still be used."""
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.supplier_id == supplier_id if supplier_id else Invitation.supplier_id.is_(None),
                Invitation.used_at.is_(None),
                Invitation.revoked_at.is_(None),
                Invitation.expires_at > now,
            )
            .order_by(Invitation.id)
        )
    )


def invitation_by_hash(session: Session, token_hash: str) -> Invitation | None:
    """The invitation whose token has this hash, whatever its state."""
    return session.scalar(select(Invitation).where(Invitation.token_hash == token_hash))


def session_by_hash(session: Session, token_hash: str) -> WebSession | None:
    """The browser session whose cookie has this hash, whatever its state."""
    return session.scalar(select(WebSession).where(WebSession.token_hash == token_hash))


def attempts_since(session: Session, subject: str, since: datetime) -> int:
    """How many wrong guesses were made for `subject` since a moment."""
    found = session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.subject == subject, SignInAttempt.at > since)
    )
    return found or 0
