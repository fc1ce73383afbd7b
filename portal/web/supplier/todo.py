"""What the reader is to do in an assessment, read from the database for the pages that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.core.lifecycle import EDITABLE
from portal.core.questionnaire.model import indicators_of
from portal.operations.answering import reopened, returned_reasons
from portal.operations.scoring import Case, sent_case
from portal.store.answers import Answer
from portal.store.assessments import latest_submission
from portal.store.evidence import EvidenceLink
from portal.store.together import assignments_of, threads_of
from portal.web.context import actor, db, locale, today
from portal.web.supplier.pages_hub import touched_at
from portal.web.supplier.pages_together import Debt, Marks, Todo, debts_of, todo_of


def debts_now(case: Case) -> dict[str, Debt]:
    """Who owes what in this assessment, by topic and indicator code; nobody once the answers are locked. One query."""
    if case.assessment.state not in EDITABLE:
        return {}
    held = assignments_of(db(), case.assessment.id)
    return debts_of(case, held, actor().user_id, today())


def own_todo(
    case: Case,
    answers: Mapping[str, Answer],
    links: Mapping[str, Sequence[EvidenceLink]],
    debts: Mapping[str, Debt],
) -> Todo:
    """The reader's own questions; nothing once the answers are locked, and after a return only what is open again."""
    state = case.assessment.state
    if state not in EDITABLE or not any(debt.mine for debt in debts.values()):
        return todo_of(case, {}, locale())
    sent = latest_submission(db(), case.assessment.id) if state == "returned" else None
    if sent is None:
        return todo_of(case, debts, locale())
    reasons = returned_reasons(db(), case.assessment)
    touched = touched_at(answers, links, case.sites)
    again = {code for code in reasons if code not in touched or touched[code] <= sent.submitted_at}
    only = reopened(case, sent_case(case.assessment, sent), reasons)
    return todo_of(case, debts, locale(), only=only, again=again)


def marks_now(case: Case, debts: Mapping[str, Debt], notes_url: str) -> dict[str, Marks]:
    """What stands at each question for colleagues; `notes_url` is the address of the thread of "CODE". One query."""
    threads = threads_of(db(), case.assessment.id)
    topic_of = {i.code: i.topic for i in indicators_of(case.questionnaire)}
    found = {}
    for code in case.path.open | case.path.closed.keys():
        thread = threads.get(code)
        found[code] = Marks(
            debt=debts.get(code),
            as_topic=debts.get(code) == debts.get(topic_of[code]),
            notes=thread.notes if thread else 0,
            open=thread is not None and thread.open,
            notes_url=notes_url.replace("CODE", code),
        )
    return found
