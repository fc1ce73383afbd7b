"""What a return opens again, and why everything else stays locked."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.core import lifecycle
from portal.core.errors import Refused
from portal.operations.scoring import Case
from portal.store.assessments import Assessment, decisions_on, latest_submission


def returned_reasons(session: Session, assessment: Assessment) -> dict[str, str]:
    """The indicators a reviewer sent back with the newest submission, each with the reason given to the supplier."""
    submission = latest_submission(session, assessment.id)
    if assessment.state != "returned" or submission is None:
        return {}
    return {
        code: decision.reason
        for code, decision in decisions_on(session, assessment.id).items()
        if decision.kind == "returned" and decision.submission_id == submission.id
    }


def reopened(live: Case, sent: Case | None, returned: Mapping[str, str]) -> frozenset[str]:
    """What may be changed in a returned assessment: the named indicators, and questions that came into play only
    through their new answers; those were never asked before and would otherwise block for ever."""
    new = live.path.open - sent.path.open if sent else frozenset()
    return frozenset(returned) | new


def check_unlocked(assessment: Assessment, code: str, editable: frozenset[str]) -> None:
    """Raise Refused saying why the answer is locked and who can lift it."""
    if lifecycle.may_edit(assessment.state, code, editable):
        return
    if assessment.state == "returned":
        raise Refused("locked_not_returned", indicator=code)
    raise Refused(f"locked_{assessment.state}")
