"""Answers an invented company's questions and sends its assessment, the way its people would."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.model import indicators_of
from portal.demo.answering import answers_for, chance
from portal.demo.companies import Company
from portal.operations.answering import Given, save_page
from portal.operations.evidence import link_evidence
from portal.operations.scoring import gaps_of, open_case
from portal.operations.submitting import submit_assessment
from portal.store.assessments import Assessment


def answer(
    session: Session,
    lead: Actor,
    helper: Actor | None,
    assessment: Assessment,
    company: Company,
    *,
    year: int,
    lift: float,
    now: datetime,
    share: float = 1.0,
) -> None:
    """Answer the first `share` of the topics; where there is a colleague, every other topic is the colleague's."""
    questionnaire = open_case(session, assessment).questionnaire
    raw = answers_for(questionnaire, company, year=year, lift=lift)
    done = round(share * len(questionnaire.topics))
    for number, topic in enumerate(questionnaire.topics[:done]):
        case = open_case(session, assessment)
        given = {i.code: Given(raw[i.code], None, 0) for i in topic.indicators if i.code in case.path.open}
        person = helper if helper is not None and number % 2 else lead
        save_page(
            session,
            person,
            assessment=assessment,
            case=case,
            given=given,
            now=now + timedelta(minutes=11 * number),
        )
        case = open_case(session, assessment)
        later = {
            i.code: Given(raw[i.code], None, 0)
            for i in topic.indicators
            if i.code in case.path.open and i.code not in given
        }
        if later:
            save_page(
                session,
                person,
                assessment=assessment,
                case=case,
                given=later,
                now=now + timedelta(minutes=11 * number + 4),
            )


def link_proofs(
    session: Session,
    lead: Actor,
    assessment: Assessment,
    files: dict[str, int],
    *,
    share: float = 1.0,
    now: datetime,
) -> None:
    """Put the company's proofs behind its answers wherever one is required; `share` leaves some of them open."""
    case = open_case(session, assessment)
    for indicator in indicators_of(case.questionnaire):
        wanted = (
            indicator.evidence == "required"
            and indicator.code in case.path.open
            and indicator.code in case.answers
        )
        if wanted and chance(assessment.id, indicator.code, "proof") <= share:
            link_evidence(
                session, lead, assessment_id=assessment.id, indicator=indicator.code,
                evidence_ids=[files[indicator.topic]], now=now,
            )  # fmt: skip


def send(
    session: Session, lead: Actor, assessment: Assessment, files: dict[str, int], *, now: datetime
) -> None:
    """Link proofs where they are asked for and send the assessment."""
    link_proofs(session, lead, assessment, files, now=now - timedelta(hours=2))
    blocking = [gap for gap in gaps_of(open_case(session, assessment)) if gap.blocking]
    if blocking:
        raise RuntimeError(f"the demo leaves gaps that block sending: {blocking}")
    submit_assessment(session, lead, assessment=assessment, now=now)
