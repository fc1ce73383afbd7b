"""What the facts of an evidence file mean for the answer it stands behind: sites, period, age, end of validity.

Remarks are advice in the form of problems. They block nothing; what blocks sending is decided in
`portal.core.questionnaire.validate` alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from portal.core.problems import Problem

SOON_DAYS = 60
VERY_SOON_DAYS = 30
OLD_MONTHS = 24
LANGUAGES = ("zh", "en", "both", "other")
MOST_PAGES = 5000
# A policy or a promise speaks of no period; a certificate and an action hold when they touch it; a result must span it.
_OF_NO_PERIOD = frozenset({"policy", "commitment"})


@dataclass(frozen=True)
class FileFacts:
    """What a file says about itself, as far as remarks depend on it. `sites` are keys; empty means not said."""

    covers_from: date | None = None
    covers_to: date | None = None
    valid_until: date | None = None
    sites: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Purpose:
    """What a file is to prove: an answer of this `nature` over the reporting period, in a round that ends `ends_on`.

    `sites` are the keys of the sites it should cover: those the assessment is answered for (`chosen`), else all of the
    supplier. A library without a round asks with `nature` "" and no days.
    """

    nature: str = ""
    period_start: date | None = None
    period_end: date | None = None
    ends_on: date | None = None
    sites: frozenset[str] = field(default_factory=frozenset)
    chosen: bool = False


def remarks(file: FileFacts, purpose: Purpose, today: date) -> tuple[Problem, ...]:
    """What a person should know before relying on the file for this purpose; () when nothing speaks against it.

    At most one remark on each of validity, period, age, sites. Codes: those of `validity_remark`, `period_remark`,
    evidence_result_old, evidence_part_of_sites, evidence_part_of_chosen (of the sites of the assessment).
    """
    found = (
        validity_remark(file.valid_until, purpose.ends_on, today),
        period_remark(file, purpose),
        _age_remark(file, purpose, today),
        _sites_remark(file.sites, purpose),
    )
    return tuple(one for one in found if one is not None)


def validity_remark(until: date | None, ends_on: date | None, today: date) -> Problem | None:
    """The last valid day against today and the round's last day; the gravest one only.

    Codes: evidence_expired, evidence_ends_before_round, evidence_ends_soon (within SOON_DAYS days).
    """
    if until is None:
        return None
    if until < today:
        return Problem("evidence_expired", "", {"until": until})
    if ends_on is not None and until < ends_on:
        return Problem("evidence_ends_before_round", "", {"until": until, "ends": ends_on})
    if (until - today).days <= SOON_DAYS:
        return Problem("evidence_ends_soon", "", {"until": until, "days": (until - today).days})
    return None


def period_remark(file: FileFacts, purpose: Purpose) -> Problem | None:
    """The days covered against the reporting period; a day that is not given bounds nothing.

    Codes: evidence_outside_period (not one day in common), evidence_part_of_period (a measured result that covers
    only a part).
    """
    start, end = purpose.period_start, purpose.period_end
    if start is None or end is None or purpose.nature in _OF_NO_PERIOD:
        return None
    first, last = file.covers_from, file.covers_to
    values = {"start": start, "end": end}
    if (first is not None and first > end) or (last is not None and last < start):
        return Problem("evidence_outside_period", "", values)
    begins_late = first is not None and first > start
    stops_early = last is not None and last < end
    if purpose.nature == "result" and (begins_late or stops_early):
        return Problem("evidence_part_of_period", "", values)
    return None


def _age_remark(file: FileFacts, purpose: Purpose, today: date) -> Problem | None:
    last = file.covers_to or file.covers_from
    if purpose.nature != "result" or last is None or months_later(last, OLD_MONTHS) >= today:
        return None
    return Problem("evidence_result_old", "", {"last": last, "months": OLD_MONTHS})


def _sites_remark(covered: Collection[str], purpose: Purpose) -> Problem | None:
    here, wanted = len(set(covered) & purpose.sites), len(purpose.sites)
    if not covered or here == wanted:
        return None
    code = "evidence_part_of_chosen" if purpose.chosen else "evidence_part_of_sites"
    return Problem(code, "", {"covered": here, "all": wanted})


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` later, or the last day of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, min(day.day, 27))


def days_left_bucket(until: date | None, today: date) -> str:
    """When a file ends, for a list to act on: "expired", "very_soon" (30 days), "soon" (60 days), else ""."""
    if until is None:
        return ""
    days = (until - today).days
    if days < 0:
        return "expired"
    return "very_soon" if days <= VERY_SOON_DAYS else "soon" if days <= SOON_DAYS else ""
