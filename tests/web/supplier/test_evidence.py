"""The evidence library and choosing evidence in the browser: hostile files, reuse, quota, locks, strangers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.settings import Settings
from portal.store.assessments import Assessment
from portal.store.evidence import Evidence, EvidenceLink
from portal.store.journal import JournalEntry
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.files import PNG, pdf_bytes, post_file, seen, vault_files, xlsx_bytes
from tests.make.people import make_member, make_staff, make_supplier, signed_in
from tests.make.sent import make_assessment, make_round, send

FACTS = {
    "issuer": "Assay Institute (invented)",
    "standard": "ISO 14001",
    "covers_from": "2025-01-01",
    "covers_to": "2025-12-31",
    "valid_until": "2027-12-31",
}


@dataclass
class Desk:
    """A contributor's browser with an assessment in progress, and what lies behind it."""

    client: FlaskClient
    supplier: Supplier
    user: User
    assessment: Assessment

    def choose(self, code: str = "ENV-02") -> str:
        return f"/assessments/{self.assessment.id}/evidence/{code}"


@pytest.fixture
def desk(app: Flask, session: Session) -> Iterator[Desk]:
    supplier = make_supplier(session)
    user = make_member(session, supplier, "contributor")
    assessment = make_assessment(session, supplier, make_round(session, make_staff(session)), "in_progress")
    session.commit()
    yield Desk(signed_in(app, user), supplier, user, assessment)


def files(session: Session) -> list[Evidence]:
    return seen(session, select(Evidence).order_by(Evidence.id))


def linked(session: Session, desk: Desk) -> list[str]:
    """Codes of the answers with a file behind them."""
    return sorted(
        seen(session, select(EvidenceLink.indicator).where(EvidenceLink.assessment_id == desk.assessment.id))
    )


def test_an_empty_library_says_what_will_be_here(desk: Desk) -> None:
    answer = desk.client.get("/evidence")
    assert answer.status_code == 200 and "Your files will be listed here" in answer.text


def test_a_file_with_facts_comes_in_and_out(desk: Desk, session: Session) -> None:
    data = pdf_bytes()
    assert post_file(desk.client, "/evidence", data, "证书 2025.pdf", **FACTS).status_code == 303
    (row,) = files(session)
    assert (row.name, row.issuer, str(row.covers_to)) == ("证书 2025.pdf", FACTS["issuer"], "2025-12-31")
    page = desk.client.get("/evidence").text
    assert "证书 2025.pdf" in page and "ISO 14001" in page and "valid until 31 December 2027" in page
    answer = desk.client.get(f"/evidence/{row.id}/file")
    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "%E8%AF%81%E4%B9%A6" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert int(answer.headers["Content-Length"]) == len(data)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"MZ\x90\x00" + b"\0" * 200, "report.pdf", "report.pdf"),
        (b"<html><script>alert(1)</script></html>", "page.pdf", "page.pdf"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "logo.svg", "SVG"),
        (b"PK\x03\x04" + b"\0" * 300, "book.xlsx", "book.xlsx"),
        (b"%PDF-1.4 cut off", "cut.pdf", "damaged"),
        (PNG, "photo.pdf", "photo.pdf"),
        (b"", "empty.pdf", "empty"),
        (b"Rar!\x1a\x07\x00", "archive.rar", "archive.rar"),
    ],
)
def test_hostile_and_wrong_files_are_refused_in_words(
    desk: Desk, session: Session, settings: Settings, data: bytes, name: str, words: str
) -> None:
    answer = post_file(desk.client, "/evidence", data, name)
    assert answer.status_code == 422
    assert words in answer.text and 'id="problems"' in answer.text
    assert files(session) == [] and vault_files(settings.vault_dir) == []


def test_a_file_of_40_megabytes_is_refused_in_words(desk: Desk, session: Session, settings: Settings) -> None:
    answer = post_file(desk.client, "/evidence", pdf_bytes("x" * 40 * 1024 * 1024), "large.pdf")
    assert answer.status_code == 413 and "at most 30 MB" in answer.text
    assert files(session) == [] and vault_files(settings.vault_dir) == []


def test_a_file_just_over_the_limit_is_refused_beside_the_field(desk: Desk, settings: Settings) -> None:
    answer = post_file(desk.client, "/evidence", pdf_bytes("x" * (30 * 1024 * 1024 + 10)), "large.pdf")
    assert answer.status_code == 422 and "larger than 30 MB" in answer.text
    assert vault_files(settings.vault_dir) == []


def test_wrong_facts_keep_what_was_typed_and_store_nothing(desk: Desk, session: Session) -> None:
    wrong = FACTS | {"covers_to": "2024-12-31", "valid_until": "31.12.2027"}
    answer = post_file(desk.client, "/evidence", pdf_bytes(), "a.pdf", **wrong)
    assert answer.status_code == 422
    assert "The end lies before the start, 1 January 2025" in answer.text
    assert "Choose the file again" in answer.text
    assert "“31.12.2027” is not a date" in answer.text and FACTS["issuer"] in answer.text
    assert files(session) == []
    assert "Choose a file first." in desk.client.post("/evidence", data=FACTS).text


def test_the_same_file_again_offers_the_one_there_is(
    desk: Desk, session: Session, settings: Settings
) -> None:
    post_file(desk.client, "/evidence", pdf_bytes(), "a.pdf")
    answer = post_file(desk.client, "/evidence", pdf_bytes(), "b.pdf")
    (row,) = files(session)
    assert answer.status_code == 409
    assert "already in your library as “a.pdf”" in answer.text and f'href="/evidence/{row.id}"' in answer.text
    assert len(vault_files(settings.vault_dir)) == 1


def test_another_company_is_never_told_of_a_file(app: Flask, desk: Desk, session: Session) -> None:
    post_file(desk.client, "/evidence", pdf_bytes(), "secret-name.pdf")
    other = make_member(session, make_supplier(session, "S-002"), "lead")
    session.commit()
    client = signed_in(app, other)
    answer = post_file(client, "/evidence", pdf_bytes(), "mine.pdf")
    assert answer.status_code == 303
    row = files(session)[0]
    for path in (f"/evidence/{row.id}", f"/evidence/{row.id}/file", desk.choose()):
        assert client.get(path).status_code == 404
    for path in (
        f"/evidence/{row.id}",
        f"/evidence/{row.id}/remove",
        desk.choose(),
        f"{desk.choose()}/unlink",
    ):
        assert client.post(path, data={"evidence": row.id}).status_code == 404, path
    assert post_file(client, f"{desk.choose()}/upload", pdf_bytes("new"), "x.pdf").status_code == 404
    assert "secret-name" not in client.get("/evidence").text
    assert len(vault_files(app.extensions["upstream"].settings.vault_dir)) == 2


def test_the_quota_is_said_in_numbers(app: Flask, desk: Desk, session: Session, settings: Settings) -> None:
    site = app.extensions["upstream"]
    app.extensions["upstream"] = replace(site, settings=replace(settings, supplier_quota=1024 * 1024))
    answer = post_file(desk.client, "/evidence", pdf_bytes("x" * 1100 * 1024), "a.pdf")
    assert answer.status_code == 422 and "storage of 1 MB" in answer.text
    assert files(session) == [] and vault_files(settings.vault_dir) == []


def test_expiry_is_said_in_words(desk: Desk) -> None:
    post_file(desk.client, "/evidence", pdf_bytes("1"), "old.pdf", valid_until="2026-11-20")
    post_file(desk.client, "/evidence", pdf_bytes("2"), "last.pdf", valid_until="2026-11-21")
    post_file(desk.client, "/evidence", pdf_bytes("3"), "soon.pdf", valid_until="2026-12-01")
    page = desk.client.get("/evidence").text
    assert "expired on 20 November 2026" in page and "last day today" in page and "10 days left" in page


def test_facts_are_changed(desk: Desk, session: Session) -> None:
    post_file(desk.client, "/evidence", pdf_bytes(), "a.pdf")
    (row,) = files(session)
    assert desk.client.post(f"/evidence/{row.id}", data=FACTS).status_code == 303
    assert files(session)[0].standard == "ISO 14001"
    assert desk.client.post(f"/evidence/{row.id}", data={"covers_from": "x"}).status_code == 422
    assert FACTS["issuer"] in desk.client.get(f"/evidence/{row.id}").text


def test_an_unsent_file_is_deleted_with_its_bytes(desk: Desk, session: Session, settings: Settings) -> None:
    post_file(desk.client, f"{desk.choose()}/upload", pdf_bytes(), "a.pdf")
    (row,) = files(session)
    assert "1 answer loses it" in desk.client.get(f"/evidence/{row.id}").text
    assert desk.client.post(f"/evidence/{row.id}/remove").status_code == 303
    assert files(session) == [] and vault_files(settings.vault_dir) == []
    assert desk.client.post(f"/evidence/{row.id}/remove").status_code == 404


def test_a_sent_file_is_only_hidden(desk: Desk, session: Session, settings: Settings) -> None:
    post_file(desk.client, f"{desk.choose()}/upload", pdf_bytes(), "a.pdf")
    send(session, session.get_one(Assessment, desk.assessment.id), desk.user)
    session.commit()
    (row,) = files(session)
    assert "It is only hidden" in desk.client.get(f"/evidence/{row.id}").text
    desk.client.post(f"/evidence/{row.id}/remove")
    assert files(session)[0].removed_at is not None and len(vault_files(settings.vault_dir)) == 1
    assert "a.pdf" not in desk.client.get("/evidence").text.replace("“a.pdf”", "")
    assert desk.client.get(f"/evidence/{row.id}").status_code == 404
    assert desk.client.get(f"/evidence/{row.id}/file").status_code == 200, "what was sent stays readable"


def test_a_new_file_is_linked_at_once_and_one_comes_back_to_the_question(
    desk: Desk, session: Session
) -> None:
    answer = post_file(desk.client, f"{desk.choose()}/upload", pdf_bytes(), "a.pdf", **FACTS)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/assessments/{desk.assessment.id}/topics/ENV#ENV-02")
    assert "a.pdf" in desk.client.get(desk.choose()).text
    assert linked(session, desk) == ["ENV-02"]


def test_a_file_of_the_library_serves_another_answer(desk: Desk, session: Session) -> None:
    post_file(desk.client, f"{desk.choose()}/upload", xlsx_bytes(["a", "b"], [1, 2]), "list.xlsx")
    (row,) = files(session)
    page = desk.client.get(desk.choose("GOV-02")).text
    assert f'value="{row.id}"' in page and "also used for ENV-02" in page
    nothing = desk.client.post(desk.choose("GOV-02"), data={})
    assert nothing.status_code == 422 and "Tick at least one file" in nothing.text
    assert desk.client.post(desk.choose("GOV-02"), data={"evidence": [row.id, row.id]}).status_code == 303
    assert linked(session, desk) == ["ENV-02", "GOV-02"]
    assert desk.client.post(f"{desk.choose()}/unlink", data={"evidence": row.id}).status_code == 303
    assert linked(session, desk) == ["GOV-02"]


def test_the_same_file_at_a_question_offers_to_link_it(desk: Desk, session: Session) -> None:
    post_file(desk.client, "/evidence", pdf_bytes(), "a.pdf")
    answer = post_file(desk.client, f"{desk.choose()}/upload", pdf_bytes(), "b.pdf")
    assert answer.status_code == 409 and "Link the file you have to ENV-02" in answer.text
    assert linked(session, desk) == []


def test_a_sent_assessment_is_locked(desk: Desk, session: Session, settings: Settings) -> None:
    post_file(desk.client, f"{desk.choose()}/upload", pdf_bytes(), "a.pdf")
    send(session, session.get_one(Assessment, desk.assessment.id), desk.user)
    session.commit()
    (row,) = files(session)
    page = desk.client.get(desk.choose()).text
    assert "was sent to the buyer" in page and '<input type="checkbox"' not in page
    assert desk.client.post(f"{desk.choose()}/unlink", data={"evidence": row.id}).status_code == 409
    assert desk.client.post(desk.choose("GOV-02"), data={"evidence": row.id}).status_code == 409
    answer = post_file(desk.client, f"{desk.choose()}/upload", pdf_bytes("new"), "n.pdf")
    assert answer.status_code == 409
    assert len(files(session)) == 1 and len(vault_files(settings.vault_dir)) == 1


@pytest.mark.parametrize("given", ["x", "-1", "99999999999", "1;2"])
def test_a_made_up_id_is_nobodys_file(desk: Desk, given: str) -> None:
    assert desk.client.post(desk.choose(), data={"evidence": given}).status_code == 404
    assert desk.client.post(f"{desk.choose()}/unlink", data={"evidence": given}).status_code == 404


def test_an_unknown_question_is_not_there(desk: Desk) -> None:
    assert desk.client.get(desk.choose("XXX-99")).status_code == 404
    assert desk.client.get("/evidence/99999999999999999999").status_code == 404


def test_the_first_evidence_begins_the_assessment(desk: Desk, session: Session) -> None:
    session.get_one(Assessment, desk.assessment.id).state = "invited"
    session.commit()
    assert post_file(desk.client, f"{desk.choose()}/upload", pdf_bytes(), "iso.pdf").status_code == 303
    assert seen(session, select(Assessment.state)) == ["in_progress"]
    assert seen(session, select(JournalEntry.action).where(JournalEntry.thing == "assessment")) == [
        "assessment.begun"
    ]


def test_an_upload_without_a_file_leaves_the_assessment_as_it_was(desk: Desk, session: Session) -> None:
    session.get_one(Assessment, desk.assessment.id).state = "invited"
    session.commit()
    assert desk.client.post(f"{desk.choose()}/upload", data={}).status_code == 422
    assert seen(session, select(Assessment.state)) == ["invited"]


def test_a_file_too_large_leads_back_to_its_page(desk: Desk) -> None:
    large, place = pdf_bytes("x" * 40 * 1024 * 1024), f"{desk.choose()}/upload"
    desk.client.environ_base["HTTP_REFERER"] = "http://localhost" + desk.choose()
    answer = post_file(desk.client, place, large, "large.pdf")
    assert answer.status_code == 413 and f'href="{desk.choose()}">Back to where you were' in answer.text
    desk.client.environ_base["HTTP_REFERER"] = "https://elsewhere.example" + desk.choose()
    answer = post_file(desk.client, place, large, "large.pdf")
    assert answer.status_code == 413 and "Back to where you were" not in answer.text


def test_the_way_back_from_choosing_leads_to_the_assessment(desk: Desk) -> None:
    assert f'href="/assessments/{desk.assessment.id}">' in desk.client.get(desk.choose()).text
