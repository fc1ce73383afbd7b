"""What the pages of materials show: which factors serve each, how well, who confirmed it, and what else could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.carbon.factor_mapping import Mapped, confidence_of, propose
from portal.core.carbon.factor_records import SPEND, Record, kind_of
from portal.core.carbon.factor_search import closeness, matches, terms
from portal.core.errors import NotFound
from portal.language import say
from portal.language.territories import place_name
from portal.operations.factor_choices import mapping_seen
from portal.operations.factor_library import InUse, Material, in_use, materials
from portal.store.estimates import all_estimates
from portal.store.factor_reads import decisions_in_force, decisions_of, index_of, versions_in_use
from portal.store.factors import MaterialMapping
from portal.web.staff.pages_factors import CONFIDENCE_WORDS, REASON_WORDS, factor_name

MOST_SUGGESTED, MOST_FOUND = 6, 30


@dataclass(frozen=True)
class MaterialLine:
    """One material with what serves it; `decided` is the decision in force, None while it is only proposed."""

    key: str
    name: str
    own: bool
    mapped: Mapped | None
    confidence: str
    decided: MaterialMapping | None
    factors: Sequence[str]


@dataclass(frozen=True)
class MaterialsPage:
    """All materials, and keys of the newest estimate that are in no list."""

    lines: Sequence[MaterialLine]
    unknown: Sequence[str]
    confirmed: int


@dataclass(frozen=True)
class Candidate:
    """A factor that serves a material, or could; `why` says how well by its own statement."""

    record: Record
    name: str
    place: str
    confidence: str
    why: str
    chosen: bool
    proposed: bool


@dataclass(frozen=True)
class PastDecision:
    """One decision with its confidence in words."""

    row: MaterialMapping
    confidence: str


@dataclass(frozen=True)
class MaterialPage:
    """One material: what serves it, what the tables propose, what a search finds, and who decided what before."""

    key: str
    name: str
    mapped: Mapped | None
    candidates: Sequence[Candidate]
    query: str
    sector_name: str
    proposed: Mapped | None
    decisions: Sequence[PastDecision]
    seen: int


def material_name(material: Material, locale: str) -> str:
    """A material's name in the reader's language, as far as it has one."""
    return material.name_zh if locale == "zh" and material.name_zh else material.name_en


def materials_page(session: Session, locale: str) -> MaterialsPage:
    """Every material of the list or of a table, confirmed ones and proposals alike."""
    used = in_use(session)
    names = {m.key: m for m in materials(session)}
    decided = {row.material: row for row in decisions_in_force(session)}
    records = {record.factor_id: record for record in used.records}
    lines = []
    for key in [*names, *sorted(used.mapping.keys() - names.keys())]:
        mapped, material = used.mapping.get(key), names.get(key)
        serving = [records[i] for i in mapped.factor_ids] if mapped else []
        lines.append(
            MaterialLine(
                key=key,
                name=material_name(material, locale) if material else key,
                own=bool(material and material.own),
                mapped=mapped,
                confidence=say(locale, CONFIDENCE_WORDS[mapped.confidence]) if mapped else "",
                decided=decided.get(key) if mapped and mapped.confirmed else None,
                factors=[factor_name(record, locale) for record in serving],
            )
        )
    lines.sort(key=lambda line: (line.mapped is not None, line.decided is not None, line.name.casefold()))
    confirmed = sum(1 for line in lines if line.decided is not None)
    return MaterialsPage(lines, _unknown(session, {line.key for line in lines}), confirmed)


def _unknown(session: Session, known: set[str]) -> list[str]:
    newest = next(iter(all_estimates(session)), None)
    if newest is None:
        return []
    return [key for key in newest.summary["by_material"] if key and key not in known][:MOST_FOUND]


def material_page(session: Session, key: str, query: str, locale: str) -> MaterialPage:
    """One material. Raises NotFound for a key that is neither in the list nor in a table."""
    used = in_use(session)
    material = next((m for m in materials(session) if m.key == key), None)
    mapped = used.mapping.get(key)
    if material is None and mapped is None:
        raise NotFound
    proposed = _proposal(used, key)
    chosen = set(mapped.factor_ids) if mapped else set()
    offered = chosen | set(proposed.factor_ids if proposed else ())
    named = (material.name_en, material.name_zh) if material else (key,)
    most = MOST_FOUND if query else MOST_SUGGESTED
    found = _search(session, [query] if query else named, offered)[:most]
    records = {record.factor_id: record for record in used.records}
    listed = [records[i] for i in (*sorted(offered), *found) if i in records]
    decisions = decisions_of(session, key)
    return MaterialPage(
        key=key,
        name=material_name(material, locale) if material else key,
        mapped=mapped,
        candidates=[_candidate(r, chosen, proposed, locale) for r in listed],
        query=query,
        sector_name=_sector_name(used, mapped.sector if mapped else "", locale),
        proposed=proposed,
        decisions=[PastDecision(row, say(locale, CONFIDENCE_WORDS[row.confidence])) for row in decisions],
        seen=mapping_seen(decisions),
    )


def _proposal(used: InUse, key: str) -> Mapped | None:
    return propose(used.records, used.default_sectors).get(key)


def _search(session: Session, queries: Sequence[str], besides: set[str]) -> list[str]:
    """Ids of usable factors in use that any of the queries finds, the closest first, those per money last."""
    index = index_of(session, [v.id for v in versions_in_use(session) if v.table.kind == "factors"])
    found: dict[str, tuple[bool, int, str]] = {}
    for words in (terms(query) for query in queries):
        for row in index if words else ():
            if row.unit_kind and row.factor_id not in besides and matches(words, row.search):
                near = min(closeness(words, row.name_en), closeness(words, row.name_zh))
                rank = (row.unit_kind == SPEND, near, row.factor_id)
                found[row.factor_id] = min(found.get(row.factor_id, rank), rank)
    return sorted(found, key=lambda factor_id: found[factor_id])


def _candidate(record: Record, chosen: set[str], proposed: Mapped | None, locale: str) -> Candidate:
    confidence, reason = confidence_of(record)
    of_it = proposed is not None and record.factor_id in proposed.factor_ids
    return Candidate(
        record=record,
        name=factor_name(record, locale),
        place=place_name(locale, record.geography),
        confidence=say(locale, CONFIDENCE_WORDS[confidence]) if of_it else "",
        why=say(locale, REASON_WORDS[reason]) if of_it else "",
        chosen=record.factor_id in chosen,
        proposed=of_it,
    )


def _sector_name(used: InUse, sector: str, locale: str) -> str:
    rows = [r for r in used.records if sector and r.sector == sector and kind_of(r) == SPEND]
    return factor_name(rows[0], locale) if rows else ""
