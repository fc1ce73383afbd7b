"""Sites of an assessment that is answered per site, and what each of them answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.answers import Answer
from portal.store.assessments import Assessment
from portal.store.base import Base, ExactDecimal, Json, UtcDateTime, one_of
from portal.store.people import User


class AssessmentSite(Base):
    """A site the lead chose for an assessment, under the name it had then. `key` is the name for comparing.

    `output` is its production in the reporting period in `unit`, the weight in means. One taken out again
    (`included` false) keeps its answers; they count for nothing.
    """

    __tablename__ = "assessment_sites"
    __table_args__ = (
        UniqueConstraint("assessment_id", "key"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("(output IS NULL) = (unit = '')", name="output_with_unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    included: Mapped[bool] = mapped_column(default=True)
    output: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    unit: Mapped[str] = mapped_column(String(20), default="")
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    assessment: Mapped[Assessment] = relationship()


class SiteAnswer(Base):
    """What one site answers to one indicator; the columns are those of the group's answers."""

    __tablename__ = "site_answers"
    __table_args__ = (
        UniqueConstraint("site_id", "indicator"),
        one_of("origin", "typed", "carried", "imported", "register"),
        CheckConstraint("version >= 1", name="version_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("assessment_sites.id"))
    indicator: Mapped[str] = mapped_column(String(12))
    value: Mapped[Any | None] = mapped_column(Json)
    typed: Mapped[Any | None] = mapped_column(Json)
    unit: Mapped[str | None] = mapped_column(String(40))
    problem: Mapped[Any | None] = mapped_column(Json)
    origin: Mapped[str] = mapped_column(String(10), default="typed")
    confirmed: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    changed_by: Mapped[User] = relationship()


class SiteAnswerChange(Base):
    """One earlier or present state of a site's answer; rows are only added."""

    __tablename__ = "site_answer_changes"
    __table_args__ = (UniqueConstraint("site_id", "indicator", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("assessment_sites.id"))
    indicator: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column()
    value: Mapped[Any | None] = mapped_column(Json)
    typed: Mapped[Any | None] = mapped_column(Json)
    unit: Mapped[str | None] = mapped_column(String(40))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


AnyAnswer = Answer | SiteAnswer


@dataclass(frozen=True)
class SiteAnswers:
    """The sites that are in an assessment, and their answers by site id and indicator; nothing where it is not
    answered per site."""

    sites: tuple[AssessmentSite, ...] = ()
    rows: Mapping[int, Mapping[str, SiteAnswer]] = field(default_factory=dict)


def chosen_sites(session: Session, assessment_id: int) -> list[AssessmentSite]:
    """Every site that is or once was in an assessment, by key."""
    return list(
        session.scalars(
            select(AssessmentSite)
            .where(AssessmentSite.assessment_id == assessment_id)
            .order_by(AssessmentSite.key)
        )
    )


def site_answers_of(session: Session, assessment_id: int) -> SiteAnswers:
    """The sites that are in, with their answers. One query, two where there are sites."""
    sites = tuple(site for site in chosen_sites(session, assessment_id) if site.included)
    rows: dict[int, dict[str, SiteAnswer]] = {site.id: {} for site in sites}
    if sites:
        found = session.scalars(
            select(SiteAnswer).options(joinedload(SiteAnswer.changed_by)).where(SiteAnswer.site_id.in_(rows))
        )
        for row in found:
            rows[row.site_id][row.indicator] = row
    return SiteAnswers(sites, rows)
