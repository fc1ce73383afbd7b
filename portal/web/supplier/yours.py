"""The reader's own questions: the to-do list of a colleague, and the way from one open question to the next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from portal.operations.scoring import live_case
from portal.store.answers import answers_of
from portal.store.evidence import links_of
from portal.store.site_answers import site_answers_of
from portal.web.context import db, locale, today
from portal.web.guard import needs
from portal.web.supplier.hub import locked_words, mine
from portal.web.supplier.pages_hub import Deadline, deadline_of
from portal.web.supplier.pages_together import Todo
from portal.web.supplier.todo import debts_now, own_todo

pages = Blueprint("yours", __name__, url_prefix="/assessments/<int:assessment_id>")


@dataclass(frozen=True)
class YoursPage:
    """The to-do list of one person in one assessment. `locked` says why nothing can be changed now."""

    id: int
    round: str
    deadline: Deadline
    locked: str
    todo: Todo


@pages.get("/yours")
@needs("supplier:assessment:see")
def yours(assessment_id: int) -> str:
    """What is assigned to the reader: open, overdue, answered."""
    found = mine(assessment_id)
    answers, links = answers_of(db(), found.id), links_of(db(), found.id)
    case = live_case(found, answers, links, site_answers_of(db(), found.id))
    page = YoursPage(
        id=found.id,
        round=found.round.name,
        deadline=deadline_of(found.round.deadline_on, today(), found.state, locale()),
        locked=locked_words(found),
        todo=own_todo(case, answers, links, debts_now(case)),
    )
    return render_template("supplier/together/yours.html", yours=page)
