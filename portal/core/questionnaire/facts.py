"""What the rules of hints may ask besides answers: facts of the carbon register and of the reporting period, by name.

`portal.operations.register_facts` finds their values. The register's year is the newest year of the reporting
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
    """`kind` is quantity (in `unit`), date or yes_no; `meaning` says in English what the value is."""

    kind: str
    unit: str
    meaning: str


FACTS: dict[str, FactKind] = {
    "period.start": FactKind("date", "", "first day of the reporting period"),
    "period.end": FactKind("date", "", "last day of the reporting period"),
    "period.first_year": FactKind("quantity", "", "year of the first day of the reporting period"),
    "period.last_year": FactKind("quantity", "", "year of the last day of the reporting period"),
    "register.inventories": FactKind("quantity", "count", "inventories in force for years of the period"),
    "register.inventory_verified": FactKind(
        "yes_no", "", "whether the inventory of the register's year is verified"
    ),
    "register.scope1": FactKind("quantity", "tCO2e", "scope 1 of the register's year"),
    "register.scope2_location": FactKind("quantity", "tCO2e", "location-based scope 2 of that year"),
    "register.scope2_market": FactKind("quantity", "tCO2e", "market-based scope 2 of that year"),
    "register.footprints": FactKind("quantity", "count", "product carbon footprints in force"),
    "register.footprints_verified": FactKind("quantity", "count", "those of them marked as verified"),
    "register.electricity": FactKind("quantity", "MWh", "electricity used in the register's year"),
    "register.renewable_share": FactKind("quantity", "%", "renewable share that the register can show"),
    "register.certificates": FactKind("quantity", "MWh", "certificates held for years of the period"),
    "register.certificates_retired": FactKind("quantity", "MWh", "those of them that are retired"),
}

Facts = Mapping[str, FactValue]


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
