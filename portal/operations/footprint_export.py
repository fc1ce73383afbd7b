"""Footprints of the register as PACT 3.0 JSON, and which of them lack what PACT requires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.carbon.details import restored
from portal.core.carbon.pact_tree import Tree, json_text
from portal.core.carbon.pact_tree import restored as restored_document
from portal.core.carbon.pact_writing import Outgoing, write_pact
from portal.operations.footprint_context import footprint_of
from portal.operations.footprint_numbers import pact_number
from portal.store.carbon import FootprintRow


@dataclass(frozen=True)
class Lacking:
    """A footprint that cannot be written: `missing` are the keys of what PACT requires."""

    row: FootprintRow
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """`text` is the JSON listing {"data": [...]} of what can be written; `lacking` the rest."""

    text: str
    count: int
    lacking: tuple[Lacking, ...]


def export_pact(rows: Sequence[FootprintRow]) -> Export:
    """These footprints as one PACT listing."""
    written: list[Tree] = []
    lacking = []
    for row in rows:
        tree, missing = write_pact(outgoing(row))
        if tree is None:
            lacking.append(Lacking(row, missing))
        else:
            written.append(tree)
    return Export(json_text({"data": written}) + "\n", len(written), tuple(lacking))


def missing_for_pact(row: FootprintRow) -> tuple[str, ...]:
    """The keys of what PACT 3.0 requires and this footprint does not say."""
    return write_pact(outgoing(row))[1]


def outgoing(row: FootprintRow) -> Outgoing:
    """A stored footprint with all that is written of it."""
    return Outgoing(
        footprint=footprint_of(row),
        details=restored(row.details or {}),
        document=restored_document(row.document) if row.document else None,
        pact_id=pact_number(row),
        company=row.supplier.name,
        code=row.supplier.code,
        created=row.accepted_at,
        replaced=row.replaced_at is not None,
    )
