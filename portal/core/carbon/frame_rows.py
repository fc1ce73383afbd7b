"""One figure of the inventory frame as text, read strictly: from a row of the import form or from the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.core.carbon import cells
from portal.core.carbon.frame import ITEMS, PRODUCTION, SHARES, printed, units_of
from portal.core.problems import Problem

LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Entry:
    """One figure as given: `value` and `step` in tCO2e, MWp or per cent; `typed` and `unit` as they stood."""

    year: int
    item: str
    value: Decimal
    step: Decimal
    typed: str
    unit: str
    source: str
    note: str = ""


def read_entry(values: Mapping[str, str], where: str = "") -> tuple[Entry | None, list[Problem]]:
    """One row (year, item, value, unit, source, note) as Entry, or None with every problem of the row.

    Problems: those of `portal.core.carbon.cells`, frame_item_unknown, frame_unit_unknown, frame_share_over_100.
    """
    row = cells.Row(values, where)
    year = cells.year(row, "year", required=True)
    item = cells.text(row, "item", required=True)
    if item and item not in ITEMS:
        cells.add_problem(row, "item", "frame_item_unknown")
    source = cells.text(row, "source", required=True)
    note = (values.get("note") or "").strip()
    if len(note) > LONGEST_NOTE:
        cells.add_problem(row, "note", "row_too_long", longest=LONGEST_NOTE)
    value = cells.positive(row, "value", required=True) if item == PRODUCTION else None
    if item != PRODUCTION:
        value = cells.number(row, "value", required=True, least=Decimal(0))
    unit = cells.text(row, "unit", required=True)
    sizes = units_of(item) if item in ITEMS else {}
    if unit and sizes and unit not in sizes:
        cells.add_problem(row, "unit", "frame_unit_unknown", units=", ".join(sizes))
    if item in SHARES and value is not None and value > 100:
        cells.add_problem(row, "value", "frame_share_over_100")
    if row.problems or year is None or value is None:
        return None, row.problems
    typed = cells.text(row, "value")
    figure = printed(typed, sizes[unit])
    return Entry(year, item, figure.value, figure.step, typed, unit, source, note), []
