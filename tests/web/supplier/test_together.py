"""Who does what, the to-do list, notes, and the lead's look, on the pages; and that the buyer's side sees none of it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date

import pytest
from flask import Flask, url_for
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.operations.colleague_notes import settle_thread, write_note
from portal.operations.scoring import open_case
from portal.store.assessments import Assessment, Submission
from portal.store.people import User
from portal.store.together import assignments_of, looks_of, thread_of
from tests.conftest import NOW, Prepared
from tests.make.assessments import close_gaps, give
from tests.make.clock import Clock
from tests.make.company import Company, make_company, make_ready
from tests.make.people import actor_of, make_member, signed_in
from tests.make.sharing import assign, look
from tests.make.world import world_of
from tests.web.access_table import TABLE

PLANTED = "planted heron 苍鹭"


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


def words(html: str) -> str:
    """A page's text, tags removed."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def hidden(html: str) -> dict[str, str]:
    """Every field of a plan as a browser would send it back untouched."""
    fields = dict(
        re.findall(r'<input type="hidden" name="([A-Z0-9-]+-(?:was|version))" value="([^"]*)"', html)
    )
    fields |= dict(re.findall(r'name="([A-Z0-9-]+-due)"[^>]*? value="([^"]*)"', html))
    for name, inside in re.findall(r'<select [^>]*name="([A-Z0-9-]+-person)".*?>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="(\d+)" selected', inside)
        fields[name] = chosen[1] if chosen else ""
    return fields


def helper_of(company: Company) -> str:
    return str(company.colleague.id)


def given(session: Session, company: Company, subject: str, due: str = "2026-12-01") -> None:
    one = session.get_one(Assessment, company.assessment.id)
    assign(session, company.actor, one, subject, company.colleague.id, now=NOW, due=due)
    session.commit()


def test_the_lead_gives_a_topic_on_the_plan_and_the_colleague_finds_it(
    company: Company, session: Session
) -> None:
    plan = f"{company.base}/assign"
    fields = hidden(company.client.get(plan).text)
    assert fields["GOV-due"] == "2026-12-15" and fields["GOV-was"] == ""
    answer = company.client.post(
        plan, data=fields | {"GOV-person": helper_of(company), "GOV-due": "2026-12-01"}
    )
    assert answer.status_code == 303
    row = assignments_of(session, company.assessment.id)["GOV"]
    assert (row.person_id, row.due_on) == (company.colleague.id, date(2026, 12, 1))
    hub = words(company.other.get(company.base).text)
    assert (
        "6 questions assigned to you are open" in hub and "Contributor of S-001, until 1 December 2026" in hub
    )
    assert "6 to answer" in words(company.other.get("/assessments").text)
    mine = words(company.other.get(f"{company.base}/yours").text)
    assert "GOV-01" in mine and "ETH-01" not in mine
    assert "Nothing is assigned to you" in words(company.client.get(f"{company.base}/yours").text)


def test_a_plan_sent_back_untouched_changes_nothing(company: Company, session: Session) -> None:
    given(session, company, "GOV")
    fields = hidden(company.client.get(f"{company.base}/assign").text)
    assert fields["GOV-person"] == helper_of(company)
    assert company.client.post(f"{company.base}/assign", data=fields).status_code == 303
    session.expire_all()
    assert assignments_of(session, company.assessment.id)["GOV"].version == 1


def test_a_single_question_is_given_and_taken_back_on_the_page_of_its_topic(
    company: Company, session: Session
) -> None:
    address = f"{company.base}/assign/GOV"
    fields = hidden(company.client.get(address).text)
    company.client.post(address, data=fields | {"GOV-02-person": helper_of(company)})
    assert set(assignments_of(session, company.assessment.id)) == {"GOV-02"}
    session.rollback()
    fields = hidden(company.client.get(address).text)
    assert "1 question assigned by itself" in words(company.client.get(f"{company.base}/assign").text)
    company.client.post(address, data=fields | {"GOV-02-person": ""})
    session.expire_all()
    assert assignments_of(session, company.assessment.id) == {}


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("", "say until when"),
        ("some day", "is no day"),
        ("2026-11-01", "has passed"),
        ("2027-01-15", "after the deadline of this round, 15 December 2026"),
    ],
)
def test_a_day_that_does_not_do_is_said_and_nothing_is_stored(
    company: Company, session: Session, due: str, said: str
) -> None:
    plan = f"{company.base}/assign"
    data = hidden(company.client.get(plan).text) | {"GOV-person": helper_of(company), "GOV-due": due}
    answer = company.client.post(plan, data=data)
    assert answer.status_code == 422 and said in words(answer.text)
    assert hidden(answer.text)["GOV-person"] == helper_of(company)
    if due == "2027-01-15":
        assert company.client.post(plan, data=data | {"GOV-late": "1"}).status_code == 303
    else:
        assert assignments_of(session, company.assessment.id) == {}


def test_what_another_lead_did_meanwhile_is_said_and_rows_left_alone_show_what_stands(
    app: Flask, company: Company, session: Session
) -> None:
    second = make_member(session, company.supplier, email="second@s-001.example")
    session.commit()
    plan = f"{company.base}/assign"
    seen = hidden(company.client.get(plan).text)
    other = signed_in(app, second)
    both = {"GOV-person": helper_of(company), "ETH-person": helper_of(company)}
    assert other.post(plan, data=hidden(other.get(plan).text) | both).status_code == 303
    answer = company.client.post(plan, data=seen | {"GOV-person": str(company.lead.id)})
    assert answer.status_code == 409 and "meanwhile" in words(answer.text)
    now = hidden(answer.text)
    assert now["GOV-person"] == str(company.lead.id) and now["ETH-person"] == helper_of(company)
    assert company.client.post(plan, data=now).status_code == 303
    rows = assignments_of(session, company.assessment.id)
    assert rows["GOV"].person_id == company.lead.id and rows["ETH"].person_id == company.colleague.id


def test_somebody_unknown_in_the_form_is_no_page(company: Company) -> None:
    for person in ("999999", "x", str(company.staff.id)):
        data = {"GOV-person": person, "GOV-due": "2026-12-01", "GOV-was": "", "GOV-version": "0"}
        assert company.client.post(f"{company.base}/assign", data=data).status_code == 404


def test_late_is_late_until_it_is_answered(
    app: Flask, company: Company, session: Session, clock: Clock
) -> None:
    given(session, company, "GOV-02", due="2026-11-22")
    clock.move(days=2)
    other = signed_in(app, company.colleague)
    for place in ("", "/yours"):
        assert "verdue" in words(other.get(company.base + place).text)
    assert "1 overdue" in words(other.get("/assessments").text)
    one = session.get_one(Assessment, company.assessment.id)
    give(session, actor_of(company.colleague, company.supplier), one, "GOV-02", "none")
    session.commit()
    shown = words(other.get(f"{company.base}/yours").text)
    assert "All your questions are answered" in shown and "Overdue 0" in shown


def test_save_and_go_to_my_next_question_walks_only_mine(company: Company, session: Session) -> None:
    given(session, company, "GOV-02")
    given(session, company, "ETH-01")
    page = company.other.get(f"{company.base}/topics/GOV").text
    assert len(re.findall(r'value="yours:GOV-', page)) == 1
    answer = company.other.post(
        f"{company.base}/topics/GOV", data={"GOV-02": "none", "GOV-02-version": "0", "go": "yours:GOV-02"}
    )
    assert answer.location.endswith("/topics/ETH#ETH-01")
    answer = company.other.post(f"{company.base}/topics/ETH", data={"go": "yours:ETH-01"})
    assert answer.location.endswith("/yours")
    assert "yours:" not in company.client.get(f"{company.base}/topics/GOV").text


def test_what_nobody_can_send_back_leads_to_the_list(company: Company) -> None:
    for odd in ("yours:", "yours:XXX", "yours:GOV-02' OR 1"):
        answer = company.other.post(f"{company.base}/topics/GOV", data={"go": odd})
        assert answer.status_code == 303 and answer.location.endswith("/yours")


def test_notes_go_back_and_forth_and_are_settled(company: Company, session: Session) -> None:
    address = f"{company.base}/notes/GOV-02"
    assert company.other.post(address, data={"text": "Who signs <b>this</b>?"}).status_code == 303
    shown = company.client.get(address).text
    assert "Who signs &lt;b&gt;this&lt;/b&gt;?" in shown
    topic = words(company.client.get(f"{company.base}/topics/GOV").text)
    assert "1 note GOV-02 unresolved" in topic
    assert "1 question has an open note" in words(company.client.get(company.base).text)
    assert company.client.post(f"{address}/settle", data={"seen": "1", "to": "resolved"}).status_code == 303
    assert "No open note" in words(company.client.get(company.base).text)
    assert "Resolved" in words(company.client.get(f"{company.base}/notes").text)
    assert company.other.post(f"{address}/settle", data={"seen": "2", "to": "open"}).status_code == 303
    late = company.client.post(f"{address}/settle", data={"seen": "1", "to": "resolved"})
    assert late.status_code == 409 and "A colleague wrote meanwhile" in late.text
    assert [one.kind for one in thread_of(session, company.assessment.id, "GOV-02")] == [
        "note", "resolved", "reopened",
    ]  # fmt: skip


def test_a_note_too_long_stays_in_the_field(company: Company) -> None:
    answer = company.other.post(f"{company.base}/notes/GOV-02", data={"text": "y" * 2001})
    assert answer.status_code == 422 and "2001 characters" in answer.text and "y" * 2001 in answer.text


def test_the_lead_looks_through_a_topic_and_sees_what_changed_since(
    company: Company, session: Session
) -> None:
    assert "Not looked through yet" in words(company.client.get(f"{company.base}/check").text)
    address = f"{company.base}/look/GOV"
    shown = re.search(r'name="shown" value="(\w+)"', company.client.get(address).text)
    assert shown
    answer = company.client.post(address, data={"shown": shown[1]})
    assert answer.status_code == 303 and answer.location.endswith("/look/ETH")
    hub = words(company.client.get(company.base).text)
    assert "You looked through it" in hub and "17 topics are still to be looked through" in hub
    one = session.get_one(Assessment, company.assessment.id)
    give(session, actor_of(company.colleague, company.supplier), one, "GOV-02", "none")
    session.commit()
    for place in ("", "/check", "/topics/GOV", "/look/GOV"):
        assert "1 question changed since you looked through it" in words(company.client.get(company.base + place).text)  # fmt: skip
    assert "changed since Lead of S-001 looked through it" in words(company.other.get(f"{company.base}/check").text)  # fmt: skip
    seen = words(company.client.get(address).text)
    assert "Changed since" in seen and "When looked through: No answer" in seen
    stale = company.client.post(address, data={"shown": shown[1]})
    assert stale.status_code == 409 and "an answer changed meanwhile" in stale.text
    assert len(looks_of(session, company.assessment.id)) == 1


def test_nothing_of_it_keeps_an_assessment_from_being_sent(company: Company, session: Session) -> None:
    given(session, company, "GOV")
    company.other.post(f"{company.base}/notes/GOV-02", data={"text": "Not so fast"})
    data = {"ETH-person": helper_of(company), "ETH-due": "2026-12-01", "ETH-was": "", "ETH-version": "0"}
    make_ready(session, company)
    assert company.client.post(f"{company.base}/check").status_code == 303
    for place in ("", "/check", "/yours", "/assign", "/topics/GOV", "/look/GOV", "/notes", "/notes/GOV-02"):
        assert company.client.get(company.base + place).status_code == 200
    assert company.client.post(f"{company.base}/assign", data=data).status_code == 409
    assert company.client.post(f"{company.base}/look/GOV", data={}).status_code == 409


def test_ending_access_says_how_much_is_free_again(company: Company, session: Session) -> None:
    given(session, company, "GOV")
    given(session, company, "ETH-01")
    answer = company.client.post(f"/people/{company.colleague.id}/end", follow_redirects=True)
    assert "What Contributor of S-001 was to answer is free again: 2." in words(answer.text)
    assert assignments_of(session, company.assessment.id) == {}


def test_the_pages_speak_chinese(company: Company, session: Session) -> None:
    given(session, company, "GOV")
    company.other.post(f"{company.base}/notes/GOV-02", data={"text": "谁签字？"})
    company.client.post("/language", data={"language": "zh", "next": "/"})
    for place, said in (("/assign", "保存分工"), ("/notes/GOV-02", "标为已解决"), ("/look/GOV", "已通看"), ("", "同事之间")):  # fmt: skip
        assert said in company.client.get(company.base + place).text


def test_planted_words_are_on_no_page_and_in_no_file_of_the_buyer(
    app: Flask, prepared: Prepared, session: Session
) -> None:
    world = prepared.lay(app, world_of)
    lead, helper = world.people["lead"], world.people["contributor"]
    for name in ("released", "draft"):
        _plant(session, session.get_one(Assessment, world.things[name]), lead, helper)
    session.commit()
    mine = signed_in(app, lead).get(f"/assessments/{world.things['draft']}/notes/GOV-03")
    assert PLANTED in mine.text
    send_planted(app, session, world.people["lead"], int(str(world.things["draft"])))
    readers = {who: signed_in(app, world.people[who]) for who in ("manager", "admin")}
    read = 0
    for row, (expected, arguments) in TABLE.items():
        method, endpoint = row.split(" ")
        if not endpoint.startswith("staff.") or (method == "POST" and not endpoint.endswith(EXPORTS)):
            continue
        with app.test_request_context():
            values = {name: world.things.get(thing, thing) for name, thing in arguments.items()}
            address = url_for(endpoint, **values)
        who = next((one for one in ("manager", "admin") if one in expected), "")
        if who:
            answer = readers[who].open(address, method=method, data={"round": str(world.things["round"])})
            assert not found_in(answer.data), f"{row} shows what colleagues wrote among themselves"
            read += 1
    assert read > 60
    for submission in session.scalars(select(Submission)):
        assert not found_in(submission.content.encode())


EXPORTS = ("_csv", "_xlsx", "_pdf", "_json", "_zip")


def _plant(session: Session, one: Assessment, lead: User, helper: User) -> None:
    """A note, resolved and written again, and work given away, all with words of their own."""
    case, actor = open_case(session, one), actor_of(lead, one.supplier)
    write_note(session, actor, case=case, code="GOV-03", text=PLANTED, now=NOW)
    settle_thread(session, actor, case=case, code="GOV-03", resolved=True, base=1, now=NOW)
    write_note(session, actor_of(helper, one.supplier), case=case, code="GOV-03", text=PLANTED, now=NOW)
    if one.state == "in_progress":
        assign(session, actor, one, "NRG", helper.id, now=NOW)
        look(session, actor, one, "NRG", now=NOW)


def send_planted(app: Flask, session: Session, lead: User, number: int) -> None:
    """Close what blocks sending and send."""
    one = session.get_one(Assessment, number)
    close_gaps(session, actor_of(lead, one.supplier), one, lead)
    session.commit()
    assert signed_in(app, lead).post(f"/assessments/{number}/check").status_code == 303


def found_in(data: bytes) -> bool:
    """Whether the planted words, or a trace of what colleagues settle among themselves, stand in a page or file."""
    parts = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [packed.read(name) for name in packed.namelist()]
    if data.startswith(b"%PDF") and b"/Catalog" in data:
        parts = ["".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).encode()]
    escaped = json.dumps(PLANTED).encode()
    traces = (
        b"planted heron",
        PLANTED.encode(),
        escaped,
        b"colleague_note",
        b"work.assigned",
        b"Work assigned",
    )
    return any(trace in part for part in parts for trace in traces)


def test_the_search_for_planted_words_finds_them_where_they_are() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("sheet.xml", f"<v>{PLANTED}</v>")
    assert found_in(packed.getvalue()) and found_in(json.dumps({"a": PLANTED}).encode())
    assert not found_in(b"nothing here")
