"""The lines of a run put together with what was bought: sums by supplier, product, method and source.

A million lines become some thousand cells, read once by DuckDB from the run's lines and its ledger; everything that
is worked out about a run afterwards starts from them. A run never changes, so the cells of the last few are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from portal.core.carbon.category1 import UNREACHED
from portal.core.carbon.money import Money, rate
from portal.core.errors import Invalid
from portal.files.bulk import open_bulk
from portal.files.ledgers import load_ledger
from portal.files.tables import literal_path
from portal.files.vault import Vault
from portal.operations.estimate_lines import lines_folder
from portal.operations.ledgers import on_disk
from portal.store.estimates import Estimate

KEPT = 4
_kept: OrderedDict[tuple[str, str], tuple[Cell, ...]] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Cell:
    """Lines of a run alike in everything but date and amount; sums are exact and signed.

    `method` may be "unreached": then `kg`, `quality` and `sigma_ln` are None and `source_id` is empty. `quantity` is
    None where the lines give none, `spend` likewise.
    """

    supplier_id: str
    material: str
    product_id: str
    unit: str
    currency: str
    method: str
    source_id: str
    quality: Decimal | None
    sigma_ln: Decimal | None
    lines: int
    quantity: Decimal | None
    spend: Decimal | None
    kg: Decimal | None

    @property
    def reached(self) -> bool:
        """Whether a method gave these lines an emission."""
        return self.method != UNREACHED


def cells_of(vault: Vault, estimate: Estimate) -> tuple[Cell, ...]:
    """All cells of a run, in an order of their own. Raises NotFound when its files are gone."""
    key = (estimate.parquet_key, estimate.ledger.vault_key)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    with (
        lines_folder(vault, estimate) as folder,
        vault.open(estimate.ledger.vault_key) as stored,
        on_disk(stored) as ledger,
    ):
        found = read_cells(folder / "lines.parquet", ledger, estimate.year)
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def read_cells(lines: Path, ledger: Path, year: int) -> tuple[Cell, ...]:
    """The cells of a run from its lines.parquet and the ledger file it was made from."""
    with open_bulk() as connection:
        read, problems, _ = load_ledger(connection, ledger, name=ledger.name, year=year, rates=None)
        if read is None:
            raise Invalid(problems)
        rows = connection.execute(
            "SELECT l.supplier_id, coalesce(l.material, ''), coalesce(g.product_id, ''), coalesce(g.unit, ''), "
            "coalesce(g.currency, ''), l.method, coalesce(l.source_id, ''), l.quality, l.sigma_ln, count(*), "
            "sum(g.quantity), sum(g.spend), sum(l.kgco2e) FROM read_parquet(?) l LEFT JOIN ledger g USING (line_id) "
            "GROUP BY ALL ORDER BY ALL",
            [literal_path(lines)],
        ).fetchall()
    return tuple(Cell(*row) for row in rows)


def dollars(cell: Cell, money: Money, year: int) -> Fraction:
    """What was spent on these lines, in US dollars of the purchase year; 0 where they give no money."""
    per_usd = rate(money, cell.currency, year) if cell.spend is not None else None
    return Fraction(cell.spend or 0) / Fraction(per_usd) if per_usd else Fraction(0)
