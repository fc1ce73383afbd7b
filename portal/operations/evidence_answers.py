"""One file of the library behind many answers of an assessment, all in one step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.core.questionnaire.model import find_indicator
from portal.core.questionnaire.path import is_never_asked, walk
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import begin, check_unlocked
from portal.operations.evidence import (
    check_newest,
    hold_assessment,
    in_library,
    open_codes,
    put_link,
    take_link,
)
from portal.store.assessments import Assessment
from portal.store.evidence import EvidenceLink


@dataclass(frozen=True)
class Placed:
    """The codes of the answers that gained a file, and of those that lost it."""

    linked: tuple[str, ...]
    unlinked: tuple[str, ...]


def place_evidence(
    session: Session,
    actor: Actor,
    *,
    evidence_id: int,
    assessment_id: int,
    wanted: Collection[str],
    seen: Collection[str],
    now: datetime,
) -> Placed:
    """Put a file behind the answers `wanted`, and take it away from those of `seen` that are not wanted any more.

    `seen` are the answers that had it when the person looked, so that a link a colleague made since stays. All of it
    or nothing. Raises NotFound (file, assessment or a question is not this supplier's), Refused (locked_… for the
    first answer that may not be changed, evidence_outdated: the file has a newer version; `evidence` is its id).
    """
    row = in_library(session, actor, evidence_id)
    assessment = hold_assessment(session, actor, assessment_id)
    _check_asked(assessment, {*wanted, *seen})
    here = {
        link.indicator: link
        for link in session.scalars(
            select(EvidenceLink).where(
                EvidenceLink.assessment_id == assessment.id, EvidenceLink.evidence_id == row.id
            )
        )
    }
    linked = tuple(sorted(set(wanted) - here.keys()))
    unlinked = tuple(sorted((set(seen) - set(wanted)) & here.keys()))
    again = open_codes(session, assessment)
    for code in (*linked, *unlinked):
        check_unlocked(assessment, code, again)
    if linked:
        check_newest(session, row)
    for code in linked:
        put_link(session, actor, assessment, code, row, now)
    for code in unlinked:
        take_link(session, actor, here[code], now)
    if linked:
        begin(session, actor, assessment, now)
    session.flush()
    return Placed(linked, unlinked)


def _check_asked(assessment: Assessment, codes: Collection[str]) -> None:
    """Raise NotFound unless suppliers with this assessment's roles and set are asked all of these."""
    questionnaire = find_questionnaire(assessment.questionnaire)
    closed = walk(questionnaire, assessment.roles, {}, short=assessment.short).closed
    if any(find_indicator(questionnaire, code) is None or is_never_asked(closed.get(code)) for code in codes):
        raise NotFound
