"""Where a supplier finds what its carbon register says: the record itself where one stands behind it, else the page."""

from __future__ import annotations

from flask import url_for

from portal.operations.register_beside import Beside

_PAGES = {
    "inventories": "supplier.inventories.inventories",
    "footprints": "supplier.carbon.register",
    "electricity": "supplier.electricity.electricity",
    "certificates": "supplier.electricity.electricity",
    "deliveries": "supplier.deliveries.deliveries",
}
_PLACES = {"certificates": "certificates"}


def register_url(page: str, one: Beside) -> tuple[str, bool]:
    """The address, and whether it is that of one record: an inventory, a footprint, or the year of a site."""
    records = one.records or tuple(
        (kind, number) for kind, number in (one.taken.records if one.taken else ())
    )
    used = [number for kind, number in records if kind == "electricity"]
    if used and (one.site_id is not None or len(records) == 1):
        return url_for(_PAGES["electricity"], _anchor=f"use-{min(used)}"), True
    if len(records) == 1 and (url := _record_url(*records[0])):
        return url, True
    return url_for(_PAGES[page], _anchor=_PLACES.get(page)), False


def _record_url(kind: str, number: int) -> str:
    """The page of one record, "" for a kind that has none of its own."""
    if kind == "inventory":
        return url_for("supplier.inventories.inventory", inventory_id=number)
    if kind == "footprint":
        return url_for("supplier.footprints.footprint", footprint_id=number)
    if kind == "certificate":
        return url_for("supplier.certificates.certificate", certificate_id=number)
    return ""
