"""Page objects of electricity: consumption by site and year, certificates, files, previews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.carbon.electricity import site_key
from portal.core.problems import Problem
from portal.language import N_, say
from portal.operations.certificates import Claim
from portal.operations.electricity import TakenUse
from portal.operations.electricity_files import ElectricityFile
from portal.store.electricity import (
    ElectricityUpload,
    ElectricityUse,
    certificates_of,
    electricity_of,
    electricity_uploads_of,
)
from portal.web.company_electricity import CertificateLine, SiteYear, certificate_line, site_years
from portal.web.company_pages import GreenView, green_years
from portal.web.forms.company import SCHEME_WORDS, SOURCE_WORDS


@dataclass(frozen=True)
class ElectricityPage:
    """Everything about a supplier's electricity."""

    sites: tuple[SiteYear, ...]
    green: Sequence[tuple[GreenView, list[GreenView]]]
    certificates: tuple[CertificateLine, ...]
    uploads: tuple[ElectricityUpload, ...]

    @property
    def waiting(self) -> int:
        return sum(1 for one in self.uploads if one.state == "waiting")


@dataclass(frozen=True)
class UseLine:
    """One row of a file, as it would be stored: MWh and the text it was read from."""

    site: str
    place: str
    year: int
    month: int | None
    words: str
    mwh: Decimal
    typed: str
    cell: str


@dataclass(frozen=True)
class ClaimLine:
    """One range of certificates of a file."""

    scheme: str
    serial_from: str
    serial_to: str
    cell: str
    mwh: Decimal
    year: int
    country: str
    retired_on: date | None
    retired_for: str


@dataclass(frozen=True)
class FilePage:
    """One file before it is taken over; `replaces` names the sites and years whose figures it replaces, `losing` the
    months of theirs it has no figure for, which then count no longer."""

    upload: ElectricityUpload
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    uses: tuple[UseLine, ...]
    claims: tuple[ClaimLine, ...]
    replaces: tuple[str, ...]
    losing: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.uses) + len(self.claims)

    @property
    def can_accept(self) -> bool:
        return self.upload.state == "waiting" and not self.problems and self.count > 0


def electricity_page(session: Session, supplier_id: int, locale: str) -> ElectricityPage:
    """The supplier's own page; addresses are those a supplier may open."""
    uses, certificates = electricity_of(session, supplier_id), certificates_of(session, supplier_id)
    return ElectricityPage(
        tuple(site_years(session, uses, supplier_id, locale, _file_url)),
        green_years(uses, certificates, locale),
        tuple(
            certificate_line(
                row,
                locale,
                url_for("supplier.evidence.file", evidence_id=row.evidence_id) if row.evidence_id else "",
                _file_url,
            )
            for row in certificates
        ),
        tuple(electricity_uploads_of(session, supplier_id)),
    )


def file_page(session: Session, upload: ElectricityUpload, found: ElectricityFile, locale: str) -> FilePage:
    """One file as read, beside what it would replace."""
    standing = electricity_of(session, upload.supplier_id) if upload.state == "waiting" else []
    known = {(site_key(row.site), row.year): f"{row.site} {row.year}" for row in standing}
    touched = {(site_key(one.use.site), one.use.year) for one in found.uses}
    return FilePage(
        upload,
        found.problems,
        found.notes,
        tuple(_use_line(one, locale) for one in found.uses),
        tuple(_claim_line(one, locale) for one in found.claims),
        tuple(sorted(words for key, words in known.items() if key in touched)),
        _losing(standing, found, known, locale),
    )


def _losing(
    standing: Sequence[ElectricityUse],
    found: ElectricityFile,
    known: Mapping[tuple[str, int], str],
    locale: str,
) -> tuple[str, ...]:
    """By site and year the months in the register that a file touching that year has no figure for."""
    given: dict[tuple[str, int], set[int]] = {}
    for one in found.uses:
        months = given.setdefault((site_key(one.use.site), one.use.year), set())
        months |= set(range(1, 13)) if one.use.month is None else {one.use.month}
    kept: dict[tuple[str, int], set[int]] = {}
    for row in standing:
        months = kept.setdefault((site_key(row.site), row.year), set())
        months |= set(range(1, 13)) if row.month is None else {row.month}
    words = N_("{site}: months {months}")
    return tuple(
        say(
            locale,
            words,
            site=known[key],
            months=", ".join(str(month) for month in sorted(kept[key] - given[key])),
        )
        for key in sorted(given)
        if kept.get(key, set()) - given[key]
    )


def _use_line(one: TakenUse, locale: str) -> UseLine:
    use = one.use
    typed = f"{one.typed.get('amount', '')} {one.typed.get('unit', '')}".strip()
    return UseLine(
        use.site,
        use.region or use.country,
        use.year,
        use.month,
        say(locale, SOURCE_WORDS[use.source]),
        use.mwh,
        typed,
        one.cells.get("amount", ""),
    )


def _claim_line(one: Claim, locale: str) -> ClaimLine:
    value = one.value
    scheme = (
        value.registry_name if value.scheme in ("rec", "other") else say(locale, SCHEME_WORDS[value.scheme])
    )
    return ClaimLine(
        scheme,
        value.serial_from,
        value.serial_to,
        one.cells.get("serial_from", ""),
        value.mwh,
        value.generation_year,
        value.country,
        value.retired_on,
        value.retired_for,
    )


def _file_url(upload_id: int) -> str:
    return url_for("supplier.electricity_files.file", upload_id=upload_id)
