"""Where the review of one assessment stands: what was sent, what was decided, what still needs a judgement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.questionnaire.model import indicators_of
from portal.core.scoring.rules import claims_points
from portal.core.scoring.sheet import ScoreSheet
from portal.operations.scoring import Case, declared_sheet, submitted_case, verified_sheet
from portal.store.assessments import Assessment, Decision, Submission, decisions_on

SETTLED = ("accepted", "adjusted", "flag_closed")


@dataclass(frozen=True)
class Review:
    """One assessment under review. Codes are indicator codes, in the questionnaire's order where it matters.

    `decisions` holds the newest decision per indicator, as far as it still speaks about the answer and the files
    that were sent last; `came_back` were returned in an earlier pass and answered anew; `to_judge` need a person,
    `undecided` are those of them without a standing decision; `returned` are returned and not sent back yet.
    """

    case: Case
    submission: Submission
    declared: ScoreSheet
    verified: ScoreSheet
    decisions: Mapping[str, Decision]
    came_back: frozenset[str]
    earlier: Mapping[str, Decision]
    to_judge: tuple[str, ...]
    undecided: tuple[str, ...]
    returned: tuple[str, ...]


def open_review(session: Session, assessment: Assessment) -> Review | None:
    """The review of an assessment over its newest snapshot; None when nothing was ever sent."""
    case = submitted_case(session, assessment)
    if case is None:
        return None
    submissions = submissions_of(session, assessment.id)
    newest = submissions[-1]
    everything = decisions_on(session, assessment.id)
    contents = {s.id: json.loads(s.content) for s in submissions}
    came_back = frozenset(
        code for code, d in everything.items() if d.kind == "returned" and d.submission_id != newest.id
    )
    standing = {code: d for code, d in everything.items() if _stands(d, newest.id, contents)}
    declared = declared_sheet(case)
    to_judge = _to_judge(case, declared, came_back)
    return Review(
        case=case,
        submission=newest,
        declared=declared,
        verified=verified_sheet(case, standing),
        decisions=standing,
        came_back=came_back,
        earlier={code: everything[code] for code in came_back},
        to_judge=to_judge,
        undecided=tuple(c for c in to_judge if c not in standing or standing[c].kind not in SETTLED),
        returned=tuple(
            i.code
            for i in indicators_of(case.questionnaire)
            if i.code in standing and standing[i.code].kind == "returned"
        ),
    )


def submissions_of(session: Session, assessment_id: int) -> list[Submission]:
    """Every snapshot of an assessment, oldest first."""
    return list(
        session.scalars(
            select(Submission).where(Submission.assessment_id == assessment_id).order_by(Submission.number)
        )
    )


def _stands(decision: Decision, newest: int, contents: Mapping[int, Mapping[str, Any]]) -> bool:
    """A decision on an earlier snapshot still stands where neither the answer nor its files changed."""
    if decision.submission_id == newest:
        return True
    if decision.kind == "returned":
        return False
    then, present = contents[decision.submission_id], contents[newest]
    return all(
        then[part].get(decision.indicator) == present[part].get(decision.indicator)
        for part in ("answers", "evidence")
    )


def _to_judge(case: Case, declared: ScoreSheet, came_back: frozenset[str]) -> tuple[str, ...]:
    """What no rule can settle: claims that need proof, red flags, and answers that were asked for again."""
    return tuple(
        i.code
        for i in indicators_of(case.questionnaire)
        if i.code in case.path.open
        and (
            i.code in came_back
            or i.code in declared.red_flags
            or (i.evidence == "required" and claims_points(i, case.answers.get(i.code)))
        )
    )
