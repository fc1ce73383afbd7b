"""Page objects of electricity that both audiences show: consumption by site and year, certificates.

`file_url` is the address of the file a figure came from, for the audience that looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from portal.core.carbon.electricity import site_key
from portal.core.exact import decimal_of
from portal.language import say
from portal.store.carbon_doubts import doubts_about
from portal.store.electricity import Certificate, ElectricityUse
from portal.web.company_pages import Answered, Origin, answered
from portal.web.forms.company import BACKS_WORDS, SCHEME_WORDS, SOURCE_WORDS, TECHNOLOGY_WORDS


@dataclass(frozen=True)
class SourceLine:
    """What came from one source: MWh, in how many months (0: a figure of the year), and the cells it was read from."""

    words: str
    mwh: Decimal
    months: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SiteYear:
    """The electricity of one site in one year, MWh; `record` is the id of its first row, by which links find it."""

    site: str
    place: str
    year: int
    total: Decimal
    lines: tuple[SourceLine, ...]
    origin: Origin
    doubts: tuple[Answered, ...]
    record: int


@dataclass(frozen=True)
class CertificateLine:
    """One range of certificates in words."""

    id: int
    scheme: str
    serial_from: str
    serial_to: str
    cell: str
    mwh: Decimal
    year: int
    technology: str
    country: str
    site: str
    backs: str
    retired_on: date | None
    retired_for: str
    proof_name: str
    proof_url: str
    evidence_id: int | None
    origin: Origin


def site_years(
    session: Session,
    uses: Sequence[ElectricityUse],
    supplier_id: int,
    locale: str,
    file_url: Callable[[int], str],
) -> list[SiteYear]:
    """Consumption by site and year, newest year first."""
    doubts = doubts_about(session, "electricity", [row.id for row in uses], supplier_id)
    groups: dict[tuple[int, str], list[ElectricityUse]] = {}
    for row in uses:
        groups.setdefault((-row.year, site_key(row.site)), []).append(row)
    found = []
    for _key, rows in sorted(groups.items()):
        first = rows[0]
        kept = [doubt for row in rows for doubt in doubts.get(row.id, [])]
        found.append(
            SiteYear(
                first.site,
                first.region or first.country,
                first.year,
                _sum(rows),
                tuple(_source_lines(rows, locale)),
                _origin(first, file_url),
                answered(kept, locale),
                min(row.id for row in rows),
            )
        )
    return found


def certificate_line(
    row: Certificate, locale: str, proof_url: str, file_url: Callable[[int], str]
) -> CertificateLine:
    """One range of certificates in words."""
    return CertificateLine(
        id=row.id,
        scheme=row.registry_name if row.scheme in ("rec", "other") else say(locale, SCHEME_WORDS[row.scheme]),
        serial_from=row.serial_from,
        serial_to=row.serial_to,
        cell=row.cells.get("serial_from", ""),
        mwh=row.mwh,
        year=row.generation_year,
        technology=say(locale, TECHNOLOGY_WORDS[row.technology]),
        country=row.country,
        site=row.site,
        backs=say(locale, BACKS_WORDS[row.backs]),
        retired_on=row.retired_on,
        retired_for=row.retired_for,
        proof_name=row.evidence.name if row.evidence else "",
        proof_url=proof_url,
        evidence_id=row.evidence_id,
        origin=_origin(row, file_url),
    )


def _source_lines(rows: Sequence[ElectricityUse], locale: str) -> list[SourceLine]:
    found = []
    for key, words in SOURCE_WORDS.items():
        mine = [row for row in rows if row.source == key]
        if mine:
            months = sum(1 for row in mine if row.month is not None)
            cells = tuple(row.cells["amount"] for row in mine if row.cells.get("amount"))
            found.append(SourceLine(say(locale, words), _sum(mine), months, cells))
    return found


def _sum(rows: Sequence[ElectricityUse]) -> Decimal:
    return decimal_of(sum((Fraction(row.mwh) for row in rows), Fraction(0)))


def _origin(row: ElectricityUse | Certificate, file_url: Callable[[int], str]) -> Origin:
    if row.upload is None:
        return Origin("", "", row.entered_by.name, row.entered_at)
    return Origin(row.upload.name, file_url(row.upload.id), row.entered_by.name, row.entered_at)
