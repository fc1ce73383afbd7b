"""Files of electricity and certificates: templates, upload, a look at what was read, taking over or discarding."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.carbon.doubts import reply_problems
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.electricity_workbooks import FORMS, electricity_template
from portal.files.uploads import MEDIA_TYPES, TABLES
from portal.language import N_
from portal.operations.doubts import replies_before
from portal.operations.electricity_files import (
    ElectricityFile,
    accept_electricity_upload,
    add_electricity_upload,
    discard_electricity_upload,
    doubts_of_file,
    read_electricity_upload,
)
from portal.operations.keeping import kept_file
from portal.store.electricity import UPLOAD_KINDS, ElectricityUpload, electricity_upload_of
from portal.web.company_pages import questions
from portal.web.context import actor, db, locale, now, site, tenant, today
from portal.web.downloads import send_bytes
from portal.web.forms.company import FILE_WORDS, ElectricityFileForm
from portal.web.forms.evidence import place_problems
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.supplier.pages_electricity import file_page
from portal.web.waiting_files import as_uploaded, set_aside

pages = Blueprint("electricity_files", __name__, url_prefix="/carbon/electricity/files")

ONE = "/<int:upload_id>"


@pages.get("")
@needs("supplier:carbon:write")
def bring() -> str:
    """Templates, and the form for a file."""
    return _bring(ElectricityFileForm(formdata=None, kind=request.args.get("kind", "electricity")))


@pages.get("/templates/<kind>.<file_format>")
@needs("supplier:carbon:write")
def template(kind: str, file_format: str) -> AnyResponse:
    """An empty table to fill, with help in the reader's language."""
    if kind not in FORMS or file_format not in TABLES:
        raise NotFound
    data = electricity_template(kind, locale(), file_format)
    return send_bytes(data, f"upstream-{kind}.{file_format}", MEDIA_TYPES[file_format])


@pages.post("")
@needs("supplier:carbon:write")
def upload() -> AnyResponse | tuple[str, int]:
    """Keep a file and show what it says; no figure is stored yet."""
    form = ElectricityFileForm()
    sent = form.file.data
    problems = []
    if form.kind.data not in UPLOAD_KINDS:
        problems.append(Problem("electricity_kind_missing", "kind"))
    if not isinstance(sent, FileStorage) or not sent.filename:
        problems.append(Problem("file_missing", "file"))
    if problems or not isinstance(sent, FileStorage):
        place_problems(form, problems, "file")
        return _bring(form), 422
    settings = site().settings
    try:
        with kept_file(
            site().vault,
            name=sent.filename or "",
            stream=sent.stream,
            limit=settings.upload_limit,
            allowed=TABLES,
        ) as kept:
            row = add_electricity_upload(
                db(), actor(), kind=form.kind.data, kept=kept, quota=settings.supplier_quota, now=now()
            )
            db().commit()
    except Invalid as invalid:
        place_problems(form, invalid.problems, "file")
        return _bring(form), 422
    except Refused as refusal:
        place_problems(form, [refusal.problem], "file")
        return _bring(form), 422
    return redirect(url_for(".preview", upload_id=row.id), 303)


@pages.get(ONE)
@needs("supplier:carbon:write")
def preview(upload_id: int) -> str:
    """One file: what it says, every problem at once, what it would replace."""
    return _preview(_mine(upload_id))


@pages.post(f"{ONE}/accept")
@needs("supplier:carbon:write")
def accept(upload_id: int) -> AnyResponse | tuple[str, int]:
    """Take the rows over, all or none; the file is read again from the vault."""
    row = _mine(upload_id)
    doubts = doubts_of_file(db(), row, _read(row))
    replies = {d.key: request.form[d.key] for d in doubts if d.key in request.form}
    if reply_problems(doubts, replies):
        return _preview(row, replies=replies), 422
    try:
        row, count, problems = accept_electricity_upload(
            db(), actor(), upload_id=upload_id, vault=site().vault, replies=replies, today=today(), now=now()
        )
    except Invalid:
        db().rollback()
        return _preview(_mine(upload_id)), 422
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return _preview(_mine(upload_id)), 409
    if problems:
        # the note of a second claim on somebody's certificates stays, though the page answers with a refusal
        db().commit()
        return _preview(row, overlaps=problems), 409
    words = N_("1 row is in the register.") if count == 1 else N_("{count} rows are in the register.")
    tell(words, count=count)
    return redirect(url_for("supplier.electricity.electricity"), 303)


@pages.post(f"{ONE}/discard")
@needs("supplier:carbon:write")
def discard(upload_id: int) -> AnyResponse | tuple[str, int]:
    """Set a file aside; its bytes go once that is certain."""
    return set_aside(
        lambda: discard_electricity_upload(db(), actor(), upload_id=upload_id, now=now()),
        again=lambda: _preview(_mine(upload_id)),
        to=lambda row: url_for("supplier.electricity.electricity"),
    )


@pages.get(f"{ONE}/file")
@needs("supplier:carbon:write")
def file(upload_id: int) -> AnyResponse:
    """The file as it was uploaded."""
    return as_uploaded(_mine(upload_id))


def _bring(form: ElectricityFileForm) -> str:
    return render_template(
        "supplier/electricity/bring.html",
        form=form,
        kinds=FILE_WORDS,
        megabytes=site().settings.upload_limit // (1024 * 1024),
    )


def _preview(
    row: ElectricityUpload, replies: dict[str, str] | None = None, overlaps: Sequence[Problem] = ()
) -> str:
    found = _read(row)
    doubts = doubts_of_file(db(), row, found)
    before = replies_before(db(), tenant(), "electricity", doubts)
    asked = questions(doubts, replies or {}, locale(), before)
    return render_template(
        "supplier/electricity/preview.html",
        seen=file_page(db(), row, found, locale()),
        asked=asked,
        overlaps=overlaps,
        kinds=FILE_WORDS,
    )


def _read(row: ElectricityUpload) -> ElectricityFile:
    if row.state == "discarded":
        return ElectricityFile((), (), (), ())
    return read_electricity_upload(site().vault, row, today=today())


def _mine(upload_id: int) -> ElectricityUpload:
    row = electricity_upload_of(db(), tenant(), upload_id)
    if row is None:
        raise NotFound
    return row
