"""What people decide about the library: which versions are in use, and which factors serve a material."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from portal.core.access import Actor
from portal.core.carbon.factor_mapping import CONFIDENCES, MATERIAL_KEY
from portal.core.carbon.factor_records import SPEND, kind_of
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.operations.factor_library import InUse, in_use, materials
from portal.operations.journal import note as note_journal
from portal.store.factors import FactorTable, FactorVersion, MaterialMapping, OwnMaterial

LONGEST_NOTE = 500
LONGEST_NAME = 120
# Without a table of these kinds no spend could be converted, so one of each stays in use.
NEEDED = frozenset({"rates", "prices"})


@dataclass(frozen=True)
class Wish:
    """What a person asks a material to be served by. `seen` is the decision in force on their page, 0 for none."""

    material: str
    factor_ids: tuple[str, ...]
    sector: str
    confidence: str
    note: str
    seen: int


def put_in_use(session: Session, actor: Actor, *, version_id: int, now: datetime) -> FactorVersion:
    """New estimates use this version of its table from now on; estimates already made keep theirs.

    One price table is in use at a time, since two may stand on different bases.
    Raises NotFound, Refused (factor_version_in_use, factor_table_reference, factor_choice_lost).
    """
    version = session.scalar(
        select(FactorVersion)
        .options(joinedload(FactorVersion.table))
        .where(FactorVersion.id == version_id)
        .with_for_update(of=FactorVersion)
    )
    if version is None:
        raise NotFound
    table = version.table
    if table.purpose == "reference":
        raise Refused("factor_table_reference", table=table.key)
    if version.in_use_at is not None:
        raise Refused("factor_version_in_use", table=table.key, number=version.number)
    before = _used_version(session, table.id)
    rivals = (
        select(FactorTable.id).where(FactorTable.kind == "prices") if table.kind == "prices" else [table.id]
    )
    _end_use(session, rivals)
    try:
        with session.begin_nested():
            version.in_use_at, version.in_use_by_id = now, actor.user_id
            session.flush()
    except IntegrityError:
        raise Refused("factor_choice_lost")
    _note_use(session, actor, table, version.id, before, version, now)
    return version


def take_out(session: Session, actor: Actor, *, table_id: int, now: datetime) -> FactorTable:
    """No version of the table is in use from now on.

    Raises NotFound, Refused (factor_table_not_in_use, factor_table_needed).
    """
    table = session.get(FactorTable, table_id)
    if table is None:
        raise NotFound
    before = _used_version(session, table.id)
    if before is None:
        raise Refused("factor_table_not_in_use", table=table.key)
    if table.kind in NEEDED and not _others_in_use(session, table):
        raise Refused("factor_table_needed", table=table.key)
    _end_use(session, [table.id])
    _note_use(session, actor, table, before.id, before, None, now)
    return table


def _used_version(session: Session, table_id: int) -> FactorVersion | None:
    return session.scalar(
        select(FactorVersion).where(FactorVersion.table_id == table_id, FactorVersion.in_use_at.is_not(None))
    )


def _others_in_use(session: Session, table: FactorTable) -> bool:
    query = (
        select(FactorVersion.id)
        .join(FactorTable, FactorTable.id == FactorVersion.table_id)
        .where(
            FactorTable.kind == table.kind, FactorTable.id != table.id, FactorVersion.in_use_at.is_not(None)
        )
    )
    return session.scalar(query.limit(1)) is not None


def _end_use(session: Session, table_ids: object) -> None:
    session.execute(
        update(FactorVersion)
        .where(FactorVersion.table_id.in_(table_ids), FactorVersion.in_use_at.is_not(None))  # type: ignore[arg-type]
        .values(in_use_at=None, in_use_by_id=None)
        .execution_options(synchronize_session="fetch")
    )


def _note_use(
    session: Session,
    actor: Actor,
    table: FactorTable,
    thing_id: int,
    before: FactorVersion | None,
    after: FactorVersion | None,
    now: datetime,
) -> None:
    note_journal(
        session,
        actor,
        "factors.put_in_use" if after else "factors.taken_out",
        thing="factor_version",
        thing_id=thing_id,
        from_state=str(before.number) if before else None,
        to_state=str(after.number) if after else None,
        details={"table": table.key},
        now=now,
    )


def confirm_mapping(session: Session, actor: Actor, *, wish: Wish, now: datetime) -> MaterialMapping:
    """A person decides what serves a material; the decision before is kept. Estimates already made keep theirs.

    A note is needed where the choice differs from what the tables propose. Raises Invalid (mapping_* codes, each
    with the field as its place), Refused("mapping_changed_meanwhile").
    """
    used = in_use(session)
    problems = _problems(session, used, wish)
    if problems:
        raise Invalid(problems)
    present = session.scalar(
        select(MaterialMapping)
        .options(joinedload(MaterialMapping.decided_by))
        .where(MaterialMapping.material == wish.material, MaterialMapping.replaced_at.is_(None))
    )
    if (present.id if present else 0) != wish.seen:
        raise Refused("mapping_changed_meanwhile", who=present.decided_by.name if present else "?")
    row = MaterialMapping(
        material=wish.material,
        factor_ids=sorted(set(wish.factor_ids)),
        sector=wish.sector,
        confidence=wish.confidence,
        note=one_line(wish.note),
        decided_by_id=actor.user_id,
        decided_at=now,
    )
    try:
        with session.begin_nested():
            if present is not None:
                _replace(session, present, now)
            session.add(row)
            session.flush()
    except IntegrityError:
        raise Refused("factor_choice_lost")
    note_journal(
        session,
        actor,
        "mapping.decided",
        thing="material_mapping",
        thing_id=row.id,
        details={"material": row.material, "factors": row.factor_ids, "sector": row.sector, "confidence": row.confidence},
        now=now,
    )  # fmt: skip
    return row


def _replace(session: Session, present: MaterialMapping, now: datetime) -> None:
    replaced = session.execute(
        update(MaterialMapping)
        .where(MaterialMapping.id == present.id, MaterialMapping.replaced_at.is_(None))
        .values(replaced_at=max(now, present.decided_at))
        .execution_options(synchronize_session=False)
    )
    session.expire(present)
    if replaced.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("factor_choice_lost")


def _problems(session: Session, used: InUse, wish: Wish) -> list[Problem]:
    usable = {record.factor_id for record in used.records if kind_of(record)}
    sectors = {record.sector for record in used.records if kind_of(record) == SPEND and record.sector}
    proposal = used.mapping.get(wish.material)
    known = {material.key for material in materials(session)} | used.mapping.keys()
    told = []
    if wish.material not in known:
        told.append(Problem("mapping_material_unknown", "material", {"found": wish.material[:60]}))
    for factor_id in wish.factor_ids:
        if factor_id not in usable:
            told.append(Problem("mapping_factor_unknown", "factors", {"found": factor_id[:120]}))
    if wish.sector and wish.sector not in sectors:
        told.append(Problem("mapping_sector_unknown", "sector", {"found": wish.sector[:60]}))
    if not wish.factor_ids and not wish.sector:
        told.append(Problem("mapping_empty", "factors"))
    if wish.confidence not in CONFIDENCES:
        told.append(Problem("mapping_confidence_missing", "confidence"))
    same = (
        proposal is not None
        and set(proposal.factor_ids) == set(wish.factor_ids)
        and proposal.sector == wish.sector
    )
    if not same and not wish.note.strip():
        told.append(Problem("mapping_note_missing", "note"))
    if len(wish.note) > LONGEST_NOTE:
        told.append(Problem("factor_note_too_long", "note", {"most": LONGEST_NOTE}))
    return told


def add_material(
    session: Session, actor: Actor, *, key: str, name_en: str, name_zh: str, now: datetime
) -> OwnMaterial:
    """Add a material key of the organisation's own. Raises Invalid: material_key_wrong, material_key_taken, …"""
    names = {"name_en": one_line(name_en), "name_zh": one_line(name_zh)}
    told = []
    if not re.fullmatch(MATERIAL_KEY, key):
        told.append(Problem("material_key_wrong", "key"))
    elif key in {material.key for material in materials(session)}:
        told.append(Problem("material_key_taken", "key", {"found": key}))
    if not names["name_en"]:
        told.append(Problem("material_name_missing", "name_en"))
    told += [
        Problem("factor_note_too_long", field, {"most": LONGEST_NAME})
        for field, text in names.items()
        if len(text) > LONGEST_NAME
    ]
    if told:
        raise Invalid(told)
    row = OwnMaterial(key=key, **names, added_by_id=actor.user_id, added_at=now)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise Invalid([Problem("material_key_taken", "key", {"found": key})])
    note_journal(
        session, actor, "material.added", thing="own_material", thing_id=row.id, details={"key": key}, now=now
    )
    return row


def one_line(text: str) -> str:
    """Text in one line without control signs."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def mapping_seen(rows: Sequence[MaterialMapping]) -> int:
    """The id of the decision in force among a material's decisions, 0 for none."""
    return next((row.id for row in rows if row.replaced_at is None), 0)
