"""The gate: sessions live on the server, tokens guard unsafe requests, headers keep pages to themselves."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.store.people import User, WebSession
from portal.web.urls import way_back
from tests.make.clock import Clock
from tests.make.people import make_staff, signed_in


@pytest.fixture
def manager(session: Session) -> User:
    user = make_staff(session)
    session.commit()
    return user


def test_an_idle_session_leads_back_through_sign_in(app: Flask, clock: Clock, manager: User) -> None:
    client = signed_in(app, manager)
    assert client.get("/account").status_code == 200
    clock.move(minutes=119)
    assert client.get("/account").status_code == 200
    clock.move(minutes=121)
    answer = client.get("/account")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/sign-in?next=/account")


def test_a_session_ends_absolutely(app: Flask, clock: Clock, manager: User) -> None:
    client = signed_in(app, manager)
    for _ in range(13):
        clock.move(minutes=59)
        client.get("/account")
    assert client.get("/account").status_code == 302


def test_a_revoked_session_ends_at_once(app: Flask, clock: Clock, session: Session, manager: User) -> None:
    client = signed_in(app, manager)
    session.execute(update(WebSession).values(ended_at=clock()))
    session.commit()
    assert client.get("/account").status_code == 302


def test_a_disabled_person_is_out_at_once(app: Flask, clock: Clock, session: Session, manager: User) -> None:
    client = signed_in(app, manager)
    session.execute(update(User).values(disabled_at=clock()))
    session.commit()
    assert client.get("/account").status_code == 302


def test_a_post_without_token_changes_nothing(app: Flask, manager: User) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = signed_in(app, manager)
    assert client.post("/language", data={"language": "zh"}).status_code == 400
    page = client.get("/account").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    assert client.post("/language", data={"language": "zh", "csrf_token": token.group(1)}).status_code == 302


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_post_from_another_site_is_refused(app: Flask, manager: User, headers: dict[str, str]) -> None:
    assert (
        signed_in(app, manager).post("/language", data={"language": "zh"}, headers=headers).status_code == 403
    )


def test_pages_are_not_stored_nor_framed(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example/x",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        None,
        "/a\nb",
    ],
)
def test_a_way_back_never_leads_outside(given: str | None) -> None:
    assert way_back(given, "/home") == "/home"


def test_a_way_back_on_this_portal_is_kept() -> None:
    assert way_back("/assessments/3?x=1#GOV-02", "/home") == "/assessments/3?x=1#GOV-02"


def test_an_unexpected_fault_has_a_reference_and_no_trace(
    app: Flask, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise RuntimeError("secret detail")

    broken.right = "user:account:keep"  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "account.profile.account", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = signed_in(app, manager).get("/account")
    assert answer.status_code == 500
    assert "secret detail" not in answer.get_data(as_text=True)
    assert re.search(r"[0-9a-f]{8}", answer.get_data(as_text=True))


def test_a_nul_in_what_was_sent_is_refused_before_any_room(app: Flask, manager: User) -> None:
    client = signed_in(app, manager)
    assert client.get("/staff/suppliers?name=a%00b").status_code == 400
    assert client.get("/staff/sup%00pliers").status_code in {400, 404}
    assert client.post("/language", data={"locale": "e\x00n"}).status_code == 400
