"""The buyer's own inventory by year: figures written in versions, category 1 taken from an estimate, statements kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.frame import ITEMS
from portal.core.carbon.frame_rows import LONGEST_NOTE, Entry, read_entry
from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.reading import is_blank, read_date, unprintable
from portal.operations.journal import note
from portal.operations.keeping import Kept
from portal.store.estimates import Estimate
from portal.store.frame import Frame, FrameFigure, FrameStatement

YEARS = range(1990, 2101)
COVERS = ("scope1", "scope2", "scope3")
LEVELS = ("reasonable", "limited", "not_stated")
LONGEST_SUBJECT, LONGEST_SOURCE, LONGEST_FACT = 120, 500, 200


@dataclass(frozen=True)
class Statement:
    """What a verification statement says; `covers` is a part of COVERS, `level` one of LEVELS."""

    covers: tuple[str, ...]
    standard: str
    level: str
    verifier: str
    number: str
    issued_on: date


def open_year(
    session: Session, actor: Actor, *, year: int, subject: str = "", source: str = "", now: datetime
) -> tuple[Frame, bool]:
    """The frame of a year, opened where there is none yet. Returns it and whether it is new.

    An empty `subject` is our own inventory; a published example names who published it and, in `source`, where.
    Raises Refused: frame_year_odd, frame_example_needs_source.
    """
    if year not in YEARS:
        raise Refused("frame_year_odd", found=year)
    if bool(subject) != bool(source):
        raise Refused("frame_example_needs_source")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = session.execute(
        insert(Frame)
        .values(subject=subject, source=source, year=year, opened_by_id=actor.user_id, opened_at=now)
        .on_conflict_do_nothing(index_elements=["subject", "year"])
        .execution_options(preserve_rowcount=True)
    )
    frame = session.scalars(select(Frame).where(Frame.subject == subject, Frame.year == year)).one()
    new = made.rowcount == 1  # type: ignore[attr-defined]  # a changing statement has a row count
    if new:
        _note(session, actor, "frame.opened", frame, now, year=year, subject=subject)
    return frame, new


def frame_by_id(session: Session, frame_id: int) -> Frame:
    """One year. Raises NotFound."""
    found = session.get(Frame, frame_id)
    if found is None:
        raise NotFound
    return found


def read_figure(given: Mapping[str, str], *, year: int, item: str) -> Entry:
    """A figure from form text (value, unit, source, note).

    Raises Invalid with `where` naming the field: the codes of `portal.core.carbon.frame_rows.read_entry`.
    """
    entry, problems = read_entry({**given, "year": str(year), "item": item})
    if entry is None:
        raise Invalid(problems)
    return entry


def write_figure(
    session: Session, actor: Actor, *, frame_id: int, item: str, entry: Entry, base: int, now: datetime
) -> FrameFigure:
    """A new version of a figure; `base` is the version the person saw (0: none). The older one is kept.

    Raises NotFound, Conflict when somebody else wrote since.
    """
    frame = _frame_with(session, frame_id, item)
    return _put(session, actor, frame, item, base, now, **_given(entry), origin="typed")


def put_imported(
    session: Session,
    actor: Actor,
    *,
    frame: Frame,
    entry: Entry,
    base: int,
    file_id: int,
    cell: str,
    now: datetime,
) -> FrameFigure:
    """A figure read from an accepted file, with the file and the cell of its value. Raises Conflict."""
    values = _given(entry)
    return _put(
        session, actor, frame, entry.item, base, now, **values, origin="imported", file_id=file_id, cell=cell
    )


def take_back(
    session: Session, actor: Actor, *, frame_id: int, item: str, reason: str, base: int, now: datetime
) -> FrameFigure:
    """From now on there is no figure; what stood there stays in its history.

    Raises NotFound (also where there is none), Invalid (frame_reason_missing), Conflict.
    """
    frame = _frame_with(session, frame_id, item)
    words = _words(reason, "note", LONGEST_NOTE, "frame_reason_missing")
    standing = newest_version(session, frame_id, item)
    if standing is None or standing.value is None:
        raise NotFound
    nothing: dict[str, Any] = {"value": None, "step": Decimal(0), "typed": "", "unit": "", "source": ""}
    return _put(session, actor, frame, item, base, now, **nothing, note=words, origin="typed")


def use_estimate(
    session: Session, actor: Actor, *, frame_id: int, estimate_id: int, base: int, now: datetime
) -> FrameFigure:
    """Category 1 of our own year is this estimate's total; the figure stays linked to the run.

    Raises NotFound, Refused (frame_estimate_other_year, frame_estimate_for_example), Conflict.
    """
    frame = _frame_with(session, frame_id, "category_1")
    estimate = session.get(Estimate, estimate_id)
    if estimate is None or not estimate.summary:
        raise NotFound
    if not frame.is_own:
        raise Refused("frame_estimate_for_example")
    if estimate.year != frame.year:
        raise Refused("frame_estimate_other_year", year=estimate.year, wanted=frame.year)
    text = str(estimate.summary["total_tco2e"])
    return _put(
        session,
        actor,
        frame,
        "category_1",
        base,
        now,
        value=Decimal(text),
        step=Decimal(0),
        typed=text,
        unit="tCO2e",
        source=f"Estimate {estimate.run}",
        origin="estimate",
        estimate_id=estimate.id,
    )


def newest_version(session: Session, frame_id: int, item: str) -> FrameFigure | None:
    """The newest version of a figure, also one that takes it back."""
    return session.scalar(
        select(FrameFigure)
        .where(FrameFigure.frame_id == frame_id, FrameFigure.item == item)
        .order_by(FrameFigure.version.desc())
        .limit(1)
    )


def read_statement(given: Mapping[str, str], covers: tuple[str, ...], today: date) -> Statement:
    """A statement's facts from form text (standard, level, verifier, number, issued_on).

    Raises Invalid with `where` naming the field: frame_covers_missing, frame_level_missing, frame_words_missing,
    words_too_long, words_unprintable, frame_date_unreadable, frame_date_ahead.
    """
    problems: list[Problem] = []
    if not covers or not set(covers) <= set(COVERS):
        problems.append(Problem("frame_covers_missing", "covers"))
    if given.get("level") not in LEVELS:
        problems.append(Problem("frame_level_missing", "level"))
    words = {}
    for name, missing in (
        ("standard", "frame_words_missing"),
        ("verifier", "frame_words_missing"),
        ("number", ""),
    ):
        try:
            words[name] = _words(given.get(name, ""), name, LONGEST_FACT, missing)
        except Invalid as invalid:
            problems += invalid.problems
    day = read_date(given.get("issued_on", ""), "issued_on")
    if isinstance(day, Problem) or is_blank(given.get("issued_on", "")):
        problems.append(Problem("frame_date_unreadable", "issued_on"))
    elif day > today:
        problems.append(Problem("frame_date_ahead", "issued_on"))
    if problems:
        raise Invalid(problems)
    assert isinstance(day, date)
    return Statement(covers, words["standard"], given["level"], words["verifier"], words["number"][:120], day)


def add_statement(
    session: Session, actor: Actor, *, frame_id: int, statement: Statement, kept: Kept | None, now: datetime
) -> FrameStatement:
    """Keep a verification statement, with its file where there is one. Raises NotFound."""
    frame = frame_by_id(session, frame_id)
    row = FrameStatement(
        frame_id=frame.id,
        covers=list(statement.covers),
        standard=statement.standard,
        level=statement.level,
        verifier=statement.verifier,
        number=statement.number,
        issued_on=statement.issued_on,
        vault_key=kept.key if kept else None,
        file_name=kept.upload.name if kept else "",
        media_type=kept.upload.media_type if kept else "",
        sha256=kept.upload.sha256 if kept else "",
        added_by_id=actor.user_id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    _note(
        session, actor, "frame.statement_added", frame, now, statement=row.id, covers=list(statement.covers)
    )
    return row


def remove_statement(
    session: Session, actor: Actor, *, frame_id: int, statement_id: int, now: datetime
) -> FrameStatement:
    """Take a statement off the year; the row and its file are kept. Raises NotFound."""
    row = statement_by_id(session, frame_id, statement_id)
    row.removed_at = now
    session.flush()
    frame = frame_by_id(session, frame_id)
    _note(session, actor, "frame.statement_removed", frame, now, statement=row.id)
    return row


def statement_by_id(session: Session, frame_id: int, statement_id: int) -> FrameStatement:
    """A statement that stands on this year. Raises NotFound."""
    row = session.get(FrameStatement, statement_id)
    if row is None or row.frame_id != frame_id or row.removed_at is not None:
        raise NotFound
    return row


def _given(entry: Entry) -> dict[str, Any]:
    return {
        "value": entry.value,
        "step": entry.step,
        "typed": entry.typed,
        "unit": entry.unit,
        "source": entry.source,
        "note": entry.note,
    }


def _put(
    session: Session, actor: Actor, frame: Frame, item: str, base: int, now: datetime, **values: Any
) -> FrameFigure:
    """Insert version base + 1; the row count says whether somebody else was first."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"note": "", "source": "", "cell": "", "estimate_id": None, "file_id": None, **values}
    made = None
    if 0 <= base < 2**31 - 2 and _stands(session, frame.id, item, base):
        made = session.execute(
            insert(FrameFigure)
            .values(
                frame_id=frame.id,
                item=item,
                version=base + 1,
                entered_by_id=actor.user_id,
                entered_at=now,
                **row,
            )
            .on_conflict_do_nothing(index_elements=["frame_id", "item", "version"])
            .execution_options(preserve_rowcount=True)
        )
    standing = newest_version(session, frame.id, item)
    if made is None or made.rowcount != 1:  # type: ignore[attr-defined]  # a changing statement has a row count
        raise Conflict(mine=row, theirs=standing)
    assert standing is not None
    _note(
        session, actor, "frame.figure_written", frame, now, item=item, version=base + 1, origin=row["origin"]
    )
    return standing


def _stands(session: Session, frame_id: int, item: str, base: int) -> bool:
    """Whether `base` is a version that exists (0 needs none): a gap in the versions is never made."""
    if base == 0:
        return True
    standing = newest_version(session, frame_id, item)
    return standing is not None and standing.version == base


def _frame_with(session: Session, frame_id: int, item: str) -> Frame:
    if item not in ITEMS:
        raise NotFound
    return frame_by_id(session, frame_id)


def _words(raw: str, where: str, most: int, missing: str) -> str:
    text = raw.replace("\r\n", "\n").strip()
    if not text and missing:
        raise Invalid([Problem(missing, where)])
    if len(text) > most:
        raise Invalid([Problem("words_too_long", where, {"most": most})])
    if unprintable(text):
        raise Invalid([Problem("words_unprintable", where)])
    return text


def _note(
    session: Session, actor: Actor, action: str, frame: Frame, now: datetime, **details: object
) -> None:
    note(session, actor, action, thing="frame", thing_id=frame.id, details=details, now=now)
