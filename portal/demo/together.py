"""How invented colleagues share an assessment: work given away, a question talked over, a topic looked through."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.model import Text, find_topic, text_in
from portal.operations.answering import Given, save_answer
from portal.operations.assigning import Wanted, assign_work
from portal.operations.colleague_notes import settle_thread, write_note
from portal.operations.looking import fingerprint, look_at_topic, topic_as_it_stands
from portal.operations.scoring import open_case
from portal.store.answers import answers_of
from portal.store.assessments import Assessment

# Topic or question, and the day it is due, counted from today.
_TO_COLLEAGUE = (("INF", 9), ("CHM", -2), ("CDS", 9), ("NRG-01", 5), ("NRG-02", 5))
_TO_ONESELF = (("CDS", 6), ("NRG-02", 3))
_ABOUT_POWER = (
    Text(
        "NRG-02 says 84 % green power, NRG-04 says no certificates. Do the two fit together?",
        "NRG-02 填了绿电 84%，NRG-04 又说没有绿证，这两个答案对得上吗？",
    ),
    Text(
        "The roof covers about a fifth, the rest comes by the direct line. I get the statements on Wednesday and correct it then.",
        "屋顶光伏约占两成，其余是专线直供。周三拿到结算单，我再核对修改。",
    ),
)
_ABOUT_BOARD = (
    Text("Who signs the policy this year?", "今年的方针由谁签发？"),
    Text("Ms Han, on the 12th. Scan is in the library.", "韩总，12 号已签，扫描件在材料库里。"),
)
_TO_REMEMBER = Text("Ask the casting shop for the meter of line 3.", "向熔铸车间要 3 号线的电表读数。")


def share_work(
    session: Session, lead: Actor, helper: Actor | None, assessment: Assessment, *, now: datetime
) -> None:
    """A lead with a colleague gives work away, talks over two questions and looks through topics; one who is alone
    plans for oneself."""
    if helper is None:
        _assign(session, lead, lead, assessment, dict(_TO_ONESELF), now=now)
        _write(session, lead, assessment, "NRG-02", _TO_REMEMBER, now - timedelta(days=3))
        return
    _assign(session, lead, helper, assessment, dict(_TO_COLLEAGUE), now=now)
    for person, words, days in ((lead, _ABOUT_POWER[0], 3), (helper, _ABOUT_POWER[1], 2)):
        _write(session, person, assessment, "NRG-02", words, now - timedelta(days=days))
    for person, words, days in ((helper, _ABOUT_BOARD[0], 8), (lead, _ABOUT_BOARD[1], 7)):
        _write(session, person, assessment, "GOV-03", words, now - timedelta(days=days))
    case = open_case(session, assessment)
    settle_thread(session, lead, case=case, code="GOV-03", resolved=True, base=2, now=now - timedelta(days=7))
    for topic in ("GOV", "ETH", "INF"):
        shown = fingerprint(topic_as_it_stands(session, assessment, topic))
        at = now - timedelta(days=5)
        look_at_topic(session, lead, assessment=assessment, code=topic, shown=shown, now=at)
    _answer_differently(session, helper, assessment, "INF", now - timedelta(days=1))


def _assign(
    session: Session,
    lead: Actor,
    person: Actor,
    assessment: Assessment,
    days: dict[str, int],
    *,
    now: datetime,
) -> None:
    at = now - timedelta(days=10)
    wanted = {
        subject: Wanted(person.user_id, (now + timedelta(days=span)).date().isoformat(), False, 0)
        for subject, span in days.items()
    }
    case = open_case(session, assessment)
    assign_work(session, lead, case=case, wanted=wanted, today=at.date(), now=at)


def _write(
    session: Session, person: Actor, assessment: Assessment, code: str, words: Text, now: datetime
) -> None:
    case = open_case(session, assessment)
    write_note(session, person, case=case, code=code, text=text_in(words, person.locale), now=now)


def _answer_differently(
    session: Session, person: Actor, assessment: Assessment, topic: str, now: datetime
) -> None:
    """Change the first answer of a topic that chooses one of several by one step."""
    case, rows = open_case(session, assessment), answers_of(session, assessment.id)
    found = find_topic(case.questionnaire, topic)
    for indicator in found.indicators if found else ():
        row = rows.get(indicator.code)
        if indicator.kind == "single" and row is not None and not indicator.gating:
            keys = [option.key for option in indicator.options]
            at = keys.index(row.value)
            given = Given(keys[at - 1 if at else 1], None, row.version)
            save_answer(
                session, person, assessment=assessment, case=case, code=indicator.code, given=given, now=now
            )
            return
