"""The page where carried answers are confirmed: what is usual is said once, and what opens later is promised exactly."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.operations.versions import allow_version
from tests.conftest import NOW
from tests.make.assessments import give
from tests.make.people import actor_of
from tests.make.queries import counted
from tests.web.supplier.test_carrying import NEWER, Desk, desk

__all__ = ["desk"]

BEHIND_GLASS = {"OHS-04": ["hazard_study"], "CHM-02": "declared_with_amount", "TRC-04": ["cmrt_3tg"]}


@pytest.fixture
def glassworks(desk: Desk, session: Session) -> Desk:
    """Three of last year's answers stand behind the scope of supply, which is asked anew each year."""
    give(session, desk.lead, desk.before, "GOV-01", ["glass"])
    for code, raw in BEHIND_GLASS.items():
        give(session, desk.lead, desk.before, code, raw)
    session.commit()
    desk.start()
    return desk


def first(page: str) -> str:
    """The notice of what has to be answered first, as text."""
    found = re.search(r'<div class="notice carried-first">.*?</div>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def versions(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="([A-Z]{3}-[0-9]{2}-version)" value="([0-9]+)"', page))


def test_what_is_usual_is_said_once_and_the_answers_of_then_are_named(desk: Desk) -> None:
    desk.start()
    page = desk.get("/confirm")
    assert page.count("the question is the same as then") == 1
    assert "The question is the same; confirm the answer." not in page
    assert "3 answers from Assessment 2025 wait for you." in page
    assert page.count('<th scope="col">Answer in Assessment 2025</th>') == 2, "one table per topic"
    assert "A named senior executive is in charge" in page and "waiting-reason" not in page
    assert "The question is the same" not in desk.get("/topics/GOV"), "nor at each question"


def test_a_question_that_asks_otherwise_says_so_on_its_line(desk: Desk, session: Session) -> None:
    desk.start()
    manager = actor_of(desk.staff)
    allow_version(session, manager, round_id=desk.now.round_id, questionnaire=NEWER, now=NOW)
    session.commit()
    assert desk.client.post(desk.url("/version"), data={"to": NEWER}).status_code == 303
    page = desk.get("/confirm")
    told = re.findall(r'<p class="waiting-reason">([^<]*)</p>', page)
    lines = re.findall(r"<tr><th scope=\"row\">", page)
    assert 0 < len(told) < len(lines), "only where it differs"
    assert not any("is the same" in words for words in told)
    assert "Changed since version 2026.1" in page


def test_what_opens_later_is_promised_exactly(glassworks: Desk) -> None:
    page = glassworks.get("/confirm")
    said = first(page)
    assert said.startswith("Answer GOV-01 first; then 3 further carried answers open for you to confirm.")
    assert "as in Assessment 2025: Solar glass" in said
    assert f'href="{glassworks.url("/topics/GOV")}#GOV-01"' in page
    assert not set(BEHIND_GLASS) & {name[:6] for name in versions(page)}, "they are not offered yet"
    assert first(glassworks.get()) == said, "the hub says it too"
    # everything that can be confirmed is; the notice stays
    before = versions(page)
    done = glassworks.client.post(glassworks.url("/confirm"), data={"everything": "1", **before})
    assert done.location == glassworks.url()
    assert first(glassworks.get()) == said
    after = glassworks.get("/confirm")
    assert first(after) == said and "Nothing more can be confirmed before that." in after
    # answered as then: exactly those open
    answer = {"GOV-01": "glass", "GOV-01-version": "0"}
    assert glassworks.client.post(glassworks.url("/topics/GOV"), data=answer).status_code == 303
    page = glassworks.get("/confirm")
    assert {name[:6] for name in versions(page)} == set(BEHIND_GLASS) and first(page) == ""
    assert first(glassworks.get()) == ""


def test_answered_otherwise_nothing_is_promised(glassworks: Desk) -> None:
    answer = {"GOV-01": "packaging", "GOV-01-version": "0"}
    assert glassworks.client.post(glassworks.url("/topics/GOV"), data=answer).status_code == 303
    assert first(glassworks.get("/confirm")) == "" and first(glassworks.get()) == ""


def test_in_chinese(glassworks: Desk) -> None:
    glassworks.client.post("/language", data={"language": "zh"})
    page = glassworks.get("/confirm")
    assert first(page).startswith("请先回答 GOV-01，之后还有 3 个沿用的答案可供确认。本题每次重新填写")
    assert "有 3 个来自“Assessment 2025”的答案等待确认。未另作说明的，问题与当时相同" in page
    assert page.count("“Assessment 2025”的答案</th>") == 2


def test_the_page_asks_the_database_a_fixed_number_of_times(
    glassworks: Desk, app: Flask, session: Session
) -> None:
    with counted(app.extensions["upstream"].engine) as seen:
        glassworks.get("/confirm")
    assert len(seen) < 25
