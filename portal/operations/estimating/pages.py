"""Reading the lines of a finished run in pages, from its lines.parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.core.errors import NotFound
from portal.files.bulk import open_bulk
from portal.files.tables import literal_path
from portal.operations.estimating.writing import LINE_COLUMNS

ORDERS = {
    "ledger": "file_row_number",
    "tonnes": "kgco2e DESC NULLS LAST, file_row_number",
    "tonnes_up": "kgco2e ASC NULLS LAST, file_row_number",
}


@dataclass(frozen=True)
class LinesPage:
    """`lines` as dicts by column (numbers as Decimal, None where empty), `count` of all that fit the filter."""

    lines: Sequence[dict[str, Any]]
    count: int


def page_of_lines(
    folder: Path,
    *,
    material: str | None = None,
    supplier_id: str | None = None,
    method: str | None = None,
    order: str = "ledger",
    offset: int = 0,
    limit: int = 50,
) -> LinesPage:
    """A page of the lines of the run in `folder`, filtered by exact values, in ledger order or by tonnes.

    `order` is a key of ORDERS (an unknown one means ledger order). Raises NotFound when the run has no lines file.
    """
    path = folder / "lines.parquet"
    if not path.is_file():
        raise NotFound
    asked = {"material": material, "supplier_id": supplier_id, "method": method}
    filters = {column: value for column, value in asked.items() if value is not None}
    where = " AND ".join(f"{column} = ?" for column in filters) or "true"
    values = [literal_path(path), *filters.values()]
    source = f"FROM read_parquet(?, file_row_number=true) WHERE {where}"
    columns = ", ".join(LINE_COLUMNS)
    by = ORDERS.get(order, ORDERS["ledger"])
    with open_bulk() as connection:
        count = connection.execute(f"SELECT count(*) {source}", values).fetchall()[0][0]
        rows = connection.execute(
            f"SELECT {columns} {source} ORDER BY {by} LIMIT ? OFFSET ?",
            [*values, max(limit, 0), max(offset, 0)],
        ).fetchall()
    return LinesPage([dict(zip(LINE_COLUMNS, row, strict=True)) for row in rows], count)
