"""Answers of sites from the carbon register: each its own, together what the company has, and nothing counted twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.electricity import green_share
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.questionnaire.model import indicator
from portal.core.questionnaire.sites import asked_per_site
from portal.operations.answering import Given, save_site_answer
from portal.operations.certificates import name_site
from portal.operations.register_beside import Beside, beside_register
from portal.operations.register_judging import cover_of, use_of
from portal.operations.register_review import sent_beside_register
from portal.operations.scoring import gaps_of, open_case, submitted_case
from portal.operations.snapshots import read_snapshot
from portal.operations.submitting import submit_assessment
from portal.operations.taking import Click, take_all, take_over
from portal.store.answers import answers_of
from portal.store.assessments import Assessment, latest_submission
from portal.store.electricity import Certificate, certificates_of, electricity_of
from portal.store.journal import entries_about
from portal.store.people import User
from portal.store.site_answers import AssessmentSite, SiteAnswer, site_answers_of
from portal.store.suppliers import Supplier
from portal.store.taken_figures import SiteTakenFigure, taken_at_sites
from tests.make.assessments import best, give, link_evidence, make_assessment, make_round
from tests.make.examples import examples
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.register_rows import certificate, use

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SITES = ("Ash", "Birch", "Cedar")
MILLIONTH = Fraction(1, 10**6)


@pytest.fixture
def user(session: Session) -> User:
    return make_member(session, make_supplier(session, roles=("manufacturing",)))


@pytest.fixture
def assessment(session: Session, user: User) -> Assessment:
    supplier = session.scalars(select(Supplier)).one()
    made = make_assessment(session, make_round(session, make_staff(session)), supplier)
    for name in SITES:
        choose(session, made, user, name)
    return made


@pytest.fixture
def lead(session: Session, user: User, assessment: Assessment) -> Actor:
    return actor_of(user, session.get_one(Supplier, assessment.supplier_id))


def choose(session: Session, assessment: Assessment, user: User, name: str) -> AssessmentSite:
    row = AssessmentSite(
        assessment_id=assessment.id, key=name.lower(), name=name, output=Decimal(1), unit="t",
        chosen_by_id=user.id, chosen_at=NOW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def named(session: Session, assessment: Assessment, user: User, mwh: str, first: int, site: str = "", **more: Any) -> Certificate:  # fmt: skip
    row = certificate(session, assessment, user, mwh, first, **more)
    row.site = site
    session.flush()
    return row


def site_id(session: Session, name: str) -> int:
    return session.scalars(select(AssessmentSite.id).where(AssessmentSite.name == name)).one()


def everything(session: Session, assessment: Assessment) -> dict[tuple[str, str], Beside]:
    session.expire_all()
    found = beside_register(session, open_case(session, assessment), answers_of(session, assessment.id))
    return {(code, one.site): one for (code, _), one in found.items()}


def beside(session: Session, assessment: Assessment, code: str, site: str = "") -> Beside | None:
    return everything(session, assessment).get((code, site))


def state(session: Session, assessment: Assessment, code: str, site: str = "") -> str:
    one = beside(session, assessment, code, site)
    return one.state if one else ""


def told(session: Session, assessment: Assessment, code: str) -> list[str]:
    one = beside(session, assessment, code)
    return [said.entry.text.en for said in one.told] if one else []


def clicks(session: Session, assessment: Assessment) -> list[Click]:
    return [
        Click(code, one.answer.version if one.answer else 0, one.seen, one.site_id)
        for (code, _), one in everything(session, assessment).items()
        if one.site_id is not None and one.can_take
    ]


def take_every_site(session: Session, lead: Actor, assessment: Assessment) -> None:
    done = take_all(session, lead, assessment=assessment, clicks=clicks(session, assessment), now=NOW)
    assert done.left == ()


def type_at(session: Session, lead: Actor, assessment: Assessment, code: str, site: str, raw: object, base: int = 0) -> None:  # fmt: skip
    save_site_answer(
        session, lead, assessment=assessment, case=open_case(session, assessment),
        site_id=site_id(session, site), code=code, given=Given(raw, None, base), now=NOW,
    )  # fmt: skip


MWH = st.decimals("0", "5000", places=3)
USES = st.lists(
    st.tuples(st.sampled_from(SITES), st.sampled_from(("grid", "own_pv", "ppa", "green_tariff")), MWH),
    max_size=6,
)
HELD = st.lists(
    st.tuples(
        st.sampled_from(("", *SITES, "Elsewhere")),
        st.integers(1, 3000),
        st.sampled_from(("grid", "grid", "ppa")),
        st.booleans(),
    ),
    max_size=6,
)
TRIED = settings(
    max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@TRIED
@given(uses=USES, held=HELD)
@example(
    uses=[(name, "grid", Decimal(1000)) for name in SITES[:2]],
    held=[("", 100, "grid", True), ("Ash", 300, "grid", True)],
)
def test_all_sites_taken_over_are_together_what_the_company_has_but_what_belongs_to_no_site(
    session: Session, assessment: Assessment, lead: Actor, user: User, uses: Any, held: Any
) -> None:
    with session.begin_nested() as step:
        for name in SITES:
            use(session, assessment, user, "1", "other", site=name)
        for name, source, mwh in uses:
            use(session, assessment, user, f"{mwh}", source, site=name.upper() + " ")
        for n, (name, mwh, backs, retired) in enumerate(held):
            row = named(session, assessment, user, f"{mwh}", n * 10_000, name, retired=retired)
            row.backs = backs
        session.flush()
        take_every_site(session, lead, assessment)
        rows = electricity_of(session, assessment.supplier_id)
        certificates = certificates_of(session, assessment.supplier_id)
        whole = green_share([use_of(r) for r in rows], [cover_of(r) for r in certificates], 2025)
        case = open_case(session, assessment)
        assert case.answers["NRG-01"] == sum((row.mwh for row in rows), Decimal(0))
        found = beside(session, assessment, "NRG-02")
        assert found is not None and whole.share is not None
        spare = [said.facts for said in found.told if "register.certificates_unattributed" in said.facts]
        beyond = Fraction(spare[0]["register.certificates_unattributed"]) if spare else Fraction(0)  # type: ignore[arg-type]
        expected = (whole.own + whole.ppa + whole.counted - beyond) / whole.consumption * 100
        rolled = case.answers["NRG-02"]
        assert isinstance(rolled, Decimal) and abs(Fraction(rolled) - expected) <= MILLIONTH
        assert beyond >= 0
        if not beyond:
            assert found.proposed is not None  # the figure of the company that the page shows
            assume(abs(expected * 10 % 1 - Fraction(1, 2)) > 100 * MILLIONTH)
            assert round(rolled, 1) == found.proposed
        step.rollback()
    session.expire_all()


@TRIED
@given(held=HELD)
def test_no_certificate_stands_at_two_sites_and_none_is_lost_unsaid(
    session: Session, assessment: Assessment, lead: Actor, user: User, held: Any
) -> None:
    with session.begin_nested() as step:
        for name in SITES:
            use(session, assessment, user, "100000", site=name)
            use(session, assessment, user, "10.5", "own_pv", site=name)
        for n, (name, mwh, backs, retired) in enumerate(held):
            row = named(session, assessment, user, f"{mwh}", n * 10_000, name, retired=retired)
            row.backs = backs
        session.flush()
        take_every_site(session, lead, assessment)
        rows: Any = open_case(session, assessment).answers["NRG-03"]
        serials = [row["certificate_or_contract_no"] for row in rows if "certificate_or_contract_no" in row]
        assert len(serials) == len(set(serials))
        certificates = certificates_of(session, assessment.supplier_id)
        covers = [cover_of(row) for row in certificates]
        whole = green_share(
            [use_of(r) for r in electricity_of(session, assessment.supplier_id)], covers, 2025
        )
        known = everything(session, assessment)["NRG-03", ""]
        beyond = sum(
            Fraction(said.facts["register.certificates_unattributed"])  # type: ignore[arg-type]
            for said in known.told
            if "register.certificates_unattributed" in said.facts
        )
        assert sum(Fraction(row["mwh"]) for row in rows) == whole.own + whole.ppa + whole.counted - beyond
        step.rollback()
    session.expire_all()


def test_each_site_has_its_own_twelve_months_and_one_year_with_the_others(
    session: Session, assessment: Assessment, user: User
) -> None:
    for month in range(1, 12):
        use(session, assessment, user, "10", month=month, site="Ash")
    use(session, assessment, user, "500", site="Birch")
    old = use(session, assessment, user, "900", site="Cedar")
    old.year = 2024
    session.flush()
    one = beside(session, assessment, "NRG-01", "Ash")
    assert one is not None and (one.state, one.proposed) == ("told", None)
    assert one.facts["site.electricity_months"] == 11
    assert state(session, assessment, "NRG-01", "Birch") == "offered"
    assert state(session, assessment, "NRG-01", "Cedar") == "told"  # nothing in the year of the others
    assert state(session, assessment, "NRG-02", "Ash") == ""
    use(session, assessment, user, "10", month=12, site=" ash")
    one = beside(session, assessment, "NRG-01", "Ash")
    assert one is not None and (one.state, one.proposed) == ("offered", Decimal(120))


def test_a_click_takes_one_site_and_a_correction_is_said_at_that_site_only(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    row = use(session, assessment, user, "500", site="Ash")
    use(session, assessment, user, "300", site="Birch")
    type_at(session, lead, assessment, "NRG-01", "Birch", "290")
    one = beside(session, assessment, "NRG-01", "Ash")
    assert one is not None
    seen = Click("NRG-01", 0, one.seen, one.site_id)
    answer = take_over(session, lead, assessment=assessment, click=seen, now=NOW)
    assert isinstance(answer, SiteAnswer)
    assert (answer.value, answer.origin, answer.site_id) == ("500", "register", site_id(session, "Ash"))
    figure = taken_at_sites(session, assessment.id)[answer.site_id]["NRG-01"]
    assert (figure.take, figure.records) == ("site.electricity", [["electricity", row.id]])
    states = [state(session, assessment, "NRG-01", name) for name in SITES]
    assert states == ["taken", "differs", "told"]
    row.mwh = Decimal(510)
    session.flush()
    assert state(session, assessment, "NRG-01", "Ash") == "moved"
    with pytest.raises(Conflict):
        take_over(session, lead, assessment=assessment, click=seen, now=NOW)
    with pytest.raises(Refused, match="register_moved"):
        stale = Click("NRG-01", 1, seen.seen, seen.site_id)
        take_over(session, lead, assessment=assessment, click=stale, now=NOW)
    take_every_site(session, lead, assessment)
    assert [state(session, assessment, "NRG-01", name) for name in SITES[:2]] == ["taken", "taken"]
    assert (
        len(session.scalars(select(SiteTakenFigure)).all()) == 7
    )  # NRG-01 twice at Ash; NRG-01 at Birch; two others each


def test_who_answers_decides_where_a_click_may_store(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    use(session, assessment, user, "500", site="Ash")
    one = beside(session, assessment, "NRG-01", "Ash")
    assert one is not None
    other = make_assessment(session, assessment.round, make_supplier(session, "S-002"))
    foreign = choose(session, other, user, "Ash")
    for wrong in (None, foreign.id, 999_999):
        with pytest.raises(NotFound):
            take_over(
                session, lead, assessment=assessment, click=Click("NRG-01", 0, one.seen, wrong), now=NOW
            )
    with pytest.raises(NotFound):  # the company answers this one
        take_over(
            session, lead, assessment=assessment, click=Click("CDS-02", 0, one.seen, one.site_id), now=NOW
        )
    assert session.scalars(select(SiteAnswer)).all() == []
    assert beside(session, other, "NRG-01", "Ash") is None  # nobody else's register speaks


def test_certificates_of_no_site_are_told_until_a_site_is_named(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    for name in SITES:
        use(session, assessment, user, "100", site=name)
    spare = named(session, assessment, user, "60", 1)
    own = beside(session, assessment, "NRG-02", "Ash")
    assert own is not None and own.proposed == 0
    (words,) = told(session, assessment, "NRG-02")
    assert "name none" in words and told(session, assessment, "NRG-03")
    one = beside(session, assessment, "NRG-02")
    assert one is not None and one.proposed == 20 and not one.can_take
    assert one.told[0].facts["register.certificates_unattributed"] == 60
    with pytest.raises(NotFound):
        name_site(session, lead, certificate_id=spare.id, site="Nowhere", now=NOW)
    name_site(session, lead, certificate_id=spare.id, site="ash", now=NOW)
    assert spare.site == "Ash"
    (entry,) = entries_about(session, "certificate", spare.id)
    assert entry.details and (entry.details["before"], entry.details["site"]) == ("", "Ash")
    own = beside(session, assessment, "NRG-02", "Ash")
    assert own is not None and own.proposed == 60
    assert told(session, assessment, "NRG-02") == [] == told(session, assessment, "NRG-03")
    named(session, assessment, user, "70", 1001, "Ash")  # thirty more than Ash can take
    assert state(session, assessment, "NRG-03", "Ash") == "told"
    one = beside(session, assessment, "NRG-02")
    assert one is not None and one.told[0].facts["register.certificates_unattributed"] == 30


def test_certificates_of_agreements_prove_the_agreement_of_their_site_only(
    session: Session, assessment: Assessment, user: User
) -> None:
    for name in SITES[:2]:
        use(session, assessment, user, "40", "ppa", site=name)
    row = named(session, assessment, user, "40", 1, "Ash")
    row.backs = "ppa"
    session.flush()
    rows = [beside(session, assessment, "NRG-03", name) for name in SITES[:2]]
    assert [one.proposed[0]["retired"] for one in rows if one and one.proposed] == ["yes", "no"]  # type: ignore[index]
    row.site = ""
    session.flush()
    assert any("name no site that has one" in words for words in told(session, assessment, "NRG-03"))


def test_a_site_of_the_register_that_is_not_in_the_assessment_is_named(
    session: Session, assessment: Assessment, user: User
) -> None:
    use(session, assessment, user, "100", site="Ash")
    use(session, assessment, user, "50", site="Far yard")
    one = beside(session, assessment, "NRG-01")
    assert one is not None and one.told[0].facts["sites.left_out_names"] == "Far yard"
    assert one.proposed == 150


def test_a_site_without_any_renewable_electricity_can_say_so(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    for name in SITES:
        use(session, assessment, user, "100", site=name)
    take_every_site(session, lead, assessment)
    answers = open_case(session, assessment).answers
    assert (answers["NRG-02"], answers["NRG-03"]) == (0, ())
    assert state(session, assessment, "NRG-03", "Ash") == "taken"


def test_a_submission_says_at_which_sites_the_register_spoke_and_the_review_whether_it_still_does(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    rows = [use(session, assessment, user, f"{n}00", site=name) for n, name in enumerate(SITES, start=1)]
    type_at(session, lead, assessment, "NRG-01", "Cedar", "300.4")
    answer_everything(session, lead, assessment, user)
    sent = submit_assessment(session, lead, assessment=assessment, now=NOW)
    content = json.loads(sent.content)
    assert "NRG-01" not in content["register"]
    snapshot = read_snapshot(open_case(session, assessment).questionnaire, sent.content)
    figures = snapshot.register_at_sites["NRG-01"]
    assert set(figures) == {"ash", "birch"}
    assert figures["ash"].records == (("electricity", rows[0].id),)
    assert figures["ash"].taken_by == user.name
    rows[0].mwh = Decimal(111)
    rows[1].replaced_at = NOW
    session.flush()
    latest, case = latest_submission(session, assessment.id), submitted_case(session, assessment)
    assert latest is not None and case is not None
    said = sent_beside_register(session, case, latest)["NRG-01"]
    assert {key: one.state for key, one in said.sites.items()} == {
        "ash": "moved", "birch": "silent", "cedar": "differs",
    }  # fmt: skip
    assert said.sites["ash"].now == 111
    with pytest.raises(Refused, match="locked_"):
        take_over(session, lead, assessment=assessment, click=clicks(session, assessment)[0], now=NOW)


def answer_everything(session: Session, lead: Actor, assessment: Assessment, user: User) -> None:
    wanted = [c for c in clicks(session, assessment) if c.version == 0]
    take_all(session, lead, assessment=assessment, clicks=wanted, now=NOW)
    while blocking := [gap for gap in gaps_of(open_case(session, assessment)) if gap.blocking]:
        for gap in blocking:
            asked = indicator(open_case(session, assessment).questionnaire, gap.indicator)
            if gap.code == "gap_evidence_missing":
                link_evidence(session, assessment, gap.indicator, user)
            elif asked_per_site(asked):
                for name in SITES:
                    type_at(session, lead, assessment, gap.indicator, name, best(asked))
            else:
                give(session, lead, assessment, gap.indicator, best(asked))
        session.expire_all()
    for own in site_answers_of(session, assessment.id).rows.values():
        assert "NRG-01" in own
