"""What is said of a run agrees with its summary, with a run made after the fact, and comes out again bit for bit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.files.vault import Vault, open_vault
from portal.operations import estimating
from portal.operations.estimate_analysis import asking, certainty, interval_of, quality_found
from portal.operations.estimate_cells import Cell, cells_of
from portal.operations.estimate_comparing import compared
from portal.operations.estimate_levels import level, levels
from portal.operations.estimate_register import gathered_at, money_at, source_qualities
from portal.operations.estimate_reproducing import compare_folders, reproduces
from portal.operations.estimates import computed, estimate_ledger
from portal.operations.ledgers import load_ledger
from portal.store.carbon import FootprintRow
from portal.store.engine import writing
from portal.store.estimates import Estimate
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.purchases import LINES, ledger_stream, make_footprint, make_inventory

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
# A second product and a second material of the first supplier, without a footprint of their own.
MORE = (
    "M1,2024-04-01,S-001,GLASS-20,glass,3000,kg,9000,CNY,CN,,thin glass",
    "M2,2024-04-02,S-001,GLASS-20,glass,2000,kg,,,DE,,thin glass",
    "M3,2024-04-03,S-009,FR-1,aluminium_frame,900,kg,30000,USD,CN,,frames",
)


@dataclass(frozen=True)
class Desk:
    session: Session
    actor: Actor
    vault: Vault
    supplier: Supplier
    lead: User


@pytest.fixture
def desk(engine: object, tmp_path: Path) -> Iterator[Desk]:
    with writing(engine) as session:  # type: ignore[arg-type]
        analyst = make_staff(session, "analyst")
        supplier, second = (
            make_supplier(session, "S-001"),
            make_supplier(session, "S-002", name="Two (invented)"),
        )
        lead = make_member(session, supplier)
        make_footprint(session, supplier, lead)
        make_inventory(session, second, make_member(session, second))
        yield Desk(session, actor_of(analyst), open_vault(tmp_path / "vault"), supplier, lead)


def run(desk: Desk, *lines: str, year: int = 2024, now: datetime = NOW) -> Estimate:
    ledger, _ = load_ledger(
        desk.session, desk.actor, ledger_stream(*lines), name=f"{year}.csv", vault=desk.vault, now=now
    )
    found, _ = estimate_ledger(
        desk.session, desk.actor, ledger_id=ledger.id, year=year, vault=desk.vault, now=now
    )
    return found


def newer(desk: Desk, name: str, pcf: str, *, accepted_at: datetime) -> FootprintRow:
    """Another footprint of the same product, from the same file as the first, of a later period."""
    first = desk.session.scalars(select(FootprintRow).order_by(FootprintRow.id)).first()
    assert first is not None
    kept = ("supplier_id", "upload_id", "product_id", "material", "declared_unit", "declared_amount", "period_start",
            "valid_until", "primary_data_share", "verified", "geography", "cells", "typed", "accepted_by_id")  # fmt: skip
    row = FootprintRow(**{column: getattr(first, column) for column in kept})
    row.footprint_id, row.pcf_kgco2e, row.accepted_at = name, Decimal(pcf), accepted_at
    row.period_end = first.period_end.replace(year=2024)
    desk.session.add(row)
    desk.session.flush()
    return row


def kilograms(cells: tuple[Cell, ...]) -> Decimal:
    return sum((c.kg for c in cells if c.kg is not None), Decimal(0))


def test_cells_hold_every_line_once_and_the_interval_is_that_of_the_run(desk: Desk) -> None:
    found = run(desk, *LINES, *MORE)
    cells = cells_of(desk.vault, found)
    assert sum(c.lines for c in cells) == found.summary["coverage"]["lines"] == 9
    assert kilograms(cells) == sum(Decimal(m["kgco2e"]) for m in found.summary["by_method"].values())
    shown = [f"{bound / 1000:.6f}" for bound in interval_of(cells)]
    assert shown == found.summary["interval_95"]
    assert sum(c.lines for c in cells if not c.reached) == found.summary["unreached"]["lines"] == 1


def test_quality_is_that_of_the_summary_and_parts_make_the_whole(desk: Desk) -> None:
    found = run(desk, *LINES, *MORE)
    quality = quality_found(desk.session, found, cells_of(desk.vault, found))
    assert quality.total.primary_share is not None
    assert f"{quality.total.primary_share:.2f}" == found.summary["primary_data_share"]
    for parts in (quality.suppliers, quality.materials):
        assert sum(p.kg for p in parts) == quality.total.kg
        assert sum(p.lines for p in parts) == quality.total.lines


def test_the_simulation_agrees(desk: Desk) -> None:
    found = run(desk, *LINES, *MORE)
    sure = certainty(found, cells_of(desk.vault, found))
    assert sure.agrees
    assert sure.table == found.summary["uncertainty_table"]
    assert sure.simulated.low < sure.total < sure.simulated.high


def test_what_asking_promises_is_what_a_footprint_brings(desk: Desk, tmp_path: Path) -> None:
    """Give the footprints asked for, with the same intensity: the run then has the width that was promised."""
    lines = [line for line in LINES if not line.startswith("L6")]
    lines += ["N1,2024-05-01,S-009,FR-1,aluminium_frame,900,kg,30000,USD,CN,,frames"]
    found = run(desk, *lines)
    cells = cells_of(desk.vault, found)
    gain = next(g for g in asking(desk.session, found, cells).gains if g.supplier_id == "S-009")
    assert gain.asks == ("FR-1",)
    assert (gain.lines, gain.spend_usd) == (1, Decimal(30000))
    own = next(c for c in cells if c.supplier_id == "S-009")
    assert own.kg is not None
    gathered = gathered_at(desk.session, found)
    given = replace(
        gathered.footprints[0],
        footprint_id="NEW",
        supplier_id="S-009",
        product_id="FR-1",
        material="aluminium_frame",
        declared_unit="kg",
        declared_amount=Decimal(900),
        pcf_kgco2e=own.kg,
        verified=True,
    )
    with computed(replace(gathered, footprints=(*gathered.footprints, given)), vault=desk.vault) as result:
        low, high = (Decimal(bound) for bound in result.summary["interval_95"])
    assert result.summary["total_tco2e"] == found.summary["total_tco2e"]
    assert abs((high - low) * 1000 - gain.after) < Decimal("0.01")
    assert gain.narrowing > 0


def test_levels_add_up_and_keep_what_was_not_reached(desk: Desk) -> None:
    found = run(desk, *LINES, *MORE)
    cells = cells_of(desk.vault, found)
    sources, money = source_qualities(desk.session, found), money_at(desk.session, found)
    whole = level("", cells, sources, money, 2024)
    for by in (lambda c: c.material, lambda c: c.supplier_id):
        parts = levels(cells, by, sources, money, 2024)
        assert sum(p.kg for p in parts) == whole.kg == kilograms(cells)
        assert sum(p.lines for p in parts) == whole.lines == 9
        assert sum(p.unreached for p in parts) == whole.unreached == 1
    usd = sum(Decimal(m["spend_usd"]) for m in found.summary["by_method"].values())
    assert abs(whole.spend_usd - usd - Decimal(found.summary["unreached"]["spend_usd"])) < Decimal("0.05")


def test_two_runs_compared_name_the_cause(desk: Desk) -> None:
    old = run(desk, *LINES)
    newer(desk, "PCF-2", "6.4", accepted_at=NOW + timedelta(days=1))
    new = run(desk, *LINES, now=NOW + timedelta(days=2))
    found = compared(desk.session, desk.vault, old, new)
    assert {k: v for k, v in found.effects.items() if v} == {"supplier": Decimal(-2000)}
    assert found.after - found.before == Decimal(-2000)
    back = compared(desk.session, desk.vault, new, old)
    assert {k: v for k, v in back.effects.items() if v} == {"supplier": Decimal(2000)}
    assert not any(compared(desk.session, desk.vault, old, old).effects.values())


def test_a_run_comes_out_again_even_after_the_register_has_moved_on(desk: Desk) -> None:
    found = run(desk, *LINES, *MORE)
    newer(desk, "PCF-2", "1.0", accepted_at=NOW + timedelta(days=1))
    again = reproduces(desk.session, found, vault=desk.vault)
    assert (again.run, again.same, again.inputs) == (found.run, True, ())
    assert {check.name for check in again.files} >= {"lines.parquet", "lines.csv", "estimate.json"}


@pytest.mark.postgres
def test_a_run_of_another_engine_is_made_again_by_that_engine(desk: Desk, postgres_url: str) -> None:
    found = run(desk, *LINES)
    address = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    with computed(gathered_at(desk.session, found), vault=desk.vault, engine=address) as made:
        found.summary = made.summary
    assert reproduces(desk.session, found, vault=desk.vault, engine=address).same


def test_a_register_that_was_changed_behind_the_run_is_told(desk: Desk) -> None:
    found = run(desk, *LINES)
    before = gathered_at(desk.session, found)
    newer(desk, "PCF-2", "1.0", accepted_at=NOW - timedelta(days=1))
    assert len(gathered_at(desk.session, found).footprints) == len(before.footprints) + 1
    again = reproduces(desk.session, found, vault=desk.vault)
    assert not again.same
    assert again.inputs == ("footprints",)


def test_folders_of_runs_are_compared_by_bytes(desk: Desk, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    ledger.write_bytes(ledger_stream(*LINES).read())
    for name in ("one", "two"):
        estimating.run_estimate(estimating.Inputs(ledger), year=2024, out_dir=tmp_path / name)
    assert all(check.same for check in compare_folders(tmp_path / "one", tmp_path / "two"))
    lines = tmp_path / "two" / "lines.csv"
    rows = list(csv.reader(io.StringIO(lines.read_text())))
    rows[1][4] = "1.000000"
    lines.write_text("\n".join(",".join(row) for row in rows))
    different = [c.name for c in compare_folders(tmp_path / "one", tmp_path / "two") if not c.same]
    assert different == ["lines.csv"]
    lines.unlink()
    assert not next(
        c for c in compare_folders(tmp_path / "one", tmp_path / "two") if c.name == "lines.csv"
    ).same
