"""Joining by invitation, signing in and out, changing a password, choosing a language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.operations.accounts import create_staff, invite
from portal.store.people import Membership, User
from tests.make.clock import Clock
from tests.make.people import actor_of, make_staff, make_supplier

GOOD = "copper meadow violin 7"


def make_invitation(
    session: Session, clock: Clock, *, token: str = "t" * 32, email: str = "new@glass.example"
) -> None:
    supplier = make_supplier(session)
    invite(
        session, actor_of(make_staff(session)), email=email, role="lead", supplier_id=supplier.id, token=token,
        valid_days=14, now=clock(),
    )  # fmt: skip
    session.commit()


def join(client: FlaskClient, **data: str):  # type: ignore[no-untyped-def]
    return client.post("/join/" + "t" * 32, data={"name": "Mei Test", "password": GOOD} | data)


def test_an_invited_person_sets_a_password_and_is_in(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    make_invitation(session, clock)
    assert "Clearlake Glass" in client.get("/join/" + "t" * 32).get_data(as_text=True)
    assert join(client).status_code == 302
    session.expire_all()
    assert session.scalars(select(Membership)).one().role == "lead"
    assert client.get("/account").status_code == 200


def test_a_link_works_once(client: FlaskClient, app: Flask, session: Session, clock: Clock) -> None:
    make_invitation(session, clock)
    join(client)
    answer = join(app.test_client())
    assert answer.status_code == 410
    assert "already used" in answer.get_data(as_text=True)


def test_an_expired_link_says_so(client: FlaskClient, session: Session, clock: Clock) -> None:
    make_invitation(session, clock)
    clock.moment += timedelta(days=15)
    answer = client.get("/join/" + "t" * 32)
    assert answer.status_code == 410
    assert "expired" in answer.get_data(as_text=True)


def test_a_newer_invitation_replaces_the_older(client: FlaskClient, session: Session, clock: Clock) -> None:
    make_invitation(session, clock)
    supplier_id = session.scalars(select(Membership.supplier_id)).first() or 1
    invite(
        session, actor_of(session.scalars(select(User)).one()), email="new@glass.example", role="lead",
        supplier_id=supplier_id, token="n" * 32, valid_days=14, now=clock(),
    )  # fmt: skip
    session.commit()
    assert client.get("/join/" + "t" * 32).status_code == 410
    assert client.get("/join/" + "n" * 32).status_code == 200


def test_an_unknown_link_is_nothing(client: FlaskClient) -> None:
    assert client.get("/join/nothing").status_code == 404


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 12"),
        ("passwordpassword", "easy to guess"),
        ("aaaaaaaaaaaaaa", "easy to guess"),
        ("x" * 129, "at most 128"),
    ],
)
def test_a_poor_password_is_refused_in_words(
    client: FlaskClient, session: Session, clock: Clock, password: str, said: str
) -> None:
    make_invitation(session, clock)
    answer = join(client, password=password)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert session.scalars(select(Membership)).all() == []


def make_known(session: Session, clock: Clock) -> User:
    user = create_staff(
        session, email="m@buyer.example", name="Mara", password=GOOD, role="manager", locale="en", now=clock()
    )
    session.commit()
    return user


def sign_in(client: FlaskClient, password: str = GOOD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", data={"email": "M@Buyer.example", "password": password} | more)


def test_sign_in_and_out(client: FlaskClient, session: Session, clock: Clock) -> None:
    make_known(session, clock)
    assert sign_in(client, next="/account").headers["Location"] == "/account"
    assert client.get("/account").status_code == 200
    client.post("/sign-out")
    assert client.get("/account").status_code in {302, 404}


def test_wrong_and_unknown_answer_alike(client: FlaskClient, session: Session, clock: Clock) -> None:
    make_known(session, clock)
    wrong = sign_in(client, password="not this one at all")
    unknown = client.post("/sign-in", data={"email": "nobody@buyer.example", "password": GOOD})
    assert wrong.status_code == unknown.status_code == 422
    said = "E-mail and password do not fit"
    assert said in wrong.get_data(as_text=True) and said in unknown.get_data(as_text=True)


def test_guessing_is_slowed_down_even_with_the_right_password(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    make_known(session, clock)
    for _ in range(8):
        sign_in(client, password="not this one at all")
    assert sign_in(client).status_code == 429
    clock.move(minutes=16)
    assert sign_in(client).status_code == 302


def test_a_new_password_ends_other_sessions(app: Flask, session: Session, clock: Clock) -> None:
    make_known(session, clock)
    here, there = app.test_client(), app.test_client()
    for browser in (here, there):
        sign_in(browser)
    assert (
        here.post("/account/password", data={"old": "wrong", "new": "another long phrase 9"}).status_code
        == 422
    )
    assert (
        here.post("/account/password", data={"old": GOOD, "new": "another long phrase 9"}).status_code == 302
    )
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_the_language_stays_with_the_account(client: FlaskClient, session: Session, clock: Clock) -> None:
    make_known(session, clock)
    assert "登录" in client.get("/sign-in", headers={"Accept-Language": "zh-CN"}).get_data(as_text=True)
    sign_in(client)
    client.post("/language", data={"language": "zh", "next": "/account"})
    assert 'lang="zh-CN"' in client.get("/account").get_data(as_text=True)
