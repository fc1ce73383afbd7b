"""What a supplier's lead does: answers with autosave, puts evidence behind an answer, checks and sends."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from playwright.sync_api import Locator, Page, Response, expect

SAVED = re.compile(r"^Saved \d{1,2}:\d{2}.* by .+")


def open_assessment(page: Page, name: str) -> int:
    """Open an assessment from the list; its id."""
    page.goto("/assessments")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    return int(page.url.rsplit("/", 1)[1])


def open_topic(page: Page, code: str) -> None:
    """Follow a topic's link in the task list."""
    page.locator(f".tasks a[href$='/topics/{code}']").click()
    expect(page.locator("[data-progress-words]")).to_be_visible()


def question(page: Page, code: str) -> Locator:
    """The whole question."""
    return page.locator(f"article#{code}")


def choose(page: Page, code: str, *keys: str) -> None:
    """Choose one option, or tick several, and wait until each is saved."""
    for key in keys:
        give(page, code, page.locator(f"[id='{code}.{key}']").check)


def write(page: Page, code: str, text: str) -> None:
    """Write into the one field of a question and leave it."""
    field = page.locator(f"#{code}-field")

    def typed() -> None:
        field.fill(text)
        field.blur()

    give(page, code, typed)


def choose_unit(page: Page, code: str, unit: str) -> None:
    """Choose another unit than the questionnaire's own."""
    give(page, code, lambda: page.locator(f"#{code}-unit").select_option(unit))


def write_rows(page: Page, code: str, rows: Sequence[dict[str, str]]) -> None:
    """Fill the rows of a table answer, adding rows where needed."""
    body = question(page, code).locator("tbody tr")
    for number, row in enumerate(rows):
        if body.count() <= number:
            question(page, code).get_by_role("button", name="Add a row").click()
        for name, text in row.items():
            cell = page.locator(f"[name='{code}-{number}-{name}']")
            give(page, code, lambda cell=cell, text=text: _fill_cell(cell, text))


def give(page: Page, code: str, act: Callable[[], object]) -> None:
    """Do something to a question, and wait until the server has stored it and the page says so."""

    def is_save(answer: Response) -> bool:
        return answer.request.method == "POST" and answer.url.endswith(f"/answers/{code}")

    with page.expect_response(is_save) as told:
        act()
    assert told.value.status == 200, told.value.text()
    expect(question(page, code).locator(".saved")).to_have_text(SAVED)


def _fill_cell(cell: Locator, text: str) -> None:
    if cell.evaluate("e => e.tagName") == "SELECT":
        cell.select_option(text)
    else:
        cell.fill(text)
        cell.blur()


def add_evidence(page: Page, code: str, name: str, content: bytes, facts: dict[str, str]) -> None:
    """From the question: upload a file with its facts and link it; back at the question the file is named."""
    question(page, code).get_by_role("link", name="Add evidence").click()
    page.get_by_label("File", exact=True).set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content}
    )
    for label, text in facts.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Upload and link").click()
    expect(page.locator("main")).to_contain_text(name)


def send(page: Page) -> None:
    """Press the button on the check page and land on the confirmation."""
    page.get_by_role("button", name=re.compile("^Send .* to the buyer$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your assessment is with the buyer")


def propose_commitment(page: Page, code: str, action: str, due: str) -> None:
    """Promise something about a finding."""
    page.goto("/commitments")
    page.get_by_role("link", name=f"Propose a commitment for {code}").click()
    page.get_by_label("What will you do?").fill(action)
    page.get_by_label("Who answers for it?").fill("Plant manager, Lan Xi (invented)")
    page.get_by_label("Done by").fill(due)
    page.get_by_label("Expected effect, tCO2e a year").fill("120")
    page.get_by_role("button", name="Send proposal to the buyer").click()
    expect(page.locator("main")).to_contain_text("Waiting for the buyer")


def report_done(page: Page, proof: str) -> None:
    """On the page of an agreed commitment: report it done with a file of the library."""
    page.get_by_label("What was achieved?").fill("Written into every new contract since May.")
    page.locator("form[action$='/done'] select").select_option(label=proof)
    page.get_by_role("button", name="Report done to the buyer").click()
    expect(page.locator("main")).to_contain_text("Waiting for the buyer, who verifies it")
