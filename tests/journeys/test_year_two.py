"""The second year of a supplier with three sites: carried, confirmed, delegated, half answered in Excel, sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.operations.scoring import open_case
from portal.store.assessments import Assessment, latest_submission
from tests.journeys.filling import looking
from tests.journeys.running import Portal
from tests.journeys.steps_account import sign_in
from tests.journeys.year_two_answers import filled_in_excel
from tests.journeys.year_two_world import COLLEAGUE, LEAD, PASSWORD, SITES, THIS_YEAR, make_year_two

pytestmark = pytest.mark.browser

MOST_INTERACTIONS = 39


@dataclass
class Hand:
    """Everything people did: each click, choice, text written and file chosen is one line."""

    done: list[str] = field(default_factory=list)

    def click(self, what: Locator, name: str) -> None:
        what.click()
        self.done.append(f"click {name}")

    def link(self, page: Page, name: str | re.Pattern[str]) -> None:
        self.click(page.locator("main").get_by_role("link", name=name).first, str(name))

    def open(self, page: Page, address: str) -> None:
        page.goto(address)
        self.done.append(f"open {address}")

    def button(self, page: Page, name: str | re.Pattern[str]) -> None:
        self.click(page.locator("main").get_by_role("button", name=name).first, str(name))

    def write(self, what: Locator, text: str, name: str) -> None:
        what.fill(text)
        what.blur()
        self.done.append(f"write {name}")

    def choose(self, what: Locator, label: str, name: str) -> None:
        what.select_option(label=label)
        self.done.append(f"choose {name}")


def test_the_second_year_takes_less_than_forty_interactions(
    portal: Portal, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    world = make_year_two(portal)
    lead, colleague, hand = open_page(portal), open_page(portal), Hand()
    sign_in(lead, LEAD, PASSWORD)
    sign_in(colleague, COLLEAGUE, PASSWORD)

    carry_and_confirm(lead, hand)
    delegate_training(lead, hand)
    path = take_home(lead, hand, tmp_path)
    answer_what_was_delegated(colleague, hand)
    bring_back(lead, hand, path)
    prove(lead, hand)
    explain_a_hint(lead, hand)
    try_an_improvement(lead, hand)
    send_it(lead, hand)

    assert len(hand.done) <= MOST_INTERACTIONS, "\n".join(hand.done)
    with looking(portal.settings) as session:
        assessment = session.get_one(Assessment, world.draft_id)
        assert assessment.state == "submitted"
        assert latest_submission(session, assessment.id) is not None
        case = open_case(session, assessment)
        assert (
            not case.unconfirmed & case.path.open
            and case.sites is not None
            and len(case.sites.sites) == len(SITES)
        )
        assert str(case.answers["ETH-04"]) == "91"
    assert "Traceback" not in portal.log.read_text()


def carry_and_confirm(page: Page, hand: Hand) -> None:
    """What was answered last year is read on one page; two topics are confirmed by themselves, the rest together."""
    hand.link(page, THIS_YEAR)
    hand.link(page, "See what would be carried over")
    hand.button(page, re.compile("Carry over from"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm carried answers")
    hand.button(page, re.compile("Confirm all .* Sustainability governance"))
    hand.button(page, re.compile("Confirm all .* Business ethics"))
    hand.button(page, "I have read them: confirm everything on this page")
    expect(page.get_by_role("heading", level=1)).to_have_text(THIS_YEAR)


def delegate_training(page: Page, hand: Hand) -> None:
    """One question goes to the colleague."""
    hand.link(page, "Who does what")
    hand.link(page, "2. Business ethics")
    hand.choose(
        page.get_by_label(re.compile("Who answers: .*trained on ethics")), "Bo Ren (invented)", "person"
    )
    soon = (datetime.now(UTC) + timedelta(days=10)).date().isoformat()
    hand.write(page.get_by_label(re.compile("Until when: .*trained on ethics")), soon, "day")
    hand.button(page, "Save who does what")


def take_home(page: Page, hand: Hand, folder: Path) -> Path:
    """Download the workbook and fill in this year's figures, site by site, without the portal."""
    hand.open(page, "/assessments/2")
    hand.link(page, "Answer in Excel")
    with page.expect_download() as download:
        hand.link(page, re.compile("Download the workbook .*English"))
    path = folder / "answers.xlsx"
    path.write_bytes(filled_in_excel(Path(download.value.path()).read_bytes()))
    return path


def answer_what_was_delegated(page: Page, hand: Hand) -> None:
    """The colleague finds the one question, with last year's value beside it."""
    page.reload()
    hand.link(page, re.compile("1 to answer"))
    hand.link(page, re.compile("ETH-04"))
    expect(page.locator("article#ETH-04 .carried-past").first).to_be_visible()
    with page.expect_response(re.compile("/answers/ETH-04$")):
        hand.write(page.locator("#ETH-04-field"), "96", "ETH-04")
    expect(page.locator("article#ETH-04 .saved").first).to_contain_text("Saved")


def bring_back(page: Page, hand: Hand, path: Path) -> None:
    """Every difference is shown; the colleague's answer is a conflict, and the file's is chosen."""
    page.locator("input[type=file]").set_input_files(path)
    hand.done.append("choose the file")
    hand.button(page, "Upload and compare")
    expect(page.get_by_role("heading", name="1 answer changed here after the download")).to_be_visible()
    hand.click(page.locator("#take-ETH-04"), "take what the file says")
    hand.button(page, "Take over the ticked answers")
    expect(page.get_by_role("row", name=re.compile("answers.xlsx Taken over"))).to_be_visible()


def prove(page: Page, hand: Hand) -> None:
    """What the file opened is confirmed; a figure that claims points needs a document, which is in the library."""
    hand.link(page, THIS_YEAR)
    hand.link(page, "Read and confirm them")
    hand.button(page, "I have read them: confirm everything on this page")
    hand.link(page, "Check all answers")
    hand.link(page, re.compile("[Ww]age"))
    hand.click(page.locator("article#LAB-03").get_by_role("link", name="Add evidence"), "Add evidence")
    hand.click(page.get_by_label(re.compile("social-audit")), "tick the audit report")
    hand.button(page, "Link ticked files")


def explain_a_hint(page: Page, hand: Hand) -> None:
    """Figures that may not fit together are explained to the buyer."""
    hand.open(page, "/assessments/2/check")
    hand.link(page, re.compile("Explain it to the buyer"))
    hand.write(page.get_by_label("How the figures fit together"), "The inventory is being verified.", "why")
    hand.button(page, "Save the explanation")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check all answers")


def try_an_improvement(page: Page, hand: Hand) -> None:
    """The best next step is tried out on a copy: the score moves there and nowhere else."""
    hand.link(page, "Next best steps")
    hand.click(page.locator("main a[href*='try=']").first, "Try it")
    expect(page.get_by_role("heading", name="1 changed answer")).to_be_visible()


def send_it(page: Page, hand: Hand) -> None:
    """Nothing blocks any more."""
    hand.open(page, "/assessments/2/check")
    expect(page.get_by_text("Nothing blocks sending.")).to_be_visible()
    hand.button(page, "Send assessment to the buyer")
