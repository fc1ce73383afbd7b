"""`upstream admin`: the first account, and a link for the last administrator who forgot the password."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli.main import commands
from portal.core.errors import Refused
from portal.settings import Settings
from portal.store.journal import JournalEntry
from tests.make.people import make_staff

NEW = "quiet river amber tractor"


@pytest.fixture(autouse=True)
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTREAM_DATA", str(settings.data_dir))
    monkeypatch.setenv("UPSTREAM_ENV", "test")
    monkeypatch.setenv("SECRET_KEY", "s" * 40)


def run(*words: str) -> Result:
    return CliRunner().invoke(commands, ["admin", *words])


def test_the_printed_link_opens_the_portal_again(app: Flask, session: Session) -> None:
    admin = make_staff(session, "admin")
    session.commit()
    done = run("reset", "Admin@Buyer.example")
    assert done.exit_code == 0, done.output
    link = done.stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/reset/")
    browser = app.test_client()
    app.extensions["upstream"].clock.moment = session.scalars(select(JournalEntry.at)).one()
    session.commit()
    assert browser.post(link.removeprefix("http://127.0.0.1:8000"), data={"new": NEW}).status_code == 302
    assert browser.post("/sign-in", data={"email": admin.email, "password": NEW}).status_code == 302
    made = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).first()
    assert made is not None
    assert (made.action, made.user_name, made.user_id) == ("password.reset_link_made", "upstream admin", None)


def test_an_unknown_address_is_said(app: Flask) -> None:
    refused = run("reset", "nobody@buyer.example")
    assert isinstance(refused.exception, Refused) and refused.exception.problem.code == "email_unknown"
    assert "/reset/" not in refused.output
