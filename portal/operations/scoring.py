"""Score sheets of assessments: a case from live answers or from what was sent, judged by one pure function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.problems import Problem
from portal.core.questionnaire.kinds import from_json
from portal.core.questionnaire.model import Questionnaire, find_indicator
from portal.core.questionnaire.path import Path, walk
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.validate import Gap, gaps
from portal.core.scoring.roll_up import score, verified_judgements
from portal.core.scoring.sheet import Judgement, ScoreSheet, score_json, score_text
from portal.files.questionnaires import find_questionnaire
from portal.language.reasons import reason_sentence
from portal.operations.sites_of_case import SitesOfCase, answers_with_sites, counting_rows
from portal.operations.snapshots import Proof, SentHint, proofs, read_snapshot
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment, Decision, StoredSheet, Submission, latest_submission
from portal.store.evidence import EvidenceLink, links_of
from portal.store.site_answers import AnyAnswer, SiteAnswers, site_answers_of


@dataclass(frozen=True)
class Case:
    """All that decides a score: `answers` are canonical values by code, `path` the indicators in play.

    `evidence` names the files behind each answer. `unreadable` (problems of what was typed) and `unconfirmed`
    (carried over, not confirmed) go by code too; both are empty for a case read from a submission. `sent_hints` are
    those that stood when it was sent, empty for live answers. `sites` tells how `answers` came about in an assessment
    answered per site, None in any other; nobody needs it to judge. `short`: only the short set is asked.
    """

    assessment: Assessment
    questionnaire: Questionnaire
    answers: Mapping[str, Value]
    path: Path
    evidence: Mapping[str, tuple[Proof, ...]]
    unreadable: Mapping[str, tuple[Problem, ...]]
    unconfirmed: frozenset[str]
    sent_hints: tuple[SentHint, ...] = ()
    sites: SitesOfCase | None = None
    short: bool = False


def open_case(session: Session, assessment: Assessment) -> Case:
    """The case as its answers stand now. Three queries, four in an assessment answered per site."""
    rows, links = answers_of(session, assessment.id), links_of(session, assessment.id)
    return live_case(assessment, rows, links, site_answers_of(session, assessment.id))


def live_case(
    assessment: Assessment,
    rows: Mapping[str, Answer],
    links: Mapping[str, Sequence[EvidenceLink]],
    at_sites: SiteAnswers,
) -> Case:
    """The case of answer rows, evidence links and answers of sites that were read already."""
    questionnaire = find_questionnaire(assessment.questionnaire)
    group = _values(questionnaire, rows)
    effective, sites = answers_with_sites(questionnaire, group, at_sites)
    counted = counting_rows(questionnaire, rows, at_sites)
    unreadable = {
        code: tuple(p for row in found for p in stored_problems(row)) for code, found in counted.items()
    }
    if sites is not None:
        unreadable |= {code: made.problems for code, made in sites.roll_ups.items() if made.problems}
    return Case(
        assessment=assessment,
        questionnaire=questionnaire,
        answers=effective,
        path=walk(questionnaire, assessment.roles, effective, short=assessment.short),
        evidence=proofs(links),
        unreadable={code: problems for code, problems in unreadable.items() if problems},
        unconfirmed=frozenset(
            code
            for code, found in counted.items()
            if any(row.value is not None and not row.confirmed for row in found)
        ),
        sites=sites,
        short=assessment.short,
    )


def _values(questionnaire: Questionnaire, rows: Mapping[str, Answer]) -> dict[str, Value]:
    answers: dict[str, Value] = {}
    for code, row in rows.items():
        indicator = find_indicator(questionnaire, code)
        value = from_json(indicator, row.value) if indicator and row.value is not None else None
        if value is not None:
            answers[code] = value
    return answers


def submitted_case(session: Session, assessment: Assessment) -> Case | None:
    """The case as it was last sent; None when the assessment was never submitted. One query."""
    submission = latest_submission(session, assessment.id)
    return None if submission is None else sent_case(assessment, submission)


def sent_case(assessment: Assessment, submission: Submission) -> Case:
    """The case as one submission of the assessment holds it."""
    questionnaire = find_questionnaire(assessment.questionnaire)
    sent = read_snapshot(questionnaire, submission.content)
    return Case(
        assessment=assessment,
        questionnaire=questionnaire,
        answers=sent.answers,
        path=walk(questionnaire, sent.roles, sent.answers, short=sent.short),
        evidence=sent.evidence,
        unreadable={},
        unconfirmed=frozenset(),
        sent_hints=sent.hints,
        sites=sent.per_site,
        short=sent.short,
    )


def stored_problems(row: AnyAnswer) -> tuple[Problem, ...]:
    """The problems kept with an answer that could not be read."""
    return tuple(Problem(p["code"], p["where"], p["values"]) for p in row.problem or ())


def gaps_of(case: Case) -> list[Gap]:
    """Everything still owed in a case, in the questionnaire's order."""
    return gaps(
        case.questionnaire,
        case.path,
        case.answers,
        case.evidence.keys(),
        case.unconfirmed,
        case.unreadable.keys(),
        case.sites.roll_ups if case.sites else {},
    )


def declared_sheet(case: Case) -> ScoreSheet:
    """The score as answered."""
    return score(case.questionnaire, case.assessment.roles, case.answers, short=case.short)


def verified_sheet(case: Case, decisions: Mapping[str, Decision]) -> ScoreSheet:
    """The score that evidence and review support; `decisions` are the newest by indicator."""
    judged = {code: j for code, d in decisions.items() if (j := _judgement(d)) is not None}
    judgements = verified_judgements(case.questionnaire, case.path, case.answers, case.evidence, judged)
    return score(case.questionnaire, case.assessment.roles, case.answers, judgements, short=case.short)


def _judgement(decision: Decision) -> Judgement | None:
    if decision.kind == "returned":
        return None
    points = Decimal(decision.points) if decision.points is not None else None
    return Judgement(decision.kind, points, decision.reason)


def store_sheet(
    session: Session, assessment: Assessment, side: str, sheet: ScoreSheet, now: datetime
) -> StoredSheet:
    """Keep a sheet as the present one of `side` ("declared" or "verified"), reasons in English."""
    row = session.scalar(
        select(StoredSheet).where(StoredSheet.assessment_id == assessment.id, StoredSheet.side == side)
    )
    if row is None:
        row = StoredSheet(assessment_id=assessment.id, side=side)
        session.add(row)
    row.method = sheet.method
    row.total = score_text(sheet.total) or ""
    row.grade = sheet.grade
    row.content = score_json(sheet, lambda reason: reason_sentence("en", reason))
    row.computed_at = now
    session.flush()
    return row
