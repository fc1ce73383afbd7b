"""A ledger on its way in: upload, say how it is read, confirm what its words mean, accept or discard."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.ledger.columns import header_key
from portal.core.ledger.forms import NumberForm
from portal.core.ledger.mapping import Mapping, from_json, is_plain_header, key_of, proposed, to_json, wrong
from portal.core.problems import Problem
from portal.files.ledger_cells import ENCODINGS
from portal.files.ledger_uploads import LedgerFile
from portal.files.vault import Vault
from portal.operations.jobs import ask
from portal.operations.journal import note
from portal.operations.ledger_words import remember_words
from portal.store.estimates import Ledger
from portal.store.jobs import Job
from portal.store.ledgers import LedgerIntake, LedgerMapping, mapping_of_header


def intake_by_id(session: Session, intake_id: int, *, waiting: bool = False) -> LedgerIntake:
    """One intake. Raises NotFound; with `waiting` Refused("intake_decided") for one accepted or discarded before."""
    found = session.get(LedgerIntake, intake_id)
    if found is None:
        raise NotFound
    if waiting and found.state != "waiting":
        raise Refused("intake_decided", name=found.name)
    return found


def receive(
    session: Session, actor: Actor, *, file: LedgerFile, vault_key: str, now: datetime
) -> tuple[LedgerIntake, Job]:
    """Keep an uploaded file waiting and ask for it to be read. Its bytes lie in the vault already."""
    intake = LedgerIntake(
        name=file.name,
        form=file.form,
        size=file.size,
        sha256=file.sha256,
        vault_key=vault_key,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
        choices={},
    )
    session.add(intake)
    session.flush()
    _note(session, actor, "ledger.uploaded", intake, now, sha256=intake.sha256, size=intake.size)
    return intake, _ask(session, actor, intake, "ledger_read", now)


def choose(
    session: Session, actor: Actor, *, intake_id: int, encoding: str = "", sheet: str = "", now: datetime
) -> Job:
    """Say in which encoding the file is written, or which sheet holds the lines, and have it read again.

    Raises Invalid: choose_encoding, choose_sheet.
    """
    intake = intake_by_id(session, intake_id, waiting=True)
    reading = intake.reading or {}
    if encoding and encoding not in ENCODINGS:
        raise Invalid([Problem("choose_encoding", intake.name)])
    if sheet and sheet not in reading.get("sheets", []):
        raise Invalid([Problem("choose_sheet", intake.name)])
    intake.choices = {**intake.choices, **{k: v for k, v in (("encoding", encoding), ("sheet", sheet)) if v}}
    intake.reading = intake.mapping = intake.checked = None
    session.flush()
    return _ask(session, actor, intake, "ledger_read", now)


def starting_mapping(session: Session, header: Sequence[str]) -> tuple[Mapping, LedgerMapping | None]:
    """The mapping to begin with: the remembered one of this header, else what the names suggest.

    In a file of our own form dates and numbers are plain; in any other nobody has said yet how they are written.
    """
    known = mapping_of_header(session, header_key(header))
    if known is not None:
        return from_json(known.mapping), known
    begun = proposed(header)
    if is_plain_header(header):
        begun = replace(begun, date_form="ymd-", numbers=NumberForm())
    return begun, None


def straight_on(session: Session, actor: Actor, intake: LedgerIntake, *, now: datetime) -> int | None:
    """Ask for the check at once where nothing is left to say: a file of our own form, or with a remembered header.

    Returns the job's id, None where a person has to say something first.
    """
    reading = intake.reading or {}
    mapping, known = starting_mapping(session, reading["header"])
    if (known is None and not is_plain_header(reading["header"])) or wrong(
        mapping, reading["header"], reading.get("kinds") or ()
    ):
        return None
    intake.mapping = to_json(mapping)
    session.flush()
    return _ask(session, actor, intake, "ledger_check", now).id


def map_columns(session: Session, actor: Actor, *, intake_id: int, mapping: Mapping, now: datetime) -> Job:
    """Set the mapping and ask for the check. Raises Invalid with every reason why the file cannot be read by it."""
    intake = intake_by_id(session, intake_id, waiting=True)
    reading = intake.reading
    if not reading or reading.get("asked"):
        raise Refused("intake_not_read", name=intake.name)
    problems = wrong(mapping, reading["header"], reading.get("kinds") or ())
    if problems:
        raise Invalid(problems)
    intake.mapping = to_json(mapping)
    intake.checked = None
    session.flush()
    return _ask(session, actor, intake, "ledger_check", now)


def decide_duplicates(session: Session, actor: Actor, *, intake_id: int, choice: str, now: datetime) -> Job:
    """Say whether lines that look written twice are all kept or the later ones left out; the check runs again."""
    intake = intake_by_id(session, intake_id, waiting=True)
    if choice not in ("keep", "leave_out") or not intake.mapping:
        raise Refused("choose_duplicates")
    return map_columns(
        session,
        actor,
        intake_id=intake_id,
        mapping=replace(from_json(intake.mapping), duplicates=choice),
        now=now,
    )


def confirm_words(
    session: Session,
    actor: Actor,
    *,
    intake_id: int,
    kind: str,
    given: Dict[str, tuple[str, str]],
    now: datetime,
) -> Job:
    """Remember what texts of this file mean, and check again with it. Raises Invalid (word_*)."""
    intake = intake_by_id(session, intake_id, waiting=True)
    remember_words(session, actor, kind=kind, given=given, now=now)
    intake.checked = None
    session.flush()
    return _ask(session, actor, intake, "ledger_check", now)


def check_of(intake: LedgerIntake) -> dict[str, Any] | None:
    """What the check found, None while there is none for the present mapping."""
    checked: dict[str, Any] | None = intake.checked
    if not checked or not intake.mapping or checked["mapping"] != key_of(from_json(intake.mapping)):
        return None
    return checked


def accept(session: Session, actor: Actor, *, intake_id: int, now: datetime) -> tuple[Ledger, bool]:
    """Make the checked file a ledger. Returns it and whether it is new: the same lines under the same name are one ledger.

    Raises Refused: intake_not_checked, intake_has_problems, intake_duplicates_open.
    """
    intake = intake_by_id(session, intake_id, waiting=True)
    checked = check_of(intake)
    if checked is None or not checked["lines"]:
        raise Refused("intake_not_checked", name=intake.name)
    if checked["problems"]:
        raise Refused("intake_has_problems", name=intake.name, count=checked["problems"])
    if checked["duplicates"] and not from_json(intake.mapping or {}).duplicates:
        raise Refused("intake_duplicates_open", count=checked["duplicates"])
    known = ledger_of_lines(session, checked["sha256"], _ledger_name(intake, checked))
    ledger = known or _new_ledger(session, actor, intake, checked, now)
    intake.state, intake.decided_at = "accepted", now
    _remember_mapping(session, actor, intake, now)
    session.flush()
    _note(
        session, actor, "ledger.loaded", intake, now, ledger=ledger.id, lines=ledger.lines, new=known is None
    )
    return ledger, known is None


def _new_ledger(
    session: Session, actor: Actor, intake: LedgerIntake, checked: dict[str, Any], now: datetime
) -> Ledger:
    same = checked["as_it_is"]
    ledger = Ledger(
        name=_ledger_name(intake, checked),
        vault_key=intake.vault_key if same else intake.plain_key,
        size=intake.size if same else checked["size"],
        sha256=checked["sha256"],
        lines=checked["lines"],
        years=checked["years"],
        loaded_by_id=actor.user_id,
        loaded_at=now,
        original_name="" if same else intake.name,
        original_key="" if same else intake.vault_key,
        original_sha256="" if same else intake.sha256,
        intake=None
        if same
        else {
            "intake": intake.id,
            "header": intake.reading["header"] if intake.reading else [],
            "mapping": intake.mapping,
            "left_out": checked["left_out"],
            "credits": checked["credits"]["lines"],
            "spend": checked["spend"],
            "quantity": checked["quantity"],
        },
    )
    session.add(ledger)
    session.flush()
    return ledger


def _ledger_name(intake: LedgerIntake, checked: dict[str, Any]) -> str:
    if checked["as_it_is"]:
        return intake.name
    stem = intake.name.rpartition(".")[0] or intake.name
    return f"{stem}.csv"


def ledger_of_lines(session: Session, sha256: str, name: str) -> Ledger | None:
    """The ledger with exactly these lines under this name, None when there is none."""
    return session.scalar(
        select(Ledger).where(Ledger.sha256 == sha256, Ledger.name == name).order_by(Ledger.id).limit(1)
    )


def _remember_mapping(session: Session, actor: Actor, intake: LedgerIntake, now: datetime) -> None:
    header = (intake.reading or {}).get("header", [])
    kept = replace(from_json(intake.mapping or {}), duplicates="")
    known = mapping_of_header(session, header_key(header))
    if known is None:
        known = LedgerMapping(header_key=header_key(header), header=header)
        session.add(known)
    known.mapping = to_json(kept)
    known.saved_by_id, known.saved_at = actor.user_id or 0, now


def discard(session: Session, actor: Actor, *, intake_id: int, now: datetime) -> list[str]:
    """Give a waiting file up; returns the vault keys to delete once this is committed."""
    intake = intake_by_id(session, intake_id, waiting=True)
    intake.state, intake.decided_at = "discarded", now
    session.flush()
    _note(session, actor, "ledger.discarded", intake, now)
    return [key for key in (intake.vault_key, intake.raw_key, intake.plain_key, intake.problems_key) if key]


def spare_keys(session: Session, intake: LedgerIntake) -> list[str]:
    """Vault keys of an accepted intake that nothing rests on any more."""
    keys = {k for k in (intake.vault_key, intake.raw_key, intake.plain_key, intake.problems_key) if k}
    rows = session.execute(select(Ledger.vault_key, Ledger.original_key))
    used = {key for row in rows for key in row}
    return sorted(keys - used)


def forget_bytes(vault: Vault, keys: Sequence[str]) -> None:
    """Take bytes out of the vault."""
    for key in keys:
        vault.delete(key)


def _ask(session: Session, actor: Actor, intake: LedgerIntake, kind: str, now: datetime) -> Job:
    return ask(
        session,
        actor,
        kind=kind,
        subject_id=intake.id,
        arguments={"choices": intake.choices, "mapping": intake.mapping},
        now=now,
    )


def _note(
    session: Session, actor: Actor, action: str, intake: LedgerIntake, now: datetime, **details: Any
) -> None:
    note(
        session,
        actor,
        action,
        thing="ledger_intake",
        thing_id=intake.id,
        details={"name": intake.name, **details},
        now=now,
    )
