"""The lead looks through a topic before the assessment is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Conflict, NotFound, Refused
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import Indicator, Questionnaire, Topic, find_topic, text_in
from portal.core.together import as_it_stands
from portal.language import N_
from portal.operations.looking import difference, fingerprint, look_at_topic, marks_of, version_in
from portal.operations.scoring import Case, live_case
from portal.store.answers import answers_of, changes_at
from portal.store.assessments import Assessment
from portal.store.evidence import links_of
from portal.store.site_answers import site_answers_of
from portal.store.together import looks_of, threads_of
from portal.web.context import actor, db, locale, now
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.supplier.answering import saved_words
from portal.web.supplier.hub import locked_words, looks_now, mine
from portal.web.supplier.pages_answering import answer_words
from portal.web.supplier.pages_together import Debt, LookLine, look_of
from portal.web.supplier.todo import debts_now

pages = Blueprint("looking", __name__, url_prefix="/assessments/<int:assessment_id>/look")


@dataclass(frozen=True)
class SeenLine:
    """One question with its answer as it would be sent, who saved it when, and what is to be noticed about it.

    `parts` are the answers of sites by name, where they have a part in it. `change` since the last look: new (not
    asked then), answer, sites, files, or empty; `before` is the answer as it was
    seen, empty for none, None where it did not change or is not known.
    """

    code: str
    subject: str
    question: str
    shown: str
    parts: tuple[tuple[str, str], ...]
    unreadable: bool
    saved: str
    files: tuple[str, ...]
    change: str
    before: str | None
    open_notes: bool
    debt: Debt | None


@dataclass(frozen=True)
class LookPage:
    """A topic to look through. `shown` is the fingerprint to give back; `moved` when an answer changed meanwhile;
    `left` counts the topics still to be looked through, `next` is the one after this, empty where there is none."""

    id: int
    round: str
    code: str
    name: str
    lines: tuple[SeenLine, ...]
    look: LookLine
    shown: str
    locked: str
    moved: bool
    left: int
    next: str


@pages.get("/<topic>")
@needs("supplier:work:look")
def topic(assessment_id: int, topic: str) -> str:
    """One topic as it stands, with what changed since the last look."""
    return _page(mine(assessment_id), topic)


@pages.post("/<topic>")
@needs("supplier:work:look")
def looked(assessment_id: int, topic: str) -> AnyResponse | tuple[str, int]:
    """Note that the lead has looked; on to the next topic that is waiting for it."""
    found = mine(assessment_id)
    shown = request.form.get("shown", "")
    try:
        row = look_at_topic(db(), actor(), assessment=found, code=topic, shown=shown, now=now())
    except Conflict:
        return _page(found, topic, moved=True), 409
    except Refused:
        return _page(found, topic), 409
    answers, links = answers_of(db(), found.id), links_of(db(), found.id)
    case = live_case(found, answers, links, site_answers_of(db(), found.id))
    name = next(text_in(t.name, locale()) for t in case.questionnaire.topics if t.code == row.topic)
    tell(N_("Looked at: {topic}"), topic=name)
    after = following(waiting(looks_now(case, answers, links)), case.questionnaire, topic)
    if after:
        return redirect(url_for("supplier.looking.topic", assessment_id=assessment_id, topic=after), 303)
    return redirect(url_for("supplier.sending.check", assessment_id=assessment_id), 303)


def _parts(case: Case, indicator: Indicator) -> tuple[tuple[str, str], ...]:
    if case.sites is None or indicator.code not in case.sites.roll_ups:
        return ()
    return tuple(
        (case.sites.names[part.site], "" if part.value is None else show(indicator, part.value, locale()))
        for part in case.sites.roll_ups[indicator.code].parts
    )


def seen_answers(assessment_id: int, topic: Topic, seen: Mapping[str, str]) -> dict[str, str]:
    """The answers in words as the last look saw them, by the marks of that look. One query."""
    versions = {code: version_in(mark) for code, mark in seen.items()}
    rows = changes_at(db(), assessment_id, [pair for pair in versions.items() if pair[1]])
    found = {i.code: answer_words(i, rows[i.code], locale()) for i in topic.indicators if i.code in rows}
    return dict.fromkeys((code for code, version in versions.items() if not version), "") | found


def waiting(looks: Mapping[str, LookLine]) -> list[str]:
    """The topics still to be looked through, as they stand."""
    return [line.code for line in looks.values() if line.state != "same"]


def following(codes: Sequence[str], questionnaire: Questionnaire, code: str) -> str:
    """The first of the topics `codes` after `code` in the questionnaire's order, else the first; empty for none."""
    order = [topic.code for topic in questionnaire.topics]
    later = [one for one in codes if order.index(one) > order.index(code)]
    return (later or list(codes) or [""])[0]


def _page(found: Assessment, code: str, moved: bool = False) -> str:
    answers, links = answers_of(db(), found.id), links_of(db(), found.id)
    case = live_case(found, answers, links, site_answers_of(db(), found.id))
    topic = find_topic(case.questionnaire, code)
    if topic is None:
        raise NotFound
    stands, last = marks_of(case, answers, links), looks_of(db(), found.id).get(code)
    look = look_of(topic, case.path.open, stands, last, actor().user_id, locale())
    seen = last.seen if last else {}
    before = seen_answers(found.id, topic, {code: seen[code] for code in look.changed if code in seen})
    threads, debts = threads_of(db(), found.id), debts_now(case)
    lines = tuple(
        SeenLine(
            code=i.code,
            subject=text_in(i.subject, locale()),
            question=text_in(i.question, locale()),
            shown=show(i, case.answers[i.code], locale()) if i.code in case.answers else "",
            parts=_parts(case, i),
            unreadable=i.code in case.unreadable,
            saved=saved_words(answers[i.code]) if i.code in answers else "",
            files=tuple(proof.name for proof in case.evidence.get(i.code, ())),
            change=difference(seen.get(i.code), stands.get(i.code, "")) if i.code in look.changed else "",
            before=before.get(i.code),
            open_notes=i.code in threads and threads[i.code].open,
            debt=debts.get(i.code),
        )
        for i in topic.indicators
        if i.code in case.path.open
    )
    left = waiting(looks_now(case, answers, links))
    page = LookPage(
        id=found.id,
        round=found.round.name,
        code=code,
        name=text_in(topic.name, locale()),
        lines=lines,
        look=look,
        shown=fingerprint(as_it_stands(topic, case.path.open, stands)),
        locked=locked_words(found),
        moved=moved,
        left=len(left),
        next=following([one for one in left if one != code], case.questionnaire, code),
    )
    return render_template("supplier/together/look.html", look=page)
