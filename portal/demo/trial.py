"""A trial round over next year's draft questionnaire: started from last year's answers, partly confirmed, free to move."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.model import find_indicator
from portal.operations.answering import Given, save_answer
from portal.operations.carrying import carry_answers, earlier_source
from portal.operations.confirming import confirm_answers
from portal.operations.rounds import invite_supplier, open_round
from portal.operations.scoring import open_case
from portal.operations.versions import allow_version
from portal.store.answers import answers_of

PRESENT = "sustainability/2026.1"
NEWER = "sustainability/2027.0-draft"
# Measured results of the trial period; last year's stand beside them.
_RESULTS = {"GOV-05": "1", "NRG-01": "101200", "NRG-02": "36"}
_CONFIRMED = frozenset({"GOV", "ETH", "HRT"})


def try_out(
    session: Session, manager: Actor, lead: Actor, *, year: int, valid_days: int, now: datetime
) -> None:
    """Open the trial and bring one supplier as far as the middle of it. `year` is the last finished one."""
    opened = now - timedelta(days=45)
    trial = open_round(
        session, manager, name=f"Trial of the {year + 2} questionnaire", questionnaire=PRESENT,
        period_start=date(year, 7, 1), period_end=date(year + 1, 6, 30),
        deadline_on=(now + timedelta(days=40)).date(), trial=True, now=opened,
    )  # fmt: skip
    allow_version(session, manager, round_id=trial.id, questionnaire=NEWER, now=opened)
    invited = invite_supplier(
        session, manager, round_id=trial.id, supplier_id=lead.supplier_id or 0, email="",
        token=secrets.token_urlsafe(24), valid_days=valid_days, now=opened,
    )  # fmt: skip
    assessment, at = invited.assessment, now - timedelta(days=9)
    source = earlier_source(session, assessment)
    if source is None:
        return
    carry_answers(session, lead, assessment=assessment, source=source, now=at)
    for code, raw in _RESULTS.items():
        save_answer(
            session, lead, assessment=assessment, case=open_case(session, assessment), code=code,
            given=Given(raw, None, 0), now=at + timedelta(hours=1),
        )  # fmt: skip
    case, rows = open_case(session, assessment), answers_of(session, assessment.id)
    seen = {
        code: rows[code].version
        for code in case.unconfirmed
        if (one := find_indicator(case.questionnaire, code)) is not None and one.topic in _CONFIRMED
    }
    confirm_answers(session, lead, assessment=assessment, seen=seen, now=at + timedelta(hours=2))
