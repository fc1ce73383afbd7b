"""Inventories, electricity and measures in the register, on both databases: replaced and kept, questioned, changed once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.operations.electricity import keep_uses, read_typed_uses, remove_uses
from portal.operations.inventories import read_typed_inventory, take_out, type_inventory
from portal.operations.measures import change_measure, enter_measure, read_typed_measure
from portal.operations.register_judging import judge_electricity, judge_inventory
from portal.store.carbon import InventoryRow, inventories_in_force
from portal.store.carbon_doubts import open_doubts_of
from portal.store.electricity import ElectricityUse, electricity_of
from portal.store.engine import writing
from portal.store.inventories import inventories_for_allocation
from tests.make.people import AT, actor_of, make_member, make_supplier

TODAY = date(2026, 11, 21)
HEAD = {"site": "Plant", "country": "CN", "region": "CN-AH", "year": "2025", "unit": "kWh"}
PLAIN = {"year": "2025", "scope1_mobile_tco2e": "10.5", "scope1_process_tco2e": "0.25"}


def actor_in(session: Session, code: str = "S-001", material: str = "glass") -> Actor:
    supplier = make_supplier(session, code, name=f"{code} (invented)", materials=(material,))
    return actor_of(make_member(session, supplier), supplier)


def typed(session: Session, actor: Actor, **given: str) -> InventoryRow:
    values = PLAIN | given
    record = read_typed_inventory(values, supplier_code="S-001", today=TODAY)
    doubts = judge_inventory(session, actor.supplier_id or 0, record)
    replies = {doubt.key: "Because it is so" for doubt in doubts}
    return type_inventory(
        session, actor, record=record, typed=values, doubts=doubts, replies=replies, evidence_id=None, now=AT
    )


def test_a_year_holds_one_inventory_for_each_boundary(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        actor = actor_in(session)
        typed(session, actor)
        stated = typed(session, actor, boundary="equity")
        typed(session, actor, boundary="operational", scope1_mobile_tco2e="20")
        in_force = inventories_in_force(session, actor.supplier_id)
        assert sorted(row.boundary for row in in_force) == ["equity", "operational"]
        (used,) = inventories_for_allocation(session)
        assert used.boundary == "operational" and used.scope1_tco2e == Decimal("20.25")
        typed(session, actor)
        assert [row.boundary for row in inventories_in_force(session, actor.supplier_id)] == [""]
        with pytest.raises(Refused):
            take_out(session, actor, inventory_id=stated.id, now=AT)
        assert len(session.scalars(select(InventoryRow)).all()) == 4


def test_electricity_of_a_site_and_year_is_replaced_whole(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        actor = actor_in(session)
        for amounts in (["900000.5", "100000"], ["800000"]):
            rows = [
                {"month": "", "source": s, "amount": a}
                for s, a in zip(("grid", "own_pv"), amounts, strict=False)
            ]
            taken = read_typed_uses(HEAD, rows)
            keep_uses(session, actor, taken=taken, upload=None, doubts=[], replies={}, now=AT)
        (row,) = electricity_of(session, actor.supplier_id or 0)
        assert row.mwh == Decimal(800) and row.typed["amount"] == "800000"
        assert len(session.scalars(select(ElectricityUse)).all()) == 3
        with pytest.raises(NotFound):
            remove_uses(session, actor_in(session, "S-002"), site="Plant", year=2025, now=AT)
        assert remove_uses(session, actor, site=" PLANT ", year=2025, now=AT) == 1


def test_without_a_reply_nothing_is_stored(session: Session) -> None:
    actor = actor_in(session)
    for year, amount in (("2024", "1000"), ("2025", "1000000")):
        taken = read_typed_uses(HEAD | {"year": year}, [{"month": "", "source": "grid", "amount": amount}])
        doubts = judge_electricity(session, actor.supplier_id or 0, [one.use for one in taken])
        if not doubts:
            keep_uses(session, actor, taken=taken, upload=None, doubts=doubts, replies={}, now=AT)
            session.commit()
            continue
        assert [d.problem.code for d in doubts] == ["electricity_thousandfold"]
        with pytest.raises(Invalid):
            keep_uses(session, actor, taken=taken, upload=None, doubts=doubts, replies={}, now=AT)
        session.rollback()
    assert [row.year for row in electricity_of(session, actor.supplier_id or 0)] == [2024]


def test_scope_2_is_held_against_the_grid_of_the_province(session: Session) -> None:
    actor = actor_in(session)
    taken = read_typed_uses(HEAD, [{"month": "", "source": "grid", "amount": "1000000"}])
    keep_uses(session, actor, taken=taken, upload=None, doubts=[], replies={}, now=AT)
    record = read_typed_inventory(
        PLAIN | {"scope2_location_tco2e": "200"}, supplier_code="S-001", today=TODAY
    )
    (doubt,) = judge_inventory(session, actor.supplier_id or 0, record)
    assert doubt.problem.code == "scope2_off_grid_co2_only"
    assert "MEE-CN-AH-2023" in str(doubt.problem.values["factors"])


def test_peers_are_asked_only_when_there_are_five(session: Session) -> None:
    given = PLAIN | {"scope2_location_tco2e": "9.25", "output_quantity": "20", "output_unit": "t"}
    for number in range(5):
        typed(session, actor_in(session, f"P-{number}"), **given)
        me = actor_in(session, f"M-{number}")
        odd = read_typed_inventory(given | {"output_quantity": "2"}, supplier_code="M", today=TODAY)
        found = {d.problem.code for d in judge_inventory(session, me.supplier_id or 0, odd)}
        assert ("intensity_off_peers" in found) == (number == 4)
    stranger = actor_in(session, "C-1", "cell")
    assert judge_inventory(session, stranger.supplier_id or 0, odd) == []


def test_of_two_changes_of_a_measure_one_is_told(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        actor = actor_in(session)
        given = {"title": "Heat pump", "status": "planned", "kwh_year": "1000"}
        row = enter_measure(
            session, actor, facts=read_typed_measure(given), typed=given, evidence_ids=[], commitment_ids=[], now=AT
        )  # fmt: skip
        facts = read_typed_measure(given | {"status": "done"})
        change_measure(
            session, actor, measure_id=row.id, base=1, facts=facts, typed=given, evidence_ids=[], commitment_ids=[], now=AT
        )  # fmt: skip
        with pytest.raises(Refused):
            change_measure(
                session, actor, measure_id=row.id, base=1, facts=facts, typed=given, evidence_ids=[], commitment_ids=[],
                now=AT,
            )  # fmt: skip
        other = read_typed_measure(given | {"title": "Another pump"})
        with pytest.raises(NotFound):
            enter_measure(
                session, actor, facts=other, typed=given, evidence_ids=[], commitment_ids=[999], now=AT
            )
        assert (row.version, row.status) == (2, "done")


def test_an_open_question_waits_for_the_supplier(session: Session) -> None:
    actor = actor_in(session)
    typed(session, actor, scope2_location_tco2e="5")
    (doubt,) = open_doubts_of(session, actor.supplier_id or 0)
    assert doubt.code == "scope2_without_electricity"
