"""What is known besides answers, by name: facts of the carbon register and of the reporting period, and its rows.

Rules of hints and of register.yaml ask for facts; answers can be taken over from facts and rows. `portal.operations.register_facts` finds their values. The register's year is the newest year of the reporting
period for which the register holds that kind of record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.core.exact import decimal_text

FactValue = Decimal | date | str


@dataclass(frozen=True)
class FactKind:
    """`kind` is quantity (in `unit`), date, yes_no or words (to be read only); `meaning` says in English what it is."""

    kind: str
    unit: str
    meaning: str


FACTS: dict[str, FactKind] = {
    "period.start": FactKind("date", "", "first day of the reporting period"),
    "period.end": FactKind("date", "", "last day of the reporting period"),
    "period.first_year": FactKind("quantity", "", "year of the first day of the reporting period"),
    "period.last_year": FactKind("quantity", "", "year of the last day of the reporting period"),
    "period.calendar_year": FactKind(
        "yes_no", "", "whether the reporting period is exactly one calendar year"
    ),
    "register.inventories": FactKind("quantity", "count", "inventories in force for years of the period"),
    "register.inventory_verified": FactKind(
        "yes_no", "", "whether the inventory of the register's year is verified"
    ),
    "register.inventory_year": FactKind(
        "quantity", "", "the register's year: that of the inventory that speaks"
    ),
    "register.intensity": FactKind("words", "", "scope 1 and 2 of that year per unit of output"),
    "register.scope1": FactKind("quantity", "tCO2e", "scope 1 of the register's year"),
    "register.scope2_location": FactKind("quantity", "tCO2e", "location-based scope 2 of that year"),
    "register.scope2_market": FactKind("quantity", "tCO2e", "market-based scope 2 of that year"),
    "register.footprints": FactKind("quantity", "count", "product carbon footprints in force"),
    "register.footprints_verified": FactKind("quantity", "count", "those of them marked as verified"),
    "register.footprints_valid": FactKind(
        "quantity", "count", "products with a footprint valid on the last day of the period"
    ),
    "register.footprint_materials": FactKind(
        "quantity", "count", "materials the supplier delivers for which there is such a footprint"
    ),
    "register.materials": FactKind("quantity", "count", "materials the supplier delivers"),
    "register.primary_data_share": FactKind(
        "quantity", "%", "primary data share, where all those footprints state the same"
    ),
    "register.primary_data_least": FactKind("quantity", "%", "lowest primary data share they state"),
    "register.primary_data_most": FactKind("quantity", "%", "highest primary data share they state"),
    "register.electricity_year": FactKind("quantity", "", "the register's year of electricity"),
    "register.electricity_sites": FactKind("quantity", "count", "sites with electricity in that year"),
    "register.electricity_months": FactKind(
        "quantity", "count", "months of that year known at the site where fewest are known"
    ),
    "register.certificates_excess": FactKind(
        "quantity", "MWh", "retired certificates of that year beyond the electricity they can cover"
    ),
    "register.renewable_sources": FactKind(
        "quantity", "count", "own generation, agreements and certificates that count that year, as rows"
    ),
    "register.electricity": FactKind("quantity", "MWh", "electricity used in the register's year"),
    "register.renewable_share": FactKind("quantity", "%", "renewable share that the register can show"),
    "register.certificates_unattributed": FactKind(
        "quantity", "MWh", "certificates that count for the company that year and for none of its sites"
    ),
    "register.agreements_unattributed": FactKind(
        "quantity", "MWh", "certificates that prove agreements of that year, but those of no site"
    ),
    "register.certificates": FactKind("quantity", "MWh", "certificates held for years of the period"),
    "register.certificates_retired": FactKind("quantity", "MWh", "those of them that are retired"),
    "register.deliveries": FactKind("quantity", "count", "deliveries to the buyer in the register's year"),
    "register.deliveries_year": FactKind("quantity", "", "the register's year of deliveries"),
    "register.deliveries_units": FactKind("words", "", "the units these deliveries are given in"),
    "register.pcf_coverage": FactKind(
        "quantity", "%", "share of these deliveries that footprints valid on the last day of the period cover"
    ),
    "register.deliveries_total": FactKind("words", "", "all these deliveries in the unit of that share"),
    "register.deliveries_covered": FactKind("words", "", "those of them that are covered"),
    "register.deliveries_by_material": FactKind(
        "quantity", "count", "deliveries covered without a product number, by a footprint of their material"
    ),
    "register.allocation_inventory": FactKind(
        "yes_no", "", "whether an inventory of that year states scope 1 and scope 2"
    ),
    "register.allocation_scopes": FactKind(
        "words", "", "what is allocated of it: 1 + 2, with upstream emissions 1 + 2 + 3.1–3.8"
    ),
    "register.allocation_emitted": FactKind(
        "quantity", "tCO2e", "scope 1 and 2 of that inventory, with upstream emissions where stated"
    ),
    "register.allocation_share": FactKind(
        "quantity", "%", "share of output or revenue that these deliveries are, all rows together"
    ),
    "register.allocation_left": FactKind(
        "quantity", "count", "materials delivered for which no share can be told"
    ),
    "site.electricity": FactKind("quantity", "MWh", "electricity of the site in the register's year"),
    "site.electricity_months": FactKind("quantity", "count", "months of that year known at the site"),
    "site.renewable_share": FactKind(
        "quantity", "%", "renewable share of the site: its own generation, agreements and certificates"
    ),
    "site.certificates_excess": FactKind(
        "quantity", "MWh", "retired certificates named to the site beyond the electricity they can cover"
    ),
    "site.renewable_sources": FactKind(
        "quantity", "count", "own generation, agreements and certificates of the site that count, as rows"
    ),
    "sites.left_out": FactKind(
        "quantity", "count", "sites with electricity in that year that are not in the assessment"
    ),
    "sites.left_out_names": FactKind("words", "", "their names"),
}

# Facts of one site, and of the sites of an assessment together: known only where it is answered per site.
SITE, SITES = "site.", "sites."

Facts = Mapping[str, FactValue]

SCHEME_KEYS = ("gec", "irec", "go", "tigr", "rec", "other")


@dataclass(frozen=True)
class RowField:
    """A field of a row: `kind` is quantity (in `unit`), year, yes_no, text, key (one of `keys`) or named (a key of a
    list that organisations lengthen; one without words of its own is told by the row's field `name`)."""

    kind: str
    unit: str = ""
    keys: tuple[str, ...] = ()
    name: str = ""


_RENEWABLE = {
    "source": RowField("key", "", ("own_pv", "ppa", *SCHEME_KEYS)),
    "mwh": RowField("quantity", "MWh"),
    "serials": RowField("text"),
    "year": RowField("year"),
    "retired": RowField("yes_no"),
}

ROWS: dict[str, dict[str, RowField]] = {
    "register.inventory_rows": {
        "year": RowField("year"),
        "scope1": RowField("quantity", "tCO2e"),
        "scope2_location": RowField("quantity", "tCO2e"),
        "scope2_market": RowField("quantity", "tCO2e"),
    },
    "register.footprint_rows": {
        "product": RowField("text"),
        "declared": RowField("text"),
        "pcf": RowField("quantity", "kgCO2e per declared unit"),
        "period": RowField("text"),
        "primary_data_share": RowField("quantity", "%"),
        "factor_sources": RowField("text"),
        "verified": RowField("yes_no"),
    },
    "register.renewable_rows": _RENEWABLE,
    "site.renewable_rows": _RENEWABLE,
    "register.allocation_rows": {
        "material": RowField("named", name="material_name"),
        "material_name": RowField("text"),
        "quantity": RowField("text"),
        "allocated": RowField("quantity", "tCO2e"),
        "method": RowField("key", "", ("mass", "output", "revenue")),
        "year": RowField("year"),
    },
}

# Worked out from what is the supplier's own business until it answers with it: nobody else is told what these are now.
OWN_BUSINESS = frozenset({"register.pcf_coverage", "register.allocation_rows"})

# Rows as the register gives them: fields with nothing known are absent.
Row = Mapping[str, Decimal | str]
Rows = Mapping[str, tuple[Row, ...]]


def fact_text(value: FactValue) -> str:
    """A fact as kept in a submission: decimal text, ISO date, yes or no."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    return value.isoformat() if isinstance(value, date) else value


def fact_from(name: str, text: str) -> FactValue:
    """A kept fact as a value again. Raises KeyError for a name that does not exist."""
    kind = FACTS[name].kind
    if kind == "quantity":
        return Decimal(text)
    return date.fromisoformat(text) if kind == "date" else text
