"""A lead helps a colleague who forgot the password, ends access and restores it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.operations.accounts import HASHER
from portal.operations.password_resets import make_reset_link
from portal.store.people import User
from tests.make.clock import Clock
from tests.make.company import Company, make_company, make_ready
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in

NEW = "quiet river amber tractor"


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


@pytest.fixture
def colleague(company: Company) -> str:
    return f"/people/{company.colleague.id}"


def link_on(html: str) -> str:
    found = re.search(r'id="reset-link" readonly value="http://127.0.0.1:8000(/reset/[^"]+)"', html)
    assert found
    return found[1]


def test_a_lead_makes_a_link_that_is_shown_once(
    company: Company, colleague: str, client: FlaskClient
) -> None:
    assert f'href="{colleague}"' in company.client.get("/people").text
    made = company.client.post(f"{colleague}/reset")
    link = link_on(made.text)
    assert "for 24 hours" in made.text and link not in company.client.get(colleague).text
    assert client.post(link, data={"new": NEW}).status_code == 302
    entered = client.post("/sign-in", data={"email": company.colleague.email, "password": NEW})
    assert entered.status_code == 302 and client.get("/assessments").status_code == 200


def test_a_lead_sees_that_somebody_made_a_link(
    app: Flask, company: Company, colleague: str, session: Session, client: FlaskClient, clock: Clock
) -> None:
    assert "Last link" not in company.client.get(colleague).text
    admin = make_staff(session, "admin")
    make_reset_link(session, actor_of(admin), user_id=company.colleague.id, token="z" * 32, now=clock())
    session.commit()
    seen = company.client.get(colleague).text
    assert "Last link: made by Example Solar" in seen and "no password was set" in seen
    assert admin.name not in seen
    assert client.post("/reset/" + "z" * 32, data={"new": NEW}).status_code == 302
    assert "a new password was set with it" in company.client.get(colleague).text


def test_a_contributor_makes_no_links_and_ends_nothing(company: Company) -> None:
    assert "/people/" not in re.findall(r'href="(/people/\d+)"', company.other.get("/people").text)
    lead = f"/people/{company.lead.id}"
    assert company.other.get(lead).status_code == 404
    for act in ("reset", "end", "restore"):
        assert company.other.post(f"{lead}/{act}").status_code == 404
    assert company.client.get("/people").status_code == 200


def test_a_link_asks_for_a_fresh_sign_in(
    company: Company, colleague: str, session: Session, clock: Clock
) -> None:
    session.get_one(User, company.lead.id).password_hash = HASHER.hash("copper meadow violin 7")
    session.commit()
    clock.move(minutes=16)
    for password in ("", "not this one at all"):
        refused = company.client.post(f"{colleague}/reset", data={"password": password})
        assert refused.status_code == 422 and "/reset/" not in refused.text.replace(f"{colleague}/reset", "")
    made = company.client.post(f"{colleague}/reset", data={"password": "copper meadow violin 7"})
    assert link_on(made.text)


def test_access_ends_at_once_and_the_work_stays(company: Company, colleague: str, session: Session) -> None:
    make_ready(session, company)
    assert company.other.get(company.base).status_code == 200
    said = company.client.get(colleague).text
    assert "is signed out at once" in said and "under this name" in said
    ended = company.client.post(f"{colleague}/end", follow_redirects=True)
    assert ended.status_code == 200 and "The access of Contributor of S-001 has ended" in ended.text
    assert "Access ended" in ended.text
    assert company.other.get(company.base).status_code == 302
    back = company.client.post(f"{colleague}/restore", follow_redirects=True)
    assert "can sign in again" in back.text and "Access ended" not in back.text


def test_the_former_colleague_still_stands_by_the_answers(
    company: Company, colleague: str, session: Session
) -> None:
    make_ready(session, company)
    before = company.client.get("/evidence").text
    assert company.client.post(f"{colleague}/end", follow_redirects=True).status_code == 200
    after = company.client.get("/evidence").text
    assert before.count("Contributor of S-001") == after.count("Contributor of S-001") > 0


def test_nobody_ends_oneself_and_the_reason_stands_there(company: Company) -> None:
    mine = f"/people/{company.lead.id}"
    assert "This is you." in company.client.get(mine).text
    refused = company.client.post(f"{mine}/end")
    assert refused.status_code == 409 and "cannot end your own access" in refused.text
    refused = company.client.post(f"{mine}/reset")
    assert refused.status_code == 422 and "Change your own password" in refused.text
    assert company.client.get("/people").status_code == 200


def test_people_of_another_supplier_are_as_if_absent(app: Flask, session: Session, company: Company) -> None:
    foreign = make_member(session, make_supplier(session, "S-002"))
    session.commit()
    theirs = signed_in(app, foreign)
    for user_id in (foreign.id, 99_999):
        assert company.client.get(f"/people/{user_id}").status_code == 404
        for act in ("reset", "end", "restore"):
            assert company.client.post(f"/people/{user_id}/{act}").status_code == 404
    assert theirs.get("/people").status_code == 200


def test_in_chinese_too(company: Company, colleague: str, session: Session) -> None:
    session.get_one(User, company.lead.id).locale = "zh"
    session.commit()
    page = company.client.get(colleague).text
    for said in ("忘记密码", "生成重设密码的链接", "终止权限"):
        assert said in page
    english = re.findall(r">\s*([A-Z][a-z]+ [a-z]+ [a-z ]+)", page)
    assert [text for text in english if "S-001" not in text and "Lake" not in text] == []
