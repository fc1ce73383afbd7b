"""Puts footprints into the register: newer ones replace older ones, both are kept, doubts with their replies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.details import plain, text_of
from portal.core.carbon.pact_tree import stored
from portal.core.carbon.pcf import Footprint
from portal.operations.carbon_rows import Taken, doubts_on
from portal.operations.doubts import note_doubts
from portal.operations.footprint_numbers import pact_number, preceding_numbers
from portal.store.carbon import CarbonUpload, FootprintRow, footprints_in_force


def store_footprints(
    session: Session,
    actor: Actor,
    *,
    upload: CarbonUpload,
    taken: Sequence[Taken[Footprint]],
    replies: Mapping[str, str],
    now: datetime,
) -> list[FootprintRow]:
    """Store every row with its doubts. The caller holds the register and checked that each doubt has its reply.

    A row in force with the same footprint number, or whose PACT number (its own, or the one it is handed on under) a new
    row names as predecessor, is marked as replaced by it. A footprint that is deprecated, or named as predecessor by one
    already in force, is kept as replaced from the start: it never serves an estimate.
    """
    rows = [_row(upload, one, actor, now) for one in taken]
    session.add_all(rows)
    session.flush()
    in_force = footprints_in_force(session, upload.supplier_id)
    _replace_older(in_force, rows, taken, now)
    _set_aside(in_force, rows, taken, now)
    for row, one in zip(rows, taken, strict=True):
        note_doubts(
            session, actor, subject="footprint", subject_id=row.id, supplier_id=row.supplier_id,
            doubts=doubts_on(one), replies=replies, now=now,
        )  # fmt: skip
    session.flush()
    return rows


def _replace_older(
    in_force: Sequence[FootprintRow],
    rows: Sequence[FootprintRow],
    taken: Sequence[Taken[Footprint]],
    now: datetime,
) -> None:
    """Mark what the new `rows`, which are among those `in_force`, stand for."""
    same_number, handed_on = defaultdict(list), defaultdict(list)
    for other in in_force:
        same_number[other.footprint_id].append(other)
        handed_on[pact_number(other)].append(other)
    for row, one in zip(rows, taken, strict=True):
        older = [other for other in same_number[row.footprint_id] if other.id < row.id]
        for number in preceding_numbers(one.details):
            older += [other for other in handed_on[number] if other.id != row.id]
        for before in older:
            if before.replaced_at is None:
                before.replaced_at, before.replaced_by_id = now, row.id


def _set_aside(
    in_force: Sequence[FootprintRow],
    rows: Sequence[FootprintRow],
    taken: Sequence[Taken[Footprint]],
    now: datetime,
) -> None:
    """Mark new rows that are deprecated, or that one in force names as coming before it."""
    naming = defaultdict(list)
    for other in in_force:
        for number in (other.details or {}).get("preceding_ids", ()):
            naming[str(number).lower()].append(other)
    for row, one in zip(rows, taken, strict=True):
        if row.replaced_at is not None:
            continue
        if text_of(one.details, "status") == "Deprecated":
            row.replaced_at = now
        for newer in naming[row.pact_id] if row.pact_id else ():
            if newer.replaced_at is None and newer.id != row.id:
                row.replaced_at, row.replaced_by_id = now, newer.id


def _row(upload: CarbonUpload, taken: Taken[Footprint], actor: Actor, now: datetime) -> FootprintRow:
    value = taken.value
    return FootprintRow(
        supplier_id=upload.supplier_id,
        upload_id=upload.id,
        footprint_id=value.footprint_id,
        product_id=value.product_id,
        material=value.material,
        declared_unit=value.declared_unit,
        declared_amount=value.declared_amount,
        pcf_kgco2e=value.pcf_kgco2e,
        period_start=value.period_start,
        period_end=value.period_end,
        valid_until=value.valid_until,
        primary_data_share=value.primary_data_share,
        verified=value.verified,
        geography=value.geography,
        pact_id=taken.document["/id"].text.lower() if taken.document is not None else "",
        details=plain(taken.details),
        document=stored(taken.document) if taken.document is not None else None,
        cells=dict(taken.cells),
        typed=dict(taken.typed),
        accepted_by_id=actor.user_id,
        accepted_at=now,
    )
