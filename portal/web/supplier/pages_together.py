"""Page objects of work among colleagues: the to-do list, who owes what, notes, and what the lead looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.questionnaire.model import Questionnaire, Topic, text_in
from portal.core.together import as_it_stands, changed_since, held_by_indicator
from portal.operations.scoring import Case, gaps_of
from portal.store.together import Assignment, Thread, TopicLook


@dataclass(frozen=True)
class Debt:
    """Who is to do something and by when. `passed`: the day has passed; `late`: and something is not finished.
    `mine`: it is the reader."""

    name: str
    due: date
    passed: bool
    late: bool
    mine: bool


@dataclass(frozen=True)
class Holders:
    """The people who are to answer something in a topic, the earliest day, whether it has passed with questions open."""

    names: tuple[str, ...]
    due: date
    late: bool
    mine: bool


@dataclass(frozen=True)
class Marks:
    """What stands at a question for colleagues: who is to answer it, how many notes, whether their thread is open.
    `as_topic`: its topic says the same."""

    debt: Debt | None
    as_topic: bool
    notes: int
    open: bool
    notes_url: str


@dataclass(frozen=True)
class TodoItem:
    """One question of the reader's own list. `state`: open, proof (evidence missing), answered."""

    code: str
    topic: str
    subject: str
    state: str
    due: date
    late: bool


@dataclass(frozen=True)
class TodoTopic:
    """The reader's questions of one topic."""

    code: str
    name: str
    items: tuple[TodoItem, ...]


@dataclass(frozen=True)
class Todo:
    """The reader's own list: questions by topic, how many are open, overdue and answered, and the first open one."""

    topics: tuple[TodoTopic, ...]
    open: int
    overdue: int
    answered: int
    next: TodoItem | None


@dataclass(frozen=True)
class LookLine:
    """What the lead has looked at in one topic. `state`: none, same, changed; `changed` names the questions."""

    code: str
    name: str
    state: str
    by: str
    mine: bool
    at: datetime | None
    changed: tuple[str, ...]


@dataclass(frozen=True)
class ThreadLine:
    """A thread of notes in the list of an assessment."""

    code: str
    topic: str
    subject: str
    notes: int
    open: bool
    last_at: datetime


def debts_of(case: Case, held: Mapping[str, Assignment], me: int | None, today: date) -> dict[str, Debt]:
    """Who owes each indicator, and each topic as a whole, by code."""
    open_ = unfinished(case)
    parts = {t.code: frozenset(i.code for i in t.indicators) for t in case.questionnaire.topics}
    found = {}
    for code, row in (dict(held) | held_by_indicator(case.questionnaire, held)).items():
        if row.person is not None and row.due_on is not None:
            passed = row.due_on < today
            late = passed and not open_.isdisjoint(parts.get(code, {code}))
            found[code] = Debt(row.person.name, row.due_on, passed, late, row.person_id == me)
    return found


def unfinished(case: Case) -> frozenset[str]:
    """The questions in play without an answer that can be read and is confirmed, or without the evidence it needs."""
    answered = case.answers.keys() - case.unconfirmed - case.unreadable.keys()
    return (case.path.open - answered) | lacking_proof(case)


def lacking_proof(case: Case) -> frozenset[str]:
    """The questions whose answer needs evidence and has none."""
    return frozenset(gap.indicator for gap in gaps_of(case) if gap.code == "gap_evidence_missing")


def holders_of(case: Case, debts: Mapping[str, Debt]) -> dict[str, Holders]:
    """Who is to answer the questions in play of each topic, by topic code; topics that nobody holds are left out."""
    found = {}
    for topic in case.questionnaire.topics:
        own = [debts[i.code] for i in topic.indicators if i.code in case.path.open and i.code in debts]
        if own:
            found[topic.code] = Holders(
                names=tuple(dict.fromkeys(debt.name for debt in own)),
                due=min(debt.due for debt in own),
                late=any(debt.late for debt in own),
                mine=any(debt.mine for debt in own),
            )
    return found


def todo_of(
    case: Case, debts: Mapping[str, Debt], locale: str, *, only: Collection[str] | None = None,
    again: Collection[str] = (),
) -> Todo:  # fmt: skip
    """The list of the reader's own questions in play, those in `only` where it is given (a returned assessment).

    Open is what is not answered, cannot be read, is not confirmed, or is in `again` (returned and not changed since).
    """
    lacking = lacking_proof(case)
    topics = []
    for topic in case.questionnaire.topics:
        items = []
        for indicator in topic.indicators:
            code, debt = indicator.code, debts.get(indicator.code)
            if debt is None or not debt.mine or code not in case.path.open:
                continue
            if only is not None and code not in only:
                continue
            missing = code not in case.answers or code in case.unconfirmed or code in case.unreadable
            state = "open" if missing or code in again else "proof" if code in lacking else "answered"
            items.append(
                TodoItem(
                    code, topic.code, text_in(indicator.subject, locale), state, debt.due,
                    debt.passed and state != "answered",
                )
            )  # fmt: skip
        if items:
            topics.append(TodoTopic(topic.code, text_in(topic.name, locale), tuple(items)))
    every = [item for topic in topics for item in topic.items]
    waiting = [item for item in every if item.state != "answered"]
    return Todo(
        tuple(topics),
        len(waiting),
        sum(item.late for item in waiting),
        len(every) - len(waiting),
        waiting[0] if waiting else None,
    )


def next_after(todo: Todo, code: str) -> TodoItem | None:
    """The reader's next open question after `code` in the questionnaire's order, from the start again at its end;
    the question itself only where nothing else is open."""
    every = [item for topic in todo.topics for item in topic.items]
    at = next((number for number, item in enumerate(every) if item.code == code), -1)
    following = [item for item in every[at + 1 :] + every[: at + 1] if item.state != "answered"]
    return following[0] if following else None


def look_of(
    topic: Topic, asked: Collection[str], stands: Mapping[str, str], look: TopicLook | None, me: int | None,
    locale: str,
) -> LookLine:  # fmt: skip
    """Whether a lead has looked through a topic, and what changed since."""
    name = text_in(topic.name, locale)
    if look is None:
        return LookLine(topic.code, name, "none", "", False, None, ())
    changed = changed_since(look.seen, as_it_stands(topic, asked, stands))
    return LookLine(
        topic.code, name, "changed" if changed else "same", look.looked_by.name, look.looked_by_id == me,
        look.looked_at, changed,
    )  # fmt: skip


def look_lines(
    case: Case, stands: Mapping[str, str], looks: Mapping[str, TopicLook], me: int | None, locale: str,
    only: Collection[str] | None = None,
) -> dict[str, LookLine]:  # fmt: skip
    """The looks at every topic with something in play, by code; of a returned assessment those with something in `only`."""
    asked = case.path.open if only is None else case.path.open & frozenset(only)
    return {
        topic.code: look_of(topic, case.path.open, stands, looks.get(topic.code), me, locale)
        for topic in case.questionnaire.topics
        if any(i.code in asked for i in topic.indicators)
    }


def thread_lines(
    questionnaire: Questionnaire, threads: Mapping[str, Thread], locale: str
) -> tuple[ThreadLine, ...]:
    """The threads of an assessment, open ones first, the newest of each first."""
    found = [
        ThreadLine(
            i.code, topic.code, text_in(i.subject, locale), threads[i.code].notes, threads[i.code].open,
            threads[i.code].last_at,
        )
        for topic in questionnaire.topics
        for i in topic.indicators
        if i.code in threads
    ]  # fmt: skip
    found.sort(key=lambda line: line.last_at, reverse=True)
    return tuple(sorted(found, key=lambda line: not line.open))
