"""Where carried answers come from: every time earlier answers were brought into an assessment, and what became of each.

Also the versions a buyer allows the drafts of a round to move to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.assessments import Assessment, Round
from portal.store.base import Base, Json, UtcDateTime, one_of
from portal.store.people import User


class Carrying(Base):
    """One time earlier answers were brought in: from an earlier assessment and what was sent of it, from a file (both
    ids empty), or by moving to a newer version (`kind` "version"). `said` names the source in words. Rows are only added."""

    __tablename__ = "carryings"
    __table_args__ = (one_of("kind", "earlier", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    said: Mapped[str] = mapped_column(String(200))
    questionnaire: Mapped[str] = mapped_column(String(80))
    source_assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id"))
    source_submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    carried_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    carried_at: Mapped[datetime] = mapped_column(UtcDateTime)

    carried_by: Mapped[User] = relationship()


class CarriedAnswer(Base):
    """What became of one earlier answer: `value` is its JSON form in `unit`, as it was given to `source_indicator`;
    rolled up from `sites` sites, 0 where the company had answered itself."""

    __tablename__ = "carried_answers"
    __table_args__ = (
        UniqueConstraint("carrying_id", "indicator"),
        one_of("outcome", "carried", "beside", "dropped"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    carrying_id: Mapped[int] = mapped_column(ForeignKey("carryings.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(12))
    source_indicator: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(40))
    value: Mapped[Any | None] = mapped_column(Json)
    unit: Mapped[str | None] = mapped_column(String(40))
    sites: Mapped[int] = mapped_column(default=0, server_default="0")

    carrying: Mapped[Carrying] = relationship()


class CarriedSiteAnswer(Base):
    """What became of what one site answered earlier; `site_key` and `site` are the site's key and name, the other
    columns those of `CarriedAnswer`."""

    __tablename__ = "carried_site_answers"
    __table_args__ = (
        UniqueConstraint("carrying_id", "site_key", "indicator"),
        one_of("outcome", "carried", "beside", "dropped"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    carrying_id: Mapped[int] = mapped_column(ForeignKey("carryings.id"))
    site_key: Mapped[str] = mapped_column(String(120))
    site: Mapped[str] = mapped_column(String(120))
    indicator: Mapped[str] = mapped_column(String(12))
    source_indicator: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(40))
    value: Mapped[Any | None] = mapped_column(Json)
    unit: Mapped[str | None] = mapped_column(String(40))

    carrying: Mapped[Carrying] = relationship()


class RoundVersion(Base):
    """A questionnaire version that drafts of a round may move to."""

    __tablename__ = "round_versions"
    __table_args__ = (UniqueConstraint("round_id", "questionnaire"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    questionnaire: Mapped[str] = mapped_column(String(80))
    allowed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    allowed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    allowed_by: Mapped[User] = relationship()


def carryings_of(session: Session, assessment_id: int) -> list[Carrying]:
    """Every time earlier answers were brought into an assessment, newest first."""
    return list(
        session.scalars(
            select(Carrying)
            .options(joinedload(Carrying.carried_by))
            .where(Carrying.assessment_id == assessment_id)
            .order_by(Carrying.id.desc())
        )
    )


def carried_of(session: Session, assessment_id: int) -> dict[str, CarriedAnswer]:
    """What became of earlier answers, the newest by indicator, each with its carrying. One query."""
    rows = session.scalars(
        select(CarriedAnswer)
        .join(Carrying)
        .options(joinedload(CarriedAnswer.carrying))
        .where(Carrying.assessment_id == assessment_id)
        .order_by(CarriedAnswer.id)
    )
    return {row.indicator: row for row in rows}


def carried_at_sites(session: Session, assessment_id: int) -> dict[tuple[str, str], CarriedSiteAnswer]:
    """What became of earlier answers of sites, the newest by site key and indicator. One query."""
    rows = session.scalars(
        select(CarriedSiteAnswer)
        .join(Carrying)
        .options(joinedload(CarriedSiteAnswer.carrying))
        .where(Carrying.assessment_id == assessment_id)
        .order_by(CarriedSiteAnswer.id)
    )
    return {(row.site_key, row.indicator): row for row in rows}


def earlier_assessments(session: Session, assessment: Assessment) -> list[Assessment]:
    """The supplier's assessments of rounds whose period ended before this one's, newest first. What was only tried out
    is left out, except for another trial."""
    query = (
        select(Assessment)
        .join(Round)
        .options(joinedload(Assessment.round))
        .where(
            Assessment.supplier_id == assessment.supplier_id,
            Assessment.id != assessment.id,
            Round.period_end < assessment.round.period_end,
        )
        .order_by(Round.period_end.desc(), Assessment.id.desc())
    )
    if not assessment.round.trial:
        query = query.where(Round.trial.is_(False))
    return list(session.scalars(query))


def allowed_versions(session: Session, round_id: int) -> list[RoundVersion]:
    """The versions that drafts of a round may move to, in the order they were allowed."""
    return list(
        session.scalars(
            select(RoundVersion)
            .options(joinedload(RoundVersion.allowed_by))
            .where(RoundVersion.round_id == round_id)
            .order_by(RoundVersion.id)
        )
    )
