"""The company's answer entered at the sites that have none: waiting to be confirmed, once, and never what is added up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.questionnaire.model import indicators_of
from portal.core.questionnaire.progress import progress
from portal.core.questionnaire.sites import (
    Site,
    asked_per_site,
    company_answer_fits,
    effective_answers,
)
from portal.files.questionnaires import find_questionnaire
from portal.operations.assessment_sites import choose_sites
from portal.operations.confirming import confirm_answers
from portal.operations.filling import fill_sites, fillable
from portal.operations.scoring import open_case
from portal.store.answers import Answer
from portal.store.assessments import Assessment
from portal.store.journal import entries_about
from portal.store.site_answers import SiteAnswer, SiteAnswerChange, site_answers_of
from tests.core.scoring.test_properties import value_of
from tests.make.assessments import VERSION, give
from tests.operations.test_site_answers import NOW, answer_everything, assessment, at, chosen, lead

__all__ = ["assessment", "lead"]
QUESTIONNAIRE = find_questionnaire(VERSION)
AT_SITES = [i for i in indicators_of(QUESTIONNAIRE) if asked_per_site(i)]
FITS = [i for i in AT_SITES if company_answer_fits(i)]


def answered(session: Session, assessment: Assessment) -> int:
    case = open_case(session, assessment)
    return progress(case.questionnaire, case.path, case.answers, case.unconfirmed).overall.answered


def test_what_the_company_answered_is_confirmed_instead_of_given_again(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    answer_everything(session, assessment, lead, ())
    before = open_case(session, assessment)
    count = answered(session, assessment)
    chosen(session, assessment, lead)
    lost = count - answered(session, assessment)
    assert lost > 20
    filled = fill_sites(session, lead, assessment=assessment, codes=[i.code for i in AT_SITES], now=NOW)
    assert filled.answers == 3 * len(filled.codes) and len(filled.codes) > 20
    case = open_case(session, assessment)
    assert case.unconfirmed >= set(filled.codes), "nothing counts before somebody confirmed it"
    assert count - answered(session, assessment) == lost
    weighed = {i.code for i in AT_SITES if i.weighed_by}  # these still want the amounts that weigh them
    for code in set(filled.codes) - weighed:
        assert case.answers[code] == before.answers[code]
    rows = session.scalars(select(SiteAnswer)).all()
    assert {(row.origin, row.confirmed, row.version, row.changed_by_id) for row in rows} == {
        ("carried", False, 1, lead.user_id)
    }
    changes = session.scalars(select(SiteAnswerChange)).all()
    assert len(changes) == filled.answers and {c.changed_by_id for c in changes} == {lead.user_id}
    assert [e.action for e in entries_about(session, "assessment", assessment.id)].count(
        "answers.filled"
    ) == 1
    confirm_answers(session, lead, assessment=assessment, seen=dict.fromkeys(filled.codes, 0), now=NOW)
    assert count - answered(session, assessment) == lost - len(set(filled.codes) - weighed)


def test_twice_is_once_and_nothing_a_site_answered_is_touched(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    give(session, lead, assessment, "WST-02", "yes")
    sites = chosen(session, assessment, lead)
    at(session, lead, assessment, sites[0], "WST-02", "no")
    at(session, lead, assessment, sites[1], "WST-02", "yes")
    at(session, lead, assessment, sites[1], "WST-02", None, 1)
    assert fillable(open_case(session, assessment)) == {"WST-02": (sites[1].id, sites[2].id)}
    done = fill_sites(session, lead, assessment=assessment, codes=["WST-02"], now=NOW)
    assert (done.codes, done.answers) == (("WST-02",), 2)
    rows = site_answers_of(session, assessment.id).rows
    assert [rows[site.id]["WST-02"].value for site in sites] == ["no", "yes", "yes"]
    assert [rows[site.id]["WST-02"].version for site in sites] == [1, 3, 1]
    assert [rows[site.id]["WST-02"].confirmed for site in sites] == [True, False, False]
    again = fill_sites(session, lead, assessment=assessment, codes=["WST-02"], now=NOW)
    assert (again.codes, again.answers) == ((), 0)
    assert [e.action for e in entries_about(session, "assessment", assessment.id)].count(
        "answers.filled"
    ) == 1
    assert open_case(session, assessment).answers["WST-02"] == "no", "the worst still counts"


def test_totals_are_never_entered_at_sites(session: Session, assessment: Assessment, lead: Actor) -> None:
    give(session, lead, assessment, "EMW-01", "900")
    give(session, lead, assessment, "NRG-01", "1200")
    chosen(session, assessment, lead)
    assert fillable(open_case(session, assessment)) == {}
    done = fill_sites(session, lead, assessment=assessment, codes=["EMW-01", "NRG-01", "XXX-99"], now=NOW)
    assert done.answers == 0 and session.scalars(select(SiteAnswer)).all() == []


@pytest.mark.parametrize("state", ["returned", "submitted", "in_review", "released"])
def test_only_in_a_draft(session: Session, assessment: Assessment, lead: Actor, state: str) -> None:
    give(session, lead, assessment, "WST-02", "yes")
    chosen(session, assessment, lead)
    assessment.state = state
    session.flush()
    assert fillable(open_case(session, assessment)) == {}
    with pytest.raises(Refused) as refused:
        fill_sites(session, lead, assessment=assessment, codes=["WST-02"], now=NOW)
    assert refused.value.problem.code == ("fill_draft_only" if state == "returned" else f"locked_{state}")


def test_as_a_whole_again_and_without_sites_nothing_is_offered(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    give(session, lead, assessment, "WST-02", "yes")
    assert fillable(open_case(session, assessment)) == {}
    chosen(session, assessment, lead)
    choose_sites(session, lead, assessment=assessment, chosen=[], unit="", now=NOW)
    assert fillable(open_case(session, assessment)) == {}
    assert session.scalars(select(Answer.value)).all() == ["yes"]


@given(st.data())
def test_the_company_s_answer_at_every_site_counts_as_the_company_s_answer(data: st.DataObject) -> None:
    """Whatever it is, and whatever the sites weigh; what is added up is never offered."""
    one = data.draw(st.sampled_from(FITS))
    value = data.draw(value_of(one))
    weights = data.draw(st.lists(st.integers(1, 900).map(Decimal), min_size=2, max_size=4))
    sites = [Site(str(n), f"site {n}", weight) for n, weight in enumerate(weights)]
    at_sites = {one.code: {site.key: value for site in sites}}
    if one.weighed_by:
        at_sites[one.weighed_by] = {site.key: site.output for site in sites}
    made = effective_answers(QUESTIONNAIRE, sites, {}, at_sites)  # type: ignore[arg-type]
    assert made.answers.get(one.code) == value
    added = [i for i in AT_SITES if i.roll_up == "sum"]
    assert added and not any(company_answer_fits(i) for i in added)
    assert not company_answer_fits(replace(one, roll_up="sum"))
    assert not company_answer_fits(replace(one, level="group"))
