"""Ranking of a round, and two to five suppliers side by side."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from portal.core.errors import NotFound
from portal.core.problems import Problem
from portal.files.questionnaires import find_questionnaire
from portal.store.assessments import Round, assessments_in
from portal.store.standings import footprints_of_all, standings_of
from portal.web.context import db, locale, today
from portal.web.guard import needs
from portal.web.messages import in_words
from portal.web.staff.listing import matching, read_filters, row_of
from portal.web.staff.pages_comparing import LEAST, MOST, comparison, ranked

pages = Blueprint("comparing", __name__, url_prefix="/rounds/<int:round_id>")


@pages.get("/ranking")
@needs("staff:assessments:see")
def ranking(round_id: int) -> str:
    """All suppliers of a round by score, with every topic."""
    return _ranking(_round(round_id), request.args)


@pages.get("/compare")
@needs("staff:assessments:see")
def compare(round_id: int) -> str | tuple[str, int]:
    """The chosen suppliers side by side."""
    found = _round(round_id)
    chosen = {text for text in request.args.getlist("supplier") if text.isascii() and text.isdigit()}
    assessments = [a for a in assessments_in(db(), round_id) if str(a.supplier_id) in chosen]
    standings = [s for s in standings_of(db(), assessments) if s.declared or s.verified]
    if not LEAST <= len(standings) <= MOST:
        problem = Problem("choose_some", values={"least": LEAST, "most": MOST, "found": len(standings)})
        return _ranking(found, request.args, in_words([problem])), 422
    rows = [row_of(standing, locale(), today()) for standing in standings]
    footprints = footprints_of_all(db(), [row.supplier_id for row in rows])
    questionnaire = find_questionnaire(found.questionnaire)
    return render_template(
        "staff/comparing/compare.html",
        round=found,
        seen=comparison(standings, rows, questionnaire, footprints, locale()),
    )


def _ranking(found: Round, args: MultiDict[str, str], problems: list[str] | None = None) -> str:
    questionnaire = find_questionnaire(found.questionnaire)
    standings = standings_of(db(), assessments_in(db(), found.id))
    rows = [row_of(standing, locale(), today()) for standing in standings]
    filters = read_filters(args)
    return render_template(
        "staff/comparing/ranking.html",
        round=found,
        topics=questionnaire.topics,
        ranked=ranked(matching(rows, filters), questionnaire),
        filters=filters,
        materials=sorted({m for row in rows for m in row.materials}),
        total=len(rows),
        short_ones=sum(1 for row in rows if row.standing is not None and row.short),
        chosen=args.getlist("supplier"),
        problems=problems or [],
    )


def _round(round_id: int) -> Round:
    found = db().get(Round, round_id)
    if found is None:
        raise NotFound
    return found
