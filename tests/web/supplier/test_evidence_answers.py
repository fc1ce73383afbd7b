"""One file behind many answers: linked and unlinked in one step, all or nothing, only the own company's, as single linking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.store.assessments import Assessment, Decision
from portal.store.evidence import Evidence, EvidenceLink
from portal.store.journal import JournalEntry
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.files import pdf_bytes, post_file, seen
from tests.make.people import AT, make_member, make_staff, make_supplier, signed_in
from tests.make.queries import counted
from tests.make.sent import make_assessment, make_round, send


@dataclass
class Desk:
    """A contributor's browser, an invited assessment, one file of the library."""

    client: FlaskClient
    supplier: Supplier
    staff_id: int
    assessment: Assessment
    file: Evidence

    @property
    def url(self) -> str:
        return f"/evidence/{self.file.id}/answers/{self.assessment.id}"

    def place(self, *wanted: str, had: tuple[str, ...] = ()) -> int:
        return self.client.post(self.url, data={"answer": list(wanted), "seen": list(had)}).status_code


@pytest.fixture
def desk(app: Flask, session: Session) -> Iterator[Desk]:
    supplier, staff = make_supplier(session), make_staff(session)
    user = make_member(session, supplier, "contributor")
    assessment = make_assessment(session, supplier, make_round(session, staff), "invited")
    session.commit()
    client = signed_in(app, user)
    assert post_file(client, "/evidence", pdf_bytes(), "iso.pdf", covers_to="2024-01-31").status_code == 303
    (file,) = seen(session, select(Evidence))
    yield Desk(client, supplier, staff.id, assessment, file)


def linked(session: Session) -> list[str]:
    return sorted(seen(session, select(EvidenceLink.indicator)))


def journal(session: Session) -> list[tuple[str, str]]:
    rows = seen(
        session, select(JournalEntry).where(JournalEntry.thing == "evidence").order_by(JournalEntry.id)
    )
    return [
        (row.action, row.details["indicator"]) for row in rows if row.details and "indicator" in row.details
    ]


def box(page: str, code: str) -> str:
    """The part of the page about one answer."""
    return page[page.index(f'id="answer-{code}"') :].partition('<div class="form-check')[0]


def test_many_answers_are_linked_and_unlinked_in_one_step(desk: Desk, session: Session) -> None:
    assert desk.place("ENV-02", "ENV-03", "OHS-01") == 303
    assert linked(session) == ["ENV-02", "ENV-03", "OHS-01"]
    assert seen(session, select(Assessment.state)) == ["in_progress"]
    page = desk.client.get(f"/evidence/{desk.file.id}").text
    assert "Linked to ENV-02, ENV-03, OHS-01." in page
    shown = desk.client.get(desk.url).text
    assert "checked" in box(shown, "ENV-02") and "has this file" in box(shown, "ENV-02")
    assert "checked" not in box(shown, "GOV-02")
    assert desk.place("ENV-03", "GOV-02", had=("ENV-02", "ENV-03", "OHS-01")) == 303
    assert linked(session) == ["ENV-03", "GOV-02"]
    assert journal(session) == [
        ("evidence.linked", "ENV-02"), ("evidence.linked", "ENV-03"), ("evidence.linked", "OHS-01"),
        ("evidence.linked", "GOV-02"), ("evidence.unlinked", "ENV-02"), ("evidence.unlinked", "OHS-01"),
    ]  # fmt: skip
    assert desk.place("ENV-03", "GOV-02", had=("ENV-03", "GOV-02")) == 303
    assert "Nothing was changed." in desk.client.get("/evidence").text
    assert len(journal(session)) == 6


def test_the_page_says_what_each_answer_accepts_and_already_has(desk: Desk, session: Session) -> None:
    choose = f"/assessments/{desk.assessment.id}/evidence/EMW-04/upload"
    assert post_file(desk.client, choose, pdf_bytes("lab"), "lab.pdf").status_code == 303
    page = desk.client.get(desk.url).text
    assert "lab.pdf" in box(page, "EMW-04") and "lab.pdf" not in box(page, "ENV-02")
    assert "A measured result" in box(page, "EMW-04") and "A certificate" in box(page, "ENV-02")
    assert "older than 24 months for a measured result" in box(page, "EMW-04")
    assert "older than 24 months" not in box(page, "ENV-02")
    assert 'id="answer-GOV-01"' not in page  # asks for no evidence
    assert "Evidence required" in box(page, "ENV-02")
    assert f'href="/evidence/{desk.file.id}/answers"' in desk.client.get("/evidence").text
    assert desk.client.get(f"/evidence/{desk.file.id}/answers").text.count('name="answer"') > 20
    desk.client.post("/language", data={"language": "zh"})
    assert "按勾选关联" in desk.client.get(desk.url).text


@pytest.mark.parametrize("wrong", ["ZZZ-99", "", "env-02", "GOV-02'; --", "MIN-01"])
def test_one_wrong_code_stores_nothing(desk: Desk, session: Session, wrong: str) -> None:
    assert desk.place("ENV-02", wrong) == 404
    assert desk.place("ENV-02", had=(wrong,)) == 404
    assert linked(session) == [] and journal(session) == []
    assert seen(session, select(Assessment.state)) == ["invited"]


def test_one_locked_answer_stores_nothing(desk: Desk, session: Session) -> None:
    """Returned: only what the buyer returned may change."""
    sent = send(session, session.merge(desk.assessment), session.get_one(User, desk.staff_id))
    session.add(
        Decision(
            assessment_id=desk.assessment.id, submission_id=sent.id, indicator="ENV-02", kind="returned",
            reason="Which site?", decided_by_id=desk.staff_id, decided_at=AT,
        )
    )  # fmt: skip
    session.get_one(Assessment, desk.assessment.id).state = "returned"
    session.commit()
    page = desk.client.get(desk.url).text
    assert 'id="answer-ENV-02"' in page and 'id="answer-ENV-03"' not in page
    answer = desk.client.post(desk.url, data={"answer": ["ENV-02", "ENV-03"]})
    assert answer.status_code == 409 and linked(session) == []
    assert "checked" in box(answer.text, "ENV-02") and 'role="alert"' in answer.text
    assert desk.place("ENV-02") == 303 and linked(session) == ["ENV-02"]
    # who looked before that link was made and is refused does not untick it unseen by pressing again
    late = desk.client.post(desk.url, data={"answer": ["ENV-03"]})
    assert late.status_code == 409 and "checked" in box(late.text, "ENV-02")
    wish = desk.client.post(desk.url, data={"answer": ["ENV-03"], "seen": ["ENV-02"]})
    assert wish.status_code == 409 and "checked" not in box(wish.text, "ENV-02")
    session.get_one(Assessment, desk.assessment.id).state = "submitted"
    session.commit()
    assert desk.place(had=("ENV-02",)) == 409 and linked(session) == ["ENV-02"]
    assert "No answer of this assessment can be changed" in desk.client.get(desk.url).text
    assert (
        "no assessment whose answers you can change"
        in desk.client.get(f"/evidence/{desk.file.id}/answers").text
    )


def test_a_link_a_colleague_made_meanwhile_stays(desk: Desk, session: Session) -> None:
    use = f"/assessments/{desk.assessment.id}/evidence/GOV-02"
    assert desk.client.post(use, data={"evidence": str(desk.file.id)}).status_code == 303
    assert desk.place("ENV-02") == 303
    assert linked(session) == ["ENV-02", "GOV-02"]


def test_an_older_version_is_taken_away_but_put_nowhere(desk: Desk, session: Session) -> None:
    assert desk.place("ENV-02", "ENV-03") == 303
    older = f"/evidence/{desk.file.id}"
    assert post_file(desk.client, f"{older}/newer", pdf_bytes("new"), "new.pdf").status_code == 303
    answer = desk.client.post(desk.url, data={"answer": ["ENV-02", "GOV-02"], "seen": ["ENV-02", "ENV-03"]})
    assert answer.status_code == 409 and "has a newer version" in answer.text
    assert linked(session) == ["ENV-02", "ENV-03"]
    assert "Put the newer version behind answers" in desk.client.get(desk.url).text
    assert desk.place("ENV-02", had=("ENV-02", "ENV-03")) == 303 and linked(session) == ["ENV-02"]


def test_no_stranger_links_and_no_foreign_thing_is_linked(app: Flask, desk: Desk, session: Session) -> None:
    other = make_supplier(session, "S-777")
    user = make_member(session, other)
    theirs = make_assessment(session, other, session.merge(desk.assessment).round, "invited")
    session.commit()
    stranger = signed_in(app, user)
    assert stranger.get(desk.url).status_code == 404
    assert stranger.post(desk.url, data={"answer": "ENV-02"}).status_code == 404
    mixed = f"/evidence/{desk.file.id}/answers/{theirs.id}"
    for client in (stranger, desk.client):
        assert client.get(mixed).status_code == 404
        assert client.post(mixed, data={"answer": "ENV-02"}).status_code == 404
    assert linked(session) == []


def test_the_page_costs_the_same_for_many_links(desk: Desk, engine: Engine) -> None:
    def cost() -> int:
        desk.client.get(desk.url)
        with counted(engine) as statements:
            desk.client.get(desk.url)
        return len(statements)

    few = cost()
    assert desk.place("ENV-02", "ENV-03", "OHS-01", "GOV-02", "EMW-04") == 303
    assert cost() <= few + 1
