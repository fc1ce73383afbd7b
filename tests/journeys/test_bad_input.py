"""Bad input ends with a clear sentence on a page, stores nothing, and is never a fault of ours; in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, StorageState, expect
from sqlalchemy import func, select

from portal.store.carbon import CarbonUpload
from portal.store.estimates import Ledger
from portal.store.evidence import Evidence
from portal.store.people import Invitation
from tests.journeys import steps_carbon as carbon
from tests.journeys import steps_supplier as supplier
from tests.journeys.filling import changing, looking, pdf_file
from tests.journeys.running import Portal
from tests.journeys.small_world import LEAD, MANAGER, PASSWORD, World, make_world
from tests.journeys.steps_account import read_in, sign_in
from tests.journeys.steps_estimate import LEDGER

pytestmark = pytest.mark.browser

# Each person signs in once; the other tests of this file go on with the same session.
COOKIES: dict[tuple[str, str], StorageState] = {}
FOOTPRINTS, INVENTORY = "Product carbon footprints", "Company greenhouse gas inventory"


@pytest.fixture(scope="module")
def world(portal: Portal) -> World:
    """One supplier with an open assessment, shared by the tests of this file."""
    return make_world(portal)


@pytest.fixture
def faults(portal: Portal) -> Iterator[list[str]]:
    """Answers of 500 and above that a test's pages got; none may be left at its end."""
    seen: list[str] = []
    yield seen
    assert not seen
    assert "Traceback" not in portal.log.read_text()


@pytest.fixture
def lead(portal: Portal, world: World, open_page: Callable[..., Page], faults: list[str]) -> Page:
    """The lead, signed in."""
    return signed_in(portal, open_page, faults, LEAD)


@pytest.fixture
def manager(portal: Portal, world: World, open_page: Callable[..., Page], faults: list[str]) -> Page:
    """The manager, signed in."""
    return signed_in(portal, open_page, faults, MANAGER)


def signed_in(portal: Portal, open_page: Callable[..., Page], faults: list[str], email: str) -> Page:
    known = COOKIES.get((portal.address, email))
    page = open_page(portal, **({"storage_state": known} if known else {}))
    page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)
    if known is None:
        sign_in(page, email, PASSWORD)
        COOKIES[portal.address, email] = page.context.storage_state()
    page.goto("/account")
    read_in(page, "en")
    return page


def count(portal: Portal, table: type[object]) -> int:
    """How many rows a table has."""
    with looking(portal.settings) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def add_to_library(page: Page, name: str, content: bytes | None = None, path: Path | None = None) -> None:
    """Give a file to the evidence library in whichever language the page is."""
    page.goto("/evidence")
    given = {"name": name, "mimeType": "application/pdf", "buffer": content} if content is not None else path
    page.locator("#file").set_input_files(given)  # type: ignore[arg-type]  # both forms are taken
    page.locator("main form[enctype] button").click()


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "“report.pdf” is called PDF but looks like EXE. Upload a real file of one of: PDF"),
        ("zh", "“report.pdf”的扩展名是 PDF，内容却像是 EXE。请上传真正的文件"),
    ],
)
def test_a_file_of_the_wrong_type(lead: Page, portal: Portal, locale: str, said: str) -> None:
    read_in(lead, locale)
    add_to_library(lead, "report.pdf", b"MZ\x90\x00" + bytes(2000))
    expect(lead.get_by_role("alert")).to_contain_text(said)
    assert count(portal, Evidence) == 0


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "Files may have at most 30 MB. Nothing was stored."), ("zh", "单个文件不能超过 30 MB")],
)
def test_a_file_of_forty_megabytes(
    lead: Page, portal: Portal, tmp_path: Path, locale: str, said: str
) -> None:
    read_in(lead, locale)
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf_file("Scan") + bytes(40 * 1024 * 1024))
    add_to_library(lead, path.name, path=path)
    expect(lead.locator("main")).to_contain_text(said)
    assert count(portal, Evidence) == 0


def test_a_broken_table(lead: Page, portal: Portal) -> None:
    lead.goto("/carbon")
    empty = carbon.template(lead, "inventory", "csv")
    carbon.upload(lead, INVENTORY, "inventory.csv", empty + b'2025,"12.5,8300\r\n')
    expect(lead.locator("#problems")).to_contain_text("a quotation mark opens or closes in the wrong place")
    expect(lead.get_by_role("button", name="Take th")).to_have_count(0)


def test_a_broken_ledger(manager: Page, portal: Portal) -> None:
    manager.goto("/staff/category-1")
    wrong = LEDGER.replace(b"500,t,,,CN", b"five hundred,t,,,CN").replace(
        b",kg,,,CN,,Frames", b",bushel,,,CN,,Frames"
    )
    manager.get_by_label("Ledger file").set_input_files(
        {"name": "ledger.csv", "mimeType": "text/csv", "buffer": wrong}
    )
    manager.get_by_role("button", name="Load the ledger").click()
    problems = manager.get_by_role("region", name="Problems", exact=True)
    expect(manager.locator("#wrong-head")).to_have_text("2 problems: nothing can be stored yet")
    third, fourth = problems.get_by_role("row", name="3 Quantity"), problems.get_by_role("row", name="4 Unit")
    expect(third).to_contain_text("Quantity: write a plain number such as 1200.5")
    expect(fourth).to_contain_text("Unit: the unit “bushel” is not known")
    expect(manager.get_by_role("button", name="as a ledger")).to_have_count(0)
    assert count(portal, Ledger) == 0


def test_an_unknown_unit_and_negative_tonnes(lead: Page) -> None:
    lead.goto("/carbon")
    empty = carbon.template(lead, "footprints", "csv")
    row = carbon.GLASS | {"declared_unit": "bushel"}
    carbon.upload(lead, FOOTPRINTS, "units.csv", carbon.filled_csv(empty, [row]))
    expect(lead.locator("#problems")).to_contain_text("D2: the unit “bushel” is not known.")

    lead.goto("/carbon")
    empty = carbon.template(lead, "inventory", "csv")
    row = carbon.INVENTORY | {"scope1_tco2e": "-12.5"}
    carbon.upload(lead, INVENTORY, "negative.csv", carbon.filled_csv(empty, [row]))
    expect(lead.locator("#problems")).to_contain_text("B2: the number must be 0 or more; found “-12.5”.")
    read_in(lead, "zh")
    expect(lead.locator("#problems")).to_contain_text("B2：数值不能小于 0；现为“-12.5”。")


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "write a number, for example 1200.5. Found “about ninety”"),
        ("zh", "请填写数字，例如 1200.5。当前内容为“about ninety”"),
    ],
)
def test_words_where_a_number_belongs(lead: Page, world: World, locale: str, said: str) -> None:
    read_in(lead, locale)
    lead.goto(f"/assessments/{world.assessment_id}/topics/ETH")
    field = lead.locator("#ETH-04-field")
    field.fill("about ninety")
    field.blur()
    expect(lead.locator("#ETH-04-problems")).to_contain_text(said)
    expect(field).to_have_attribute("aria-invalid", "true")
    lead.reload()
    expect(field).to_have_value("about ninety")
    expect(lead.locator("#ETH-04-problems")).to_contain_text(said)
    field.fill("")
    field.blur()
    expect(lead.locator("#ETH-04-problems")).to_be_empty()


@pytest.mark.parametrize(
    ("browser_locale", "said"),
    [("en-GB", "This invitation has expired."), ("zh-CN", "这个邀请已过期，请向邀请人索取新链接。")],
)
def test_an_expired_link(
    portal: Portal, world: World, open_page: Callable[..., Page], browser_locale: str, said: str
) -> None:
    with changing(portal.settings) as session:
        invitation = session.scalars(select(Invitation).where(Invitation.email == world.unused_email)).one()
        invitation.expires_at = datetime.now(UTC) - timedelta(minutes=1)
    page = open_page(portal, locale=browser_locale)
    answer = page.goto(f"/join/{world.unused_token}")
    assert answer is not None
    assert answer.status == 410
    expect(page.locator("main")).to_contain_text(said)
    expect(page.locator("main input")).to_have_count(0)


def test_the_same_file_accepted_twice(lead: Page, portal: Portal) -> None:
    lead.goto("/carbon")
    empty = carbon.template(lead, "inventory", "csv")
    carbon.upload(lead, INVENTORY, "twice.csv", carbon.filled_csv(empty, [carbon.INVENTORY]))
    second = lead.context.new_page()
    second.goto(lead.url)
    carbon.accept(lead)
    second.get_by_role("button", name="Take th").click()
    expect(second.locator("main")).to_contain_text("already")
    with looking(portal.settings) as session:
        (row,) = session.scalars(select(CarbonUpload).where(CarbonUpload.name == "twice.csv"))
        assert row.state == "accepted"


def test_the_same_round_opened_twice(manager: Page) -> None:
    manager.goto("/staff/rounds/open")
    manager.get_by_label("Name of the round").fill("Annual assessment 2025")
    manager.get_by_label("Reporting period from").fill("2025-12-31")
    manager.get_by_label("Reporting period to").fill("2025-01-01")
    manager.get_by_label("Deadline for suppliers").fill("2020-01-01")
    manager.get_by_role("button", name="Open the round").click()
    problems = manager.locator("#problems")
    expect(problems).to_contain_text("There is already a round called “Annual assessment 2025”.")
    expect(problems).to_contain_text("The reporting period ends before it starts.")
    expect(problems).to_contain_text("is in the past")


def test_sending_before_anything_is_answered(lead: Page, world: World) -> None:
    """The button is not there; who posts all the same reads why nothing was sent."""
    lead.goto(f"/assessments/{world.assessment_id}/check")
    expect(lead.locator("main")).to_contain_text(
        "The button to send appears here once nothing blocks any more."
    )
    token = lead.locator("input[name=csrf_token]").first.input_value()
    answer = lead.request.post(
        f"/assessments/{world.assessment_id}/check",
        form={"csrf_token": token},
        headers={"Origin": lead.url.split("/assessments")[0]},
    )
    assert answer.status == 409
    assert "Not sent" in answer.text()
    assert supplier.SAVED.pattern not in answer.text()
