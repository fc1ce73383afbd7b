"""Category 1, purchased goods and services: the cascade, once, as one expression over tables.

For each purchase line exactly one method, the first its data allow: supplier-specific, hybrid (physical share,
then revenue share), average-data, spend-based; a line none of them reaches is kept and says so. The expression
names no engine: it joins the ledger with the small candidate tables of `candidates`, multiplies decimals and
rounds once, half away from zero, to 6 places of kgCO2e.
"""

from __future__ import annotations

from typing import Any

import ibis

METHODS = ("supplier_specific", "hybrid", "average_data", "spend_based")
UNREACHED = "unreached"
NUMBER = "decimal(27, 12)"
PER_UNIT = "decimal(38, 20)"
KG = "decimal(38, 6)"

LEDGER_SCHEMA: dict[str, str] = {
    "row": "int64",
    "line_id": "string",
    "date": "date",
    "supplier_id": "string",
    "product_id": "string",
    "material": "string",
    "quantity": NUMBER,
    "unit": "string",
    "spend": NUMBER,
    "currency": "string",
    "country": "string",
    "sector": "string",
}
CANDIDATE_SCHEMA: dict[str, str] = {
    "per_unit": PER_UNIT,
    "source_id": "string",
    "place": "string",
    "quality": "decimal(3, 1)",
    "sigma_ln": "decimal(9, 4)",
    "reason": "string",
    "primary_share": "decimal(18, 12)",
}
KEY_SCHEMAS: dict[str, dict[str, str]] = {
    "footprints": {
        "supplier_id": "string",
        "product_id": "string",
        "unit": "string",
        "first": "date",
        "last": "date",
    },
    "by_output": {"supplier_id": "string", "unit": "string"},
    "by_revenue": {"supplier_id": "string", "currency": "string"},
    "averages": {"material": "string", "unit": "string", "country": "string"},
    "spends": {"material": "string", "sector": "string", "country": "string", "currency": "string"},
}
NOTE_SCHEMAS: dict[str, dict[str, str]] = {
    "product_notes": {"supplier_id": "string", "product_id": "string", "units": "string"},
    "supplier_notes": {"supplier_id": "string", "note": "string"},
    "material_notes": {"material": "string", "note": "string"},
}
_ORDER = (
    ("footprints", "supplier_specific"),
    ("by_output", "hybrid"),
    ("by_revenue", "hybrid"),
    ("averages", "average_data"),
    ("spends", "spend_based"),
)


def resolve(tables: dict[str, Any]) -> Any:
    """One row per purchase line with its method, kgCO2e, source, place, quality, sigma_ln, reason and primary share.

    `tables` maps "ledger" and the names of KEY_SCHEMAS and NOTE_SCHEMAS to Ibis tables of those shapes (the key
    tables also have CANDIDATE_SCHEMA, and one row at most for any line). `basis` names the table that served.
    """
    joined = tables["ledger"]
    for name, _ in _ORDER:
        joined = _join(joined, tables[name], name)
    for name, keys in (
        ("product_notes", ("supplier_id", "product_id")),
        ("supplier_notes", ("supplier_id",)),
        ("material_notes", ("material",)),
    ):
        joined = joined.left_join(tables[name], list(keys), rname=name + "_{name}")
    basis = ibis.cases(*[(joined[f"{name}_per_unit"].notnull(), name) for name, _ in _ORDER], else_=UNREACHED)
    joined = joined.mutate(basis=basis)
    return joined.select(
        *LEDGER_SCHEMA,
        basis=joined.basis,
        method=ibis.cases(*[(joined.basis == n, m) for n, m in _ORDER], else_=UNREACHED),
        kgco2e=_kilograms(joined),
        source_id=_first(joined, "source_id"),
        geography_used=_first(joined, "place").nullif(""),
        quality=_first(joined, "quality"),
        sigma_ln=_first(joined, "sigma_ln"),
        primary_share=_first(joined, "primary_share"),
        reason=_reason(joined),
    )


def _join(left: Any, right: Any, name: str) -> Any:
    renamed = right.select(
        **{f"{name}_{column}": right[column] for column in (*KEY_SCHEMAS[name], *CANDIDATE_SCHEMA)}
    )
    if name == "footprints":
        on = [
            left.supplier_id == renamed.footprints_supplier_id,
            left.product_id == renamed.footprints_product_id,
            left.unit == renamed.footprints_unit,
            left.date >= renamed.footprints_first,
            left.date <= renamed.footprints_last,
        ]
    else:
        on = [left[column] == renamed[f"{name}_{column}"] for column in KEY_SCHEMAS[name]]
    return left.left_join(renamed, on)


def _first(joined: Any, column: str) -> Any:
    return ibis.coalesce(*[joined[f"{name}_{column}"] for name, _ in _ORDER])


def _kilograms(joined: Any) -> Any:
    """amount × per_unit, rounded once. The amount is split so that no product needs more than 38 digits."""
    by_money = joined.basis.isin(["by_revenue", "spends"])
    amount = ibis.ifelse(by_money, joined.spend, joined.quantity)
    per_unit = _first(joined, "per_unit")
    coarse = amount.cast("decimal(19, 4)")
    fine = (amount - coarse.cast(NUMBER)).cast("decimal(18, 12)")
    whole = (coarse * per_unit).cast("decimal(38, 24)")
    rest = (fine * per_unit).cast("decimal(38, 24)")
    return (whole + rest).cast(KG)


def _reason(joined: Any) -> Any:
    """The code of the choice, then codes of what stood in the way of a better method, separated by `; `."""
    chosen = ibis.coalesce(
        _first(joined, "reason"),
        ibis.ifelse(joined.spend.isnull(), "unreached_without_spend", "unreached_without_sector_factor"),
    )
    other_unit = ~joined.units.contains(ibis.literal(";") + joined.unit + ";")
    product = ibis.cases(
        (joined.basis == "footprints", ""),
        (joined.units.isnull(), ""),
        (other_unit, "; footprint_unit_differs"),
        else_="; footprint_not_valid_on_date",
    )
    beyond_hybrid = joined.basis.isin(["averages", "spends", UNREACHED])
    supplier = ibis.ifelse(beyond_hybrid & joined.note.notnull(), "; " + joined.note, "")
    beyond_average = joined.basis.isin(["spends", UNREACHED]) & joined.quantity.notnull()
    material = ibis.ifelse(
        beyond_average & joined.material_notes_note.notnull(), "; " + joined.material_notes_note, ""
    )
    return chosen + product + supplier + material
