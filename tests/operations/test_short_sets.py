"""The short set of an assessment: chosen when inviting, changed while untouched, kept with what is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.core.questionnaire.short import short_codes
from portal.core.scoring.sheet import METHOD, SHORT_METHOD
from portal.files import questionnaires
from portal.files.questionnaires import find_questionnaire
from portal.files.supplier_lists import read_suppliers
from portal.operations import short_sets
from portal.operations.answering import Given, save_answer
from portal.operations.evidence import asked_indicator
from portal.operations.judging import open_review
from portal.operations.rounds import add_listed, invite_supplier
from portal.operations.scoring import declared_sheet, gaps_of, open_case, submitted_case
from portal.operations.short_sets import choose_set
from portal.store.assessments import Assessment, Round, StoredSheet, Submission
from portal.store.journal import entries_about
from portal.store.people import User
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.sent import QUESTIONNAIRE, SENT_AT, make_assessment, make_round, make_sent

ASKED = short_codes(find_questionnaire(QUESTIONNAIRE))
NOW = SENT_AT + timedelta(days=1)


@pytest.fixture
def manager(session: Session) -> Actor:
    return actor_of(make_staff(session, "manager"))


@pytest.fixture
def opened(session: Session, manager: Actor) -> Round:
    return make_round(session, session.get_one(User, manager.user_id))


def test_it_is_chosen_per_invitation_and_per_line_of_a_list(
    session: Session, manager: Actor, opened: Round
) -> None:
    supplier = make_supplier(session)
    make_member(session, supplier)
    invited = invite_supplier(
        session, manager, round_id=opened.id, supplier_id=supplier.id, email="", token="t", valid_days=1, now=NOW,
        short=True,
    )  # fmt: skip
    assert invited.assessment.short
    assert [e.details.get("short") for e in entries_about(session, "assessment", invited.assessment.id)] == [
        True
    ]
    text = (
        "code,name,country,email,roles\nV-1,A,CN,a@a.example,manufacturing\nV-2,B,CN,b@b.example,services\n"
    )
    rows = read_suppliers(text.encode(), "l.csv").suppliers
    added = add_listed(
        session, manager, round_id=opened.id, rows=rows, new_token=iter("xy").__next__, valid_days=1, now=NOW,
        short={"V-2"},
    )  # fmt: skip
    assert {one.supplier.code: one.assessment.short for one in added} == {"V-1": False, "V-2": True}


def test_only_the_short_set_is_asked_owed_and_answered(session: Session, opened: Round) -> None:
    supplier = make_supplier(session, roles=("manufacturing",))
    lead = actor_of(make_member(session, supplier), supplier)
    assessment = make_assessment(session, supplier, opened, short=True)
    case = open_case(session, assessment)
    assert case.short and case.path.open < ASKED
    assert {gap.indicator for gap in gaps_of(case)} <= ASKED
    with pytest.raises(NotFound):
        save_answer(
            session, lead, assessment=assessment, case=case, code="GOV-02", given=Given("senior_executive", None, 0),
            now=NOW,
        )  # fmt: skip
    with pytest.raises(NotFound):
        asked_indicator(assessment, "GOV-02")
    assert asked_indicator(assessment, "GOV-03").code == "GOV-03"
    assert session.get_one(Assessment, assessment.id).state == "invited"


def test_it_changes_both_ways_until_the_supplier_begins(
    session: Session, manager: Actor, opened: Round
) -> None:
    supplier = make_supplier(session)
    lead = actor_of(make_member(session, supplier), supplier)
    assessment = make_assessment(session, supplier, opened)
    for short in (True, True, False, True):
        assert choose_set(session, manager, assessment_id=assessment.id, short=short, now=NOW).short is short
    chosen = [
        e for e in entries_about(session, "assessment", assessment.id) if e.action == "assessment.set_chosen"
    ]
    assert sorted(e.details["short"] for e in chosen) == [False, True, True]
    save_answer(
        session, lead, assessment=assessment, case=open_case(session, assessment), code="GOV-03",
        given=Given(None, None, 0), now=NOW,
    )  # fmt: skip
    save_answer(
        session, lead, assessment=assessment, case=open_case(session, assessment), code="ETH-03",
        given=Given("0", None, 0), now=NOW,
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        choose_set(session, manager, assessment_id=assessment.id, short=False, now=NOW)
    assert caught.value.problem.code == "short_set_begun"
    assert session.get_one(Assessment, assessment.id).short
    with pytest.raises(NotFound):
        choose_set(session, manager, assessment_id=999, short=True, now=NOW)


def test_a_version_without_one_refuses_it(
    session: Session, manager: Actor, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(find_questionnaire(QUESTIONNAIRE), short_set=None)
    monkeypatch.setattr(short_sets, "find_questionnaire", lambda name: bare)
    supplier = make_supplier(session)
    make_member(session, supplier)
    with pytest.raises(Refused) as caught:
        invite_supplier(
            session, manager, round_id=opened.id, supplier_id=supplier.id, email="", token="t", valid_days=1, now=NOW,
            short=True,
        )  # fmt: skip
    assert caught.value.problem.code == "short_set_none"
    assert session.scalars(select(Assessment)).all() == []
    assert questionnaires.find_questionnaire(QUESTIONNAIRE).short_set is not None


def test_what_was_sent_stays_short_and_what_was_sent_before_is_full(session: Session, opened: Round) -> None:
    short_one, full_one = make_supplier(session, "S-1"), make_supplier(session, "S-2")
    small = make_sent(session, short_one, opened, make_member(session, short_one), short=True)
    large = make_sent(session, full_one, opened, make_member(session, full_one))
    for assessment, short, method in ((small, True, SHORT_METHOD), (large, False, METHOD)):
        case = submitted_case(session, assessment)
        assert case is not None and case.short is short
        sheet = declared_sheet(case)
        assert (sheet.short, sheet.method) == (short, method)
        stored = session.scalars(select(StoredSheet).where(StoredSheet.assessment_id == assessment.id)).one()
        assert (stored.method, stored.content.get("short", False)) == (method, short)
        review = open_review(session, assessment)
        assert review is not None and review.verified.short is short
    # the snapshot decides, not what the row says later; one without the word is full
    small.short = False
    assert submitted_case(session, small).short  # type: ignore[union-attr]
    row = session.scalars(select(Submission).where(Submission.assessment_id == large.id)).one()
    content = json.loads(row.content)
    del content["short"]
    row.content = json.dumps(content)
    assert submitted_case(session, large).short is False  # type: ignore[union-attr]
