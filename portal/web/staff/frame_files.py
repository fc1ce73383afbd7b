"""Figures of the inventory from a file: looked at before they are taken over."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.frame_tables import frame_template
from portal.files.uploads import MEDIA_TYPES, TABLES
from portal.language import N_
from portal.language.frame_words import ITEM_WORDS
from portal.operations.frame_import import (
    FrameReading,
    accept_frame_file,
    add_frame_file,
    discard_frame_file,
    frame_file_by_id,
    read_frame_file,
)
from portal.operations.keeping import kept_file
from portal.store.frame import FrameFile
from portal.web.context import actor, db, locale, now, site
from portal.web.downloads import send_bytes
from portal.web.forms.base import add_problems
from portal.web.forms.footprint import EXAMPLE, OWN, FrameFileForm, place
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.staff.frame import overview
from portal.web.waiting_files import as_uploaded, set_aside

pages = Blueprint("frame_files", __name__, url_prefix="/footprint/files")

ONE = "/<int:file_id>"


@pages.get("/template.<file_format>")
@needs("staff:frame:see")
def template(file_format: str) -> AnyResponse:
    """An empty table to fill, with help in the reader's language."""
    if file_format not in TABLES:
        raise NotFound
    data = frame_template(locale(), file_format)
    return send_bytes(data, f"upstream-inventory.{file_format}", MEDIA_TYPES[file_format])


@pages.post("")
@needs("staff:frame:write")
def upload() -> AnyResponse | tuple[str, int]:
    """Keep a file and show what it says; no figure is stored yet."""
    form = FrameFileForm()
    sent = form.file.data
    problems = []
    if form.whose.data not in (OWN, EXAMPLE):
        problems.append(Problem("frame_whose_missing", "whose"))
    if not isinstance(sent, FileStorage) or not sent.filename:
        problems.append(Problem("file_missing", "file"))
    example = form.whose.data == EXAMPLE
    subject, source = ((form[name].data or "") if example else "" for name in ("subject", "source"))
    if example and not subject:
        problems.append(Problem("frame_subject_missing", "subject"))
    if example and not source:
        problems.append(Problem("frame_source_missing", "source"))
    if problems:
        place(form, problems, "file")
        return overview(file_form=form), 422
    limit = site().settings.upload_limit
    try:
        with kept_file(
            site().vault, name=sent.filename, stream=sent.stream, limit=limit, allowed=TABLES
        ) as kept:
            row = add_frame_file(db(), actor(), subject=subject, source=source, kept=kept, now=now())
            db().commit()
    except Invalid as invalid:
        place(form, invalid.problems, "file")
        return overview(file_form=form), 422
    except Refused as refusal:
        add_problems(form.file, [refusal.problem])
        return overview(file_form=form), 422
    return redirect(url_for(".preview", file_id=row.id), 303)


@pages.get(ONE)
@needs("staff:frame:see")
def preview(file_id: int) -> str:
    """One file: what it says, every problem at once, what it would change."""
    return _preview(frame_file_by_id(db(), file_id))


@pages.post(f"{ONE}/accept")
@needs("staff:frame:write")
def accept(file_id: int) -> AnyResponse | tuple[str, int]:
    """Take the rows over; the file is read again from the vault."""
    try:
        row, count = accept_frame_file(
            db(), actor(), file_id=file_id, seen=request.form.get("seen", ""), vault=site().vault, now=now()
        )
    except Invalid:
        db().rollback()
        return _preview(frame_file_by_id(db(), file_id)), 422
    except Refused as refusal:
        db().rollback()
        return _preview(frame_file_by_id(db(), file_id), refusal.problem), 409
    tell(N_("{count} figures of {name} are in the inventory."), count=count, name=row.name)
    return redirect(url_for("staff.frame.years"), 303)


@pages.post(f"{ONE}/discard")
@needs("staff:frame:write")
def discard(file_id: int) -> AnyResponse | tuple[str, int]:
    """Set a file aside; its bytes go once that is certain."""
    return set_aside(
        lambda: discard_frame_file(db(), actor(), file_id=file_id, now=now()),
        again=lambda: _preview(frame_file_by_id(db(), file_id)),
        to=lambda row: url_for("staff.frame.years"),
    )


@pages.get(f"{ONE}/file")
@needs("staff:frame:see")
def file(file_id: int) -> AnyResponse:
    """The file as it was uploaded."""
    return as_uploaded(frame_file_by_id(db(), file_id))


def _preview(row: FrameFile, said: Problem | None = None) -> str:
    gone = row.state == "discarded"
    found = FrameReading((), (), (), "") if gone else read_frame_file(db(), site().vault, row)
    return render_template(
        "staff/frame_files/preview.html", file=row, found=found, words=ITEM_WORDS, said=said
    )
