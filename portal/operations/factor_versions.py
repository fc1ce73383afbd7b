"""A new version of a table: its rows stored once, counted against the version before, never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.core.carbon.factor_changes import Changes, Rows, difference
from portal.core.carbon.factor_records import Record, kind_of, texts_of
from portal.core.carbon.factor_search import haystack
from portal.files.factor_tables import MoneyRecord, Placed, key_of
from portal.language.territories import place_words
from portal.store.factor_reads import money_of, newest_version, records_of, sectors_of
from portal.store.factors import FactorRow, FactorTable, FactorVersion, MoneyRow, SectorRow


@dataclass(frozen=True)
class SectorRecord:
    """The default sector of one material."""

    material: str
    sector: str
    name_en: str
    reason: str


@dataclass(frozen=True)
class SectorPlaced:
    """A default sector with the line of the file it stands in."""

    row: int
    record: SectorRecord
    cell: str = ""


Line = Placed | SectorPlaced


@dataclass(frozen=True)
class Content:
    """What becomes a version: the file's name and hash, its rows, and for own tables where the bytes lie."""

    name: str
    sha256: str
    lines: Sequence[Line]
    vault_key: str | None = None
    note: str = ""


def sector_line(number: int, values: Mapping[str, str]) -> SectorPlaced:
    """A row of a table of default sectors."""
    record = SectorRecord(
        values["material"], values["sector"], values.get("name_en", ""), values.get("reason", "")
    )
    return SectorPlaced(number, record)


def add_version(
    session: Session, table: FactorTable, content: Content, *, added_by_id: int | None, now: datetime
) -> FactorVersion:
    """Store `content` as the next version of `table`, not in use."""
    last = newest_version(session, table.id)
    changes = difference(rows_of(session, last) if last else {}, rows_of_lines(content.lines))
    version = FactorVersion(
        table_id=table.id,
        number=last.number + 1 if last else 1,
        name=content.name,
        sha256=content.sha256,
        vault_key=content.vault_key,
        rows=len(content.lines),
        new_rows=len(changes.new),
        changed_rows=len(changes.changed),
        removed_rows=len(changes.removed),
        note=content.note,
        added_by_id=added_by_id,
        added_at=now,
    )
    session.add(version)
    session.flush()
    stored: dict[type[Any], list[dict[str, Any]]] = {}
    for line in content.lines:
        model, values = _stored(version.id, line)
        stored.setdefault(model, []).append(values)
    for model, rows in stored.items():
        session.execute(insert(model), rows)
    return version


def rows_of_lines(lines: Sequence[Line]) -> dict[str, Mapping[str, str]]:
    """Rows as text by key, as they are compared between versions."""
    found: dict[str, Mapping[str, str]] = {}
    for line in lines:
        record = line.record
        if isinstance(record, Record):
            found[record.factor_id] = texts_of(record)
        elif isinstance(record, MoneyRecord):
            found[key_of(record)[1]] = _money_texts(record.value, record.source)
        else:
            found[record.material] = {"sector": record.sector, "reason": record.reason}
    return found


def rows_of(session: Session, version: FactorVersion) -> Rows:
    """The stored rows of a version as text by key."""
    kind = session.get_one(FactorTable, version.table_id).kind
    if kind == "factors":
        return {r.factor_id: texts_of(r) for r in records_of(session, [version.id])[version.id]}
    if kind == "sectors":
        return {r.material: {"sector": r.sector, "reason": r.reason} for r in sectors_of(session, version.id)}
    return {
        f"{r.currency} {r.year}".strip(): _money_texts(format(r.value, "f"), r.source)
        for r in money_of(session, version.id)
    }


def changes_against(session: Session, table: FactorTable | None, lines: Sequence[Line]) -> Changes:
    """What rows on their way in would change against the newest version of their table."""
    last = newest_version(session, table.id) if table else None
    return difference(rows_of(session, last) if last else {}, rows_of_lines(lines))


def _money_texts(value: str, source: str) -> dict[str, str]:
    return {"value": value, "source": source}


def _stored(version_id: int, line: Line) -> tuple[type[Any], dict[str, Any]]:
    record, place = line.record, {"version_id": version_id, "row": line.row}
    if isinstance(record, Record):
        return FactorRow, {**place, "cell": line.cell, **_factor_values(record)}
    if isinstance(record, MoneyRecord):
        values = {
            "currency": record.currency,
            "year": record.year,
            "value": Decimal(record.value),
            "source": record.source,
        }
        return MoneyRow, {**place, "cell": line.cell, **values}
    return SectorRow, {
        **place, "material": record.material, "sector": record.sector, "name_en": record.name_en, "reason": record.reason,
    }  # fmt: skip


_place_words = cache(place_words)


def _factor_values(record: Record) -> dict[str, Any]:
    looked_through = (
        record.name_zh,
        record.factor_id,
        record.category,
        record.material,
        record.sector,
        _place_words(record.geography),
    )
    return {
        "factor_id": record.factor_id, "name_en": record.name_en, "name_zh": record.name_zh, "category": record.category,
        "material": record.material, "sector": record.sector, "geography": record.geography, "year": record.year,
        "value": record.value, "unit": record.unit, "unit_kind": kind_of(record), "gas_basis": record.gas_basis,
        "boundary": record.boundary, "source": record.source, "source_version": record.source_version,
        "licence": record.licence, "url": record.url, "proxy": record.proxy, "extra": dict(record.extra),
        "search": haystack(record.name_en, looked_through),
    }  # fmt: skip
