"""What the pages of the factor library show: the search with its filters, and one factor with all about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.carbon.factor_changes import difference
from portal.core.carbon.factor_mapping import confidence_of
from portal.core.carbon.factor_records import Record, texts_of
from portal.core.carbon.factor_search import closeness, matches, terms
from portal.core.carbon.geography import canonical
from portal.core.errors import NotFound
from portal.language import N_, say
from portal.language.territories import place_name
from portal.operations.factor_library import InUse, in_use
from portal.store.factor_reads import (
    IndexRow,
    index_of,
    newest_of,
    present_versions,
    record_of_row,
    rows_by_factor,
    rows_by_id,
    uses_of_factor,
)
from portal.store.factors import EstimateSource, FactorRow, FactorTable, FactorVersion

PAGE = 50
TABLE_WORDS = {
    "pv_materials.csv": N_("Solar materials, worked out by Upstream"),
    "desnz_2024_material_use.csv": N_("UK government: material use 2024"),
    "epa_supply_chain_v1_3_naics6.csv": N_("US EPA: supply chain factors per dollar, v1.3"),
    "sectors.csv": N_("Default sectors of materials"),
    "rates.csv": N_("Exchange rates, yearly average"),
    "prices.csv": N_("US consumer prices"),
    "desnz_2024_fuels_energy.csv": N_("UK government: fuels and energy 2024"),
    "grid_cn_mee_2021_2024.csv": N_("China: electricity 2021 to 2024"),
    "grid_world_ember.csv": N_("World: electricity by country (Ember)"),
    "pv_stage_energy.csv": N_("Energy of solar production steps"),
    "pv_reference_points.csv": N_("Published footprints of solar materials"),
    "own-rates": N_("Own exchange rates"),
    "own-prices": N_("Own price index"),
}
KIND_WORDS = {
    "factors": N_("Emission factors"),
    "rates": N_("Exchange rates"),
    "prices": N_("Price index"),
    "sectors": N_("Default sectors"),
}
UNIT_WORDS = {
    "mass": N_("per mass"),
    "area": N_("per area"),
    "volume": N_("per volume"),
    "energy": N_("per energy"),
    "power": N_("per power"),
    "transport": N_("per transport"),
    "count": N_("per piece"),
    "spend": N_("per money spent"),
    "": N_("to look up only"),
}
CONFIDENCE_WORDS = {"exact": N_("exact"), "proxy": N_("stands in"), "poor": N_("poor")}
REASON_WORDS = {
    "factor_names_material": N_("The factor is of this material."),
    "factor_stands_in": N_("The factor is of another material that stands in."),
    "factor_covers_a_part": N_("The factor covers only a part of what making it emits."),
}


@dataclass(frozen=True)
class Found:
    """One line of the search."""

    row: FactorRow
    name: str
    place: str
    table: str
    unit_words: str
    in_use: bool


@dataclass(frozen=True)
class Filters:
    """What a person asked for; empty texts ask for everything."""

    text: str
    table: str
    place: str
    year: str
    unit: str

    @property
    def any(self) -> bool:
        return any((self.text, self.table, self.place, self.year, self.unit))


@dataclass(frozen=True)
class Library:
    """One page of the search, with the choices of its filters as (value, words)."""

    rows: tuple[Found, ...]
    found: int
    total: int
    page: int
    last: int
    filters: Filters
    tables: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str]]
    years: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Edition:
    """A factor in one version of its table, and what changed in it from the version before."""

    row: FactorRow
    number: int
    version_id: int
    in_use: bool
    changed: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Part:
    """A factor another one was worked out from, as far as the library holds it."""

    factor_id: str
    record: Record | None


@dataclass(frozen=True)
class FactorPage:
    """Everything about one factor."""

    row: FactorRow
    name: str
    other_name: str
    place: str
    table: FactorTable
    table_name: str
    in_use: bool
    usable: bool
    unit_words: str
    confidence: str
    confidence_reason: str
    extras: Sequence[tuple[str, str]]
    derivation: str
    parts: Sequence[Part]
    derived: Sequence[Record]
    serves: Sequence[str]
    editions: Sequence[Edition]
    uses: Sequence[EstimateSource]
    values_used: Mapping[int, Decimal]


def table_word(locale: str, key: str) -> str:
    """A table's name: shipped ones in words, own ones as the organisation named them."""
    return say(locale, TABLE_WORDS[key]) if key in TABLE_WORDS else key


def factor_name(row: FactorRow | Record | IndexRow, locale: str) -> str:
    """A factor's name in the reader's language, as far as it has one."""
    return row.name_zh if locale == "zh" and row.name_zh else row.name_en


def library_page(session: Session, args: Mapping[str, str], locale: str) -> Library:
    """Search, filter and page the factors people look things up in (q, table, place, year, unit, page)."""
    versions = {v.id: v for v in present_versions(session)}
    index = index_of(session, versions)
    filters = Filters(
        args.get("q", "").strip()[:100],
        args.get("table", "")[:12],
        args.get("place", "")[:60],
        args.get("year", "")[:4],
        args.get("unit", "")[:20],
    )
    words = terms(filters.text)
    kept = [row for row in index if _wanted(row, filters, versions) and matches(words, row.search)]
    if words:
        kept.sort(
            key=lambda row: (
                min(closeness(words, row.name_en), closeness(words, row.name_zh)),
                versions[row.version_id].in_use_at is None,
                row.factor_id,
            )
        )
    last = max(1, -(-len(kept) // PAGE))
    asked = args.get("page", "1")
    page = min(max(int(asked) if asked.isascii() and asked.isdigit() else 1, 1), last)
    rows = rows_by_id(session, [row.id for row in kept[(page - 1) * PAGE : page * PAGE]])
    return Library(
        rows=tuple(_found(row, locale) for row in rows),
        found=len(kept),
        total=len(index),
        page=page,
        last=last,
        filters=filters,
        tables=[(str(v.table_id), table_word(locale, v.table.key)) for v in versions.values()],
        places=_places(index, locale),
        years=[(str(year), str(year)) for year in sorted({row.year for row in index}, reverse=True)],
        units=[(kind or "none", say(locale, UNIT_WORDS[kind])) for kind in _unit_kinds(index)],
    )


def _wanted(row: IndexRow, filters: Filters, versions: Mapping[int, FactorVersion]) -> bool:
    return (
        (not filters.table or str(versions[row.version_id].table_id) == filters.table)
        and (not filters.place or canonical(row.geography) == filters.place)
        and (not filters.year or str(row.year) == filters.year)
        and (not filters.unit or (row.unit_kind or "none") == filters.unit)
    )


def _found(row: FactorRow, locale: str) -> Found:
    return Found(
        row=row,
        name=factor_name(row, locale),
        place=place_name(locale, row.geography),
        table=table_word(locale, row.version.table.key),
        unit_words=say(locale, UNIT_WORDS.get(row.unit_kind, UNIT_WORDS[""])),
        in_use=row.version.in_use_at is not None,
    )


def _places(index: Sequence[IndexRow], locale: str) -> list[tuple[str, str]]:
    named = {canonical(row.geography): place_name(locale, row.geography) for row in index}
    return sorted(named.items(), key=lambda pair: pair[1])


def _unit_kinds(index: Sequence[IndexRow]) -> list[str]:
    present = {row.unit_kind for row in index}
    return [kind for kind in UNIT_WORDS if kind in present]


def factor_page(session: Session, factor_id: str, locale: str) -> FactorPage:
    """Everything about one factor. Raises NotFound for an id no version ever had."""
    rows = rows_by_factor(session, factor_id)
    if not rows:
        raise NotFound
    row = next((r for r in rows if r.version.in_use_at is not None), rows[0])
    used = in_use(session)
    uses = uses_of_factor(session, factor_id)
    record = record_of_row(row)
    confidence, reason = confidence_of(record)
    extra = dict(row.extra)
    derivation, ids = extra.pop("derivation", ""), extra.pop("derived_from", "").split()
    held = newest_of(session, ids)
    return FactorPage(
        row=row,
        name=factor_name(row, locale),
        other_name=row.name_en if locale == "zh" and row.name_zh else row.name_zh,
        place=place_name(locale, row.geography),
        table=row.version.table,
        table_name=table_word(locale, row.version.table.key),
        in_use=row.version.in_use_at is not None,
        usable=bool(row.unit_kind),
        unit_words=say(locale, UNIT_WORDS.get(row.unit_kind, UNIT_WORDS[""])),
        confidence=say(locale, CONFIDENCE_WORDS[confidence]),
        confidence_reason=say(locale, REASON_WORDS[reason]),
        extras=sorted(extra.items()),
        derivation=derivation,
        parts=[Part(i, record_of_row(held[i]) if i in held else None) for i in ids],
        derived=[r for r in used.records if factor_id in r.extra.get("derived_from", "").split()],
        serves=_served(used, factor_id),
        editions=_editions(rows),
        uses=uses,
        values_used={r.version_id: r.value for r in rows},
    )


def _served(used: InUse, factor_id: str) -> list[str]:
    return [material for material, mapped in used.mapping.items() if factor_id in mapped.factor_ids]


def _editions(rows: Sequence[FactorRow]) -> list[Edition]:
    found = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        changed: list[tuple[str, str, str]] = []
        if before is not None:
            changes = difference(
                {"": texts_of(record_of_row(before))}, {"": texts_of(record_of_row(row))}
            ).changed
            changed = [(c, *pair) for change in changes for c, pair in change.columns.items()]
        version = row.version
        found.append(Edition(row, version.number, version.id, version.in_use_at is not None, changed))
    return found
