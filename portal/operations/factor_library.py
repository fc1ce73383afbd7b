"""The factor library: shipped tables brought in as versions, and everything in use as one set of rows for an estimate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.factor_mapping import Mapped, default_sectors, engine_rows, in_force, propose
from portal.core.carbon.factor_precedence import merged_rates, take_precedence
from portal.core.carbon.factor_records import Record, record_of
from portal.core.carbon.factors import Factor
from portal.core.problems import Problem
from portal.files.factor_tables import MoneyRecord, Placed, read_shipped
from portal.files.tables import scan
from portal.operations.factor_use import library_of, record_use
from portal.operations.factor_versions import Content, Line, add_version, sector_line
from portal.operations.journal import note
from portal.settings import shipped
from portal.store.factor_reads import (
    decision_of,
    decisions_in_force,
    has_library,
    money_of,
    newest_version,
    own_materials,
    records_of,
    sectors_of,
    table_by_key,
    versions_by_id,
    versions_in_use,
)
from portal.store.factors import FactorTable, FactorVersion, MaterialMapping

__all__ = [
    "InUse",
    "Material",
    "bring_in_shipped",
    "cautions",
    "in_use",
    "in_use_then",
    "library_of",
    "materials",
    "record_use",
    "shipped_waiting",
    "unconfirmed",
]

# What comes with Upstream: file, kind, and whether estimates may use it or it is only there to look things up.
SHIPPED_TABLES = (
    ("pv_materials.csv", "factors", "estimate"),
    ("desnz_2024_material_use.csv", "factors", "estimate"),
    ("epa_supply_chain_v1_3_naics6.csv", "factors", "estimate"),
    ("sectors.csv", "sectors", "estimate"),
    ("rates.csv", "rates", "estimate"),
    ("prices.csv", "prices", "estimate"),
    ("desnz_2024_fuels_energy.csv", "factors", "reference"),
    ("grid_cn_mee_2021_2024.csv", "factors", "reference"),
    ("grid_world_ember.csv", "factors", "reference"),
    ("pv_stage_energy.csv", "factors", "reference"),
    ("pv_reference_points.csv", "factors", "reference"),
)
UPSTREAM = Actor(user_id=None, name="Upstream", role="admin")


@dataclass(frozen=True)
class Material:
    """A material key of purchase lines with its names; `own` when the organisation added it."""

    key: str
    name_en: str
    name_zh: str
    own: bool = False


@dataclass(frozen=True)
class UsedTable:
    """One version in use; `version_id` is None when the library is empty and the shipped file itself is read."""

    key: str
    kind: str
    origin: str
    number: int
    sha256: str
    version_id: int | None = None


@dataclass(frozen=True)
class InUse:
    """What a new estimate is made with.

    `factors` are engine rows (one id may stand under several materials), `rates` units per US dollar by (currency,
    year), `prices` the US price level by year, `sectors` and `mapping` by material. `hashes` names each table and the
    mapping with "sha256:…", the same on every portal with the same tables; `versions` says in plain JSON values which
    versions and which mapping these are, for the run's record and for `record_use`. `records` are the published rows
    after precedence and `default_sectors` those of the sector table, before any person's decision.
    """

    factors: Sequence[Factor]
    sectors: Mapping[str, str]
    rates: Mapping[tuple[str, int], Decimal]
    prices: Mapping[int, Decimal]
    mapping: Mapping[str, Mapped]
    versions: Mapping[str, Any]
    hashes: Mapping[str, str]
    records: Sequence[Record] = field(default=())
    default_sectors: Mapping[str, str] = field(default_factory=dict)


def bring_in_shipped(session: Session, *, now: datetime) -> list[str]:
    """Bring shipped tables into the library that are new or differ from their newest version; returns their names.

    Safe to repeat, and cheap when nothing changed: one hash per file, one query. The first version of a table that
    estimates may use is in use at once; a later one waits until a manager puts it in use.
    """
    brought = []
    for name, kind, purpose in SHIPPED_TABLES:
        if name in shipped_waiting(session, name):
            try:
                with session.begin_nested():
                    _bring_in(session, name, kind, purpose, now)
            except IntegrityError:
                continue  # another process of this portal was faster
            brought.append(name)
    return brought


def _bring_in(session: Session, name: str, kind: str, purpose: str, now: datetime) -> None:
    source, _ = scan(shipped("factors") / name)
    table = table_by_key(session, name)
    if table is None:
        table = FactorTable(key=name, kind=kind, origin="shipped", purpose=purpose, created_at=now)
        session.add(table)
        session.flush()
    content = Content(name, source.sha256, _shipped_lines(name, kind))
    version = add_version(session, table, content, added_by_id=None, now=now)
    if version.number == 1 and purpose == "estimate":
        version.in_use_at = now
    session.flush()
    note(
        session,
        UPSTREAM,
        "factors.brought_in",
        thing="factor_version",
        thing_id=version.id,
        details={
            "table": name,
            "version": version.number,
            "sha256": source.sha256,
            "in_use": bool(version.in_use_at),
        },
        now=now,
    )


def shipped_waiting(session: Session, only: str = "") -> list[str]:
    """Shipped tables, or the one named, whose present file is not in the library yet."""
    waiting = []
    for name in [only] if only else [name for name, _kind, _purpose in SHIPPED_TABLES]:
        source, _ = scan(shipped("factors") / name)
        table = table_by_key(session, name)
        last = newest_version(session, table.id) if table else None
        if last is None or last.sha256 != source.sha256:
            waiting.append(name)
    return waiting


@cache
def _shipped_lines(name: str, kind: str) -> tuple[Line, ...]:
    _, rows = read_shipped(shipped("factors") / name, kind)
    if kind == "sectors":
        return tuple(sector_line(number, values) for number, values in rows)
    if kind == "factors":
        return tuple(Placed(number, "", record_of(values)) for number, values in rows)
    column = "per_usd" if kind == "rates" else "index"
    return tuple(
        Placed(number, "", MoneyRecord(v.get("currency", ""), int(v["year"]), v[column], v.get("source", "")))
        for number, v in rows
    )


def in_use(session: Session) -> InUse:
    """Everything a new estimate is made with; six small queries.

    While nothing was ever brought in, the shipped tables are read as they would be: the same rows, hashes and mapping.
    """
    decided = decisions_in_force(session)
    if not has_library(session):
        return _assembled(_from_files(), decided)
    return _assembled(_from_store(session, versions_in_use(session)), decided)


def in_use_then(session: Session, versions: Mapping[str, Any]) -> InUse:
    """The library again as an estimate found it, from `InUse.versions` of then: same rows, same hashes.

    An estimate made before any table was brought in was made from the shipped files; they are read as they are today,
    and their hashes tell whether they are the same.
    """
    ids = [t["version_id"] for t in versions["tables"] if t["version_id"] is not None]
    found = _from_store(session, versions_by_id(session, ids)) if ids else _from_files()
    mapping = {
        material: Mapped(
            material, tuple(each["factors"]), each["sector"], each["confidence"], each["confirmed"]
        )
        for material, each in versions["mapping"]["materials"].items()
    }
    return _with_mapping(found, take_precedence(found.own, found.shipped), mapping)


@dataclass
class _Gathered:
    tables: list[UsedTable] = field(default_factory=list)
    own: list[Record] = field(default_factory=list)
    shipped: list[Record] = field(default_factory=list)
    own_rates: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    shipped_rates: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    prices: dict[int, Decimal] = field(default_factory=dict)
    sectors: dict[str, str] = field(default_factory=dict)


def _from_store(session: Session, versions: Sequence[FactorVersion]) -> _Gathered:
    found = _Gathered()
    records = records_of(session, [v.id for v in versions if v.table.kind == "factors"])
    for version in versions:
        table = version.table
        found.tables.append(
            UsedTable(table.key, table.kind, table.origin, version.number, version.sha256, version.id)
        )
        if table.kind == "factors":
            (found.own if table.origin == "own" else found.shipped).extend(records[version.id])
        elif table.kind == "sectors":
            found.sectors |= {row.material: row.sector for row in sectors_of(session, version.id)}
        else:
            _add_money(session, found, version)
    return found


def _add_money(session: Session, found: _Gathered, version: FactorVersion) -> None:
    rows = money_of(session, version.id)
    if version.table.kind == "prices":
        found.prices = {row.year: row.value for row in rows}
        return
    target = found.own_rates if version.table.origin == "own" else found.shipped_rates
    target |= {(row.currency, row.year): row.value for row in rows}


def _from_files() -> _Gathered:
    found = _Gathered()
    for name, kind, purpose in SHIPPED_TABLES:
        if purpose != "estimate":
            continue
        source, _ = scan(shipped("factors") / name)
        found.tables.append(UsedTable(name, kind, "shipped", 1, source.sha256))
        for line in _shipped_lines(name, kind):
            record = line.record
            if isinstance(record, Record):
                found.shipped.append(record)
            elif not isinstance(record, MoneyRecord):
                found.sectors[record.material] = record.sector
            elif record.currency:
                found.shipped_rates[record.currency, record.year] = Decimal(record.value)
            else:
                found.prices[record.year] = Decimal(record.value)
    return found


def _assembled(found: _Gathered, decided: Sequence[MaterialMapping]) -> InUse:
    records = take_precedence(found.own, found.shipped)
    known = [record.factor_id for record in records]
    mapping = in_force(propose(records, found.sectors), [decision_of(row) for row in decided], known)
    return _with_mapping(found, records, mapping)


def _with_mapping(found: _Gathered, records: Sequence[Record], mapping: Mapping[str, Mapped]) -> InUse:
    described = {
        material: {
            "factors": list(mapped.factor_ids),
            "sector": mapped.sector,
            "confidence": mapped.confidence,
            "confirmed": mapped.confirmed,
        }
        for material, mapped in mapping.items()
    }
    plain = json.dumps(described, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    mapping_hash = "sha256:" + hashlib.sha256(plain.encode()).hexdigest()
    tables = sorted(found.tables, key=lambda t: (t.kind, t.origin != "own", t.key))
    return InUse(
        factors=engine_rows(records, mapping),
        sectors=default_sectors(mapping),
        rates=merged_rates(found.own_rates, found.shipped_rates),
        prices={year: found.prices[year] for year in sorted(found.prices)},
        mapping=mapping,
        versions={
            "tables": [
                {
                    "table": t.key,
                    "version": t.number,
                    "version_id": t.version_id,
                    "kind": t.kind,
                    "origin": t.origin,
                    "sha256": t.sha256,
                }
                for t in tables
            ],
            "mapping": {"sha256": mapping_hash, "materials": described},
        },
        hashes={**{t.key: f"sha256:{t.sha256}" for t in tables}, "mapping": mapping_hash},
        records=records,
        default_sectors=dict(sorted(found.sectors.items())),
    )


def unconfirmed(used: InUse) -> list[str]:
    """Materials whose factors nobody has confirmed, or whose confirmed ones are gone."""
    return [material for material, mapped in used.mapping.items() if not mapped.confirmed]


def cautions(used: InUse) -> list[Problem]:
    """What to tell of the mapping whatever a ledger holds: factors a person chose that no table in use has any more."""
    return [
        Problem("mapping_factor_gone", material, {"factors": ", ".join(mapped.gone)})
        for material, mapped in used.mapping.items()
        if mapped.gone
    ]


@cache
def shipped_materials() -> tuple[Material, ...]:
    """The materials that come with Upstream, in their order."""
    _, rows = read_shipped(shipped("factors") / "materials.csv", "sectors")
    return tuple(Material(v["material"], v["name_en"], v["name_zh"]) for _, v in rows)


def materials(session: Session) -> list[Material]:
    """Our material list: those that come with Upstream, then the organisation's own."""
    own = [Material(row.key, row.name_en, row.name_zh, True) for row in own_materials(session)]
    known = {material.key for material in own}
    return [m for m in shipped_materials() if m.key not in known] + own
