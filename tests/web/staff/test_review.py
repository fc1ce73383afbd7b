"""The review in the browser: what staff may see, decisions, return, release with a fresh sign-in."""

from __future__ import annotations

import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.files.questionnaires import find_questionnaire
from portal.operations.accounts import HASHER
from portal.operations.judging import open_review
from portal.store.assessments import Assessment, Round, Submission, decisions_on
from portal.store.engine import reading
from portal.store.evidence import Evidence
from portal.store.people import User
from tests.make.clock import Clock
from tests.make.people import make_member, make_staff, make_supplier, signed_in
from tests.make.queries import counted
from tests.make.sent import (
    QUESTIONNAIRE,
    best_answers,
    first_gate,
    make_assessment,
    make_round,
    make_sent,
    put_answers,
    worst_key,
)

PASSWORD = "four unrelated words here"
PAGE = "/staff/assessments/1"


@pytest.fixture
def gate() -> str:
    questionnaire = find_questionnaire(QUESTIONNAIRE)
    return first_gate(questionnaire, best_answers(questionnaire, ("manufacturing",))).code


@pytest.fixture
def manager(app: Flask, session: Session, gate: str) -> FlaskClient:
    user = make_staff(session, "manager")
    user.password_hash = HASHER.hash(PASSWORD)
    make_staff(session, "analyst")
    supplier = make_supplier(session)
    questionnaire = find_questionnaire(QUESTIONNAIRE)
    worst = worst_key(first_gate(questionnaire, best_answers(questionnaire, ("manufacturing",))))
    make_sent(session, supplier, make_round(session, user), make_member(session, supplier), {gate: worst})
    session.commit()
    return signed_in(app, user)


def analyst(app: Flask, session: Session) -> FlaskClient:
    with reading(session.get_bind().engine) as looking:
        user = looking.scalars(select(User).where(User.staff_role == "analyst")).one()
    return signed_in(app, user)


def state(session: Session) -> str:
    with reading(session.get_bind().engine) as looking:
        return looking.get_one(Assessment, 1).state


def decided(session: Session) -> dict[str, str]:
    with reading(session.get_bind().engine) as looking:
        return {code: decision.kind for code, decision in decisions_on(looking, 1).items()}


def judge(client: FlaskClient, code: str, kind: str, **given: str):  # type: ignore[no-untyped-def]
    return client.post(f"{PAGE}/indicators/{code}", data={"kind": kind, **given})


def judge_all(client: FlaskClient, session: Session) -> None:
    with reading(session.get_bind().engine) as looking:
        review = open_review(looking, looking.get_one(Assessment, 1))
    assert review is not None
    for code in review.undecided:
        assert judge(client, code, "accepted").status_code == 303


def test_a_draft_shows_state_and_dates_only(manager: FlaskClient, session: Session) -> None:
    supplier = make_supplier(session, "S-002")
    draft = make_assessment(session, supplier, session.get_one(Round, 1), "in_progress")
    member = make_member(session, supplier)
    put_answers(session, draft, member, {"GOV-02": "senior_executive"})
    session.commit()
    page = manager.get(f"/staff/assessments/{draft.id}").get_data(as_text=True)
    assert "has not sent this assessment yet" in page
    assert "GOV-02" not in page and "declared" not in page.lower().replace("declared side", "")
    for path in ("sheet", "evidence/1"):
        assert manager.get(f"/staff/assessments/{draft.id}/{path}").status_code == 404


def test_the_review_shows_flags_first_and_both_sides(manager: FlaskClient, gate: str) -> None:
    manager.post(f"{PAGE}/take-up")
    page = manager.get(PAGE).get_data(as_text=True)
    assert f'id="{gate}"' in page
    assert "red flag" in page and "Declared points" in page and "Verified points" in page
    everything = manager.get(f"{PAGE}?show=all&topic=all").get_data(as_text=True)
    judged = manager.get(f"{PAGE}?topic=all").get_data(as_text=True)
    assert everything.count("<article") > judged.count("<article") > page.count("<article") > 0
    one_topic = manager.get(f"{PAGE}?show=all&topic=NRG").get_data(as_text=True)
    assert set(re.findall(r'<article[^>]* id="([A-Z]+)-', one_topic)) == {"NRG"}


def test_one_topic_at_a_time_from_open_card_to_open_card(
    manager: FlaskClient, session: Session, gate: str
) -> None:
    assert manager.post(f"{PAGE}/take-up").status_code == 303
    with reading(session.get_bind().engine) as looking:
        review = open_review(looking, looking.get_one(Assessment, 1))
    assert review is not None
    first = review.undecided[0].split("-")[0]
    mine = [code for code in review.undecided if code.startswith(f"{first}-")]
    page = manager.get(PAGE).get_data(as_text=True)
    assert set(re.findall(r'<article[^>]* id="([A-Z]+)-', page)) == {first}
    for code, following in zip(mine, [*mine[1:], "next"], strict=True):
        kind = "flag_closed" if code == gate else "accepted"
        answer = judge(manager, code, kind, topic=first, show="judge", reason="Seen.", proof="Permit of May.")
        assert answer.headers["Location"] == f"{PAGE}?show=judge&topic={first}#{following}"
    page = manager.get(f"{PAGE}?topic={first}").get_data(as_text=True)
    rest = next(code for code in review.undecided if code not in mine)
    assert f'href="?show=judge&amp;topic={rest.split("-")[0]}#{rest}"' in page


def test_the_verified_score_is_not_shown_before_everything_is_decided(
    manager: FlaskClient, session: Session
) -> None:
    manager.post(f"{PAGE}/take-up")
    with reading(session.get_bind().engine) as looking:
        review = open_review(looking, looking.get_one(Assessment, 1))
    assert review is not None
    so_far = f"{float(review.verified.total):.2f}"
    for path in (PAGE, f"{PAGE}?show=all&topic=all", f"{PAGE}/sheet"):
        page = manager.get(path).get_data(as_text=True)
        assert f"0 of {len(review.to_judge)} decided" in page
        assert so_far not in page and "No accepted evidence" not in page and "not decided yet" in page
    judge_all(manager, session)
    with reading(session.get_bind().engine) as looking:
        review = open_review(looking, looking.get_one(Assessment, 1))
    assert review is not None
    for path in (PAGE, f"{PAGE}/sheet"):
        page = manager.get(path).get_data(as_text=True)
        assert f"{float(review.verified.total):.2f}" in page and "not decided yet" not in page


def test_a_converted_answer_shows_what_was_typed(manager: FlaskClient, session: Session) -> None:
    sent = session.scalars(select(Submission)).one()
    content = json.loads(sent.content)
    content["answers"]["NRG-01"] = "38500"
    content["typed"]["NRG-01"] = {"typed": "38.5", "unit": "GWh"}
    sent.content = json.dumps(content)
    session.commit()
    page = manager.get(f"{PAGE}?show=all&topic=NRG").get_data(as_text=True)
    assert "typed: 38.5 GWh" in page
    content["typed"]["NRG-01"] = {"typed": "38500", "unit": "MWh"}
    sent.content = json.dumps(content)
    session.commit()
    assert "typed:" not in manager.get(f"{PAGE}?show=all&topic=NRG").get_data(as_text=True)


def test_a_refused_decision_says_why_and_keeps_what_was_typed(manager: FlaskClient, session: Session) -> None:
    manager.post(f"{PAGE}/take-up")
    answer = judge(manager, "GOV-02", "adjusted", points="1.5", reason="Kept words")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "from 0 to 1" in page and "Kept words" in page and 'value="1.5"' in page
    assert judge(manager, "GOV-02", "adjusted", points="0.5").status_code == 422
    assert judge(manager, "GOV-02", "deleted").status_code == 404
    elsewhere = judge(manager, "NRG-04", "adjusted", points="2", reason="Kept too")
    assert elsewhere.status_code == 422 and "Kept too" in elsewhere.get_data(as_text=True)
    assert judge(manager, "XXX-99", "accepted").status_code in (404, 409, 422)
    assert decided(session) == {}


def test_decisions_before_the_review_is_open_are_refused(manager: FlaskClient) -> None:
    answer = judge(manager, "GOV-02", "accepted")
    assert answer.status_code == 409
    assert "only while the assessment is in review" in answer.get_data(as_text=True)


def test_accepting_a_topic_leaves_the_red_flag(manager: FlaskClient, session: Session, gate: str) -> None:
    manager.post(f"{PAGE}/take-up")
    topic = gate.split("-")[0]
    assert manager.post(f"{PAGE}/topics/{topic}/accept").status_code == 303
    found = decided(session)
    assert found and gate not in found and {code.split("-")[0] for code in found} == {topic}
    assert manager.post(f"{PAGE}/topics/NOPE/accept").status_code == 404


def test_a_returned_indicator_goes_back_by_name(manager: FlaskClient, session: Session) -> None:
    manager.post(f"{PAGE}/take-up")
    assert manager.post(f"{PAGE}/send-back").status_code == 303
    assert state(session) == "in_review"
    judge(manager, "GOV-02", "returned", reason="The appointment letter is not signed.")
    assert "GOV-02" in manager.get(PAGE).get_data(as_text=True)
    manager.post(f"{PAGE}/send-back")
    assert state(session) == "returned"
    page = manager.get(PAGE).get_data(as_text=True)
    assert "Waiting for the supplier" in page and "Adjust or return" not in page
    assert 'id="GOV-02"' in page


def test_an_unfinished_review_is_not_closed(manager: FlaskClient, session: Session) -> None:
    manager.post(f"{PAGE}/take-up")
    answer = manager.post(f"{PAGE}/finish", follow_redirects=True)
    assert "still need your judgement" in answer.get_data(as_text=True)
    assert state(session) == "in_review"


def test_release_asks_for_a_fresh_sign_in_and_happens_once(
    app: Flask, manager: FlaskClient, session: Session, clock: Clock
) -> None:
    manager.post(f"{PAGE}/take-up")
    judge_all(manager, session)
    manager.post(f"{PAGE}/finish")
    assert state(session) == "reviewed"
    assert analyst(app, session).post(f"{PAGE}/release").status_code == 404
    clock.move(minutes=20)
    for password in ("", "wrong password here"):
        assert manager.post(f"{PAGE}/release", data={"password": password}).status_code == 422
        assert state(session) == "reviewed"
    assert manager.post(f"{PAGE}/release", data={"password": PASSWORD}).status_code == 303
    assert state(session) == "released"
    assert manager.post(f"{PAGE}/release", data={"password": PASSWORD}).status_code == 409
    page = manager.get(f"{PAGE}/sheet").get_data(as_text=True)
    assert "sustainability/2026.1" in page and "upstream-score/1" in page


def test_evidence_downloads_only_if_it_was_sent_with_this_assessment(
    app: Flask, manager: FlaskClient, session: Session
) -> None:
    vault = app.extensions["upstream"].vault
    sent = session.scalars(select(Evidence)).one()
    sent.vault_key = vault.put(io.BytesIO(b"%PDF-1.4 proof"))
    foreign = make_supplier(session, "S-002")
    other = Evidence(
        supplier_id=foreign.id,
        vault_key="ff/other",
        name="secret.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by_id=1,
        uploaded_at=clock_of(app),
    )
    session.add(other)
    session.commit()
    answer = manager.get(f"{PAGE}/evidence/{sent.id}")
    assert answer.status_code == 200
    assert answer.data == b"%PDF-1.4 proof"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert manager.get(f"{PAGE}/evidence/{other.id}").status_code == 404
    assert manager.get(f"{PAGE}/evidence/999").status_code == 404


def clock_of(app: Flask):  # type: ignore[no-untyped-def]
    return app.extensions["upstream"].clock()


def test_the_review_page_costs_the_same_however_much_was_decided(
    manager: FlaskClient, session: Session, engine: Engine
) -> None:
    manager.post(f"{PAGE}/take-up")
    judge(manager, "GOV-02", "accepted")
    with counted(engine) as few:
        manager.get(f"{PAGE}?show=all&topic=all")
    judge_all(manager, session)
    with counted(engine) as many:
        manager.get(f"{PAGE}?show=all&topic=all")
    assert len(many) == len(few)
