"""Two runs side by side: the change of the total explained, from the lines of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from portal.core.carbon.candidates import ratio
from portal.core.carbon.comparing import Bought, Comparison, compare
from portal.core.carbon.money import Money
from portal.core.units import CLASSES, unit_class
from portal.files.vault import Vault
from portal.operations.estimate_cells import Cell, cells_of, dollars
from portal.operations.estimate_register import money_at
from portal.store.estimates import Estimate


def compared(session: Session, vault: Vault, first: Estimate, second: Estimate) -> Comparison:
    """What changed from the first run to the second, in kg of CO2e. Raises NotFound when files of a run are gone."""
    before, after = (
        bought_in(cells_of(vault, run), money_at(session, run), run.year) for run in (first, second)
    )
    return compare(before, after)


def bought_in(cells: Sequence[Cell], money: Money, year: int) -> Iterator[Bought]:
    """The cells of a run as things bought: amounts in the base unit of their class, money in dollars of the year."""
    for cell in cells:
        usd = dollars(cell, money, year)
        measure, amount = "USD", usd
        if cell.quantity is not None and cell.unit:
            measure = base_unit(cell.unit)
            amount = Fraction(cell.quantity) * ratio(cell.unit, measure)
        yield Bought(
            supplier_id=cell.supplier_id,
            material=cell.material,
            product_id=cell.product_id,
            measure=measure,
            method=cell.method,
            amount=amount,
            usd=usd,
            kg=cell.kg or Decimal(0),
        )


def base_unit(unit: str) -> str:
    """The unit of its class that the others are multiples of: kg, m2, m3, MJ, kWp, t.km, piece."""
    units = CLASSES[unit_class(unit) or ""]
    return next(name for name, size in units.items() if size == 1)
