"""Electricity enters the register: typed for a site and year, or from an accepted file with one or many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.doubts import Doubt
from portal.core.carbon.electricity import Use, read_use, site_key, together
from portal.core.errors import Invalid, NotFound
from portal.core.problems import Problem
from portal.language import N_
from portal.operations.doubts import note_doubts, reply
from portal.operations.inventories import hold_register, unprintable_fields
from portal.operations.journal import note
from portal.store.carbon_doubts import open_doubts_of
from portal.store.electricity import ElectricityUpload, ElectricityUse, electricity_of

MOST_TYPED = 80
CAME_LATER = N_("The electricity of this year was entered afterwards.")


@dataclass(frozen=True)
class TakenUse:
    """One row of consumption with the cells and texts it was read from; `place` is where problems are shown."""

    place: str
    use: Use
    cells: Mapping[str, str]
    typed: Mapping[str, str]


def read_typed_uses(
    head: Mapping[str, str], rows: Sequence[Mapping[str, str]], *, today: date | None = None
) -> list[TakenUse]:
    """Consumption of one site and year from form text.

    `head` holds site, country, region, year and unit; each row month, source and amount. Rows without an amount are
    left out. Raises Invalid with `where` naming the field: `amount-3` for the third row, `site` for the head. Codes:
    those of `read_use` and `together`, electricity_empty, electricity_too_many, field_unprintable.
    """
    problems = unprintable_fields(head)
    taken: list[TakenUse] = []
    filled = [(n, row) for n, row in enumerate(rows, start=1) if (row.get("amount") or "").strip()]
    if len(filled) > MOST_TYPED:
        raise Invalid([Problem("electricity_too_many", "site", {"most": MOST_TYPED})])
    for number, row in filled:
        given = {**head, **row}
        wrong = unprintable_fields(row)
        use, found = read_use(given, today=today) if not wrong else (None, [])
        for problem in [*wrong, *found]:
            where = problem.where if problem.where in head else f"{problem.where}-{number}"
            if not any((p.code, p.where) == (problem.code, where) for p in problems):
                problems.append(Problem(problem.code, where, problem.values))
        if use is not None:
            typed = {key: text for key, text in given.items() if text}
            taken.append(TakenUse(f"amount-{number}", use, {}, typed))
    if not filled:
        use, found = read_use({**head, "source": "grid", "amount": "0"}, today=today)
        problems += [p for p in found if p.where in head] or [Problem("electricity_empty", "amount-1")]
    problems += together([(t.place, t.use) for t in taken])
    if problems:
        raise Invalid(problems)
    return taken


def keep_uses(
    session: Session,
    actor: Actor,
    *,
    taken: Sequence[TakenUse],
    upload: ElectricityUpload | None,
    doubts: Sequence[Doubt],
    replies: Mapping[str, str],
    now: datetime,
) -> list[ElectricityUse]:
    """Put consumption into the register of the actor's supplier; what its sites and years held before is replaced.

    The doubts are kept with the first row of the year they are about. Raises NotFound, Invalid (doubt_reply_…):
    then the caller rolls back.
    """
    if actor.supplier_id is None:
        raise NotFound
    hold_register(session, actor.supplier_id)
    _replace(session, actor.supplier_id, {(site_key(t.use.site), t.use.year) for t in taken}, now)
    rows = [
        ElectricityUse(
            supplier_id=actor.supplier_id,
            upload_id=upload.id if upload else None,
            site=one.use.site,
            country=one.use.country,
            region=one.use.region,
            year=one.use.year,
            month=one.use.month,
            source=one.use.source,
            mwh=one.use.mwh,
            cells=dict(one.cells),
            typed=dict(one.typed),
            entered_by_id=actor.user_id,
            entered_at=now,
        )
        for one in taken
    ]
    session.add_all(rows)
    session.flush()
    first = {row.year: row.id for row in reversed(rows)}
    for year, row_id in sorted(first.items()):
        note_doubts(
            session, actor, subject="electricity", subject_id=row_id, supplier_id=actor.supplier_id,
            doubts=[d for d in doubts if d.about == str(year)], replies=replies, now=now,
        )  # fmt: skip
    _answer_open(session, actor, set(first), now)
    for site, year in sorted({(row.site, row.year) for row in rows}):
        _note(session, actor, "electricity.entered", first[year], {"site": site, "year": year}, now)
    return rows


def _answer_open(session: Session, actor: Actor, years: set[int], now: datetime) -> None:
    """The question why a year has scope 2 but no electricity answers itself when the electricity comes."""
    for doubt in open_doubts_of(session, actor.supplier_id or 0):
        if doubt.code == "scope2_without_electricity" and int(doubt.values["year"]) in years:
            reply(session, actor, doubt_id=doubt.id, text=CAME_LATER, now=now)


def remove_uses(session: Session, actor: Actor, *, site: str, year: int, now: datetime) -> int:
    """Take a site's year out of the register; the rows are kept as replaced. Returns how many. Raises NotFound."""
    if actor.supplier_id is None:
        raise NotFound
    hold_register(session, actor.supplier_id)
    gone = _replace(session, actor.supplier_id, {(site_key(site), year)}, now)
    if not gone:
        raise NotFound
    _note(session, actor, "electricity.removed", gone[0].id, {"site": site, "year": year}, now)
    return len(gone)


def _replace(
    session: Session, supplier_id: int, which: set[tuple[str, int]], now: datetime
) -> list[ElectricityUse]:
    gone = [row for row in electricity_of(session, supplier_id) if (site_key(row.site), row.year) in which]
    for row in gone:
        row.replaced_at = now
    session.flush()
    return gone


def _note(
    session: Session, actor: Actor, action: str, row_id: int, details: Mapping[str, object], now: datetime
) -> None:
    note(
        session,
        actor,
        action,
        thing="electricity",
        thing_id=row_id,
        supplier_id=actor.supplier_id,
        details=details,
        now=now,
    )
