"""Facts of an evidence file: reading them from form text, and what they mean for an answer or in the library."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.core.carbon.electricity import site_key
from portal.core.errors import Invalid
from portal.core.evidence_facts import LANGUAGES, MOST_PAGES, FileFacts, Purpose, remarks
from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator
from portal.core.questionnaire.reading import is_blank, read_date, unprintable
from portal.operations.snapshots import Proof
from portal.store.assessments import Assessment, Round
from portal.store.evidence import Evidence
from portal.store.site_answers import chosen_sites
from portal.store.sites import sites_of

LONGEST_FACT = 200
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
DAYS = ("covers_from", "covers_to", "valid_until")


@dataclass(frozen=True)
class Facts:
    """What a file says about itself: who issued it, under which standard, for which days and sites, valid how long.

    `language` is one of LANGUAGES or "", `sites` are keys of the supplier's sites; empty means not said.
    """

    issuer: str = ""
    standard: str = ""
    covers_from: date | None = None
    covers_to: date | None = None
    valid_until: date | None = None
    language: str = ""
    pages: int | None = None
    sites: frozenset[str] = frozenset()


def read_facts(given: Mapping[str, str], sites: Iterable[str] = ()) -> Facts:
    """Facts from form text by field name. Empty fields are allowed, contradictions are not.

    Raises Invalid with `where` naming the field: fact_too_long, fact_unprintable, fact_date_unreadable,
    fact_date_far, covers_reversed, valid_before_covers, fact_language_unknown, fact_pages_unreadable.
    """
    problems: list[Problem] = []
    words = {name: _words(given.get(name, ""), name, problems) for name in ("issuer", "standard")}
    days = {name: _day(given.get(name, ""), name, problems) for name in DAYS}
    start, end, until = (days[name] for name in DAYS)
    if start and end and end < start:
        problems.append(Problem("covers_reversed", "covers_to", {"start": start}))
    if start and until and until < start:
        problems.append(Problem("valid_before_covers", "valid_until", {"start": start}))
    language = given.get("language", "").strip()
    if language and language not in LANGUAGES:
        problems.append(Problem("fact_language_unknown", "language"))
    pages = _pages(given.get("pages", ""), problems)
    if problems:
        raise Invalid(problems)
    return Facts(words["issuer"], words["standard"], start, end, until, language, pages, frozenset(sites))


def _words(raw: str, where: str, problems: list[Problem]) -> str:
    text = " ".join(raw.split())
    if len(text) > LONGEST_FACT:
        problems.append(Problem("fact_too_long", where, {"most": LONGEST_FACT}))
    elif unprintable(text):
        problems.append(Problem("fact_unprintable", where))
    return text


def _day(raw: str, where: str, problems: list[Problem]) -> date | None:
    if is_blank(raw):
        return None
    day = read_date(raw, where)
    if isinstance(day, Problem):
        problems.append(Problem("fact_date_unreadable", where, {"found": raw.strip()[:40]}))
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        problems.append(Problem("fact_date_far", where, {"found": day}))
        return None
    return day


def _pages(raw: str, problems: list[Problem]) -> int | None:
    text = raw.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= MOST_PAGES):
        problems.append(Problem("fact_pages_unreadable", "pages", {"found": text[:40], "most": MOST_PAGES}))
        return None
    return int(text)


def facts_of(row: Evidence) -> Facts:
    """The facts of a file as they stand."""
    return Facts(
        row.issuer,
        row.standard,
        row.covers_from,
        row.covers_to,
        row.valid_until,
        row.language,
        row.pages,
        frozenset(site.key for site in row.sites),
    )


@dataclass(frozen=True)
class CountedSites:
    """The sites a file is counted against, by name: all of a supplier, or those `chosen` for an assessment."""

    names: tuple[str, ...]
    chosen: bool = False


def all_sites(session: Session, supplier_id: int) -> CountedSites:
    """Every site of a supplier."""
    return CountedSites(tuple(site.name for site in sites_of(session, supplier_id)))


def counted_sites(session: Session, assessment: Assessment) -> CountedSites:
    """The sites an assessment is answered for; all of its supplier where the company answers as a whole."""
    chosen = tuple(site.name for site in chosen_sites(session, assessment.id) if site.included)
    return CountedSites(chosen, chosen=True) if chosen else all_sites(session, assessment.supplier_id)


def sites_as_sent(content: Mapping[str, Any]) -> CountedSites:
    """The same of what was sent, from the content of a submission."""
    chosen = tuple(site["name"] for site in (content.get("per_site") or {}).get("sites", ()))
    return CountedSites(chosen or tuple(content.get("sites", ())), chosen=bool(chosen))


def remarks_on_row(
    row: Evidence,
    sites: CountedSites,
    today: date,
    indicator: Indicator | None = None,
    within: Round | None = None,
) -> tuple[Problem, ...]:
    """What speaks against a file of the library: for an answer of a round, or, without them, in general."""
    file = FileFacts(
        row.covers_from, row.covers_to, row.valid_until, frozenset(site.key for site in row.sites)
    )
    return remarks(file, _purpose(sites, indicator, within), today)


def remarks_on_link(
    row: Evidence,
    sites: CountedSites,
    today: date,
    indicator: Indicator,
    within: Round,
    replaced: Collection[int],
) -> tuple[Problem, ...]:
    """What speaks against a file behind an answer that can be changed: first that there is a newer version
    (evidence_has_newer; `replaced` are the ids of all files that have one), then as `remarks_on_row`."""
    newer = (Problem("evidence_has_newer"),) if row.id in replaced else ()
    return newer + remarks_on_row(row, sites, today, indicator, within)


def remarks_on_proof(
    proof: Proof, sites: CountedSites, today: date, indicator: Indicator, within: Round
) -> tuple[Problem, ...]:
    """What speaks against a file as it was linked or sent, with the sites it was counted against then."""
    file = FileFacts(
        proof.covers_from,
        proof.covers_to,
        proof.valid_until,
        frozenset(site_key(name) for name in proof.sites),
    )
    return remarks(file, _purpose(sites, indicator, within), today)


def _purpose(sites: CountedSites, indicator: Indicator | None, within: Round | None) -> Purpose:
    return Purpose(
        nature=indicator.nature if indicator else "",
        period_start=within.period_start if within else None,
        period_end=within.period_end if within else None,
        ends_on=within.deadline_on if within else None,
        sites=frozenset(site_key(name) for name in sites.names),
        chosen=sites.chosen,
    )
