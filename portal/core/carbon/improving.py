"""What would make one line of an estimate better, from the method it took and what stood in the way of a better one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from portal.core.carbon.quality import grades, sigma_ln

# What stands in the way of a better method, with the step that would clear it; most telling first.
OBSTACLES = (
    ("footprint_unit_differs", "give_quantity_in_footprint_unit"),
    ("footprint_not_valid_on_date", "ask_footprint_valid_then"),
    ("inventory_over_100_refused", "check_inventory_output"),
    ("inventory_without_scope2", "ask_inventory_scope2"),
    ("inventory_without_matching_output_or_revenue", "ask_inventory_output"),
    ("inventory_of_another_year", "ask_inventory_of_year"),
    ("factor_unit_differs", "give_quantity_in_factor_unit"),
)
OWN = ("supplier_specific", "hybrid")


@dataclass(frozen=True)
class Improvement:
    """A step, by code; `sigma_ln` is the spread the line would have then, None where that cannot be said."""

    code: str
    sigma_ln: Decimal | None = None


def improvements(
    method: str, reasons: Collection[str], *, has_product: bool, has_quantity: bool
) -> tuple[Improvement, ...]:
    """Steps that would improve a line, the one that narrows most first; none when it rests on a verified footprint.

    Of a line no method reached, what would give it an emission at all comes first.

    `reasons` are the codes of the line: of its choice, and of what stood in the way.
    """
    if "footprint_of_product_verified" in reasons:
        return ()
    verified = sigma_ln(grades("footprint_verified", temporal=1, geographical=1))
    if method == "supplier_specific":
        return (Improvement("have_footprint_verified", verified),)
    steps: list[Improvement] = []
    cleared = {code: step for code, step in OBSTACLES if code in reasons}
    for code in ("footprint_unit_differs", "footprint_not_valid_on_date"):
        if code in cleared:
            steps.append(Improvement(cleared.pop(code), verified))
    if not steps:
        steps.append(Improvement(_ask(has_product, has_quantity), verified))
    if method != "hybrid":
        steps += [Improvement(step, _allocated()) for code, step in cleared.items() if "inventory" in code]
        if not any("inventory" in code for code in cleared):
            steps.append(Improvement("ask_inventory", _allocated()))
    steps += [Improvement(step) for code, step in cleared.items() if "inventory" not in code]
    own = _of_method(method, reasons, has_quantity)
    # a line without an emission first needs any at all
    return (*own, *steps) if method == "unreached" else (*steps, *own)


def _ask(has_product: bool, has_quantity: bool) -> str:
    if not has_quantity:
        return "give_quantity_and_ask_footprint"
    return "ask_footprint" if has_product else "name_product_and_ask_footprint"


def _allocated() -> Decimal:
    return sigma_ln(grades("allocated_by_quantity", temporal=1, geographical=1))


def _of_method(method: str, reasons: Collection[str], has_quantity: bool) -> list[Improvement]:
    steps = []
    if any(code.endswith("own_emissions_only") for code in reasons):
        steps.append(Improvement("ask_upstream"))
    if any(code.endswith("_proxy") for code in reasons):
        steps.append(Improvement("find_factor_of_material"))
    elif any(code.startswith("factor_of_") and code != "factor_of_country" for code in reasons):
        steps.append(Improvement("find_factor_of_country"))
    if method == "spend_based" and not has_quantity:
        steps.append(Improvement("give_quantity"))
    if "unreached_without_sector_factor" in reasons:
        steps.append(Improvement("give_sector"))
    if "unreached_without_spend" in reasons:
        steps.append(Improvement("give_spend"))
    return steps
