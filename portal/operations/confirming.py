"""Confirm carried answers, one or many: one statement each, so that nobody confirms what a colleague just changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.model import find_indicator
from portal.core.questionnaire.sites import asked_per_site
from portal.files.questionnaires import find_questionnaire
from portal.operations.carrying import check_draft
from portal.operations.journal import note
from portal.operations.shelves import change_of
from portal.operations.snapshots import SentCarried
from portal.store.answers import answer_to
from portal.store.assessments import Assessment, hold
from portal.store.carrying import carried_at_sites, carried_of
from portal.store.site_answers import AnyAnswer, site_answers_of


@dataclass(frozen=True)
class Confirmed:
    """Codes confirmed now, and those that were changed or cleared meanwhile and so were left."""

    confirmed: tuple[str, ...]
    changed: tuple[str, ...]


def confirm_answers(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    seen: Mapping[str, int],
    seen_at: Mapping[tuple[int, str], int] = MappingProxyType({}),
    now: datetime,
) -> Confirmed:
    """Confirm carried answers as they were seen: `seen` is the version of each by code; of a question that sites answer
    any number, for the company's answer counts for nothing then. What sites answered to the same question is confirmed
    with it, in the versions `seen_at` by site id and code where given. Those confirmed already, and codes without a carried
    answer, are passed over.
    Raises Refused (carry_draft_only, locked_<state>)."""
    hold(session, assessment)
    check_draft(assessment)
    questionnaire = find_questionnaire(assessment.questionnaire)
    confirmed: list[str] = []
    changed: list[str] = []
    at_sites = site_answers_of(session, assessment.id)
    for code, version in seen.items():
        indicator = find_indicator(questionnaire, code)
        if indicator is None:
            continue
        by_sites = bool(at_sites.sites) and asked_per_site(indicator)
        group = None if by_sites else answer_to(session, assessment.id, code)
        waiting: list[tuple[AnyAnswer, int]] = [(group, version)] if group is not None else []
        waiting += [
            (own[code], seen_at.get((number, code), own[code].version))
            for number, own in at_sites.rows.items()
            if code in own
        ]
        done = [
            _swap(session, actor, row, base, now)
            for row, base in waiting
            if not row.confirmed and row.value is not None
        ]
        if done:
            (confirmed if all(done) else changed).append(code)
    if confirmed:
        note(
            session,
            actor,
            "answers.confirmed",
            thing="assessment",
            thing_id=assessment.id,
            supplier_id=assessment.supplier_id,
            details={"indicators": confirmed},
            now=now,
        )
    session.flush()
    session.expire_all()
    return Confirmed(tuple(confirmed), tuple(changed))


def sent_carried(
    session: Session, assessment: Assessment, counted: Mapping[str, Sequence[AnyAnswer]]
) -> dict[str, SentCarried]:
    """For a submission: which confirmed answers were carried, from where, by whom confirmed and when. By code; `counted`
    are the rows behind each answer that counts, and of several the one confirmed last speaks."""
    said = {
        code: row.carrying.said
        for (_site, code), row in carried_at_sites(session, assessment.id).items()
        if row.outcome == "carried"
    }
    company = carried_of(session, assessment.id)
    said |= {code: row.carrying.said for code, row in company.items() if row.outcome == "carried"}
    found = {}
    for code, rows in counted.items():
        own = [row for row in rows if row.origin == "carried" and row.confirmed and row.value is not None]
        if own and code in said:
            last = max(own, key=lambda row: row.changed_at)
            found[code] = SentCarried(said[code], last.changed_by.name, last.changed_at)
    return found


def _swap(session: Session, actor: Actor, row: AnyAnswer, version: int, now: datetime) -> bool:
    table = type(row)
    result = session.execute(
        update(table)
        .where(table.id == row.id, table.version == version, table.confirmed.is_(False))
        .values(confirmed=True, version=version + 1, changed_by_id=actor.user_id, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE has a row count
        return False
    session.add(change_of(row, version=version + 1, changed_by_id=actor.user_id, changed_at=now))
    return True
