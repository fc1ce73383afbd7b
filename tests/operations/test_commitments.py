"""Findings at release, commitments and their moves, and the share of committed suppliers on any day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.commitments import (
    LOW_POINTS,
    MOVES,
    STATES,
    Promise,
    after,
    committed_share,
    committed_suppliers,
    weaknesses,
)
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.questionnaire.model import indicators_of
from portal.core.scoring.roll_up import score
from portal.core.scoring.sheet import Judgement
from portal.files.questionnaires import find_questionnaire
from portal.operations.commitments import (
    agree,
    propose,
    read_proposal,
    reopen,
    report_done,
    report_progress,
    repropose,
    send_back,
    verify,
    withdraw,
)
from portal.operations.scoring import submitted_case, verified_sheet
from portal.store.commitments import Finding
from portal.store.journal import JournalEntry
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.assessments import VERSION
from tests.make.people import AT, actor_of, make_member, make_staff, make_supplier
from tests.make.promises import PROPOSAL, make_commitment, make_findings, release
from tests.make.sent import best_answers, first_gate, make_round, make_sent, worst_key

TODAY = date(2026, 11, 21)
GIVEN = {
    "action": "Do it",
    "owner": "Lin",
    "due_on": "2027-03-31",
    "effect_points": "0.5",
    "effect_tco2e": "10",
}


class Cast:
    """A supplier with its lead, one of the buyer's people, and the findings of a released result."""

    def __init__(self, session: Session) -> None:
        self.supplier: Supplier = make_supplier(session)
        self.lead_user: User = make_member(session, self.supplier)
        self.staff_user: User = make_staff(session)
        self.lead: Actor = actor_of(self.lead_user, self.supplier)
        self.staff: Actor = actor_of(self.staff_user)
        self.findings: list[Finding] = make_findings(session, self.supplier, self.lead_user, self.staff_user)


@pytest.fixture
def cast(session: Session) -> Cast:
    return Cast(session)


def test_gain_is_exactly_what_full_marks_would_add() -> None:
    questionnaire = find_questionnaire(VERSION)
    answers = best_answers(questionnaire, ("manufacturing",))
    gate = first_gate(questionnaire, answers)
    answers[gate.code] = worst_key(gate)
    sheet = score(questionnaire, ("manufacturing",), answers)
    found = weaknesses(questionnaire, sheet)
    assert {w.indicator for w in found if w.kind == "red_flag"} == {gate.code}
    assert all(w.points < LOW_POINTS for w in found)
    scored = {i.code for i in indicators_of(questionnaire)} & {
        code for code, line in sheet.lines.items() if line.points is not None and line.points < LOW_POINTS
    }
    assert {w.indicator for w in found} == scored
    for weakness in found[:5]:
        full = score(
            questionnaire,
            ("manufacturing",),
            answers,
            {weakness.indicator: Judgement("adjusted", Decimal(1))},
        )
        assert full.total - sheet.total == weakness.gain
        assert isinstance(weakness.gain, Fraction) and weakness.gain > 0


def test_half_of_the_points_is_no_finding_and_less_is_one() -> None:
    questionnaire = find_questionnaire(VERSION)
    sheet = score(questionnaire, ("manufacturing",), best_answers(questionnaire, ("manufacturing",)))
    code = next(i.code for i in indicators_of(questionnaire) if sheet.lines[i.code].points == 1)
    for points, found in ((Decimal("0.5"), False), (Decimal("0.49"), True)):
        judged = score(
            questionnaire,
            ("manufacturing",),
            best_answers(questionnaire, ("manufacturing",)),
            {code: Judgement("adjusted", points)},
        )
        assert (code in {w.indicator for w in weaknesses(questionnaire, judged)}) is found


def test_release_opens_findings_once_and_closes_what_is_solved(session: Session, cast: Cast) -> None:
    first = {f.indicator for f in cast.findings}
    assessment = cast.findings[0].assessment
    again = release(session, assessment, cast.staff)
    assert {f.indicator for f in again} == first
    assert len(session.scalars(select(Finding)).all()) == len(first)
    case = submitted_case(session, assessment)
    assert case is not None
    solved = cast.findings[0]
    assert solved.gain == solved.gain.quantize(Decimal("0.01"))
    sheet = verified_sheet(case, {})
    assert {w.indicator for w in weaknesses(case.questionnaire, sheet)} == first


def test_a_newer_result_replaces_findings_nobody_works_on(session: Session, cast: Cast) -> None:
    worked, idle = cast.findings[0], cast.findings[1]
    make_commitment(session, worked, cast.lead, cast.staff, "agreed")
    newer = make_sent(
        session, cast.supplier, make_round(session, cast.staff_user, "Round 2027"), cast.lead_user
    )
    session.expire_all()
    release(session, newer, cast.staff)
    session.expire_all()
    assert worked.closed_at is None, "a promise outlives the round"
    assert idle.closed_at is not None
    open_ones = session.scalars(select(Finding).where(Finding.closed_at.is_(None))).all()
    assert {f.assessment_id for f in open_ones} == {newer.id, worked.assessment_id}


def test_a_proposal_is_checked_whole() -> None:
    proposal = read_proposal(GIVEN, gain=Decimal("0.5"), today=TODAY)
    assert (proposal.due_on, proposal.effect_points, proposal.effect_tco2e) == (
        date(2027, 3, 31),
        Decimal("0.5"),
        Decimal(10),
    )
    wrong = {
        "action": " ",
        "owner": "x" * 121,
        "due_on": "2026-11-21",
        "effect_points": "0.51",
        "effect_tco2e": "-1",
    }
    with pytest.raises(Invalid) as caught:
        read_proposal(wrong, gain=Decimal("0.5"), today=TODAY)
    assert {(p.code, p.where) for p in caught.value.problems} == {
        ("action_missing", "action"),
        ("words_too_long", "owner"),
        ("due_past", "due_on"),
        ("effect_above_gain", "effect_points"),
        ("effect_negative", "effect_tco2e"),
    }


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("effect_tco2e", "many", "effect_unreadable"),
        ("effect_tco2e", "1,234", "effect_unreadable"),
        ("effect_tco2e", "-0.01", "effect_negative"),
        ("effect_points", "NaN", "effect_unreadable"),
        ("due_on", "2027-02-30", "due_unreadable"),
        ("due_on", "", "due_missing"),
        ("due_on", "2046-01-01", "due_far"),
    ],
)
def test_one_wrong_field_is_named(field: str, text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_proposal(GIVEN | {field: text}, gain=Decimal(1), today=TODAY)
    assert [(p.code, p.where) for p in caught.value.problems] == [(code, field)]


def test_one_effect_is_needed_and_one_is_enough() -> None:
    with pytest.raises(Invalid) as caught:
        read_proposal(GIVEN | {"effect_points": "", "effect_tco2e": " "}, gain=Decimal(1), today=TODAY)
    assert caught.value.problems[0].code == "effect_missing"
    assert read_proposal(GIVEN | {"effect_points": ""}, gain=Decimal(1), today=TODAY).effect_points is None


def test_the_whole_way_leaves_a_trail(session: Session, cast: Cast) -> None:
    row = propose(session, cast.lead, finding_id=cast.findings[0].id, proposal=PROPOSAL, now=AT)
    send_back(session, cast.staff, commitment_id=row.id, reason="Say by how much.", now=AT)
    repropose(session, cast.lead, commitment_id=row.id, proposal=PROPOSAL, now=AT)
    agree(session, cast.staff, commitment_id=row.id, now=AT)
    report_progress(
        session, cast.lead, commitment_id=row.id, percent="40", text="Half way", evidence_id=None, now=AT
    )
    report_done(session, cast.lead, commitment_id=row.id, text="", evidence_id=None, now=AT)
    reopen(session, cast.staff, commitment_id=row.id, reason="Where is the report?", now=AT)
    assert row.agreed_at == AT and row.state == "agreed"
    report_done(session, cast.lead, commitment_id=row.id, text="Here", evidence_id=None, now=AT)
    verify(session, cast.staff, commitment_id=row.id, now=AT)
    session.expire_all()
    assert row.state == "verified" and row.finding.closed_at == AT
    assert [n.move for n in row.notes] == [
        "propose", "send_back", "repropose", "agree", "progress", "report_done", "reopen", "report_done", "verify",
    ]  # fmt: skip
    written = session.scalars(select(JournalEntry.action).where(JournalEntry.thing == "commitment")).all()
    assert len(written) == 9


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", sorted(MOVES))
def test_only_listed_moves_are_allowed(state: str, move: str) -> None:
    if state in MOVES[move][0]:
        assert after(state, move) == MOVES[move][1]
        return
    with pytest.raises(Refused) as caught:
        after(state, move)
    assert caught.value.problem.values["state"] == state


def test_what_the_state_does_not_allow_changes_nothing(session: Session, cast: Cast) -> None:
    row = make_commitment(session, cast.findings[0], cast.lead, cast.staff, "agreed")
    refused = (
        lambda: agree(session, cast.staff, commitment_id=row.id, now=AT),
        lambda: withdraw(session, cast.lead, commitment_id=row.id, now=AT),
        lambda: verify(session, cast.staff, commitment_id=row.id, now=AT),
        lambda: repropose(session, cast.lead, commitment_id=row.id, proposal=PROPOSAL, now=AT),
        lambda: propose(session, cast.lead, finding_id=row.finding_id, proposal=PROPOSAL, now=AT),
    )
    steps = len(row.notes)
    for move in refused:
        with pytest.raises(Refused):
            move()
    session.refresh(row)
    assert row.state == "agreed" and len(row.notes) == steps


def test_a_reason_is_needed_to_send_back(session: Session, cast: Cast) -> None:
    row = make_commitment(session, cast.findings[0], cast.lead, cast.staff, "proposed")
    with pytest.raises(Invalid):
        send_back(session, cast.staff, commitment_id=row.id, reason="  ", now=AT)
    assert row.state == "proposed"


@pytest.mark.parametrize("percent", ["", "-1", "101", "12.5", "half"])
def test_progress_is_whole_per_cent(session: Session, cast: Cast, percent: str) -> None:
    row = make_commitment(session, cast.findings[0], cast.lead, cast.staff, "agreed")
    with pytest.raises(Invalid):
        report_progress(
            session, cast.lead, commitment_id=row.id, percent=percent, text="", evidence_id=None, now=AT
        )


def test_strangers_find_nothing(session: Session, cast: Cast) -> None:
    row = make_commitment(session, cast.findings[0], cast.lead, cast.staff, "proposed")
    other = make_supplier(session, "S-002")
    stranger = actor_of(make_member(session, other), other)
    with pytest.raises(NotFound):
        withdraw(session, stranger, commitment_id=row.id, now=AT)
    with pytest.raises(NotFound):
        propose(session, stranger, finding_id=cast.findings[1].id, proposal=PROPOSAL, now=AT)


def test_the_share_of_a_past_day() -> None:
    released = [(1, date(2026, 1, 10)), (2, date(2026, 2, 10)), (2, date(2026, 8, 10))]
    promises = [Promise(1, date(2026, 3, 1)), Promise(2, None), Promise(3, date(2026, 1, 1))]
    assert committed_share(released, promises, date(2026, 1, 9)).share is None
    assert committed_share(released, promises, date(2026, 2, 28)).share == 0
    march = committed_share(released, promises, date(2026, 3, 1))
    assert (march.committed, march.assessed, march.share) == (1, 2, Decimal("0.5"))
    gone = [Promise(1, date(2026, 3, 1), date(2026, 4, 1))]
    assert committed_share(released, gone, date(2026, 3, 31)).committed == 1
    assert committed_share(released, gone, date(2026, 4, 1)).committed == 0


DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))
PAIRS = st.lists(st.tuples(st.integers(1, 9), DAYS), max_size=12)
PROMISES = st.lists(
    st.builds(
        lambda supplier, agreed, span: Promise(
            supplier, agreed, agreed + timedelta(days=span) if agreed and span is not None else None
        ),
        st.integers(1, 12),
        st.none() | DAYS,
        st.none() | st.integers(0, 400),
    ),
    max_size=12,
)


@given(PAIRS, PROMISES, DAYS)
def test_the_share_is_a_part_of_the_assessed(released: list, promises: list, on: date) -> None:
    found = committed_share(released, promises, on)
    assert 0 <= found.committed <= found.assessed
    assert found.share is None if found.assessed == 0 else 0 <= found.share <= 1  # type: ignore[operator]
    assessed, committed = committed_suppliers(released, promises, on)
    assert committed <= assessed and (len(committed), len(assessed)) == (found.committed, found.assessed)


@given(PAIRS, PROMISES, DAYS)
def test_nobody_counts_twice_and_the_order_does_not_matter(released: list, promises: list, on: date) -> None:
    found = committed_share(released, promises, on)
    assert committed_share(released[::-1] * 2, promises[::-1] * 2, on) == found


@given(PAIRS, PROMISES, DAYS, st.integers(1, 12))
def test_one_more_standing_promise_never_lowers_the_share(
    released: list, promises: list, on: date, supplier: int
) -> None:
    before = committed_share(released, promises, on)
    after_it = committed_share(released, [*promises, Promise(supplier, on)], on)
    assert after_it.committed in (before.committed, before.committed + 1)
