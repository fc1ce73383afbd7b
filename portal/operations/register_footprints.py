"""What product carbon footprints say about a reporting period: one footprint a product, valid on its last day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from portal.core.carbon.details import list_of as words_of
from portal.core.carbon.details import restored
from portal.core.carbon.details import text_of as word_of
from portal.core.carbon.pcf import last_valid_day, precedence
from portal.core.exact import decimal_text
from portal.core.questionnaire.facts import FactValue, Row
from portal.core.questionnaire.tables import LONGEST_CELL, holds_all
from portal.operations.footprint_context import footprint_of
from portal.store.carbon import FootprintRow

Found = tuple[dict[str, FactValue], dict[str, tuple[Row, ...]], dict[str, tuple[tuple[str, int], ...]]]


def footprints_known(rows: Sequence[FootprintRow], materials: Collection[str], end: date) -> Found:
    """Facts, rows and records of the footprints in force. `materials` are those the supplier delivers."""
    valid = _one_a_product([row for row in rows if valid_on(row, end)])
    covered = {row.material for row in valid} & set(materials)
    facts: dict[str, FactValue] = {
        "register.footprints": Decimal(len(rows)),
        "register.footprints_verified": Decimal(sum(1 for row in rows if row.verified)),
        "register.footprints_valid": Decimal(len(valid)),
        "register.footprint_materials": Decimal(len(covered)),
        "register.materials": Decimal(len(set(materials))),
    }
    shares = [row.primary_data_share for row in valid]
    stated = [share for share in shares if share is not None]
    if stated:
        facts["register.primary_data_least"] = min(stated)
        facts["register.primary_data_most"] = max(stated)
    if stated and len(stated) == len(shares) and min(stated) == max(stated):
        facts["register.primary_data_share"] = stated[0]
    behind = tuple(("footprint", row.id) for row in valid)
    names = ("register.footprint_rows", "register.footprints_valid", "register.primary_data_share")
    told = tuple(_row(row) for row in valid)
    listed = {"register.footprint_rows": told} if told and holds_all(told) else {}
    return facts, listed, dict.fromkeys(names, behind)


def valid_on(row: FootprintRow, day: date) -> bool:
    """Whether a footprint may serve on a day."""
    return row.period_start <= day <= last_valid_day(footprint_of(row))


def _one_a_product(rows: Sequence[FootprintRow]) -> list[FootprintRow]:
    """Of several footprints of a product and plant the one that estimates would take."""
    found: dict[tuple[str, str], FootprintRow] = {}
    for row in sorted(rows, key=lambda row: precedence(footprint_of(row))):
        found.setdefault((row.product_id, row.geography), row)
    return sorted(found.values(), key=lambda row: (row.product_id, row.geography))


def _row(row: FootprintRow) -> Row:
    details = restored(row.details or {})
    named = [part for part in (row.product_id, word_of(details, "product_name"), row.geography) if part]
    sources = "; ".join(source.replace("|", " ") for source in words_of(details, "secondary_sources"))
    told: dict[str, Decimal | str] = {
        "product": ", ".join(dict.fromkeys(named))[:LONGEST_CELL],
        "declared": f"{decimal_text(row.declared_amount)} {row.declared_unit}",
        "pcf": row.pcf_kgco2e,
        "period": f"{row.period_start:%Y-%m} – {row.period_end:%Y-%m}",
        "factor_sources": sources[:LONGEST_CELL],
        "verified": "yes" if row.verified else "no",
    }
    if row.primary_data_share is not None:
        told["primary_data_share"] = row.primary_data_share
    return told
