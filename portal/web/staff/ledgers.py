"""Ledgers on their way in: upload, columns, check, accept."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.core.ledger.words import KINDS
from portal.core.problems import Problem
from portal.files.ledger_uploads import judge_ledger
from portal.files.tables import template as empty_table
from portal.language import N_
from portal.operations import ledger_intake as intakes
from portal.store.estimates import Ledger
from portal.store.jobs import OPEN, newest_job
from portal.web.context import actor, after_commit, db, locale, now, site
from portal.web.downloads import send_bytes, send_vault_file
from portal.web.forms.base import add_problems
from portal.web.forms.ledgers import LedgerForm
from portal.web.guard import needs
from portal.web.messages import in_words, tell
from portal.web.staff.jobs import wake
from portal.web.staff.ledger_problems import problems_file
from portal.web.staff.pages_category1 import overview
from portal.web.staff.pages_ledger_columns import at_fields, columns_page, mapping_from_form
from portal.web.staff.pages_ledgers import check_page

pages = Blueprint("ledgers", __name__, url_prefix="/category-1")

NOTHING_GIVEN = Problem("words_nothing_given")


@pages.get("/ledger-template.csv")
@needs("staff:estimates:see")
def template() -> Response:
    """An empty ledger: the header line of the documented columns."""
    return send_bytes(empty_table(LEDGER_COLUMNS).encode(), "ledger.csv", "text/csv")


@pages.post("/ledgers")
@needs("staff:estimates:run")
def upload() -> AnyResponse | tuple[str, int]:
    """Take a file in and have it read. Its bytes go to the vault first, without the database."""
    form = LedgerForm()
    if not form.validate():
        return overview(ledger_form=form), 422
    given: FileStorage = form.file.data
    stream = cast("BinaryIO", given.stream)
    vault = site().vault
    try:
        file = judge_ledger(given.filename or "", stream, site().settings.ledger_limit)
        key = vault.put(stream, file.sha256)
    except Invalid as invalid:
        add_problems(form.file, invalid.problems)
        return overview(ledger_form=form), 422
    except Refused as refusal:
        add_problems(form.file, [refusal.problem])
        return overview(ledger_form=form), 422
    try:
        _, job = intakes.receive(db(), actor(), file=file, vault_key=key, now=now())
    except BaseException:
        vault.delete(key)
        raise
    return wake(job)


@pages.get("/intakes/<int:intake_id>")
@needs("staff:estimates:run")
def intake(intake_id: int) -> str | AnyResponse:
    """Where a file stands: still worked on, a question to answer, its columns, or what the check found."""
    found = intakes.intake_by_id(db(), intake_id)
    if found.state != "waiting":
        return redirect(url_for("staff.estimates.estimates", _anchor="ledgers"))
    job = newest_job(db(), found.id, "ledger_read", "ledger_check")
    if job is not None and (job.state in OPEN or (found.reading is None and job.state != "done")):
        return redirect(url_for("staff.jobs.job", job_id=job.id))
    if found.reading is None or found.reading["asked"]:
        return render_template(
            "staff/ledgers/reading.html", intake=found, previews=(found.reading or {}).get("previews", {})
        )
    if intakes.check_of(found) is None:
        return redirect(url_for("staff.ledgers.columns", intake_id=intake_id))
    return _checked(found)


@pages.post("/intakes/<int:intake_id>/reading")
@needs("staff:estimates:run")
def choose(intake_id: int) -> AnyResponse:
    """Say the encoding of the file, or which sheet to read."""
    given = request.form
    job = intakes.choose(
        db(),
        actor(),
        intake_id=intake_id,
        encoding=given.get("encoding", ""),
        sheet=given.get("sheet", ""),
        now=now(),
    )
    return wake(job)


@pages.get("/intakes/<int:intake_id>/columns")
@needs("staff:estimates:run")
def columns(intake_id: int) -> str | AnyResponse:
    """Which column is which, and how dates and numbers are written."""
    found = intakes.intake_by_id(db(), intake_id)
    if found.state != "waiting" or not found.reading or found.reading["asked"]:
        return redirect(url_for("staff.ledgers.intake", intake_id=intake_id))
    mapping, known = intakes.starting_mapping(db(), found.reading["header"])
    if found.mapping:
        mapping = intakes.from_json(found.mapping)
    return render_template(
        "staff/ledgers/columns.html",
        intake=found,
        page_=columns_page(found, mapping, known, locale()),
        problems=(),
    )


@pages.post("/intakes/<int:intake_id>/columns")
@needs("staff:estimates:run")
def map_columns(intake_id: int) -> AnyResponse | tuple[str, int]:
    """Read the file by these columns and check every line."""
    found = intakes.intake_by_id(db(), intake_id, waiting=True)
    mapping = mapping_from_form(request.form)
    try:
        job = intakes.map_columns(db(), actor(), intake_id=intake_id, mapping=mapping, now=now())
    except Invalid as invalid:
        page = columns_page(found, mapping, None, locale())
        said = list(dict.fromkeys(in_words(at_fields(invalid.problems, locale()))))
        return render_template("staff/ledgers/columns.html", intake=found, page_=page, problems=said), 422
    return wake(job)


@pages.post("/intakes/<int:intake_id>/words/<kind>")
@needs("staff:estimates:run")
def words(intake_id: int, kind: str) -> AnyResponse | tuple[str, int]:
    """Confirm what texts of the file mean; they are remembered."""
    if kind not in KINDS:
        raise NotFound
    found = intakes.intake_by_id(db(), intake_id, waiting=True)
    given = _words_given()
    if not given:
        return _checked(found, [in_words([NOTHING_GIVEN])[0]]), 422
    try:
        job = intakes.confirm_words(db(), actor(), intake_id=intake_id, kind=kind, given=given, now=now())
    except Invalid as invalid:
        return _checked(found, in_words(invalid.problems)), 422
    return wake(job)


@pages.post("/intakes/<int:intake_id>/duplicates")
@needs("staff:estimates:run")
def duplicates(intake_id: int) -> AnyResponse:
    """Keep lines that look written twice, or leave the later ones out."""
    choice = request.form.get("choice", "")
    return wake(intakes.decide_duplicates(db(), actor(), intake_id=intake_id, choice=choice, now=now()))


@pages.post("/intakes/<int:intake_id>/accept")
@needs("staff:estimates:run")
def accept(intake_id: int) -> AnyResponse:
    """Make the file a ledger."""
    ledger, new = intakes.accept(db(), actor(), intake_id=intake_id, now=now())
    spare = intakes.spare_keys(db(), intakes.intake_by_id(db(), intake_id))
    vault = site().vault
    after_commit(lambda: intakes.forget_bytes(vault, spare))
    if new:
        tell(
            N_("{name} is loaded: {lines} lines. Now choose a year and run the estimate."),
            name=ledger.name,
            lines=ledger.lines,
        )
    else:
        tell(N_("{name} was loaded before, unchanged. Nothing was added."), name=ledger.name)
    return redirect(url_for("staff.estimates.estimates", ledger=ledger.id, _anchor="run"), 303)


@pages.post("/intakes/<int:intake_id>/discard")
@needs("staff:estimates:run")
def discard(intake_id: int) -> AnyResponse:
    """Give a waiting file up."""
    keys = intakes.discard(db(), actor(), intake_id=intake_id, now=now())
    vault = site().vault
    after_commit(lambda: intakes.forget_bytes(vault, keys))
    tell(N_("The file is discarded; nothing of it was kept."))
    return redirect(url_for("staff.estimates.estimates", _anchor="ledgers"), 303)


@pages.get("/intakes/<int:intake_id>/problems.csv")
@needs("staff:estimates:run")
def problems(intake_id: int) -> Response:
    """Every problem the check found, as CSV."""
    found = intakes.intake_by_id(db(), intake_id)
    if found.state != "waiting" or not found.problems_key:
        raise NotFound
    return problems_file(site().vault, found, locale())


@pages.get("/ledgers/<int:ledger_id>.csv")
@needs("staff:estimates:see")
def ledger_csv(ledger_id: int) -> Response:
    """A ledger in the plain form."""
    ledger = _ledger(ledger_id)
    return send_vault_file(ledger.vault_key, ledger.name, "text/csv")


@pages.get("/ledgers/<int:ledger_id>/original")
@needs("staff:estimates:see")
def original(ledger_id: int) -> Response:
    """The file a ledger was made from, exactly as it was uploaded."""
    ledger = _ledger(ledger_id)
    if not ledger.original_key:
        raise NotFound
    return send_vault_file(ledger.original_key, ledger.original_name, "application/octet-stream")


def _ledger(ledger_id: int) -> Ledger:
    found = db().get(Ledger, ledger_id)
    if found is None:
        raise NotFound
    return found


def _words_given() -> dict[str, tuple[str, str]]:
    """Text → (meaning, times) of the rows a person filled, or marked as none of ours."""
    given = {}
    for name, text in request.form.items():
        if not name.startswith("written-"):
            continue
        row = name.removeprefix("written-")
        meaning = request.form.get(f"meaning-{row}", "").strip()
        times = request.form.get(f"times-{row}", "").strip()
        if meaning or request.form.get(f"none-{row}"):
            given[text] = ("" if request.form.get(f"none-{row}") else meaning, times)
    return given


def _checked(found: intakes.LedgerIntake, said: list[str] | None = None) -> str:
    return render_template(
        "staff/ledgers/check.html", intake=found, page_=check_page(db(), found, locale()), problems=said or ()
    )
