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
NUMBER = "decimal(33, 18)"
SHORT_NUMBER = "decimal(18, 4)"
SHORT_PLACES = 4
SHORT_LENGTH = 14
PER_UNIT = "decimal(38, 20)"
KG = "decimal(38, 6)"
PRODUCT = "decimal(38, 24)"
UNDER_HALF_STEP = "0.00000049999"
# what PRODUCT holds before the point, in kgCO2e of one line
MOST_KG = 10.0**14

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
KEPT = ("row", "line_id", "supplier_id", "material", "quantity", "unit", "spend", "currency")
CHOICE_SCHEMA: dict[str, str] = {
    "choice": "int64",
    "basis": "string",
    "method": "string",
    "per_unit": PER_UNIT,
    "source_id": "string",
    "place": "string",
    "quality": "decimal(3, 1)",
    "sigma_ln": "decimal(9, 4)",
    "why": "string",
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
ORDER = (
    ("footprints", "supplier_specific"),
    ("by_output", "hybrid"),
    ("by_revenue", "hybrid"),
    ("averages", "average_data"),
    ("spends", "spend_based"),
)


def ledger_schema(number: str = NUMBER) -> dict[str, str]:
    """The ledger's columns; `number` is SHORT_NUMBER where no amount has more than SHORT_PLACES decimals and SHORT_LENGTH characters, else NUMBER."""
    return {name: number if kind == NUMBER else kind for name, kind in LEDGER_SCHEMA.items()}


def tables(number: str = NUMBER) -> dict[str, Any]:
    """The tables `resolve` works on, by name, as unbound Ibis tables: any engine that has them can run it.

    `number` as in `ledger_schema`.
    """
    keyed = {name: {**keys, "choice": "int64"} for name, keys in KEY_SCHEMAS.items()}
    shapes = {"ledger": ledger_schema(number), "choices": CHOICE_SCHEMA, **keyed, **NOTE_SCHEMAS}
    return {name: ibis.table(shape, name=name) for name, shape in shapes.items()}


def resolve(tables: dict[str, Any]) -> Any:
    """One row per purchase line: its KEPT columns, the choice that served and its method, kgCO2e, source, place, quality, sigma_ln, reason and primary share.

    `tables` maps "ledger", "choices" (CHOICE_SCHEMA), the names of KEY_SCHEMAS (their columns and `choice`, at most one
    row for any line) and of NOTE_SCHEMAS to Ibis tables.
    """
    joined = _served(tables)
    for name, keys in (
        ("product_notes", ("supplier_id", "product_id")),
        ("supplier_notes", ("supplier_id",)),
        ("material_notes", ("material",)),
    ):
        joined = joined.left_join(tables[name], list(keys), rname=name + "_{name}")
    return joined.select(
        *KEPT,
        choice=joined.chosen,
        method=joined.method.fill_null(UNREACHED),
        kgco2e=_kilograms(joined),
        source_id=joined.source_id,
        geography_used=joined.place.nullif(""),
        quality=joined.quality,
        sigma_ln=joined.sigma_ln,
        primary_share=joined.primary_share,
        reason=_reason(joined),
    )


def too_large(tables: dict[str, Any]) -> Any:
    """The lines of which `resolve` would say more than MOST_KG: line_id, their amount as text, its unit or currency, and the source. `tables` as there."""
    joined = _served(tables)
    by_money = _by_money(joined)
    near = _amount(joined).cast("float64") * joined.near_per_unit
    return (
        joined.filter(near.abs() >= MOST_KG)
        .order_by("row")
        .select(
            "line_id",
            amount=_amount(joined).cast("string"),
            measure=ibis.ifelse(by_money, joined.currency, joined.unit),
            source_id=joined.source_id,
        )
    )


def _served(tables: dict[str, Any]) -> Any:
    """Every line with the choice that serves it, if any."""
    joined = tables["ledger"]
    for name, _ in ORDER:
        joined = _offer(joined, tables[name], name)
    chosen = ibis.coalesce(*[joined[f"{name}_choice"] for name, _ in ORDER])
    offered = joined.mutate(chosen=chosen).select(*LEDGER_SCHEMA, "chosen")
    # a float per choice, not per line: making floats of long decimals is slow
    choices = tables["choices"].mutate(near_per_unit=tables["choices"].per_unit.cast("float64"))
    return offered.left_join(choices, [offered.chosen == choices.choice])


def _by_money(joined: Any) -> Any:
    return joined.basis.isin(["by_revenue", "spends"])


def _amount(joined: Any) -> Any:
    return ibis.ifelse(_by_money(joined), joined.spend, joined.quantity)


def _offer(left: Any, right: Any, name: str) -> Any:
    """Left-join what one key table offers a line, as the column `<name>_choice`."""
    columns = (*KEY_SCHEMAS[name], "choice")
    offered = right.select(**{f"{name}_{column}": right[column] for column in columns})
    equal = [column for column in KEY_SCHEMAS[name] if column not in ("first", "last")]
    on = [left[column] == offered[f"{name}_{column}"] for column in equal]
    if "first" in KEY_SCHEMAS[name]:
        on += [left.date >= offered[f"{name}_first"], left.date <= offered[f"{name}_last"]]
    return left.left_join(offered, on)


def _kilograms(joined: Any) -> Any:
    """amount × per_unit, rounded once. A long amount is split so that no product needs more than 38 digits."""
    amount = _amount(joined)
    near = amount.cast("float64") * joined.near_per_unit
    if amount.type() == ibis.dtype(SHORT_NUMBER):
        return _rounded(amount * joined.per_unit, near)
    coarse = amount.cast("decimal(19, 4)")
    middle = (amount - coarse.cast(NUMBER)).cast("decimal(18, 11)")
    fine = (amount - coarse.cast(NUMBER) - middle.cast(NUMBER)).cast("decimal(18, 18)")
    parts = [(part * joined.per_unit).cast(PRODUCT) for part in (coarse, middle, fine)]
    return _rounded(parts[0] + parts[1] + parts[2], near)


def _rounded(exact: Any, near: Any) -> Any:
    """`exact` rounded to KG. What `near` rounds to is taken where it is proven to be that: less than half a step away.

    Engines divide decimals of 38 digits bit by bit; most lines are spared that, and no digit depends on `near`.
    """
    guess = near.cast(KG)
    # a text, since an engine may read the literal of a small figure as a float, or with fewer places
    proven = (exact - guess.cast(PRODUCT)).abs() < ibis.literal(UNDER_HALF_STEP).cast(PRODUCT)
    return ibis.ifelse(proven, guess, exact.cast(KG))


def _reason(joined: Any) -> Any:
    """The code of the choice, then codes of what stood in the way of a better method, separated by `; `."""
    unreached = joined.basis.isnull()
    chosen = ibis.coalesce(
        joined.why,
        ibis.ifelse(joined.spend.isnull(), "unreached_without_spend", "unreached_without_sector_factor"),
    )
    other_unit = ~joined.units.contains(ibis.literal(";") + joined.unit + ";")
    product = ibis.cases(
        (joined.units.isnull(), ""),
        (joined.basis.fill_null("") == "footprints", ""),
        (joined.quantity.isnull(), ""),
        (other_unit, "; footprint_unit_differs"),
        else_="; footprint_not_valid_on_date",
    )
    beyond_hybrid = unreached | joined.basis.isin(["averages", "spends"])
    supplier = ibis.ifelse(joined.note.notnull() & beyond_hybrid, "; " + joined.note, "")
    beyond_average = (unreached | (joined.basis == "spends")) & joined.quantity.notnull()
    material = ibis.ifelse(
        joined.material_notes_note.notnull() & beyond_average, "; " + joined.material_notes_note, ""
    )
    return chosen + product + supplier + material
