"""A link for a new password as its person meets it, and signing in after access has ended."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.operations.accounts import HASHER
from portal.operations.password_resets import make_reset_link
from portal.operations.supplier_access import end_access
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.clock import Clock
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in

OLD, NEW = "copper meadow violin 7", "quiet river amber tractor"
LINK = "/reset/" + "r" * 32


@pytest.fixture
def supplier(session: Session) -> Supplier:
    return make_supplier(session)


@pytest.fixture
def person(session: Session, supplier: Supplier, clock: Clock) -> User:
    """A contributor with a password and an open link for a new one."""
    lead, user = make_member(session, supplier), make_member(session, supplier, "contributor")
    user.password_hash = HASHER.hash(OLD)
    make_reset_link(session, actor_of(lead, supplier), user_id=user.id, token="r" * 32, now=clock())
    session.commit()
    return user


def sign_in(client: FlaskClient, user: User, password: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", data={"email": user.email, "password": password})


def test_the_person_sets_a_password_and_signs_in_with_it(
    app: Flask, client: FlaskClient, person: User
) -> None:
    elsewhere = signed_in(app, person)
    assert elsewhere.get("/assessments").status_code == 200
    opened = client.get(LINK)
    assert opened.status_code == 200 and person.email in opened.text
    assert opened.headers["Cache-Control"] == "no-store"
    assert elsewhere.get("/assessments").status_code == 200, "opening the link changes nothing"
    done = client.post(LINK, data={"new": NEW})
    assert done.status_code == 302 and done.headers["Location"] == "/sign-in"
    assert "Your new password is set" in client.get("/sign-in").text
    assert elsewhere.get("/assessments").status_code == 302
    assert sign_in(client, person, OLD).status_code == 422
    assert sign_in(client, person, NEW).status_code == 302
    assert client.get("/assessments").status_code == 200


def test_guesses_used_up_before_do_not_keep_the_person_out(client: FlaskClient, person: User) -> None:
    for _ in range(8):
        sign_in(client, person, "not this one at all")
    assert sign_in(client, person, OLD).status_code == 429
    client.post(LINK, data={"new": NEW})
    assert sign_in(client, person, NEW).status_code == 302


@pytest.mark.parametrize(
    ("given", "said"),
    [("", "Choose a password of at least 12"), ("short", "at least 12"), ("passwordpassword", "easy to guess"), ("contributor1", "from your name")],
)  # fmt: skip
def test_a_poor_password_is_refused_in_words(
    client: FlaskClient, person: User, given: str, said: str
) -> None:
    answer = client.post(LINK, data={"new": given})
    assert answer.status_code == 422 and said in answer.text
    assert client.get(LINK).status_code == 200
    assert sign_in(client, person, OLD).status_code == 302


def test_dead_links_explain_themselves(
    client: FlaskClient, session: Session, person: User, clock: Clock
) -> None:
    unknown = client.get("/reset/nothing")
    assert unknown.status_code == 404 and "Copy it whole" in unknown.text
    assert client.post("/reset/nothing", data={"new": NEW}).status_code == 404
    admin = actor_of(make_staff(session, "admin"))
    make_reset_link(session, admin, user_id=person.id, token="n" * 32, now=clock())
    session.commit()
    for method in (client.get, client.post):
        replaced = method(LINK)
        assert replaced.status_code == 410 and "replaced by a newer one" in replaced.text
    newest = "/reset/" + "n" * 32
    clock.move(hours=24)
    expired = client.get(newest)
    assert expired.status_code == 410 and "has expired" in expired.text
    clock.move(hours=-1)
    assert client.post(newest, data={"new": NEW}).status_code == 302
    used = client.post(newest, data={"new": "another long phrase 9"})
    assert used.status_code == 410 and "already set with this link" in used.text
    assert sign_in(client, person, NEW).status_code == 302


def test_a_link_serves_its_own_purpose_alone(client: FlaskClient, person: User) -> None:
    assert client.get("/join/" + "r" * 32).status_code == 404
    assert client.post("/join/" + "r" * 32, data={"name": "X", "password": NEW}).status_code == 404
    client.set_cookie("upstream", "r" * 32)
    assert client.get("/assessments").status_code in {302, 404}


def test_unknown_links_take_as_long_as_known_ones(
    client: FlaskClient, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What costs time is the hash; it is made once for either, before the link is looked up."""
    made = 0
    real = HASHER.hash

    def counted(password: str) -> str:
        nonlocal made
        made += 1
        return real(password)

    monkeypatch.setattr(
        "portal.operations.password_resets.HASHER", type("Counting", (), {"hash": staticmethod(counted)})
    )
    started = time.perf_counter()
    assert client.post("/reset/nothing", data={"new": NEW}).status_code == 404
    assert time.perf_counter() > started and made == 1
    assert client.post(LINK, data={"new": NEW}).status_code == 302
    assert made == 2


def test_the_sign_in_page_says_what_to_do(client: FlaskClient) -> None:
    assert "Password forgotten?" in client.get("/sign-in").text
    assert "忘记密码" in client.get("/sign-in", headers={"Accept-Language": "zh-CN"}).text


def test_a_person_without_access_is_told_so_only_with_the_right_password(
    client: FlaskClient, session: Session, person: User, supplier: Supplier, clock: Clock
) -> None:
    admin = actor_of(make_staff(session, "admin"))
    end_access(session, admin, supplier_id=supplier.id, user_id=person.id, now=clock())
    session.commit()
    refused = sign_in(client, person, OLD)
    assert refused.status_code == 422 and "Your access has ended" in refused.text
    assert client.get_cookie("upstream") is None
    wrong = sign_in(client, person, "not this one at all")
    assert "Your access has ended" not in wrong.text and "do not fit" in wrong.text
    assert client.get(LINK).status_code == 410
