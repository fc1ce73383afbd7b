"""From a total back to its lines, and from a line back to the figure, file and factor it rests on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.core.carbon.factors import Factor
from portal.files.bulk import open_bulk
from portal.files.tables import read_table, records
from portal.files.vault import Vault
from portal.operations.estimating.writing import LINE_COLUMNS
from portal.operations.factor_library import InUse
from portal.operations.ledgers import on_disk
from portal.settings import shipped
from portal.store.carbon import CarbonUpload, FootprintRow, InventoryRow
from portal.store.estimates import Estimate, Ledger
from portal.store.inventories import inventories_for_allocation
from portal.store.suppliers import Supplier

GROUPS = ("material", "supplier_id", "source_id")


@dataclass(frozen=True)
class Part:
    """One part of a total: its key, its lines and its tonnes of CO2e."""

    key: str
    lines: int
    tco2e: Decimal


@dataclass(frozen=True)
class FactorUsed:
    """A factor that lines of a run rest on; `factor` is None when no table the run used can be read any more."""

    id: str
    factor: Factor | None
    lines: int
    tco2e: Decimal


@dataclass(frozen=True)
class TableUsed:
    """A table of the factor library a run used, in its version `number`; `version_id` is None for a shipped file read as it is.

    `origins` are (source, version, licence, address) as stated in a shipped table; `unchanged` is whether the shipped
    file still is the one the run used.
    """

    name: str
    number: int
    version_id: int | None
    unchanged: bool
    origins: tuple[tuple[str, str, str, str], ...]


@contextmanager
def lines_folder(vault: Vault, estimate: Estimate) -> Iterator[Path]:
    """A folder holding the run's lines.parquet, for `estimating.page_of_lines` and the readers below."""
    vault.size(estimate.parquet_key)
    with tempfile.TemporaryDirectory(prefix="upstream-lines-") as name:
        target = Path(name) / "lines.parquet"
        if vault.folder is not None:
            target.symlink_to(vault.folder / estimate.parquet_key)
        else:
            with vault.open(estimate.parquet_key) as stored, target.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
        yield Path(name)


def parts_of(
    folder: Path, by: str, *, material: str | None = None, methods: Sequence[str] = ()
) -> list[Part]:
    """Lines and tonnes of reached lines by one of GROUPS, most tonnes first."""
    if by not in GROUPS:
        raise ValueError(f"lines are not grouped by {by}")
    conditions, values = ["kgco2e IS NOT NULL"], [str(folder / "lines.parquet")]
    if material is not None:
        conditions.append("material = ?")
        values.append(material)
    if methods:
        conditions.append(f"method IN ({', '.join('?' for _ in methods)})")
        values += methods
    with open_bulk() as connection:
        rows = connection.execute(
            f"SELECT {by}, count(*), sum(kgco2e) AS kg FROM read_parquet(?) "  # noqa: S608 (own words)
            f"WHERE {' AND '.join(conditions)} GROUP BY {by} ORDER BY kg DESC, {by}",
            values,
        ).fetchall()
    return [Part(key, lines, kg / 1000) for key, lines, kg in rows]


def line_of(folder: Path, line_id: str) -> dict[str, Any] | None:
    """One line of a run by column, None when the run has no such line."""
    with open_bulk() as connection:
        row = connection.execute(
            f"SELECT {', '.join(LINE_COLUMNS)} FROM read_parquet(?) WHERE line_id = ?",  # noqa: S608 (own words)
            [str(folder / "lines.parquet"), line_id],
        ).fetchone()
    return dict(zip(LINE_COLUMNS, row, strict=True)) if row else None


def ledger_line(vault: Vault, ledger: Ledger, line_id: str) -> tuple[int, dict[str, str]] | None:
    """A line of the ledger as it was loaded: where it stands in the file, and its cells by column."""
    with vault.open(ledger.vault_key) as stored, on_disk(stored) as path:
        rows = records(path)
        _, header = next(rows)
        place = header.index("line_id")
        for number, cells in rows:
            if cells[place] == line_id:
                return number, dict(zip(header, cells, strict=False))
    return None


def footprint_behind(
    session: Session, estimate: Estimate, supplier: str, source_id: str
) -> FootprintRow | None:
    """The register's footprint that stood in force when the run was made, with its upload and supplier."""
    own = source_id.removeprefix(f"{supplier}/")
    return session.scalar(
        select(FootprintRow)
        .join(Supplier, Supplier.id == FootprintRow.supplier_id)
        .options(joinedload(FootprintRow.upload), joinedload(FootprintRow.supplier))
        .where(Supplier.code == supplier, FootprintRow.footprint_id.in_([source_id, own]))
        .where(FootprintRow.accepted_at <= estimate.run_at)
        .where(or_(FootprintRow.replaced_at.is_(None), FootprintRow.replaced_at > estimate.run_at))
        .order_by(FootprintRow.id.desc())
        .limit(1)
    )


def inventory_behind(session: Session, estimate: Estimate, supplier: str) -> InventoryRow | None:
    """The register's inventory of the estimate's year that stood in force when the run was made."""
    known = inventories_for_allocation(session, estimate.run_at)
    return next((row for row in known if row.supplier.code == supplier and row.year == estimate.year), None)


def upload_behind(session: Session, estimate: Estimate, line: Mapping[str, Any]) -> CarbonUpload | None:
    """The supplier's file that the footprint or inventory behind a line was read from; None of a factor, or typed."""
    supplier = line["supplier_id"]
    if line["method"] == "supplier_specific":
        footprint = footprint_behind(session, estimate, supplier, line["source_id"])
        return footprint.upload if footprint else None
    inventory = inventory_behind(session, estimate, supplier) if line["method"] == "hybrid" else None
    return inventory.upload if inventory else None


def factors_used(library: InUse, folder: Path) -> list[FactorUsed]:
    """The factors behind average-data and spend-based lines, most tonnes first; `library` is the one the run found."""
    known = {factor.factor_id: factor for factor in library.factors}
    return [
        FactorUsed(part.key, known.get(part.key), part.lines, part.tco2e)
        for part in parts_of(folder, "source_id", methods=("average_data", "spend_based"))
    ]


@cache
def _shipped_table(name: str) -> tuple[str, tuple[tuple[str, str, str, str], ...]]:
    table, _ = read_table(shipped("factors") / name, ())
    if table is None:
        return "", ()
    wanted = ("source", "source_version", "licence", "url")
    origins = {tuple(row.values.get(c, "") for c in wanted) for row in table.rows if row.values.get("source")}
    return table.source.sha256, tuple(sorted(origins))  # type: ignore[arg-type]  # four values each


def tables_used(library: InUse) -> list[TableUsed]:
    """The tables of the library a run found, with source and licence of each shipped one."""
    found = []
    for table in library.versions["tables"]:
        sha256, origins = _shipped_table(table["table"]) if table["origin"] == "shipped" else ("", ())
        same = sha256 == table["sha256"] if table["origin"] == "shipped" else True
        found.append(TableUsed(table["table"], table["version"], table["version_id"], same, origins))
    return found


def supplier_names(session: Session, locale: str) -> dict[str, str]:
    """Suppliers' names in the reader's language by code. One query."""
    rows = session.execute(select(Supplier.code, Supplier.name, Supplier.name_zh))
    return {code: zh if locale == "zh" and zh else name for code, name, zh in rows}


def choices_of(folder: Path) -> tuple[list[str], list[str]]:
    """Materials and suppliers that occur in a run, reached or not."""
    with open_bulk() as connection:
        found = [
            [
                row[0]
                for row in connection.execute(
                    f"SELECT DISTINCT {column} AS k FROM read_parquet(?) ORDER BY k",  # noqa: S608
                    [str(folder / "lines.parquet")],
                ).fetchall()
            ]
            for column in ("material", "supplier_id")
        ]
    return found[0], found[1]
