"""The rules a footprint must keep to enter the register; what breaks one is refused.

The validity rule is that of PACT (2.3, validityPeriodStart): a footprint is valid for at most three years after the
end of its reference period. These rules are not asked of a table somebody estimates with on the command line.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from portal.core.carbon.cells import PRODUCT_CLASSES
from portal.core.carbon.details import Details, text_of
from portal.core.carbon.geography import COUNTRIES, OTHER_RANK, canonical, rank
from portal.core.carbon.pcf import Footprint, last_valid_day
from portal.core.problems import Problem
from portal.core.units import unit_class

# In what a material can be counted. A footprint of glass per kWh or per t.km is a mistake, not a choice.
_GOODS = ("mass", "count")
_CLASSES = {
    "mg_silicon": ("mass",),
    "polysilicon": ("mass",),
    "silver_paste": ("mass",),
    "glass": ("mass", "area", "count"),
    "encapsulant": ("mass", "area", "count"),
    "backsheet": ("mass", "area", "count"),
    "aluminium_frame": _GOODS,
    "junction_box": _GOODS,
    "ribbon": _GOODS,
    "packaging": (*_GOODS, "area"),
    "ingot": ("mass", "count"),
    "wafer": ("mass", "area", "count", "power"),
    "cell": ("mass", "area", "count", "power"),
    "module": ("mass", "area", "count", "power"),
}

# A period under way may end ahead; one that ends later than this is a slip of the pen, and would be valid for years.
MOST_AHEAD = timedelta(days=366)

# Codes of this layer, so that a page can tell a broken rule from a broken file.
RULE_CODES = frozenset(
    {
        "footprint_period_order",
        "footprint_valid_until_early",
        "footprint_share_over_100",
        "footprint_valid_too_long",
        "footprint_valid_from_late",
        "footprint_unit_class",
        "footprint_place_differs",
        "footprint_period_ahead",
        "footprint_period_end_ahead",
        "footprint_precedes_itself",
        "carbon_supplier_differs",
        "row_too_small",
        "row_not_above_zero",
        "detail_above_zero",
        "detail_off_scale",
        "detail_scale_missing",
        "detail_packaging_not_included",
        "detail_capture_not_included",
        "pact_unit_not_used",
        "pact_geography_several",
        "carbon_row_twice",
        "inventory_scope1_differs",
        "inventory_scope3_exceeds",
        "inventory_verified_contradicts",
        "inventory_verified_ahead",
        "inventory_verified_early",
        "inventory_year_ahead",
        "inventory_boundary_unclear",
    }
)


def broken_rules(footprint: Footprint, details: Details, today: date | None = None) -> list[Problem]:
    """What the register refuses although it can be read; `where` and values["column"] name the column.

    Codes: footprint_valid_too_long (found, latest), footprint_valid_from_late (found, until), footprint_unit_class
    (found, material, classes), footprint_place_differs (found, country), and with `today` footprint_period_ahead.
    """
    problems = []
    if today is not None and footprint.period_start > today:
        start = footprint.period_start.isoformat()
        problems.append(_problem("footprint_period_ahead", "period_start", start))
    elif today is not None and footprint.period_end - today > MOST_AHEAD:
        end = footprint.period_end.isoformat()
        problems.append(_problem("footprint_period_end_ahead", "period_end", end))
    latest = last_valid_day(replace(footprint, valid_until=None))
    until = last_valid_day(footprint)
    if until > latest:
        problems.append(
            _problem("footprint_valid_too_long", "valid_until", until.isoformat(), latest=latest.isoformat())
        )
    valid_from = text_of(details, "valid_from")
    if valid_from and valid_from > until.isoformat():
        problems.append(
            _problem("footprint_valid_from_late", "valid_from", valid_from, until=until.isoformat())
        )
    allowed = _CLASSES.get(footprint.material, PRODUCT_CLASSES)
    if unit_class(footprint.declared_unit) not in allowed:
        problems.append(
            _problem(
                "footprint_unit_class", "declared_unit", footprint.declared_unit, material=footprint.material
            )
        )
    subdivision = text_of(details, "subdivision")
    if subdivision and footprint.geography and not subdivision.startswith(footprint.geography[:2]):
        problems.append(
            _problem("footprint_place_differs", "subdivision", subdivision, country=footprint.geography)
        )
    return problems


def unknown_place(footprint: Footprint) -> list[Problem]:
    """footprint_country_unknown where the geography of a table's row is neither a country nor a region we know."""
    place = canonical(footprint.geography)
    known = not place or place in COUNTRIES or any(rank(c, place)[0] < OTHER_RANK for c in COUNTRIES)
    return [] if known else [_problem("footprint_country_unknown", "geography", footprint.geography)]


def _problem(code: str, column: str, found: str, **values: str) -> Problem:
    return Problem(code, column, {"column": column, "found": found, **values})
