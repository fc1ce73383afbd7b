"""Doubts about carbon figures: nothing counts without a reply, a reply stays, and others never see it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from portal.core.access import Actor
from portal.core.carbon.doubts import doubt_of, reply_problems
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.operations.doubts import note_doubts, note_open_doubts, reply
from portal.store.carbon_doubts import CarbonDoubt, as_problem, doubts_about, open_doubts_of
from portal.store.engine import reading, writing
from portal.store.journal import JournalEntry
from tests.make.people import make_member, make_supplier

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
ODD = Problem("footprint_above_band", "B7", {"found": "99", "unit": "kg", "low": "9", "high": "70"})


def _people(session):  # type: ignore[no-untyped-def]
    supplier = make_supplier(session)
    lead = make_member(session, supplier)
    return supplier, Actor(lead.id, lead.name, "lead", supplier.id)


def test_a_reply_stays_with_its_doubt_on_both_databases(any_engine: Engine) -> None:
    doubt = doubt_of("PCF-1", ODD)
    with writing(any_engine) as session:
        supplier, actor = _people(session)
        note_doubts(
            session, actor, subject="footprint", subject_id=5, supplier_id=supplier.id, doubts=[doubt],
            replies={doubt.key: "  Siemens process with coal power.  "}, now=NOW,
        )  # fmt: skip
        session.commit()
    with reading(any_engine) as session:
        row = doubts_about(session, "footprint", [5, 6])[5][0]
        assert (row.reply, row.replied_at, row.place) == ("Siemens process with coal power.", NOW, "B7")
        assert as_problem(row) == ODD
        assert doubts_about(session, "footprint", [5], supplier_id=row.supplier_id + 1) == {}
        assert doubts_about(session, "inventory", [5]) == {}
        assert "carbon.doubt_replied" in session.scalars(select(JournalEntry.action)).all()


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "doubt_reply_missing"), ("  \n", "doubt_reply_missing"), ("... 12345 ---", "doubt_reply_wordless"),
     ("ok", "doubt_reply_wordless"), ("long " * 201, "doubt_reply_too_long")],
)  # fmt: skip
def test_what_is_no_reason_is_no_reply(session, text: str, code: str) -> None:  # type: ignore[no-untyped-def]
    supplier, actor = _people(session)
    doubt = doubt_of("PCF-1", ODD)
    with pytest.raises(Invalid) as refused:
        note_doubts(
            session, actor, subject="footprint", subject_id=5, supplier_id=supplier.id, doubts=[doubt],
            replies={doubt.key: text}, now=NOW,
        )  # fmt: skip
    assert [(p.code, p.where) for p in refused.value.problems] == [(code, doubt.key)]
    assert session.scalars(select(CarbonDoubt)).all() == []


def test_four_chinese_characters_are_words() -> None:
    doubt = doubt_of("PCF-1", ODD)
    assert reply_problems([doubt], {doubt.key: "数据核实"}) == []


def test_another_number_is_another_doubt() -> None:
    other = Problem(ODD.code, ODD.where, {**ODD.values, "found": "98"})
    assert doubt_of("PCF-1", ODD).key == doubt_of("PCF-1", ODD).key
    assert len({doubt_of(a, p).key for a in ("PCF-1", "PCF-2") for p in (ODD, other)}) == 4


def test_a_later_doubt_waits_and_is_answered_once(session) -> None:  # type: ignore[no-untyped-def]
    supplier, actor = _people(session)
    stranger_firm = make_supplier(session, "OTH-1", name="Other (invented)")
    foreign = Actor(make_member(session, stranger_firm).id, "F", "lead", stranger_firm.id)
    (row,) = note_open_doubts(
        session, actor, subject="inventory", subject_id=9, supplier_id=supplier.id,
        doubts=[doubt_of("2025", ODD)], now=NOW,
    )  # fmt: skip
    assert open_doubts_of(session, supplier.id) == [row]
    with pytest.raises(NotFound):
        reply(session, foreign, doubt_id=row.id, text="Not my doubt at all", now=NOW)
    reply(session, actor, doubt_id=row.id, text="New furnace since March", now=NOW)
    assert open_doubts_of(session, supplier.id) == []
    with pytest.raises(Refused):
        reply(session, actor, doubt_id=row.id, text="Another story altogether", now=NOW)
    assert row.reply == "New furnace since March"


def test_the_database_refuses_a_reply_of_nobody(session) -> None:  # type: ignore[no-untyped-def]
    supplier, _actor = _people(session)
    session.add(
        CarbonDoubt(supplier_id=supplier.id, subject="measure", subject_id=1, code="c", values={}, noted_at=NOW, reply="x")
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()
