"""Documents of invented companies with something to know about each: part of the sites, old, ending, ended, renewed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.electricity import site_key
from portal.demo.companies import Company
from portal.demo.filing import LIMIT, sample_document
from portal.files.vault import Vault
from portal.operations.evidence import add_evidence, link_evidence
from portal.operations.evidence_facts import Facts
from portal.operations.evidence_versions import replace_evidence
from portal.operations.keeping import kept_file
from portal.operations.scoring import open_case
from portal.operations.sites import SitePlace, add_site
from portal.store.assessments import Assessment
from portal.store.evidence import Evidence
from portal.store.sites import sites_of

# Sites the companies name beside those their electricity is known from: name, country, region.
SITES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "GLS-01": (
        ("Clearlake tempering hall", "CN", "CN-AH"),
        ("Clearlake cullet yard", "CN", "CN-JS"),
        ("Clearlake harbour store", "CN", "CN-JS"),
    ),
    "ALU-02": (
        ("Vientos cutting shop", "ES", ""),
        ("Vientos remelt", "ES", ""),
        ("Vientos harbour store", "ES", ""),
    ),
    "CEL-01": (("Dawnbridge chemicals store", "CN", "CN-JS"),),
}


@dataclass(frozen=True)
class Document:
    """One document: its title, the answer it proves, and its facts; `sites` is how many of the company's it covers."""

    title: str
    code: str
    issuer: str
    standard: str
    facts: Facts
    sites: int = 0


def documents(today: date, period: tuple[date, date], deadline: date) -> Sequence[Document]:
    """One document for each thing the portal says about a file, as seen on `today` in a round with these days."""
    start, end = period
    lab, house, office = (
        "Invented Testing Laboratory",
        "Invented Audit House",
        "Invented Environment Office",
    )
    old = Facts(covers_from=start - timedelta(days=730), covers_to=today - timedelta(days=800))
    part = Facts(covers_from=start + timedelta(days=92), covers_to=end)
    ending = Facts(valid_until=deadline - timedelta(days=10))
    ended = Facts(valid_until=today - timedelta(days=20))
    soon = Facts(valid_until=today + timedelta(days=45))
    return (
        Document("flue-gas-test", "EMW-04", lab, "GB 16297", old),
        Document("meter-readings", "NRG-01", "Energy department", "", part, 3),
        Document("energy-management", "ENV-02", "Invented Certification Body", "ISO 50001", ending, 3),
        Document("labour-audit", "HRT-04", house, "SMETA 7.0", ended),
        Document("discharge-permit", "ENV-03", office, "Discharge permit", soon, 2),
    )


def keep_documents(
    session: Session,
    vault: Vault,
    lead: Actor,
    company: Company,
    assessment: Assessment,
    *,
    quota: int,
    now: datetime,
    today: date,
) -> None:
    """Name the company's sites and put its documents behind the answers they prove; nothing for other companies."""
    if company.code not in SITES:
        return
    for name, country, region in SITES[company.code]:
        add_site(session, lead, place=SitePlace(name, country, region), now=now)
    sites = sites_of(session, assessment.supplier_id)
    found = assessment.round
    asked = open_case(session, assessment).path.open
    for one in documents(today, (found.period_start, found.period_end), found.deadline_on):
        if one.code not in asked:
            continue
        covered = frozenset(site_key(site.name) for site in sites[: one.sites])
        row = _put(session, vault, lead, company, one, covered, quota=quota, now=now)
        link_evidence(
            session,
            lead,
            assessment_id=assessment.id,
            indicator=one.code,
            evidence_ids=[row.id],
            now=now,
        )
    _renew_policy(session, vault, lead, company, assessment, quota=quota, now=now)


def _put(
    session: Session,
    vault: Vault,
    lead: Actor,
    company: Company,
    one: Document,
    covered: frozenset[str],
    *,
    quota: int,
    now: datetime,
) -> Evidence:
    language = "zh" if company.country == "CN" else "en"
    given = one.facts
    facts = Facts(
        one.issuer, one.standard, given.covers_from, given.covers_to, given.valid_until, language, 1, covered
    )
    content = io.BytesIO(sample_document(company, one.issuer, one.standard, facts))
    with kept_file(
        vault, name=f"{company.code.lower()}-{one.title}.pdf", stream=content, limit=LIMIT
    ) as kept:
        return add_evidence(session, lead, kept=kept, facts=facts, quota=quota, now=now)


def _renew_policy(
    session: Session,
    vault: Vault,
    lead: Actor,
    company: Company,
    assessment: Assessment,
    *,
    quota: int,
    now: datetime,
) -> None:
    """A code of conduct behind an answer, then its new edition: the answer moves on."""
    issuer, code = "Management", "ETH-01"
    older = Document("code-of-conduct-edition-2", code, issuer, "Code of conduct, edition 2", Facts())
    row = _put(session, vault, lead, company, older, frozenset(), quota=quota, now=now)
    link_evidence(session, lead, assessment_id=assessment.id, indicator=code, evidence_ids=[row.id], now=now)
    facts = Facts(issuer, "Code of conduct, edition 3", language="both", pages=1)
    content = io.BytesIO(sample_document(company, issuer, facts.standard, facts))
    name = f"{company.code.lower()}-code-of-conduct-edition-3.pdf"
    with kept_file(vault, name=name, stream=content, limit=LIMIT) as kept:
        replace_evidence(
            session,
            lead,
            evidence_id=row.id,
            kept=kept,
            facts=facts,
            move=True,
            quota=quota,
            now=now + timedelta(hours=1),
        )
