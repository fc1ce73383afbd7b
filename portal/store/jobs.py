"""Jobs: work that takes longer than a request. This table is the truth; the queue only wakes a worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from portal.store.base import Base, Json, UtcDateTime, one_of
from portal.store.people import User

STATES = ("queued", "running", "done", "failed", "cancelled")
OPEN = ("queued", "running")


class Job(Base):
    """One piece of work: `kind` on the thing `subject_id`, with `arguments`.

    `step` is a word of the kind, `done` of `of` how far it is. A worker holds the job by its `claim` and shows that it
    lives by `beat_at`; `attempts` counts claims. `outcome` is what came out, `problems` why it failed, each as
    {"code", "where", "values"}; `problem_count` counts them all where not all are kept.
    """

    __tablename__ = "jobs"
    __table_args__ = (one_of("state", *STATES), Index(None, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column()
    arguments: Mapped[Any] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    step: Mapped[str] = mapped_column(String(20), default="")
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str] = mapped_column(String(32), default="")
    outcome: Mapped[Any | None] = mapped_column(Json)
    problems: Mapped[Any | None] = mapped_column(Json)
    problem_count: Mapped[int] = mapped_column(default=0)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    asked_by: Mapped[User] = relationship()


def job_by_id(session: Session, job_id: int) -> Job | None:
    """One job with who asked for it."""
    return session.scalar(select(Job).options(joinedload(Job.asked_by)).where(Job.id == job_id))


def newest_job(session: Session, subject_id: int, *kinds: str) -> Job | None:
    """The job asked for last about a thing."""
    return session.scalar(
        select(Job).where(Job.subject_id == subject_id, Job.kind.in_(kinds)).order_by(Job.id.desc()).limit(1)
    )


def open_jobs(session: Session, *kinds: str) -> list[Job]:
    """Jobs that wait or run, oldest first; of all kinds when none is named."""
    asked = select(Job).options(joinedload(Job.asked_by)).where(Job.state.in_(OPEN)).order_by(Job.id)
    return list(session.scalars(asked.where(Job.kind.in_(kinds)) if kinds else asked))
