"""The register of commitments: the share on any day, filters, decisions, proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.operations.commitments import agree, propose, report_progress
from portal.store.commitments import Commitment, Finding
from portal.store.evidence import Evidence
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.files import pdf_bytes, post_file, seen
from tests.make.people import AT, actor_of, make_member, make_staff, make_supplier, signed_in
from tests.make.promises import PROPOSAL, make_commitment, release
from tests.make.sent import make_round, make_sent


@dataclass
class Desk:
    """An analyst's browser, and two suppliers whose results were released in September and November."""

    client: FlaskClient
    staff: Actor
    suppliers: list[Supplier]
    users: list[User]
    leads: list[Actor]
    findings: list[Finding]


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    analyst = make_staff(session, "analyst")
    round_ = make_round(session, analyst)
    suppliers = [make_supplier(session), make_supplier(session, "S-002", name="Far Silicon (invented)")]
    users = [make_member(session, s) for s in suppliers]
    days = [datetime(2026, 9, 5, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC)]
    findings = [
        release(session, make_sent(session, s, round_, u), actor_of(analyst), day)[0]
        for s, u, day in zip(suppliers, users, days, strict=True)
    ]
    session.commit()
    leads = [actor_of(u, s) for s, u in zip(suppliers, users, strict=True)]
    return Desk(signed_in(app, analyst), actor_of(analyst), suppliers, users, leads, findings)


def commit(session: Session, desk: Desk, which: int, state: str = "agreed", now: datetime = AT) -> int:
    finding = session.get_one(Finding, desk.findings[which].id)
    row = make_commitment(session, finding, desk.leads[which], desk.staff, state, now)
    session.commit()
    return row.id


def test_an_empty_register_says_what_will_be_here(app: Flask, session: Session) -> None:
    manager = make_staff(session)
    session.commit()
    page = signed_in(app, manager).get("/staff/commitments").text
    assert "commitments will be listed here" in page


def test_the_share_of_any_day_names_who_is_missing(desk: Desk, session: Session) -> None:
    commit(session, desk, 0, now=datetime(2026, 10, 3, tzinfo=UTC))
    today = desk.client.get("/staff/commitments").text
    assert "1 of 2 on 21 November 2026" in today and "50.0" in today and "Far Silicon (invented)" in today
    september = desk.client.get("/staff/commitments?on=2026-09-30").text
    assert "0 of 1 on 30 September 2026" in september
    october = desk.client.get("/staff/commitments?on=2026-10-31").text
    assert "1 of 1 on 31 October 2026" in october and "every assessed supplier had committed" in october
    assert "<svg" in today and "Show as a table" in today
    before = desk.client.get("/staff/commitments?on=2026-01-01")
    assert before.status_code == 200


@pytest.mark.parametrize(("day", "words"), [("soon", "is not a date"), ("2027-01-01", "in the future")])
def test_an_impossible_day_shows_today_and_says_so(desk: Desk, day: str, words: str) -> None:
    answer = desk.client.get(f"/staff/commitments?on={day}")
    assert answer.status_code == 200 and words in answer.text


def test_filters_sorting_and_paging(desk: Desk, session: Session) -> None:
    commit(session, desk, 0)
    commit(session, desk, 1, "proposed")
    everything = desk.client.get("/staff/commitments").text
    assert "2 of 2 commitments" in everything and "241 " in everything
    assert "1 of 2 commitments" in desk.client.get("/staff/commitments?state=agreed").text
    assert "1 of 2 commitments" in desk.client.get(f"/staff/commitments?supplier={desk.suppliers[1].id}").text
    assert "No commitment fits" in desk.client.get("/staff/commitments?state=verified").text
    for query in (
        "sort=supplier&order=down",
        "sort=lies&page=999",
        "state=lies",
        "page=x",
        "supplier=9" * 30,
    ):
        assert desk.client.get(f"/staff/commitments?{query}").status_code == 200, query
    down = desk.client.get("/staff/commitments?sort=supplier&order=down").text
    table = down[down.index("<tbody") :]
    assert table.rindex("Far Silicon") < table.rindex("Clearlake")


def test_overdue_is_a_state_of_its_own(desk: Desk, session: Session) -> None:
    row = commit(session, desk, 0)
    session.get_one(Commitment, row).due_on = date(2026, 11, 20)
    session.commit()
    page = desk.client.get("/staff/commitments?state=overdue").text
    assert "1 of 1 commitments" in page and "Overdue" in page
    assert "1 of 1 commitments" in desk.client.get("/staff/commitments?state=agreed").text


def test_agree_then_verify_closes_the_finding(desk: Desk, session: Session) -> None:
    row = commit(session, desk, 0, "proposed")
    url = f"/staff/commitments/{row}"
    assert "Agree to this commitment" in desk.client.get(url).text
    assert desk.client.post(f"{url}/agree").status_code == 303
    again = desk.client.post(f"{url}/agree")
    assert again.status_code == 409 and "not possible" in again.text
    assert desk.client.post(f"{url}/verify").status_code == 409
    session.get_one(Commitment, row).state = "done"
    session.commit()
    assert desk.client.post(f"{url}/verify").status_code == 303
    assert seen(session, select(Finding).where(Finding.id == desk.findings[0].id))[0].closed_at is not None


def test_sending_back_and_reopening_need_a_reason(desk: Desk, session: Session) -> None:
    row = commit(session, desk, 0, "proposed")
    url = f"/staff/commitments/{row}"
    empty = desk.client.post(f"{url}/send-back", data={"reason": " "})
    assert empty.status_code == 422 and "Write the reason" in empty.text
    assert desk.client.post(f"{url}/send-back", data={"reason": "By how much?"}).status_code == 303
    assert "By how much?" in desk.client.get(url).text
    done = commit(session, desk, 1, "done")
    assert desk.client.post(f"/staff/commitments/{done}/reopen", data={}).status_code == 422
    assert (
        desk.client.post(f"/staff/commitments/{done}/reopen", data={"reason": "Show it."}).status_code == 303
    )
    assert seen(session, select(Commitment).where(Commitment.id == done))[0].state == "agreed"


def test_proof_is_handed_out_only_where_it_belongs(app: Flask, desk: Desk, session: Session) -> None:
    row = commit(session, desk, 0)
    post_file(signed_in(app, desk.users[0]), "/evidence", pdf_bytes(), "proof.pdf")
    (file,) = seen(session, select(Evidence).where(Evidence.name == "proof.pdf"))
    note = report_progress(
        session, desk.leads[0], commitment_id=row, percent="10", text="", evidence_id=file.id, now=AT
    )
    other = propose(session, desk.leads[1], finding_id=desk.findings[1].id, proposal=PROPOSAL, now=AT)
    agree(session, desk.staff, commitment_id=other.id, now=AT)
    session.commit()
    url = f"/staff/commitments/{row}/proof/{note.id}"
    assert url in desk.client.get(f"/staff/commitments/{row}").text
    answer = desk.client.get(url)
    assert answer.data == pdf_bytes() and answer.headers["Content-Disposition"].startswith("attachment")
    assert desk.client.get(f"/staff/commitments/{other.id}/proof/{note.id}").status_code == 404
    assert desk.client.get(f"/staff/commitments/{row}/proof/1").status_code == 404, "a step without a file"
    for user in desk.users:
        assert signed_in(app, user).get(url).status_code == 404
    assert app.test_client().get(url).status_code == 404


def test_suppliers_never_reach_the_register(app: Flask, desk: Desk, session: Session) -> None:
    row = commit(session, desk, 0, "proposed")
    client = signed_in(app, desk.users[0])
    assert client.get("/staff/commitments").status_code == 404
    assert client.post(f"/staff/commitments/{row}/agree").status_code == 404


def test_a_commitment_that_is_not_there(desk: Desk) -> None:
    assert desk.client.get("/staff/commitments/12345").status_code == 404
    assert desk.client.post("/staff/commitments/12345/agree").status_code == 404
