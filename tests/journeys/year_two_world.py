"""A supplier with three sites whose assessment of last year was released, and who is asked again this year."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.model import indicators_of
from portal.core.questionnaire.sites import asked_per_site
from portal.demo.answering import answers_for
from portal.demo.filing import file_evidence
from portal.demo.reviewing import review_and_release
from portal.demo.sending import answer, send
from portal.files.vault import open_vault
from portal.operations.accounts import accept_invitation, create_staff, invite
from portal.operations.answering import Given, save_site_page
from portal.operations.assessment_sites import ChosenSite, choose_sites
from portal.operations.rounds import invite_supplier, open_round
from portal.operations.scoring import open_case
from portal.operations.sites import SitePlace, add_site
from portal.operations.suppliers import SupplierFacts, add_supplier
from portal.store.assessments import Assessment
from portal.store.site_answers import site_answers_of
from tests.journeys.filling import GLASSWORKS, changing
from tests.journeys.running import Portal

PASSWORD = "copper orchard window 58"
MANAGER, LEAD, COLLEAGUE = "mara@buyer.example", "lan@lanternfield.example", "bo@lanternfield.example"
SITES = ("North works", "River works", "South works")
LAST_YEAR, THIS_YEAR = "Annual assessment 2025", "Annual assessment 2026"


@dataclass(frozen=True)
class YearTwo:
    """The two assessments of the supplier: the one released and the one just asked for."""

    earlier_id: int
    draft_id: int


def make_year_two(portal: Portal) -> YearTwo:
    """All that happened before the first interaction of the second year."""
    now = datetime.now(UTC)
    with changing(portal.settings) as session:
        manager = _manager(session, now)
        supplier = add_supplier(
            session,
            manager,
            facts=SupplierFacts(
                GLASSWORKS.code,
                GLASSWORKS.name,
                GLASSWORKS.name_zh,
                "CN",
                GLASSWORKS.roles,
                GLASSWORKS.materials,
            ),
            now=now,
        )
        earlier = _asked(session, manager, supplier.id, LAST_YEAR, now - timedelta(days=400), portal)
        lead = _joined(session, LEAD, "Lan Xi (invented)", "lead", supplier.id, manager, now)
        _joined(session, COLLEAGUE, "Bo Ren (invented)", "contributor", supplier.id, lead, now)
        for name in SITES:
            add_site(session, lead, place=SitePlace(name, "CN", ""), now=now)
        _send_and_release(session, portal, earlier, lead, manager, now - timedelta(days=300))
        draft = _asked(session, manager, supplier.id, THIS_YEAR, now, portal)
        return YearTwo(earlier.id, draft.id)


def _manager(session: Session, now: datetime) -> Actor:
    user = create_staff(
        session,
        email=MANAGER,
        name="Mara Lind (invented)",
        password=PASSWORD,
        role="manager",
        locale="en",
        now=now,
    )
    return Actor(user_id=user.id, name=user.name, role="manager")


def _asked(
    session: Session, manager: Actor, supplier_id: int, name: str, now: datetime, portal: Portal
) -> Assessment:
    year = int(name[-4:])
    round_ = open_round(
        session,
        manager,
        name=name,
        questionnaire="sustainability/2026.1",
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        deadline_on=(now + timedelta(days=30)).date(),
        now=now,
    )
    return invite_supplier(
        session,
        manager,
        round_id=round_.id,
        supplier_id=supplier_id,
        email=LEAD,
        token=secrets.token_urlsafe(24),
        valid_days=portal.settings.invitation_days,
        now=now,
    ).assessment


def _joined(
    session: Session, email: str, name: str, role: str, supplier_id: int, by: Actor, now: datetime
) -> Actor:
    token = secrets.token_urlsafe(24)
    invite(session, by, email=email, role=role, supplier_id=supplier_id, token=token, valid_days=7, now=now)
    user = accept_invitation(session, token=token, name=name, password=PASSWORD, locale="en", now=now)
    return Actor(user_id=user.id, name=user.name, role=role, supplier_id=supplier_id)


def _send_and_release(
    session: Session, portal: Portal, assessment: Assessment, lead: Actor, manager: Actor, now: datetime
) -> None:
    vault = open_vault(portal.settings.vault_dir)
    quota = portal.settings.supplier_quota
    chosen = [
        ChosenSite(name.casefold(), str(output)) for name, output in zip(SITES, (120, 80, 40), strict=True)
    ]
    choose_sites(session, lead, assessment=assessment, chosen=chosen, unit="t", now=now)
    answer(session, lead, None, assessment, GLASSWORKS, year=2025, lift=0.0, now=now)
    _answer_at_sites(session, lead, assessment, now)
    files = file_evidence(session, vault, lead, GLASSWORKS, quota=quota, now=now)
    send(session, lead, assessment, files, now=now)
    released = now + timedelta(days=20)
    review_and_release(session, manager, manager, assessment, GLASSWORKS, now=released)


def _answer_at_sites(session: Session, lead: Actor, assessment: Assessment, now: datetime) -> None:
    """Every site answers what is asked per site, until answering opens no further question."""
    raw = answers_for(open_case(session, assessment).questionnaire, GLASSWORKS, year=2025)
    for _round in range(3):
        case = open_case(session, assessment)
        asked = [
            i.code
            for i in indicators_of(case.questionnaire)
            if asked_per_site(i) and i.code in case.path.open
        ]
        there = site_answers_of(session, assessment.id)
        for site in there.sites:
            given = {
                code: Given(raw[code], None, 0) for code in asked if code not in there.rows.get(site.id, {})
            }
            save_site_page(
                session, lead, assessment=assessment, case=case, site_id=site.id, given=given, now=now
            )
