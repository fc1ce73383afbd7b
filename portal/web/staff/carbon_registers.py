"""A supplier's carbon register as the buyer's people see it: what was accepted, with details, doubts and replies.

Other parts of the register add themselves to SECTIONS: a heading, a template to include, and a function that makes
its page object. What a supplier uploaded and did not accept is never shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.files.uploads import MEDIA_TYPES
from portal.language import N_
from portal.operations.footprint_export import export_pact
from portal.store.carbon import (
    FootprintRow,
    footprint_by_id,
    footprints_in_force,
    footprints_replaced_by,
    upload_of,
)
from portal.store.carbon_doubts import doubts_about
from portal.store.suppliers import Supplier
from portal.web.context import db, locale, today
from portal.web.downloads import send_bytes, send_vault_file
from portal.web.footprint_lines import footprint_record
from portal.web.guard import needs
from portal.web.staff.company_register import electricity_part, inventories_part, measures_part
from portal.web.staff.pages_carbon_registers import register_page

pages = Blueprint("carbon_registers", __name__, url_prefix="/suppliers/<int:supplier_id>/carbon")


@dataclass(frozen=True)
class Section:
    """One more part of the page: `words` its heading (message id), `template` is included with `section` set to
    what `build(session, supplier_id)` returns; nothing is shown when that is None."""

    words: str
    template: str
    build: Callable[[Session, int], object | None]


SECTIONS: tuple[Section, ...] = (
    Section(N_("Company inventories"), "staff/company_register/inventories.html", inventories_part),
    Section(N_("Electricity and certificates"), "staff/company_register/electricity.html", electricity_part),
    Section(N_("Reduction measures"), "staff/company_register/measures.html", measures_part),
)


@pages.get("")
@needs("staff:suppliers:see")
def register(supplier_id: int) -> str:
    """What the supplier accepted into its register."""
    supplier = _supplier(supplier_id)
    more = [(section, section.build(db(), supplier_id)) for section in SECTIONS]
    return render_template(
        "staff/carbon_registers/register.html",
        supplier=supplier,
        seen=register_page(db(), supplier_id, today()),
        more=[(section, made) for section, made in more if made is not None],
    )


@pages.get("/footprints/<int:footprint_id>")
@needs("staff:suppliers:see")
def footprint(supplier_id: int, footprint_id: int) -> str:
    """One footprint with everything it says, where each value stands, its doubts and replies."""
    row = _footprint(supplier_id, footprint_id)
    doubts = doubts_about(db(), "footprint", [row.id]).get(row.id, [])
    newer = footprint_by_id(db(), row.replaced_by_id, supplier_id) if row.replaced_by_id else None
    seen = footprint_record(
        row,
        doubts,
        replaced_by=newer,
        replaces=footprints_replaced_by(db(), row.id),
        locale=locale(),
        today=today(),
    )
    return render_template("staff/carbon_registers/footprint.html", seen=seen, supplier=row.supplier)


@pages.get("/files/<int:upload_id>")
@needs("staff:suppliers:see")
def file(supplier_id: int, upload_id: int) -> AnyResponse:
    """An accepted file as the supplier uploaded it."""
    row = upload_of(db(), supplier_id, upload_id)
    if row is None or row.state != "accepted":
        raise NotFound
    media_type = MEDIA_TYPES[row.name.lower().rpartition(".")[2]]
    return send_vault_file(row.vault_key, row.name, media_type, row.sha256)


@pages.get("/pact.json")
@needs("staff:suppliers:see")
def pact(supplier_id: int) -> AnyResponse:
    """The supplier's footprints in force as PACT 3.0 listing."""
    supplier = _supplier(supplier_id)
    export = export_pact(footprints_in_force(db(), supplier_id))
    return send_bytes(export.text.encode(), f"pact-footprints-{supplier.code}.json", MEDIA_TYPES["json"])


def _supplier(supplier_id: int) -> Supplier:
    found = db().get(Supplier, supplier_id)
    if found is None:
        raise NotFound
    return found


def _footprint(supplier_id: int, footprint_id: int) -> FootprintRow:
    row = footprint_by_id(db(), footprint_id, supplier_id)
    if row is None:
        raise NotFound
    return row
