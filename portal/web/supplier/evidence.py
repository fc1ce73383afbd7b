"""The evidence library, and choosing evidence for one question."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.language import N_
from portal.operations.evidence import (
    add_evidence,
    asked_indicator,
    edit_facts,
    is_bound,
    link_evidence,
    read_facts,
    remove_evidence,
    unlink_evidence,
)
from portal.operations.keeping import kept_file
from portal.store.assessments import Assessment, assessment_of
from portal.store.evidence import Evidence, evidence_of
from portal.store.evidence_links import uses_of_library
from portal.web.context import actor, db, now, site, tenant, today
from portal.web.downloads import send_vault_file
from portal.web.forms.evidence import (
    EvidenceFactsForm,
    EvidenceForm,
    form_of_facts,
    given_facts,
    place_problems,
)
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.supplier.pages_evidence import choose_page, file_line, library_page

pages = Blueprint("evidence", __name__)

LIBRARY = "/evidence"
ONE = f"{LIBRARY}/<int:evidence_id>"
CHOOSE = "/assessments/<int:assessment_id>/evidence/<code>"


@pages.get(LIBRARY)
@needs("supplier:evidence:write")
def library() -> str:
    """Every file of the company, and the form for a new one."""
    return _library(EvidenceForm(formdata=None))


@pages.post(LIBRARY)
@needs("supplier:evidence:write")
def add() -> AnyResponse | tuple[str, int]:
    """Put a file into the library."""
    form = EvidenceForm()
    outcome = _take_file(form, lambda row: None)
    if isinstance(outcome, Evidence):
        tell(N_("“{name}” is in your library."), name=outcome.name)
        return redirect(url_for(".library"), 303)
    return _library(form, known=outcome), 409 if outcome else 422


@pages.get(f"{ONE}/file")
@needs("supplier:evidence:write")
def file(evidence_id: int) -> AnyResponse:
    """The company's own file, as it was uploaded."""
    row = _mine(evidence_id)
    return send_vault_file(row.vault_key, row.name, row.media_type, row.sha256)


@pages.get(ONE)
@needs("supplier:evidence:write")
def facts(evidence_id: int) -> str:
    """The facts of one file, and taking it out of the library."""
    row = _in_library(evidence_id)
    return _facts(row, form_of_facts(row))


@pages.post(ONE)
@needs("supplier:evidence:write")
def change(evidence_id: int) -> AnyResponse | tuple[str, int]:
    """Correct the facts of one file."""
    form = EvidenceFactsForm()
    try:
        given = read_facts(given_facts(form))
        row = edit_facts(db(), actor(), evidence_id=evidence_id, facts=given, now=now())
    except Invalid as invalid:
        place_problems(form, invalid.problems, "issuer")
        return _facts(_in_library(evidence_id), form), 422
    tell(N_("The facts of “{name}” are saved."), name=row.name)
    return redirect(url_for(".library"), 303)


@pages.post(f"{ONE}/remove")
@needs("supplier:evidence:write")
def remove(evidence_id: int) -> AnyResponse:
    """Take a file out of the library; bytes go only after the row is gone for good."""
    removed = remove_evidence(db(), actor(), evidence_id=evidence_id, now=now())
    if removed.key is not None:
        db().commit()
        site().vault.delete(removed.key)
        tell(N_("“{name}” is deleted."), name=removed.name)
    else:
        tell(N_("“{name}” is hidden from your library. What was sent with it keeps it."), name=removed.name)
    return redirect(url_for(".library"), 303)


@pages.get(CHOOSE)
@needs("supplier:evidence:write")
def choose(assessment_id: int, code: str) -> str:
    """Evidence for one question: what is linked, what the library has, and a form for a new file."""
    return _choose(assessment_id, code, EvidenceForm(formdata=None))


@pages.post(CHOOSE)
@needs("supplier:evidence:write")
def use(assessment_id: int, code: str) -> AnyResponse | tuple[str, int]:
    """Link the ticked files of the library."""
    chosen = request.form.getlist("evidence")
    ids = [int(one) for one in chosen if one.isascii() and one.isdigit() and len(one) < 10]
    if len(ids) != len(chosen):
        raise NotFound
    if not ids:
        problem = Problem("evidence_unchosen")
        return _choose(assessment_id, code, EvidenceForm(formdata=None), unchosen=problem), 422
    link_evidence(db(), actor(), assessment_id=assessment_id, indicator=code, evidence_ids=ids, now=now())
    tell(N_("Linked to {code}."), code=code)
    return _back(assessment_id, code)


@pages.post(f"{CHOOSE}/upload")
@needs("supplier:evidence:write")
def upload(assessment_id: int, code: str) -> AnyResponse | tuple[str, int]:
    """Put a new file into the library and link it at once: both or neither."""
    form = EvidenceForm()

    def link(row: Evidence) -> None:
        link_evidence(
            db(), actor(), assessment_id=assessment_id, indicator=code, evidence_ids=[row.id], now=now()
        )

    outcome = _take_file(form, link)
    if isinstance(outcome, Evidence):
        tell(N_("“{name}” is in your library and linked to {code}."), name=outcome.name, code=code)
        return _back(assessment_id, code)
    return _choose(assessment_id, code, form, known=outcome), 409 if outcome else 422


@pages.post(f"{CHOOSE}/unlink")
@needs("supplier:evidence:write")
def unlink(assessment_id: int, code: str) -> AnyResponse:
    """Take a file away from this answer; it stays in the library."""
    evidence_id = request.form.get("evidence", type=int)
    if evidence_id is None or not 0 < evidence_id < 2**31:
        raise NotFound
    unlink_evidence(
        db(), actor(), assessment_id=assessment_id, indicator=code, evidence_id=evidence_id, now=now()
    )
    tell(N_("The file is no longer linked to {code}. It stays in your library."), code=code)
    return redirect(url_for(".choose", assessment_id=assessment_id, code=code), 303)


def _take_file(form: EvidenceForm, then: Callable[[Evidence], None]) -> Evidence | int | None:
    """Store the form's file and commit, with `then` in the same change.

    Otherwise the problems stand in the form; for a file that is in the library already its id is returned.
    """
    problems: list[Problem] = []
    given = None
    try:
        given = read_facts(given_facts(form))
    except Invalid as invalid:
        problems += invalid.problems
    sent = form.file.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        problems.append(Problem("file_missing", "file"))
    if problems or given is None:
        place_problems(form, problems, "file")
        return None
    settings = site().settings
    try:
        with kept_file(
            site().vault, name=sent.filename, stream=sent.stream, limit=settings.upload_limit
        ) as kept:
            row = add_evidence(
                db(), actor(), kept=kept, facts=given, quota=settings.supplier_quota, now=now()
            )
            then(row)
            db().commit()
            return row
    except Invalid as invalid:
        place_problems(form, invalid.problems, "file")
    except Refused as refusal:
        if refusal.problem.code.startswith(("locked_", "move_")):
            raise
        place_problems(form, [refusal.problem], "file")
        known = refusal.problem.values.get("evidence")
        return known if isinstance(known, int) else None
    return None


def _library(form: EvidenceForm, known: int | None = None) -> str:
    seen = library_page(db(), tenant(), today(), site().settings.supplier_quota)
    return render_template(
        "supplier/evidence/library.html", seen=seen, form=form, known=known, megabytes=_megabytes()
    )


def _facts(row: Evidence, form: EvidenceFactsForm) -> str:
    uses = uses_of_library(db(), tenant(), [row.id]).get(row.id, ())
    line = file_line(row, today(), uses, is_bound(db(), row))
    return render_template("supplier/evidence/facts.html", file=line, form=form)


def _choose(
    assessment_id: int,
    code: str,
    form: EvidenceForm,
    known: int | None = None,
    unchosen: Problem | None = None,
) -> str:
    assessment = _assessment(assessment_id)
    seen = choose_page(db(), assessment, asked_indicator(assessment, code), today())
    return render_template(
        "supplier/evidence/choose.html",
        seen=seen,
        form=form,
        known=known,
        unchosen=unchosen,
        megabytes=_megabytes(),
    )


def _back(assessment_id: int, code: str) -> AnyResponse:
    topic = asked_indicator(_assessment(assessment_id), code).topic
    target = url_for("supplier.answering.topic", assessment_id=assessment_id, topic=topic, _anchor=code)
    return redirect(target, 303)


def _assessment(assessment_id: int) -> Assessment:
    found = assessment_of(db(), tenant(), assessment_id)
    if found is None:
        raise NotFound
    return found


def _mine(evidence_id: int) -> Evidence:
    row = evidence_of(db(), tenant(), evidence_id)
    if row is None:
        raise NotFound
    return row


def _in_library(evidence_id: int) -> Evidence:
    row = _mine(evidence_id)
    if row.removed_at is not None:
        raise NotFound
    return row


def _megabytes() -> int:
    return site().settings.upload_limit // (1024 * 1024)
