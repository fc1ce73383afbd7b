"""The column `supplier_id` of a table a supplier uploads: it may stand there, and names the supplier itself or nobody."""

from __future__ import annotations

from portal.core.problems import Problem
from portal.files.tabular import Column, RawRow
from portal.language import N_

SUPPLIER = Column(
    "supplier_id", N_("Supplier code"), N_("May be left out; your own code with the buyer where it stands.")
)


def other_supplier(row: RawRow, code: str) -> list[Problem]:
    """carbon_supplier_differs (found) where a row names another supplier than the one who uploads it."""
    found = row.values.get(SUPPLIER.key, "")
    if found.casefold() in ("", code.casefold()):
        return []
    values = {"column": SUPPLIER.key, "found": found[:80], "code": code}
    return [Problem("carbon_supplier_differs", SUPPLIER.key, values)]
