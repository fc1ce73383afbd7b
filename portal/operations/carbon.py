"""The carbon register: files come in, are looked at, and their rows are taken over or the file is discarded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.doubts import reply_problems
from portal.core.errors import Invalid, NotFound, Refused
from portal.files.vault import Vault
from portal.operations.carbon_reading import CarbonFile, read_carbon_file
from portal.operations.carbon_rows import doubts_in, doubts_on
from portal.operations.deciding import decide_once
from portal.operations.doubts import note_doubts
from portal.operations.footprint_context import known_for
from portal.operations.footprint_storing import store_footprints
from portal.operations.inventories import hold_register, keep_inventory
from portal.operations.journal import note
from portal.operations.keeping import Kept, check_quota
from portal.operations.register_judging import judge_taken
from portal.store.carbon import CarbonUpload, upload_of
from portal.store.suppliers import Supplier

KINDS = ("footprints", "inventory")


def add_upload(
    session: Session, actor: Actor, *, kind: str, kept: Kept, quota: int, origin: str = "file", now: datetime
) -> CarbonUpload:
    """Note a kept file as waiting to be looked at; no figure is stored. Raises Refused("quota_full").

    `origin` is "form" for figures typed on the page, which are kept as a small table of ours.
    """
    if actor.supplier_id is None or kind not in KINDS:
        raise NotFound
    check_quota(session, actor.supplier_id, size=kept.upload.size, quota=quota)
    row = CarbonUpload(
        supplier_id=actor.supplier_id,
        kind=kind,
        state="waiting",
        origin=origin,
        vault_key=kept.key,
        name=kept.upload.name,
        size=kept.upload.size,
        sha256=kept.upload.sha256,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, actor, "carbon.uploaded", row, now)
    return row


def read_upload(
    session: Session,
    vault: Vault,
    upload: CarbonUpload,
    materials: Mapping[int, str] | None = None,
    *,
    today: date | None = None,
) -> CarbonFile:
    """What the file in the vault says, read anew from its bytes and measured against what is known today.

    `materials` are choices made on the page by row number, for rows that name none. Raises NotFound or
    Refused("vault_content_changed") when the bytes are not what was uploaded.
    """
    code = session.get_one(Supplier, upload.supplier_id).code
    with vault.open(upload.vault_key, upload.sha256) as stream:
        data = stream.read()
    known = known_for(session, upload.supplier_id, materials, today) if upload.kind == "footprints" else None
    found = read_carbon_file(
        data, upload.name, kind=upload.kind, supplier_code=code, known=known, today=today
    )
    return replace(found, inventories=judge_taken(session, upload.supplier_id, found.inventories))


def note_faults(session: Session, *, upload_id: int, faults: int) -> None:
    """Remember how many problems a file has, so that lists can tell one to be corrected from one to be accepted."""
    session.execute(update(CarbonUpload).where(CarbonUpload.id == upload_id).values(faults=faults))


def accept_upload(
    session: Session,
    actor: Actor,
    *,
    upload_id: int,
    vault: Vault,
    replies: Mapping[str, str] | None = None,
    materials: Mapping[int, str] | None = None,
    today: date | None = None,
    now: datetime,
) -> tuple[CarbonUpload, int]:
    """Take the rows of a waiting file over into the register; returns the upload and how many rows.

    The file is read again from the vault. `replies` answer the doubts by key; older rows a new one replaces are
    kept. Raises NotFound, Refused (carbon_upload_accepted, carbon_upload_discarded), Invalid with every problem of
    the file or every doubt without a reply (doubt_reply_missing, …): then nothing is stored.
    """
    row = _own(session, actor, upload_id)
    hold_register(session, row.supplier_id)
    _decide(session, row, "accepted", now)
    found = read_upload(session, vault, row, materials, today=today)
    if found.problems:
        raise Invalid(found.problems)
    given = replies or {}
    unanswered = reply_problems(doubts_in([*found.footprints, *found.inventories]), given)
    if unanswered:
        raise Invalid(unanswered)
    if row.kind == "footprints":
        store_footprints(session, actor, upload=row, taken=found.footprints, replies=given, now=now)
    for taken in found.inventories:
        kept = keep_inventory(
            session, actor, record=taken.value, supplier_id=row.supplier_id, upload=row, cells=taken.cells,
            typed=taken.typed, now=now,
        )  # fmt: skip
        note_doubts(
            session, actor, subject="inventory", subject_id=kept.id, supplier_id=row.supplier_id,
            doubts=doubts_on(taken), replies=given, now=now,
        )  # fmt: skip
    session.flush()
    _note(session, actor, "carbon.accepted", row, now, rows=found.count)
    return row, found.count


def discard_upload(session: Session, actor: Actor, *, upload_id: int, now: datetime) -> CarbonUpload:
    """Set a waiting file aside for good; the caller deletes its bytes once the change is committed.

    Raises NotFound, Refused (carbon_upload_accepted, carbon_upload_discarded).
    """
    row = _own(session, actor, upload_id)
    _decide(session, row, "discarded", now)
    _note(session, actor, "carbon.discarded", row, now)
    return row


def _decide(session: Session, row: CarbonUpload, state: str, now: datetime) -> None:
    """Decide a waiting upload once: of two clicks, one decides and the other is refused."""
    if not decide_once(session, row, state, now):
        raise Refused("carbon_upload_accepted" if row.state == "accepted" else "carbon_upload_discarded")


def _own(session: Session, actor: Actor, upload_id: int) -> CarbonUpload:
    row = upload_of(session, actor.supplier_id or 0, upload_id)
    if row is None:
        raise NotFound
    return row


def _note(
    session: Session, actor: Actor, action: str, row: CarbonUpload, now: datetime, rows: int | None = None
) -> None:
    details: dict[str, object] = {"kind": row.kind, "sha256": row.sha256}
    if rows is not None:
        details["rows"] = rows
    note(
        session,
        actor,
        action,
        thing="carbon_upload",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        details=details,
        now=now,
    )
