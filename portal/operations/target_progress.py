"""How far we are on the target's path: actuals by year, agreed commitments, and a what-if, drawn from what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from portal.core.carbon.frame import PRODUCTION
from portal.core.carbon.targets import (
    Actual,
    Effect,
    Outlook,
    Path,
    Status,
    outlook_of,
    path_value,
    per_mw,
    status_of,
)
from portal.operations.targets import path_of
from portal.operations.what_ifs import change_of
from portal.reports.frame_tables import PathRow
from portal.store.commitments import Commitment, all_commitments
from portal.store.estimates import Estimate
from portal.store.frame import Frame, FrameFigure, all_frames, figures_in_force
from portal.store.targets import Target, WhatIf, target_versions

STANDING = ("agreed", "done", "verified")


@dataclass(frozen=True)
class Year:
    """One year: category 1 (tCO2e), production (MWp) and their quotient with its 95 % bounds where an estimate stands behind.

    Anything not known is None; `path` is the target's value in the year.
    """

    year: int
    frame: Frame | None
    tonnes: FrameFigure | None
    production: FrameFigure | None
    intensity: Decimal | None
    interval: tuple[Decimal, Decimal] | None
    path: Decimal | None
    status: Status | None


@dataclass(frozen=True)
class Progress:
    """Everything the target page shows. `capped_by` is the estimate whose tonnes bound what commitments can avoid."""

    target: Target | None
    versions: tuple[Target, ...]
    path: Path | None
    years: tuple[Year, ...]
    latest: Year | None
    commitments: tuple[Commitment, ...]
    outlook: tuple[Outlook, ...]
    capped_by: Estimate | None
    what_if: WhatIf | None


def progress_of(session: Session, what_if: WhatIf | None = None) -> Progress:
    """Read everything and work it out; the number of queries does not depend on how much there is."""
    versions = target_versions(session)
    target = versions[0] if versions else None
    path = path_of(target) if target else None
    frames = [frame for frame in all_frames(session) if frame.is_own]
    figures = figures_in_force(session, [frame.id for frame in frames])
    by_year = {frame.year: (frame, figures[frame.id]) for frame in frames}
    years = tuple(_year(year, by_year, path) for year in _years(by_year, path))
    known = [year for year in years if year.intensity is not None]
    latest = known[-1] if known else None
    standing = tuple(
        c for c in all_commitments(session) if c.state in STANDING and c.effect_tco2e and c.effect_tco2e > 0
    )
    estimate = latest.tonnes.estimate if latest and latest.tonnes else None
    return Progress(
        target=target,
        versions=tuple(versions),
        path=path,
        years=years,
        latest=latest,
        commitments=standing,
        outlook=_outlook(path, latest, standing, estimate, by_year, what_if),
        capped_by=estimate,
        what_if=what_if,
    )


def path_rows(progress: Progress) -> tuple[PathRow, ...]:
    """The years in the form the reports write; nothing where no target is set."""
    if progress.target is None:
        return ()
    drawn = {one.year: one for one in progress.outlook}
    rows = []
    for year in progress.years:
        ahead = drawn.get(year.year)
        low, high = year.interval or (None, None)
        rows.append(
            PathRow(
                year=year.year,
                tonnes=year.tonnes.value if year.tonnes else None,
                produced=year.production.value if year.production else None,
                intensity=year.intensity,
                low=low,
                high=high,
                path=year.path,
                percent=year.status.percent if year.status else None,
                with_commitments=ahead.with_commitments if ahead else None,
                with_what_if=ahead.with_what_if if ahead else None,
            )
        )
    return tuple(rows)


def interval_of(estimate: Estimate) -> tuple[Decimal, Decimal]:
    """The 95 % interval of an estimate's total, tCO2e."""
    low, high = estimate.summary["interval_95"]
    return Decimal(low), Decimal(high)


def supplier_shares(estimate: Estimate) -> dict[str, Fraction]:
    """Each supplier's part of an estimate's total, 0..1."""
    total = Fraction(Decimal(estimate.summary["total_tco2e"]))
    if total <= 0:
        return {}
    by_supplier: Mapping[str, Mapping[str, str]] = estimate.summary["by_supplier"]
    return {code: Fraction(Decimal(entry["tco2e"])) / total for code, entry in by_supplier.items()}


Known = Mapping[int, tuple[Frame, dict[str, FrameFigure]]]


def _years(by_year: Known, path: Path | None) -> list[int]:
    planned = range(path.base_year, path.target_year + 1) if path else ()
    return sorted({*by_year, *planned})


def _year(year: int, by_year: Known, path: Path | None) -> Year:
    frame, figures = by_year.get(year, (None, {}))
    tonnes, production = figures.get("category_1"), figures.get(PRODUCTION)
    planned = path_value(path, year) if path else None
    intensity = interval = status = None
    if tonnes and production and tonnes.value is not None and production.value:
        intensity = per_mw(tonnes.value, production.value)
        if tonnes.estimate is not None:
            low, high = interval_of(tonnes.estimate)
            interval = (per_mw(low, production.value), per_mw(high, production.value))
        status = status_of(path, year, intensity, interval) if path else None
    return Year(year, frame, tonnes, production, intensity, interval, planned, status)


def _outlook(
    path: Path | None,
    latest: Year | None,
    commitments: tuple[Commitment, ...],
    estimate: Estimate | None,
    by_year: Known,
    what_if: WhatIf | None,
) -> tuple[Outlook, ...]:
    if path is None or latest is None or latest.tonnes is None or latest.production is None:
        return ()
    made = {
        year: figures[PRODUCTION].value
        for year, (_frame, figures) in by_year.items()
        if year > latest.year and PRODUCTION in figures
    }
    return outlook_of(
        Actual(latest.year, latest.tonnes.value or Decimal(0), latest.production.value or Decimal(1)),
        [Effect(c.supplier.code, c.due_on, c.effect_tco2e or Decimal(0)) for c in commitments],
        until=path.target_year,
        produced={year: value for year, value in made.items() if value},
        change=change_of(what_if) if what_if else None,
        shares=supplier_shares(estimate) if estimate else None,
    )
