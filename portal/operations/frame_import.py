"""Figures of the frame from a file: looked at first, then taken over as new versions, or set aside."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.frame_rows import Entry, read_entry
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.reading import unprintable
from portal.files.frame_tables import RawRow, locate, read_frame_rows
from portal.files.vault import Vault
from portal.operations.deciding import decide_once
from portal.operations.frame import LONGEST_SOURCE, LONGEST_SUBJECT, newest_version, open_year, put_imported
from portal.operations.journal import note
from portal.operations.keeping import Kept
from portal.store.frame import Frame, FrameFigure, FrameFile, figures_in_force


@dataclass(frozen=True)
class Taken:
    """One row that can be taken over: the figure, the cell of its value, and what stands there now (None: nothing)."""

    entry: Entry
    cell: str
    before: FrameFigure | None

    @property
    def changes(self) -> bool:
        """Whether taking it over would make a new version."""
        old = self.before
        given = (self.entry.typed, self.entry.unit, self.entry.source, self.entry.note)
        return (
            old is None or old.estimate_id is not None or given != (old.typed, old.unit, old.source, old.note)
        )


@dataclass(frozen=True)
class FrameReading:
    """A frame file as read. With any of `problems` nothing can be taken over; `seen` marks what stood there then."""

    rows: tuple[Taken, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    seen: str

    @property
    def changed(self) -> int:
        """How many rows would make a new version."""
        return sum(1 for row in self.rows if row.changes)


def add_frame_file(
    session: Session, actor: Actor, *, subject: str, source: str, kept: Kept, now: datetime
) -> FrameFile:
    """Note a kept file as waiting. `subject` and `source` as in `open_year`.

    Raises Invalid with `where` naming the field: frame_subject_missing, frame_source_missing, words_too_long,
    words_unprintable.
    """
    problems = [
        problem
        for where, text, most in (("subject", subject, LONGEST_SUBJECT), ("source", source, LONGEST_SOURCE))
        for problem in _text_problems(where, text, most)
    ]
    if bool(subject) != bool(source):
        problems.append(
            Problem("frame_source_missing", "source")
            if subject
            else Problem("frame_subject_missing", "subject")
        )
    if problems:
        raise Invalid(problems)
    row = FrameFile(
        subject=subject,
        source=source,
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
    _note(session, actor, "frame_file.uploaded", row, now)
    return row


def frame_file_by_id(session: Session, file_id: int) -> FrameFile:
    """One file. Raises NotFound."""
    row = session.get(FrameFile, file_id)
    if row is None:
        raise NotFound
    return row


def read_frame_file(session: Session, vault: Vault, row: FrameFile) -> FrameReading:
    """What the file in the vault says, read anew, beside what stands in the frame now; never raises Invalid."""
    with vault.open(row.vault_key, row.sha256) as stream:
        data = stream.read()
    try:
        raw = read_frame_rows(data, row.name)
    except Invalid as invalid:
        return FrameReading((), invalid.problems, (), "")
    problems = list(raw.problems)
    entries: list[tuple[Entry, RawRow]] = []
    places: dict[tuple[int, str], str] = {}
    for one in raw.rows:
        entry, wrong = read_entry(one.values)
        problems += [locate(p, one) for p in wrong if p.values.get("column") not in one.refused]
        if entry is None or wrong:
            continue
        key = (entry.year, entry.item)
        here = one.addresses.get("item", str(one.number))
        if key in places:
            values = {"item": entry.item, "year": entry.year, "first": places[key]}
            problems.append(Problem("frame_row_twice", here, values))
        places.setdefault(key, here)
        entries.append((entry, one))
    standing = _standing(session, row.subject)
    rows = tuple(
        Taken(entry, one.addresses.get("value", str(one.number)), standing.get((entry.year, entry.item)))
        for entry, one in entries
    )
    return FrameReading(rows, tuple(problems), raw.notes, _mark(rows))


def accept_frame_file(
    session: Session, actor: Actor, *, file_id: int, seen: str, vault: Vault, now: datetime
) -> tuple[FrameFile, int]:
    """Take the rows over; returns the file and how many figures got a new version. Unchanged rows make none.

    `seen` is the mark of the reading the person looked at. Raises NotFound, Refused (frame_file_decided,
    frame_changed_meanwhile), Invalid with every problem: then nothing is stored.
    """
    row = frame_file_by_id(session, file_id)
    found = read_frame_file(session, vault, row)
    _decide(session, row, "accepted", now)
    if found.problems:
        raise Invalid(found.problems)
    if found.seen != seen:
        raise Refused("frame_changed_meanwhile")
    count = 0
    frames: dict[int, Frame] = {}
    for taken in found.rows:
        if not taken.changes:
            continue
        year = taken.entry.year
        if year not in frames:
            frames[year], _new = open_year(
                session, actor, year=year, subject=row.subject, source=row.source, now=now
            )
        standing = newest_version(session, frames[year].id, taken.entry.item)
        put_imported(
            session,
            actor,
            frame=frames[year],
            entry=taken.entry,
            base=standing.version if standing else 0,
            file_id=row.id,
            cell=taken.cell,
            now=now,
        )
        count += 1
    _note(session, actor, "frame_file.accepted", row, now, figures=count)
    return row, count


def discard_frame_file(session: Session, actor: Actor, *, file_id: int, now: datetime) -> FrameFile:
    """Set a waiting file aside; the caller deletes its bytes once that is committed. Raises NotFound, Refused."""
    row = frame_file_by_id(session, file_id)
    _decide(session, row, "discarded", now)
    _note(session, actor, "frame_file.discarded", row, now)
    return row


def _standing(session: Session, subject: str) -> Mapping[tuple[int, str], FrameFigure]:
    frames = {f.id: f.year for f in session.scalars(select(Frame).where(Frame.subject == subject))}
    figures = figures_in_force(session, list(frames))
    return {(frames[frame_id], item): row for frame_id, rows in figures.items() for item, row in rows.items()}


def _mark(rows: tuple[Taken, ...]) -> str:
    """A short mark of the versions a person saw beside the rows."""
    text = ",".join(f"{r.entry.year}:{r.entry.item}:{r.before.id if r.before else 0}" for r in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _decide(session: Session, row: FrameFile, state: str, now: datetime) -> None:
    if not decide_once(session, row, state, now):
        raise Refused("frame_file_decided")


def _text_problems(where: str, text: str, most: int) -> list[Problem]:
    if len(text) > most:
        return [Problem("words_too_long", where, {"most": most})]
    return [Problem("words_unprintable", where)] if unprintable(text) else []


def _note(
    session: Session, actor: Actor, action: str, row: FrameFile, now: datetime, **details: object
) -> None:
    values = {"sha256": row.sha256, "subject": row.subject, **details}
    note(session, actor, action, thing="frame_file", thing_id=row.id, details=values, now=now)
