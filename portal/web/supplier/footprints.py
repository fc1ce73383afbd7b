"""Footprints one by one: typed on a page, looked at with everything they say, taken out as PACT 3.0."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.footprint_form import FOOTPRINTS
from portal.files.uploads import MEDIA_TYPES, TABLES
from portal.operations.carbon import add_upload, read_upload
from portal.operations.footprint_context import known_for
from portal.operations.footprint_export import export_pact
from portal.operations.footprint_reading import read_one
from portal.operations.inventories import unprintable_fields
from portal.operations.keeping import kept_file
from portal.store.carbon import (
    FootprintRow,
    footprint_by_id,
    footprints_in_force,
    footprints_replaced_by,
    upload_of,
)
from portal.store.carbon_doubts import doubts_about
from portal.store.suppliers import Supplier
from portal.web.context import actor, db, locale, now, site, tenant, today
from portal.web.downloads import send_bytes
from portal.web.footprint_lines import footprint_record
from portal.web.guard import needs
from portal.web.supplier.carbon import material_choices
from portal.web.supplier.pages_footprints import typed_values, typing_page

pages = Blueprint("footprints", __name__, url_prefix="/carbon/footprints")


@pages.get("/new")
@needs("supplier:carbon:write")
def typing() -> str:
    """The form for one footprint: empty, with what was typed before, or with a footprint to bring up to date."""
    return _form(_prefilled(), [])


@pages.post("/new")
@needs("supplier:carbon:write")
def typed() -> AnyResponse | tuple[str, int]:
    """Judge what was typed; when it is in order keep it as a small table and go on as with a file."""
    values = {column.key: request.form.get(column.key, "").strip() for column in FOOTPRINTS.columns}
    problems = unprintable_fields({k: v.replace("\r", "").replace("\n", "") for k, v in values.items()})
    if not problems:
        code = db().get_one(Supplier, tenant()).code
        problems = read_one(values, supplier_code=code, known=known_for(db(), tenant(), today=today()))
    if problems:
        return _form(values, problems), 422
    settings = site().settings
    name = f"typed-{today().isoformat()}.csv"
    try:
        with kept_file(
            site().vault, name=name, stream=_table(values), limit=settings.upload_limit, allowed=TABLES
        ) as kept:
            row = add_upload(
                db(),
                actor(),
                kind="footprints",
                kept=kept,
                quota=settings.supplier_quota,
                origin="form",
                now=now(),
            )
            db().commit()
    except Invalid as invalid:
        return _form(values, list(invalid.problems)), 422
    except Refused as refusal:
        return _form(values, [refusal.problem]), 422
    return redirect(url_for("supplier.carbon.preview", upload_id=row.id), 303)


@pages.get("/<int:footprint_id>")
@needs("supplier:carbon:write")
def footprint(footprint_id: int) -> str:
    """One footprint with its PACT fields, where each was read, its doubts and replies, and what it replaced."""
    row = _mine(footprint_id)
    doubts = doubts_about(db(), "footprint", [row.id], tenant()).get(row.id, [])
    newer = footprint_by_id(db(), row.replaced_by_id, tenant()) if row.replaced_by_id else None
    seen = footprint_record(
        row,
        doubts,
        replaced_by=newer,
        replaces=footprints_replaced_by(db(), row.id),
        locale=locale(),
        today=today(),
    )
    return render_template("supplier/carbon/footprint.html", seen=seen)


@pages.get("/<int:footprint_id>/pact.json")
@needs("supplier:carbon:write")
def pact_of_one(footprint_id: int) -> AnyResponse:
    """One footprint as PACT 3.0 listing; 404 while it lacks what PACT requires."""
    export = export_pact([_mine(footprint_id)])
    if export.count == 0:
        raise NotFound
    return send_bytes(export.text.encode(), f"pact-footprint-{footprint_id}.json", MEDIA_TYPES["json"])


@pages.get("/pact.json")
@needs("supplier:carbon:write")
def pact() -> AnyResponse:
    """Every footprint in force as PACT 3.0 listing; those that lack required fields are left out."""
    export = export_pact(footprints_in_force(db(), tenant()))
    return send_bytes(export.text.encode(), "pact-footprints.json", MEDIA_TYPES["json"])


def _prefilled() -> dict[str, str]:
    again = request.args.get("again", "")
    older = request.args.get("from", "")
    if again.isascii() and again.isdigit() and len(again) < 10:
        row = upload_of(db(), tenant(), int(again))
        if row is None or row.origin != "form" or row.state == "discarded":
            raise NotFound
        found = read_upload(db(), site().vault, row)
        return dict(found.footprints[0].typed) if found.footprints else {}
    if older.isascii() and older.isdigit() and len(older) < 10:
        return typed_values(_mine(int(older)))
    return {}


def _form(values: Mapping[str, str], problems: list[Problem]) -> str:
    return render_template(
        "supplier/carbon/typing.html",
        seen=typing_page(values, problems, locale(), material_choices()),
    )


def _table(values: Mapping[str, str]) -> io.BytesIO:
    """What was typed as a table with one row; the first line says that commas separate."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = [column.key for column in FOOTPRINTS.columns if values[column.key]]
    writer.writerow(columns)
    writer.writerow([values[key] for key in columns])
    return io.BytesIO(b"sep=,\r\n" + out.getvalue().encode())


def _mine(footprint_id: int) -> FootprintRow:
    row = footprint_by_id(db(), footprint_id, tenant())
    if row is None:
        raise NotFound
    return row
