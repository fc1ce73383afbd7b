"""Puts files where an invented company would: proofs into its library, footprints and inventories into the carbon register."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.demo.carbon import footprints_csv, inventory_csv
from portal.demo.companies import Company
from portal.demo.replying import replies_to
from portal.files.vault import Vault
from portal.operations.carbon import accept_upload, add_upload, read_upload
from portal.operations.carbon_rows import doubts_in
from portal.operations.evidence import add_evidence
from portal.operations.evidence_facts import Facts
from portal.operations.keeping import kept_file
from portal.store.evidence import Evidence

LIMIT = 30 * 1024 * 1024

# Which proof stands behind which topics; one file serves many answers.
PROOFS = {
    "management-systems": (
        "Invented Certification Body",
        "ISO 9001, ISO 14001, ISO 45001",
        ("GOV", "OHS", "ENV", "PQS", "INF", "NRG", "ZCF"),
    ),
    "social-audit": ("Invented Audit House", "SMETA 7.0", ("HRT", "LAB", "ETH", "COM", "SCM")),
    "environment-and-chemicals": (
        "Invented Testing Laboratory",
        "GB 30484-2013, IEC 62474",
        ("EMW", "WST", "CHM"),
    ),
    "carbon-and-traceability": (
        "Invented Verification Body",
        "ISO 14064-3, ISO 14067",
        ("CDS", "PCF", "TRC"),
    ),
}


def file_evidence(
    session: Session, vault: Vault, actor: Actor, company: Company, *, quota: int, now: datetime
) -> dict[str, int]:
    """The company's four proofs, uploaded once and reused; returns topic code → evidence id."""
    by_topic: dict[str, int] = {}
    for name, (issuer, standard, topics) in PROOFS.items():
        title = f"{company.code.lower()}-{name}.pdf"
        row = session.scalar(
            select(Evidence).where(Evidence.supplier_id == actor.supplier_id, Evidence.name == title)
        )
        if row is None:
            facts = Facts(
                issuer, standard, date(now.year - 1, 1, 1), date(now.year, 12, 31), date(now.year + 1, 8, 31)
            )
            content = io.BytesIO(sample_document(company, issuer, standard, facts))
            with kept_file(vault, name=title, stream=content, limit=LIMIT) as kept:
                row = add_evidence(session, actor, kept=kept, facts=facts, quota=quota, now=now)
        by_topic |= dict.fromkeys(topics, row.id)
    return by_topic


def load_carbon(
    session: Session, vault: Vault, actor: Actor, company: Company, *, year: int, now: datetime
) -> None:
    """Upload and accept what the company knows of its carbon."""
    files = {"footprints": footprints_csv(company.code, year), "inventory": inventory_csv(company.code, year)}
    load_files(session, vault, actor, company, files, year=year, now=now)


def load_files(
    session: Session,
    vault: Vault,
    actor: Actor,
    company: Company,
    files: Mapping[str, bytes | None],
    *,
    year: int,
    now: datetime,
) -> None:
    """Upload and accept carbon files by kind; None for a kind the company has nothing of."""
    for kind, content in files.items():
        if content is None:
            continue
        with kept_file(
            vault, name=f"{company.code.lower()}-{kind}-{year}.csv", stream=io.BytesIO(content), limit=LIMIT
        ) as kept:
            upload = add_upload(session, actor, kind=kind, kept=kept, quota=LIMIT * 10, now=now)
        found = read_upload(session, vault, upload)
        replies = replies_to(company.code, doubts_in([*found.footprints, *found.inventories]))
        accept_upload(session, actor, upload_id=upload.id, vault=vault, replies=replies, now=now)


def sample_document(company: Company, issuer: str, standard: str, facts: Facts) -> bytes:
    """One page that says what it is and that it certifies nothing."""
    stream = io.BytesIO()
    page = Canvas(stream, pagesize=(595, 842), invariant=1)
    lines = (
        "Sample document of an invented company",
        f"Issued to: {company.name} ({company.code})",
        f"Issued by: {issuer}",
        f"Standard: {standard}",
        f"Covers: {facts.covers_from} to {facts.covers_to}" if facts.covers_from else "",
        f"Valid until {facts.valid_until}" if facts.valid_until else "",
        "Made for the Upstream demo. It certifies nothing.",
    )
    for number, line in enumerate(line for line in lines if line):
        page.setFont("Helvetica-Bold" if number == 0 else "Helvetica", 18 if number == 0 else 12)
        page.drawString(72, 760 - 34 * number, line)
    page.save()
    return stream.getvalue()
