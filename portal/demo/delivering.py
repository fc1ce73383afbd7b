"""What invented suppliers enter as deliveries to the buyer, and one who corrects a figure afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.deliveries import FIELDS
from portal.operations.deliveries import keep_year, mark_of_year, read_typed_deliveries
from portal.store.deliveries import deliveries_of

# material, product, quantity, unit, value, currency; the quantities are those of the buyer's ledger in demo/carbon.py.
Given = tuple[str, str, str, str, str, str]
DELIVERIES: dict[str, tuple[Given, ...]] = {
    "GLS-01": (
        ("glass", "GLS-01-20", "118000", "t", "", ""),
        ("glass", "GLS-01-32", "36000", "t", "", ""),
        ("glass", "GLS-01-16", "4200", "t", "", ""),
    ),
    "ALU-02": (("aluminium_frame", "ALU-02-F", "4900", "t", "22540000", "EUR"),),
    "JBX-01": (("junction_box", "JBX-01-S", "9400000", "piece", "159800000", "CNY"),),
    "CEL-01": (("cell", "CEL-01-TC", "1450", "t", "", ""),),
    "ENC-01": (("encapsulant", "ENC-01-EVA", "38500000", "m2", "", ""),),
}  # fmt: skip
# Whose quantity of a product was read again, as it was typed at last.
CORRECTED = {"GLS-01": ("GLS-01-16", "5100.50")}


def enter_deliveries(session: Session, lead: Actor, code: str, *, year: int, now: datetime) -> None:
    """Enter what this company delivered in `year`; companies without an entry stay empty."""
    rows = DELIVERIES.get(code, ())
    if rows:
        _keep(session, lead, year, rows, now=now)


def correct_deliveries(session: Session, lead: Actor, code: str, *, year: int, now: datetime) -> None:
    """Enter a year once more with the figure that was wrong."""
    if code in CORRECTED:
        product, quantity = CORRECTED[code]
        rows = tuple(
            (row[0], row[1], quantity if row[1] == product else row[2], *row[3:]) for row in DELIVERIES[code]
        )
        _keep(session, lead, year, rows, now=now)


def _keep(session: Session, lead: Actor, year: int, rows: tuple[Given, ...], *, now: datetime) -> None:
    standing = deliveries_of(session, lead.supplier_id or 0, year)
    known = {row.product_id: str(row.id) for row in standing}
    given = [{**dict(zip(FIELDS, row, strict=True)), "stands_for": known.get(row[1], "")} for row in rows]
    taken = read_typed_deliveries(year, given, {row[0] for row in rows})
    shown = {row.id for row in standing}
    keep_year(session, lead, given_year=year, taken=taken, seen=mark_of_year(standing), shown=shown, now=now)
