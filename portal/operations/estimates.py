"""Category 1 estimates of the portal: runs over a loaded ledger and the carbon register, kept and never changed."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.access import Actor
from portal.core.carbon.inventory import Inventory
from portal.core.carbon.pcf import Footprint
from portal.core.errors import NotFound, Refused
from portal.files.vault import Vault
from portal.operations import estimating
from portal.operations.factor_library import InUse, cautions, in_use, record_use, unconfirmed
from portal.operations.jobs import ask
from portal.operations.journal import note
from portal.operations.ledgers import on_disk
from portal.operations.working import Change, Place, Task, looking
from portal.store.carbon import FootprintRow, InventoryRow, footprints_in_force
from portal.store.estimates import Estimate, Ledger
from portal.store.inventories import inventories_for_allocation
from portal.store.jobs import Job


@dataclass(frozen=True)
class Gathered:
    """What one run is made from, taken from the store at one moment."""

    ledger: Ledger
    year: int
    footprints: tuple[Footprint, ...]
    inventories: tuple[Inventory, ...]
    library: InUse


def gather(session: Session, *, ledger_id: int, year: int) -> Gathered:
    """The ledger, the register's footprints and inventories in force, in an order of their own, and the factor library.

    Raises NotFound for an unknown ledger, Refused("year_not_in_ledger") for a year without lines.
    """
    ledger = session.get(Ledger, ledger_id)
    if ledger is None:
        raise NotFound
    _check_year(ledger, year)
    rows = footprints_in_force(session)
    named = footprint_names(rows)
    footprints = sorted((footprint_of(row, named[row.id]) for row in rows), key=lambda f: f.footprint_id)
    inventories = sorted(
        (inventory_of(row) for row in inventories_for_allocation(session)),
        key=lambda i: (i.supplier_id, i.year),
    )
    return Gathered(ledger, year, tuple(footprints), tuple(inventories), in_use(session))


def _check_year(ledger: Ledger, year: int) -> None:
    if str(year) not in ledger.years:
        raise Refused("year_not_in_ledger", year=year, name=ledger.name, years=", ".join(ledger.years))


def footprint_names(rows: list[FootprintRow]) -> dict[int, str]:
    """Footprint row → the id it has as a source: its own, with the supplier's code in front where two suppliers use it."""
    users = Counter(row.footprint_id for row in rows)
    return {
        row.id: row.footprint_id
        if users[row.footprint_id] == 1
        else f"{row.supplier.code}/{row.footprint_id}"
        for row in rows
    }


def footprint_of(row: FootprintRow, name: str) -> Footprint:
    """A row of the register as the calculation takes it; `name` is its id as a source (`footprint_names`)."""
    return Footprint(
        footprint_id=name,
        supplier_id=row.supplier.code,
        product_id=row.product_id,
        declared_unit=row.declared_unit,
        declared_amount=row.declared_amount,
        pcf_kgco2e=row.pcf_kgco2e,
        period_start=row.period_start,
        period_end=row.period_end,
        material=row.material,
        valid_until=row.valid_until,
        primary_data_share=row.primary_data_share,
        verified=row.verified,
        geography=row.geography,
    )


def inventory_of(row: InventoryRow) -> Inventory:
    """A row of the register as the calculation takes it."""
    return Inventory(
        supplier_id=row.supplier.code,
        year=row.year,
        scope1=row.scope1_tco2e,
        scope2_market=row.scope2_market_tco2e,
        scope2_location=row.scope2_location_tco2e,
        scope3_upstream=row.scope3_upstream_tco2e,
        output_quantity=row.output_quantity,
        output_unit=row.output_unit,
        revenue=row.revenue,
        currency=row.currency,
        verified=row.verified,
        scope3={int(number): Decimal(value) for number, value in (row.scope3 or {}).items() if value},
    )


@contextmanager
def computed(
    gathered: Gathered,
    *,
    vault: Vault,
    engine: str = "duckdb",
    progress: estimating.Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Iterator[estimating.Estimate]:
    """Run the estimate; its files exist inside the `with` only. Needs no database of ours.

    `engine`, `progress` and `stop` as in `estimating.run_estimate`; `progress` may raise to stop it.

    Raises Invalid with every problem of the inputs, Refused as `estimating.run_estimate`.
    """
    ledger, library = gathered.ledger, gathered.library
    with (
        vault.open(ledger.vault_key, ledger.sha256) as stored,
        on_disk(stored) as path,
        tempfile.TemporaryDirectory(prefix="upstream-estimate-") as folder,
    ):
        inputs = estimating.Inputs(
            ledger=path,
            ledger_name=ledger.name,
            footprints=gathered.footprints,
            inventories=gathered.inventories,
            factors=library.factors,
            sectors=library.sectors,
            rates=library.rates,
            prices=library.prices,
            cautions=cautions(library),
            unconfirmed=unconfirmed(library),
            hashes=library.hashes,
        )
        yield estimating.run_estimate(
            inputs,
            year=gathered.year,
            out_dir=Path(folder) / "run",
            engine=engine,
            progress=progress,
            stop=stop,
        )


@dataclass(frozen=True)
class Files:
    """Keys of a run's line results in the vault."""

    parquet: str
    csv: str


@contextmanager
def stored(result: estimating.Estimate, *, vault: Vault) -> Iterator[Files]:
    """Put a run's files into the vault, and take them out again when the block fails. Raises Refused (storage_*)."""
    keys: list[str] = []
    try:
        for name in ("lines.parquet", "lines.csv"):
            with (result.folder / name).open("rb") as content:
                keys.append(vault.put(content))
        yield Files(*keys)
    except BaseException:
        for key in keys:
            vault.delete(key)
        raise


def keep_estimate(
    session: Session,
    actor: Actor,
    result: estimating.Estimate,
    *,
    ledger_id: int,
    library: InUse,
    files: Files,
    now: datetime,
) -> tuple[Estimate, bool]:
    """Store a run; the same inputs give the same run, which is kept once. Returns it and whether it is new.

    `library` is the one the run was gathered with; what it used of it is noted with the run.

    The ledger's row is held until commit, so that two equal runs at once become one.
    """
    session.get_one(Ledger, ledger_id, with_for_update=True)
    known = session.scalar(select(Estimate).where(Estimate.run == result.run).order_by(Estimate.id).limit(1))
    if known is not None:
        return known, False
    estimate = Estimate(
        ledger_id=ledger_id,
        run=result.run,
        year=result.summary["year"],
        summary=result.summary,
        parquet_key=files.parquet,
        csv_key=files.csv,
        manifest=json.loads((result.folder / "manifest.json").read_text(encoding="utf-8")),
        run_by_id=actor.user_id,
        run_at=now,
    )
    session.add(estimate)
    session.flush()
    record_use(session, estimate, result.folder, library.versions)
    note(
        session,
        actor,
        "estimate.run",
        thing="estimate",
        thing_id=estimate.id,
        details={"run": estimate.run, "year": estimate.year, "total_tco2e": result.summary["total_tco2e"]},
        now=now,
    )
    return estimate, True


def estimate_ledger(
    session: Session, actor: Actor, *, ledger_id: int, year: int, vault: Vault, now: datetime
) -> tuple[Estimate, bool]:
    """Gather, run and keep in one go. Raises as `gather` and `computed`."""
    gathered = gather(session, ledger_id=ledger_id, year=year)
    with computed(gathered, vault=vault) as result, stored(result, vault=vault) as files:
        estimate, new = keep_estimate(
            session, actor, result, ledger_id=ledger_id, library=gathered.library, files=files, now=now
        )
    if not new:
        forget(files, vault=vault)
    return estimate, new


def forget(files: Files, *, vault: Vault) -> None:
    """Take the files of a run that was known already out of the vault."""
    vault.delete(files.parquet)
    vault.delete(files.csv)


def ask_estimate(session: Session, actor: Actor, *, ledger_id: int, year: int, now: datetime) -> Job:
    """Ask for an estimate as a job. Raises NotFound, Refused("year_not_in_ledger")."""
    ledger = session.get(Ledger, ledger_id)
    if ledger is None:
        raise NotFound
    _check_year(ledger, year)
    return ask(session, actor, kind="estimate", subject_id=ledger_id, arguments={"year": year}, now=now)


@contextmanager
def estimate_work(place: Place, task: Task) -> Iterator[Change]:
    """The job: read the store, compute without it, keep the run together with the job's end."""
    with looking(place) as session:
        gathered = gather(session, ledger_id=task.subject_id, year=int(task.arguments["year"]))
    kept: list[bool] = []
    with (
        computed(
            gathered,
            vault=place.vault,
            engine=place.settings.estimate_engine,
            progress=task.tell,
            stop=task.stop,
        ) as result,
        stored(result, vault=place.vault) as files,
    ):

        def change(session: Session) -> dict[str, object]:
            estimate, new = keep_estimate(
                session,
                task.actor,
                result,
                ledger_id=task.subject_id,
                library=gathered.library,
                files=files,
                now=place.clock(),
            )
            kept.append(new)
            return {"estimate": estimate.id, "new": new}

        yield change
    if kept == [False]:
        forget(files, vault=place.vault)


def estimate_by_id(session: Session, estimate_id: int) -> Estimate:
    """One estimate with its ledger and who ran it. Raises NotFound."""
    found = session.scalar(
        select(Estimate)
        .options(joinedload(Estimate.ledger), joinedload(Estimate.run_by))
        .where(Estimate.id == estimate_id)
    )
    if found is None:
        raise NotFound
    return found
