"""A library in which nothing was brought in yet offers the first step."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.store.engine import reading
from portal.store.factor_reads import all_versions
from tests.make.people import make_staff, signed_in

ROOM = "/staff/category-1/factors"


def test_an_empty_library_offers_the_first_step(app: Flask, session: Session, engine: Engine) -> None:
    user = make_staff(session, "manager")
    session.commit()
    manager = signed_in(app, user)
    assert "Bring in the shipped tables" in manager.get(ROOM).text
    for path in ("", "/tables", "/materials", "/money"):
        assert manager.get(ROOM + path).status_code == 200
    assert manager.post(f"{ROOM}/bring-in").status_code == 303
    assert manager.post(f"{ROOM}/bring-in").status_code == 303
    with reading(engine) as opened:
        assert len(all_versions(opened)) == 11
