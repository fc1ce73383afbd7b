"""A database held by somebody else ends in a calm page, never in a fault, and nothing of the step stays behind."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.settings import Settings
from portal.store.engine import is_busy
from portal.store.journal import JournalEntry
from portal.store.people import User
from portal.web.journal_words import ACTION_WORDS
from tests.make.people import make_member, make_supplier, signed_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lead(app: Flask, session: Session) -> User:
    user = make_member(session, make_supplier(session))
    session.commit()
    return user


@pytest.fixture
def impatient(app: Flask) -> Iterator[Flask]:
    """The portal, waiting a tenth of a second instead of thirty."""
    engine = app.extensions["upstream"].engine
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("PRAGMA busy_timeout=100"), insert=True)
    yield app


def test_a_locked_database_is_told_calmly(
    impatient: Flask, lead: User, settings: Settings, session: Session
) -> None:
    client = signed_in(impatient, lead)
    holder = sqlite3.connect(settings.data_dir / "upstream.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    form = {"email": "new@glass.example", "role": "contributor"}
    answer = client.post("/people", data=form, headers={"Referer": "http://localhost/people"})
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "10"
    assert "Nothing was lost" in answer.text and 'href="/people">Back to where you were' in answer.text
    assert client.get("/people").status_code == 200
    holder.execute("ROLLBACK")
    holder.close()
    assert client.post("/people", data=form).status_code == 200
    session.expire_all()
    assert (
        len(session.scalars(select(JournalEntry).where(JournalEntry.action == "invitation.sent")).all()) == 1
    )


def test_a_commit_that_finds_the_database_held_is_told_calmly(
    app: Flask, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(app, lead)
    held = sqlite3.OperationalError("database is locked")
    held.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def refuse(_session: Session) -> None:
        raise OperationalError("COMMIT", None, held)

    event.listen(Session, "before_commit", refuse)
    try:
        answer = client.post("/language", data={"language": "zh"}, headers={"Accept-Language": "en"})
    finally:
        event.remove(Session, "before_commit", refuse)
    assert answer.status_code == 503


def test_other_faults_are_not_called_busy() -> None:
    broken = sqlite3.OperationalError("no such table: answers")
    broken.sqlite_errorcode = sqlite3.SQLITE_ERROR
    assert not is_busy(OperationalError("SELECT", None, broken)) and not is_busy(ValueError("no"))


def test_every_action_of_the_journal_has_words() -> None:
    found: set[str] = set()
    for path in (ROOT / "portal/operations").glob("*.py"):
        found |= set(re.findall(r'note\([^)]*?"([a-z_]+\.[a-z_]+)"', path.read_text(), re.DOTALL))
    assert len(found) > 15 and found <= set(ACTION_WORDS)
