"""What staff see of a supplier's company register: inventories, electricity, certificates, measures, and certificate clashes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.files.uploads import MEDIA_TYPES
from portal.store.carbon_doubts import doubts_about
from portal.store.electricity import (
    CertificateClash,
    all_certificates,
    certificates_of,
    clashes,
    electricity_of,
    electricity_upload_of,
)
from portal.store.evidence import evidence_of
from portal.store.inventories import inventory_history, statements_of
from portal.store.measures import Measure, measures_of
from portal.web.company_electricity import CertificateLine, SiteYear, certificate_line, site_years
from portal.web.company_pages import (
    GreenView,
    InventoryView,
    MeasureLine,
    green_years,
    inventory_view,
    measure_line,
)
from portal.web.context import db, locale
from portal.web.downloads import send_vault_file
from portal.web.guard import needs
from portal.web.staff.listing import supplier_name

pages = Blueprint("company_register", __name__)

OF_SUPPLIER = "/suppliers/<int:supplier_id>/register"


@dataclass(frozen=True)
class InventoriesPart:
    """A supplier's inventories: in force, and replaced ones."""

    current: tuple[InventoryView, ...]
    replaced: tuple[InventoryView, ...]


@dataclass(frozen=True)
class ElectricityPart:
    """A supplier's electricity, certificates, green share, and refused claims that touch it."""

    sites: tuple[SiteYear, ...]
    green: Sequence[tuple[GreenView, list[GreenView]]]
    certificates: tuple[CertificateLine, ...]
    clashes: tuple[CertificateClash, ...]


@dataclass(frozen=True)
class CertificateRow:
    """One range of certificates among those of all suppliers."""

    supplier: str
    supplier_url: str
    line: CertificateLine


@dataclass(frozen=True)
class CertificatesPage:
    """Every certificate in use, and every refused second claim with both suppliers."""

    rows: tuple[CertificateRow, ...]
    clashes: tuple[CertificateClash, ...]
    total: Decimal


def inventories_part(session: Session, supplier_id: int) -> InventoriesPart | None:
    """The inventories of a supplier for its carbon page; None without any."""
    rows = inventory_history(session, supplier_id)
    statements = statements_of(session, supplier_id)
    doubts = doubts_about(session, "inventory", [row.id for row in rows])
    views = [
        inventory_view(
            row, statements.get(row.id), doubts.get(row.id, []), locale(),
            upload_url=lambda number: url_for(
                "staff.carbon_registers.file", supplier_id=supplier_id, upload_id=number
            ),
            file_url=_evidence_url(supplier_id),
        )
        for row in rows
    ]  # fmt: skip
    if not views:
        return None
    return InventoriesPart(
        tuple(v for v in views if v.replaced_at is None), tuple(v for v in views if v.replaced_at is not None)
    )


def electricity_part(session: Session, supplier_id: int) -> ElectricityPart | None:
    """The electricity of a supplier for its carbon page; None without any."""
    uses, certificates = electricity_of(session, supplier_id), certificates_of(session, supplier_id)
    touched = clashes(session, supplier_id)
    if not (uses or certificates or touched):
        return None
    evidence_url, file_url = _evidence_url(supplier_id), _file_url(supplier_id)
    return ElectricityPart(
        tuple(site_years(session, uses, supplier_id, locale(), file_url)),
        green_years(uses, certificates, locale()),
        tuple(
            certificate_line(
                row, locale(), evidence_url(row.evidence_id) if row.evidence_id else "", file_url
            )
            for row in certificates
        ),
        tuple(touched),
    )


def measures_part(session: Session, supplier_id: int) -> tuple[MeasureLine, ...] | None:
    """The measures of a supplier for its carbon page; None without any."""
    return measure_lines(measures_of(session, supplier_id), supplier_id) or None


def measure_lines(rows: Iterable[Measure], supplier_id: int) -> tuple[MeasureLine, ...]:
    """Measures of one supplier with the addresses staff may open."""
    return tuple(
        measure_line(
            row,
            locale(),
            file_url=_evidence_url(supplier_id),
            commitment_url=lambda number: url_for("staff.commitments.commitment", commitment_id=number),
        )
        for row in rows
    )


@pages.get("/certificates")
@needs("staff:suppliers:see")
def certificates() -> str:
    """Every certificate in use and every refused second claim, with both sides."""
    rows = all_certificates(db())
    seen = CertificatesPage(
        tuple(
            CertificateRow(
                supplier_name(row.supplier, locale()),
                url_for("staff.carbon_registers.register", supplier_id=row.supplier_id),
                certificate_line(
                    row,
                    locale(),
                    _evidence_url(row.supplier_id)(row.evidence_id) if row.evidence_id else "",
                    _file_url(row.supplier_id),
                ),
            )
            for row in rows
        ),
        tuple(clashes(db())),
        sum((row.mwh for row in rows), Decimal(0)),
    )
    return render_template("staff/company_register/certificates.html", seen=seen)


@pages.get(f"{OF_SUPPLIER}/evidence/<int:evidence_id>")
@needs("staff:suppliers:see")
def evidence(supplier_id: int, evidence_id: int) -> AnyResponse:
    """A file that stands behind a figure of the register; no other file of the supplier's library."""
    if evidence_id not in _shown_files(db(), supplier_id):
        raise NotFound
    row = evidence_of(db(), supplier_id, evidence_id)
    if row is None:
        raise NotFound
    return send_vault_file(row.vault_key, row.name, row.media_type, row.sha256)


@pages.get(f"{OF_SUPPLIER}/files/<int:upload_id>")
@needs("staff:suppliers:see")
def file(supplier_id: int, upload_id: int) -> AnyResponse:
    """An accepted file of electricity or certificates."""
    row = electricity_upload_of(db(), supplier_id, upload_id)
    if row is None or row.state != "accepted":
        raise NotFound
    media_type = MEDIA_TYPES["xlsx" if row.name.lower().endswith(".xlsx") else "csv"]
    return send_vault_file(row.vault_key, row.name, media_type, row.sha256)


def _shown_files(session: Session, supplier_id: int) -> set[int]:
    """Evidence the register's pages name: statements, certificates, measures."""
    ids = {row.evidence_id for row in statements_of(session, supplier_id).values()}
    ids |= {row.evidence_id for row in certificates_of(session, supplier_id)}
    ids |= {file.evidence_id for row in measures_of(session, supplier_id) for file in row.files}
    return {number for number in ids if number is not None}


def _evidence_url(supplier_id: int) -> Callable[[int], str]:
    return lambda number: url_for(
        "staff.company_register.evidence", supplier_id=supplier_id, evidence_id=number
    )


def _file_url(supplier_id: int) -> Callable[[int], str]:
    return lambda number: url_for("staff.company_register.file", supplier_id=supplier_id, upload_id=number)
