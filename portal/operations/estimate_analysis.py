"""What a run's lines say beyond the total: how good its data are, how sure it is, and where to ask next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.carbon import monte_carlo
from portal.core.carbon.monte_carlo import Simulated
from portal.core.carbon.quality import QUALITY_SCALE, UNCERTAINTY_TABLE
from portal.core.carbon.quality_roll_up import Portion, Rolled, roll_up, total_of
from portal.core.carbon.uncertainty import interval_95
from portal.core.carbon.value_of_information import Gain, Holding, gains, width_with
from portal.core.exact import rounded
from portal.operations.estimate_cells import Cell, dollars
from portal.operations.estimate_register import money_at, source_qualities
from portal.store.estimates import Estimate

MOST_TOGETHER = 10


@dataclass(frozen=True)
class QualityFound:
    """Quality of a run: the whole, by supplier and by material, most emission first."""

    total: Rolled
    suppliers: Sequence[Rolled]
    materials: Sequence[Rolled]


@dataclass(frozen=True)
class Certainty:
    """The 95 % interval in kg, worked out and drawn; `apart` is by which share the two widths differ."""

    total: Decimal
    analytic: tuple[Decimal, Decimal]
    simulated: Simulated
    apart: Decimal
    agrees: bool
    table: str


@dataclass(frozen=True)
class Asking:
    """Suppliers by what their own footprints would narrow; `together[n]` is the width once the first n + 1 gave theirs.

    `unreached` are lines by supplier that have no emission yet and would get one.
    """

    total: Decimal
    width: Decimal
    gains: Sequence[Gain]
    together: Sequence[Decimal]
    unreached: Mapping[str, int]


def quality_found(session: Session, estimate: Estimate, cells: Sequence[Cell]) -> QualityFound:
    """Primary data share and ratings of a run, emission-weighted. Two queries."""
    sources = source_qualities(session, estimate)
    scale = estimate.summary.get("quality_scale", QUALITY_SCALE)
    portions = [
        Portion(c.supplier_id, c.material, c.source_id, c.quality, c.kg, c.lines)
        for c in cells
        if c.kg is not None and c.quality is not None
    ]
    return QualityFound(
        total=total_of(portions, sources, grade_scale=scale),
        suppliers=roll_up(portions, sources, by=lambda p: p.supplier_id, grade_scale=scale),
        materials=roll_up(portions, sources, by=lambda p: p.material, grade_scale=scale),
    )


def certainty(estimate: Estimate, cells: Sequence[Cell]) -> Certainty:
    """The analytic interval and a simulated one over the sums per source and spread."""
    sums: dict[tuple[str, Decimal], Decimal] = {}
    for cell in cells:
        if cell.kg is not None and cell.sigma_ln is not None:
            key = (cell.source_id, cell.sigma_ln)
            sums[key] = sums.get(key, Decimal(0)) + cell.kg
    analytic = interval_of(cells)
    simulated = monte_carlo.simulate((source, sigma, kg) for (source, sigma), kg in sums.items())
    return Certainty(
        total=sum(sums.values(), Decimal(0)),
        analytic=analytic,
        simulated=simulated,
        apart=monte_carlo.disagreement(analytic, simulated),
        agrees=monte_carlo.agrees(analytic, simulated),
        table=estimate.summary.get("uncertainty_table", UNCERTAINTY_TABLE),
    )


def interval_of(cells: Sequence[Cell]) -> tuple[Decimal, Decimal]:
    """The analytic 95 % interval, in kg, of these cells' emission; their total lies in it."""
    spreads: dict[str, Decimal] = {}
    total = Decimal(0)
    for cell in cells:
        if cell.kg is not None and cell.sigma_ln is not None:
            total += cell.kg
            spreads[cell.source_id] = spreads.get(cell.source_id, Decimal(0)) + cell.kg * cell.sigma_ln
    return interval_95(total, spreads.values())


def asking(session: Session, estimate: Estimate, cells: Sequence[Cell]) -> Asking:
    """Where to ask next. One footprint covers a product, or a material where the lines name no product."""
    money = money_at(session, estimate)
    holdings: list[Holding] = []
    unreached: dict[str, int] = {}
    for cell in cells:
        if cell.kg is None or cell.sigma_ln is None:
            unreached[cell.supplier_id] = unreached.get(cell.supplier_id, 0) + cell.lines
            continue
        holdings.append(
            Holding(
                supplier_id=cell.supplier_id,
                ask=cell.product_id or cell.material,
                source_id=cell.source_id,
                sigma_ln=cell.sigma_ln,
                kg=cell.kg,
                lines=cell.lines,
                spend_usd=rounded(dollars(cell, money, estimate.year), 2),
            )
        )
    total = sum((each.kg for each in holdings), Decimal(0))
    found = gains(total, holdings)
    first = [gain.supplier_id for gain in found if gain.narrowing > 0][:MOST_TOGETHER]
    return Asking(
        total=total,
        width=found[0].before if found else Decimal(0),
        gains=found,
        together=[width_with(total, holdings, first[: n + 1]) for n in range(len(first))],
        unreached=unreached,
    )
