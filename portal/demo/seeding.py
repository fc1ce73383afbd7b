"""Makes the demo: people, two rounds, reviews, commitments, carbon data, one estimate, each through its own operation."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.demo.accounts import ACCOUNTS, PASSWORD, Account
from portal.demo.companies import COMPANIES, Company
from portal.demo.delivering import enter_deliveries
from portal.demo.documents import keep_documents
from portal.demo.earlier import seed_year_before
from portal.demo.factors import first_tables, second_edition, waiting_rates
from portal.demo.filing import file_evidence, load_carbon
from portal.demo.footprint import make_footprint
from portal.demo.hints import answer_at_odds, explain_hints
from portal.demo.ledgers import leave_waiting, take_ledger
from portal.demo.offline import FILLED_OFFLINE, bring_workbook
from portal.demo.pact_files import load_pact
from portal.demo.per_site import answer_per_site
from portal.demo.promising import make_promises
from portal.demo.registering import claim_twice, fill_register
from portal.demo.reviewing import review_and_release, review_in_part
from portal.demo.sending import answer, link_proofs, send
from portal.demo.taking import correct_register, take_at_sites, take_figures
from portal.demo.together import share_work
from portal.demo.trial import try_out
from portal.files.vault import Vault
from portal.operations.accounts import accept_invitation, create_staff, invite
from portal.operations.estimates import estimate_ledger
from portal.operations.rounds import invite_supplier, open_round
from portal.operations.suppliers import SupplierFacts, add_supplier
from portal.settings import Settings
from portal.store.assessments import Assessment, Round
from portal.store.engine import reading, writing
from portal.store.people import User
from portal.store.suppliers import Supplier

QUESTIONNAIRE = "sustainability/2026.1"

# Invited for the first time in the open round.
NEWCOMERS = frozenset({"CHM-01", "PST-02"})
# Small suppliers, asked the short set in the open round.
SMALL = frozenset({"PAC-01", "LOG-01", "SRV-01"})

# Their leads have planned who does what.
SHARED = frozenset({"GLS-01", "ALU-02"})


@dataclass(frozen=True)
class Cast:
    """The people of the demo as the actors operations ask for; `leads` and `helpers` by supplier code."""

    manager: Actor
    analyst: Actor
    admin: Actor
    leads: dict[str, Actor]
    helpers: dict[str, Actor]


def is_seeded(engine: Engine) -> bool:
    """Whether somebody lives in this database already."""
    with reading(engine) as session:
        return bool(session.scalar(select(func.count()).select_from(User)))


def seed(
    engine: Engine, vault: Vault, *, settings: Settings, now: datetime, tell: Callable[[str], None] = print
) -> None:
    """Fill an empty, migrated database. All dates are counted back from `now`; the last finished year is the carbon year.

    Everything happens in one transaction: a seeding that was interrupted leaves nothing behind and can start again.
    """
    year = now.year - 1
    with writing(engine) as session:
        tell("  people and suppliers")
        cast = _people(session, settings, now - timedelta(days=240))
        tell("  last year's round: answers, reviews, releases, commitments")
        _last_round(session, vault, cast, settings, year=year, now=now)
        tell("  carbon data, ledgers and estimates of two years")
        first_tables(session, vault, cast.manager, now=now - timedelta(days=238))
        seed_year_before(
            session, vault, cast.analyst, cast.leads, year=year - 1, now=now - timedelta(days=224)
        )
        second_edition(session, vault, cast.manager, cast.admin, now=now - timedelta(days=60))
        waiting_rates(session, vault, cast.manager, now=now - timedelta(days=2))
        _carbon(session, engine, vault, cast, settings, year=year, now=now)
        tell("  this year's round")
        _open_round(session, vault, cast, settings, year=year, now=now)
        tell("  a trial of next year's questionnaire")
        days = settings.invitation_days
        try_out(session, cast.manager, cast.leads["ALU-02"], year=year, valid_days=days, now=now)
        tell("  the buyer's own inventory, target and what-ifs")
        make_footprint(session, vault, cast.manager, year=year, now=now)
        session.commit()


def _people(session: Session, settings: Settings, at: datetime) -> Cast:
    staff = {a.role: _staff(session, a, at) for a in ACCOUNTS if not a.supplier}
    leads, helpers = {}, {}
    for number, company in enumerate(COMPANIES):
        facts = SupplierFacts(
            company.code,
            f"{company.name} (invented)",
            company.name_zh,
            company.country,
            company.roles,
            company.materials,
        )
        supplier = add_supplier(session, staff["manager"], facts=facts, now=at)
        for account in _accounts_of(company, number):
            actor = _join(session, staff["manager"], supplier, account, settings, at)
            (leads if account.role == "lead" else helpers)[company.code] = actor
    return Cast(staff["manager"], staff["analyst"], staff["admin"], leads, helpers)


def _staff(session: Session, account: Account, at: datetime) -> Actor:
    user = create_staff(
        session,
        email=account.email,
        name=account.name,
        password=PASSWORD,
        role=account.role,
        locale=account.locale,
        now=at,
    )
    return Actor(user_id=user.id, name=user.name, role=account.role, locale=account.locale)


_FAMILY = (
    "陈",
    "刘",
    "王",
    "吴",
    "许",
    "何",
    "郑",
    "冯",
    "沈",
    "蒋",
    "韩",
    "曹",
    "Haugen",
    "Tran",
    "Weber",
    "Rahman",
    "Kim",
    "Sato",
    "Ortega",
)
_GIVEN_ZH = ("知远", "晓岚", "文博", "嘉宁", "思齐", "雨桐", "景行", "亦舒")
_GIVEN = ("Liv", "Minh", "Jonas", "Aisyah", "Sora", "Haru", "Elena", "Noor")


def _accounts_of(company: Company, number: int) -> list[Account]:
    named = [a for a in ACCOUNTS if a.supplier == company.code]
    if named:
        return named
    if company.country == "CN":
        name, locale = f"{_FAMILY[number % 12]}{_GIVEN_ZH[number % 8]}（虚构）", "zh"
    else:
        name, locale = f"{_GIVEN[number % 8]} {_FAMILY[12 + number % 7]} (invented)", "en"
    return [Account(f"lead@{company.code.lower()}.example", name, "lead", company.code, locale, "")]


def _join(
    session: Session, giver: Actor, supplier: Supplier, account: Account, settings: Settings, at: datetime
) -> Actor:
    token = secrets.token_urlsafe(24)
    invite(
        session, giver, email=account.email, role=account.role, supplier_id=supplier.id, token=token,
        valid_days=settings.invitation_days, now=at,
    )  # fmt: skip
    user = accept_invitation(
        session, token=token, name=account.name, password=PASSWORD, locale=account.locale, now=at
    )
    return Actor(
        user_id=user.id, name=user.name, role=account.role, supplier_id=supplier.id, locale=account.locale
    )


def _assessment(
    session: Session,
    cast: Cast,
    found: Round,
    company: Company,
    settings: Settings,
    at: datetime,
    *,
    short: bool = False,
) -> Assessment:
    lead = cast.leads[company.code]
    invited = invite_supplier(
        session, cast.manager, round_id=found.id, supplier_id=lead.supplier_id or 0, email="", token=secrets.token_urlsafe(24),
        valid_days=settings.invitation_days, now=at, short=short,
    )  # fmt: skip
    return invited.assessment


def _last_round(
    session: Session, vault: Vault, cast: Cast, settings: Settings, *, year: int, now: datetime
) -> None:
    opened = now - timedelta(days=235)
    found = open_round(
        session, cast.manager, name=f"Annual assessment {year}", questionnaire=QUESTIONNAIRE, period_start=date(year, 1, 1),
        period_end=date(year, 12, 31), deadline_on=(opened + timedelta(days=60)).date(), now=opened,
    )  # fmt: skip
    for number, company in enumerate(c for c in COMPANIES if c.code not in NEWCOMERS):
        lead, helper = cast.leads[company.code], cast.helpers.get(company.code)
        at = opened + timedelta(days=10 + number, hours=number % 7)
        assessment = _assessment(session, cast, found, company, settings, opened)
        files = file_evidence(session, vault, lead, company, quota=settings.supplier_quota, now=at)
        answer(session, lead, helper, assessment, company, year=year, lift=-0.07, now=at)
        send(session, lead, assessment, files, now=at + timedelta(days=6))
        released = at + timedelta(days=30)
        review_and_release(session, cast.analyst, cast.manager, assessment, company, now=released)
        make_promises(session, lead, cast.manager, company, released=released, now=now)


def _open_round(
    session: Session, vault: Vault, cast: Cast, settings: Settings, *, year: int, now: datetime
) -> None:
    opened = now - timedelta(days=38)
    found = open_round(
        session, cast.manager, name=f"Annual assessment {year + 1}", questionnaire=QUESTIONNAIRE,
        period_start=date(year, 10, 1), period_end=date(year + 1, 9, 30),
        deadline_on=(now + timedelta(days=24)).date(), now=opened,
    )  # fmt: skip
    for number, company in enumerate(COMPANIES):
        lead, helper = cast.leads[company.code], cast.helpers.get(company.code)
        small = company.code in SMALL
        assessment = _assessment(session, cast, found, company, settings, opened, short=small)
        if company.now == "invited":
            continue
        at = opened + timedelta(days=4 + number % 20, hours=number % 9)
        files = file_evidence(session, vault, lead, company, quota=settings.supplier_quota, now=at)
        share = 0.4 + 0.065 * (number % 9) if company.now == "in_progress" else 1.0
        answer(session, lead, helper, assessment, company, year=year + 1, lift=0.02, now=at, share=share)
        if company.now == "in_progress":
            link_proofs(session, lead, assessment, files, share=0.8, now=at + timedelta(days=1))
            answer_at_odds(session, lead, assessment, company.code, now=at + timedelta(days=2))
            explain_hints(session, lead, assessment, now=at + timedelta(days=2, hours=1))
            take_figures(session, lead, assessment, company.code, now=at + timedelta(days=2, hours=2))
            keep_documents(
                session, vault, lead, company, assessment, quota=settings.supplier_quota,
                now=at + timedelta(days=3), today=now.date(),
            )  # fmt: skip
            if company.code in FILLED_OFFLINE:
                bring_workbook(
                    session, vault, lead, assessment, settings=settings, now=at + timedelta(days=3)
                )
            if company.code in SHARED:
                share_work(session, lead, helper, assessment, now=now)
            answer_per_site(session, lead, assessment, company.code, now=at + timedelta(days=3, hours=2))
            take_at_sites(session, lead, assessment, company.code, now=at + timedelta(days=3, hours=6))
            correct_register(
                session, vault, lead, company.code, year=year, now=at + timedelta(days=3, hours=7)
            )
            continue
        explain_hints(session, lead, assessment, now=at + timedelta(days=4))
        take_figures(session, lead, assessment, company.code, now=at + timedelta(days=4, hours=1))
        keep_documents(
            session, vault, lead, company, assessment, quota=settings.supplier_quota,
            now=at + timedelta(days=4, hours=3), today=now.date(),
        )  # fmt: skip
        answer_per_site(session, lead, assessment, company.code, now=at + timedelta(days=4, hours=5))
        take_at_sites(session, lead, assessment, company.code, now=at + timedelta(days=4, hours=9))
        send(session, lead, assessment, files, now=at + timedelta(days=5))
        correct_register(session, vault, lead, company.code, year=year, now=at + timedelta(days=6))
        review_in_part(session, cast.analyst, assessment, company, now=at + timedelta(days=9))


def _carbon(
    session: Session,
    engine: Engine,
    vault: Vault,
    cast: Cast,
    settings: Settings,
    *,
    year: int,
    now: datetime,
) -> None:
    for number, company in enumerate(COMPANIES):
        load_carbon(
            session,
            vault,
            cast.leads[company.code],
            company,
            year=year,
            now=now - timedelta(days=90 - number),
        )
    load_pact(session, vault, cast.leads, year=year, now=now - timedelta(days=55))
    for number, company in enumerate(COMPANIES):
        lead = cast.leads[company.code]
        fill_register(session, vault, lead, company.code, year=year, now=now - timedelta(days=54 - number))
        enter_deliveries(session, lead, company.code, year=year, now=now - timedelta(days=53 - number))
    claim_twice(session, cast.leads["WAF-02"], year=year, now=now - timedelta(days=30))
    at = now - timedelta(days=20)
    ledger = take_ledger(
        session,
        engine,
        vault,
        cast.analyst,
        settings=settings,
        year=year,
        name=f"purchases-{year}.csv",
        now=at,
    )
    estimate_ledger(
        session, cast.analyst, ledger_id=ledger.id, year=year, vault=vault, now=at + timedelta(minutes=4)
    )
    later = now - timedelta(days=2)
    leave_waiting(session, engine, vault, cast.analyst, settings=settings, year=year + 1, now=later)
