"""Notes between colleagues, one thread per question. Nobody outside the supplier's company ever sees them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import find_indicator, text_in
from portal.core.questionnaire.path import is_never_asked
from portal.operations.colleague_notes import LONGEST, settle_thread, write_note
from portal.operations.scoring import Case, open_case
from portal.store.together import ColleagueNote, thread_of, threads_of
from portal.web.context import actor, db, locale, now
from portal.web.guard import needs
from portal.web.messages import in_words
from portal.web.supplier.hub import mine
from portal.web.supplier.pages_together import Debt, ThreadLine, thread_lines
from portal.web.supplier.todo import debts_now

pages = Blueprint("notes", __name__, url_prefix="/assessments/<int:assessment_id>/notes")


@dataclass(frozen=True)
class ThreadPage:
    """The thread of one question: the question and its answer in words, the lines, and what is being written."""

    id: int
    round: str
    code: str
    topic: str
    topic_name: str
    subject: str
    question: str
    shown: str
    debt: Debt | None
    lines: tuple[ColleagueNote, ...]
    open: bool
    text: str
    problems: tuple[str, ...]
    newer: bool
    longest: int = LONGEST

    @property
    def last(self) -> int:
        return self.lines[-1].number if self.lines else 0


@dataclass(frozen=True)
class ThreadsPage:
    """All threads of an assessment, open ones first."""

    id: int
    round: str
    lines: tuple[ThreadLine, ...]


@pages.get("")
@needs("supplier:notes:write")
def threads(assessment_id: int) -> str:
    """Every question with notes."""
    case = open_case(db(), mine(assessment_id))
    lines = thread_lines(case.questionnaire, threads_of(db(), assessment_id), locale())
    page = ThreadsPage(assessment_id, case.assessment.round.name, lines)
    return render_template("supplier/together/threads.html", threads=page)


@pages.get("/<code>")
@needs("supplier:notes:write")
def thread(assessment_id: int, code: str) -> str:
    """The notes at one question."""
    return _page(open_case(db(), mine(assessment_id)), code)


@pages.post("/<code>")
@needs("supplier:notes:write")
def write(assessment_id: int, code: str) -> AnyResponse | tuple[str, int]:
    """Add a note."""
    case = open_case(db(), mine(assessment_id))
    text = request.form.get("text", "")
    try:
        write_note(db(), actor(), case=case, code=code, text=text, now=now())
    except Invalid as invalid:
        return _page(case, code, text, tuple(in_words(invalid.problems))), 422
    return redirect(
        url_for("supplier.notes.thread", assessment_id=assessment_id, code=code, _anchor="last"), 303
    )


@pages.post("/<code>/settle")
@needs("supplier:notes:write")
def settle(assessment_id: int, code: str) -> AnyResponse | tuple[str, int]:
    """Mark the thread as resolved, or open it again."""
    case = open_case(db(), mine(assessment_id))
    seen = request.form.get("seen", "")
    base = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 7 else 0
    resolved = request.form.get("to") != "open"
    try:
        settle_thread(db(), actor(), case=case, code=code, resolved=resolved, base=base, now=now())
    except Conflict:
        return _page(case, code, newer=True), 409
    return redirect(url_for("supplier.notes.thread", assessment_id=assessment_id, code=code), 303)


def _page(case: Case, code: str, text: str = "", problems: tuple[str, ...] = (), newer: bool = False) -> str:
    indicator = find_indicator(case.questionnaire, code)
    closed = case.path.closed.get(code)
    if indicator is None or is_never_asked(closed):
        raise NotFound
    topic = next(t for t in case.questionnaire.topics if t.code == indicator.topic)
    lines = thread_of(db(), case.assessment.id, code)
    page = ThreadPage(
        id=case.assessment.id,
        round=case.assessment.round.name,
        code=code,
        topic=topic.code,
        topic_name=text_in(topic.name, locale()),
        subject=text_in(indicator.subject, locale()),
        question=text_in(indicator.question, locale()),
        shown=show(indicator, case.answers[code], locale()) if code in case.answers else "",
        debt=debts_now(case).get(code),
        lines=tuple(lines),
        open=bool(lines) and lines[-1].kind != "resolved",
        text=text,
        problems=problems,
        newer=newer,
    )
    return render_template("supplier/together/thread.html", thread=page)
