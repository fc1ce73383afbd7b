"""What an estimate used: recorded once when it is stored, so that a factor knows its estimates without reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.carbon.factor_records import Record
from portal.files.bulk import open_bulk
from portal.store.estimates import Estimate
from portal.store.factor_reads import record_of_row
from portal.store.factors import EstimateLibrary, EstimateSource, FactorRow, FactorTable, FactorVersion

BY_FACTOR = ("average_data", "spend_based")


@dataclass(frozen=True)
class UsedFactor:
    """A factor that lines of an estimate took, as it stood in the version used; `number` is that version's."""

    record: Record
    table: str
    number: int
    lines: int
    kgco2e: Decimal


def record_use(session: Session, estimate: Estimate, folder: Path, versions: Mapping[str, Any]) -> int:
    """Note which versions, mapping and factors a stored estimate used; returns how many factors. Safe to repeat.

    `folder` holds the run's lines.parquet. `versions` is `InUse.versions` of the moment the run was gathered: what
    is in use when the run ends need not be what it used.
    """
    if session.get(EstimateLibrary, estimate.id) is not None:
        return 0
    session.add(EstimateLibrary(estimate_id=estimate.id, versions=dict(versions)))
    ids = [t["version_id"] for t in versions["tables"] if t["version_id"] is not None]
    taken = _taken(folder)
    holders = _holders(session, ids, list(taken))
    session.add_all(EstimateSource(estimate_id=estimate.id, version_id=version_id) for version_id in ids)
    session.add_all(
        EstimateSource(
            estimate_id=estimate.id,
            version_id=holders[factor_id],
            factor_id=factor_id,
            lines=lines,
            kgco2e=kg,
        )
        for factor_id, (lines, kg) in taken.items()
        if factor_id in holders
    )
    session.flush()
    return len(holders)


def factors_of(session: Session, estimate: Estimate) -> dict[str, UsedFactor]:
    """The factors an estimate's lines took, by id, exactly as they stood in the versions it used. One query."""
    rows = session.execute(
        select(EstimateSource, FactorRow)
        .join(
            FactorRow,
            (FactorRow.version_id == EstimateSource.version_id)
            & (FactorRow.factor_id == EstimateSource.factor_id),
        )
        .options(joinedload(EstimateSource.version).joinedload(FactorVersion.table))
        .where(EstimateSource.estimate_id == estimate.id)
    )
    return {
        use.factor_id: UsedFactor(
            record_of_row(row), use.version.table.key, use.version.number, use.lines, use.kgco2e
        )
        for use, row in rows
    }


def library_of(session: Session, estimate: Estimate) -> Mapping[str, Any] | None:
    """The library as an estimate found it (`InUse.versions` of then); None for one made without a library."""
    found = session.get(EstimateLibrary, estimate.id)
    return found.versions if found else None


def _taken(folder: Path) -> dict[str, tuple[int, Decimal]]:
    with open_bulk() as connection:
        rows = connection.execute(
            "SELECT source_id, count(*), sum(kgco2e) FROM read_parquet(?) WHERE method IN (?, ?) GROUP BY source_id",
            [str(folder / "lines.parquet"), *BY_FACTOR],
        ).fetchall()
    return {source: (lines, kg) for source, lines, kg in rows}


def _holders(session: Session, version_ids: list[int], factor_ids: list[str]) -> dict[str, int]:
    """Factor → the version in use it came from; an own one before a shipped one of the same id."""
    rows = session.execute(
        select(FactorRow.factor_id, FactorRow.version_id)
        .join(FactorVersion, FactorVersion.id == FactorRow.version_id)
        .join(FactorTable, FactorTable.id == FactorVersion.table_id)
        .where(FactorRow.version_id.in_(version_ids), FactorRow.factor_id.in_(factor_ids))
        .order_by(FactorTable.origin.desc())
    )
    return {row.factor_id: row.version_id for row in rows}
