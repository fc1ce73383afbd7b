"""Gives work to a colleague, writes notes, looks through topics: through the real operations."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.operations.assigning import Wanted, assign_work
from portal.operations.colleague_notes import write_note
from portal.operations.looking import fingerprint, look_at_topic, topic_as_it_stands
from portal.operations.scoring import open_case
from portal.store.assessments import Assessment
from portal.store.together import TopicLook, assignment_rows


def assign(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    subject: str,
    person_id: int | None,
    *,
    now: datetime,
    due: str = "2026-12-01",
    base: int | None = None,
    late: bool = False,
) -> tuple[str, ...]:
    """Give one topic or indicator to a person, or take it back; `base` is what stands, unless said."""
    row = assignment_rows(session, assessment.id).get(subject)
    seen = base if base is not None else row.version if row else 0
    wanted = {subject: Wanted(person_id, due, late, seen)}
    case = open_case(session, assessment)
    return assign_work(session, actor, case=case, wanted=wanted, today=now.date(), now=now)


def look(session: Session, actor: Actor, assessment: Assessment, topic: str, *, now: datetime) -> TopicLook:
    """Look through a topic as it stands."""
    shown = fingerprint(topic_as_it_stands(session, assessment, topic))
    return look_at_topic(session, actor, assessment=assessment, code=topic, shown=shown, now=now)


def share_work(
    session: Session, lead: Actor, helper: Actor, assessment: Assessment, *, now: datetime
) -> None:
    """A topic for the helper, an open note at GOV-02, and one topic looked through."""
    due = (now + timedelta(days=10)).date().isoformat()
    assign(session, lead, assessment, "GOV", helper.user_id, due=due, now=now)
    case = open_case(session, assessment)
    write_note(session, helper, case=case, code="GOV-02", text="Who signs this?", now=now)
    look(session, lead, assessment, "GOV", now=now)
