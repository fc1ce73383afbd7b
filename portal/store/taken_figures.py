"""Answers taken over from the carbon register: what each rested on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.answers import Answer
from portal.store.base import Base, Json
from portal.store.site_answers import AnyAnswer, AssessmentSite, SiteAnswer


class TakenFigure(Base):
    """The register behind one version of an answer: `take` the fact or rows, `records` the rows of the register as
    [kind, id], `facts` the figures its words named then, as text by name. Who and when stands with the version."""

    __tablename__ = "taken_figures"
    __table_args__ = (
        UniqueConstraint("assessment_id", "indicator", "version"),
        ForeignKeyConstraint(
            ["assessment_id", "indicator", "version"],
            ["answer_changes.assessment_id", "answer_changes.indicator", "answer_changes.version"],
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column()
    indicator: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column()
    take: Mapped[str] = mapped_column(String(80))
    records: Mapped[Any] = mapped_column(Json)
    facts: Mapped[Any] = mapped_column(Json)


class SiteTakenFigure(Base):
    """The register behind one version of the answer of a site; the columns are those of `TakenFigure`."""

    __tablename__ = "site_taken_figures"
    __table_args__ = (
        UniqueConstraint("site_id", "indicator", "version"),
        ForeignKeyConstraint(
            ["site_id", "indicator", "version"],
            ["site_answer_changes.site_id", "site_answer_changes.indicator", "site_answer_changes.version"],
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column()
    indicator: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column()
    take: Mapped[str] = mapped_column(String(80))
    records: Mapped[Any] = mapped_column(Json)
    facts: Mapped[Any] = mapped_column(Json)


AnyTaken = TakenFigure | SiteTakenFigure


def taken_of(session: Session, assessment_id: int) -> dict[str, TakenFigure]:
    """What the present answers of an assessment rest on, by indicator: only those that still stand as taken over."""
    rows = session.scalars(
        select(TakenFigure)
        .join(
            Answer,
            (Answer.assessment_id == TakenFigure.assessment_id)
            & (Answer.indicator == TakenFigure.indicator)
            & (Answer.version == TakenFigure.version),
        )
        .where(TakenFigure.assessment_id == assessment_id, Answer.origin == "register")
    )
    return {row.indicator: row for row in rows}


def taken_at_sites(session: Session, assessment_id: int) -> dict[int, dict[str, SiteTakenFigure]]:
    """What the present answers of the sites rest on, by site id and indicator: only those that still stand as taken over."""
    rows = session.scalars(
        select(SiteTakenFigure)
        .join(
            SiteAnswer,
            (SiteAnswer.site_id == SiteTakenFigure.site_id)
            & (SiteAnswer.indicator == SiteTakenFigure.indicator)
            & (SiteAnswer.version == SiteTakenFigure.version),
        )
        .join(AssessmentSite, AssessmentSite.id == SiteAnswer.site_id)
        .where(AssessmentSite.assessment_id == assessment_id, SiteAnswer.origin == "register")
    )
    found: dict[int, dict[str, SiteTakenFigure]] = {}
    for row in rows:
        found.setdefault(row.site_id, {})[row.indicator] = row
    return found


def figure_behind(session: Session, answer: AnyAnswer) -> AnyTaken | None:
    """What this version of an answer rests on; None where it was not taken over."""
    if isinstance(answer, SiteAnswer):
        return session.scalar(
            select(SiteTakenFigure).where(
                SiteTakenFigure.site_id == answer.site_id,
                SiteTakenFigure.indicator == answer.indicator,
                SiteTakenFigure.version == answer.version,
            )
        )
    return session.scalar(
        select(TakenFigure).where(
            TakenFigure.assessment_id == answer.assessment_id,
            TakenFigure.indicator == answer.indicator,
            TakenFigure.version == answer.version,
        )
    )
