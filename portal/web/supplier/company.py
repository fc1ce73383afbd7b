"""The landing page of the carbon data: what is there, what is missing for which year, the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.reading import unprintable
from portal.language import N_
from portal.language.sentences import sentence
from portal.operations.doubts import reply
from portal.store.carbon_doubts import as_problem, open_doubts_of
from portal.web.context import actor, db, locale, now, tenant, today
from portal.web.guard import needs
from portal.web.messages import in_words, refuse, tell
from portal.web.supplier.pages_company import overview_page

pages = Blueprint("company", __name__, url_prefix="/carbon/overview")


@dataclass(frozen=True)
class Open:
    """A question that waits for a reply, with what was typed and what is wrong with it."""

    id: int
    sentence: str
    reply: str
    error: str


@pages.get("")
@needs("supplier:carbon:write")
def overview() -> str:
    """The carbon data at a glance."""
    return _page()


@pages.post("/questions/<int:doubt_id>")
@needs("supplier:carbon:write")
def answer(doubt_id: int) -> AnyResponse | tuple[str, int]:
    """Reply to a question that came up after a figure was accepted; the reply stays with the figure."""
    text = request.form.get("reply", "")
    try:
        if unprintable(text):
            raise Invalid([Problem("field_unprintable", "reply")])
        reply(db(), actor(), doubt_id=doubt_id, text=text, now=now())
    except Invalid as invalid:
        return _page({doubt_id: (text, in_words(invalid.problems)[0])}), 422
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return _page(), 409
    tell(N_("Your reply is kept with the figure."))
    return redirect(url_for(".overview"), 303)


def _page(given: Mapping[int, tuple[str, str]] | None = None) -> str:
    seen = overview_page(db(), tenant(), today())
    asked = [
        Open(one.id, sentence(locale(), as_problem(one)), *(given or {}).get(one.id, ("", "")))
        for one in open_doubts_of(db(), tenant())
    ]
    return render_template("supplier/company/overview.html", seen=seen, asked=asked)
