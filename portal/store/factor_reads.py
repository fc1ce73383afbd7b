"""Reads of the factor library: versions, their rows, what is in use, mappings, and the estimates behind a version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.core.carbon.factor_mapping import Decision
from portal.core.carbon.factor_records import Record
from portal.store.estimates import Estimate
from portal.store.factors import (
    EstimateSource,
    FactorRow,
    FactorTable,
    FactorUpload,
    FactorVersion,
    MaterialMapping,
    MoneyRow,
    OwnMaterial,
    SectorRow,
)

# Table origin and kind, in the order people read them: own before shipped, factors before money.
_ORDER = (
    (FactorTable.origin == "own").desc(),
    (FactorTable.purpose == "estimate").desc(),
    FactorTable.kind,
    FactorTable.key,
)
_COLUMNS = (
    "factor_id", "name_en", "name_zh", "category", "material", "sector", "geography", "year", "value", "unit", "gas_basis",
    "boundary", "source", "source_version", "licence", "url", "proxy", "extra",
)  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where rows of a version come from, as they state it, and how many state it."""

    source: str
    source_version: str
    licence: str
    url: str
    rows: int


def has_library(session: Session) -> bool:
    """Whether any table was ever brought in."""
    return session.scalar(select(FactorTable.id).limit(1)) is not None


def all_tables(session: Session) -> list[FactorTable]:
    """Every table, the organisation's own first."""
    return list(session.scalars(select(FactorTable).order_by(*_ORDER)))


def table_by_key(session: Session, key: str) -> FactorTable | None:
    """A table by its key."""
    return session.scalar(select(FactorTable).where(FactorTable.key == key))


def all_versions(session: Session, table_id: int | None = None) -> list[FactorVersion]:
    """Versions of one table, or of all in the order of `all_tables`; newest first."""
    query = (
        select(FactorVersion)
        .join(FactorTable, FactorTable.id == FactorVersion.table_id)
        .options(
            joinedload(FactorVersion.table),
            joinedload(FactorVersion.added_by),
            joinedload(FactorVersion.in_use_by),
        )
        .order_by(*_ORDER, FactorVersion.number.desc())
    )
    if table_id is not None:
        query = query.where(FactorVersion.table_id == table_id)
    return list(session.scalars(query))


def newest_version(session: Session, table_id: int) -> FactorVersion | None:
    """The last version added to a table, in use or not."""
    return session.scalar(
        select(FactorVersion)
        .where(FactorVersion.table_id == table_id)
        .order_by(FactorVersion.number.desc())
        .limit(1)
    )


def versions_in_use(session: Session) -> list[FactorVersion]:
    """The versions new estimates use, with their tables, the own ones first."""
    return list(
        session.scalars(
            select(FactorVersion)
            .join(FactorTable, FactorTable.id == FactorVersion.table_id)
            .options(joinedload(FactorVersion.table))
            .where(FactorVersion.in_use_at.is_not(None))
            .order_by(*_ORDER)
        )
    )


def versions_by_id(session: Session, ids: Sequence[int]) -> list[FactorVersion]:
    """Some versions with their tables, in the order of `versions_in_use`."""
    return list(
        session.scalars(
            select(FactorVersion)
            .join(FactorTable, FactorTable.id == FactorVersion.table_id)
            .options(joinedload(FactorVersion.table))
            .where(FactorVersion.id.in_(list(ids)))
            .order_by(*_ORDER)
        )
    )


def records_of(session: Session, version_ids: Iterable[int]) -> dict[int, list[Record]]:
    """All factors of some versions by version, ordered by id. One query, no rows of the ORM."""
    wanted = list(version_ids)
    found: dict[int, list[Record]] = {version_id: [] for version_id in wanted}
    columns = [getattr(FactorRow, name) for name in _COLUMNS]
    query = (
        select(FactorRow.version_id, *columns)
        .where(FactorRow.version_id.in_(wanted))
        .order_by(FactorRow.version_id, FactorRow.factor_id)
    )
    for version_id, *values in session.execute(query):
        found[version_id].append(Record(*values))
    return found


def record_of_row(row: FactorRow) -> Record:
    """A stored factor as the published row it is."""
    return Record(*(getattr(row, name) for name in _COLUMNS))


def money_of(session: Session, version_id: int) -> list[MoneyRow]:
    """Rates or prices of a version by currency and year."""
    return list(
        session.scalars(
            select(MoneyRow)
            .where(MoneyRow.version_id == version_id)
            .order_by(MoneyRow.currency, MoneyRow.year)
        )
    )


def sectors_of(session: Session, version_id: int) -> list[SectorRow]:
    """Default sectors of a version by material."""
    return list(
        session.scalars(
            select(SectorRow).where(SectorRow.version_id == version_id).order_by(SectorRow.material)
        )
    )


def origins_of(session: Session, version_id: int) -> list[Origin]:
    """Sources, licences and addresses that the factors of a version state, the commonest first."""
    columns = (FactorRow.source, FactorRow.source_version, FactorRow.licence, FactorRow.url)
    count = func.count()
    rows = session.execute(
        select(*columns, count)
        .where(FactorRow.version_id == version_id)
        .group_by(*columns)
        .order_by(count.desc(), *columns)
    )
    return [Origin(*row) for row in rows]


@dataclass(frozen=True)
class IndexRow:
    """What a search needs of one factor; `search` is normalised text."""

    id: int
    version_id: int
    factor_id: str
    name_en: str
    name_zh: str
    geography: str
    year: int
    unit_kind: str
    search: str


def index_of(session: Session, version_ids: Iterable[int]) -> list[IndexRow]:
    """The factors of some versions as a search sees them, by id. One query."""
    names = (
        "id",
        "version_id",
        "factor_id",
        "name_en",
        "name_zh",
        "geography",
        "year",
        "unit_kind",
        "search",
    )
    query = (
        select(*(getattr(FactorRow, name) for name in names))
        .where(FactorRow.version_id.in_(list(version_ids)))
        .order_by(FactorRow.factor_id)
    )
    return [IndexRow(*row) for row in session.execute(query)]


def rows_by_id(session: Session, ids: Sequence[int]) -> list[FactorRow]:
    """Factors by their row ids, in the order asked."""
    query = (
        select(FactorRow)
        .options(joinedload(FactorRow.version).joinedload(FactorVersion.table))
        .where(FactorRow.id.in_(list(ids)))
    )
    found = {row.id: row for row in session.scalars(query)}
    return [found[number] for number in ids if number in found]


def present_versions(session: Session, kind: str = "factors") -> list[FactorVersion]:
    """Of each table of a kind the version in use, else the newest: what people look things up in."""
    found: dict[int, FactorVersion] = {}
    for version in all_versions(session):
        if version.table.kind == kind:
            known = found.get(version.table_id)
            if known is None or (version.in_use_at is not None and known.in_use_at is None):
                found[version.table_id] = version
    return list(found.values())


def rows_by_factor(session: Session, factor_id: str) -> list[FactorRow]:
    """Every version of one factor, newest version first; normally all of one table."""
    return list(
        session.scalars(
            select(FactorRow)
            .join(FactorVersion, FactorVersion.id == FactorRow.version_id)
            .options(joinedload(FactorRow.version).joinedload(FactorVersion.table))
            .where(FactorRow.factor_id == factor_id)
            .order_by(FactorVersion.added_at.desc(), FactorVersion.number.desc())
        )
    )


def newest_of(session: Session, factor_ids: Sequence[str]) -> dict[str, FactorRow]:
    """The row of each factor from the version in use, else from the newest version that has it."""
    rows = session.scalars(
        select(FactorRow)
        .join(FactorVersion, FactorVersion.id == FactorRow.version_id)
        .options(joinedload(FactorRow.version).joinedload(FactorVersion.table))
        .where(FactorRow.factor_id.in_(list(factor_ids)))
        .order_by(FactorVersion.in_use_at.is_not(None), FactorVersion.number)
    )
    return {row.factor_id: row for row in rows}


def tables_holding(session: Session, factor_ids: Sequence[str], besides: str) -> dict[str, str]:
    """Which of `factor_ids` another table than `besides` has, or had, with that table's key."""
    query = (
        select(FactorRow.factor_id, FactorTable.key)
        .join(FactorVersion, FactorVersion.id == FactorRow.version_id)
        .join(FactorTable, FactorTable.id == FactorVersion.table_id)
        .where(FactorRow.factor_id.in_(list(factor_ids)), FactorTable.key != besides)
    )
    return {row.factor_id: row.key for row in session.execute(query)}


def decisions_in_force(session: Session) -> list[MaterialMapping]:
    """What people decided for materials, the present decision of each."""
    return list(
        session.scalars(
            select(MaterialMapping)
            .options(joinedload(MaterialMapping.decided_by))
            .where(MaterialMapping.replaced_at.is_(None))
            .order_by(MaterialMapping.material)
        )
    )


def decisions_of(session: Session, material: str) -> list[MaterialMapping]:
    """Every decision ever made for a material, newest first."""
    return list(
        session.scalars(
            select(MaterialMapping)
            .options(joinedload(MaterialMapping.decided_by))
            .where(MaterialMapping.material == material)
            .order_by(MaterialMapping.id.desc())
        )
    )


def decision_of(row: MaterialMapping) -> Decision:
    """A stored decision as core knows it."""
    return Decision(row.material, tuple(row.factor_ids), row.sector, row.confidence)


def own_materials(session: Session) -> list[OwnMaterial]:
    """Material keys the organisation added, by key."""
    return list(session.scalars(select(OwnMaterial).order_by(OwnMaterial.key)))


def uploads_waiting(session: Session) -> list[FactorUpload]:
    """Own tables that wait to be accepted, newest first."""
    return list(
        session.scalars(
            select(FactorUpload)
            .options(joinedload(FactorUpload.uploaded_by))
            .where(FactorUpload.state == "waiting")
            .order_by(FactorUpload.id.desc())
        )
    )


def uses_of_factor(session: Session, factor_id: str) -> list[EstimateSource]:
    """The estimates whose lines took a factor, newest first, each with the version it took it from."""
    return _uses(session, EstimateSource.factor_id == factor_id)


def uses_of_version(session: Session, version_id: int) -> list[EstimateSource]:
    """The estimates made while a version was in use, newest first."""
    return _uses(session, EstimateSource.version_id == version_id, EstimateSource.factor_id == "")


def _uses(session: Session, *conditions: object) -> list[EstimateSource]:
    return list(
        session.scalars(
            select(EstimateSource)
            .options(
                joinedload(EstimateSource.estimate).joinedload(Estimate.ledger),
                joinedload(EstimateSource.version).joinedload(FactorVersion.table),
            )
            .where(*conditions)  # type: ignore[arg-type]  # conditions of our own making
            .order_by(EstimateSource.estimate_id.desc())
        )
    )
