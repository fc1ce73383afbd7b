"""Exchange rates and the US price level: from a purchase in any currency to dollars of a factor's base year.

spend ÷ per_usd(purchase year) ÷ (index(purchase year) ÷ index(base year)) × factor. All steps as exact fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

RATE_COLUMNS = ("currency", "year", "per_usd", "source")
RATE_REQUIRED = ("currency", "year", "per_usd")
PRICE_COLUMNS = ("year", "index", "source")
PRICE_REQUIRED = ("year", "index")


@dataclass(frozen=True)
class Money:
    """`per_usd[(currency, year)]`: units of the currency that bought one US dollar, yearly average;
    `index[year]`: the US price level on any one base."""

    per_usd: Mapping[tuple[str, int], Decimal]
    index: Mapping[int, Decimal]


def rate(money: Money, currency: str, year: int) -> Decimal | None:
    """Units of `currency` per US dollar in `year`; the dollar itself is 1. None when the table has no row."""
    if currency == "USD":
        return Decimal(1)
    return money.per_usd.get((currency, year))


def price_level(money: Money, year: int, base_year: int) -> Fraction | None:
    """How much dearer `year` is than `base_year` (1.04 = 4 % dearer); None when either index is missing."""
    if year == base_year:
        return Fraction(1)
    if year not in money.index or base_year not in money.index:
        return None
    return Fraction(money.index[year]) / Fraction(money.index[base_year])


def base_dollars(money: Money, currency: str, year: int, base_year: int) -> Fraction | None:
    """US dollars of `base_year` that one unit of `currency` spent in `year` is worth; None when not known."""
    per_usd, level = rate(money, currency, year), price_level(money, year, base_year)
    if per_usd is None or level is None:
        return None
    return 1 / Fraction(per_usd) / level
