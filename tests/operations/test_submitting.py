"""Sending: everything frozen once, hashed, and nothing sent twice."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.core.scoring.sheet import score_text
from portal.operations.scoring import declared_sheet, open_case, submitted_case, verified_sheet
from portal.operations.submitting import submission_of, submit_assessment
from portal.store.assessments import Assessment, Decision, StoredSheet, Submission
from portal.store.engine import writing
from portal.store.journal import entries_about
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.assessments import close_gaps, give, link_evidence, make_assessment, make_round
from tests.make.people import actor_of, make_member, make_staff, make_supplier

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


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


def ready(session: Session, lead: Actor, assessment: Assessment, user: User) -> None:
    give(session, lead, assessment, "GOV-01", ["glass"])
    give(session, lead, assessment, "NRG-01", "1 250 000", unit="kWh")
    give(session, lead, assessment, "GOV-02", "senior_executive")
    close_gaps(session, lead, assessment, user)


def test_what_blocks_is_refused_and_nothing_is_frozen(
    session: Session, lead: Actor, assessment: Assessment
) -> None:
    with pytest.raises(Refused) as caught:
        submit_assessment(session, lead, assessment=assessment, now=NOW)
    assert caught.value.problem.code == "not_started"
    give(session, lead, assessment, "GOV-02", "none")
    with pytest.raises(Refused) as caught:
        submit_assessment(session, lead, assessment=assessment, now=NOW)
    assert caught.value.problem.code == "gaps_block"
    assert session.scalars(select(Submission)).all() == []
    assert assessment.state == "in_progress"


def test_an_unreadable_answer_blocks(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    ready(session, lead, assessment, user)
    give(session, lead, assessment, "GOV-05", "1,234")
    with pytest.raises(Refused) as caught:
        submit_assessment(session, lead, assessment=assessment, now=NOW)
    assert dict(caught.value.problem.values) == {"count": 1}


def test_the_snapshot_is_canonical_hashed_and_complete(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    ready(session, lead, assessment, user)
    sent = submit_assessment(session, lead, assessment=assessment, now=NOW)
    content = json.loads(sent.content)
    assert sent.content == json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sent.sha256 == hashlib.sha256(sent.content.encode()).hexdigest()
    assert (content["supplier"], content["questionnaire"], content["roles"]) == (
        "S-001",
        "sustainability/2026.1",
        ["manufacturing"],
    )
    assert content["answers"]["NRG-01"] == "1250"
    assert content["typed"]["NRG-01"] == {"typed": "1 250 000", "unit": "kWh"}
    assert content["evidence"]["GOV-02"][0]["name"] == "certificate.pdf"
    assert content["evidence"]["GOV-02"][0]["valid_until"] == "2027-12-31"
    assert (content["submitted_by"], content["submitted_at"]) == (user.name, NOW.isoformat())
    assert (assessment.state, assessment.submitted_at, sent.number) == ("submitted", NOW, 1)
    stored = session.scalars(select(StoredSheet)).one()
    assert (stored.side, stored.total) == (
        "declared",
        score_text(declared_sheet(open_case(session, assessment)).total),
    )
    moved = entries_about(session, "assessment", assessment.id)[0]
    assert (moved.action, moved.from_state, moved.to_state) == (
        "assessment.submitted",
        "in_progress",
        "submitted",
    )
    assert moved.details == {"number": 1, "sha256": sent.sha256}


def test_later_changes_do_not_reach_what_was_sent(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    ready(session, lead, assessment, user)
    submit_assessment(session, lead, assessment=assessment, now=NOW)
    link_evidence(session, assessment, "GOV-02", user, name="later.pdf")
    sent = submitted_case(session, assessment)
    assert sent is not None
    assert [proof.name for proof in sent.evidence["GOV-02"]] == ["certificate.pdf"]
    assert sent.answers == open_case(session, assessment).answers


def test_sending_twice_makes_one_submission(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    ready(session, lead, assessment, user)
    submit_assessment(session, lead, assessment=assessment, now=NOW)
    with pytest.raises(Refused) as caught:
        submit_assessment(session, lead, assessment=assessment, now=NOW)
    assert caught.value.problem.code == "already_sent"
    assert len(session.scalars(select(Submission)).all()) == 1


def test_two_senders_at_the_same_moment_make_one_submission(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        supplier = make_supplier(session, roles=("manufacturing",))
        user = make_member(session, supplier)
        lead = actor_of(user, supplier)
        assessment = make_assessment(session, make_round(session, make_staff(session)), supplier)
        ready(session, lead, assessment, user)
        assessment_id = assessment.id
        session.commit()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def press() -> None:
        with writing(any_engine) as own:
            mine = own.get_one(Assessment, assessment_id)
            own.rollback()
            start.wait()
            try:
                submit_assessment(own, lead, assessment=mine, now=NOW)
                own.commit()
                outcomes.append("sent")
            except Refused as refusal:
                own.rollback()
                outcomes.append(refusal.problem.code)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already_sent", "sent"]
    with writing(any_engine) as own:
        assert len(own.scalars(select(Submission)).all()) == 1


def test_a_returned_assessment_is_sent_again_as_number_two(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    ready(session, lead, assessment, user)
    first = submit_assessment(session, lead, assessment=assessment, now=NOW)
    session.add(
        Decision(
            assessment_id=assessment.id,
            submission_id=first.id,
            indicator="GOV-02",
            kind="returned",
            reason="Name the executive.",
            decided_by_id=user.id,
            decided_at=NOW,
        )
    )
    assessment.state = "returned"
    session.flush()
    give(session, lead, assessment, "GOV-02", "board_with_pay_link", base=1)
    second = submit_assessment(session, lead, assessment=assessment, now=NOW)
    assert second.number == 2
    assert json.loads(first.content)["answers"]["GOV-02"] == "senior_executive"
    assert json.loads(second.content)["answers"]["GOV-02"] == "board_with_pay_link"
    assert len(session.scalars(select(StoredSheet)).all()) == 1


def test_claims_without_accepted_evidence_earn_nothing_in_the_verified_sheet(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    ready(session, lead, assessment, user)
    sent = submit_assessment(session, lead, assessment=assessment, now=NOW)
    case = submitted_case(session, assessment)
    assert case is not None
    accepted = Decision(
        assessment_id=assessment.id,
        submission_id=sent.id,
        indicator="GOV-02",
        kind="accepted",
        decided_by_id=user.id,
        decided_at=NOW,
    )
    assert verified_sheet(case, {}).lines["GOV-02"].points == 0
    assert (
        verified_sheet(case, {"GOV-02": accepted}).lines["GOV-02"].points
        == declared_sheet(case).lines["GOV-02"].points
    )


def test_a_submission_is_found_only_by_its_own_supplier(
    session: Session, lead: Actor, assessment: Assessment, user: User
) -> None:
    ready(session, lead, assessment, user)
    sent = submit_assessment(session, lead, assessment=assessment, now=NOW)
    assert submission_of(session, assessment.supplier_id, assessment.id, 1) is sent
    for supplier_id, number in ((assessment.supplier_id + 1, 1), (assessment.supplier_id, 2)):
        with pytest.raises(NotFound):
            submission_of(session, supplier_id, assessment.id, number)
