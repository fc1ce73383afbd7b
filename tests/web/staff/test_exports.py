"""Exports: figures in the files equal those in the store; fresh sign-in; journal; who may take them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from portal.files.questionnaires import find_questionnaire
from portal.operations.accounts import HASHER
from portal.operations.estimates import estimate_ledger
from portal.operations.judging import open_review
from portal.operations.ledgers import load_ledger
from portal.operations.reviewing import decide, finish_review, release_assessment, take_up
from portal.store.assessments import Round, StoredSheet
from portal.store.commitments import Finding
from portal.store.engine import reading
from portal.store.estimates import Estimate
from portal.store.journal import JournalEntry
from portal.store.people import User
from tests.conftest import Prepared
from tests.make.clock import Clock
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in
from tests.make.promises import make_commitment
from tests.make.purchases import ledger_stream
from tests.make.sent import (
    QUESTIONNAIRE,
    best_answers,
    first_gate,
    make_assessment,
    make_round,
    make_sent,
    worst_key,
)

PASSWORD = "four unrelated invented words"
NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """A round with a released, a merely sent and an invited supplier, a commitment and an estimate."""

    browser: FlaskClient
    manager: User
    round_id: int
    released: int
    sent: int
    invited: int
    estimate: Estimate
    flag: str


def settle(session: Session, actor, assessment) -> None:  # type: ignore[no-untyped-def]
    """Review everything and release."""
    take_up(session, actor, assessment_id=assessment.id, now=NOW)
    review = open_review(session, assessment)
    assert review is not None
    for code in review.undecided:
        decide(session, actor, assessment_id=assessment.id, indicator=code, kind="accepted", now=NOW)
    finish_review(session, actor, assessment_id=assessment.id, now=NOW)
    release_assessment(session, actor, assessment_id=assessment.id, today=NOW.date(), now=NOW)


@pytest.fixture
def house(app: Flask, prepared: Prepared) -> House:
    found = prepared.lay(app, make_house)
    return replace(found, browser=signed_in(app, found.manager))


def make_house(app: Flask, session: Session) -> House:
    manager = make_staff(session, "manager")
    manager.password_hash = HASHER.hash(PASSWORD)
    actor = actor_of(manager)
    glass = make_supplier(session, "S-001", name="=Clearlake & <b>Glass</b> (invented)")
    frames = make_supplier(
        session, "S-003", name="Straight Frames (invented)", materials=("aluminium_frame",)
    )
    third = make_supplier(session, "S-004", name="Quiet Boxes (invented)", materials=("packaging",))
    lead, other = make_member(session, glass), make_member(session, frames)
    round_ = make_round(session, manager)
    questionnaire = find_questionnaire(QUESTIONNAIRE)
    gate = first_gate(questionnaire, best_answers(questionnaire, ("manufacturing",)))
    released = make_sent(session, glass, round_, lead, {gate.code: worst_key(gate)})
    settle(session, actor, released)
    sent = make_sent(session, frames, round_, other)
    invited = make_assessment(session, third, round_)
    finding = session.scalars(select(Finding).where(Finding.indicator == gate.code)).one()
    make_commitment(session, finding, actor_of(lead, glass), actor, "agreed", NOW)
    vault = app.extensions["upstream"].vault
    ledger, _ = load_ledger(session, actor, ledger_stream(), name="ledger.csv", vault=vault, now=NOW)
    estimate, _ = estimate_ledger(session, actor, ledger_id=ledger.id, year=2024, vault=vault, now=NOW)
    session.commit()
    return House(app.test_client(), manager, round_.id, released.id, sent.id, invited.id, estimate, gate.code)


def take(house: House, name: str = "purchasing-review.xlsx", **given: str):  # type: ignore[no-untyped-def]
    values = {"round": str(house.round_id), "estimate": str(house.estimate.id), "language": "en", **given}
    return house.browser.post(f"/staff/exports/{name}", data=values)


def sheets(data: bytes) -> dict[str, list[dict[str, object]]]:
    """Rows by header, by sheet; the facts sheet as pairs."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found: dict[str, list[dict[str, object]]] = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        found[name] = [dict(zip(map(str, rows[0]), row, strict=False)) for row in rows[1:]]
    return found


def stored(engine: Engine, assessment_id: int) -> dict[str, StoredSheet]:
    with reading(engine) as session:
        rows = session.scalars(select(StoredSheet).where(StoredSheet.assessment_id == assessment_id))
        return {row.side: row for row in rows}


def pdf_text(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def journal(engine: Engine) -> list[JournalEntry]:
    with reading(engine) as session:
        return list(session.scalars(select(JournalEntry).where(JournalEntry.action.like("%.exported"))))


def test_the_page_offers_rounds_estimates_and_scorecards(house: House) -> None:
    page = house.browser.get("/staff/exports").text
    assert "Round 2026" in page
    assert f'value="{house.estimate.id}" selected' in page.replace("selected value", "value") or (
        f'selected value="{house.estimate.id}"' in page
    )
    assert f"/staff/exports/scorecards/{house.released}.pdf?language=zh" in page
    assert f"/scorecards/{house.sent}.pdf" in page
    assert f"/scorecards/{house.invited}.pdf" not in page
    assert "1 supplier has not sent" in page
    assert 'type="password"' not in page


def test_the_workbook_holds_the_stored_figures(house: House, engine: Engine) -> None:
    answer = take(house)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    found = sheets(answer.data)
    ranking = {row["Supplier code"]: row for row in found["Ranking"]}
    assert set(ranking) == {"S-001", "S-003", "S-004"}
    kept = stored(engine, house.released)
    first = ranking["S-001"]
    assert first["Supplier"] == "=Clearlake & <b>Glass</b> (invented)"
    assert Decimal(str(first["Verified score (0–100)"])) == Decimal(kept["verified"].total)
    assert Decimal(str(first["Declared score (0–100)"])) == Decimal(kept["declared"].total)
    assert first["Verified grade"] == kept["verified"].grade == "D"
    assert (first["Open red flags"], first["Purchasing on hold"], first["Commitments"]) == (1, "Yes", 1)
    assert first["Released on"] == date(2026, 11, 21)
    only_declared = ranking["S-003"]
    assert only_declared["Verified score (0–100)"] == ""
    assert Decimal(str(only_declared["Declared score (0–100)"])) == Decimal(
        stored(engine, house.sent)["declared"].total
    )
    assert ranking["S-004"]["Rank"] == ""
    assert {row["Rank"] for row in found["Ranking"]} == {1, 2, ""}
    topics = [row for row in found["Topics"] if row["Supplier code"] == "S-001"]
    assert len(topics) == 18
    for row in topics:
        score = kept["verified"].content["topics"][row["Topic code"]]["score"]
        assert row["Verified score (0–100)"] == ("" if score is None else float(score))
    flag = found["Red flags"][0]
    assert (flag["Supplier code"], flag["Indicator"], flag["State"]) == ("S-001", house.flag, "Open")
    assert flag["Subject"]
    assert flag["Reason"]
    assert flag["Answer"]
    promise = found["Commitments"][0]
    assert (promise["Indicator"], promise["State"], promise["Due on"]) == (
        house.flag,
        "Agreed",
        date(2027, 6, 30),
    )
    assert promise["Expected reduction a year (tCO₂e)"] == 120.5
    summary = house.estimate.summary
    carbon = {(row["Grouped by"], row["Name"]): row for row in found["Category 1"]}
    total = sum(row["Emissions (tCO₂e)"] for row in found["Category 1"] if row["Grouped by"] == "Method")
    assert total == pytest.approx(float(summary["total_tco2e"]), abs=1e-6)
    assert carbon["Material", "Glass"]["Emissions (tCO₂e)"] == float(summary["by_material"]["glass"]["tco2e"])
    assert carbon["Supplier", "Straight Frames (invented) (S-003)"]["Purchase lines"] == 3
    assert ranking["S-003"]["Category 1 emissions (tCO₂e)"] == float(summary["by_supplier"]["S-003"]["tco2e"])
    about = " ".join(str(cell) for row in found["About"] for cell in row.values())
    assert "declared score only (here 1)" in about
    assert summary["inputs"]["ledger.csv"] in about


def test_the_ranking_as_csv_neutralises_formulas(house: House, engine: Engine) -> None:
    answer = take(house, "ranking.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    first = next(row for row in rows if row["Supplier code"] == "S-001")
    assert first["Supplier"].startswith("'=")
    assert Decimal(first["Verified score (0–100)"]) == Decimal(
        stored(engine, house.released)["verified"].total
    )


def test_the_workbook_speaks_the_language_asked_for(house: House) -> None:
    found = sheets(take(house, language="zh").data)
    assert "排名" in " ".join(found)
    flags = next(rows for name, rows in found.items() if "红线" in name)
    assert all("The " not in str(cell) for cell in flags[0].values())


def test_category_1_can_be_left_out(house: House) -> None:
    assert sheets(take(house, estimate="none").data)["Category 1"] == []


@pytest.mark.parametrize("given", [{"round": "999"}, {"round": ""}, {"round": "x"}, {"estimate": "999"}])
def test_a_choice_that_is_not_there_is_refused_in_words(house: House, given: dict[str, str]) -> None:
    answer = take(house, **given)
    assert answer.status_code == 422
    assert "from the list" in answer.text


def test_scorecards_show_the_stored_totals(house: House, engine: Engine) -> None:
    kept = stored(engine, house.released)
    answer = house.browser.get(f"/staff/exports/scorecards/{house.released}.pdf?language=en")
    assert answer.mimetype == "application/pdf"
    text = pdf_text(answer.data)
    assert kept["verified"].total in text
    assert kept["declared"].total in text
    assert "=Clearlake & <b>Glass</b> (invented)" in text
    chinese = pdf_text(house.browser.get(f"/staff/exports/scorecards/{house.released}.pdf?language=zh").data)
    assert kept["verified"].total in chinese
    assert "得分" in chinese


def test_a_scorecard_before_release_has_no_verified_score(house: House, engine: Engine) -> None:
    text = pdf_text(house.browser.get(f"/staff/exports/scorecards/{house.sent}.pdf").data)
    kept = stored(engine, house.sent)
    assert set(kept) == {"declared"}
    assert kept["declared"].total in text
    assert house.browser.get(f"/staff/exports/scorecards/{house.invited}.pdf").status_code == 404
    assert house.browser.get("/staff/exports/scorecards/999.pdf").status_code == 404
    assert house.browser.get(f"/staff/exports/scorecards/{'9' * 30}.pdf").status_code == 404
    assert house.browser.get(f"/staff/exports?round={'9' * 30}&page=-3").status_code == 200


def test_every_export_is_in_the_journal(house: House, engine: Engine) -> None:
    take(house)
    take(house, "ranking.csv")
    house.browser.get(f"/staff/exports/scorecards/{house.released}.pdf")
    take(house, round="999")
    assert [e.action for e in journal(engine)] == [
        "review.exported",
        "ranking.exported",
        "scorecard.exported",
    ]
    assert {e.user_id for e in journal(engine)} == {house.manager.id}


def test_a_stale_sign_in_is_asked_for_the_password(house: House, clock: Clock, engine: Engine) -> None:
    clock.move(minutes=16)
    assert 'type="password"' in house.browser.get("/staff/exports").text
    refused = take(house)
    assert refused.status_code == 422
    assert "Write your password again" in refused.text
    wrong = take(house, password="not the password at all")
    assert wrong.status_code == 422
    assert "not your present password" in wrong.text
    assert journal(engine) == []
    assert take(house, password=PASSWORD).status_code == 200
    assert take(house).status_code == 200, "the sign-in is fresh again"
    clock.move(minutes=16)
    assert take(house).status_code == 422


def test_guessing_the_password_here_is_slowed_down_as_at_the_door(house: House, clock: Clock) -> None:
    clock.move(minutes=16)
    for _ in range(8):
        assert take(house, password="a wrong guess again").status_code == 422
    refused = take(house, password=PASSWORD)
    assert refused.status_code == 429
    assert "Too many wrong attempts" in refused.text


def test_only_managers_take_exports(app: Flask, house: House, session: Session, client: FlaskClient) -> None:
    supplier = make_supplier(session, "S-010", name="Other (invented)")
    people = [make_member(session, supplier, role) for role in ("lead", "contributor")]
    people.append(make_staff(session, "analyst"))
    session.commit()
    for browser in (client, *(signed_in(app, person) for person in people)):
        assert browser.get("/staff/exports").status_code == 404
        assert browser.get(f"/staff/exports/scorecards/{house.released}.pdf").status_code == 404
        for name in ("purchasing-review.xlsx", "ranking.csv"):
            values = {"round": str(house.round_id), "estimate": "none"}
            assert browser.post(f"/staff/exports/{name}", data=values).status_code == 404


def test_an_empty_portal_says_what_comes_first(app: Flask, session: Session) -> None:
    manager = make_staff(session, "manager")
    session.commit()
    browser = signed_in(app, manager)
    assert "open a round" in browser.get("/staff/exports").text
    assert browser.post("/staff/exports/purchasing-review.xlsx", data={}).status_code == 422


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements the engine runs meanwhile."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.slow
def test_the_workbook_costs_the_same_number_of_queries(
    house: House, session: Session, engine: Engine
) -> None:
    with counted(engine) as few:
        take(house)
    before = len(few)
    questionnaire = find_questionnaire(QUESTIONNAIRE)
    gate = first_gate(questionnaire, best_answers(questionnaire, ("manufacturing",)))
    manager = session.get_one(User, house.manager.id)
    for number in range(5):
        supplier = make_supplier(session, f"S-2{number}", name=f"More {number} (invented)")
        lead = make_member(session, supplier)
        assessment = make_sent(
            session, supplier, session.get_one(Round, house.round_id), lead, {gate.code: worst_key(gate)}
        )
        settle(session, actor_of(manager), assessment)
    session.commit()
    with counted(engine) as many:
        take(house)
    assert len(many) == before
