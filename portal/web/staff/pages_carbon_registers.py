"""Page object of a supplier's carbon register for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.carbon.pcf import last_valid_day
from portal.operations.footprint_context import footprint_of
from portal.operations.footprint_export import missing_for_pact
from portal.store.carbon import FootprintRow, footprints_in_force, footprints_replaced
from portal.store.carbon_doubts import CarbonDoubt, doubts_about
from portal.web.doubt_lines import AnsweredDoubt, answered


@dataclass(frozen=True)
class RegisterLine:
    """One footprint, kgCO2e per `amount` of `unit`, with its file and place and the doubts about it."""

    id: int
    footprint_id: str
    product_id: str
    material: str
    geography: str
    pcf: Decimal
    amount: Decimal
    unit: str
    period_start: date
    period_end: date
    valid_until: date
    ended: bool
    share: Decimal | None
    verified: bool
    upload_id: int
    file: str
    place: str
    doubts: tuple[AnsweredDoubt, ...]


@dataclass(frozen=True)
class RegisterPage:
    """Footprints in force, those replaced, and how many of the former lack what PACT 3.0 requires."""

    footprints: tuple[RegisterLine, ...]
    replaced: tuple[RegisterLine, ...]
    lacking: int


def register_page(session: Session, supplier_id: int, today: date) -> RegisterPage:
    """One supplier's footprints. Three queries and one for the replies."""
    rows, older = footprints_in_force(session, supplier_id), footprints_replaced(session, supplier_id)
    doubts = doubts_about(session, "footprint", [row.id for row in (*rows, *older)])
    return RegisterPage(
        tuple(_line(row, doubts.get(row.id, ()), today) for row in rows),
        tuple(_line(row, doubts.get(row.id, ()), today) for row in older),
        sum(1 for row in rows if missing_for_pact(row)),
    )


def _line(row: FootprintRow, doubts: Sequence[CarbonDoubt], today: date) -> RegisterLine:
    until = last_valid_day(footprint_of(row))
    return RegisterLine(
        id=row.id,
        footprint_id=row.footprint_id,
        product_id=row.product_id,
        material=row.material,
        geography=row.geography,
        pcf=row.pcf_kgco2e,
        amount=row.declared_amount,
        unit=row.declared_unit,
        period_start=row.period_start,
        period_end=row.period_end,
        valid_until=until,
        ended=until < today,
        share=row.primary_data_share,
        verified=row.verified,
        upload_id=row.upload_id,
        file=row.upload.name,
        place=row.cells.get("pcf_kgco2e", ""),
        doubts=answered(doubts),
    )
