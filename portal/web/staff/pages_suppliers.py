"""Page objects of the suppliers: the list over all rounds and one supplier with everything known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.store.assessments import Assessment, assessments_of
from portal.store.carbon import FootprintRow, InventoryRow, footprints_in_force, inventories_in_force
from portal.store.people import Invitation, Membership, former_people_of, open_invitations, people_of
from portal.store.standings import (
    commitments_by_supplier,
    newest_assessments,
    newest_scored,
    standings_of,
)
from portal.store.suppliers import Supplier, all_suppliers
from portal.web.staff.listing import Row, row_of, row_without_assessment, supplier_name, with_last_score


@dataclass(frozen=True)
class SupplierPage:
    """One supplier. `assessments` newest first; carbon data in force with the file they came from."""

    id: int
    name: str
    other_name: str
    supplier: Supplier
    people: Sequence[Membership]
    former: Sequence[Membership]
    links: Sequence[Invitation]
    assessments: Sequence[Row]
    commitments: int
    footprints: Sequence[FootprintRow]
    inventories: Sequence[InventoryRow]


def rows_of_all(session: Session, locale: str, today: date) -> list[Row]:
    """Every supplier with its newest assessment and its last score. The same few queries for any number."""
    newest = _by_supplier(session, newest_assessments(session), locale, today)
    scored = _by_supplier(session, newest_scored(session), locale, today)
    return [
        with_last_score(newest.get(s.id) or row_without_assessment(s, locale), scored.get(s.id))
        for s in all_suppliers(session)
    ]


def rows_scored(session: Session, locale: str, today: date) -> list[Row]:
    """Every supplier that ever had a score, on the assessment that earned its last one."""
    return list(_by_supplier(session, newest_scored(session), locale, today).values())


def _by_supplier(
    session: Session, assessments: Sequence[Assessment], locale: str, today: date
) -> dict[int, Row]:
    standings = standings_of(session, assessments)
    return {s.assessment.supplier_id: row_of(s, locale, today) for s in standings}


def supplier_page(
    session: Session, supplier: Supplier, locale: str, today: date, now: datetime
) -> SupplierPage:
    """Everything the buyer knows of one supplier."""
    name = supplier_name(supplier, locale)
    return SupplierPage(
        id=supplier.id,
        name=name,
        other_name=supplier.name_zh if name == supplier.name else supplier.name,
        supplier=supplier,
        people=people_of(session, supplier.id),
        former=former_people_of(session, supplier.id),
        links=open_invitations(session, supplier.id, now),
        assessments=[
            row_of(standing, locale, today)
            for standing in standings_of(session, assessments_of(session, supplier.id))
        ],
        commitments=commitments_by_supplier(session).get(supplier.id, 0),
        footprints=footprints_in_force(session, supplier.id),
        inventories=inventories_in_force(session, supplier.id),
    )
