"""Answers brought from another Upstream portal: a file into an open draft, where they wait to be confirmed."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, Refused
from portal.core.problems import Problem
from portal.files.answers_package import MOST_BYTES, AnswersPackage, read_answers_package
from portal.files.uploads import clean_name
from portal.language import N_, say
from portal.operations.carrying import Carried, Source, carry_answers, check_draft
from portal.web.context import actor, db, locale, now
from portal.web.forms.evidence import place_problems
from portal.web.forms.take_away import BringForm
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.supplier.hub import mine

pages = Blueprint("bringing", __name__, url_prefix="/assessments/<int:assessment_id>/bring")


@pages.get("")
@needs("supplier:answers:write")
def form(assessment_id: int) -> str:
    """What can be brought, and the form for it."""
    return _page(assessment_id, BringForm(formdata=None))


@pages.post("")
@needs("supplier:answers:write")
def bring(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Read a file whole and carry its answers, or say everything that is wrong with it and store nothing."""
    sent = BringForm()
    try:
        # Read before the database is opened for writing: nobody waits meanwhile.
        name, data = _uploaded(sent.file.data)
        package = read_answers_package(data, name)
        found = mine(assessment_id)
        carried = carry_answers(db(), actor(), assessment=found, source=_source(package, name), now=now())
    except Invalid as invalid:
        place_problems(sent, invalid.problems, "file")
        return _page(assessment_id, sent), 422
    except Refused as refusal:
        place_problems(sent, [refusal.problem], "file")
        return _page(assessment_id, sent), 409
    _tell(carried)
    return redirect(url_for("supplier.hub.assessment", assessment_id=assessment_id), 303)


def _uploaded(sent: object) -> tuple[str, bytes]:
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise Invalid([Problem("file_missing", "file")])
    name = clean_name(sent.filename)
    data = sent.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Invalid([Problem("upload_too_large", name, {"limit": MOST_BYTES // 1024**2})])
    return name, data


def _source(package: AnswersPackage, name: str) -> Source:
    said = " · ".join(part for part in (name, package.round) if part)
    return Source(
        said=say(locale(), N_("file {name}"), name=said)[:200],
        questionnaire=package.questionnaire,
        roles=package.roles,
        answers=package.answers,
    )


def _tell(carried: Carried) -> None:
    tell(
        N_(
            "{carried} answers came in and wait for you to confirm them; {beside} earlier values stand beside their "
            "questions; {left} were left out."
        ),
        carried=len(carried.carried),
        beside=len(carried.beside),
        left=len(carried.dropped) + len(set(carried.kept) - set(carried.beside)),
    )


def _page(assessment_id: int, form: BringForm) -> str:
    found = mine(assessment_id)
    locked: Problem | None = None
    try:
        check_draft(found)
    except Refused as refusal:
        locked = refusal.problem
    return render_template(
        "supplier/take_away/bring.html",
        assessment_id=found.id,
        round=found.round.name,
        locked=locked,
        form=form,
        megabytes=MOST_BYTES // 1024**2,
    )
