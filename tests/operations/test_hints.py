"""Hints of an assessment: facts of the register, explanations, what is frozen on sending, and the what-if against real saves."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.core.questionnaire.facts import FACTS
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import indicator, indicators_of
from portal.core.scoring.what_if import what_if
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import Given, save_answer
from portal.operations.hints import explain_hint, raised_hints
from portal.operations.register_facts import register_facts
from portal.operations.scoring import declared_sheet, open_case, submitted_case
from portal.operations.submitting import submit_assessment
from portal.store.answers import answers_of
from portal.store.assessments import Assessment
from portal.store.carbon import InventoryRow
from portal.store.electricity import Certificate, ElectricityUse
from portal.store.engine import writing
from portal.store.hints import HintExplanation, explanations_of
from portal.store.journal import entries_about
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.core.scoring.test_properties import value_of
from tests.make.assessments import VERSION, close_gaps, give, make_assessment, make_round
from tests.make.people import AT, actor_of, make_member, make_staff, make_supplier

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
HINT = "green_power_without_certificates"
QUESTIONNAIRE = find_questionnaire(VERSION)


@pytest.fixture
def user(session: Session) -> User:
    return make_member(session, make_supplier(session, roles=("manufacturing",)))


@pytest.fixture
def assessment(session: Session, user: User) -> Assessment:
    supplier = session.scalars(select(Supplier)).one()
    return make_assessment(session, make_round(session, make_staff(session)), supplier)


@pytest.fixture
def lead(session: Session, user: User, assessment: Assessment) -> Actor:
    return actor_of(user, session.get_one(Supplier, assessment.supplier_id))


def at_odds(session: Session, lead: Actor, assessment: Assessment) -> None:
    give(session, lead, assessment, "NRG-02", "85")
    give(session, lead, assessment, "NRG-04", "no_certificates")


def explain(
    session: Session, lead: Actor, assessment: Assessment, text: str, base: int = 0
) -> HintExplanation:
    case = open_case(session, assessment)
    return explain_hint(session, lead, case=case, hint_id=HINT, text=text, base=base, now=NOW)


def inventory(supplier: int, user: int, year: int, scope1: str, boundary: str = "", verified: bool = False) -> InventoryRow:  # fmt: skip
    return InventoryRow(
        supplier_id=supplier, year=year, boundary=boundary, scope1_tco2e=Decimal(scope1), scope3={}, cells={}, typed={},
        scope2_location_tco2e=Decimal("20"), verified=verified, accepted_by_id=user, accepted_at=AT,
    )  # fmt: skip


def test_facts_of_an_empty_register_are_the_counts_and_the_period(
    session: Session, assessment: Assessment
) -> None:
    facts = register_facts(session, assessment.supplier_id, date(2025, 10, 1), date(2026, 9, 30))
    assert facts == {
        "period.start": date(2025, 10, 1),
        "period.end": date(2026, 9, 30),
        "period.first_year": Decimal(2025),
        "period.last_year": Decimal(2026),
        "period.calendar_year": "no",
        "register.inventories": Decimal(0),
        "register.footprints": Decimal(0),
        "register.footprints_verified": Decimal(0),
        "register.footprints_valid": Decimal(0),
        "register.footprint_materials": Decimal(0),
        "register.materials": Decimal(1),
        "register.certificates": Decimal(0),
        "register.certificates_retired": Decimal(0),
        "register.deliveries": Decimal(0),
    }


def test_facts_come_from_the_years_of_the_period_and_from_this_supplier(
    session: Session, assessment: Assessment, user: User
) -> None:
    own, foreign = assessment.supplier_id, make_supplier(session, "S-002").id
    session.add_all(
        [
            inventory(own, user.id, 2024, "11"),
            inventory(own, user.id, 2025, "33", "equity"),
            inventory(own, user.id, 2025, "22", "operational", verified=True),
            inventory(foreign, user.id, 2026, "99"),
        ]
    )
    for supplier, mwh in ((own, "400"), (foreign, "9000")):
        session.add(
            ElectricityUse(
                supplier_id=supplier, site="One", country="CN", year=2025, source="grid", mwh=Decimal(mwh), cells={},
                typed={}, entered_by_id=user.id, entered_at=AT,
            )
        )  # fmt: skip
    for year, mwh, retired in ((2025, "100", date(2026, 2, 1)), (2025, "50", None), (2023, "7", None)):
        session.add(
            Certificate(
                supplier_id=own, scheme="gec", registry_key="r", registry_name="R", serial_from="1", serial_to="2",
                series=f"s{mwh}", start_key="1", end_key="2", mwh=Decimal(mwh), generation_year=year, technology="wind",
                country="CN", backs="grid", retired_on=retired, cells={}, typed={}, entered_by_id=user.id,
                entered_at=AT,
            )
        )  # fmt: skip
    session.flush()
    facts = register_facts(session, own, date(2025, 10, 1), date(2026, 9, 30))
    assert set(facts) <= set(FACTS)
    assert facts["register.inventories"] == 2
    assert facts["register.scope1"] == 22 and facts["register.inventory_verified"] == "yes"
    assert facts["register.scope2_location"] == 20 and "register.scope2_market" not in facts
    assert facts["register.electricity"] == 400
    assert facts["register.certificates"] == 150 and facts["register.certificates_retired"] == 100
    assert facts["register.renewable_share"] == 25


def test_an_explanation_is_kept_with_who_and_when_and_versions_stay(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    at_odds(session, lead, assessment)
    first = explain(session, lead, assessment, "  Own rooftop plant.\r\n")
    assert (first.text, first.number, first.explained_by_id) == ("Own rooftop plant.", 1, user.id)
    assert explain(session, lead, assessment, "Own rooftop plant.", base=0) is first
    second = explain(session, lead, assessment, "屋顶光伏，自发自用。", base=1)
    assert explanations_of(session, assessment.id) == {HINT: second}
    assert len(session.scalars(select(HintExplanation)).all()) == 2
    noted = [e for e in entries_about(session, "assessment", assessment.id) if e.action == "hint.explained"]
    assert [e.details["number"] for e in noted] == [2, 1]
    assert all("rooftop" not in json.dumps(e.details) for e in noted)


def test_a_colleague_who_was_faster_is_not_overwritten(
    session: Session, lead: Actor, assessment: Assessment
) -> None:
    at_odds(session, lead, assessment)
    theirs = explain(session, lead, assessment, "First words")
    with pytest.raises(Conflict) as caught:
        explain(session, lead, assessment, "Other words", base=0)
    assert caught.value.theirs is theirs and caught.value.mine == "Other words"
    assert explanations_of(session, assessment.id)[HINT].text == "First words"


@pytest.mark.parametrize(
    ("text", "code"),
    [(" \n", "explanation_missing"), ("... 1!", "explanation_wordless"), ("x" * 1001, "explanation_too_long"), ("ab\x00cd", "text_unprintable")],
)  # fmt: skip
def test_what_is_no_explanation_is_refused(
    session: Session, lead: Actor, assessment: Assessment, text: str, code: str
) -> None:
    at_odds(session, lead, assessment)
    with pytest.raises(Invalid) as caught:
        explain(session, lead, assessment, text)
    assert [(p.code, p.where) for p in caught.value.problems] == [(code, "text")]
    assert explanations_of(session, assessment.id) == {}


def test_only_a_hint_that_stands_can_be_explained(
    session: Session, lead: Actor, assessment: Assessment
) -> None:
    give(session, lead, assessment, "NRG-02", "85")
    with pytest.raises(Refused) as caught:
        explain(session, lead, assessment, "Words enough")
    assert caught.value.problem.code == "hint_gone"
    with pytest.raises(NotFound):
        explain_hint(session, lead, case=open_case(session, assessment), hint_id="no_such", text="Words", base=0, now=NOW)  # fmt: skip
    assessment.state = "submitted"
    session.flush()
    with pytest.raises(Refused) as caught:
        explain(session, lead, assessment, "Words enough")
    assert caught.value.problem.code == "locked_submitted"


def test_a_hint_never_blocks_and_is_sent_as_it_stood(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    give(session, lead, assessment, "GOV-01", ["glass"])
    at_odds(session, lead, assessment)
    give(session, lead, assessment, "PCF-01", "40")
    close_gaps(session, lead, assessment, user)
    explain(session, lead, assessment, "Own rooftop plant.")
    before = {one.hint.id for one in raised_hints(session, open_case(session, assessment))}
    submission = submit_assessment(session, lead, assessment=assessment, now=NOW)
    session.add(inventory(assessment.supplier_id, user.id, 2025, "1"))
    session.flush()
    case = submitted_case(session, assessment)
    assert case is not None
    sent = {one.id: one for one in case.sent_hints}
    assert set(sent) == before and {HINT, "footprint_coverage_without_footprint"} <= before
    assert (sent[HINT].explanation, sent[HINT].explained_by, sent[HINT].explained_at) == ("Own rooftop plant.", user.name, NOW)  # fmt: skip
    other = sent["footprint_coverage_without_footprint"]
    assert other.explanation == "" and other.explained_at is None
    assert other.facts == {"register.footprints": Decimal(0)}
    assert [h["id"] for h in json.loads(submission.content)["hints"]] == [one.id for one in case.sent_hints]


def test_a_submission_from_before_there_were_hints_still_reads(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    give(session, lead, assessment, "GOV-01", ["glass"])
    close_gaps(session, lead, assessment, user)
    submission = submit_assessment(session, lead, assessment=assessment, now=NOW)
    content = json.loads(submission.content)
    del content["hints"]
    submission.content = json.dumps(content)
    session.flush()
    case = submitted_case(session, assessment)
    assert case is not None and case.sent_hints == ()


def test_explanations_on_both_databases(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        user = make_member(session, make_supplier(session, roles=("manufacturing",)))
        supplier = session.scalars(select(Supplier)).one()
        assessment = make_assessment(session, make_round(session, make_staff(session)), supplier)
        lead = actor_of(user, supplier)
        at_odds(session, lead, assessment)
        explain(session, lead, assessment, "Own rooftop plant.")
        session.commit()
    with writing(any_engine) as session:
        assert explanations_of(session, 1)[HINT].explained_by.name == user.name


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_if_equals_the_real_score_after_the_same_edits_are_saved(
    session: Session, lead: Actor, assessment: Assessment, data: st.DataObject
) -> None:
    ones = [i for i in indicators_of(QUESTIONNAIRE) if i.kind != "date"]
    picked = data.draw(st.lists(st.sampled_from(ones), min_size=1, max_size=5, unique=True))
    edits: dict[str, tuple[object, str | None]] = {}
    for one in picked:
        edits[one.code] = (to_json(one, data.draw(value_of(one))), None)
    case = open_case(session, assessment)
    asked = {
        c: e
        for c, e in edits.items()
        if case.path.closed.get(c) is None or case.path.closed[c].reason != "role"
    }
    tried = what_if(case.questionnaire, assessment.roles, case.answers, asked)
    for code, (raw, _unit) in asked.items():
        rows = answers_of(session, assessment.id)
        base = rows[code].version if code in rows else 0
        now = open_case(session, assessment)
        save_answer(session, lead, assessment=assessment, case=now, code=code, given=Given(raw, None, base), now=NOW)  # fmt: skip
    assert declared_sheet(open_case(session, assessment)) == tried.sheet
    assert indicator(QUESTIONNAIRE, "NRG-02").code in tried.sheet.lines
