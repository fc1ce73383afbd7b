"""A company inventory as a supplier states it: the figures of `Inventory` with boundary, sources and verification.

What the estimate allocates stays `portal.core.carbon.inventory.Inventory`; this record holds what stands around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from portal.core.carbon import cells
from portal.core.carbon.inventory import UPSTREAM_CATEGORIES, Inventory, read_inventory
from portal.core.exact import decimal_of
from portal.core.problems import Problem

BOUNDARIES = ("operational", "financial", "equity")
SCOPE1_SOURCES = ("stationary", "mobile", "process", "fugitive")
SCOPE1_COLUMNS = tuple(f"scope1_{source}_tco2e" for source in SCOPE1_SOURCES)
LEVELS = ("limited", "reasonable")
STATEMENT_COLUMNS = ("verification_level", "verification_standard", "verifier", "verified_on")
RECORD_COLUMNS = ("boundary", "sites_covered", *SCOPE1_COLUMNS, *STATEMENT_COLUMNS)
LONGEST = {"sites_covered": 500, "verification_standard": 80, "verifier": 200}
USUAL_STANDARD = "ISO 14064-3"

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Statement:
    """What a verifier stated: `level` limited or reasonable, under `standard`, signed on a day."""

    level: str
    standard: str
    verifier: str
    signed_on: date


@dataclass(frozen=True)
class InventoryRecord:
    """An inventory with its `boundary` ("" when not stated), the sites it covers, and scope 1 by source in tCO2e.

    `sources` is empty or adds up to the scope 1 of `figures`; `statement` is None when nobody verified it.
    """

    figures: Inventory
    boundary: str
    sites: str
    sources: Mapping[str, Decimal]
    statement: Statement | None


def read_inventory_record(
    values: Mapping[str, str], where: str = "", *, today: date | None = None
) -> tuple[InventoryRecord | None, list[Problem]]:
    """One row of text cells as a record, or None with every problem (places as in `read_inventory`).

    Scope 1 may be left out where its sources are given: their sum stands in its place. Codes beyond those of
    `read_inventory`: inventory_choice_unknown, inventory_text_too_long, inventory_scope1_differs (stated, sum),
    inventory_verified_contradicts, inventory_verified_ahead, inventory_verified_early, inventory_year_ahead,
    inventory_scope3_exceeds (stated, sum).
    """
    row = cells.Row(values, where)
    sources = _sources(row)
    total = sum(map(Fraction, sources.values()), Fraction(0))
    given = dict(values)
    if sources and not (values.get("scope1_tco2e") or "").strip():
        given["scope1_tco2e"] = f"{decimal_of(total):f}"
    boundary = _choice(row, "boundary", BOUNDARIES)
    sites = cells.text(row, "sites_covered")
    for column, most in LONGEST.items():
        if len((values.get(column) or "").strip()) > most:
            cells.add_problem(row, column, "inventory_text_too_long", most=most)
    figures, problems = read_inventory(given, where)
    statement = read_statement(row, values, figures.year if figures else None, today)
    if figures is not None and sources and not row.problems and Fraction(figures.scope1) != total:
        cells.add_problem(
            row, "scope1_tco2e", "inventory_scope1_differs", stated=f"{figures.scope1:f}", sum=f"{decimal_of(total):f}"
        )  # fmt: skip
    if figures is not None and today is not None and figures.year > today.year:
        cells.add_problem(row, "year", "inventory_year_ahead")
    if figures is not None:
        _judge_scope3(row, figures)
    if figures is None or problems or row.problems:
        return None, [*problems, *row.problems]
    if statement is not None:
        figures = replace(figures, verified=True)
    return InventoryRecord(figures, boundary, sites, sources, statement), []


def read_statement(
    row: cells.Row, values: Mapping[str, str], year: int | None, today: date | None
) -> Statement | None:
    """The verification statement of a row; None when none is given. Problems are added to `row`."""
    level = _choice(row, "verification_level", LEVELS)
    standard = cells.text(row, "verification_standard")
    verifier = cells.text(row, "verifier")
    signed_on = cells.day(row, "verified_on")
    if not any((values.get(column) or "").strip() for column in STATEMENT_COLUMNS):
        return None
    for column, value in (("verification_level", level), ("verifier", verifier)):
        if not value and not (values.get(column) or "").strip():
            cells.add_problem(row, column, "row_missing_beside", other="verified_on")
    if signed_on is None and not (values.get("verified_on") or "").strip():
        cells.add_problem(row, "verified_on", "row_missing_beside", other="verifier")
    if signed_on is not None and today is not None and signed_on > today:
        cells.add_problem(row, "verified_on", "inventory_verified_ahead")
    if signed_on is not None and year is not None and signed_on.year < year:
        cells.add_problem(row, "verified_on", "inventory_verified_early", year=year)
    said = (values.get("verified") or "").strip().lower()
    if said and said in cells.NO:
        cells.add_problem(row, "verified", "inventory_verified_contradicts")
    if not (level and verifier and signed_on):
        return None
    return Statement(level, standard or USUAL_STANDARD, verifier, signed_on)


def same_inventory(boundary: str, other: str) -> bool:
    """Whether two inventories of one year stand for the same thing: an unstated boundary stands for any."""
    return not boundary or not other or boundary == other


def for_allocation(rows: Iterable[tuple[int, str, Kept]]) -> list[Kept]:
    """One inventory a year where several boundaries are in force; `rows` are (year, boundary, inventory).

    The first of operational control, financial control, equity share, not stated: goods come from plants a supplier
    operates, and their output is counted whole there.
    """
    chosen: dict[int, tuple[int, Kept]] = {}
    for year, boundary, kept in rows:
        rank = BOUNDARIES.index(boundary) if boundary in BOUNDARIES else len(BOUNDARIES)
        if year not in chosen or rank < chosen[year][0]:
            chosen[year] = (rank, kept)
    return [kept for _rank, kept in chosen.values()]


def _sources(row: cells.Row) -> dict[str, Decimal]:
    read = {
        source: cells.number(row, column, least=Decimal(0))
        for source, column in zip(SCOPE1_SOURCES, SCOPE1_COLUMNS, strict=True)
    }
    return {source: value for source, value in read.items() if value is not None}


def _judge_scope3(row: cells.Row, figures: Inventory) -> None:
    """A total below what its own categories add up to cannot be right; one above may hold categories not listed."""
    parts = sum((Fraction(v) for n, v in figures.scope3.items() if n in UPSTREAM_CATEGORIES), Fraction(0))
    stated = figures.scope3_upstream
    if stated is not None and parts > Fraction(stated):
        told = {"stated": f"{stated:f}", "sum": f"{decimal_of(parts):f}"}
        cells.add_problem(row, "scope3_upstream_tco2e", "inventory_scope3_exceeds", **told)


def _choice(row: cells.Row, column: str, allowed: tuple[str, ...]) -> str:
    text = cells.text(row, column).lower()
    if text and text not in allowed:
        cells.add_problem(row, column, "inventory_choice_unknown", known=", ".join(allowed))
        return ""
    return text
