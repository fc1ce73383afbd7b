"""Files with consumption or certificates: they come in, are looked at, and are taken over whole or discarded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.certificates import first_overlaps, read_certificates
from portal.core.carbon.doubts import Doubt
from portal.core.carbon.electricity import read_use, together
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.electricity_workbooks import read_electricity_file
from portal.files.tabular import RawRow, locate
from portal.files.vault import Vault
from portal.operations.certificates import Claim, enter_certificates
from portal.operations.deciding import decide_once
from portal.operations.electricity import TakenUse, keep_uses
from portal.operations.journal import note
from portal.operations.keeping import Kept, check_quota
from portal.operations.register_judging import judge_electricity
from portal.store.electricity import UPLOAD_KINDS, ElectricityUpload, electricity_upload_of

MOST_ROWS = 5_000


@dataclass(frozen=True)
class ElectricityFile:
    """A file as read. With any of `problems` nothing can be taken over; `notes` only warn."""

    uses: tuple[TakenUse, ...]
    claims: tuple[Claim, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    @property
    def count(self) -> int:
        return len(self.uses) + len(self.claims)


def add_electricity_upload(
    session: Session, actor: Actor, *, kind: str, kept: Kept, quota: int, now: datetime
) -> ElectricityUpload:
    """Note a kept file as waiting to be looked at; no figure is stored. Raises NotFound, Refused("quota_full")."""
    if actor.supplier_id is None or kind not in UPLOAD_KINDS:
        raise NotFound
    check_quota(session, actor.supplier_id, size=kept.upload.size, quota=quota)
    row = ElectricityUpload(
        supplier_id=actor.supplier_id,
        kind=kind,
        state="waiting",
        vault_key=kept.key,
        name=kept.upload.name,
        size=kept.upload.size,
        sha256=kept.upload.sha256,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, actor, "electricity.uploaded", row, now)
    return row


def read_electricity_upload(vault: Vault, upload: ElectricityUpload, *, today: date) -> ElectricityFile:
    """What the file in the vault says, read anew from its bytes; never raises Invalid.

    Raises NotFound or Refused("vault_content_changed") when the bytes are not what was uploaded.
    """
    with vault.open(upload.vault_key, upload.sha256) as stream:
        data = stream.read()
    return read_rows_of(data, upload.name, upload.kind, today)


def read_rows_of(data: bytes, name: str, kind: str, today: date) -> ElectricityFile:
    """What the bytes of a file of `kind` say; each problem's `where` is the address of its cell."""
    try:
        raw = read_electricity_file(data, name, kind)
    except Invalid as invalid:
        return ElectricityFile((), (), invalid.problems, ())
    if len(raw.rows) > MOST_ROWS:
        problem = Problem("electricity_too_many", name, {"most": MOST_ROWS})
        return ElectricityFile((), (), (problem,), raw.notes)
    uses: list[TakenUse] = []
    claims: list[Claim] = []
    problems = list(raw.problems)
    for row in raw.rows:
        problems += _take_use(row, uses, today) if kind == "electricity" else _take_claim(row, claims, today)
    problems += together([(one.place, one.use) for one in uses])
    problems += [
        Problem("certificate_overlap_file", later, {"first": earlier})
        for later, earlier in first_overlaps((c.place, c.value.span) for c in claims)
    ]
    return ElectricityFile(tuple(uses), tuple(claims), tuple(problems), raw.notes)


def doubts_of_file(session: Session, upload: ElectricityUpload, found: ElectricityFile) -> list[Doubt]:
    """The doubts a person must answer before this file is taken over."""
    if found.problems or upload.state != "waiting" or not found.uses:
        return []
    return judge_electricity(session, upload.supplier_id, [one.use for one in found.uses])


def accept_electricity_upload(
    session: Session,
    actor: Actor,
    *,
    upload_id: int,
    vault: Vault,
    replies: Mapping[str, str],
    today: date,
    now: datetime,
) -> tuple[ElectricityUpload, int, list[Problem]]:
    """Take the rows of a waiting file over, all or none; returns the upload, how many rows, and overlap problems.

    With overlap problems nothing is taken over and the upload still waits, but the caller commits, so that a claim on
    certificates of others is noted for the buyer. Raises NotFound, Refused (electricity_upload_accepted,
    electricity_upload_discarded), Invalid with every problem of the file or of the replies.
    """
    row = _own(session, actor, upload_id)
    found = read_electricity_upload(vault, row, today=today)
    _decide(session, row, "accepted", now)
    if found.problems:
        raise Invalid(found.problems)
    if row.kind == "electricity":
        doubts = judge_electricity(session, row.supplier_id, [one.use for one in found.uses])
        keep_uses(session, actor, taken=found.uses, upload=row, doubts=doubts, replies=replies, now=now)
    else:
        _rows, problems = enter_certificates(session, actor, claims=found.claims, upload=row, now=now)
        if problems:
            row.state, row.decided_at = "waiting", None
            session.flush()
            return row, 0, problems
    _note(session, actor, "electricity.accepted", row, now, found.count)
    return row, found.count, []


def discard_electricity_upload(
    session: Session, actor: Actor, *, upload_id: int, now: datetime
) -> ElectricityUpload:
    """Set a waiting file aside for good; the caller deletes its bytes once the change is committed.

    Raises NotFound, Refused (electricity_upload_accepted, electricity_upload_discarded).
    """
    row = _own(session, actor, upload_id)
    _decide(session, row, "discarded", now)
    _note(session, actor, "electricity.discarded", row, now)
    return row


def _take_use(row: RawRow, uses: list[TakenUse], today: date) -> list[Problem]:
    use, wrong = read_use(row.values, today=today)
    if use is None:
        return [locate(p, row) for p in wrong if p.values.get("column") not in row.refused]
    place = row.addresses.get("amount", str(row.number))
    typed = {c: t for c, t in row.values.items() if t}
    uses.append(TakenUse(place, use, {c: row.addresses[c] for c in typed}, typed))
    return []


def _take_claim(row: RawRow, claims: list[Claim], today: date) -> list[Problem]:
    value, wrong = read_certificates(row.values, today=today)
    if value is None:
        return [locate(p, row) for p in wrong if p.values.get("column") not in row.refused]
    place = row.addresses.get("serial_from", str(row.number))
    typed = {c: t for c, t in row.values.items() if t}
    claims.append(Claim(place, value, {c: row.addresses[c] for c in typed}, typed))
    return []


def _decide(session: Session, row: ElectricityUpload, state: str, now: datetime) -> None:
    """Decide a waiting upload once: of two clicks, one decides and the other is refused."""
    if not decide_once(session, row, state, now):
        raise Refused(
            "electricity_upload_accepted" if row.state == "accepted" else "electricity_upload_discarded"
        )


def _own(session: Session, actor: Actor, upload_id: int) -> ElectricityUpload:
    row = electricity_upload_of(session, actor.supplier_id or 0, upload_id)
    if row is None:
        raise NotFound
    return row


def _note(
    session: Session,
    actor: Actor,
    action: str,
    row: ElectricityUpload,
    now: datetime,
    rows: int | None = None,
) -> None:
    details: dict[str, object] = {"kind": row.kind, "sha256": row.sha256}
    if rows is not None:
        details["rows"] = rows
    note(
        session,
        actor,
        action,
        thing="electricity_upload",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        details=details,
        now=now,
    )
