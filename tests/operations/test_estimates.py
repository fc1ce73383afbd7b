"""Ledgers and estimates on both databases: all or nothing, one run for the same inputs, the way back to a source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.files.vault import Vault, open_vault
from portal.operations.estimate_lines import factors_used, footprint_behind, line_of, lines_folder
from portal.operations.estimate_register import library_at
from portal.operations.estimates import estimate_by_id, estimate_ledger, gather
from portal.operations.ledgers import load_ledger
from portal.store.engine import writing
from portal.store.estimates import Ledger, all_estimates
from portal.store.journal import JournalEntry
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.purchases import ledger_stream, make_footprint

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Desk:
    """An analyst over a store and a vault, and a supplier with a footprint."""

    session: Session
    actor: Actor
    vault: Vault
    supplier: Supplier
    lead: User


@pytest.fixture
def desk(any_engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    with writing(any_engine) as session:
        analyst = make_staff(session, "analyst")
        supplier = make_supplier(session, "S-001")
        lead = make_member(session, supplier)
        make_footprint(session, supplier, lead)
        yield Desk(session, actor_of(analyst), open_vault(tmp_path / "vault"), supplier, lead)


def load(desk: Desk, *lines: str, name: str = "ledger.csv") -> Ledger:
    ledger, _ = load_ledger(
        desk.session, desk.actor, ledger_stream(*lines), name=name, vault=desk.vault, now=NOW
    )
    return ledger


def actions(desk: Desk) -> list[str]:
    return list(desk.session.scalars(select(JournalEntry.action).order_by(JournalEntry.id)))


def test_a_ledger_is_kept_whole_with_its_years(desk: Desk) -> None:
    ledger = load(desk)
    assert (ledger.lines, ledger.years) == (7, {"2023": 1, "2024": 6})
    assert desk.vault.open(ledger.vault_key, ledger.sha256).read() == ledger_stream().read()
    assert load(desk).id == ledger.id
    assert load(desk, name="other name.csv").id != ledger.id
    assert actions(desk) == ["ledger.loaded", "ledger.loaded"]


def test_one_bad_line_among_many_stores_nothing(desk: Desk) -> None:
    good = [f"G{n},2024-01-01,S-001,,glass,1,kg,,,CN,," for n in range(200)]
    with pytest.raises(Invalid) as caught:
        load(desk, *good, "B1,2024-01-01,S-001,,glass,1,furlong,,,CN,,")
    assert [(p.code, p.where) for p in caught.value.problems] == [("row_unit_unknown", "ledger.csv:202:unit")]
    assert desk.session.scalar(select(Ledger)) is None
    assert list(desk.vault.keys()) == []
    assert actions(desk) == []


def test_a_run_uses_the_register_and_is_kept_once(desk: Desk) -> None:
    ledger = load(desk)
    first, new = estimate_ledger(
        desk.session, desk.actor, ledger_id=ledger.id, year=2024, vault=desk.vault, now=NOW
    )
    again, new_again = estimate_ledger(
        desk.session,
        desk.actor,
        ledger_id=ledger.id,
        year=2024,
        vault=desk.vault,
        now=NOW + timedelta(days=1),
    )
    assert (new, new_again) == (True, False)
    assert again.id == first.id
    assert first.summary["by_method"]["supplier_specific"]["tco2e"] == "8.400000"
    assert actions(desk)[-1] == "estimate.run"
    assert actions(desk).count("estimate.run") == 1


def test_a_replaced_footprint_leaves_the_old_run_and_its_source_alone(desk: Desk) -> None:
    ledger = load(desk)
    old, _ = estimate_ledger(
        desk.session, desk.actor, ledger_id=ledger.id, year=2024, vault=desk.vault, now=NOW
    )
    before = footprint_behind(desk.session, old, "S-001", "PCF-1")
    assert before is not None
    before.replaced_at = NOW + timedelta(hours=1)
    other = make_supplier(desk.session, "S-009", name="Elsewhere (invented)")
    make_footprint(desk.session, other, desk.lead, pcf="7.0")
    desk.session.flush()
    new, _ = estimate_ledger(
        desk.session,
        desk.actor,
        ledger_id=ledger.id,
        year=2024,
        vault=desk.vault,
        now=NOW + timedelta(days=1),
    )
    assert new.run != old.run
    assert Decimal(new.summary["total_tco2e"]) != Decimal(old.summary["total_tco2e"])
    assert footprint_behind(desk.session, old, "S-001", "PCF-1") is before
    assert footprint_behind(desk.session, new, "S-001", "PCF-1") is None
    assert {e.id for e in all_estimates(desk.session)} == {old.id, new.id}


def test_lines_lead_to_the_factors_they_rest_on(desk: Desk) -> None:
    ledger = load(desk)
    run, _ = estimate_ledger(
        desk.session, desk.actor, ledger_id=ledger.id, year=2024, vault=desk.vault, now=NOW
    )
    with lines_folder(desk.vault, run) as folder:
        used = factors_used(library_at(desk.session, run), folder)
        credit = line_of(folder, "L6")
        assert line_of(folder, "L7") is None
    assert credit is not None
    assert credit["kgco2e"] < 0
    assert all(each.factor is not None and each.factor.source for each in used)
    methods = run.summary["by_method"]
    by_factor = sum((each.tco2e for each in used), Decimal(0))
    said = Decimal(methods["average_data"]["tco2e"]) + Decimal(methods["spend_based"]["tco2e"])
    assert abs(by_factor - said) <= Decimal("0.000001")


def test_what_cannot_be_run_is_refused(desk: Desk) -> None:
    ledger = load(desk)
    with pytest.raises(NotFound):
        gather(desk.session, ledger_id=ledger.id + 1, year=2024)
    with pytest.raises(Refused) as caught:
        gather(desk.session, ledger_id=ledger.id, year=2022)
    assert caught.value.problem.code == "year_not_in_ledger"
    with pytest.raises(NotFound):
        estimate_by_id(desk.session, 1)
