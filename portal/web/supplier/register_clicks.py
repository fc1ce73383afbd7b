"""What the pages of answers and of the register share: a click that takes an answer over, and notes read when needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache

from werkzeug.datastructures import MultiDict

from portal.core.errors import Conflict, Refused
from portal.core.lifecycle import may_edit
from portal.language import N_
from portal.operations.register_facts import Known
from portal.operations.scoring import Case
from portal.operations.taking import Beside, Click, beside_register, take_over
from portal.store.answers import Answer
from portal.store.assessments import Assessment
from portal.web.context import actor, db, locale, now
from portal.web.messages import refuse, tell, warn
from portal.web.supplier.pages_register import RegisterNote, register_note

_CLICK = re.compile(r"([A-Z]{3}-\d{2}) (\d{1,9}) ([0-9a-f]{16})", re.ASCII)


def click_of(text: str) -> Click | None:
    """The click a button or a hidden field sent; None for anything else."""
    match = _CLICK.fullmatch(text)
    return Click(match[1], int(match[2]), match[3]) if match else None


def clicked(form: MultiDict[str, str]) -> Click | None:
    """The click of a topic page. Its scripts save answers while the page stands: the field of the version is newer
    than the button."""
    click = click_of(form.get("take", ""))
    shown = form.get(f"{click.code}-version", "") if click else ""
    if click is None or not re.fullmatch(r"\d{1,9}", shown, re.ASCII):
        return click
    return Click(click.code, int(shown), click.seen)


def take_clicked(assessment: Assessment, click: Click) -> str:
    """Take over one answer and say on the next page what became of it; returns the code, where to land."""
    try:
        take_over(db(), actor(), assessment=assessment, click=click, now=now())
    except Conflict:
        warn(
            N_("{code}: somebody saved another answer meanwhile. Look at it and choose again."),
            code=click.code,
        )
    except Refused as refusal:
        refuse(refusal.problem)
    else:
        tell(N_("{code} was taken over from the carbon register."), code=click.code)
    return click.code


def register_lookup(
    case: Case, answers: Mapping[str, Answer], reopened: Collection[str], register: Known | None
) -> Callable[[str], RegisterNote | None]:
    """A function from the code of an indicator to its note; the register is read when the first note is asked for,
    unless it was read already."""
    known = {entry.indicator for entry in case.questionnaire.register}

    @cache
    def everything() -> Mapping[str, Beside]:
        return beside_register(db(), case, answers, register)

    def note(code: str) -> RegisterNote | None:
        one = everything().get(code) if code in known else None
        return register_note(case, one, locale(), editable_in(case, reopened)) if one else None

    return note


def editable_in(case: Case, reopened: Collection[str]) -> Callable[[str], bool]:
    """Whether an answer may be changed now; `reopened` are those of a returned assessment that may."""
    return lambda code: may_edit(case.assessment.state, code, frozenset(reopened))
