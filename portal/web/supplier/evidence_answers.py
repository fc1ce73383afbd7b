"""One file behind many answers: choose an assessment, tick the answers, store all of it in one step."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.problems import Problem
from portal.language import N_
from portal.language.evidence_guidance import all_guidance
from portal.operations.evidence_answers import Placed, place_evidence
from portal.store.assessments import Assessment, assessments_of
from portal.web.context import actor, db, locale, now, tenant, today
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.supplier.evidence import in_library
from portal.web.supplier.hub import mine
from portal.web.supplier.pages_evidence import facts_page
from portal.web.supplier.pages_evidence_answers import draft_lines, topic_choices

pages = Blueprint("evidence_answers", __name__, url_prefix="/evidence/<int:evidence_id>/answers")

ONE = "/<int:assessment_id>"
MOST_CODES = 1000


@pages.get("")
@needs("supplier:evidence:write")
def drafts(evidence_id: int) -> str:
    """The assessments whose answers can be changed; with only one of them its answers at once."""
    in_library(evidence_id)
    found = _drafts()
    return _page(evidence_id, found[0] if len(found) == 1 else None)


@pages.get(ONE)
@needs("supplier:evidence:write")
def choose(evidence_id: int, assessment_id: int) -> str:
    """The answers of one assessment behind which the file can stand."""
    return _page(evidence_id, mine(assessment_id))


@pages.post(ONE)
@needs("supplier:evidence:write")
def place(evidence_id: int, assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Link and unlink as ticked: all of it or nothing."""
    wanted, seen = _codes("answer"), _codes("seen")
    try:
        done = place_evidence(
            db(),
            actor(),
            evidence_id=evidence_id,
            assessment_id=assessment_id,
            wanted=wanted,
            seen=seen,
            now=now(),
        )
    except Refused as refusal:
        return _page(evidence_id, mine(assessment_id), wanted, seen, refusal.problem), 409
    _tell(done)
    return redirect(url_for("supplier.evidence.facts", evidence_id=evidence_id, _anchor="used"), 303)


def _tell(done: Placed) -> None:
    if not done.linked and not done.unlinked:
        tell(N_("Nothing was changed."))
    if done.linked:
        tell(N_("Linked to {codes}."), codes=", ".join(done.linked))
    if done.unlinked:
        tell(N_("No longer linked to {codes}."), codes=", ".join(done.unlinked))


def _codes(name: str) -> list[str]:
    found = request.form.getlist(name)
    if len(found) > MOST_CODES:
        raise NotFound
    return found


def _drafts() -> list[Assessment]:
    return [one for one in assessments_of(db(), tenant()) if one.state in EDITABLE]


def _page(
    evidence_id: int,
    assessment: Assessment | None,
    ticked: Collection[str] | None = None,
    seen: Collection[str] = (),
    problem: Problem | None = None,
) -> str:
    row = in_library(evidence_id)
    topics = topic_choices(db(), row, assessment, today(), locale(), ticked, seen) if assessment else ()
    return render_template(
        "supplier/evidence/answers.html",
        file=facts_page(db(), row, today()).file,
        drafts=draft_lines(db(), row, _drafts()),
        chosen=assessment,
        topics=topics,
        problem=problem,
        guidance=all_guidance(locale()),
    )
