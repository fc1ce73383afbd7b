"""What the pages of tables and versions show: what is in use, what a version changed, and a file before it is taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.carbon.factor_changes import Changes, difference
from portal.core.carbon.factors import FACTOR_COLUMNS
from portal.core.errors import NotFound
from portal.core.problems import Problem
from portal.language import N_, say
from portal.operations.factor_uploads import Look
from portal.operations.factor_versions import rows_of
from portal.store.factor_reads import (
    Origin,
    all_versions,
    money_of,
    origins_of,
    uploads_waiting,
    uses_of_version,
)
from portal.store.factors import EstimateSource, FactorTable, FactorUpload, FactorVersion
from portal.web.staff.pages_factors import KIND_WORDS, TABLE_WORDS, table_word

MOST_ROWS = 200
COLUMN_WORDS = {
    "name_en": N_("Name in English"), "name_zh": N_("Name in Chinese"), "category": N_("Category"), "material": N_("Material key"),
    "sector": N_("Sector"), "geography": N_("Geography"), "year": N_("Year"), "value": N_("Value"), "unit": N_("Unit"),
    "gas_basis": N_("Gas basis"), "boundary": N_("Boundary"), "source": N_("Source"), "source_version": N_("Source version"),
    "licence": N_("Licence"), "url": N_("Address"), "proxy": N_("Stands in for another material"), "factor_id": N_("Factor number"),
    "reason": N_("Reason"),
}  # fmt: skip


@dataclass(frozen=True)
class TableLine:
    """One table of the library: the version in use (None: not in use), the newest one, and how many there are."""

    table: FactorTable
    name: str
    kind: str
    used: FactorVersion | None
    newest: FactorVersion
    versions: int

    @property
    def newer(self) -> bool:
        return self.used is not None and self.used.number < self.newest.number


@dataclass(frozen=True)
class TablesPage:
    """All tables in three groups, and files that wait."""

    own: Sequence[TableLine]
    shipped: Sequence[TableLine]
    reference: Sequence[TableLine]
    waiting: Sequence[FactorUpload]


@dataclass(frozen=True)
class ChangeLine:
    """One row that is new, changed or gone, with its columns in words: (column, before, after)."""

    key: str
    columns: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class ChangeList:
    """What changed between two versions; each list is cut at MOST_ROWS, the counts are whole."""

    new: Sequence[ChangeLine]
    changed: Sequence[ChangeLine]
    removed: Sequence[str]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class TablePage:
    """One table with its versions, newest first."""

    table: FactorTable
    name: str
    kind: str
    versions: Sequence[FactorVersion]
    used: FactorVersion | None


@dataclass(frozen=True)
class VersionPage:
    """One version: where its rows are from, what it changed, and the estimates made with it."""

    version: FactorVersion
    name: str
    kind: str
    origins: Sequence[Origin]
    before: FactorVersion | None
    changes: ChangeList
    uses: Sequence[EstimateSource]


@dataclass(frozen=True)
class UploadPage:
    """A file on its way in; of a decided one only the facts are left."""

    upload: FactorUpload
    name: str
    kind: str
    before: FactorVersion | None
    count: int
    changes: ChangeList | None
    problems: Sequence[Problem]
    warnings: Sequence[Problem]
    unchanged: bool

    @property
    def can_accept(self) -> bool:
        return (
            self.upload.state == "waiting"
            and not self.problems
            and not self.unchanged
            and self.changes is not None
        )


def tables_page(session: Session, locale: str) -> TablesPage:
    """All tables with what is in use of each."""
    by_table: dict[int, list[FactorVersion]] = {}
    for version in all_versions(session):
        by_table.setdefault(version.table_id, []).append(version)
    lines = [_line(versions, locale) for versions in by_table.values()]
    return TablesPage(
        own=[line for line in lines if line.table.origin == "own"],
        shipped=[
            line for line in lines if line.table.origin == "shipped" and line.table.purpose == "estimate"
        ],
        reference=[line for line in lines if line.table.purpose == "reference"],
        waiting=uploads_waiting(session),
    )


def _line(versions: Sequence[FactorVersion], locale: str) -> TableLine:
    table = versions[0].table
    used = next((v for v in versions if v.in_use_at is not None), None)
    words = say(locale, KIND_WORDS[table.kind])
    return TableLine(table, table_word(locale, table.key), words, used, versions[0], len(versions))


def table_page(session: Session, table_id: int, locale: str) -> TablePage:
    """One table. Raises NotFound."""
    versions = all_versions(session, table_id)
    if not versions:
        raise NotFound
    line = _line(versions, locale)
    return TablePage(line.table, line.name, line.kind, versions, line.used)


def version_page(session: Session, version_id: int, locale: str) -> VersionPage:
    """One version with its changes against the one before. Raises NotFound."""
    version = version_of(session, version_id)
    before = next(
        (v for v in all_versions(session, version.table_id) if v.number == version.number - 1), None
    )
    changes = difference(rows_of(session, before) if before else {}, rows_of(session, version))
    table = version.table
    return VersionPage(
        version=version,
        name=table_word(locale, table.key),
        kind=say(locale, KIND_WORDS[table.kind]),
        origins=_origins(session, version),
        before=before,
        changes=change_list(changes, locale),
        uses=uses_of_version(session, version_id),
    )


def version_of(session: Session, version_id: int) -> FactorVersion:
    """A version with its table. Raises NotFound."""
    version = session.get(FactorVersion, version_id)
    if version is None:
        raise NotFound
    return version


def _origins(session: Session, version: FactorVersion) -> list[Origin]:
    if version.table.kind == "factors":
        return origins_of(session, version.id)
    sources: dict[str, int] = {}
    for row in money_of(session, version.id):
        sources[row.source] = sources.get(row.source, 0) + 1
    return [Origin(source, "", "", "", rows) for source, rows in sources.items() if source]


def change_list(changes: Changes, locale: str) -> ChangeList:
    """Changes as a page lists them."""
    return ChangeList(
        new=[
            ChangeLine(
                key, [(_column(c, locale), "", text) for c, text in cells.items() if c in _TOLD_OF_NEW]
            )
            for key, cells in list(changes.new.items())[:MOST_ROWS]
        ],
        changed=[
            ChangeLine(
                change.key,
                [(_column(c, locale), before, after) for c, (before, after) in change.columns.items()],
            )
            for change in changes.changed[:MOST_ROWS]
        ],
        removed=changes.removed[:MOST_ROWS],
        counts={
            "new": len(changes.new),
            "changed": len(changes.changed),
            "removed": len(changes.removed),
            "same": changes.same,
        },
    )


_TOLD_OF_NEW = ("name_en", "name_zh", "value", "unit", "geography", "year", "source")


def _column(column: str, locale: str) -> str:
    return say(locale, COLUMN_WORDS[column]) if column in COLUMN_WORDS else column


def upload_page(upload: FactorUpload, look: Look | None, locale: str) -> UploadPage:
    """A file on its way in, with what was read of it."""
    kind = say(locale, KIND_WORDS[upload.kind])
    name = table_word(locale, upload.table_key)
    if look is None:
        return UploadPage(upload, name, kind, None, 0, None, (), (), False)
    rows = look.brought.rows
    return UploadPage(
        upload=upload,
        name=name,
        kind=kind,
        before=look.before,
        count=len(rows),
        changes=change_list(look.changes, locale) if not look.problems else None,
        problems=look.problems,
        warnings=(*look.brought.notes, *look.doubts),
        unchanged=look.before is not None and not look.changes.any,
    )


def version_rows(session: Session, version: FactorVersion) -> tuple[list[str], list[list[str]]]:
    """The rows of a version as text in the documented form: header and cells, further columns last."""
    kind, rows = version.table.kind, rows_of(session, version)
    if kind == "factors":
        known = [*FACTOR_COLUMNS, "proxy"]
        others = sorted({c for cells in rows.values() for c in cells if c not in known})
        header = known + others
        return header, [[cells.get(c, "") for c in header] for cells in rows.values()]
    if kind == "sectors":
        return ["material", "sector", "reason"], [
            [key, cells["sector"], cells["reason"]] for key, cells in rows.items()
        ]
    header = ["currency", "year", "per_usd", "source"] if kind == "rates" else ["year", "index", "source"]
    return header, [[*key.split(), cells["value"], cells["source"]] for key, cells in rows.items()]


def own_tables(session: Session) -> list[str]:
    """Names of the organisation's tables of factors, for choosing one to renew."""
    names = {v.table.key for v in all_versions(session) if v.table.origin == "own"}
    return sorted(names - TABLE_WORDS.keys())
