"""Start an assessment from earlier answers: carried to be confirmed, or beside the empty field; never over an answer.

What was sent of an earlier assessment counts, else its last answers; a file taken home works the same way. Carrying
twice equals carrying once: each indicator is decided once per assessment.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.questionnaire.carry import OUTCOMES, Past, Step, decide
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import find_indicator
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import begin
from portal.operations.journal import note
from portal.operations.versions import versions_between
from portal.store.answers import Answer, AnswerChange, answers_of
from portal.store.assessments import Assessment, latest_submission
from portal.store.carrying import CarriedAnswer, Carrying, carried_of, earlier_assessments
from portal.store.evidence import Evidence, EvidenceLink, links_of, versions_of

DRAFT = ("invited", "in_progress")


@dataclass(frozen=True)
class Source:
    """Earlier answers. `said` names where they come from in words, `questionnaire` and `roles` what they were given
    to and under; `answers` are JSON forms by code, in `units` where not the indicator's own. `evidence` are ids of
    files of the same supplier's library by code; the two ids name the former assessment here, None for a file; `short` when only the short set was asked."""

    said: str
    questionnaire: str
    roles: tuple[str, ...]
    answers: Mapping[str, object]
    units: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    assessment_id: int | None = None
    submission_id: int | None = None
    short: bool = False


@dataclass(frozen=True)
class Carried:
    """What became of earlier answers: codes carried to be confirmed, shown beside the field, without a place here, and
    left alone because they were answered or decided before."""

    carried: tuple[str, ...]
    beside: tuple[str, ...]
    dropped: tuple[str, ...]
    kept: tuple[str, ...]


def earlier_source(session: Session, assessment: Assessment) -> Source | None:
    """The newest earlier assessment of the same supplier that has answers and leads to this one's version."""
    for earlier in earlier_assessments(session, assessment):
        if versions_between(earlier.questionnaire, assessment.questionnaire) is None:
            continue
        source = source_of(session, earlier)
        if source.answers:
            return source
    return None


def source_of(session: Session, earlier: Assessment) -> Source:
    """An earlier assessment as it was last sent, else as it stands."""
    submission = latest_submission(session, earlier.id)
    if submission is not None:
        sent: Mapping[str, Any] = json.loads(submission.content)
        return Source(
            said=earlier.round.name,
            questionnaire=sent["questionnaire"],
            roles=tuple(sent["roles"]),
            answers=sent["answers"],
            evidence={c: tuple(f["id"] for f in files) for c, files in sent["evidence"].items()},
            assessment_id=earlier.id,
            submission_id=submission.id,
            short=sent.get("short", False),
        )
    rows, links = answers_of(session, earlier.id), links_of(session, earlier.id)
    return Source(
        said=earlier.round.name,
        questionnaire=earlier.questionnaire,
        roles=tuple(earlier.roles),
        answers={c: row.value for c, row in rows.items() if row.value is not None and row.confirmed},
        evidence={c: tuple(link.evidence_id for link in found) for c, found in links.items()},
        assessment_id=earlier.id,
        short=earlier.short,
    )


def preview_carry(session: Session, *, assessment: Assessment, source: Source) -> tuple[Step, ...]:
    """What would become of each earlier answer, nothing written: indicators answered or decided before are left out.

    Raises Refused("carry_no_way") when no version leads from the source's to the assessment's, NotFound for an unknown one.
    """
    decided, answered = carried_of(session, assessment.id), answers_of(session, assessment.id)
    steps = _steps(assessment, source)
    return tuple(_beside_answer(s) if s.code in answered else s for s in steps if s.code not in decided)


def carry_answers(
    session: Session, actor: Actor, *, assessment: Assessment, source: Source, now: datetime
) -> Carried:
    """Bring earlier answers into a draft. Answers arrive with origin "carried", not confirmed; evidence still in the
    library and valid comes along; where an answer stands already, the earlier value only stands beside it.

    Raises Refused: locked_<state> or carry_draft_only where the assessment is no draft, carry_no_way; NotFound for an
    unknown questionnaire. Values that cannot be read are dropped with a reason, never raised.
    """
    session.refresh(assessment, ["state", "questionnaire"], with_for_update={"key_share": True})
    check_draft(assessment)
    steps = preview_carry(session, assessment=assessment, source=source)
    every = {step.code for step in _steps(assessment, source)}
    answered = answers_of(session, assessment.id)
    kept = tuple(sorted((every - {s.code for s in steps}) | (every & answered.keys())))
    if steps:
        carrying = write_down(session, actor, assessment, source, "earlier", steps, now)
        files = _files(session, assessment, source, now.date())
        for step in steps:
            if step.outcome == "carried" and _insert(session, actor, assessment, step, now):
                _link(session, actor, assessment, step.code, files.get(step.source, ()), now)
        _journal(session, actor, assessment, carrying, steps, now)
        if any(step.outcome == "carried" for step in steps):
            begin(session, actor, assessment, now)
    session.flush()
    session.expire_all()
    carried, beside, dropped = (tuple(s.code for s in steps if s.outcome == o) for o in OUTCOMES)
    return Carried(carried, beside, dropped, kept)


def check_draft(assessment: Assessment) -> None:
    """Raise Refused unless the assessment is a draft that was never sent."""
    if assessment.state == "returned":
        raise Refused("carry_draft_only")
    if assessment.state not in DRAFT:
        raise Refused(f"locked_{assessment.state}")


def _steps(assessment: Assessment, source: Source) -> tuple[Step, ...]:
    find_questionnaire(source.questionnaire)
    versions = versions_between(source.questionnaire, assessment.questionnaire)
    if versions is None:
        values = {"older": source.questionnaire, "newer": assessment.questionnaire}
        raise Refused("carry_no_way", **values)
    past = Past(source.roles, source.answers, source.units, source.short)
    return decide(versions, past, assessment.roles, short=assessment.short)


def _beside_answer(step: Step) -> Step:
    """Somebody answered already: the earlier value stands beside the answer and changes nothing."""
    if step.outcome != "carried":
        return step
    return replace(step, outcome="beside", reason="carry_answered", value=None)


def write_down(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    source: Source,
    kind: str,
    steps: Collection[Step],
    now: datetime,
) -> Carrying:
    """Keep where answers come from and what became of each."""
    carrying = Carrying(
        assessment_id=assessment.id,
        kind=kind,
        said=source.said[:200],
        questionnaire=source.questionnaire,
        source_assessment_id=source.assessment_id,
        source_submission_id=source.submission_id,
        carried_by_id=actor.user_id,
        carried_at=now,
    )
    session.add(carrying)
    session.flush()
    older = find_questionnaire(source.questionnaire)
    for step in steps:
        indicator = find_indicator(older, step.source)
        session.add(
            CarriedAnswer(
                carrying_id=carrying.id,
                indicator=step.code[:12],
                source_indicator=step.source[:12],
                outcome=step.outcome,
                reason=step.reason,
                value=to_json(indicator, step.past) if indicator and step.past is not None else None,
                unit=step.past_unit or None,
            )
        )
    session.flush()
    return carrying


def _insert(session: Session, actor: Actor, assessment: Assessment, step: Step, now: datetime) -> bool:
    """Add the carried answer unless somebody answered in this moment; whether it was added."""
    indicator = find_indicator(find_questionnaire(assessment.questionnaire), step.code)
    assert indicator is not None and step.value is not None
    values: dict[str, Any] = {
        "assessment_id": assessment.id,
        "indicator": step.code,
        "value": to_json(indicator, step.value),
        "version": 1,
        "changed_by_id": actor.user_id,
        "changed_at": now,
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    result = session.execute(
        insert(Answer)
        .values(**values, origin="carried", confirmed=False)
        .on_conflict_do_nothing(index_elements=["assessment_id", "indicator"])
        .execution_options(preserve_rowcount=True)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]  # an INSERT has a row count
        return False
    session.add(AnswerChange(**values))
    return True


def _files(
    session: Session, assessment: Assessment, source: Source, today: date
) -> dict[str, tuple[int, ...]]:
    """Evidence by the source's codes, each in its newest version: only files of this supplier that are in the library
    and still valid."""
    newer = versions_of(session, assessment.supplier_id).newer
    newest: dict[int, int] = {}
    for number in {number for files in source.evidence.values() for number in files}:
        newest[number] = number
        while newest[number] in newer:
            newest[number] = newer[newest[number]]
    if not newest:
        return {}
    query = select(Evidence.id, Evidence.valid_until).where(
        Evidence.id.in_(newest.values()),
        Evidence.supplier_id == assessment.supplier_id,
        Evidence.removed_at.is_(None),
    )
    usable = {number for number, until in session.execute(query) if until is None or until >= today}
    return {
        code: tuple(newest[n] for n in files if newest[n] in usable)
        for code, files in source.evidence.items()
    }


def _link(
    session: Session, actor: Actor, assessment: Assessment, code: str, files: Collection[int], now: datetime
) -> None:
    there = {link.evidence_id for link in links_of(session, assessment.id).get(code, ())} if files else set()
    for number in dict.fromkeys(files):
        if number not in there:
            session.add(
                EvidenceLink(
                    assessment_id=assessment.id,
                    indicator=code,
                    evidence_id=number,
                    linked_by_id=actor.user_id,
                    linked_at=now,
                )
            )


def _journal(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    carrying: Carrying,
    steps: Collection[Step],
    now: datetime,
) -> None:
    counts: dict[str, Any] = {o: sum(1 for s in steps if s.outcome == o) for o in OUTCOMES}
    details = counts | {
        "source": carrying.said,
        "source_assessment": carrying.source_assessment_id,
        "source_submission": carrying.source_submission_id,
        "carrying": carrying.id,
    }
    note(
        session,
        actor,
        "assessment.carried",
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=assessment.supplier_id,
        details=details,
        now=now,
    )
