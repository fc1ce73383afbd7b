"""Certificates enter the register, each number once: across suppliers, years and registrations, on every database.

Two claims on one series wait for each other on the series' own row (SQLite has one writer at a time anyway), so the
second always sees the first. A claim on certificates another supplier holds is refused without saying whose they are,
and noted for the buyer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.certificates import Certificates, first_overlaps, sort_key
from portal.core.carbon.electricity import site_key
from portal.core.errors import NotFound, Refused
from portal.core.problems import Problem
from portal.operations.inventories import library_file
from portal.operations.journal import note
from portal.store.electricity import (
    Certificate,
    CertificateClash,
    CertificateSeries,
    ElectricityUpload,
    certificate_of,
    electricity_of,
    overlapping,
)


@dataclass(frozen=True)
class Claim:
    """Certificates about to be entered, with where they stand; `place` is shown in problems, `cells` in the register."""

    place: str
    value: Certificates
    cells: Mapping[str, str]
    typed: Mapping[str, str]
    evidence_id: int | None = None


def enter_certificates(
    session: Session,
    actor: Actor,
    *,
    claims: Sequence[Claim],
    upload: ElectricityUpload | None = None,
    now: datetime,
) -> tuple[list[Certificate], list[Problem]]:
    """Enter all of the claims or, with any problem, none of them; returns the rows and the problems.

    Problems: certificate_overlap_file, certificate_overlap_own, certificate_overlap_foreign. A foreign overlap leaves a
    note for the buyer: the caller commits in either case. Raises NotFound (also for a file not in the library).
    """
    if actor.supplier_id is None:
        raise NotFound
    files = {claim.place: library_file(session, actor, claim.evidence_id) for claim in claims}
    problems = [
        Problem("certificate_overlap_file", later, {"column": "serial_from", "first": earlier})
        for later, earlier in first_overlaps((c.place, c.value.span) for c in claims)
    ]
    for registry, series in sorted({(c.value.span.registry, c.value.span.series) for c in claims}):
        _hold_series(session, registry, series)
    for claim in claims:
        problems += _overlaps(session, actor, claim, now)
    if problems:
        session.flush()
        return [], problems
    rows = [_row(actor, claim, files[claim.place], upload, now) for claim in claims]
    session.add_all(rows)
    session.flush()
    for row in rows:
        _note(session, actor, "certificate.entered", row, now)
    return rows, []


def withdraw_certificate(
    session: Session, actor: Actor, *, certificate_id: int, now: datetime
) -> Certificate:
    """Take certificates back; their numbers are free again. Raises NotFound, Refused("certificate_withdrawn")."""
    row = _own(session, actor, certificate_id)
    done = session.execute(
        update(Certificate)
        .where(Certificate.id == row.id, Certificate.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("certificate_withdrawn")
    _note(session, actor, "certificate.withdrawn", row, now)
    return row


def prove_certificate(
    session: Session, actor: Actor, *, certificate_id: int, evidence_id: int | None, now: datetime
) -> Certificate:
    """Put a file of the library behind certificates, or none. Raises NotFound, Refused("certificate_withdrawn")."""
    row = _own(session, actor, certificate_id)
    if row.withdrawn_at is not None:
        raise Refused("certificate_withdrawn")
    row.evidence_id = library_file(session, actor, evidence_id)
    session.flush()
    _note(session, actor, "certificate.proved", row, now)
    return row


def name_site(
    session: Session, actor: Actor, *, certificate_id: int, site: str, now: datetime
) -> Certificate:
    """Say which site certificates belong to, by the name its electricity is kept under; "" for the whole company.

    Raises NotFound (also for a site without electricity), Refused("certificate_withdrawn").
    """
    row = _own(session, actor, certificate_id)
    if row.withdrawn_at is not None:
        raise Refused("certificate_withdrawn")
    names = {site_key(use.site): use.site for use in electricity_of(session, row.supplier_id)}
    if site and site_key(site) not in names:
        raise NotFound
    before, row.site = row.site, names[site_key(site)] if site else ""
    session.flush()
    _note(session, actor, "certificate.site_named", row, now, {"before": before, "site": row.site})
    return row


def _hold_series(session: Session, registry: str, series: str) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(CertificateSeries)
        .values(registry_key=registry, series=series)
        .on_conflict_do_nothing(index_elements=["registry_key", "series"])
    )
    session.scalars(
        select(CertificateSeries)
        .where(CertificateSeries.registry_key == registry, CertificateSeries.series == series)
        .with_for_update()
    ).one()


def _overlaps(session: Session, actor: Actor, claim: Claim, now: datetime) -> list[Problem]:
    span = claim.value.span
    held = overlapping(session, span.registry, span.series, sort_key(span.start), sort_key(span.end))
    own = [row for row in held if row.supplier_id == actor.supplier_id]
    foreign = [row for row in held if row.supplier_id != actor.supplier_id]
    if own:
        first = own[0]
        values = {
            "column": "serial_from",
            "serial_from": first.serial_from,
            "serial_to": first.serial_to,
            "year": first.generation_year,
        }
        return [Problem("certificate_overlap_own", claim.place, values)]
    for row in foreign:
        _note_clash(session, actor, claim, row, now)
    if foreign:
        return [Problem("certificate_overlap_foreign", claim.place, {"column": "serial_from"})]
    return []


def _note_clash(session: Session, actor: Actor, claim: Claim, held: Certificate, now: datetime) -> None:
    value = claim.value
    known = session.scalar(
        select(CertificateClash).where(
            CertificateClash.supplier_id == actor.supplier_id,
            CertificateClash.certificate_id == held.id,
            CertificateClash.serial_from == value.serial_from,
            CertificateClash.serial_to == value.serial_to,
        )
    )
    if known is not None:
        known.tried_by_id, known.tried_at = actor.user_id or known.tried_by_id, now
        return
    row = CertificateClash(
        supplier_id=actor.supplier_id,
        certificate_id=held.id,
        serial_from=value.serial_from,
        serial_to=value.serial_to,
        mwh=value.mwh,
        generation_year=value.generation_year,
        tried_by_id=actor.user_id,
        tried_at=now,
    )
    session.add(row)
    session.flush()
    note(
        session,
        actor,
        "certificate.clashed",
        thing="certificate_clash",
        thing_id=row.id,
        supplier_id=actor.supplier_id,
        details={"registry": value.span.registry, "year": value.generation_year},
        now=now,
    )


def _row(
    actor: Actor, claim: Claim, evidence_id: int | None, upload: ElectricityUpload | None, now: datetime
) -> Certificate:
    value, span = claim.value, claim.value.span
    return Certificate(
        supplier_id=actor.supplier_id,
        scheme=value.scheme,
        registry_key=span.registry,
        registry_name=value.registry_name,
        serial_from=value.serial_from,
        serial_to=value.serial_to,
        series=span.series,
        start_key=sort_key(span.start),
        end_key=sort_key(span.end),
        mwh=value.mwh,
        generation_year=value.generation_year,
        technology=value.technology,
        country=value.country,
        site=value.site,
        backs=value.backs,
        retired_on=value.retired_on,
        retired_for=value.retired_for,
        evidence_id=evidence_id,
        upload_id=upload.id if upload else None,
        cells=dict(claim.cells),
        typed=dict(claim.typed),
        entered_by_id=actor.user_id,
        entered_at=now,
    )


def _own(session: Session, actor: Actor, certificate_id: int) -> Certificate:
    row = certificate_of(session, actor.supplier_id or 0, certificate_id)
    if row is None:
        raise NotFound
    return row


def _note(
    session: Session,
    actor: Actor,
    action: str,
    row: Certificate,
    now: datetime,
    more: Mapping[str, str] = MappingProxyType({}),
) -> None:
    note(
        session,
        actor,
        action,
        thing="certificate",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        details={"scheme": row.scheme, "year": row.generation_year, "mwh": f"{row.mwh:f}", **more},
        now=now,
    )
