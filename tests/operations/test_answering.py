"""Answers: saved as given, never lost, never overwritten unseen."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.questionnaire.kinds import read
from portal.core.questionnaire.model import Indicator, find_indicator, indicators_of
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import Given, save_answer, save_page
from portal.operations.scoring import declared_sheet, open_case
from portal.operations.submitting import submit_assessment
from portal.store.answers import Answer, AnswerChange, answer_to
from portal.store.assessments import Assessment, Decision
from portal.store.engine import writing
from portal.store.journal import entries_about
from portal.store.suppliers import Supplier
from tests.make.assessments import VERSION, best, close_gaps, give, make_assessment, make_round
from tests.make.people import actor_of, make_member, make_staff, make_supplier

NOW = datetime(2026, 11, 21, 6, 3, tzinfo=UTC)


def indicator(code: str) -> Indicator:
    found = find_indicator(find_questionnaire(VERSION), code)
    assert found is not None
    return found


@pytest.fixture
def assessment(session: Session) -> Assessment:
    supplier = make_supplier(session, roles=("manufacturing", "minerals"))
    return make_assessment(session, make_round(session, make_staff(session)), supplier)


@pytest.fixture
def lead(session: Session, assessment: Assessment) -> Actor:
    supplier = session.get_one(Supplier, assessment.supplier_id)
    return actor_of(make_member(session, supplier), supplier)


def save(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    code: str,
    raw: object,
    base: int = 0,
    unit: str | None = None,
) -> Answer:
    answer = give(session, actor, assessment, code, raw, base=base, unit=unit, now=NOW)
    assert answer is not None
    return answer


def test_the_first_answer_begins_the_assessment(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    saved = save(session, lead, assessment, "GOV-02", "senior_executive")
    assert (saved.value, saved.typed, saved.version, saved.changed_at) == (
        "senior_executive",
        "senior_executive",
        1,
        NOW,
    )
    assert assessment.state == "in_progress"
    assert [e.action for e in entries_about(session, "assessment", assessment.id)] == ["assessment.begun"]


def test_every_indicator_takes_an_answer(session: Session, assessment: Assessment, lead: Actor) -> None:
    kinds = set()
    for one in indicators_of(find_questionnaire(VERSION)):
        if open_case(session, assessment).path.closed.get(one.code) is not None:
            continue
        saved = save(session, lead, assessment, one.code, best(one))
        assert saved.problem is None and saved.value is not None, one.code
        kinds.add(one.kind)
    assert kinds == {"yes_no", "single", "multiple", "number", "percentage", "date", "text", "table"}
    assert float(declared_sheet(open_case(session, assessment)).total) > 80


def test_a_quantity_is_kept_in_the_indicators_unit_and_as_typed(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    saved = save(session, lead, assessment, "NRG-01", "1 250 000", unit="kWh")
    assert (saved.value, saved.typed, saved.unit) == ("1250", "1 250 000", "kWh")


def test_what_cannot_be_read_is_kept_as_typed_and_counts_for_nothing(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    saved = save(session, lead, assessment, "GOV-05", "1,234")
    assert saved.value is None and saved.typed == "1,234"
    assert [p["code"] for p in saved.problem] == ["ambiguous_number"]
    case = open_case(session, assessment)
    assert "GOV-05" not in case.answers and "GOV-05" in case.unreadable
    assert save(session, lead, assessment, "GOV-05", "1234", base=1).problem is None


def test_an_answer_can_be_cleared_and_its_history_stays(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    save(session, lead, assessment, "GOV-02", "none")
    cleared = save(session, lead, assessment, "GOV-02", "", base=1)
    assert (cleared.value, cleared.typed, cleared.version) == (None, None, 2)
    history = session.scalars(select(AnswerChange).order_by(AnswerChange.version)).all()
    assert [(h.version, h.value) for h in history] == [(1, "none"), (2, None)]


def test_nothing_given_and_nothing_there_stores_nothing(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    assert give(session, lead, assessment, "GOV-02", "  ") is None
    assert assessment.state == "invited"


def test_none_of_these_is_an_answer_and_an_empty_one_is_not(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    assert save(session, lead, assessment, "GOV-01", []).value == []
    assert "GOV-01" in open_case(session, assessment).answers


def test_saving_the_same_again_changes_nothing(session: Session, assessment: Assessment, lead: Actor) -> None:
    save(session, lead, assessment, "GOV-01", ["cell", "glass"])
    again = save(session, lead, assessment, "GOV-01", ["glass", "cell"])
    assert again.version == 1
    assert len(session.scalars(select(AnswerChange)).all()) == 1


def test_an_answer_says_where_it_comes_from(session: Session, assessment: Assessment, lead: Actor) -> None:
    imported = give(session, lead, assessment, "NRG-01", "10", origin="imported")
    assert imported is not None and imported.origin == "imported"
    assert save(session, lead, assessment, "NRG-01", "11", base=1).origin == "typed"


def test_typing_what_stands_keeps_its_origin_and_the_register_makes_an_equal_answer_its_own(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    save(session, lead, assessment, "NRG-01", "10")
    taken = give(session, lead, assessment, "NRG-01", "10", base=1, origin="register")
    assert taken is not None and (taken.origin, taken.version) == ("register", 2)
    for origin in ("typed", "imported", "register"):
        again = give(session, lead, assessment, "NRG-01", "10", base=2, origin=origin)
        assert again is not None and (again.origin, again.version) == ("register", 2)


def test_the_second_of_two_people_sees_both_answers(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    supplier = session.get_one(Supplier, assessment.supplier_id)
    other = actor_of(make_member(session, supplier, "contributor"), supplier, "contributor")
    save(session, lead, assessment, "GOV-02", "none")
    save(session, other, assessment, "GOV-02", "senior_executive", base=1)
    with pytest.raises(Conflict) as caught:
        save(session, lead, assessment, "GOV-02", "assigned_function", base=1)
    assert caught.value.theirs.value == "senior_executive"
    assert caught.value.theirs.changed_by.name == other.name
    assert caught.value.mine.raw == "assigned_function"
    kept = answer_to(session, assessment.id, "GOV-02")
    assert kept is not None and kept.value == "senior_executive"
    assert save(session, lead, assessment, "GOV-02", "assigned_function", base=2).version == 3


@pytest.mark.parametrize("first", [True, False])
def test_two_people_save_at_the_same_moment(any_engine: Engine, first: bool) -> None:
    """One of two simultaneous saves wins, the other sees a conflict; on both databases, first answers above all."""
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        lead = actor_of(make_member(session, supplier), supplier)
        assessment = make_assessment(session, make_round(session, make_staff(session)), supplier)
        if not first:
            save(session, lead, assessment, "GOV-02", "assigned_function")
        assessment_id, base = assessment.id, 0 if first else 1
        session.commit()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def answer(raw: str) -> None:
        with writing(any_engine) as own:
            mine = own.get_one(Assessment, assessment_id)
            case = open_case(own, mine)
            own.rollback()
            start.wait()
            given = Given(raw, None, base)
            try:
                save_answer(own, lead, assessment=mine, case=case, code="GOV-02", given=given, now=NOW)
                own.commit()
                outcomes.append("saved")
            except Conflict:
                own.rollback()
                outcomes.append("conflict")

    threads = [threading.Thread(target=answer, args=(raw,)) for raw in ("none", "senior_executive")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "saved"]
    with writing(any_engine) as own:
        stored = own.scalars(select(Answer)).one()
        assert stored.version == base + 1
        assert len(own.scalars(select(AnswerChange)).all()) == base + 1


def test_an_answer_of_a_closed_branch_is_kept_and_counts_for_nothing(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    save(session, lead, assessment, "CDS-01", "scope1_2_site")
    save(session, lead, assessment, "CDS-05", best(indicator("CDS-05")))
    assert "CDS-05" in open_case(session, assessment).path.open
    open_total = declared_sheet(open_case(session, assessment)).lines["CDS-05"]
    save(session, lead, assessment, "CDS-01", "none", base=1)
    sheet = declared_sheet(open_case(session, assessment))
    assert open_total.state == "scored" and sheet.lines["CDS-05"].state == "not_applicable"
    kept = answer_to(session, assessment.id, "CDS-05")
    assert kept is not None and kept.value is not None
    save(session, lead, assessment, "CDS-01", "scope1_2_site", base=2)
    assert declared_sheet(open_case(session, assessment)).lines["CDS-05"] == open_total


def test_a_page_saves_the_good_and_reports_each_other(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    save(session, lead, assessment, "GOV-02", "none")
    save(session, lead, assessment, "GOV-02", "senior_executive", base=1)
    save(session, lead, assessment, "GOV-03", "signed")
    save(session, lead, assessment, "GOV-03", "not_signed", base=1)
    page = {
        "GOV-01": Given(["glass"], None, 0),
        "GOV-02": Given("assigned_function", None, 1),
        "GOV-03": Given("signed", None, 1),
        "GOV-05": Given("many", None, 0),
        "GOV-06": Given("", None, 0),
    }
    result = save_page(
        session, lead, assessment=assessment, case=open_case(session, assessment), given=page, now=NOW
    )
    assert result.saved == ("GOV-01", "GOV-05")
    assert list(result.conflicts) == ["GOV-02"]
    assert [p.code for p in result.problems["GOV-05"]] == ["number_expected"]
    untouched = answer_to(session, assessment.id, "GOV-03")
    assert untouched is not None and untouched.value == "not_signed"


@pytest.mark.parametrize("state", ["submitted", "in_review", "reviewed", "released"])
def test_a_sent_assessment_is_locked(
    session: Session, assessment: Assessment, lead: Actor, state: str
) -> None:
    assessment.state = state
    session.flush()
    with pytest.raises(Refused) as caught:
        save(session, lead, assessment, "GOV-02", "none")
    assert caught.value.problem.code == f"locked_{state}"


def test_a_return_reopens_the_named_indicator_and_what_it_opens(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    supplier = session.get_one(Supplier, assessment.supplier_id)
    user = make_member(session, supplier, "contributor")
    save(session, lead, assessment, "CDS-01", "none")
    save(session, lead, assessment, "GOV-02", "none")
    close_gaps(session, lead, assessment, user)
    sent = submit_assessment(session, lead, assessment=assessment, now=NOW)
    session.add(
        Decision(
            assessment_id=assessment.id,
            submission_id=sent.id,
            indicator="CDS-01",
            kind="returned",
            reason="The report is older than two years.",
            decided_by_id=user.id,
            decided_at=NOW,
        )
    )
    assessment.state = "returned"
    session.flush()
    with pytest.raises(Refused) as caught:
        save(session, lead, assessment, "GOV-02", "senior_executive", base=1)
    assert caught.value.problem.code == "locked_not_returned"
    with pytest.raises(Refused):
        save(session, lead, assessment, "CDS-05", best(indicator("CDS-05")))
    assert save(session, lead, assessment, "CDS-01", "scope1_2_site", base=1).version == 2
    assert save(session, lead, assessment, "CDS-05", best(indicator("CDS-05"))).version == 1


def test_unknown_and_foreign_indicators_are_not_there(
    session: Session, assessment: Assessment, lead: Actor
) -> None:
    logistics_only = next(
        i.code for i in indicators_of(find_questionnaire(VERSION)) if i.applies_to == frozenset({"logistics"})
    )
    for code in ("XXX-99", logistics_only):
        with pytest.raises(NotFound):
            save(session, lead, assessment, code, "none")


@pytest.mark.parametrize(
    ("code", "raw"),
    [
        ("GOV-02", ["a", "list"]),
        ("GOV-02", "\ud800 half a character"),
        ("GOV-01", "glass"),
        ("GOV-01", [["deep", ["deeper"]]]),
        ("CDS-03", [{"year": {"not": "text"}}, "no row"]),
        ("INF-04", 12.5),
        ("GOV-05", True),
        ("GOV-05", "9" * 5000),
    ],
)
def test_any_shape_is_stored_as_given_and_named_as_a_problem(
    session: Session, assessment: Assessment, lead: Actor, code: str, raw: object
) -> None:
    save(session, lead, assessment, "CDS-01", "scope1_2_site")
    saved = save(session, lead, assessment, code, raw)
    session.commit()
    stored = answer_to(session, assessment.id, code)
    assert stored is not None and stored.typed is not None
    assert saved.problem or read(indicator(code), stored.typed).value is not None


def test_a_monstrous_answer_is_refused(session: Session, assessment: Assessment, lead: Actor) -> None:
    with pytest.raises(Refused) as caught:
        save(session, lead, assessment, "INF-04", "x" * 500_000)
    assert caught.value.problem.code == "answer_too_long"
