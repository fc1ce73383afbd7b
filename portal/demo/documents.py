"""Documents of invented companies with something to know about each: part of the sites, old, ending, ended, renewed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.electricity import site_key
from portal.core.questionnaire.model import Text, text_in
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
        ("澄湖钢化车间", "CN", "CN-AH"),
        ("澄湖碎玻璃堆场", "CN", "CN-JS"),
        ("澄湖港口仓库", "CN", "CN-JS"),
    ),
    "ALU-02": (
        ("Vientos cutting shop", "ES", ""),
        ("Vientos remelt", "ES", ""),
        ("Vientos harbour store", "ES", ""),
    ),
    "CEL-01": (
        ("晨桥二期电池车间", "CN", "CN-JS"),
        ("晨桥化学品库", "CN", "CN-JS"),
        ("晨桥成品库", "CN", "CN-SH"),
    ),
}


@dataclass(frozen=True)
class Document:
    """One document: its title and issuer, the answer it proves, its facts; `sites` is how many of the company's it covers."""

    title: Text
    code: str
    issuer: Text
    standard: str
    facts: Facts
    sites: int = 0


def documents(today: date, period: tuple[date, date], deadline: date) -> Sequence[Document]:
    """One document for each thing the portal says about a file, as seen on `today` in a round with these days."""
    start, end = period
    old = Facts(covers_from=start - timedelta(days=730), covers_to=today - timedelta(days=800))
    part = Facts(covers_from=start + timedelta(days=92), covers_to=end)
    ending = Facts(valid_until=deadline - timedelta(days=10))
    ended = Facts(valid_until=today - timedelta(days=20))
    soon = Facts(valid_until=today + timedelta(days=45))
    return (
        Document(
            Text("wastewater-test", "废水检测报告"), "EMW-04",
            Text("Invented Testing Laboratory", "虚构检测中心"), "GB 8978", old,
        ),
        Document(
            Text("meter-readings", "电表抄表记录"), "NRG-01", Text("Energy department", "能源管理部"), "", part, 3
        ),
        Document(
            Text("energy-management", "能源管理体系证书"), "NRG-06",
            Text("Invented Certification Body", "虚构认证公司"), "ISO 50001", ending, 3,
        ),
        Document(
            Text("labour-audit", "劳工审核报告"), "HRT-04", Text("Invented Audit House", "虚构审核公司"), "SMETA 7.0", ended
        ),
        Document(
            Text("discharge-permit", "排污许可证"), "ENV-03",
            Text("Invented Environment Office", "虚构生态环境局"), "", soon, 2,
        ),
    )  # fmt: skip


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
    # Those with electricity first: most documents speak of the plants.
    sites = sorted(sites_of(session, assessment.supplier_id), key=lambda site: site.id is not None)
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
    facts = replace(
        one.facts,
        issuer=text_in(one.issuer, language),
        standard=one.standard,
        language=language,
        pages=1,
        sites=covered,
    )
    name = f"{company.code.lower()}-{text_in(one.title, language)}.pdf"
    content = io.BytesIO(sample_document(company, one.issuer.en, one.standard, facts))
    with kept_file(vault, name=name, stream=content, limit=LIMIT) as kept:
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
    code, management = "ETH-01", Text("Management", "总经理办公室")
    older = Document(Text("code-of-conduct-2", "行为准则-第2版"), code, management, "", Facts())
    row = _put(session, vault, lead, company, older, frozenset(), quota=quota, now=now)
    link_evidence(session, lead, assessment_id=assessment.id, indicator=code, evidence_ids=[row.id], now=now)
    language = "zh" if company.country == "CN" else "en"
    facts = Facts(text_in(management, language), language="both", pages=2)
    content = io.BytesIO(sample_document(company, management.en, "Code of conduct, edition 3", facts))
    name = f"{company.code.lower()}-{text_in(Text('code-of-conduct-3', '行为准则-第3版'), language)}.pdf"
    with kept_file(vault, name=name, stream=content, limit=LIMIT) as kept:
        replace_evidence(
            session, lead, evidence_id=row.id, kept=kept, facts=facts, move=True, quota=quota,
            now=now + timedelta(hours=1),
        )  # fmt: skip
