"""Tables of the factor library: versions, which are in use, and own tables coming in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.factor_tables import FORMS
from portal.files.factor_tables import template as empty_table
from portal.files.uploads import MEDIA_TYPES, TABLES
from portal.language import N_
from portal.operations.factor_choices import put_in_use, take_out
from portal.operations.factor_library import bring_in_shipped, shipped_waiting
from portal.operations.factor_uploads import accept_upload, add_upload, discard_upload, look_at, table_key
from portal.operations.keeping import kept_file
from portal.reports.csv_out import neutral_rows
from portal.store.factor_reads import has_library
from portal.store.factors import FactorUpload
from portal.web.context import actor, db, locale, now, site
from portal.web.downloads import send_bytes
from portal.web.forms.evidence import place_problems
from portal.web.forms.factors import AcceptForm, TableForm
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.staff.pages_factor_tables import (
    own_tables,
    table_page,
    tables_page,
    upload_page,
    version_of,
    version_page,
    version_rows,
)
from portal.web.waiting_files import as_uploaded, set_aside

pages = Blueprint("factor_tables", __name__, url_prefix="/category-1/factors")

ONE_UPLOAD = "/uploads/<int:upload_id>"
ONE_VERSION = "/versions/<int:version_id>"


@pages.get("/tables")
@needs("staff:factors:see")
def tables() -> str:
    """All tables, what is in use of each, and the form for an own one."""
    return _tables(TableForm(formdata=None, kind=request.args.get("kind", "factors")))


@pages.get("/tables/<int:table_id>")
@needs("staff:factors:see")
def table(table_id: int) -> str:
    """One table with its versions."""
    return render_template("staff/factors/table.html", seen=table_page(db(), table_id, locale()))


@pages.get(ONE_VERSION)
@needs("staff:factors:see")
def version(version_id: int) -> str:
    """One version: sources, changes, the estimates made with it."""
    return render_template("staff/factors/version.html", seen=version_page(db(), version_id, locale()))


@pages.get(f"{ONE_VERSION}.csv")
@needs("staff:factors:see")
def version_csv(version_id: int) -> AnyResponse:
    """The rows of a version as CSV; text that a spreadsheet would take for a formula is neutralised."""
    found = version_of(db(), version_id)
    header, rows = version_rows(db(), found)
    name = f"{found.table.key.removesuffix('.csv')}-version-{found.number}.csv"
    return send_bytes(neutral_rows(header, rows), name, "text/csv")


@pages.get("/templates/<kind>.<file_format>")
@needs("staff:factors:see")
def template(kind: str, file_format: str) -> AnyResponse:
    """An empty table to fill, with help in the reader's language."""
    if kind not in FORMS or file_format not in TABLES:
        raise NotFound
    return send_bytes(
        empty_table(kind, locale(), file_format), f"{kind}.{file_format}", MEDIA_TYPES[file_format]
    )


@pages.post("/bring-in")
@needs("staff:factors:write")
def bring_in() -> AnyResponse:
    """Bring in the tables that come with this release."""
    brought = bring_in_shipped(db(), now=now())
    if brought:
        tell(N_("Brought in: {tables}."), tables=", ".join(brought))
    else:
        tell(N_("Nothing to bring in: the library has all tables of this release."))
    return redirect(url_for(".tables"), 303)


@pages.post(f"{ONE_VERSION}/use")
@needs("staff:factors:write")
def use(version_id: int) -> AnyResponse | tuple[str, int]:
    """Put a version in use."""
    try:
        found = put_in_use(db(), actor(), version_id=version_id, now=now())
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return table(version_of(db(), version_id).table_id), 409
    tell(
        N_("Version {number} of {table} is in use from now on. Estimates already made keep theirs."),
        number=found.number,
        table=found.table.key,
    )
    return redirect(url_for(".table", table_id=found.table_id), 303)


@pages.post("/tables/<int:table_id>/take-out")
@needs("staff:factors:write")
def remove_from_use(table_id: int) -> AnyResponse | tuple[str, int]:
    """Take a table out of use."""
    try:
        found = take_out(db(), actor(), table_id=table_id, now=now())
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return table(table_id), 409
    tell(N_("{table} is no longer in use. Estimates already made keep it."), table=found.key)
    return redirect(url_for(".table", table_id=table_id), 303)


@pages.post("/uploads")
@needs("staff:factors:write")
def upload() -> AnyResponse | tuple[str, int]:
    """Keep a file and show what it would change; nothing of it counts yet."""
    form = TableForm()
    sent = form.file.data
    problems = []
    try:
        table_key(db(), kind=form.kind.data or "", table=form.table.data or "")
    except Refused as refusal:
        place = "kind" if refusal.problem.code == "factor_kind_unknown" else "table"
        problems.append(Problem(refusal.problem.code, place, refusal.problem.values))
    if not isinstance(sent, FileStorage) or not sent.filename:
        problems.append(Problem("file_missing", "file"))
    if problems:
        place_problems(form, problems, "file")
        return _tables(form), 422
    try:
        with kept_file(
            site().vault,
            name=sent.filename,
            stream=sent.stream,
            limit=site().settings.upload_limit,
            allowed=TABLES,
        ) as kept:
            row = add_upload(
                db(), actor(), kind=form.kind.data, table=form.table.data or "", kept=kept, now=now()
            )
            db().commit()
    except Invalid as invalid:
        place_problems(form, invalid.problems, "file")
        return _tables(form), 422
    except Refused as refusal:
        place_problems(form, [refusal.problem], "file")
        return _tables(form), 422
    return redirect(url_for(".preview", upload_id=row.id), 303)


@pages.get(ONE_UPLOAD)
@needs("staff:factors:write")
def preview(upload_id: int) -> str:
    """One file: what it says, every problem at once, what it would change."""
    return _preview(_upload(upload_id), AcceptForm(formdata=None))


@pages.get(f"{ONE_UPLOAD}/file")
@needs("staff:factors:write")
def file(upload_id: int) -> AnyResponse:
    """The file as it was uploaded."""
    return as_uploaded(_upload(upload_id))


@pages.post(f"{ONE_UPLOAD}/accept")
@needs("staff:factors:write")
def accept(upload_id: int) -> AnyResponse | tuple[str, int]:
    """Take a file over as a new version; it is read again from the vault."""
    form = AcceptForm()
    try:
        made = accept_upload(
            db(), actor(), upload_id=upload_id, vault=site().vault, note=form.note.data or "",
            use=bool(form.use.data), now=now(),
        )  # fmt: skip
    except Invalid:
        db().rollback()
        return _preview(_upload(upload_id), form), 422
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return _preview(_upload(upload_id), form), 409
    tell(
        N_("Version {number} is in the library. The versions before it stay as they are."), number=made.number
    )
    return redirect(url_for(".table", table_id=made.table_id), 303)


@pages.post(f"{ONE_UPLOAD}/discard")
@needs("staff:factors:write")
def discard(upload_id: int) -> AnyResponse | tuple[str, int]:
    """Set a file aside; its bytes go once that is certain."""
    return set_aside(
        lambda: discard_upload(db(), actor(), upload_id=upload_id, now=now()),
        again=lambda: _preview(_upload(upload_id), AcceptForm()),
        to=lambda row: url_for(".tables"),
    )


def _tables(form: TableForm) -> str:
    return render_template(
        "staff/factors/tables.html",
        seen=tables_page(db(), locale()),
        form=form,
        names=own_tables(db()),
        empty=not has_library(db()),
        waiting=shipped_waiting(db()),
        megabytes=site().settings.upload_limit // (1024 * 1024),
    )


def _preview(row: FactorUpload, form: AcceptForm) -> str:
    look = look_at(db(), site().vault, row) if row.state == "waiting" else None
    return render_template("staff/factors/preview.html", seen=upload_page(row, look, locale()), form=form)


def _upload(upload_id: int) -> FactorUpload:
    row = db().get(FactorUpload, upload_id)
    if row is None:
        raise NotFound
    return row
