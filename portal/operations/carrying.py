"""Start an assessment from earlier answers: carried to be confirmed, or beside the empty field; never over an answer.

What was sent of an earlier assessment counts, else its last answers; a file taken home works the same way. Carrying
twice equals carrying once: each indicator is decided once per assessment, and once for each of its sites.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor, may
from portal.core.errors import Refused
from portal.core.questionnaire.carry import OUTCOMES, Past, Step, decide
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import Questionnaire, find_indicator
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import begin
from portal.operations.carry_source import Source, earlier_source, source_of
from portal.operations.carrying_sites import (
    SitesPlan,
    beside_sites,
    bring_sites,
    groups_answers,
    plan_sites,
    rolled_up,
)
from portal.operations.journal import note
from portal.operations.shelves import add_carried, group_shelf
from portal.operations.versions import versions_between
from portal.store.answers import answers_of
from portal.store.assessments import Assessment, hold
from portal.store.carrying import CarriedAnswer, Carrying, carried_at_sites, carried_of
from portal.store.evidence import Evidence, EvidenceLink, links_of, versions_of

__all__ = [
    "DRAFT",
    "Carried",
    "Source",
    "carry_answers",
    "check_draft",
    "earlier_source",
    "preview_carry",
    "preview_sites",
    "source_of",
    "write_down",
]

DRAFT = ("invited", "in_progress")


@dataclass(frozen=True)
class Carried:
    """What became of earlier answers: codes carried to be confirmed, shown beside the field, without a place here, and
    left alone because they were answered or decided before; `at_sites` the codes carried by name of the site."""

    carried: tuple[str, ...]
    beside: tuple[str, ...]
    dropped: tuple[str, ...]
    kept: tuple[str, ...]
    at_sites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def preview_carry(
    session: Session, *, assessment: Assessment, source: Source, may_choose: bool = True
) -> tuple[Step, ...]:
    """What would become of each earlier answer of the company, nothing written: indicators answered or decided before are
    left out. `may_choose`: whether who asks may choose sites.

    Raises Refused("carry_no_way") when no version leads from the source's to the assessment's, NotFound for an unknown one.
    """
    plan = preview_sites(session, assessment=assessment, source=source, may_choose=may_choose)
    return _undecided(session, assessment, _steps(assessment, source, plan))


def preview_sites(
    session: Session, *, assessment: Assessment, source: Source, may_choose: bool = True
) -> SitesPlan:
    """What sites have to do with it: whether the same would be chosen, and what each brings. Raises as `preview_carry`."""
    return plan_sites(session, assessment, source, _way(assessment, source), may_choose=may_choose)


def _undecided(session: Session, assessment: Assessment, steps: Sequence[Step]) -> tuple[Step, ...]:
    decided, answered = carried_of(session, assessment.id), answers_of(session, assessment.id)
    return tuple(_beside_answer(s) if s.code in answered else s for s in steps if s.code not in decided)


def carry_answers(
    session: Session, actor: Actor, *, assessment: Assessment, source: Source, now: datetime
) -> Carried:
    """Bring earlier answers into a draft. Answers arrive with origin "carried", not confirmed; evidence still in the
    library and valid comes along; where an answer stands already, the earlier value only stands beside it. Answered
    per site then, and by nobody here yet, the same sites are chosen, if `actor` may, and bring their answers the same way.

    Raises Refused: locked_<state> or carry_draft_only where the assessment is no draft, carry_no_way; NotFound for an
    unknown questionnaire. Values that cannot be read are dropped with a reason, never raised.
    """
    hold(session, assessment)
    check_draft(assessment)
    may_choose = may(actor, "supplier:sites:choose")
    plan = preview_sites(session, assessment=assessment, source=source, may_choose=may_choose)
    every = _steps(assessment, source, plan)
    steps = _undecided(session, assessment, every)
    codes, answered = {step.code for step in every}, answers_of(session, assessment.id)
    kept = tuple(sorted((codes - {s.code for s in steps}) | (codes & answered.keys())))
    at_sites: Mapping[str, tuple[str, ...]] = {}
    if steps or plan.does:
        at_sites = _bring(session, actor, assessment, source, steps, plan, now)
    session.flush()
    session.expire_all()
    carried, beside, dropped = (tuple(s.code for s in steps if s.outcome == o) for o in OUTCOMES)
    return Carried(carried, beside, dropped, kept, at_sites)


def _bring(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    source: Source,
    steps: Collection[Step],
    plan: SitesPlan,
    now: datetime,
) -> Mapping[str, tuple[str, ...]]:
    """Write everything down and add what is carried; returns the codes carried by name of the site."""
    linked = {code for _site, code in carried_at_sites(session, assessment.id)}
    rolled = rolled_up(source, plan, find_questionnaire(source.questionnaire))
    carrying = write_down(session, actor, assessment, source, "earlier", steps, now, rolled)
    files = _files(session, assessment, source, now.date())
    added = {s.code for s in steps if s.outcome == "carried" and _insert(session, actor, assessment, s, now)}
    at_sites = bring_sites(session, actor, assessment, source, plan, carrying, now)
    sources = {step.code: step.source for own in (steps, *plan.steps.values()) for step in own}
    for code in sorted(added | ({code for codes in at_sites.values() for code in codes} - linked)):
        _link(session, actor, assessment, code, files.get(sources[code], ()), now)
    _journal(session, actor, assessment, carrying, steps, at_sites, now)
    if added or at_sites:
        begin(session, actor, assessment, now)
    return at_sites


def check_draft(assessment: Assessment) -> None:
    """Raise Refused unless the assessment is a draft that was never sent."""
    if assessment.state == "returned":
        raise Refused("carry_draft_only")
    if assessment.state not in DRAFT:
        raise Refused(f"locked_{assessment.state}")


def _way(assessment: Assessment, source: Source) -> tuple[Questionnaire, ...]:
    find_questionnaire(source.questionnaire)
    versions = versions_between(source.questionnaire, assessment.questionnaire)
    if versions is None:
        values = {"older": source.questionnaire, "newer": assessment.questionnaire}
        raise Refused("carry_no_way", **values)
    return versions


def _steps(assessment: Assessment, source: Source, plan: SitesPlan) -> tuple[Step, ...]:
    versions = _way(assessment, source)
    older, newer = versions[0], versions[-1]
    answers = groups_answers(source, plan, older)
    past = Past(source.roles, answers, source.units, source.short, opening=source.answers)
    steps = decide(versions, past, assessment.roles, short=assessment.short)
    found = (beside_sites(step, source, plan, older, newer) for step in steps)
    return tuple(step for step in found if step is not None)


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
    rolled: Collection[str] = (),
) -> Carrying:
    """Keep where answers come from and what became of each; those `rolled` were made of the answers of all its sites."""
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
                sites=len(source.sites) if step.source in rolled else 0,
            )
        )
    session.flush()
    return carrying


def _insert(session: Session, actor: Actor, assessment: Assessment, step: Step, now: datetime) -> bool:
    indicator = find_indicator(find_questionnaire(assessment.questionnaire), step.code)
    assert indicator is not None and step.value is not None
    return add_carried(session, actor, group_shelf(assessment.id), indicator, step.value, now)


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
    at_sites: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> None:
    counts: dict[str, Any] = {o: sum(1 for s in steps if s.outcome == o) for o in OUTCOMES}
    if at_sites:
        counts |= {"sites": sorted(at_sites), "at_sites": sum(len(codes) for codes in at_sites.values())}
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
