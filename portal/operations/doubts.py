"""Noting doubts about carbon figures, and replying to them. One mechanism for every part of the carbon register."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.doubts import Doubt, judge_reply, plain_values, reply_problems
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.operations.journal import note
from portal.store.carbon_doubts import CarbonDoubt, doubt_of, replied


def note_doubts(
    session: Session,
    actor: Actor,
    *,
    subject: str,
    subject_id: int,
    supplier_id: int,
    doubts: Sequence[Doubt],
    replies: Mapping[str, str],
    now: datetime,
) -> list[CarbonDoubt]:
    """Keep the doubts about a figure just stored together with the replies given, by the key of the doubt.

    `subject` is footprint, inventory, electricity or measure; `subject_id` the id of the stored row.
    Raises Invalid (doubt_reply_missing, doubt_reply_wordless, doubt_reply_too_long) when one lacks a reply:
    then the caller's figure must not be stored either.
    """
    problems = reply_problems(doubts, replies)
    if problems:
        raise Invalid(problems)
    rows = [
        CarbonDoubt(
            supplier_id=supplier_id,
            subject=subject,
            subject_id=subject_id,
            code=doubt.problem.code,
            place=doubt.problem.where[:200],
            values=plain_values(doubt.problem),
            noted_at=now,
            reply=replies[doubt.key].strip(),
            replied_by_id=actor.user_id,
            replied_at=now,
        )
        for doubt in doubts
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        _note(session, actor, row, "carbon.doubt_replied", now)
    return rows


def replies_before(
    session: Session, supplier_id: int, subject: str, doubts: Sequence[Doubt]
) -> dict[str, str]:
    """The newest reply the supplier gave to the same warning with the same numbers about the same figure, by the key
    of the doubt now. A page offers it again where a figure comes in once more; it counts when it is sent."""
    if not doubts:
        return {}
    given: dict[tuple[str, str, str], str] = {}
    for row, number in replied(session, supplier_id, subject):
        given[number, row.code, _told(row.values)] = row.reply
    return {
        one.key: given[key]
        for one in doubts
        if (
            key := (
                one.about if subject == "footprint" else "",
                one.problem.code,
                _told(plain_values(one.problem)),
            )
        )
        in given
    }


def _told(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), sort_keys=True)


def note_open_doubts(
    session: Session,
    actor: Actor,
    *,
    subject: str,
    subject_id: int,
    supplier_id: int,
    doubts: Sequence[Doubt],
    now: datetime,
) -> list[CarbonDoubt]:
    """Keep doubts that came up after a figure was accepted; they wait for `reply`."""
    rows = [
        CarbonDoubt(
            supplier_id=supplier_id,
            subject=subject,
            subject_id=subject_id,
            code=doubt.problem.code,
            place=doubt.problem.where[:200],
            values=plain_values(doubt.problem),
            noted_at=now,
        )
        for doubt in doubts
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        _note(session, actor, row, "carbon.doubt_noted", now)
    return rows


def reply(session: Session, actor: Actor, *, doubt_id: int, text: str, now: datetime) -> CarbonDoubt:
    """Answer a doubt that waits. A reply is given once and stays.

    Raises NotFound, Refused("doubt_replied"), Invalid (doubt_reply_missing, …) at the field "reply".
    """
    row = doubt_of(session, actor.supplier_id or 0, doubt_id)
    if row is None:
        raise NotFound
    code = judge_reply(text)
    if code:
        raise Invalid([Problem(code, "reply", {"about": row.place, "most": 1000})])
    written = session.execute(
        update(CarbonDoubt)
        .where(CarbonDoubt.id == row.id, CarbonDoubt.reply == "")
        .values(reply=text.strip(), replied_by_id=actor.user_id, replied_at=now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if written.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise Refused("doubt_replied")
    _note(session, actor, row, "carbon.doubt_replied", now)
    return row


def _note(session: Session, actor: Actor, row: CarbonDoubt, action: str, now: datetime) -> None:
    note(
        session,
        actor,
        action,
        thing="carbon_doubt",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        details={"code": row.code, "subject": row.subject, "subject_id": row.subject_id},
        now=now,
    )
