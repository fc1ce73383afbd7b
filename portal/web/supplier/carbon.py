"""The carbon register of a supplier: what is in force, files coming in, looking before taking over."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.carbon_workbooks import footprint_template, inventory_template
from portal.files.uploads import CARBON, MEDIA_TYPES, TABLES
from portal.language import N_, say
from portal.operations.carbon import (
    KINDS,
    accept_upload,
    add_upload,
    discard_upload,
    note_faults,
    read_upload,
)
from portal.operations.carbon_reading import CarbonFile
from portal.operations.factor_library import materials
from portal.operations.keeping import kept_file
from portal.store.carbon import CarbonUpload, upload_of
from portal.store.engine import reading
from portal.web.context import actor, db, locale, now, site, tenant, today
from portal.web.downloads import send_bytes
from portal.web.forms.carbon import KIND_WORDS, CarbonForm
from portal.web.forms.evidence import place_problems
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.supplier.pages_carbon import Answers, preview_page, register_page
from portal.web.waiting_files import as_uploaded, set_aside

pages = Blueprint("carbon", __name__, url_prefix="/carbon")

ONE = "/uploads/<int:upload_id>"
TEMPLATES = {"footprints": footprint_template, "inventory": inventory_template}


@pages.get("")
@needs("supplier:carbon:write")
def register() -> str:
    """What is in force, the templates, and the form for a new file."""
    form = CarbonForm(formdata=None, kind=request.args.get("kind", "footprints"))
    return _register(form)


@pages.get("/templates/<kind>.<file_format>")
@needs("supplier:carbon:write")
def template(kind: str, file_format: str) -> AnyResponse:
    """An empty table to fill, with help in the reader's language."""
    if kind not in TEMPLATES or file_format not in TABLES:
        raise NotFound
    data = TEMPLATES[kind](locale(), file_format)
    return send_bytes(data, f"upstream-{kind}.{file_format}", MEDIA_TYPES[file_format])


@pages.post("/uploads")
@needs("supplier:carbon:write")
def upload() -> AnyResponse | tuple[str, int]:
    """Keep a file and show what it says; no figure is stored yet."""
    form = CarbonForm()
    sent = form.file.data
    problems = []
    if form.kind.data not in KINDS:
        problems.append(Problem("carbon_kind_missing", "kind"))
    if not isinstance(sent, FileStorage) or not sent.filename:
        problems.append(Problem("file_missing", "file"))
    if problems:
        place_problems(form, problems, "file")
        return _register(form), 422
    settings = site().settings
    try:
        with kept_file(
            site().vault,
            name=sent.filename,
            stream=sent.stream,
            limit=settings.upload_limit,
            allowed=CARBON if form.kind.data == "footprints" else TABLES,
        ) as kept:
            row = add_upload(
                db(), actor(), kind=form.kind.data, kept=kept, quota=settings.supplier_quota, now=now()
            )
            upload_id = row.id
            db().commit()
    except Invalid as invalid:
        place_problems(form, invalid.problems, "file")
        return _register(form), 422
    except Refused as refusal:
        place_problems(form, [refusal.problem], "file")
        return _register(form), 422
    note_faults(db(), upload_id=upload_id, faults=_faults_in(upload_id))
    return redirect(url_for(".preview", upload_id=upload_id), 303)


@pages.get(ONE)
@needs("supplier:carbon:write")
def preview(upload_id: int) -> str:
    """One file: what it says, every problem at once, the doubts that want a reply, what it would replace."""
    return _preview(_mine(upload_id))


@pages.post(f"{ONE}/accept")
@needs("supplier:carbon:write")
def accept(upload_id: int) -> AnyResponse | tuple[str, int]:
    """Take the rows over with the replies to their doubts; the file is read again from the vault."""
    replies = {key: text for key, text in request.form.items() if key.startswith("doubt-")}
    chosen = _chosen_materials()
    try:
        row, count = accept_upload(
            db(),
            actor(),
            upload_id=upload_id,
            vault=site().vault,
            replies=replies,
            materials=chosen,
            today=today(),
            now=now(),
        )
    except Invalid as invalid:
        db().rollback()
        return _preview(_mine(upload_id), Answers(replies, invalid.problems), chosen), 422
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return _preview(_mine(upload_id)), 409
    if row.kind == "footprints":
        one, many = N_("1 footprint is in the register."), N_("{count} footprints are in the register.")
    else:
        one, many = (
            N_("1 year of inventory is in the register."),
            N_("{count} years of inventory are in the register."),
        )
    tell(one if count == 1 else many, count=count)
    return redirect(url_for(".register"), 303)


@pages.post(f"{ONE}/discard")
@needs("supplier:carbon:write")
def discard(upload_id: int) -> AnyResponse | tuple[str, int]:
    """Set a file aside; its bytes go once that is certain."""
    return set_aside(
        lambda: discard_upload(db(), actor(), upload_id=upload_id, now=now()),
        again=lambda: _preview(_mine(upload_id)),
        to=lambda row: url_for(".register", kind=row.kind),
    )


@pages.get(f"{ONE}/file")
@needs("supplier:carbon:write")
def file(upload_id: int) -> AnyResponse:
    """The file as it was uploaded."""
    return as_uploaded(_mine(upload_id))


def _register(form: CarbonForm) -> str:
    return render_template(
        "supplier/carbon/register.html",
        seen=register_page(db(), tenant(), today()),
        form=form,
        kinds=KIND_WORDS,
        megabytes=site().settings.upload_limit // (1024 * 1024),
    )


def _preview(row: CarbonUpload, answers: Answers | None = None, chosen: dict[int, str] | None = None) -> str:
    if row.state == "discarded":
        found = CarbonFile((), (), (), ())
    else:
        found = read_upload(db(), site().vault, row, chosen, today=today())
    seen = preview_page(db(), row, found, today(), locale(), answers or Answers())
    return render_template(
        "supplier/carbon/preview.html", seen=seen, kinds=KIND_WORDS, materials=material_choices()
    )


def material_choices() -> list[tuple[str, str]]:
    """Keys of the materials of purchase lines with their words, none first."""
    return [("", say(locale(), N_("No material given")))] + [
        (one.key, one.name_zh if locale() == "zh" and one.name_zh else one.name_en) for one in materials(db())
    ]


def _chosen_materials() -> dict[int, str]:
    """Materials chosen beside rows that name none, by row number; what is not on offer is passed over."""
    known = {key for key, _words in material_choices()}
    return {
        int(name.removeprefix("material-")): key
        for name, key in request.form.items()
        if name.removeprefix("material-").isascii()
        and name.removeprefix("material-").isdigit()
        and len(name) < 16
        and key in known
    }


def _faults_in(upload_id: int) -> int:
    """How many problems a file just kept has; read without holding the write lock."""
    with reading(site().engine) as session:
        row = upload_of(session, tenant(), upload_id)
        return len(read_upload(session, site().vault, row, today=today()).problems) if row else 0


def _mine(upload_id: int) -> CarbonUpload:
    row = upload_of(db(), tenant(), upload_id)
    if row is None:
        raise NotFound
    return row
