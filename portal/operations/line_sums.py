"""One line of an estimate as a written sum: every figure that was multiplied or divided, and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from portal.core.carbon.candidates import KG_PER_T, ratio
from portal.core.carbon.factors import Factor
from portal.core.carbon.inventory import Inventory, scope2, upstream
from portal.core.carbon.money import Money, rate
from portal.core.errors import Refused
from portal.core.exact import decimal_of
from portal.core.units import convert
from portal.language import N_
from portal.store.carbon import FootprintRow

# Engines round a multiplier to 20 places and a line to 6; a sum that is further off is not the line's.
NEAR = Fraction(1, 10**5)


@dataclass(frozen=True)
class Term:
    """One figure of a sum: `sign` is "", "×" or "÷"; `unit` as written; `what` is an English text with `values`."""

    sign: str
    figure: Decimal
    unit: str
    what: str
    values: Mapping[str, object] = field(default_factory=dict)


def sum_of_line(
    purchase: Mapping[str, str],
    behind: FootprintRow | Inventory | Factor,
    *,
    year: int,
    by_revenue: bool,
    kgco2e: Decimal,
    money: Money,
) -> tuple[Term, ...]:
    """The terms whose product is `kgco2e`. `purchase` holds the ledger's cells by column.

    Empty where the figures of today do not give the figure of the run (a table was replaced since): a sum that
    does not come out is not shown.
    """
    try:
        terms = _terms(purchase, behind, year, by_revenue, money)
    except (InvalidOperation, KeyError, Refused):
        return ()
    return terms if terms and abs(_product(terms) - Fraction(kgco2e)) <= NEAR else ()


def _terms(
    purchase: Mapping[str, str],
    behind: FootprintRow | Inventory | Factor,
    year: int,
    by_revenue: bool,
    money: Money,
) -> tuple[Term, ...]:
    if isinstance(behind, FootprintRow):
        unit = behind.declared_unit
        return (
            *_quantity(purchase, unit),
            Term("×", behind.pcf_kgco2e, "kgCO₂e", N_("the supplier's footprint of the product")),
            Term("÷", behind.declared_amount, unit, N_("the amount the footprint is stated for")),
        )
    if isinstance(behind, Inventory):
        return _allocated(purchase, behind, by_revenue, money)
    if behind.base_year is None:
        factor = Term("×", behind.value, f"kgCO₂e/{behind.unit}", N_("the factor of the material"))
        return (*_quantity(purchase, behind.unit), factor)
    return _spent(purchase, behind, behind.base_year, year, money)


def _quantity(purchase: Mapping[str, str], unit: str) -> tuple[Term, ...]:
    given = purchase["unit"].strip()
    bought = Term("", Decimal(purchase["quantity"].strip()), given, N_("the quantity bought"))
    return (bought, *_conversion(given, unit))


def _conversion(given: str, unit: str) -> tuple[Term, ...]:
    if given == unit:
        return ()
    values = {"given": given, "unit": unit}
    what = N_("from {given} to {unit}")
    there, back = ratio(given, unit), ratio(unit, given)
    # 1 GJ is no finite number of kWh: then the other way round, which is
    if Fraction(decimal_of(there)) == there and (there >= 1 or Fraction(decimal_of(back)) != back):
        return (Term("×", convert(Decimal(1), given, unit), f"{unit}/{given}", what, values),)
    return (Term("÷", convert(Decimal(1), unit, given), f"{given}/{unit}", what, values),)


def _allocated(
    purchase: Mapping[str, str], inventory: Inventory, by_revenue: bool, money: Money
) -> tuple[Term, ...]:
    above = upstream(inventory)
    emitted = Fraction(inventory.scope1) + Fraction(scope2(inventory) or 0) + Fraction(above or 0)
    what = N_("scope 1, scope 2 and upstream scope 3 of the supplier, {year}")
    if above is None:
        what = N_("scope 1 and scope 2 of the supplier, {year}")
    emission = (
        Term("×", decimal_of(emitted), "tCO₂e", what, {"year": inventory.year}),
        Term("×", Decimal(KG_PER_T), "kg/t", N_("from tonnes to kilograms")),
    )
    if not by_revenue and inventory.output_quantity is not None:
        output = Term(
            "÷", inventory.output_quantity, inventory.output_unit, N_("the supplier's whole output")
        )
        return (*_quantity(purchase, inventory.output_unit), *emission, output)
    if inventory.revenue is None:
        return ()
    own, currency = inventory.currency, purchase["currency"].strip()
    exchange: tuple[Term, ...] = ()
    if currency != own:
        exchange = (*_rate("÷", currency, inventory.year, money), *_rate("×", own, inventory.year, money))
    revenue = Term("÷", inventory.revenue, own, N_("the supplier's whole revenue"))
    return (_spend(purchase), *exchange, *emission, revenue)


def _spend(purchase: Mapping[str, str]) -> Term:
    return Term("", Decimal(purchase["spend"].strip()), purchase["currency"].strip(), N_("the money spent"))


def _rate(sign: str, currency: str, year: int, money: Money) -> tuple[Term, ...]:
    per_usd = rate(money, currency, year)
    if currency == "USD" or per_usd is None:
        return ()
    values = {"currency": currency, "year": year}
    return (Term(sign, per_usd, f"{currency}/USD", N_("exchange rate, average of {year}"), values),)


def _spent(
    purchase: Mapping[str, str], factor: Factor, base_year: int, year: int, money: Money
) -> tuple[Term, ...]:
    terms = (_spend(purchase), *_rate("÷", purchase["currency"].strip(), year, money))
    if year != base_year:
        what = N_("US price level of {year}")
        terms += (
            Term("÷", money.index[year], "", what, {"year": year}),
            Term("×", money.index[base_year], "", what, {"year": base_year}),
        )
    unit = f"kgCO₂e/USD-{base_year}"
    return (*terms, Term("×", factor.value, unit, N_("the factor of the sector")))


def _product(terms: tuple[Term, ...]) -> Fraction:
    product = Fraction(1)
    for term in terms:
        product = product / Fraction(term.figure) if term.sign == "÷" else product * Fraction(term.figure)
    return product
