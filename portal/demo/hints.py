"""What invented suppliers do about contradictions: some explain, some leave them as they stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.model import Text, text_in
from portal.operations.answering import Given, save_answer
from portal.operations.hints import explain_hint, raised_hints
from portal.operations.scoring import open_case
from portal.store.answers import answers_of
from portal.store.assessments import Assessment

MOST_EXPLAINED = 2
# What is explained; a hint without words here stays unexplained.
_WORDS = {
    "green_power_without_certificates": Text(
        "All of it comes from our own rooftop plant and a direct line from the wind farm next door; both are metered, none of it is sold on, so no certificates are issued.",
        "绿电全部来自厂房屋顶光伏和邻近风电场的专线直供，均单独计量、不上网外售，因此没有绿证。",
    ),
    "electricity_differs_from_register": Text(
        "The register covers the calendar year, the answer the reporting period; the new line went into operation in between.",
        "碳数据登记册按自然年统计，答案按报告期统计，其间新产线投产。",
    ),
    "renewable_share_above_register": Text(
        "The second plant has its meters since spring; its figures enter the register with the next statement.",
        "二厂今年春季才装表计量，其数据将在下次结算后录入碳数据登记册。",
    ),
    "scope1_differs_from_register": Text(
        "The answer leaves out the canteen and company cars, which the inventory of the group includes.",
        "答案未含食堂和公务车，集团清单包含这两项。",
    ),
    "retired_certificates_not_in_register": Text(
        "The certificates are retired in the name of the group; the statement is with the evidence.",
        "绿证以集团名义注销，注销证明已附在证明材料中。",
    ),
    "inventory_not_in_register": Text(
        "The inventory is with the verifier and enters the register when the statement is signed.",
        "清单正由核查机构核查，出具声明后录入碳数据登记册。",
    ),
}
# Answers of drafts that do not fit together, by supplier: a person looking at the demo meets the hints at once.
_AT_ODDS: dict[str, dict[str, object]] = {
    "GLS-01": {"NRG-02": "84", "NRG-04": "no_certificates", "SCM-02": "55", "TRC-01": "none"},
    "ALU-02": {"NRG-02": "92", "NRG-04": "no_certificates", "SCM-02": "55", "TRC-01": "none"},
}


def explain_hints(session: Session, lead: Actor, assessment: Assessment, *, now: datetime) -> None:
    """Explain the first hints that stand, as far as somebody knows what to say."""
    case = open_case(session, assessment)
    known = [one.hint.id for one in raised_hints(session, case) if one.hint.id in _WORDS]
    for hint_id in known[:MOST_EXPLAINED]:
        text = text_in(_WORDS[hint_id], lead.locale)
        explain_hint(session, lead, case=case, hint_id=hint_id, text=text, base=0, now=now)


def answer_at_odds(
    session: Session, lead: Actor, assessment: Assessment, code: str, *, now: datetime
) -> None:
    """Give the answers of a supplier's draft that do not fit together, where it has any."""
    for indicator, raw in _AT_ODDS.get(code, {}).items():
        case, rows = open_case(session, assessment), answers_of(session, assessment.id)
        base = rows[indicator].version if indicator in rows else 0
        save_answer(
            session,
            lead,
            assessment=assessment,
            case=case,
            code=indicator,
            given=Given(raw, None, base),
            now=now,
        )
