"""Exchange rates and prices in use: one grid of currencies and years, where each figure is from, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from sqlalchemy.orm import Session

from portal.core.carbon.factor_precedence import gaps
from portal.store.factor_reads import money_of, versions_in_use
from portal.store.factors import FactorVersion
from portal.web.staff.pages_factors import table_word

_BABEL = {"en": Locale.parse("en_GB"), "zh": Locale.parse("zh_Hans_CN")}


@dataclass(frozen=True)
class Cell:
    """One rate; `own` when it is the organisation's, None of a value where it is missing."""

    value: Decimal | None
    own: bool = False
    source: str = ""


@dataclass(frozen=True)
class CurrencyRow:
    """A currency's rates by year, in the order of the page's years."""

    currency: str
    name: str
    cells: tuple[Cell, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Price:
    """The price level of one year."""

    year: int
    index: Decimal
    source: str


@dataclass(frozen=True)
class UsedTable:
    """A version of rates or prices in use."""

    version: FactorVersion
    name: str
    own: bool


@dataclass(frozen=True)
class MoneyPage:
    """Rates and prices as a new estimate would take them; `gaps` are (currency, years without a rate)."""

    years: Sequence[int]
    rows: Sequence[CurrencyRow]
    gaps: Sequence[tuple[str, str, tuple[int, ...]]]
    prices: Sequence[Price]
    price_gaps: Sequence[int]
    rate_tables: Sequence[UsedTable]
    price_tables: Sequence[UsedTable]


def currency_name(currency: str, locale: str) -> str:
    """A currency in words; its code when unknown."""
    return str(_BABEL[locale].currencies.get(currency, currency))


def money_page(session: Session, locale: str) -> MoneyPage:
    """Rates and prices in use, own before shipped."""
    used = [v for v in versions_in_use(session) if v.table.kind in ("rates", "prices")]
    cells: dict[tuple[str, int], Cell] = {}
    prices: list[Price] = []
    for version in reversed(used):
        own = version.table.origin == "own"
        for row in money_of(session, version.id):
            if version.table.kind == "rates":
                cells[row.currency, row.year] = Cell(row.value, own, row.source)
            else:
                prices.append(Price(row.year, row.value, row.source))
    years = _span([year for _, year in cells])
    price_years = [price.year for price in prices]
    missing = gaps(cells, years)
    return MoneyPage(
        years=years,
        rows=[
            _row(currency, cells, years, locale) for currency in sorted({currency for currency, _ in cells})
        ],
        gaps=[(currency, currency_name(currency, locale), gone) for currency, gone in missing.items()],
        prices=sorted(prices, key=lambda price: price.year),
        price_gaps=[year for year in _span([*years, *price_years]) if year not in price_years],
        rate_tables=_tables(used, "rates", locale),
        price_tables=_tables(used, "prices", locale),
    )


def _span(years: Sequence[int]) -> list[int]:
    return list(range(min(years), max(years) + 1)) if years else []


def _row(currency: str, cells: dict[tuple[str, int], Cell], years: Sequence[int], locale: str) -> CurrencyRow:
    own = tuple(cells.get((currency, year), Cell(None)) for year in years)
    sources = tuple(dict.fromkeys(cell.source for cell in own if cell.source))
    return CurrencyRow(currency, currency_name(currency, locale), own, sources)


def _tables(used: Sequence[FactorVersion], kind: str, locale: str) -> list[UsedTable]:
    return [
        UsedTable(v, table_word(locale, v.table.key), v.table.origin == "own")
        for v in used
        if v.table.kind == kind
    ]
