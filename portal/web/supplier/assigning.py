"""The lead says who does what: topics on one page, the single questions of a topic on another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.model import find_topic, text_in
from portal.core.questionnaire.reading import read_date
from portal.language import N_
from portal.language.sentences import sentence
from portal.operations.assigning import Wanted, assign_work
from portal.operations.scoring import Case, open_case
from portal.store.people import people_of
from portal.store.together import Assignment, assignment_rows
from portal.web.context import actor, db, locale, now, tenant, today
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.supplier.hub import locked_words, mine
from portal.web.supplier.pages_hub import Deadline, deadline_of, progress_of

pages = Blueprint("assigning", __name__, url_prefix="/assessments/<int:assessment_id>/assign")


@dataclass(frozen=True)
class Row:
    """One topic or question with its field: who, until when, the version shown, and what stands in the way.

    `was` repeats what was shown, so that a row left alone is left alone; `single` counts the topic's questions that
    are assigned one by one; `late` offers to keep a day after the deadline.
    """

    code: str
    number: int
    name: str
    state: str
    open: int
    answered: int
    person: str
    due: str
    version: int
    was: str
    single: int
    late: bool
    late_said: bool
    overdue: bool
    day_unread: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class AssignPage:
    """The plan of an assessment, or of one topic (`topic` not empty)."""

    id: int
    round: str
    deadline: Deadline
    locked: str
    topic: str
    topic_name: str
    people: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    trouble: tuple[tuple[str, str], ...]


@pages.get("")
@needs("supplier:work:assign")
def plan(assessment_id: int) -> str:
    """Every topic with who is to do it."""
    return _page(_case(assessment_id), "")


@pages.post("")
@needs("supplier:work:assign")
def assign(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Keep the plan of the topics."""
    return _assign(_case(assessment_id), "")


@pages.get("/<topic>")
@needs("supplier:work:assign")
def topic(assessment_id: int, topic: str) -> str:
    """One topic and its single questions."""
    return _page(_case(assessment_id), topic)


@pages.post("/<topic>")
@needs("supplier:work:assign")
def assign_topic(assessment_id: int, topic: str) -> AnyResponse | tuple[str, int]:
    """Keep the plan of one topic."""
    return _assign(_case(assessment_id), topic)


def _case(assessment_id: int) -> Case:
    return open_case(db(), mine(assessment_id))


def _assign(case: Case, topic: str) -> AnyResponse | tuple[str, int]:
    subjects = [code for code, *_rest in _subjects(case, topic)]
    try:
        changed = assign_work(
            db(), actor(), case=case, wanted=_wanted(subjects, request.form), today=today(), now=now()
        )
    except Invalid as invalid:
        clash = any(problem.code.endswith("_meanwhile") for problem in invalid.problems)
        return _page(case, topic, request.form, invalid.problems), 409 if clash else 422
    except Refused:
        return _page(case, topic), 409
    if changed:
        tell(N_("Saved: who does what."))
    if topic:
        return redirect(url_for("supplier.assigning.plan", assessment_id=case.assessment.id), 303)
    return redirect(url_for("supplier.hub.assessment", assessment_id=case.assessment.id), 303)


def _wanted(subjects: Sequence[str], form: MultiDict[str, str]) -> dict[str, Wanted]:
    """What the form asks for, without the rows that were left as they were shown."""
    found = {}
    for code in subjects:
        person = form.get(f"{code}-person")
        due = form.get(f"{code}-due", "").strip()
        if person is None or _as_shown(person, due) == form.get(f"{code}-was", ""):
            continue
        late = f"{code}-late" in form
        found[code] = Wanted(_number(person), due, late, _number(form.get(f"{code}-version", "")) or 0)
    return found


def _changed_in(form: Mapping[str, str], code: str) -> Mapping[str, str]:
    """The form where it changed this row; nothing for a row left alone, which then shows what stands."""
    left = _as_shown(form.get(f"{code}-person", ""), form.get(f"{code}-due", "").strip())
    return {} if left == form.get(f"{code}-was", "") else form


def _as_shown(person: str, due: str) -> str:
    return f"{person}|{due}" if person else ""


def _number(text: str) -> int | None:
    """The whole number in a hidden field or choice; none where nothing is chosen. Raises NotFound for anything else."""
    if not text:
        return None
    if re.fullmatch(r"\d{1,9}", text, re.ASCII) is None:
        raise NotFound
    return int(text)


def _subjects(case: Case, topic: str) -> list[tuple[str, int, str]]:
    """What a page lists: (code, number or 0, name) of the topics in play, or of one topic and its questions."""
    asked = case.path.open
    if not topic:
        topics = [t for t in case.questionnaire.topics if any(i.code in asked for i in t.indicators)]
        return [(t.code, t.number, text_in(t.name, locale())) for t in topics]
    found = find_topic(case.questionnaire, topic)
    if found is None:
        raise NotFound
    single = [(i.code, 0, text_in(i.subject, locale())) for i in found.indicators if i.code in asked]
    return [(found.code, found.number, text_in(found.name, locale())), *single]


def _page(
    case: Case, topic: str, form: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> str:
    found, subjects = case.assessment, _subjects(case, topic)
    names = {code: name for code, _number, name in subjects}
    said: dict[str, list[str]] = {}
    for problem in problems:
        named = Problem(problem.code, names[problem.where], problem.values)
        said.setdefault(problem.where, []).append(sentence(locale(), named))
    rows = assignment_rows(db(), found.id)
    late = {p.where for p in problems if p.code == "assign_after_deadline"}
    deadline = deadline_of(found.round.deadline_on, today(), found.state, locale())
    people = people_of(db(), tenant())
    page = AssignPage(
        id=found.id,
        round=found.round.name,
        deadline=deadline,
        locked=locked_words(found),
        topic=topic,
        topic_name=names[topic] if topic else "",
        people=tuple((str(place.user_id), place.user.name) for place in people),
        rows=tuple(
            _row(case, one, rows, form, tuple(said.get(one[0], ())), one[0] in late) for one in subjects
        ),
        trouble=tuple((words, f"{code}-person") for code, several in said.items() for words in several),
    )
    return render_template("supplier/together/assign.html", assign=page)


def _row(
    case: Case,
    subject: tuple[str, int, str],
    rows: Mapping[str, Assignment],
    form: Mapping[str, str] | None,
    problems: tuple[str, ...],
    late: bool,
) -> Row:
    """One row as it stands, or as it was given where the form comes back."""
    code, number, name = subject
    row = rows.get(code)
    stands = row if row is not None and row.person_id is not None else None
    person = str(stands.person_id) if stands else ""
    deadline = case.assessment.round.deadline_on
    usual = deadline.isoformat() if deadline >= today() else ""
    due = stands.due_on.isoformat() if stands and stands.due_on else usual
    after = bool(stands and stands.due_on and stands.due_on > deadline)
    own = progress_of(case).topics.get(code)
    topic = find_topic(case.questionnaire, code)
    single = [i.code for i in topic.indicators] if topic else []
    answered = own.answered if own else int(code in case.answers and code not in case.unconfirmed)
    given = _changed_in(form or {}, code)
    due_shown = given.get(f"{code}-due", due)
    return Row(
        code=code,
        number=number,
        name=name,
        state=own.state if own else "",
        open=own.open if own else 1,
        answered=answered,
        person=given.get(f"{code}-person", person),
        due=due_shown,
        version=row.version if row else 0,
        was=_as_shown(person, due),
        single=sum(1 for one in single if one in rows and rows[one].person_id is not None),
        late=late or after or f"{code}-late" in given,
        late_said=f"{code}-late" in given if given else after,
        overdue=bool(stands and stands.due_on and stands.due_on < today())
        and answered < (own.open if own else 1),
        day_unread=bool(due_shown) and isinstance(read_date(due_shown, code), Problem),
        problems=problems,
    )
