"""Page objects of the evidence library: files in words, where they are used, what one question needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.errors import Refused
from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator, Text, find_indicator
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import check_unlocked
from portal.operations.evidence import open_codes, sent_evidence
from portal.operations.keeping import stored_bytes
from portal.store.assessments import Assessment
from portal.store.evidence import Evidence, library_of, links_of
from portal.store.evidence_links import Use, uses_of_library

SOON_DAYS = 60


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
    """One file of the library. `validity` is expired, soon, valid or unknown; `days_left` until it ends."""

    id: int
    name: str
    kind: str
    size: int
    issuer: str
    standard: str
    covers_from: date | None
    covers_to: date | None
    valid_until: date | None
    validity: str
    days_left: int
    uploaded_at: datetime
    uploaded_by: str
    used_for: tuple[UsedFor, ...]
    sent: bool


@dataclass(frozen=True)
class LibraryPage:
    """The whole library with the room it takes, in bytes."""

    files: tuple[FileLine, ...]
    used: int
    quota: int

    @property
    def expired(self) -> int:
        return sum(1 for file in self.files if file.validity == "expired")


@dataclass(frozen=True)
class ChoosePage:
    """Evidence for one question: what is linked, what else the library has. `locked` says why nothing can change."""

    assessment_id: int
    round_name: str
    indicator: Indicator
    linked: tuple[FileLine, ...]
    others: tuple[FileLine, ...]
    locked: Problem | None


def library_page(session: Session, supplier_id: int, today: date, quota: int) -> LibraryPage:
    """The library of a supplier. The same few queries for any number of files."""
    rows = library_of(session, supplier_id)
    sent = sent_evidence(session, supplier_id)
    uses = uses_of_library(session, supplier_id)
    files = tuple(file_line(row, today, uses.get(row.id, ()), row.id in sent) for row in rows)
    return LibraryPage(files, stored_bytes(session, supplier_id), quota)


def choose_page(session: Session, assessment: Assessment, indicator: Indicator, today: date) -> ChoosePage:
    """Evidence for one question of one assessment."""
    here = links_of(session, assessment.id).get(indicator.code, [])
    linked = [link.evidence for link in here]
    ids = {row.id for row in linked}
    uses: Mapping[int, Sequence[Use]] = uses_of_library(session, assessment.supplier_id)
    others = [row for row in library_of(session, assessment.supplier_id) if row.id not in ids]
    return ChoosePage(
        assessment_id=assessment.id,
        round_name=assessment.round.name,
        indicator=indicator,
        linked=tuple(file_line(row, today, uses.get(row.id, ()), False) for row in linked),
        others=tuple(file_line(row, today, uses.get(row.id, ()), False) for row in others),
        locked=_locked(session, assessment, indicator.code),
    )


def file_line(row: Evidence, today: date, uses: Sequence[Use], sent: bool) -> FileLine:
    """One file in words. `sent`: it was part of a submission, so it can only be hidden."""
    validity, days = _validity(row.valid_until, today)
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
        validity=validity,
        days_left=days,
        uploaded_at=row.uploaded_at,
        uploaded_by=row.uploaded_by.name,
        used_for=tuple(_used_for(use) for use in uses),
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
