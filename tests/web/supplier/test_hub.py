"""The hub and the score page: what is owed, by whom, and never more than the supplier may know."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.operations.scoring import store_sheet, submitted_case, verified_sheet
from portal.store.assessments import Assessment, Round, Submission, decisions_on
from portal.web.words import minutes_words
from tests.make.assessments import give
from tests.make.clock import Clock
from tests.make.company import Company, decide, make_company, make_ready
from tests.make.files import FOOTPRINT, csv_bytes, post_file
from tests.make.people import make_member, make_supplier, signed_in


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


def words(html: str) -> str:
    """A page's text, tags removed."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def send(session: Session, company: Company) -> Submission:
    make_ready(session, company)
    assert company.client.post(f"{company.base}/check").status_code == 303
    session.expire_all()
    return session.scalars(select(Submission).order_by(Submission.number.desc())).first()  # type: ignore[return-value]


def test_the_list_names_every_round_with_its_deadline(company: Company) -> None:
    shown = words(company.client.get("/assessments").text)
    assert (
        "Assessment 2026" in shown
        and "15 December 2026" in shown
        and "24 days left" in shown
        and "Invited" in shown
    )


def test_nothing_yet_says_what_will_be_here(app: Flask, session: Session) -> None:
    lead = make_member(session, make_supplier(session, "S-009"))
    session.commit()
    assert "No assessment yet" in signed_in(app, lead).get("/assessments").text


def test_the_hub_lists_eighteen_topics_with_progress_and_minutes(company: Company, session: Session) -> None:
    give(session, company.actor, session.get_one(Assessment, company.assessment.id), "GOV-02", "none")
    session.commit()
    html = company.client.get(company.base).text
    assert len(re.findall(r'<li class="task">', html)) == 18
    shown = words(html)
    assert "1. Sustainability governance" in shown and "1/6" in shown and re.search(r"about \d+ min", shown)
    assert "Declared score so far 0.00 D" in shown


def test_blockers_name_who_answered_last_or_nobody(company: Company, session: Session) -> None:
    assessment = session.get_one(Assessment, company.assessment.id)
    give(session, company.actor, assessment, "GOV-02", "senior_executive")
    session.commit()
    shown = words(company.client.get(company.base).text)
    assert "GOV-02: this answer claims points and needs evidence" in shown
    assert "Last answered by Lead of S-001." in shown and "Nobody has answered it yet." in shown
    assert "Who can send it: Lead of S-001" in shown


def test_the_reasons_add_up_to_what_is_not_answered(company: Company, session: Session) -> None:
    give(session, company.actor, session.get_one(Assessment, company.assessment.id), "GOV-02", "none")
    session.commit()
    for place in ("", "/check"):
        html = company.client.get(company.base + place).text
        shown = words(html)
        answered = re.search(r"Answered (\d+) / (\d+)", shown)
        told = re.search(r"(\d+) of (\d+) questions do not count as answered yet:", shown)
        parts = re.search(r'<div class="quiet unanswered">.*?</ul>', html, re.S)
        assert answered and told and parts
        counts = [int(one) for one in re.findall(r"<li>(\d+) ", parts[0])]
        assert len(counts) == 3 and "red-flag questions" in parts[0] and "without points" in parts[0]
        assert sum(counts) == int(told[1]) == int(answered[2]) - int(answered[1])
        assert told[2] == answered[2]


def test_a_red_flag_comes_with_advice(company: Company, session: Session) -> None:
    give(session, company.actor, session.get_one(Assessment, company.assessment.id), "GOV-03", "not_signed")
    session.commit()
    shown = words(company.client.get(company.base).text)
    assert "1 red flag" in shown and "list each reservation with a date" in shown


def test_a_passed_deadline_closes_nothing(company: Company, session: Session, clock: Clock) -> None:
    session.scalars(select(Round)).one().deadline_on = date(2026, 11, 18)
    session.commit()
    shown = words(company.client.get(company.base).text)
    assert "3 days overdue; it can still be sent" in shown and "Nothing was deleted or closed" in shown
    saved = company.client.post(f"{company.base}/answers/GOV-02", json={"base": 0, "value": "none"})
    assert saved.status_code == 200


def test_verified_points_are_nowhere_before_release(company: Company, session: Session) -> None:
    sent = send(session, company)
    decide(session, company, sent, "GOV-02", "accepted", "internal remark nobody should read")
    assessment = session.get_one(Assessment, company.assessment.id)
    case = submitted_case(session, assessment)
    assert case is not None
    sheet = verified_sheet(case, decisions_on(session, assessment.id))
    store_sheet(session, assessment, "verified", sheet, sent.submitted_at)
    for state in ("submitted", "in_review", "returned", "reviewed"):
        assessment.state = state
        session.commit()
        for place in ("", "/score", "/check"):
            shown = words(company.client.get(company.base + place).text)
            assert "Verified score " not in shown and "internal remark" not in shown
        assert company.client.get(f"{company.base}/scorecard.pdf").status_code == 404


def test_after_release_both_scores_stand_side_by_side_with_the_card(
    company: Company, session: Session
) -> None:
    sent = send(session, company)
    decide(session, company, sent, "GOV-02", "accepted")
    assessment = session.get_one(Assessment, company.assessment.id)
    assessment.state, assessment.released_at, assessment.valid_until = (
        "released",
        sent.submitted_at,
        date(2027, 11, 21),
    )
    session.commit()
    shown = words(company.client.get(f"{company.base}/score").text)
    assert "Declared score" in shown and "Verified score" in shown and "21 November 2027" in shown
    assert "sustainability/2026.1" in shown and "upstream-score/1" in shown
    assert "No accepted evidence for this answer: counts 0" in shown
    assert "Download the scorecard (PDF)" in words(company.client.get(company.base).text)
    card = company.client.get(f"{company.base}/scorecard.pdf")
    assert card.status_code == 200 and card.headers["Content-Disposition"].startswith("attachment")
    text = "".join(found.extract_text() for found in PdfReader(io.BytesIO(card.data)).pages)
    assert "Clearlake Glass" in text and "GOV-02" in text


def test_a_return_shows_only_the_named_questions_with_the_reason(company: Company, session: Session) -> None:
    sent = send(session, company)
    decide(session, company, sent, "GOV-02", "returned", "Name the executive.")
    session.get_one(Assessment, company.assessment.id).state = "returned"
    session.commit()
    html = company.client.get(company.base).text
    assert len(re.findall(r'<li class="task ', html)) == 1
    shown = words(html)
    assert (
        "The buyer returned 1 question" in shown and "Name the executive." in shown and "To change" in shown
    )
    assert "Top-management accountability" in shown
    assert "Business ethics" not in company.client.get(f"{company.base}/topics/GOV").text


def test_another_supplier_finds_nothing(app: Flask, session: Session, company: Company) -> None:
    other = make_member(session, make_supplier(session, "S-002"))
    session.commit()
    browser = signed_in(app, other)
    for place in ("", "/score", "/check", "/sent", "/receipts/1.pdf", "/scorecard.pdf"):
        assert browser.get(company.base + place).status_code == 404
    assert browser.post(company.base + "/check").status_code == 404


@pytest.mark.parametrize("place", ["", "/check", "/score", "/topics/GOV", "/topics/PCF"])
def test_every_page_speaks_chinese(company: Company, session: Session, place: str) -> None:
    make_ready(session, company)
    company.client.post("/language", data={"language": "zh"})
    html = company.client.get(company.base + place).text
    html = re.sub(
        r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', " ", html, flags=re.S
    )  # shown beside the Chinese on purpose
    main = words(
        re.sub(
            r"<(template|datalist|code)\b.*?</\1>",
            " ",
            html.split("<main")[1].split(">", 1)[1].split("</main>")[0],
            flags=re.S,
        )
    )
    known = {"sustainability", "upstream", "score", "certificate", "kgCO", "ecoinvent"}
    english = {word for word in re.findall(r"[A-Za-z]{4,}", main) if word[0].islower()} - known
    assert english == set()


@pytest.mark.parametrize(
    ("minutes", "en", "zh"),
    [
        (5, "about 5 minutes", "约 5 分钟"),
        (54, "about 54 minutes", "约 54 分钟"),
        (60, "about one hour", "约 1 小时"),
        (85, "about 1.5 hours", "约 1.5 小时"),
        (297, "about 5 hours", "约 5 小时"),
    ],
)
def test_long_work_is_told_in_hours(minutes: int, en: str, zh: str) -> None:
    assert (minutes_words("en", minutes), minutes_words("zh", minutes)) == (en, zh)


def test_hub_and_check_page_count_the_same_questions_without_points(company: Company) -> None:
    hub = words(company.client.get(company.base).text)
    check = words(company.client.get(f"{company.base}/check").text)
    counted = re.search(r"(\d+) without an answer: 0 points", hub)
    assert counted and f"{counted[1]} questions have no answer" in check
    assert re.search(r"about \d hours left", hub)


def test_a_return_sent_unchanged_is_pointed_out(company: Company, session: Session, clock: Clock) -> None:
    sent = send(session, company)
    clock.move(minutes=5)
    decide(session, company, sent, "GOV-02", "returned", "Name the executive.")
    session.get_one(Assessment, company.assessment.id).state = "returned"
    session.commit()
    assert "1 returned question is not changed yet." in words(company.client.get(company.base).text)
    check = f"{company.base}/check"
    assert "1 returned question is not changed yet: GOV-02." in words(company.client.get(check).text)
    data = {"GOV-02-version": "1", "GOV-02": "board_with_pay_link"}
    company.client.post(f"{company.base}/topics/GOV", data=data)
    assert "not changed yet" not in company.client.get(check).text + company.client.get(company.base).text


def test_a_question_without_points_shows_no_weight(company: Company) -> None:
    html = company.client.get(f"{company.base}/score").text
    row = html.split('<tr id="GOV-01">')[1].split("</tr>")[0]
    assert re.search(r'data-label="Weight">–<', row)


def test_a_faulty_carbon_file_is_to_be_corrected(company: Company) -> None:
    for row, name in ((FOOTPRINT | {"pcf_kgco2e": "-1"}, "faulty.csv"), (FOOTPRINT, "good.csv")):
        post_file(company.client, "/carbon/uploads", csv_bytes(row), name, kind="footprints")
    page = company.client.get(company.base).text
    assert "1 file is to be corrected" in page and "1 file waits to be accepted" in page
