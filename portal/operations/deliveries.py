"""Deliveries to the buyer: a year is entered, corrected and shortened as a whole; every earlier figure is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.cells import Row, year
from portal.core.carbon.deliveries import (
    FIELDS,
    Delivery,
    identity,
    judge_year,
    product_key,
    read_delivery,
    twice,
)
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.operations.inventories import hold_register, unprintable_fields
from portal.operations.journal import note
from portal.store.deliveries import DeliveryRow, deliveries_of

MOST_ROWS = 200


@dataclass(frozen=True)
class TypedDelivery:
    """One row of the form; `stands_for` is the id of the delivery in force that it shows, 0 for a new one."""

    stands_for: int
    delivery: Delivery
    typed: Mapping[str, str]


@dataclass(frozen=True)
class KeptYear:
    """How many deliveries of a year are new, corrected and removed."""

    entered: int
    corrected: int
    removed: int


def read_year(text: str, *, today: date) -> int:
    """The year a form is for. Raises Invalid at "year": those of `cells.year`, delivery_year_ahead."""
    row = Row({"year": text})
    read = year(row, "year", required=True)
    problems = row.problems + (judge_year(read, today) if read else [])
    if problems or read is None:
        raise Invalid(problems)
    return read


def read_typed_deliveries(
    given_year: int, rows: Sequence[Mapping[str, str]], materials: Collection[str]
) -> list[TypedDelivery]:
    """Deliveries of a year from form text: FIELDS and `stands_for` by row; rows with nothing in them are left out.

    Raises Invalid with `where` naming the field: `quantity-3` for the third row. Codes: those of `read_delivery`,
    delivery_twice (first), deliveries_too_many (most), field_unprintable.
    """
    if len(rows) > MOST_ROWS:
        raise Invalid([Problem("deliveries_too_many", "year", {"most": MOST_ROWS})])
    problems: list[Problem] = []
    taken: list[tuple[str, TypedDelivery]] = []
    for number, row in enumerate(rows, start=1):
        typed = {name: row.get(name, "").strip() for name in FIELDS}
        if not any(typed.values()) and not row.get("stands_for"):
            continue
        wrong = unprintable_fields(typed)
        one, found = (None, []) if wrong else read_delivery({**typed, "year": str(given_year)}, materials)
        problems += [Problem(p.code, f"{p.where}-{number}", p.values) for p in (*wrong, *found)]
        if one is not None:
            said = {name: text for name, text in typed.items() if text}
            taken.append((f"quantity-{number}", TypedDelivery(id_of(row.get("stands_for", "")), one, said)))
    problems += twice((place, one.delivery) for place, one in taken)
    if problems:
        raise Invalid(problems)
    return [one for _place, one in taken]


def mark_of_year(rows: Sequence[DeliveryRow]) -> str:
    """A short mark of the deliveries in force of a year, to tell whether they are still those a person saw."""
    return hashlib.sha256(",".join(str(row.id) for row in sorted(rows, key=_by_id)).encode()).hexdigest()[:16]


def keep_year(
    session: Session,
    actor: Actor,
    *,
    given_year: int,
    taken: Sequence[TypedDelivery],
    seen: str,
    shown: Collection[int],
    now: datetime,
) -> KeptYear:
    """Let exactly these deliveries be in force in a year of the actor's supplier; `seen` is the mark of those shown, and
    `shown` are the ids that came back: those taken, and those a person removed.

    What did not change stays as it is. Raises NotFound, Refused (deliveries_changed_meanwhile, deliveries_form_incomplete:
    some did not come back, which is no wish to remove them): then nothing is stored.
    """
    if actor.supplier_id is None:
        raise NotFound
    hold_register(session, actor.supplier_id)
    standing = {row.id: row for row in deliveries_of(session, actor.supplier_id, given_year)}
    named = [one.stands_for for one in taken if one.stands_for]
    if (
        mark_of_year(list(standing.values())) != seen
        or len(set(named)) < len(named)
        or set(named) - set(standing)
    ):
        raise Refused("deliveries_changed_meanwhile", year=given_year)
    if set(standing) - set(shown):
        raise Refused("deliveries_form_incomplete", year=given_year)
    kept = {one.stands_for for one in taken if one.stands_for and _same(standing[one.stands_for], one)}
    ending = [row for row in standing.values() if row.id not in kept]
    for row in ending:
        row.ended_at, row.ended_by_id = now, actor.user_id
    session.flush()
    fresh = [one for one in taken if one.stands_for not in kept]
    rows = [_row(actor, actor.supplier_id, one, now) for one in fresh]
    session.add_all(rows)
    session.flush()
    corrected = sum(1 for one in fresh if one.stands_for)
    done = KeptYear(len(fresh) - corrected, corrected, len(ending) - corrected)
    if fresh or ending:
        _note(session, actor, given_year, done, (rows or ending)[0].id, now)
    return done


def delivery_of(row: DeliveryRow) -> Delivery:
    """A stored delivery as the value the rules speak of."""
    return Delivery(
        row.year, row.material, row.product_id, row.quantity, row.unit, row.value, row.currency, str(row.id)
    )


def _same(row: DeliveryRow, one: TypedDelivery) -> bool:
    was, now = delivery_of(row), one.delivery
    return (was.product_id, was.unit, was.currency) == (now.product_id, now.unit, now.currency) and (
        identity(was) == identity(now) and was.quantity == now.quantity and was.value == now.value
    )


def _row(actor: Actor, supplier_id: int, one: TypedDelivery, now: datetime) -> DeliveryRow:
    given = one.delivery
    return DeliveryRow(
        supplier_id=supplier_id,
        year=given.year,
        material=given.material,
        product_id=given.product_id,
        product_key=product_key(given.product_id),
        quantity=given.quantity,
        unit=given.unit,
        value=given.value,
        currency=given.currency,
        typed=dict(one.typed),
        entered_by_id=actor.user_id,
        entered_at=now,
        replaces_id=one.stands_for or None,
    )


def _note(
    session: Session, actor: Actor, given_year: int, done: KeptYear, row_id: int, now: datetime
) -> None:
    note(
        session,
        actor,
        "deliveries.kept",
        thing="delivery",
        thing_id=row_id,
        supplier_id=actor.supplier_id,
        details={
            "year": given_year,
            "entered": done.entered,
            "corrected": done.corrected,
            "removed": done.removed,
        },
        now=now,
    )


def id_of(text: str) -> int:
    """The id of a delivery as a form names it, 0 for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _by_id(row: DeliveryRow) -> int:
    return row.id
