"""The evidence library, and choosing evidence for one question."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.language import N_
from portal.language.evidence_guidance import all_guidance, guidance_for
from portal.operations.evidence import (
    add_evidence,
    asked_indicator,
    edit_facts,
    link_evidence,
    remove_evidence,
    unlink_evidence,
)
from portal.operations.evidence_facts import Facts, read_facts
from portal.operations.keeping import Kept, kept_file
from portal.store.assessments import Assessment, assessment_of
from portal.store.evidence import Evidence, evidence_of
from portal.store.sites import sites_of
from portal.web.context import actor, db, locale, now, site, tenant, today
from portal.web.downloads import send_vault_file
from portal.web.forms.evidence import (
    EvidenceFactsForm,
    EvidenceForm,
    form_of_facts,
    given_facts,
    place_problems,
    with_sites,
)
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.supplier.pages_evidence import choose_page, facts_page, library_page

pages = Blueprint("evidence", __name__)

LIBRARY = "/evidence"
LONGEST_SEARCH = 200
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
    outcome = take_file(form, _add)
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
    row = in_library(evidence_id)
    return _facts(row, form_of_facts(row))


@pages.post(ONE)
@needs("supplier:evidence:write")
def change(evidence_id: int) -> AnyResponse | tuple[str, int]:
    """Correct the facts of one file."""
    form = EvidenceFactsForm()
    try:
        given = read_facts(given_facts(form), form.sites.data or ())
        row = edit_facts(db(), actor(), evidence_id=evidence_id, facts=given, now=now())
    except Invalid as invalid:
        place_problems(form, invalid.problems, "issuer")
        return _facts(in_library(evidence_id), form), 422
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
    try:
        link_evidence(db(), actor(), assessment_id=assessment_id, indicator=code, evidence_ids=ids, now=now())
    except Refused as refusal:
        if refusal.problem.code != "evidence_outdated":
            raise
        form = EvidenceForm(formdata=None)
        return _choose(assessment_id, code, form, unchosen=refusal.problem), 409
    tell(N_("Linked to {code}."), code=code)
    return _back(assessment_id, code)


@pages.post(f"{CHOOSE}/upload")
@needs("supplier:evidence:write")
def upload(assessment_id: int, code: str) -> AnyResponse | tuple[str, int]:
    """Put a new file into the library and link it at once: both or neither."""
    form = EvidenceForm()

    def add_and_link(kept: Kept, given: Facts) -> Evidence:
        row = _add(kept, given)
        link_evidence(
            db(), actor(), assessment_id=assessment_id, indicator=code, evidence_ids=[row.id], now=now()
        )
        return row

    outcome = take_file(form, add_and_link)
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


def take_file(form: EvidenceForm, store: Callable[[Kept, Facts], Evidence]) -> Evidence | int | None:
    """Keep the form's file, let `store` make its row, and commit both together.

    Otherwise the problems stand in the form; where they name a file of the library its id is returned.
    """
    problems: list[Problem] = []
    given = None
    try:
        given = read_facts(given_facts(form), form.sites.data or ())
    except Invalid as invalid:
        problems += invalid.problems
    sent = form.file.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        problems.append(Problem("file_missing", "file"))
    if problems or given is None:
        place_problems(form, problems, "file")
        return None
    try:
        with kept_file(
            site().vault, name=sent.filename, stream=sent.stream, limit=site().settings.upload_limit
        ) as kept:
            row = store(kept, given)
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


def _add(kept: Kept, given: Facts) -> Evidence:
    return add_evidence(
        db(), actor(), kept=kept, facts=given, quota=site().settings.supplier_quota, now=now()
    )


def _library(form: EvidenceForm, known: int | None = None) -> str:
    wanted = " ".join(request.args.get("q", "")[:LONGEST_SEARCH].split())
    seen = library_page(db(), tenant(), today(), site().settings.supplier_quota, wanted)
    with_sites(form, sites_of(db(), tenant()))
    return render_template(
        "supplier/evidence/library.html",
        seen=seen,
        form=form,
        known=known,
        megabytes=megabytes(),
        guidance=all_guidance(locale()),
    )


def _facts(row: Evidence, form: EvidenceFactsForm) -> str:
    seen = facts_page(db(), row, today())
    with_sites(form, sites_of(db(), tenant()), [(one.key, one.name) for one in row.sites])
    return render_template("supplier/evidence/facts.html", seen=seen, file=seen.file, form=form)


def _choose(
    assessment_id: int,
    code: str,
    form: EvidenceForm,
    known: int | None = None,
    unchosen: Problem | None = None,
) -> str:
    assessment = _assessment(assessment_id)
    indicator = asked_indicator(assessment, code)
    seen = choose_page(db(), assessment, indicator, today())
    with_sites(form, sites_of(db(), tenant()))
    return render_template(
        "supplier/evidence/choose.html",
        seen=seen,
        form=form,
        known=known,
        unchosen=unchosen,
        megabytes=megabytes(),
        guidance=guidance_for(indicator.nature, locale()),
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


def in_library(evidence_id: int) -> Evidence:
    """A file of this company that is not hidden. Raises NotFound."""
    row = _mine(evidence_id)
    if row.removed_at is not None:
        raise NotFound
    return row


def megabytes() -> int:
    """How large a file may be."""
    return site().settings.upload_limit // (1024 * 1024)
