"""Answers of sites: chosen once, saved like any answer, counted together, and frozen with what is sent."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.core.questionnaire.model import indicators_of
from portal.core.questionnaire.sites import asked_per_site
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import Given, save_page, save_site_answer, save_site_page
from portal.operations.assessment_sites import ChosenSite, choose_sites
from portal.operations.exporting import Reader, purchasing_review
from portal.operations.scoring import declared_sheet, gaps_of, open_case, submitted_case
from portal.operations.sites import SitePlace, add_site, remove_site
from portal.operations.snapshots import read_snapshot
from portal.operations.submitting import submit_assessment
from portal.store.answers import answers_of
from portal.store.assessments import Assessment, Submission
from portal.store.engine import writing
from portal.store.journal import entries_about
from portal.store.people import User
from portal.store.site_answers import AssessmentSite, SiteAnswer, SiteAnswerChange, site_answers_of
from portal.store.suppliers import Supplier
from tests.make.assessments import VERSION, best, give, link_evidence, make_assessment, make_round
from tests.make.people import actor_of, make_member, make_staff, make_supplier

NOW = datetime(2026, 11, 21, 6, 3, tzinfo=UTC)
NAMES = ("Chuzhou", "Hefei", "Yangzhou")


@pytest.fixture
def assessment(session: Session) -> Assessment:
    supplier = make_supplier(session, roles=("manufacturing", "minerals"))
    return make_assessment(session, make_round(session, make_staff(session)), supplier)


@pytest.fixture
def lead(session: Session, assessment: Assessment) -> Actor:
    supplier = session.get_one(Supplier, assessment.supplier_id)
    return actor_of(make_member(session, supplier), supplier)


@pytest.fixture
def sites(session: Session, assessment: Assessment, lead: Actor) -> tuple[AssessmentSite, ...]:
    return chosen(session, assessment, lead)


def chosen(
    session: Session, assessment: Assessment, lead: Actor, outputs: tuple[str, ...] = ("3", "1", "4")
) -> tuple[AssessmentSite, ...]:
    known = {site.name for site in session.scalars(select(AssessmentSite))}
    for name in NAMES:
        if name not in known:
            add_site(session, lead, place=SitePlace(name, "CN"), now=NOW)
    wanted = [ChosenSite(name.lower(), output) for name, output in zip(NAMES, outputs, strict=True)]
    return tuple(choose_sites(session, lead, assessment=assessment, chosen=wanted, unit="MWp", now=NOW))


def at(
    session: Session,
    lead: Actor,
    assessment: Assessment,
    site: AssessmentSite,
    code: str,
    raw: object,
    base: int = 0,
) -> SiteAnswer | None:
    return save_site_answer(
        session, lead, assessment=assessment, case=open_case(session, assessment), site_id=site.id, code=code,
        given=Given(raw, None, base), now=NOW,
    )  # fmt: skip


def test_the_groups_answers_stay_the_groups(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    give(session, lead, assessment, "EMW-01", "900")
    for site, raw in zip(sites, ("100.5", "20", "3"), strict=True):
        at(session, lead, assessment, site, "EMW-01", raw)
    assert answers_of(session, assessment.id)["EMW-01"].value == "900"
    case = open_case(session, assessment)
    assert case.answers["EMW-01"] == Decimal("123.5")
    assert case.sites is not None and case.sites.group["EMW-01"] == Decimal(900)
    choose_sites(session, lead, assessment=assessment, chosen=[], unit="", now=NOW)
    case = open_case(session, assessment)
    assert case.sites is None and case.answers["EMW-01"] == Decimal(900)
    assert len(session.scalars(select(SiteAnswer)).all()) == 3


def test_a_site_that_owes_an_answer_is_named(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    at(session, lead, assessment, sites[0], "WST-02", "yes")
    case = open_case(session, assessment)
    gap = next(gap for gap in gaps_of(case) if gap.indicator == "WST-02")
    assert (gap.code, gap.blocking, gap.sites) == ("gap_gating_missing", True, ("hefei", "yangzhou"))
    assert declared_sheet(case).lines["WST-02"].state == "missing"


def test_an_output_that_is_missing_is_named_and_nothing_is_guessed(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    sites = chosen(session, assessment, lead, ("3", "", "4"))
    for site in sites:
        at(session, lead, assessment, site, "EMW-02", "70")
    case = open_case(session, assessment)
    assert "EMW-02" not in case.answers
    assert next(g for g in gaps_of(case) if g.indicator == "EMW-02").unweighed == ("hefei",)
    chosen(session, assessment, lead)
    assert open_case(session, assessment).answers["EMW-02"] == Decimal(70)


def test_what_one_site_wrote_and_cannot_be_read_blocks_sending(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    stored = at(session, lead, assessment, sites[1], "EMW-01", "1,234")
    assert stored is not None and stored.value is None and stored.typed == "1,234"
    case = open_case(session, assessment)
    assert "EMW-01" in case.unreadable
    assert [g.code for g in gaps_of(case) if g.indicator == "EMW-01"] == ["gap_unreadable"]


def test_an_exception_counts_and_clearing_it_takes_it_back(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    give(session, lead, assessment, "HRT-01", "public")
    at(session, lead, assessment, sites[2], "HRT-01", "internal")
    assert open_case(session, assessment).answers["HRT-01"] == "internal"
    at(session, lead, assessment, sites[2], "HRT-01", "", base=1)
    case = open_case(session, assessment)
    assert case.answers["HRT-01"] == "public"
    assert case.sites is not None and "HRT-01" not in case.sites.roll_ups
    changes = session.scalars(select(SiteAnswerChange).order_by(SiteAnswerChange.version)).all()
    assert [(c.version, c.value) for c in changes] == [(1, "internal"), (2, None)]


def test_the_second_of_two_people_sees_both_answers_of_a_site(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    at(session, lead, assessment, sites[0], "LAB-02", "44")
    at(session, lead, assessment, sites[1], "LAB-02", "50")
    with pytest.raises(Conflict) as caught:
        at(session, lead, assessment, sites[0], "LAB-02", "48")
    assert caught.value.theirs.value == "44"
    page = save_site_page(
        session, lead, assessment=assessment, case=open_case(session, assessment), site_id=sites[0].id,
        given={"LAB-02": Given("48", None, 0), "LAB-03": Given("110", None, 0)}, now=NOW,
    )  # fmt: skip
    assert page.saved == ("LAB-03",) and set(page.conflicts) == {"LAB-02"}


@pytest.mark.parametrize("first", [True, False])
def test_two_people_answer_for_a_site_at_the_same_moment(any_engine: Engine, first: bool) -> None:
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        lead = actor_of(make_member(session, supplier), supplier)
        assessment = make_assessment(session, make_round(session, make_staff(session)), supplier)
        site = chosen(session, assessment, lead)[0]
        if not first:
            at(session, lead, assessment, site, "LAB-02", "40")
        assessment_id, site_id, base = assessment.id, site.id, 0 if first else 1
        session.commit()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def answer(raw: str) -> None:
        with writing(any_engine) as own:
            mine = own.get_one(Assessment, assessment_id)
            case = open_case(own, mine)
            own.rollback()
            start.wait()
            try:
                save_site_answer(
                    own, lead, assessment=mine, case=case, site_id=site_id, code="LAB-02",
                    given=Given(raw, None, base), now=NOW,
                )  # fmt: skip
                own.commit()
                outcomes.append("saved")
            except Conflict:
                outcomes.append("conflict")

    people = [threading.Thread(target=answer, args=(raw,)) for raw in ("44", "50")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(outcomes) == ["conflict", "saved"]


def test_only_what_sites_may_answer_at_sites_that_are_in(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    for code in ("GOV-01", "CDS-02", "XXX-01"):
        with pytest.raises(NotFound):
            at(session, lead, assessment, sites[0], code, "1")
    two = [ChosenSite("hefei"), ChosenSite("yangzhou")]
    choose_sites(session, lead, assessment=assessment, chosen=two, unit="", now=NOW)
    with pytest.raises(NotFound):
        at(session, lead, assessment, sites[0], "LAB-02", "44")
    other = make_supplier(session, code="S-OTHER")
    theirs = make_assessment(session, assessment.round, other)
    with pytest.raises(NotFound):
        at(session, lead, theirs, sites[1], "LAB-02", "44")


def test_choosing_is_checked(session: Session, assessment: Assessment, lead: Actor) -> None:
    chosen(session, assessment, lead)

    def choose(*given: ChosenSite, unit: str = "t") -> list[str]:
        with pytest.raises(Invalid) as caught:
            choose_sites(session, lead, assessment=assessment, chosen=given, unit=unit, now=NOW)
        return [problem.code for problem in caught.value.problems]

    assert choose(ChosenSite("hefei")) == ["sites_two_needed"]
    assert choose(ChosenSite("hefei", "0"), ChosenSite("chuzhou", "1,234")) == [
        "site_output_not_positive",
        "ambiguous_number",
    ]
    assert choose(ChosenSite("hefei", "2"), ChosenSite("chuzhou"), unit="bananas") == ["site_unit_unknown"]
    with pytest.raises(NotFound):
        choose_sites(
            session,
            lead,
            assessment=assessment,
            chosen=[ChosenSite("elsewhere"), ChosenSite("hefei")],
            unit="",
            now=NOW,
        )
    assert [e.action for e in entries_about(session, "assessment", assessment.id)] == [
        "assessment.sites_chosen"
    ]
    other = make_supplier(session, code="S-OTHER")
    theirs = make_assessment(session, assessment.round, other)
    with pytest.raises(NotFound):
        choose_sites(
            session,
            lead,
            assessment=theirs,
            chosen=[ChosenSite("hefei"), ChosenSite("chuzhou")],
            unit="",
            now=NOW,
        )


def test_a_site_taken_out_of_the_suppliers_list_stays_in_the_assessment(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    row = add_site(session, lead, place=SitePlace("Wuhu", "CN"), now=NOW)
    four = [ChosenSite(name.lower()) for name in (*NAMES, "Wuhu")]
    choose_sites(session, lead, assessment=assessment, chosen=four, unit="", now=NOW)
    remove_site(session, lead, site_id=row.id, now=NOW)
    found = choose_sites(session, lead, assessment=assessment, chosen=four, unit="", now=NOW)
    assert {site.name for site in found} == {*NAMES, "Wuhu"}


def answer_everything(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    user = session.get_one(User, lead.user_id)
    case = open_case(session, assessment)
    asked = [
        i
        for i in indicators_of(find_questionnaire(VERSION))
        if (closed := case.path.closed.get(i.code)) is None or closed.reason != "role"
    ]
    here = {i.code: Given(best(i), None, 0) for i in asked if asked_per_site(i)} if sites else {}
    group = {i.code: Given(best(i), None, 0) for i in asked if i.code not in here}
    save_page(session, lead, assessment=assessment, case=case, given=group, now=NOW)
    for site in sites:
        save_site_page(session, lead, assessment=assessment, case=case, site_id=site.id, given=here, now=NOW)
    for one in asked:
        if one.evidence == "required":
            link_evidence(session, assessment, one.code, user, name=f"{one.code}.pdf")
    session.expire_all()


def test_what_is_sent_says_how_it_came_about(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    give(session, lead, assessment, "EMW-01", "900")
    answer_everything(session, assessment, lead, sites)
    at(session, lead, assessment, sites[1], "EMW-02", "50", base=1)
    at(session, lead, assessment, sites[2], "HRT-01", "internal")
    live = open_case(session, assessment)
    submission = submit_assessment(session, lead, assessment=assessment, now=NOW)
    sent = submitted_case(session, assessment)
    assert sent is not None and sent.sites is not None and live.sites is not None
    assert dict(sent.answers) == dict(live.answers)
    assert sent.sites.roll_ups == live.sites.roll_ups
    assert (sent.sites.sites, sent.sites.unit, sent.sites.group) == (
        live.sites.sites,
        "MWp",
        live.sites.group,
    )
    assert declared_sheet(sent) == declared_sheet(live)
    data = json.loads(submission.content)
    assert data["answers"]["HRT-01"] == "internal" and "EMW-02" not in data["typed"]
    told = data["per_site"]["roll_ups"]["EMW-02"]
    assert (told["how"], [part["value"] for part in told["parts"]]) == (
        "output_weighted_mean",
        [best_of("EMW-02"), "50", best_of("EMW-02")],
    )
    assert data["per_site"]["typed"]["EMW-02"]["hefei"] == {"typed": "50", "unit": "%"}


def test_exports_say_how_an_answer_came_about(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    answer_everything(session, assessment, lead, sites)
    at(session, lead, assessment, sites[1], "ETH-03", "2")
    submit_assessment(session, lead, assessment=assessment, now=NOW)
    reader = Reader("en", "Manager", "Buyer (invented)", NOW, UTC, str, str, str)
    told = purchasing_review(session, round_id=assessment.round_id, estimate_id=None, reader=reader)
    assert [flag.answer for flag in told.flags if flag.indicator == "ETH-03"] == [
        "2 (The worst of 3 sites counts: Hefei)"
    ]


def best_of(code: str) -> str:
    one = next(i for i in indicators_of(find_questionnaire(VERSION)) if i.code == code)
    return str(best(one))


def test_a_submission_without_sites_holds_nothing_of_them(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    questionnaire = find_questionnaire(VERSION)
    answer_everything(session, assessment, lead, ())
    submission = submit_assessment(session, lead, assessment=assessment, now=NOW)
    assert "per_site" not in json.loads(submission.content)
    assert read_snapshot(questionnaire, submission.content).per_site is None
    assert session.scalar(select(Submission)) is submission


def test_sending_fixes_the_sites_and_a_return_opens_answers_only(
    session: Session, assessment: Assessment, lead: Actor, sites: tuple[AssessmentSite, ...]
) -> None:
    assessment.state = "submitted"
    session.flush()
    with pytest.raises(Refused) as refused:
        at(session, lead, assessment, sites[0], "LAB-02", "44")
    assert refused.value.problem.code == "locked_submitted"
    for state in ("submitted", "returned", "released"):
        assessment.state = state
        session.flush()
        with pytest.raises(Refused) as refused:
            choose_sites(session, lead, assessment=assessment, chosen=[], unit="", now=NOW)
        assert refused.value.problem.code == "sites_fixed"
    assert len(site_answers_of(session, assessment.id).sites) == 3
