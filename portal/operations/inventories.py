"""Company inventories enter the register: from an accepted file or typed; verification statements; taking one out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.cells import Row
from portal.core.carbon.doubts import Doubt
from portal.core.carbon.inventory_record import (
    InventoryRecord,
    Statement,
    read_inventory_record,
    read_statement,
    same_inventory,
)
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.core.questionnaire.reading import unprintable
from portal.operations.doubts import note_doubts, note_open_doubts
from portal.operations.journal import note
from portal.operations.register_judging import later_doubts
from portal.store.carbon import CarbonUpload, InventoryRow
from portal.store.evidence import evidence_of
from portal.store.inventories import VerificationStatement, inventory_of
from portal.store.suppliers import Supplier


def hold_register(session: Session, supplier_id: int) -> Supplier:
    """Hold the supplier's register until commit, so that of two changes at once one sees the other."""
    return session.get_one(Supplier, supplier_id, with_for_update={"key_share": True})


def read_typed_inventory(given: Mapping[str, str], *, supplier_code: str, today: date) -> InventoryRecord:
    """An inventory from form text by column name. Raises Invalid with `where` naming the field."""
    problems = unprintable_fields(given)
    if not problems:
        values = {**given, "supplier_id": supplier_code}
        record, problems = read_inventory_record(values, today=today)
        if record is not None and not problems:
            return record
    raise Invalid(problems)


def unprintable_fields(given: Mapping[str, str]) -> list[Problem]:
    """A problem for each field with characters no person types and no store takes."""
    return [Problem("field_unprintable", name) for name, text in given.items() if unprintable(text)]


def keep_inventory(
    session: Session,
    actor: Actor,
    *,
    record: InventoryRecord,
    supplier_id: int,
    upload: CarbonUpload | None,
    cells: Mapping[str, str],
    typed: Mapping[str, str],
    evidence_id: int | None = None,
    now: datetime,
) -> InventoryRow:
    """Put one inventory into the register, with its statement; the older one it stands for is marked as replaced.

    The caller holds the register (`hold_register`) and asks the doubts.
    """
    figures = record.figures
    open_questions = later_doubts(session, supplier_id, record)
    for older in _in_force(session, supplier_id, figures.year):
        if same_inventory(older.boundary, record.boundary):
            older.replaced_at = now
    row = InventoryRow(
        supplier_id=supplier_id,
        upload_id=upload.id if upload else None,
        year=figures.year,
        boundary=record.boundary,
        sites=record.sites,
        scope1_tco2e=figures.scope1,
        scope1_sources={source: decimal_text(tonnes) for source, tonnes in record.sources.items()},
        scope2_market_tco2e=figures.scope2_market,
        scope2_location_tco2e=figures.scope2_location,
        scope3_upstream_tco2e=figures.scope3_upstream,
        scope3={str(category): decimal_text(tonnes) for category, tonnes in figures.scope3.items()},
        output_quantity=figures.output_quantity,
        output_unit=figures.output_unit,
        revenue=figures.revenue,
        currency=figures.currency,
        verified=figures.verified,
        cells=dict(cells),
        typed=dict(typed),
        accepted_by_id=actor.user_id,
        accepted_at=now,
    )
    session.add(row)
    session.flush()
    if record.statement is not None:
        _keep_statement(session, actor, row, record.statement, evidence_id, cells, typed, now)
    note_open_doubts(
        session, actor, subject="inventory", subject_id=row.id, supplier_id=supplier_id, doubts=open_questions, now=now
    )  # fmt: skip
    return row


def type_inventory(
    session: Session,
    actor: Actor,
    *,
    record: InventoryRecord,
    typed: Mapping[str, str],
    doubts: Sequence[Doubt],
    replies: Mapping[str, str],
    evidence_id: int | None,
    now: datetime,
) -> InventoryRow:
    """Put a typed inventory into the register of the actor's supplier, with replies to its doubts.

    `evidence_id` is the verification statement's file. Raises NotFound (also for a file that is not in the library),
    Invalid (doubt_reply_…, and statement_missing for a file without a statement): then nothing is stored.
    """
    if actor.supplier_id is None:
        raise NotFound
    if evidence_id is not None and record.statement is None:
        raise Invalid([Problem("inventory_statement_missing", "verification_level")])
    file_id = library_file(session, actor, evidence_id)
    hold_register(session, actor.supplier_id)
    kept = {name: text for name, text in typed.items() if text}
    row = keep_inventory(
        session, actor, record=record, supplier_id=actor.supplier_id, upload=None, cells={}, typed=kept,
        evidence_id=file_id, now=now,
    )  # fmt: skip
    note_doubts(
        session, actor, subject="inventory", subject_id=row.id, supplier_id=row.supplier_id, doubts=doubts,
        replies=replies, now=now,
    )  # fmt: skip
    _note(session, actor, "inventory.typed", row, now)
    return row


def state_verification(
    session: Session,
    actor: Actor,
    *,
    inventory_id: int,
    given: Mapping[str, str],
    evidence_id: int | None,
    today: date,
    now: datetime,
) -> VerificationStatement:
    """Add the verification statement of an inventory in force; an earlier one is kept as replaced.

    Raises NotFound, Refused("inventory_replaced"), Invalid with `where` naming the field.
    """
    row = _own(session, actor, inventory_id)
    hold_register(session, row.supplier_id)
    session.refresh(row)
    if row.replaced_at is not None:
        raise Refused("inventory_replaced")
    problems = unprintable_fields(given)
    reading = Row(given)
    statement = read_statement(reading, given, row.year, today) if not problems else None
    problems += reading.problems
    if statement is None and not problems:
        problems.append(Problem("inventory_statement_missing", "verification_level"))
    if problems or statement is None:
        raise Invalid(problems)
    file_id = library_file(session, actor, evidence_id)
    session.execute(
        update(VerificationStatement)
        .where(VerificationStatement.inventory_id == row.id, VerificationStatement.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    row.verified = True
    kept = _keep_statement(session, actor, row, statement, file_id, {}, given, now)
    _note(session, actor, "inventory.verification_stated", row, now)
    return kept


def take_out(session: Session, actor: Actor, *, inventory_id: int, now: datetime) -> InventoryRow:
    """Take an inventory out of force without another in its place; it is kept. Raises NotFound, Refused."""
    row = _own(session, actor, inventory_id)
    taken = session.execute(
        update(InventoryRow)
        .where(InventoryRow.id == row.id, InventoryRow.replaced_at.is_(None))
        .values(replaced_at=now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("inventory_replaced")
    _note(session, actor, "inventory.taken_out", row, now)
    return row


def library_file(session: Session, actor: Actor, evidence_id: int | None) -> int | None:
    """The id of a file in the actor's library; None for none. Raises NotFound for any other file."""
    if evidence_id is None:
        return None
    file = evidence_of(session, actor.supplier_id or 0, evidence_id)
    if file is None or file.removed_at is not None:
        raise NotFound
    return file.id


def _in_force(session: Session, supplier_id: int, year: int) -> list[InventoryRow]:
    return list(
        session.scalars(
            select(InventoryRow).where(
                InventoryRow.supplier_id == supplier_id,
                InventoryRow.year == year,
                InventoryRow.replaced_at.is_(None),
            )
        )
    )


def _keep_statement(
    session: Session,
    actor: Actor,
    row: InventoryRow,
    statement: Statement,
    evidence_id: int | None,
    cells: Mapping[str, str],
    typed: Mapping[str, str],
    now: datetime,
) -> VerificationStatement:
    names = ("verification_level", "verification_standard", "verifier", "verified_on")
    kept = VerificationStatement(
        inventory_id=row.id,
        level=statement.level,
        standard=statement.standard,
        verifier=statement.verifier,
        signed_on=statement.signed_on,
        evidence_id=evidence_id,
        cells={name: cells[name] for name in names if cells.get(name)},
        typed={name: typed[name] for name in names if typed.get(name)},
        entered_by_id=actor.user_id,
        entered_at=now,
    )
    session.add(kept)
    session.flush()
    return kept


def _own(session: Session, actor: Actor, inventory_id: int) -> InventoryRow:
    row = inventory_of(session, actor.supplier_id or 0, inventory_id)
    if row is None:
        raise NotFound
    return row


def _note(session: Session, actor: Actor, action: str, row: InventoryRow, now: datetime) -> None:
    note(
        session,
        actor,
        action,
        thing="inventory",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        details={"year": row.year, "boundary": row.boundary},
        now=now,
    )
