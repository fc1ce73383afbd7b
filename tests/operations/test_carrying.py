"""Starting a round from an earlier one: what was sent, to be confirmed, never over an answer, twice like once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import indicators_of
from portal.core.questionnaire.progress import progress
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import Given, save_answer
from portal.operations.carrying import (
    Carried,
    Source,
    carry_answers,
    earlier_source,
    preview_carry,
)
from portal.operations.confirming import confirm_answers
from portal.operations.scoring import gaps_of, open_case
from portal.operations.submitting import submit_assessment
from portal.store.answers import Answer, AnswerChange, answers_of
from portal.store.assessments import Round
from portal.store.carrying import CarriedAnswer, Carrying, carried_of, carryings_of
from portal.store.engine import writing
from portal.store.evidence import EvidenceLink, links_of
from portal.store.journal import entries_about
from portal.store.people import User
from tests.core.scoring.test_properties import value_of
from tests.make.assessments import VERSION, close_gaps, give, link_evidence, make_assessment, make_round
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.undone import undone

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
QUESTIONNAIRE = find_questionnaire(VERSION)
CHOICES = [i for i in indicators_of(QUESTIONNAIRE) if i.kind != "date" and "manufacturing" in i.applies_to]


class Years:
    """One supplier in two rounds: `before` of 2025 with answers, `now` of 2026 without."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.supplier = make_supplier(session)
        self.user: User = make_member(session, self.supplier)
        self.lead: Actor = actor_of(self.user, self.supplier)
        staff = make_staff(session)
        first = make_round(session, staff, name="Assessment 2025")
        second = make_round(session, staff, name="Assessment 2026")
        second.period_start, second.period_end = date(2026, 1, 1), date(2026, 12, 31)
        session.flush()
        self.before = make_assessment(session, first, self.supplier)
        self.now = make_assessment(session, second, self.supplier)

    def answer(self, code: str, raw: object, **more: object) -> None:
        give(self.session, self.lead, self.before, code, raw, **more)  # type: ignore[arg-type]

    def carry(self) -> Carried:
        source = earlier_source(self.session, self.now)
        assert source is not None
        return carry_answers(self.session, self.lead, assessment=self.now, source=source, now=NOW)


@pytest.fixture
def years(session: Session) -> Years:
    return Years(session)


@pytest.fixture
def both(any_engine: Engine) -> Iterator[Years]:
    with writing(any_engine) as session:
        yield Years(session)


def test_carried_answers_wait_for_confirmation_and_results_stand_beside(both: Years) -> None:
    session = both.session
    both.answer("GOV-02", "senior_executive")
    both.answer("NRG-01", "1200", unit="MWh")
    file = link_evidence(session, both.before, "GOV-02", both.user)
    done = both.carry()
    assert (done.carried, done.beside, done.dropped, done.kept) == (("GOV-02",), ("NRG-01",), (), ())
    rows = answers_of(session, both.now.id)
    assert set(rows) == {"GOV-02"}
    row = rows["GOV-02"]
    assert (row.value, row.origin, row.confirmed, row.version) == ("senior_executive", "carried", False, 1)
    assert [link.evidence_id for link in links_of(session, both.now.id)["GOV-02"]] == [file.id]
    kept = carried_of(session, both.now.id)
    assert (kept["NRG-01"].outcome, kept["NRG-01"].value, kept["NRG-01"].unit) == ("beside", "1200", "MWh")
    assert kept["GOV-02"].carrying.source_assessment_id == both.before.id
    assert both.now.state == "in_progress"
    case = open_case(session, both.now)
    assert progress(case.questionnaire, case.path, case.answers, case.unconfirmed).overall.answered == 0
    assert "gap_unconfirmed" in {g.code for g in gaps_of(case)}
    [entry] = [
        e for e in entries_about(session, "assessment", both.now.id) if e.action == "assessment.carried"
    ]
    assert (
        entry.details is not None
        and entry.details["carried"] == 1
        and entry.details["source"] == "Assessment 2025"
    )


def test_carrying_twice_equals_carrying_once(both: Years) -> None:
    session = both.session
    both.answer("GOV-02", "senior_executive")
    both.answer("NRG-01", "1200")
    link_evidence(session, both.before, "GOV-02", both.user)
    both.carry()
    session.delete(links_of(session, both.now.id)["GOV-02"][0])
    session.flush()
    before = _all(session)
    again = both.carry()
    assert (again.carried, again.beside, again.kept) == ((), (), ("GOV-02", "NRG-01"))
    assert _all(session) == before


def _all(session: Session) -> list[list[object]]:
    session.flush()
    return [
        [
            tuple(row)
            for row in session.execute(select(*table.__table__.columns).order_by(table.__table__.c.id))
        ]
        for table in (Answer, AnswerChange, EvidenceLink, Carrying, CarriedAnswer)
    ]


def test_an_answer_is_never_overwritten_not_even_a_cleared_one(both: Years) -> None:
    session = both.session
    both.answer("GOV-02", "senior_executive")
    both.answer("ETH-06", "yes")
    give(session, both.lead, both.now, "GOV-02", "none")
    give(session, both.lead, both.now, "ETH-06", "no")
    give(session, both.lead, both.now, "ETH-06", "", base=1)
    done = both.carry()
    assert (done.carried, set(done.beside), set(done.kept)) == (
        (),
        {"ETH-06", "GOV-02"},
        {"ETH-06", "GOV-02"},
    )
    rows = answers_of(session, both.now.id)
    assert (rows["GOV-02"].value, rows["GOV-02"].origin, rows["ETH-06"].value) == ("none", "typed", None)
    assert carried_of(session, both.now.id)["GOV-02"].reason == "carry_answered"


def test_what_was_sent_counts_and_not_what_was_typed_later(years: Years) -> None:
    session = years.session
    years.answer("GOV-02", "senior_executive")
    close_gaps(session, years.lead, years.before, years.user)
    sent = submit_assessment(session, years.lead, assessment=years.before, now=NOW)
    session.get_one(Answer, answers_of(session, years.before.id)["GOV-02"].id).value = "none"
    session.flush()
    years.carry()
    assert answers_of(session, years.now.id)["GOV-02"].value == "senior_executive"
    assert carryings_of(session, years.now.id)[0].source_submission_id == sent.id
    assert carryings_of(session, years.now.id)[0].questionnaire == VERSION


def test_evidence_that_expired_or_was_hidden_or_is_not_ours_stays_behind(years: Years) -> None:
    session = years.session
    years.answer("GOV-02", "senior_executive")
    good = link_evidence(session, years.before, "GOV-02", years.user, name="good.pdf")
    late = link_evidence(session, years.before, "GOV-02", years.user, name="late.pdf")
    gone = link_evidence(session, years.before, "GOV-02", years.user, name="gone.pdf")
    late.valid_until, gone.removed_at = date(2026, 11, 20), NOW
    stranger = make_supplier(session, "S-002")
    theirs = link_evidence(session, years.before, "ETH-06", years.user, name="theirs.pdf")
    theirs.supplier_id = stranger.id
    session.flush()
    source = earlier_source(session, years.now)
    assert source is not None
    source = Source(
        source.said, source.questionnaire, source.roles, source.answers,
        evidence={"GOV-02": (good.id, late.id, gone.id, theirs.id, 999_999)},
    )  # fmt: skip
    carry_answers(session, years.lead, assessment=years.now, source=source, now=NOW)
    assert [link.evidence_id for link in links_of(session, years.now.id)["GOV-02"]] == [good.id]


def test_confirming_one_and_saving_another_answer(years: Years) -> None:
    session = years.session
    for code, raw in (("GOV-02", "senior_executive"), ("GOV-06", "public"), ("ETH-06", "yes")):
        years.answer(code, raw)
    years.carry()
    other = actor_of(make_member(session, years.supplier, "contributor"), years.supplier)
    save_answer(
        session, years.lead, assessment=years.now, case=open_case(session, years.now), code="GOV-06",
        given=Given("none", None, 1), now=NOW,
    )  # fmt: skip
    done = confirm_answers(
        session,
        other,
        assessment=years.now,
        seen={"GOV-02": 1, "GOV-06": 1, "ETH-06": 7, "XXX-01": 1},
        now=NOW,
    )
    assert (done.confirmed, done.changed) == (("GOV-02",), ("ETH-06",))
    rows = answers_of(session, years.now.id)
    assert (rows["GOV-02"].confirmed, rows["GOV-02"].origin, rows["GOV-02"].version) == (True, "carried", 2)
    assert rows["GOV-02"].changed_by_id == other.user_id
    assert (rows["GOV-06"].confirmed, rows["GOV-06"].origin) == (True, "typed")
    assert not rows["ETH-06"].confirmed
    # pressing again is harmless
    assert confirm_answers(session, other, assessment=years.now, seen={"GOV-02": 1}, now=NOW).confirmed == ()
    case = open_case(session, years.now)
    assert progress(case.questionnaire, case.path, case.answers, case.unconfirmed).overall.answered == 2


def test_unconfirmed_answers_of_an_unsent_draft_do_not_travel_on(years: Years) -> None:
    years.answer("GOV-02", "senior_executive")
    years.session.get_one(Answer, answers_of(years.session, years.before.id)["GOV-02"].id).confirmed = False
    years.session.flush()
    assert earlier_source(years.session, years.now) is None


def test_only_drafts_only_own_only_earlier(years: Years) -> None:
    session = years.session
    years.answer("GOV-02", "senior_executive")
    assert earlier_source(session, years.before) is None
    source = earlier_source(session, years.now)
    assert source is not None
    for state, code in (("submitted", "locked_submitted"), ("returned", "carry_draft_only")):
        years.now.state = state
        session.flush()
        with pytest.raises(Refused) as refused:
            carry_answers(session, years.lead, assessment=years.now, source=source, now=NOW)
        assert refused.value.problem.code == code
        with pytest.raises(Refused):
            confirm_answers(session, years.lead, assessment=years.now, seen={"GOV-02": 1}, now=NOW)
    years.now.state = "invited"
    before = session.get_one(Round, years.before.round_id)
    before.trial = True
    session.flush()
    assert earlier_source(session, years.now) is None
    before.trial = False
    stranger = make_supplier(session, "S-002")
    theirs = make_assessment(session, session.get_one(Round, years.now.round_id), stranger)
    assert earlier_source(session, theirs) is None


def test_a_file_from_another_portal(years: Years) -> None:
    session = years.session
    source = Source(
        "answers-2025.json", VERSION, ("manufacturing",),
        {"GOV-02": "senior_executive", "GOV-06": {"odd": 1}, "NRG-01": "1200000", "ZZZ-01": "x" * 5000},
        {"NRG-01": "kWh"},
    )  # fmt: skip
    preview = preview_carry(session, assessment=years.now, source=source)
    assert {s.code: s.outcome for s in preview} == {
        "GOV-02": "carried", "GOV-06": "dropped", "NRG-01": "beside", "ZZZ-01": "dropped",
    }  # fmt: skip
    assert next(s for s in preview if s.code == "NRG-01").past == Decimal(1200)
    assert answers_of(session, years.now.id) == {} and carried_of(session, years.now.id) == {}
    carry_answers(session, years.lead, assessment=years.now, source=source, now=NOW)
    assert carryings_of(session, years.now.id)[0].source_assessment_id is None
    with pytest.raises(NotFound):
        preview_carry(session, assessment=years.now, source=Source("x", "sustainability/1999.1", (), {}))
    newer = Source("x", "sustainability/2027.0-draft", (), {"GOV-02": "none"})
    with pytest.raises(Refused) as refused:
        preview_carry(session, assessment=years.now, source=newer)
    assert refused.value.problem.code == "carry_no_way"


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_idempotent_and_harmless_whatever_the_answers(session: Session, data: st.DataObject) -> None:
    """Any answers before, any already given now: nothing given is touched, no result arrives, twice equals once."""
    with undone(session):
        years = Years(session)
        picked = data.draw(
            st.lists(st.sampled_from(CHOICES), min_size=1, max_size=8, unique_by=lambda i: i.code)
        )
        past = {one.code: to_json(one, data.draw(value_of(one))) for one in picked}
        given_now = data.draw(st.lists(st.sampled_from(picked), max_size=3, unique_by=lambda i: i.code))
        for one in given_now:
            give(session, years.lead, years.now, one.code, to_json(one, data.draw(value_of(one))))
        before = {c: (r.value, r.typed, r.version) for c, r in answers_of(session, years.now.id).items()}
        source = Source("before", VERSION, ("manufacturing",), past)
        carry_answers(session, years.lead, assessment=years.now, source=source, now=NOW)
        rows = answers_of(session, years.now.id)
        assert {c: (rows[c].value, rows[c].typed, rows[c].version) for c in before} == before
        natures = {i.code: i.nature for i in indicators_of(QUESTIONNAIRE)}
        assert not [c for c, r in rows.items() if r.origin == "carried" and natures[c] == "result"]
        once = _all(session)
        carry_answers(session, years.lead, assessment=years.now, source=source, now=NOW)
        assert _all(session) == once
