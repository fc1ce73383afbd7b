"""Electricity: reading a row of consumption, and the green share of a year with its arithmetic.

Green share of a year = (own renewable generation used + electricity under a power purchase agreement + certificates
that count) ÷ consumption. The rules for certificates:

- **Same year.** A certificate counts for the calendar year its electricity was generated in, and for no other. The
  GHG Protocol Scope 2 Guidance (2015), quality criterion on vintage, wants instruments issued and redeemed as close
  as possible to the period of consumption; the same calendar year is our reading of it.
- **Same market** (the criterion on market boundaries). It counts against electricity used in the country it comes from; guarantees of origin
  against electricity used in any country of the European market.
- **Retired.** Only a certificate retired for the supplier counts (the criterion on retirement).
- **Once.** A certificate that came with a power purchase agreement proves that agreement and adds nothing to it.
- In each market certificates count up to the electricity that is not renewable already, so no share exceeds 100 %.

A green tariff counts through its certificates only. Own generation counts because its certificates stay with the
supplier: one who sold them reports that electricity as "other".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon import cells
from portal.core.carbon.geography import COUNTRIES
from portal.core.problems import Problem
from portal.core.units import convert

SOURCES = ("grid", "own_pv", "ppa", "green_tariff", "other")
RENEWABLE = ("own_pv", "ppa")
UNITS = ("kWh", "MWh")
USE_COLUMNS = ("site", "country", "region", "year", "month", "source", "amount", "unit")
LONGEST_SITE = 120
EUROPE = "Europe"
# Guarantees of origin are traded across the EU, the EEA and Switzerland.
_GO_MARKET = frozenset(
    "AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)


@dataclass(frozen=True)
class Use:
    """Electricity one site used from one `source` (of SOURCES) in a year or month, in MWh.

    `region` is a part of the country as ISO 3166-2 (CN-AH), empty when not given; `month` None for the whole year.
    """

    site: str
    country: str
    year: int
    source: str
    mwh: Decimal
    region: str = ""
    month: int | None = None


@dataclass(frozen=True)
class Cover:
    """What a certificate range can cover: MWh generated in `year` in `country`; `site` empty for the whole company.

    `backs` is "grid" (bought alone or with a tariff) or "ppa" (came with a power purchase agreement).
    """

    key: str
    scheme: str
    country: str
    year: int
    mwh: Decimal
    retired: bool
    backs: str = "grid"
    site: str = ""


@dataclass(frozen=True)
class MarketShare:
    """One market's part of a green share, in MWh: of `offered` certificates `counted` fit beside what is renewable."""

    market: str
    consumption: Fraction
    own: Fraction
    ppa: Fraction
    offered: Fraction
    counted: Fraction


@dataclass(frozen=True)
class GreenShare:
    """The green share of a year, of the company or of one `site`, with everything it was worked out from.

    `left_out` pairs the key of a certificate that does not count with the reason: not_retired, other_year,
    proves_ppa, no_market (none of the electricity was used in its market), other_site.
    """

    year: int
    site: str
    markets: tuple[MarketShare, ...]
    by_source: Mapping[str, Fraction]
    left_out: tuple[tuple[str, str], ...]
    bundled: Fraction

    @property
    def consumption(self) -> Fraction:
        return sum((m.consumption for m in self.markets), Fraction(0))

    @property
    def own(self) -> Fraction:
        return sum((m.own for m in self.markets), Fraction(0))

    @property
    def ppa(self) -> Fraction:
        return sum((m.ppa for m in self.markets), Fraction(0))

    @property
    def offered(self) -> Fraction:
        return sum((m.offered for m in self.markets), Fraction(0))

    @property
    def counted(self) -> Fraction:
        return sum((m.counted for m in self.markets), Fraction(0))

    @property
    def excess(self) -> Fraction:
        """MWh of certificates beyond what they could cover."""
        return self.offered - self.counted

    @property
    def share(self) -> Fraction | None:
        """0..1, None where nothing was used."""
        if self.consumption == 0:
            return None
        return (self.own + self.ppa + self.counted) / self.consumption


def read_use(
    values: Mapping[str, str], where: str = "", *, today: date | None = None
) -> tuple[Use | None, list[Problem]]:
    """One row of text cells as Use, or None with every problem (places as in `portal.core.carbon.cells`).

    Codes beyond those: electricity_source_unknown, electricity_unit_unknown, electricity_month_expected,
    electricity_country_unknown, electricity_region_elsewhere, electricity_text_too_long, and with `today`
    electricity_year_ahead.
    """
    row = cells.Row(values, where)
    site = cells.text(row, "site", required=True)
    country = cells.text(row, "country", required=True).upper()
    region = cells.text(row, "region").upper()
    year = cells.year(row, "year", required=True)
    month = _month(row)
    source = cells.text(row, "source", required=True).lower()
    amount = cells.number(row, "amount", required=True, least=Decimal(0))
    unit = cells.text(row, "unit", required=True)
    if len(site) > LONGEST_SITE:
        cells.add_problem(row, "site", "electricity_text_too_long", most=LONGEST_SITE)
    if country and country not in COUNTRIES:
        cells.add_problem(row, "country", "electricity_country_unknown")
    elif region and not region.startswith(f"{country}-"):
        cells.add_problem(row, "region", "electricity_region_elsewhere", country=country)
    if len(region) > 12:
        cells.add_problem(row, "region", "electricity_text_too_long", most=12)
    if source and source not in SOURCES:
        cells.add_problem(row, "source", "electricity_source_unknown", known=", ".join(SOURCES))
    if unit and unit not in UNITS:
        cells.add_problem(row, "unit", "electricity_unit_unknown")
    if year is not None and today is not None and year > today.year:
        cells.add_problem(row, "year", "electricity_year_ahead")
    if row.problems or year is None or amount is None:
        return None, row.problems
    return Use(site, country, year, source, convert(amount, unit, "MWh"), region, month), []


def together(uses: Sequence[tuple[str, Use]]) -> list[Problem]:
    """What is wrong between rows of one delivery; each comes with its place, problems name it.

    Codes: electricity_row_twice (same site, time and source), electricity_month_and_year (a year's figure beside
    figures of its months), electricity_site_moves (one site in one year at two places).
    """
    problems: list[Problem] = []
    seen: dict[tuple[str, int, int | None, str], str] = {}
    yearly: dict[tuple[str, int, str], tuple[bool, str]] = {}
    places: dict[tuple[str, int], tuple[str, str]] = {}
    for place, use in uses:
        site = site_key(use.site)
        key = (site, use.year, use.month, use.source)
        values: dict[str, object] = {"column": "site", "found": use.site, "year": use.year}
        if key in seen:
            problems.append(Problem("electricity_row_twice", place, {**values, "first": seen[key]}))
        seen.setdefault(key, place)
        whole = use.month is None
        before = yearly.setdefault((site, use.year, use.source), (whole, place))
        if before[0] != whole:
            problems.append(Problem("electricity_month_and_year", place, {**values, "first": before[1]}))
        at = places.setdefault((site, use.year), (use.country, use.region))
        if at != (use.country, use.region):
            told = {**values, "one": at[1] or at[0], "other": use.region or use.country}
            problems.append(Problem("electricity_site_moves", place, told))
    return problems


def site_key(site: str) -> str:
    """A site's name for comparing: blanks, case, width (（南区）１) and invisible marks do not make another site."""
    wide = unicodedata.normalize("NFKC", site).casefold()
    return " ".join("".join(sign for sign in wide if unicodedata.category(sign) != "Cf").split())


def market_of(country: str) -> str:
    """The market a country's electricity belongs to: itself, or Europe where guarantees of origin are traded."""
    return EUROPE if country in _GO_MARKET else country


def green_share(uses: Iterable[Use], covers: Iterable[Cover], year: int, site: str = "") -> GreenShare:
    """The green share of `year`, of the company or (with `site`) of one site; rules as in the module's text."""
    wanted = site_key(site)
    used = [u for u in uses if u.year == year and (not site or site_key(u.site) == wanted)]
    left_out: list[tuple[str, str]] = []
    # guarantees of origin by their market, every other certificate by its own country
    traded: dict[str, Fraction] = {}
    national: dict[str, Fraction] = {}
    bundled = Fraction(0)
    countries = {u.country for u in used}
    markets = {market_of(c) for c in countries}
    for cover in covers:
        why = _why_not(cover, year, wanted if site else "", markets, countries)
        if why == "proves_ppa":
            bundled += Fraction(cover.mwh)
        if why:
            left_out.append((cover.key, why))
            continue
        kept, place = (
            (traded, market_of(cover.country)) if cover.scheme == "go" else (national, cover.country)
        )
        kept[place] = kept.get(place, Fraction(0)) + Fraction(cover.mwh)
    found = tuple(
        _market(market, [u for u in used if market_of(u.country) == market], traded, national)
        for market in sorted(markets)
    )
    by_source = {s: sum((Fraction(u.mwh) for u in used if u.source == s), Fraction(0)) for s in SOURCES}
    return GreenShare(year, site, found, by_source, tuple(sorted(left_out)), bundled)


def _why_not(cover: Cover, year: int, site: str, markets: set[str], countries: set[str]) -> str:
    """Why a certificate does not count towards a share; "" when it does."""
    if cover.year != year:
        return "other_year"
    if not cover.retired:
        return "not_retired"
    if cover.backs == "ppa":
        return "proves_ppa"
    if site and site_key(cover.site) != site:
        return "other_site"
    traded = cover.scheme == "go" and market_of(cover.country) == EUROPE and EUROPE in markets
    if cover.country not in countries and not traded:
        return "no_market"
    return ""


def _market(
    market: str, uses: Sequence[Use], traded: Mapping[str, Fraction], national: Mapping[str, Fraction]
) -> MarketShare:
    """One market's part: certificates of a country first against what that country leaves open, traded ones then."""
    open_in: dict[str, Fraction] = {}
    for use in uses:
        needed = Fraction(0) if use.source in RENEWABLE else Fraction(use.mwh)
        open_in[use.country] = open_in.get(use.country, Fraction(0)) + needed
    at_home = {country: national.get(country, Fraction(0)) for country in open_in}
    given = traded.get(market, Fraction(0))
    total, own, ppa = _sum(uses), _sum(uses, "own_pv"), _sum(uses, "ppa")
    covered = sum((min(at_home[country], needed) for country, needed in open_in.items()), Fraction(0))
    counted = min(given + covered, total - own - ppa)
    return MarketShare(market, total, own, ppa, given + sum(at_home.values(), Fraction(0)), counted)


def _sum(uses: Sequence[Use], source: str = "") -> Fraction:
    return sum((Fraction(u.mwh) for u in uses if not source or u.source == source), Fraction(0))


def _month(row: cells.Row) -> int | None:
    text = cells.text(row, "month")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 12 or len(text) > 2:
        cells.add_problem(row, "month", "electricity_month_expected")
        return None
    return int(text)
