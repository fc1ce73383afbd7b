"""What a part of an estimate shows between the total and its lines: a material, a supplier, or both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.files.vault import Vault
from portal.language import N_, say
from portal.operations.estimate_cells import Cell, cells_of
from portal.operations.estimate_levels import Level, level, levels
from portal.operations.estimate_register import money_at, source_qualities
from portal.store.estimates import Estimate
from portal.store.suppliers import supplier_by_code
from portal.web.staff.pages_estimates import NONE_GIVEN, method_word, percent_of
from portal.web.words import material_word

KG = Decimal(1000)
MOST_ROWS = 100


@dataclass(frozen=True)
class Chosen:
    """What a person asked for: "" for all; NONE_GIVEN for lines that give nothing there."""

    material: str
    supplier: str
    method: str


@dataclass(frozen=True)
class PartRow:
    """One part: tCO2e with its interval, `percent` of the part above, lines, spend, quality; `filters` show what is in it."""

    words: str
    detail: str
    filters: Mapping[str, str]
    tco2e: Decimal
    low: Decimal
    high: Decimal
    percent: Decimal | None
    lines: int
    unreached: int
    spend_usd: Decimal
    primary: Decimal | None
    grade: Decimal | None
    methods: Sequence[str]


@dataclass(frozen=True)
class Part:
    """The part chosen and what is in it. `supplier_id` leads to the supplier's page; `more` counts rows not listed."""

    title: str
    whole: PartRow
    head: str
    rows: Sequence[PartRow]
    more: int
    supplier_id: int | None


def value_of(given: str) -> str | None:
    """A filter as the engine wants it: None for all, "" for lines that give nothing there."""
    return None if not given else "" if given == NONE_GIVEN else given


def part_of(
    session: Session,
    vault: Vault,
    estimate: Estimate,
    chosen: Chosen,
    names: Mapping[str, str],
    locale: str,
) -> Part | None:
    """The part of a run that `chosen` names, None where the run has no such lines."""
    every = cells_of(vault, estimate)
    cells = [cell for cell in every if _fits(cell, chosen)]
    if not cells:
        return None
    sources, money = source_qualities(session, estimate), money_at(session, estimate)
    total = sum((cell.kg for cell in every if cell.kg is not None), Decimal(0))

    def row(found: Level, words: str, detail: str, filters: Mapping[str, str], of: Decimal) -> PartRow:
        return _row(found, words, detail, filters, of, locale)

    whole = level("", cells, sources, money, estimate.year)
    title = _title(chosen, names, locale)
    head, by, named = _division(chosen, names, locale)
    parts = levels(cells, by, sources, money, estimate.year)
    supplier = supplier_by_code(session, chosen.supplier) if chosen.supplier else None
    return Part(
        title=title,
        whole=row(whole, title, "", {}, total),
        head=head,
        rows=[row(found, *named(found.key), whole.kg) for found in parts[:MOST_ROWS]],
        more=max(len(parts) - MOST_ROWS, 0),
        supplier_id=supplier.id if supplier else None,
    )


def _fits(cell: Cell, chosen: Chosen) -> bool:
    material, supplier = value_of(chosen.material), value_of(chosen.supplier)
    return (
        (material is None or cell.material == material)
        and (supplier is None or cell.supplier_id == supplier)
        and (not chosen.method or cell.method == chosen.method)
    )


def _title(chosen: Chosen, names: Mapping[str, str], locale: str) -> str:
    material = material_word(locale, value_of(chosen.material) or "") if chosen.material else ""
    supplier = names.get(chosen.supplier, chosen.supplier) if chosen.supplier else ""
    title = " · ".join(words for words in (material, supplier) if words)
    return f"{title} · {method_word(locale, chosen.method)}" if chosen.method else title


Named = Callable[[str], tuple[str, str, Mapping[str, str]]]


def _division(
    chosen: Chosen, names: Mapping[str, str], locale: str
) -> tuple[str, Callable[[Cell], str], Named]:
    """How the part is divided further: the head of the column, the key of a cell, and the words of a key."""
    kept = {"method": chosen.method} if chosen.method else {}
    if chosen.material and chosen.supplier:

        def product(key: str) -> tuple[str, str, Mapping[str, str]]:
            name, _, source = key.partition("\0")
            return name or say(locale, N_("no product named")), source, {}

        head = say(locale, N_("Product, and what its lines rest on"))
        return head, lambda cell: f"{cell.product_id}\0{cell.source_id}", product
    if chosen.material:

        def supplier(key: str) -> tuple[str, str, Mapping[str, str]]:
            words = names.get(key, key)
            filters = {"material": chosen.material, "supplier": key or NONE_GIVEN, **kept}
            return words, key if words != key else "", filters

        return say(locale, N_("Supplier")), lambda cell: cell.supplier_id, supplier

    def material(key: str) -> tuple[str, str, Mapping[str, str]]:
        filters = {"material": key or NONE_GIVEN, "supplier": chosen.supplier, **kept}
        return material_word(locale, key), "", filters

    return say(locale, N_("Material")), lambda cell: cell.material, material


def _row(
    found: Level, words: str, detail: str, filters: Mapping[str, str], of: Decimal, locale: str
) -> PartRow:
    return PartRow(
        words=words,
        detail=detail,
        filters=filters,
        tco2e=found.kg / KG,
        low=found.low / KG,
        high=found.high / KG,
        percent=percent_of(found.kg, of),
        lines=found.lines,
        unreached=found.unreached,
        spend_usd=found.spend_usd,
        primary=found.primary,
        grade=found.grade,
        methods=[method_word(locale, method) for method in found.methods],
    )
