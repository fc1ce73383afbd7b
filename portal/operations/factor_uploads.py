"""Own tables come in: a file is kept, looked at with what it would change, then taken over as a new version or discarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.factor_changes import Changes, jumps
from portal.core.carbon.factor_records import Record
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.factor_tables import Brought, Placed, read_brought
from portal.files.vault import Vault
from portal.operations.deciding import decide_once
from portal.operations.factor_choices import one_line, put_in_use
from portal.operations.factor_versions import Content, add_version, changes_against
from portal.operations.journal import note as note_journal
from portal.operations.keeping import Kept
from portal.store.factor_reads import newest_version, table_by_key, tables_holding
from portal.store.factors import FactorTable, FactorUpload, FactorVersion

KINDS = ("factors", "rates", "prices")
# An organisation has one table of rates and one of prices; of factors it may have several, each under its own name.
ONE_TABLE = {"rates": "own-rates", "prices": "own-prices"}
LONGEST_NAME = 120
LONGEST_NOTE = 500
_STATED = {
    "gas_basis": "factors_without_gas_basis",
    "boundary": "factors_without_boundary",
    "licence": "factors_without_licence",
}


@dataclass(frozen=True)
class Look:
    """A file as it would become a version: its rows, what they change, every problem, and doubts worth a look."""

    brought: Brought
    changes: Changes
    doubts: tuple[Problem, ...]
    before: FactorVersion | None

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.brought.problems


def add_upload(
    session: Session, actor: Actor, *, kind: str, table: str, kept: Kept, now: datetime
) -> FactorUpload:
    """Note a kept file as waiting; nothing of it counts yet. `table` names the own table of factors.

    Raises Refused: factor_kind_unknown, factor_table_unnamed, factor_table_name_taken.
    """
    key = table_key(session, kind=kind, table=table)
    row = FactorUpload(
        kind=kind,
        table_key=key,
        vault_key=kept.key,
        name=kept.upload.name,
        size=kept.upload.size,
        sha256=kept.upload.sha256,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, actor, "factors.uploaded", row, now)
    return row


def table_key(session: Session, *, kind: str, table: str) -> str:
    """The key of the own table that a file of `kind` belongs to. Raises as `add_upload`."""
    if kind not in KINDS:
        raise Refused("factor_kind_unknown")
    key = ONE_TABLE.get(kind) or " ".join(table.split())
    if not key or not key.isprintable():
        raise Refused("factor_table_unnamed")
    if len(key) > LONGEST_NAME:
        raise Refused("factor_note_too_long", most=LONGEST_NAME)
    known = table_by_key(session, key)
    foreign = key in ONE_TABLE.values() and kind == "factors"
    if foreign or key.lower().endswith(".csv") or (known and (known.origin != "own" or known.kind != kind)):
        raise Refused("factor_table_name_taken", name=key)
    return key


def look_at(session: Session, vault: Vault, upload: FactorUpload) -> Look:
    """What a file says, read anew from its bytes, and what it would change against the newest version of its table.

    Raises NotFound or Refused("vault_content_changed") when the bytes are not what was uploaded.
    """
    with vault.open(upload.vault_key, upload.sha256) as stream:
        brought = read_brought(stream.read(), upload.name, upload.kind)
    if upload.kind == "factors":
        taken = _taken(session, brought.rows, upload.table_key)
        brought = Brought(brought.rows, (*brought.problems, *taken), brought.notes)
    table = table_by_key(session, upload.table_key)
    changes = changes_against(session, table, brought.rows)
    before = newest_version(session, table.id) if table else None
    return Look(brought, changes, tuple(_doubts(brought.rows, changes)), before)


def accept_upload(
    session: Session, actor: Actor, *, upload_id: int, vault: Vault, note: str, use: bool, now: datetime
) -> FactorVersion:
    """Take a waiting file over as the next version of its table, and put it in use when asked.

    Raises NotFound, Refused (factor_upload_accepted, factor_upload_discarded, factor_upload_unchanged,
    factor_note_too_long), Invalid with every problem of the file: then nothing is stored.
    """
    if len(note) > LONGEST_NOTE:
        raise Refused("factor_note_too_long", most=LONGEST_NOTE)
    upload = session.get(FactorUpload, upload_id)
    if upload is None:
        raise NotFound
    _decide(session, upload, "accepted", now)
    look = look_at(session, vault, upload)
    if look.problems:
        raise Invalid(look.problems)
    if look.before is not None and not look.changes.any:
        raise Refused(
            "factor_upload_unchanged", name=upload.name, number=look.before.number, table=upload.table_key
        )
    content = Content(upload.name, upload.sha256, look.brought.rows, upload.vault_key, one_line(note))
    try:
        with session.begin_nested():
            table = table_by_key(session, upload.table_key) or _new_table(session, upload, now)
            version = add_version(session, table, content, added_by_id=actor.user_id, now=now)
            upload.version_id = version.id
            session.flush()
    except IntegrityError:
        raise Refused("factor_choice_lost")
    _note(session, actor, "factors.accepted", upload, now, version=version.number, rows=version.rows)
    if use:
        put_in_use(session, actor, version_id=version.id, now=now)
    return version


def discard_upload(session: Session, actor: Actor, *, upload_id: int, now: datetime) -> FactorUpload:
    """Set a waiting file aside for good; the caller deletes its bytes once the change is committed.

    Raises NotFound, Refused (factor_upload_accepted, factor_upload_discarded).
    """
    upload = session.get(FactorUpload, upload_id)
    if upload is None:
        raise NotFound
    _decide(session, upload, "discarded", now)
    _note(session, actor, "factors.discarded", upload, now)
    return upload


def _new_table(session: Session, upload: FactorUpload, now: datetime) -> FactorTable:
    table = FactorTable(
        key=upload.table_key, kind=upload.kind, origin="own", purpose="estimate", created_at=now
    )
    session.add(table)
    session.flush()
    return table


def _taken(session: Session, rows: Sequence[Placed], key: str) -> list[Problem]:
    ids = [row.record.factor_id for row in rows if isinstance(row.record, Record)]
    holders = tables_holding(session, ids, key)
    return [
        Problem("factor_id_taken", row.named, {"found": factor_id, "table": holders[factor_id]})
        for row in rows
        if isinstance(row.record, Record) and (factor_id := row.record.factor_id) in holders
    ]


def _doubts(rows: Sequence[Placed], changes: Changes) -> list[Problem]:
    told = []
    records = [row.record for row in rows if isinstance(row.record, Record)]
    for name, code in _STATED.items():
        silent = sum(1 for record in records if not getattr(record, name))
        if silent:
            told.append(Problem(code, values={"count": silent}))
    for change in jumps(changes, "value"):
        before, after = change.columns["value"]
        told.append(Problem("factor_value_jumped", change.key, {"before": before, "after": after}))
    return told


def _decide(session: Session, upload: FactorUpload, state: str, now: datetime) -> None:
    """Decide a waiting file once: of two clicks, one decides and the other is refused."""
    if not decide_once(session, upload, state, now):
        raise Refused("factor_upload_accepted" if upload.state == "accepted" else "factor_upload_discarded")


def _note(
    session: Session, actor: Actor, action: str, upload: FactorUpload, now: datetime, **more: object
) -> None:
    details = {"table": upload.table_key, "file": upload.name, "sha256": upload.sha256, **more}
    note_journal(session, actor, action, thing="factor_upload", thing_id=upload.id, details=details, now=now)
