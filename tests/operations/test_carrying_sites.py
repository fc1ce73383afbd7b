"""Starting from an assessment that was answered per site: the same sites, their answers to be confirmed, no outputs,
nothing twice, nothing over an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import find_indicator, indicators_of
from portal.core.questionnaire.progress import progress
from portal.core.questionnaire.sites import asked_per_site, may_differ
from portal.operations.answering import Given, save_site_answer
from portal.operations.assessment_sites import ChosenSite, choose_sites
from portal.operations.carrying import carry_answers, earlier_source, preview_carry, preview_sites
from portal.operations.carrying_sites import earlier_outputs
from portal.operations.confirming import confirm_answers
from portal.operations.scoring import gaps_of, open_case
from portal.operations.sites import SitePlace, add_site, remove_site
from portal.operations.submitting import submit_assessment
from portal.store.answers import Answer, AnswerChange, answers_of
from portal.store.assessments import Assessment, Submission
from portal.store.carrying import CarriedAnswer, CarriedSiteAnswer, Carrying, carried_at_sites, carried_of
from portal.store.engine import writing
from portal.store.evidence import EvidenceLink, links_of
from portal.store.journal import entries_about
from portal.store.site_answers import (
    AssessmentSite,
    SiteAnswer,
    SiteAnswerChange,
    chosen_sites,
    site_answers_of,
)
from portal.store.sites import SupplierSite
from tests.core.scoring.test_properties import value_of
from tests.make.assessments import give, link_evidence
from tests.make.people import actor_of, make_member
from tests.make.undone import undone
from tests.operations.test_carrying import NOW, QUESTIONNAIRE, Years
from tests.operations.test_site_answers import answer_everything

AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
NAMES = ("Chuzhou", "Hefei", "Yangzhou")
AT_SITES = [
    i
    for i in indicators_of(QUESTIONNAIRE)
    if i.kind != "date" and "manufacturing" in i.applies_to and (asked_per_site(i) or may_differ(i))
]


class SiteYears(Years):
    """Two years of a supplier with three sites, last year answered for all of them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        for name in NAMES:
            add_site(session, self.lead, place=SitePlace(name, "CN"), now=AT)
        self.choose(self.before, NAMES, ("3", "1", "4"))

    def choose(self, assessment: Assessment, names: tuple[str, ...], outputs: tuple[str, ...] = ()) -> None:
        given = [
            ChosenSite(name.lower(), outputs[number] if outputs else "") for number, name in enumerate(names)
        ]
        choose_sites(self.session, self.lead, assessment=assessment, chosen=given, unit="MWp", now=AT)

    def at(self, assessment: Assessment, name: str, code: str, raw: object, base: int = 0) -> None:
        site = next(s for s in chosen_sites(self.session, assessment.id) if s.name == name)
        save_site_answer(
            self.session, self.lead, assessment=assessment, case=open_case(self.session, assessment),
            site_id=site.id, code=code, given=Given(raw, None, base), now=AT,
        )  # fmt: skip

    def fill(self) -> None:
        """A policy of the company that one site falls short of, actions and results of sites."""
        self.answer("GOV-02", "senior_executive")
        self.at(self.before, "Hefei", "GOV-02", "none")
        for name, wst, water in zip(NAMES, ("yes", "yes", "no"), ("100", "20", "3"), strict=True):
            self.at(self.before, name, "WST-02", wst)
            self.at(self.before, name, "EMW-01", water)

    def rows(self) -> dict[tuple[str, str], SiteAnswer]:
        found = site_answers_of(self.session, self.now.id)
        names = {site.id: site.name for site in found.sites}
        return {(names[n], code): row for n, own in found.rows.items() for code, row in own.items()}


@pytest.fixture
def years(session: Session) -> SiteYears:
    return SiteYears(session)


@pytest.fixture
def both(any_engine: Engine) -> Iterator[SiteYears]:
    with writing(any_engine) as session:
        yield SiteYears(session)


def everything(session: Session) -> list[list[object]]:
    session.flush()
    tables = (Answer, AnswerChange, EvidenceLink, Carrying, CarriedAnswer, CarriedSiteAnswer, AssessmentSite,
              SiteAnswer, SiteAnswerChange)  # fmt: skip
    return [
        [
            tuple(row)
            for row in session.execute(select(*table.__table__.columns).order_by(table.__table__.c.id))
        ]
        for table in tables
    ]


def test_the_same_sites_their_answers_to_confirm_no_outputs_and_twice_is_once(both: SiteYears) -> None:
    session = both.session
    both.fill()
    file = link_evidence(session, both.before, "WST-02", both.user)
    source = earlier_source(session, both.now)
    assert source is not None
    plan = preview_sites(session, assessment=both.now, source=source)
    assert (plan.way, plan.carried, plan.missing) == ("same", 4, ())
    done = both.carry()
    assert done.at_sites == {"Chuzhou": ("WST-02",), "Hefei": ("GOV-02", "WST-02"), "Yangzhou": ("WST-02",)}
    sites = site_answers_of(session, both.now.id).sites
    assert [(s.name, s.output, s.unit) for s in sites] == [(name, None, "") for name in NAMES]
    assert {where: (r.value, r.origin, r.confirmed) for where, r in both.rows().items()} == {
        ("Chuzhou", "WST-02"): ("yes", "carried", False),
        ("Hefei", "GOV-02"): ("none", "carried", False),
        ("Hefei", "WST-02"): ("yes", "carried", False),
        ("Yangzhou", "WST-02"): ("no", "carried", False),
    }
    # the company's own answer comes along, not the one that counted, and none where sites answer
    group = answers_of(session, both.now.id)
    assert {code: row.value for code, row in group.items()} == {"GOV-02": "senior_executive"}
    kept = carried_of(session, both.now.id)
    assert (kept["EMW-01"].outcome, kept["EMW-01"].reason, kept["EMW-01"].value) == (
        "beside", "carry_result", "123",
    )  # fmt: skip
    assert (kept["WST-02"].outcome, kept["WST-02"].reason, kept["WST-02"].value) == (
        "beside", "carry_sites_own", "no",
    )  # fmt: skip
    told = carried_at_sites(session, both.now.id)["hefei", "EMW-01"]
    assert (told.outcome, told.value, told.unit, told.site) == ("beside", "20", "m3", "Hefei")
    assert [link.evidence_id for link in links_of(session, both.now.id)["WST-02"]] == [file.id]
    entries = {e.action: e for e in entries_about(session, "assessment", both.now.id)}
    assert "assessment.sites_chosen" in entries
    assert (entries["assessment.carried"].details or {})["at_sites"] == 4
    assert earlier_outputs(session, both.now, "en")[1]["chuzhou"] == "3\N{NO-BREAK SPACE}MWp"
    session.delete(links_of(session, both.now.id)["WST-02"][0])
    session.flush()
    once = everything(session)
    again = both.carry()
    assert (again.carried, again.beside, again.at_sites) == ((), (), {})
    assert everything(session) == once


def test_what_waits_at_a_site_waits_with_the_question(both: SiteYears) -> None:
    session = both.session
    both.fill()
    both.carry()
    case = open_case(session, both.now)
    assert {"WST-02", "GOV-02"} == case.unconfirmed
    assert progress(QUESTIONNAIRE, case.path, case.answers, case.unconfirmed).overall.answered == 0
    assert {g.indicator for g in gaps_of(case) if g.code == "gap_unconfirmed"} == {"WST-02", "GOV-02"}
    sites = {site.name: site.id for site in site_answers_of(session, both.now.id).sites}
    both.at(both.now, "Yangzhou", "WST-02", "yes", base=1)
    # somebody looked at Hefei's answer before it was changed: it is not confirmed unseen
    seen_at = {(sites["Chuzhou"], "WST-02"): 1, (sites["Hefei"], "WST-02"): 9}
    done = confirm_answers(
        session, both.lead, assessment=both.now, seen={"WST-02": 0}, seen_at=seen_at, now=NOW
    )
    assert (done.confirmed, done.changed) == ((), ("WST-02",))
    assert "WST-02" in open_case(session, both.now).unconfirmed
    done = confirm_answers(session, both.lead, assessment=both.now, seen={"WST-02": 0, "GOV-02": 1}, now=NOW)
    assert done.confirmed == ("WST-02", "GOV-02")
    rows = both.rows()
    assert rows["Chuzhou", "WST-02"].version == 2 and rows["Yangzhou", "WST-02"].origin == "typed"
    case = open_case(session, both.now)
    assert case.unconfirmed == frozenset() and case.answers["GOV-02"] == "none"
    assert progress(QUESTIONNAIRE, case.path, case.answers, case.unconfirmed).overall.answered == 2


def test_a_site_that_is_gone_stays_behind_and_one_left_is_not_enough(years: SiteYears) -> None:
    session = years.session
    years.fill()
    gone = session.scalars(select(SupplierSite).where(SupplierSite.key == "hefei")).one()
    remove_site(session, years.lead, site_id=gone.id, now=AT)
    source = earlier_source(session, years.now)
    assert source is not None
    plan = preview_sites(session, assessment=years.now, source=source)
    assert (plan.way, plan.missing, [s.name for s in plan.sites]) == (
        "same",
        ("Hefei",),
        ["Chuzhou", "Yangzhou"],
    )
    other = session.scalars(select(SupplierSite).where(SupplierSite.key == "chuzhou")).one()
    remove_site(session, years.lead, site_id=other.id, now=AT)
    done = years.carry()
    assert chosen_sites(session, years.now.id) == [] and done.at_sites == {}
    assert answers_of(session, years.now.id) == {}
    kept = carried_of(session, years.now.id)
    # what counted then: the worst of all, also where one site fell short of the company
    assert {c: (r.outcome, r.reason, r.value) for c, r in kept.items() if c != "EMW-01"} == {
        "WST-02": ("beside", "carry_sites_then", "no"),
        "GOV-02": ("beside", "carry_sites_then", "none"),
    }


def test_the_companys_answers_tell_which_questions_sites_were_asked(years: SiteYears) -> None:
    years.answer("GOV-01", ["cell"])
    for name in NAMES:
        years.at(years.before, name, "OHS-04", ["gas_detection"])
    assert years.carry().at_sites == dict.fromkeys(NAMES, ("OHS-04",))


def test_sites_chosen_already_stay_and_their_answers_too(years: SiteYears) -> None:
    session = years.session
    years.fill()
    link_evidence(session, years.before, "WST-02", years.user)
    years.choose(years.now, ("Hefei", "Yangzhou"), ("7", "8"))
    years.at(years.now, "Hefei", "WST-02", "no")
    done = years.carry()
    assert done.at_sites == {"Hefei": ("GOV-02",), "Yangzhou": ("WST-02",)}
    assert [str(s.output) for s in site_answers_of(session, years.now.id).sites] == ["7", "8"]
    row = years.rows()["Hefei", "WST-02"]
    assert (row.value, row.origin, row.version) == ("no", "typed", 1)
    assert carried_at_sites(session, years.now.id)["hefei", "WST-02"].reason == "carry_answered"
    # the third site chosen afterwards still brings its own, and no link that was taken away by hand
    session.delete(links_of(session, years.now.id)["WST-02"][0])
    session.flush()
    years.choose(years.now, NAMES, ("1", "7", "8"))
    assert years.carry().at_sites == {"Chuzhou": ("WST-02",)}
    assert "WST-02" not in links_of(session, years.now.id)


def test_a_draft_answered_as_a_whole_is_not_turned_into_sites(years: SiteYears) -> None:
    session = years.session
    years.fill()
    give(session, years.lead, years.now, "WST-02", "no")
    done = years.carry()
    assert chosen_sites(session, years.now.id) == [] and done.at_sites == {} and done.carried == ()
    assert answers_of(session, years.now.id)["WST-02"].value == "no"
    years.choose(years.now, NAMES)
    assert set(years.carry().at_sites) == set(NAMES)


def test_a_draft_that_is_to_be_answered_as_a_whole_gets_no_sites(years: SiteYears) -> None:
    """The choice alone is enough, made before anything was answered or any site was chosen."""
    session = years.session
    years.fill()
    choose_sites(session, years.lead, assessment=years.now, chosen=[], unit="", now=NOW)
    done = years.carry()
    assert chosen_sites(session, years.now.id) == [] and done.at_sites == {}
    assert carried_of(session, years.now.id)["WST-02"].reason == "carry_sites_then"
    years.choose(years.now, NAMES)
    assert set(years.carry().at_sites) == set(NAMES)


def test_the_companys_earlier_answers_are_not_copied_to_sites(session: Session) -> None:
    years = SiteYears(session)
    choose_sites(session, years.lead, assessment=years.before, chosen=[], unit="", now=AT)
    years.answer("WST-02", "yes")
    years.answer("GOV-02", "senior_executive")
    years.choose(years.now, NAMES)
    done = years.carry()
    assert (done.carried, done.beside, done.at_sites) == (("GOV-02",), ("WST-02",), {})
    assert carried_of(session, years.now.id)["WST-02"].reason == "carry_sites_answer"
    assert years.rows() == {} and set(answers_of(session, years.now.id)) == {"GOV-02"}


def test_only_a_lead_lets_sites_be_chosen(years: SiteYears) -> None:
    session = years.session
    years.fill()
    years.answer("GOV-06", "public")
    source = earlier_source(session, years.now)
    assert source is not None
    other = actor_of(make_member(session, years.supplier, "contributor"), years.supplier, "contributor")
    done = carry_answers(session, other, assessment=years.now, source=source, now=NOW)
    assert done.carried == ("GOV-06",) and chosen_sites(session, years.now.id) == []
    assert preview_carry(session, assessment=years.now, source=source, may_choose=False) == ()
    done = years.carry()
    assert done.carried == ("GOV-02",) and set(done.at_sites) == set(NAMES)


def test_what_was_sent_of_sites_counts_and_the_next_submission_says_what_was_carried(
    years: SiteYears,
) -> None:
    session = years.session
    answer_everything(
        session, years.before, years.lead, tuple(site_answers_of(session, years.before.id).sites)
    )
    submit_assessment(session, years.lead, assessment=years.before, now=NOW)
    sent = earlier_source(session, years.now)
    assert sent is not None and len(sent.sites) == 3 and sent.submission_id is not None
    years.carry()
    case = open_case(session, years.now)
    assert case.unconfirmed
    confirm_answers(
        session, years.lead, assessment=years.now, seen=dict.fromkeys(case.unconfirmed, 1), now=NOW
    )
    assert open_case(session, years.now).unconfirmed == frozenset()
    answer_everything(session, years.now, years.lead, tuple(site_answers_of(session, years.now.id).sites))
    submit_assessment(session, years.lead, assessment=years.now, now=NOW)
    content = session.scalars(select(Submission).order_by(Submission.id.desc())).first()
    assert content is not None and '"WST-02":{"at":' in content.content.split('"carried":')[1]


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_idempotent_and_harmless_whatever_sites_answered(session: Session, data: st.DataObject) -> None:
    """Any answers of sites before, any now: nothing given is touched, no result arrives, the company answers nothing that
    sites answer, twice equals once."""
    with undone(session):
        years = SiteYears(session)
        source = _drawn(years, data)
        if data.draw(st.booleans()):
            years.choose(years.now, data.draw(st.sampled_from((NAMES, NAMES[1:]))))
            for one in data.draw(st.lists(st.sampled_from(AT_SITES), max_size=3, unique_by=lambda i: i.code)):
                years.at(years.now, "Hefei", one.code, to_json(one, data.draw(value_of(one))))
        before = {where: (r.value, r.typed, r.version, r.confirmed) for where, r in years.rows().items()}
        carry_answers(session, years.lead, assessment=years.now, source=source, now=NOW)
        rows = years.rows()
        assert {
            w: (rows[w].value, rows[w].typed, rows[w].version, rows[w].confirmed) for w in before
        } == before
        for (_name, code), row in rows.items():
            one = find_indicator(QUESTIONNAIRE, code)
            assert one is not None
            if row.origin == "carried":
                assert one.nature != "result" and not row.confirmed
        for code in answers_of(session, years.now.id):
            one = find_indicator(QUESTIONNAIRE, code)
            assert one is not None and not asked_per_site(one)
        once = everything(session)
        carry_answers(session, years.lead, assessment=years.now, source=source, now=NOW)
        assert everything(session) == once


def _drawn(years: SiteYears, data: st.DataObject):  # type: ignore[no-untyped-def]
    years.fill()
    found = earlier_source(years.session, years.now)
    assert found is not None
    picked = data.draw(
        st.lists(st.sampled_from(AT_SITES), min_size=1, max_size=6, unique_by=lambda i: i.code)
    )
    sites = tuple(
        replace(
            site,
            answers={**site.answers, **{i.code: to_json(i, data.draw(value_of(i))) for i in picked}},
        )
        for site in found.sites
    )
    answers = {**found.answers, **{i.code: to_json(i, data.draw(value_of(i))) for i in picked}}
    return replace(found, sites=sites, answers=answers, rolled=found.rolled | {i.code for i in picked})
