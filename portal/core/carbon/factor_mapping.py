"""From a material of purchase lines to the factors that serve it: proposed by the tables, confirmed by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.core.carbon.factor_records import Record, factor_of
from portal.core.carbon.factors import Factor

EXACT, PROXY, POOR = "exact", "proxy", "poor"
CONFIDENCES = (EXACT, PROXY, POOR)
MATERIAL_KEY = r"[a-z][a-z0-9_]{1,59}"


@dataclass(frozen=True)
class Mapped:
    """What serves one material: factors of goods by id, and the sector its money is estimated by.

    Several factors may serve one material (by country, by unit); each purchase takes the one that stands closest.
    `confidence` is the stated one of a confirmed mapping, else the worst of the factors named. `gone` are factors a
    person chose that no table in use has any more.
    """

    material: str
    factor_ids: tuple[str, ...]
    sector: str
    confidence: str
    confirmed: bool
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What a person decided for a material."""

    material: str
    factor_ids: tuple[str, ...]
    sector: str
    confidence: str


def confidence_of(record: Record) -> tuple[str, str]:
    """How well a factor stands for the material it names, with a reason code.

    Poor when it says it covers only a part, proxy when it stands in for another material, else exact.
    """
    if "partial" in record.boundary.lower():
        return POOR, "factor_covers_a_part"
    if record.proxy:
        return PROXY, "factor_stands_in"
    return EXACT, "factor_names_material"


def worst(confidences: Iterable[str]) -> str:
    """The worst of some confidences; of none, as for money by a default sector only, poor."""
    ranked = sorted(CONFIDENCES.index(each) for each in confidences)
    return CONFIDENCES[ranked[-1]] if ranked else POOR


def propose(records: Iterable[Record], sectors: Mapping[str, str]) -> dict[str, Mapped]:
    """A proposal for every material that a table names; `records` after precedence, `sectors` the default ones."""
    named: dict[str, list[Record]] = {}
    for record in records:
        if record.material:
            named.setdefault(record.material, []).append(record)
    return {
        material: Mapped(
            material=material,
            factor_ids=tuple(sorted(r.factor_id for r in named.get(material, ()))),
            sector=sectors.get(material, ""),
            confidence=worst(confidence_of(r)[0] for r in named.get(material, ())),
            confirmed=False,
        )
        for material in sorted(named.keys() | sectors.keys())
    }


def in_force(
    proposed: Mapping[str, Mapped], decided: Iterable[Decision], known: Iterable[str]
) -> dict[str, Mapped]:
    """What each material is served by: the decision of a person, else the proposal.

    `known` are the ids of the tables in use. A decision none of whose factors is left falls back to the proposal,
    unconfirmed; what is gone is named either way.
    """
    there = set(known)
    found = dict(proposed)
    for decision in decided:
        left = tuple(sorted(i for i in decision.factor_ids if i in there))
        gone = tuple(sorted(i for i in decision.factor_ids if i not in there))
        if gone and not left:
            other = proposed.get(decision.material)
            ids = other.factor_ids if other else ()
            confidence = other.confidence if other else POOR
            found[decision.material] = Mapped(
                decision.material, ids, decision.sector, confidence, False, gone
            )
        else:
            found[decision.material] = Mapped(
                decision.material, left, decision.sector, decision.confidence, True, gone
            )
    return {material: found[material] for material in sorted(found)}


def engine_rows(records: Sequence[Record], mapping: Mapping[str, Mapped]) -> tuple[Factor, ...]:
    """The factors an estimate computes with.

    Every usable record answers to its own id and, per money, to its sector. For each material it serves there is one
    more row under that material, so one id may stand several times; such lines still share one source. A stated
    confidence of less than exact makes the row a stand-in (proxy), an exact one a factor of the material itself.
    """
    served: dict[str, list[Mapped]] = {}
    for mapped in mapping.values():
        for factor_id in mapped.factor_ids:
            served.setdefault(factor_id, []).append(mapped)
    rows: list[Factor | None] = []
    for record in records:
        rows.append(factor_of(record, material="", sector=record.sector, proxy=record.proxy))
        for mapped in served.get(record.factor_id, ()):
            proxy = mapped.confidence != EXACT if mapped.confirmed else record.proxy
            rows.append(factor_of(record, material=mapped.material, sector="", proxy=proxy))
    return tuple(row for row in rows if row is not None)


def default_sectors(mapping: Mapping[str, Mapped]) -> dict[str, str]:
    """The sector each material's money is estimated by where a line names none."""
    return {material: mapped.sector for material, mapped in sorted(mapping.items()) if mapped.sector}
