"""The review: allowed and refused moves, decisions, return and resubmission, release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.questionnaire.model import indicator as indicator_of
from portal.files.questionnaires import find_questionnaire
from portal.operations.judging import Review, open_review
from portal.operations.reviewing import (
    accept_all,
    decide,
    finish_review,
    release_assessment,
    reopen_review,
    send_back,
    take_up,
)
from portal.store.assessments import Assessment, StoredSheet, decisions_on
from portal.store.commitments import Finding
from portal.store.journal import entries_about
from portal.store.people import User
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.sent import (
    QUESTIONNAIRE,
    best_answers,
    first_gate,
    make_round,
    make_sent,
    put_answers,
    send,
    worst_key,
)

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Desk:
    """A reviewer with one assessment that has a red flag."""

    session: Session
    actor: Actor
    lead: User
    assessment: Assessment
    gate: str


@pytest.fixture
def desk(session: Session) -> Desk:
    manager = make_staff(session, "manager")
    supplier = make_supplier(session)
    lead = make_member(session, supplier)
    questionnaire = find_questionnaire(QUESTIONNAIRE)
    gate = first_gate(questionnaire, best_answers(questionnaire, ("manufacturing",)))
    assessment = make_sent(
        session, supplier, make_round(session, manager), lead, {gate.code: worst_key(gate)}
    )
    return Desk(session, actor_of(manager), lead, assessment, gate.code)


def review_of(desk: Desk) -> Review:
    found = open_review(desk.session, desk.assessment)
    assert found is not None
    return found


def judge(desk: Desk, code: str, kind: str, **given: str) -> None:
    decide(
        desk.session,
        desk.actor,
        assessment_id=desk.assessment.id,
        indicator=code,
        kind=kind,
        now=NOW,
        **given,
    )


def begin(desk: Desk) -> None:
    take_up(desk.session, desk.actor, assessment_id=desk.assessment.id, now=NOW)


def settle_all(desk: Desk) -> None:
    for code in review_of(desk).undecided:
        judge(desk, code, "accepted")


def finish(desk: Desk) -> None:
    finish_review(desk.session, desk.actor, assessment_id=desk.assessment.id, now=NOW)


def release(desk: Desk) -> None:
    release_assessment(desk.session, desk.actor, assessment_id=desk.assessment.id, today=TODAY, now=NOW)


def refused_code(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.problem.code


def test_a_review_runs_from_sent_to_released(desk: Desk) -> None:
    begin(desk)
    settle_all(desk)
    finish(desk)
    release(desk)
    assert desk.assessment.state == "released"
    assert desk.assessment.valid_until == date(2027, 11, 21)
    moves = [
        (e.from_state, e.to_state)
        for e in entries_about(desk.session, "assessment", desk.assessment.id)
        if e.to_state
    ]
    assert moves == [
        ("reviewed", "released"),
        ("in_review", "reviewed"),
        ("submitted", "in_review"),
    ]


def test_steps_out_of_order_are_refused(desk: Desk) -> None:
    with pytest.raises(Refused) as caught:
        finish(desk)
    assert refused_code(caught) == "review_not_open"
    with pytest.raises(Refused) as caught:
        release(desk)
    assert refused_code(caught) == "move_not_allowed"
    begin(desk)
    with pytest.raises(Refused) as caught:
        begin(desk)
    assert refused_code(caught) == "move_not_allowed"
    with pytest.raises(Refused) as caught:
        finish(desk)
    assert refused_code(caught) == "undecided"
    assert desk.assessment.state == "in_review"


def test_the_second_release_is_refused(desk: Desk) -> None:
    begin(desk)
    settle_all(desk)
    finish(desk)
    release(desk)
    with pytest.raises(Refused) as caught:
        release(desk)
    assert refused_code(caught) == "move_not_allowed"


def test_what_needs_judgement_is_proof_and_red_flags(desk: Desk) -> None:
    begin(desk)
    review = review_of(desk)
    questionnaire = review.case.questionnaire
    assert desk.gate in review.to_judge
    assert len(review.to_judge) > 5
    for code in review.to_judge:
        found = indicator_of(questionnaire, code)
        assert code == desk.gate or (found.evidence == "required" and review.declared.lines[code].points)


def test_verified_points_follow_the_decisions_and_declared_ones_stay(desk: Desk) -> None:
    begin(desk)
    code = next(c for c in review_of(desk).to_judge if c != desk.gate)
    before = review_of(desk)
    assert before.verified.lines[code].points == 0
    judge(desk, code, "accepted")
    assert review_of(desk).verified.lines[code].points == before.declared.lines[code].points
    judge(desk, code, "adjusted", points="0.25", reason="Only one of four sites is covered.")
    after = review_of(desk)
    assert str(after.verified.lines[code].points) == "1/4"
    assert after.declared.lines[code].points == before.declared.lines[code].points
    assert len(decisions_on(desk.session, desk.assessment.id)) == 1


@pytest.mark.parametrize("points", ["", "1.1", "-0.1", "half", "NaN", "0.12345", "Infinity"])
def test_points_are_a_number_between_nought_and_one(desk: Desk, points: str) -> None:
    begin(desk)
    code = next(c for c in review_of(desk).to_judge if c != desk.gate)
    with pytest.raises(Invalid) as caught:
        judge(desk, code, "adjusted", points=points, reason="Because.")
    assert [p.code for p in caught.value.problems] == ["points_expected"]


@pytest.mark.parametrize("kind", ["adjusted", "returned", "flag_closed"])
def test_every_decision_but_acceptance_needs_a_reason(desk: Desk, kind: str) -> None:
    begin(desk)
    with pytest.raises(Invalid) as caught:
        judge(desk, desk.gate, kind, points="0", reason="  ", proof="Audit report of 2026-10-01")
    assert "reason_missing" in {p.code for p in caught.value.problems}


def test_a_red_flag_closes_only_with_reason_and_proof(desk: Desk) -> None:
    begin(desk)
    assert review_of(desk).verified.grade == "D"
    with pytest.raises(Refused) as caught:
        judge(desk, desk.gate, "adjusted", points="1", reason="Fine by me.")
    assert refused_code(caught) == "close_flag_instead"
    with pytest.raises(Invalid) as invalid:
        judge(desk, desk.gate, "flag_closed", reason="Corrected in October.")
    assert [p.code for p in invalid.value.problems] == ["proof_missing"]
    judge(desk, desk.gate, "flag_closed", reason="Corrected in October.", proof="Audit report of 2026-10-01")
    review = review_of(desk)
    assert desk.gate in review.declared.red_flags
    assert desk.gate not in review.verified.red_flags
    other = next(c for c in review.to_judge if c != desk.gate)
    with pytest.raises(Refused) as caught:
        judge(desk, other, "flag_closed", reason="x", proof="y")
    assert refused_code(caught) == "flag_not_open"


def test_what_is_not_in_play_cannot_be_decided(desk: Desk) -> None:
    begin(desk)
    closed = next(iter(review_of(desk).case.path.closed))
    for code in (closed, "NOPE-01"):
        with pytest.raises(NotFound):
            judge(desk, code, "accepted")


def test_accepting_together_leaves_flags_and_decided_ones_alone(desk: Desk) -> None:
    begin(desk)
    review = review_of(desk)
    judge(desk, review.undecided[-1], "returned", reason="The certificate has expired.")
    count = accept_all(
        desk.session, desk.actor, assessment_id=desk.assessment.id, indicators=review.to_judge, now=NOW
    )
    decisions = decisions_on(desk.session, desk.assessment.id)
    assert count == sum(1 for d in decisions.values() if d.kind == "accepted") > 3
    assert desk.gate not in decisions
    assert decisions[review.undecided[-1]].kind == "returned"


def test_sending_back_needs_a_returned_indicator(desk: Desk) -> None:
    begin(desk)
    with pytest.raises(Refused) as caught:
        send_back(desk.session, desk.actor, assessment_id=desk.assessment.id, now=NOW)
    assert refused_code(caught) == "nothing_returned"


def test_after_return_only_changed_answers_are_judged_again(desk: Desk) -> None:
    begin(desk)
    settle_all(desk)
    kept, returned = [c for c in review_of(desk).to_judge if c != desk.gate][:2]
    judge(desk, kept, "adjusted", points="0.5", reason="Half of the sites.")
    judge(desk, returned, "returned", reason="The scope does not name your site.")
    with pytest.raises(Refused) as caught:
        finish(desk)
    assert refused_code(caught) == "still_returned"
    send_back(desk.session, desk.actor, assessment_id=desk.assessment.id, now=NOW)
    assert desk.assessment.state == "returned"
    send(desk.session, desk.assessment, desk.lead, number=2)
    begin(desk)
    review = review_of(desk)
    assert review.undecided == (returned,)
    assert review.came_back == {returned}
    assert review.decisions[kept].kind == "adjusted"
    judge(desk, returned, "accepted")
    finish(desk)
    assert desk.assessment.state == "reviewed"


def test_a_decision_about_another_answer_does_not_stand(desk: Desk) -> None:
    begin(desk)
    settle_all(desk)
    changed, returned = [c for c in review_of(desk).to_judge if c != desk.gate][:2]
    judge(desk, returned, "returned", reason="Wrong document.")
    send_back(desk.session, desk.actor, assessment_id=desk.assessment.id, now=NOW)
    answer = review_of(desk).case.answers[changed]
    definition = indicator_of(find_questionnaire(QUESTIONNAIRE), changed)
    other = next(
        o.key for o in sorted(definition.options, key=lambda o: -o.points) if o.key != answer and o.points
    )
    put_answers(
        desk.session, desk.assessment, desk.lead, {changed: (other,) if isinstance(answer, tuple) else other}
    )
    send(desk.session, desk.assessment, desk.lead, number=2)
    begin(desk)
    assert set(review_of(desk).undecided) == {changed, returned}


def test_what_came_back_is_decided_before_it_goes_back_again(desk: Desk) -> None:
    begin(desk)
    first, second = [c for c in review_of(desk).to_judge if c != desk.gate][:2]
    judge(desk, first, "returned", reason="Wrong document.")
    send_back(desk.session, desk.actor, assessment_id=desk.assessment.id, now=NOW)
    send(desk.session, desk.assessment, desk.lead, number=2)
    begin(desk)
    judge(desk, second, "returned", reason="Also wrong.")
    with pytest.raises(Refused) as caught:
        send_back(desk.session, desk.actor, assessment_id=desk.assessment.id, now=NOW)
    assert refused_code(caught) == "came_back_undecided"


def test_release_stores_the_verified_sheet_and_opens_findings(desk: Desk) -> None:
    begin(desk)
    settle_all(desk)
    finish(desk)
    verified = review_of(desk).verified
    release(desk)
    sheets = {
        row.side: row
        for row in desk.session.scalars(
            select(StoredSheet).where(StoredSheet.assessment_id == desk.assessment.id)
        )
    }
    assert set(sheets) == {"declared", "verified"}
    assert sheets["verified"].grade == verified.grade == "D"
    assert sheets["verified"].content["red_flags"] == [desk.gate]
    findings = {f.indicator: f for f in desk.session.scalars(select(Finding))}
    assert findings[desk.gate].kind == "red_flag"
    assert len(findings) > 1


def test_a_finished_review_reopens_with_a_reason_and_a_released_one_does_not(desk: Desk) -> None:
    begin(desk)
    settle_all(desk)
    finish(desk)
    with pytest.raises(Refused):
        judge(desk, desk.gate, "accepted")
    with pytest.raises(Invalid):
        reopen_review(desk.session, desk.actor, assessment_id=desk.assessment.id, reason=" ", now=NOW)
    reopen_review(desk.session, desk.actor, assessment_id=desk.assessment.id, reason="New document.", now=NOW)
    assert desk.assessment.state == "in_review"
    finish(desk)
    release(desk)
    with pytest.raises(Refused):
        reopen_review(desk.session, desk.actor, assessment_id=desk.assessment.id, reason="Again.", now=NOW)
