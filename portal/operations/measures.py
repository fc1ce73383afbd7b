"""Reduction measures: entering, changing, removing; the files that prove them and the commitments they serve."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.measures import FIELDS, MeasureFacts, read_measure
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.operations.inventories import hold_register, library_file, unprintable_fields
from portal.operations.journal import note
from portal.store.commitments import Commitment
from portal.store.measures import Measure, MeasureFile, MeasureLink, measure_of, measure_titled


def read_typed_measure(given: Mapping[str, str]) -> MeasureFacts:
    """A measure from form text. Raises Invalid as `read_measure`, and field_unprintable."""
    problems = unprintable_fields({name: given.get(name, "") for name in FIELDS})
    if problems:
        raise Invalid(problems)
    return read_measure(given)


def enter_measure(
    session: Session,
    actor: Actor,
    *,
    facts: MeasureFacts,
    typed: Mapping[str, str],
    evidence_ids: Collection[int],
    commitment_ids: Collection[int],
    now: datetime,
) -> Measure:
    """A new measure of the actor's supplier. Raises NotFound for a file or commitment that is not its own.

    Raises Invalid("measure_title_twice") at the title, so that a button pressed twice does not count a saving twice.
    """
    if actor.supplier_id is None:
        raise NotFound
    hold_register(session, actor.supplier_id)
    if measure_titled(session, actor.supplier_id, facts.title):
        raise Invalid([Problem("measure_title_twice", "title")])
    row = Measure(
        supplier_id=actor.supplier_id,
        typed=_kept(typed),
        version=1,
        entered_by_id=actor.user_id,
        entered_at=now,
        changed_by_id=actor.user_id,
        changed_at=now,
        **asdict(facts),
    )
    session.add(row)
    session.flush()
    _link(session, actor, row, evidence_ids, commitment_ids)
    _note(session, actor, "measure.entered", row, now)
    return row


def change_measure(
    session: Session,
    actor: Actor,
    *,
    measure_id: int,
    base: int,
    facts: MeasureFacts,
    typed: Mapping[str, str],
    evidence_ids: Collection[int],
    commitment_ids: Collection[int],
    now: datetime,
) -> Measure:
    """Change a measure that still has version `base`. Raises NotFound, Refused("measure_changed_meanwhile")."""
    row = _own(session, actor, measure_id)
    changed = session.execute(
        update(Measure)
        .where(Measure.id == row.id, Measure.version == base, Measure.removed_at.is_(None))
        .values(
            **asdict(facts),
            typed=_kept(typed),
            version=base + 1,
            changed_by_id=actor.user_id,
            changed_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("measure_changed_meanwhile")
    _link(session, actor, row, evidence_ids, commitment_ids)
    _note(session, actor, "measure.changed", row, now)
    return row


def remove_measure(session: Session, actor: Actor, *, measure_id: int, now: datetime) -> Measure:
    """Take a measure off the lists; it is kept. Raises NotFound."""
    row = _own(session, actor, measure_id)
    row.removed_at = now
    session.flush()
    _note(session, actor, "measure.removed", row, now)
    return row


def _link(
    session: Session,
    actor: Actor,
    row: Measure,
    evidence_ids: Collection[int],
    commitment_ids: Collection[int],
) -> None:
    """Let exactly these files and commitments be linked; a hidden file that is linked already may stay."""
    had = {file.evidence_id for file in row.files}
    wanted = set(evidence_ids)
    for evidence_id in sorted(wanted - had):
        library_file(session, actor, evidence_id)
    for file in list(row.files):
        if file.evidence_id not in wanted:
            session.delete(file)
    session.add_all(MeasureFile(measure_id=row.id, evidence_id=n) for n in sorted(wanted - had))
    linked = {link.commitment_id for link in row.links}
    chosen = set(commitment_ids)
    own = set(
        session.scalars(
            select(Commitment.id).where(
                Commitment.supplier_id == row.supplier_id, Commitment.id.in_(chosen or {0})
            )
        )
    )
    if own != chosen:
        raise NotFound
    for link in list(row.links):
        if link.commitment_id not in chosen:
            session.delete(link)
    session.add_all(MeasureLink(measure_id=row.id, commitment_id=n) for n in sorted(chosen - linked))
    session.flush()
    session.expire(row)


def _kept(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: typed[name] for name in FIELDS if typed.get(name)}


def _own(session: Session, actor: Actor, measure_id: int) -> Measure:
    row = measure_of(session, actor.supplier_id or 0, measure_id)
    if row is None:
        raise NotFound
    return row


def _note(session: Session, actor: Actor, action: str, row: Measure, now: datetime) -> None:
    note(
        session,
        actor,
        action,
        thing="measure",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        details={"status": row.status, "version": row.version},
        now=now,
    )
