"""Page objects of the evidence library: files in words, where they are used, what one question needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.errors import Refused
from portal.core.evidence_facts import SOON_DAYS, days_left_bucket
from portal.core.finding import speaks_of
from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator, Text, find_indicator
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import check_unlocked
from portal.operations.evidence import is_bound, open_codes, sent_evidence
from portal.operations.evidence_facts import (
    CountedSites,
    all_sites,
    counted_sites,
    remarks_on_link,
    remarks_on_row,
)
from portal.operations.evidence_versions import movable_links
from portal.operations.keeping import stored_bytes
from portal.store.assessments import Assessment
from portal.store.evidence import (
    Evidence,
    EvidenceLink,
    Versions,
    current_library_of,
    library_of,
    links_of,
    versions_of,
)
from portal.store.evidence_links import Use, uses_of_library
from portal.web.forms.evidence import language_words

# What `validity` and `days_left` of a line say already.
_SHOWN_AS_VALIDITY = frozenset({"evidence_expired", "evidence_ends_soon"})


@dataclass(frozen=True)
class UsedFor:
    """One answer a file stands behind: where to go and what it is about."""

    assessment_id: int
    round_name: str
    code: str
    topic: str
    subject: Text | None


@dataclass(frozen=True)
class FileLine:
    """One file of the library. `validity` is expired, soon, valid or unknown; `days_left` until it ends.

    `remarks` speak of the answer it is shown for, in the library of the file alone; `newer` is the id of the version
    that replaces it, `earlier` how many versions came before, `moved_at` when it took an older one's place.
    """

    id: int
    name: str
    kind: str
    size: int
    issuer: str
    standard: str
    covers_from: date | None
    covers_to: date | None
    valid_until: date | None
    language: str
    pages: int | None
    sites: tuple[str, ...]
    remarks: tuple[Problem, ...]
    newer: int | None
    earlier: int
    moved_at: datetime | None
    validity: str
    days_left: int
    uploaded_at: datetime
    uploaded_by: str
    used_for: tuple[UsedFor, ...]
    sent: bool


@dataclass(frozen=True)
class Ending:
    """Files that end together: `bucket` is expired, very_soon (30 days) or soon (60 days)."""

    bucket: str
    files: tuple[FileLine, ...]


@dataclass(frozen=True)
class LibraryPage:
    """The whole library with the room it takes, in bytes. `endings` are the files to renew, the most urgent first."""

    files: tuple[FileLine, ...]
    used: int
    quota: int
    sites: int
    endings: tuple[Ending, ...]
    wanted: str = ""

    @property
    def found(self) -> tuple[FileLine, ...]:
        """The files that speak of what is wanted: by name, issuer, standard, site, or what they are used for, in both
        languages."""
        return tuple(file for file in self.files if speaks_of(self.wanted, _words(file)))

    @property
    def expired(self) -> int:
        return sum(1 for file in self.files if file.validity == "expired")


@dataclass(frozen=True)
class FactsPage:
    """One file: its facts, where it is used, and the other versions of its document, newest first.

    `left_behind`: how many answers that may be changed still use this version although there is a newer one.
    """

    file: FileLine
    versions: tuple[FileLine, ...]
    left_behind: int


@dataclass(frozen=True)
class ChoosePage:
    """Evidence for one question: what is linked, what else the library has. `locked` says why nothing can change."""

    assessment_id: int
    round_name: str
    indicator: Indicator
    linked: tuple[FileLine, ...]
    others: tuple[FileLine, ...]
    locked: Problem | None


def _words(file: FileLine) -> list[str]:
    subjects = [text for use in file.used_for if use.subject for text in (use.subject.en, use.subject.zh)]
    codes = [use.code for use in file.used_for]
    return [file.name, file.issuer, file.standard, *file.sites, *codes, *subjects]


def library_page(
    session: Session, supplier_id: int, today: date, quota: int, wanted: str = ""
) -> LibraryPage:
    """The library of a supplier, each document in its newest version; `wanted` are words to look for. The same few queries
    for any number of files."""
    shelf = _shelf(session, supplier_id, today)
    sent = sent_evidence(session, supplier_id)
    rows = [row for row in library_of(session, supplier_id) if row.id not in shelf.versions.newer]
    files = tuple(_line(shelf, row, sent=row.id in sent) for row in rows)
    return LibraryPage(
        files,
        stored_bytes(session, supplier_id),
        quota,
        len(shelf.sites.names),
        endings(files, today),
        wanted,
    )


def endings(files: Sequence[FileLine], today: date) -> tuple[Ending, ...]:
    """The files that have ended or end within 60 days, by urgency, each group by its last day."""
    found = []
    for bucket in ("expired", "very_soon", "soon"):
        here = [file for file in files if days_left_bucket(file.valid_until, today) == bucket]
        if here:
            found.append(Ending(bucket, tuple(sorted(here, key=lambda f: (f.valid_until or today, f.name)))))
    return tuple(found)


def endings_of_library(session: Session, supplier_id: int, today: date) -> tuple[Ending, ...]:
    """The files of a library that have ended or end soon, with every answer they stand behind."""
    return _endings_among(session, supplier_id, current_library_of(session, supplier_id), today)


def endings_behind(session: Session, assessment: Assessment, today: date) -> tuple[Ending, ...]:
    """The files behind an assessment that have ended or end soon, with its own answers only."""
    links = links_of(session, assessment.id).values()
    rows = {link.evidence_id: link.evidence for behind in links for link in behind}
    return _endings_among(session, assessment.supplier_id, list(rows.values()), today, assessment.id)


def _endings_among(
    session: Session, supplier_id: int, rows: Sequence[Evidence], today: date, within: int | None = None
) -> tuple[Ending, ...]:
    ending = [row for row in rows if days_left_bucket(row.valid_until, today)]
    if not ending:
        return ()
    shelf = _shelf(session, supplier_id, today, [row.id for row in ending], within)
    return endings([_line(shelf, row) for row in ending], today)


def facts_page(session: Session, row: Evidence, today: date) -> FactsPage:
    """One file with the versions of its document."""
    shelf = _shelf(session, row.supplier_id, today)
    own = {one.id: one for one in library_of(session, row.supplier_id)}
    chain = _chain(shelf.versions, row.id)
    others = tuple(_line(shelf, own[one]) for one in chain if one != row.id and one in own)
    left_behind = len(movable_links(session, row)) if row.id in shelf.versions.newer else 0
    return FactsPage(_line(shelf, row, sent=is_bound(session, row)), others, left_behind)


def choose_page(session: Session, assessment: Assessment, indicator: Indicator, today: date) -> ChoosePage:
    """Evidence for one question of one assessment. Replaced versions are not offered; a linked one stays in view."""
    here = links_of(session, assessment.id).get(indicator.code, [])
    shelf = _shelf(session, assessment.supplier_id, today)
    sites = counted_sites(session, assessment)
    ids = {link.evidence_id for link in here}
    others = [
        row
        for row in library_of(session, assessment.supplier_id)
        if row.id not in ids and row.id not in shelf.versions.newer
    ]

    def said(row: Evidence) -> tuple[Problem, ...]:
        return remarks_on_link(row, sites, today, indicator, assessment.round, shelf.versions.newer)

    return ChoosePage(
        assessment_id=assessment.id,
        round_name=assessment.round.name,
        indicator=indicator,
        linked=tuple(
            _line(
                shelf, link.evidence, remarks=said(link.evidence), moved_at=moved_since_sent(link, assessment)
            )
            for link in here
        ),
        others=tuple(_line(shelf, row, remarks=said(row)) for row in others),
        locked=_locked(session, assessment, indicator.code),
    )


def moved_since_sent(link: EvidenceLink, assessment: Assessment) -> datetime | None:
    """When a newer version took an older one's place behind an answer, if that was not sent since."""
    if link.moved_at is None or assessment.submitted_at is None or link.moved_at > assessment.submitted_at:
        return link.moved_at
    return None


@dataclass(frozen=True)
class _Shelf:
    """What every line of a library needs, read once."""

    today: date
    sites: CountedSites
    versions: Versions
    uses: Mapping[int, Sequence[Use]]


def _shelf(
    session: Session,
    supplier_id: int,
    today: date,
    only: Sequence[int] | None = None,
    within: int | None = None,
) -> _Shelf:
    uses = uses_of_library(session, supplier_id, only)
    if within is not None:
        uses = {key: [use for use in found if use.assessment_id == within] for key, found in uses.items()}
    return _Shelf(today, all_sites(session, supplier_id), versions_of(session, supplier_id), uses)


def _chain(versions: Versions, evidence_id: int) -> list[int]:
    """All versions of a document by id, newest first."""
    newest = evidence_id
    while newest in versions.newer:
        newest = versions.newer[newest]
    found = [newest]
    while found[-1] in versions.older:
        found.append(versions.older[found[-1]])
    return found


def _line(
    shelf: _Shelf,
    row: Evidence,
    *,
    sent: bool = False,
    remarks: tuple[Problem, ...] | None = None,
    moved_at: datetime | None = None,
) -> FileLine:
    """One file in words. `sent`: it was part of a submission, so it can only be hidden."""
    validity, days = _validity(row.valid_until, shelf.today)
    chain = _chain(shelf.versions, row.id)
    said = remarks_on_row(row, shelf.sites, shelf.today) if remarks is None else remarks
    return FileLine(
        id=row.id,
        name=row.name,
        kind=row.name.rpartition(".")[2].upper()[:5],
        size=row.size,
        issuer=row.issuer,
        standard=row.standard,
        covers_from=row.covers_from,
        covers_to=row.covers_to,
        valid_until=row.valid_until,
        language=language_words(row.language),
        pages=row.pages,
        sites=tuple(site.name for site in row.sites),
        remarks=tuple(one for one in said if one.code not in _SHOWN_AS_VALIDITY),
        newer=shelf.versions.newer.get(row.id),
        earlier=len(chain) - 1 - chain.index(row.id),
        moved_at=moved_at,
        validity=validity,
        days_left=days,
        uploaded_at=row.uploaded_at,
        uploaded_by=row.uploaded_by.name,
        used_for=tuple(_used_for(use) for use in shelf.uses.get(row.id, ())),
        sent=sent,
    )


def _validity(until: date | None, today: date) -> tuple[str, int]:
    if until is None:
        return "unknown", 0
    days = (until - today).days
    if days < 0:
        return "expired", days
    return ("soon" if days <= SOON_DAYS else "valid"), days


def _used_for(use: Use) -> UsedFor:
    found = find_indicator(find_questionnaire(use.questionnaire), use.indicator)
    return UsedFor(
        assessment_id=use.assessment_id,
        round_name=use.round_name,
        code=use.indicator,
        topic=found.topic if found else "",
        subject=found.subject if found else None,
    )


def _locked(session: Session, assessment: Assessment, code: str) -> Problem | None:
    try:
        check_unlocked(assessment, code, open_codes(session, assessment))
    except Refused as refusal:
        return refusal.problem
    return None
