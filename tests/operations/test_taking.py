"""Answers from the carbon register: proposed, taken over by a click, followed when corrected, never overwritten unseen."""

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
from portal.core.errors import Conflict, NotFound, Refused
from portal.operations.register_beside import Beside, beside_register
from portal.operations.register_facts import register_known
from portal.operations.scoring import open_case
from portal.operations.snapshots import read_snapshot
from portal.operations.submitting import submit_assessment
from portal.operations.taking import Click, take_all, take_over
from portal.store.answers import Answer, answer_to, answers_of
from portal.store.assessments import Assessment
from portal.store.engine import writing
from portal.store.people import User
from portal.store.site_answers import AnyAnswer, AssessmentSite
from portal.store.suppliers import Supplier
from portal.store.taken_figures import TakenFigure, taken_of
from tests.make.assessments import close_gaps, give, make_assessment, make_round
from tests.make.examples import examples
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.queries import counted
from tests.make.register_rows import certificate, footprint, inventory, use

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


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


def beside(session: Session, assessment: Assessment, code: str) -> Beside | None:
    session.expire_all()
    case, answers = open_case(session, assessment), answers_of(session, assessment.id)
    return beside_register(session, case, answers).get((code, None))


def click(session: Session, lead: Actor, assessment: Assessment, code: str) -> AnyAnswer:
    one = beside(session, assessment, code)
    assert one is not None and one.can_take
    seen = Click(code, one.answer.version if one.answer else 0, one.seen)
    return take_over(session, lead, assessment=assessment, click=seen, now=NOW)


def state(session: Session, assessment: Assessment, code: str) -> str:
    one = beside(session, assessment, code)
    return one.state if one else ""


def test_looking_stores_nothing_and_a_click_stores_the_figure_with_its_origin_and_records(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    first, second = (
        use(session, assessment, user, "1200.5"),
        use(session, assessment, user, "300", site="Yard"),
    )
    one = beside(session, assessment, "NRG-01")
    assert one is not None and (one.state, one.proposed) == ("offered", Decimal("1500.5"))
    assert one.facts["register.electricity_sites"] == 2
    assert answer_to(session, assessment.id, "NRG-01") is None
    answer = click(session, lead, assessment, "NRG-01")
    assert (answer.value, answer.origin, answer.version) == ("1500.5", "register", 1)
    taken = taken_of(session, assessment.id)["NRG-01"]
    assert sorted(taken.records) == [["electricity", first.id], ["electricity", second.id]]
    assert (taken.take, taken.facts["register.electricity_year"]) == ("register.electricity", "2025")
    assert state(session, assessment, "NRG-01") == "taken"


def test_a_correction_in_the_register_shows_and_is_followed_by_a_click(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    row = use(session, assessment, user, "1200")
    click(session, lead, assessment, "NRG-01")
    row.mwh = Decimal("1300")
    session.flush()
    assert state(session, assessment, "NRG-01") == "moved"
    stored = answer_to(session, assessment.id, "NRG-01")
    assert stored is not None and stored.value == "1200"
    assert click(session, lead, assessment, "NRG-01").value == "1300"
    assert state(session, assessment, "NRG-01") == "taken"
    row.replaced_at = NOW
    session.flush()
    assert state(session, assessment, "NRG-01") == "silent"


def test_a_typed_answer_stands_beside_the_register_until_a_click_replaces_it(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    use(session, assessment, user, "1234.56")
    give(session, lead, assessment, "NRG-01", "1000")
    assert state(session, assessment, "NRG-01") == "differs"
    give(session, lead, assessment, "NRG-01", "1235", base=1)
    assert state(session, assessment, "NRG-01") == "same"  # the same as exactly as it was written
    assert (click(session, lead, assessment, "NRG-01").value, state(session, assessment, "NRG-01")) == (
        "1234.56",
        "taken",
    )
    give(session, lead, assessment, "NRG-01", "9", base=3)
    assert state(session, assessment, "NRG-01") == "differs"
    assert taken_of(session, assessment.id) == {}
    assert len(session.scalars(select(TakenFigure)).all()) == 1  # what stood earlier can still be traced


def test_a_click_on_what_is_no_longer_there_stores_nothing(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    row = use(session, assessment, user, "1200")
    one = beside(session, assessment, "NRG-01")
    assert one is not None
    row.mwh = Decimal("1250")
    session.flush()
    with pytest.raises(Refused, match="register_moved"):
        take_over(session, lead, assessment=assessment, click=Click("NRG-01", 0, one.seen), now=NOW)
    row.mwh = Decimal("1200")
    give(session, lead, assessment, "NRG-01", "7")
    with pytest.raises(Conflict):
        take_over(session, lead, assessment=assessment, click=Click("NRG-01", 0, one.seen), now=NOW)
    with pytest.raises(NotFound):
        take_over(session, lead, assessment=assessment, click=Click("GOV-02", 0, one.seen), now=NOW)
    row.replaced_at = NOW
    session.flush()
    with pytest.raises(Refused, match="register_moved"):
        take_over(session, lead, assessment=assessment, click=Click("NRG-01", 1, one.seen), now=NOW)
    assert answer_to(session, assessment.id, "NRG-01").value == "7"  # type: ignore[union-attr]


def test_a_sent_assessment_is_not_touched(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    row = use(session, assessment, user, "1200")
    one = beside(session, assessment, "NRG-01")
    click(session, lead, assessment, "NRG-01")
    close_gaps(session, lead, assessment, user)
    sent = submit_assessment(session, lead, assessment=assessment, now=LATER)
    content = json.loads(sent.content)
    assert content["origins"]["NRG-01"] == "register"
    assert content["register"]["NRG-01"]["records"] == [["electricity", row.id]]
    snapshot = read_snapshot(open_case(session, assessment).questionnaire, sent.content)
    assert snapshot.register["NRG-01"].facts["register.electricity_sites"] == 1
    assert snapshot.register["NRG-01"].taken_at == NOW
    row.mwh = Decimal("5")
    session.flush()
    moved = beside(session, assessment, "NRG-01")
    assert moved is not None and moved.state == "moved" and one is not None
    with pytest.raises(Refused, match="locked_submitted"):
        take_over(session, lead, assessment=assessment, click=Click("NRG-01", 1, moved.seen), now=LATER)


@pytest.mark.parametrize(
    ("months", "state_now"), [(range(1, 13), "offered"), (range(1, 6), "told"), ((1,), "told")]
)
def test_a_year_with_missing_months_is_told_not_proposed(
    session: Session, assessment: Assessment, user: User, months: range, state_now: str
) -> None:
    use(session, assessment, user, "800", site="Yard")
    for month in months:
        use(session, assessment, user, "10", month=month)
    assert state(session, assessment, "NRG-01") == state_now
    assert state(session, assessment, "NRG-02") == ("offered" if state_now == "offered" else "")


def test_where_the_period_is_no_calendar_year_the_note_says_so(
    session: Session, assessment: Assessment, user: User
) -> None:
    use(session, assessment, user, "800")
    inventory(session, assessment, user)
    give_scopes(session, assessment, actor_of(user, session.get_one(Supplier, assessment.supplier_id)))
    assert state(session, assessment, "CDS-02") == "offered"
    assessment.round.period_end = date(2026, 3, 31)
    session.flush()
    for code in ("NRG-01", "NRG-02", "CDS-02"):
        one = beside(session, assessment, code)
        assert one is not None and one.state == "offered" and one.entry is not None and one.entry.note
        assert one.facts["period.end"] == date(2026, 3, 31)  # the note says what the figure is not


def give_scopes(session: Session, assessment: Assessment, lead: Actor) -> None:
    give(session, lead, assessment, "CDS-01", "scope1_2_site")


def test_the_table_of_scope_2_keeps_what_a_person_adds(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    assert state(session, assessment, "CDS-03") == ""
    row = inventory(session, assessment, user)
    assert state(session, assessment, "CDS-03") == ""  # closed until CDS-01 is answered
    give_scopes(session, assessment, lead)
    taken = click(session, lead, assessment, "CDS-03")
    cells = {"year": "2025", "scope2_location_based": "80", "scope2_market_based": "60"}
    assert taken.value == [cells]
    give(
        session,
        lead,
        assessment,
        "CDS-03",
        [{**cells, "grid_factor_source": "Ember"}, {"year": "2024"}],
        base=1,
    )
    assert state(session, assessment, "CDS-03") == "differs"
    row.scope2_market_tco2e = Decimal("55")
    session.flush()
    again = click(session, lead, assessment, "CDS-03")
    assert again.value == [{**cells, "scope2_market_based": "55", "grid_factor_source": "Ember"}]
    told = beside(session, assessment, "CDS-08")
    assert told is not None and told.state == "told"
    assert told.facts["register.intensity"] == "0.351\u00a0tCO2e/t"


def test_footprints_fill_their_table_newest_of_a_product_only(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    footprint(session, assessment, user, "G-1", end=date(2024, 12, 31))
    newest = footprint(session, assessment, user, "G-1")
    footprint(session, assessment, user, "OLD", end=date(2019, 12, 31))  # no longer valid
    taken = click(session, lead, assessment, "PCF-02")
    assert taken.value == [
        {
            "product": "G-1, CN",
            "declared_unit": "1 kg",
            "cradle_to_gate_kgco2e": "1.25",
            "reference_period": "2025-01 – 2025-12",
            "primary_data_share": "62.5",
            "third_party_verified": "yes",
        }
    ]
    assert taken_of(session, assessment.id)["PCF-02"].records == [["footprint", newest.id]]
    give(session, lead, assessment, "PCF-03", "self_calculated")
    assert click(session, lead, assessment, "PCF-05").value == "62.5"
    footprint(session, assessment, user, "G-2", "40")
    one = beside(session, assessment, "PCF-05")
    assert one is not None and one.state == "silent"  # which product is the main one is not known
    assert state(session, assessment, "PCF-01") == "told"


def test_renewable_sources_are_rows_in_the_words_of_the_question(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    use(session, assessment, user, "700")
    use(session, assessment, user, "100", "own_pv")
    use(session, assessment, user, "200", "ppa")
    certificate(session, assessment, user, "150", 1)
    certificate(session, assessment, user, "50", 1001, retired=False)
    rows = click(session, lead, assessment, "NRG-03").value
    assert [(r["source_type"], r["mwh"], r["retired"]) for r in rows] == [
        ("rooftop PV", "100", "no"),
        ("power purchase agreement", "200", "no"),
        ("China GEC", "150", "yes"),
    ]
    assert rows[2]["certificate_or_contract_no"] == "1 – 150"
    assert click(session, lead, assessment, "NRG-02").value == "45"
    certificate(session, assessment, user, "900", 5001)
    assert state(session, assessment, "NRG-03") == "silent"  # more certificates than they can cover


def test_all_at_once_takes_what_was_seen_and_leaves_what_changed(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    use(session, assessment, user, "700")
    use(session, assessment, user, "100", "own_pv")
    shown = beside_register(session, open_case(session, assessment), answers_of(session, assessment.id))
    clicks = [Click(code, 0, one.seen) for (code, _site), one in shown.items() if one.can_take]
    assert {c.code for c in clicks} == {"NRG-01", "NRG-02", "NRG-03"}
    give(session, lead, assessment, "NRG-02", "3")
    done = take_all(session, lead, assessment=assessment, clicks=clicks, now=NOW)
    assert (set(done.stored), done.left) == ({"NRG-01", "NRG-03"}, ("NRG-02",))
    assert take_all(session, lead, assessment=assessment, clicks=clicks, now=LATER).stored == ()


def test_nobody_elses_register_speaks(session: Session, assessment: Assessment, user: User) -> None:
    other = make_supplier(session, "S-002")
    foreign = make_assessment(session, assessment.round, other)
    use(session, foreign, user, "9999")
    assert state(session, assessment, "NRG-01") == ""
    assert state(session, foreign, "NRG-01") == "offered"


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amounts=st.lists(st.decimals("0.001", "99999", places=3), min_size=1, max_size=4),
    typed=st.none() | st.decimals("0", "200000", places=2),
)
def test_whatever_the_register_holds_a_taken_answer_equals_it_and_a_typed_one_stays(
    session: Session,
    assessment: Assessment,
    lead: Actor,
    user: User,
    amounts: list[Decimal],
    typed: Decimal | None,
) -> None:
    with session.begin_nested() as step:
        rows = [use(session, assessment, user, f"{a}", site=f"Site {n}") for n, a in enumerate(amounts)]
        if typed is not None:
            give(session, lead, assessment, "NRG-01", f"{typed}")
        one = beside(session, assessment, "NRG-01")
        assert one is not None and one.proposed == sum(amounts)
        stored = answer_to(session, assessment.id, "NRG-01")
        assert (stored is None) if typed is None else (stored is not None and Decimal(stored.value) == typed)
        taken = click(session, lead, assessment, "NRG-01")
        assert Decimal(taken.value) == sum(amounts)
        assert state(session, assessment, "NRG-01") == "taken"
        rows[0].mwh += Decimal("0.001")
        session.flush()
        assert state(session, assessment, "NRG-01") == "moved"
        step.rollback()
    session.expire_all()


def test_the_register_is_read_with_the_same_number_of_queries_however_much_it_holds(
    session: Session, assessment: Assessment, user: User
) -> None:
    engine, supplier = session.get_bind().engine, assessment.supplier_id  # type: ignore[union-attr]
    use(session, assessment, user, "1")
    footprint(session, assessment, user, "P")
    session.expunge_all()
    with counted(engine) as few:
        register_known(session, supplier, date(2025, 1, 1), date(2025, 12, 31))
    for number in range(12):
        use(session, assessment, user, "1", site=f"S{number}")
        footprint(session, assessment, user, f"P-{number}")
    session.expunge_all()
    with counted(engine) as many:
        register_known(session, supplier, date(2025, 1, 1), date(2025, 12, 31))
    assert len(few) == len(many) <= 8


def test_of_two_people_who_take_over_and_type_at_once_one_sees_the_other(any_engine: Engine) -> None:
    """A take-over never covers an answer typed after the page was shown; on both databases."""
    with writing(any_engine) as own:
        user = make_member(own, make_supplier(own, roles=("manufacturing",)))
        supplier = own.scalars(select(Supplier)).one()
        assessment = make_assessment(own, make_round(own, make_staff(own)), supplier)
        lead = actor_of(user, supplier)
        row = use(own, assessment, user, "1200.25")
        number, row_id = assessment.id, row.id
        one = beside(own, assessment, "NRG-01")
        own.commit()
    assert one is not None
    with writing(any_engine) as typing:
        give(typing, lead, typing.get_one(Assessment, number), "NRG-01", "5")
        typing.commit()
    with writing(any_engine) as late:
        with pytest.raises(Conflict):
            take_over(late, lead, assessment=late.get_one(Assessment, number), click=Click("NRG-01", 0, one.seen), now=NOW)  # fmt: skip
        late.rollback()
    with writing(any_engine) as again:
        mine = again.get_one(Assessment, number)
        take_over(again, lead, assessment=mine, click=Click("NRG-01", 1, one.seen), now=NOW)
        again.commit()
    with writing(any_engine) as looking:
        answer = looking.scalars(select(Answer)).one()
        assert (answer.value, answer.origin, answer.version) == ("1200.25", "register", 2)
        assert taken_of(looking, number)["NRG-01"].records == [["electricity", row_id]]


def test_where_each_site_answers_there_is_nothing_for_the_group_to_take_over(
    session: Session, assessment: Assessment, lead: Actor, user: User
) -> None:
    use(session, assessment, user, "1200")
    offered = beside(session, assessment, "NRG-01")
    site = AssessmentSite(
        assessment_id=assessment.id, key="s1", name="Works", chosen_by_id=user.id, chosen_at=NOW
    )
    session.add(site)
    session.flush()
    one = beside(session, assessment, "NRG-01")
    assert one is not None and (one.state, one.can_take) == ("sites", False) and offered is not None
    with pytest.raises(NotFound):
        take_over(session, lead, assessment=assessment, click=Click("NRG-01", 0, offered.seen), now=NOW)
    give_scopes(session, assessment, lead)
    inventory(session, assessment, user)
    assert state(session, assessment, "CDS-02") == "offered"  # what the group answers is as ever
