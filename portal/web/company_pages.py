"""Page objects of the company register that both audiences show: inventories, green share, measures, doubts.

Addresses differ between the audiences, so whoever builds these objects brings them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from portal.core.carbon.doubts import Doubt, judge_reply
from portal.core.carbon.electricity import GreenShare, green_share, site_key
from portal.core.carbon.inventory import SCOPE3_COLUMNS
from portal.core.carbon.inventory_record import SCOPE1_SOURCES
from portal.core.exact import decimal_of, rounded
from portal.core.problems import Problem
from portal.files.carbon_workbooks import CATEGORIES
from portal.language import N_, say
from portal.language.catalogue import translate
from portal.language.sentences import sentence
from portal.operations.register_judging import cover_of, use_of
from portal.store.carbon import InventoryRow
from portal.store.carbon_doubts import CarbonDoubt, as_problem
from portal.store.electricity import Certificate, ElectricityUse
from portal.store.inventories import VerificationStatement
from portal.store.measures import Measure
from portal.web.forms.company import (
    BOUNDARY_WORDS,
    LEVEL_WORDS,
    REASON_WORDS,
    SCOPE1_WORDS,
    STATUS_WORDS,
)

SCOPE_WORDS = {
    "scope1_tco2e": N_("Scope 1"),
    "scope2_location_tco2e": N_("Scope 2, location-based"),
    "scope2_market_tco2e": N_("Scope 2, market-based"),
    "scope3_upstream_tco2e": N_("Scope 3, upstream in total"),
}
STATUS_MARKS = {"planned": "quiet", "running": "moving", "done": "good"}


@dataclass(frozen=True)
class Question:
    """A doubt to be answered before a figure counts; `error` says why a reply given is none; `earlier` where the reply
    is the one given before to the same warning."""

    key: str
    sentence: str
    reply: str
    error: str
    earlier: bool = False


@dataclass(frozen=True)
class Answered:
    """A doubt kept with a figure and the reply to it."""

    sentence: str
    reply: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class Origin:
    """Where a figure comes from: file (name "" where it was typed), who and when."""

    name: str
    url: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Figure:
    """A number with its cell."""

    value: Decimal | None
    cell: str


@dataclass(frozen=True)
class FigureLine:
    """One line of an inventory's table; a `part` belongs to the sum above it."""

    words: str
    value: Decimal | None
    cell: str
    part: bool


@dataclass(frozen=True)
class StatementView:
    """A verification statement in words."""

    level_words: str
    standard: str
    verifier: str
    signed_on: date
    file_name: str
    file_url: str
    by: str
    at: datetime


@dataclass(frozen=True)
class InventoryView:
    """One inventory with everything around it."""

    id: int
    year: int
    boundary: str
    sites: str
    lines: tuple[FigureLine, ...]
    output: Figure
    output_unit: str
    revenue: Figure
    currency: str
    verified: bool
    statement: StatementView | None
    doubts: tuple[Answered, ...]
    origin: Origin
    replaced_at: datetime | None
    url: str


@dataclass(frozen=True)
class MarketView:
    """One market's part of a green share, MWh."""

    market: str
    consumption: Decimal
    renewable: Decimal
    offered: Decimal
    counted: Decimal


@dataclass(frozen=True)
class LeftOut:
    """Certificates that do not count, and why."""

    serial: str
    mwh: Decimal
    why: str


@dataclass(frozen=True)
class GreenView:
    """The green share of a year, of the company or a site; `percent` 0..100, None without consumption; the rest MWh."""

    year: int
    site: str
    percent: Decimal | None
    counted: Decimal
    own: Decimal
    ppa: Decimal
    consumption: Decimal
    excess: Decimal
    markets: tuple[MarketView, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class MeasureLine:
    """One measure in a table; `files` and `commitments` pair words with addresses."""

    id: int
    title: str
    description: str
    status_words: str
    mark: str
    figure: str
    before: Decimal | None
    after: Decimal | None
    unit: str
    tco2e: Decimal | None
    kwh: Decimal | None
    cost: Decimal | None
    currency: str
    start_on: date | None
    files: tuple[tuple[str, str], ...]
    commitments: tuple[tuple[str, str], ...]
    by: str
    at: datetime
    url: str


def questions(
    doubts: Iterable[Doubt],
    replies: Mapping[str, str],
    locale: str,
    before: Mapping[str, str] = MappingProxyType({}),
) -> list[Question]:
    """Doubts as questions on a page; an error is shown only where the page was sent with replies. `before` are replies
    given earlier, offered where nothing was typed yet."""
    asked = []
    for doubt in doubts:
        typed = doubt.key in replies
        reply = replies[doubt.key] if typed else before.get(doubt.key, "")
        code = judge_reply(reply) if typed else ""
        error = sentence(locale, Problem(code, values={"about": doubt.about, "most": 1000})) if code else ""
        earlier = not typed and bool(reply)
        asked.append(Question(doubt.key, sentence(locale, doubt.problem), reply, error, earlier))
    return asked


def answered(doubts: Iterable[CarbonDoubt], locale: str) -> tuple[Answered, ...]:
    """Stored doubts in words."""
    return tuple(
        Answered(
            sentence(locale, as_problem(one)),
            translate(locale, one.reply),
            one.replied_by.name if one.replied_by else "",
            one.replied_at,
        )
        for one in doubts
    )


def inventory_view(
    row: InventoryRow,
    statement: VerificationStatement | None,
    doubts: Sequence[CarbonDoubt],
    locale: str,
    *,
    upload_url: Callable[[int], str],
    file_url: Callable[[int], str],
    url: str = "",
) -> InventoryView:
    """One inventory; `upload_url` is the address of the file it came from, `file_url` of an evidence file."""
    cells = row.cells
    return InventoryView(
        id=row.id,
        year=row.year,
        boundary=say(locale, BOUNDARY_WORDS[row.boundary]),
        sites=row.sites,
        lines=tuple(_lines(row, locale)),
        output=Figure(row.output_quantity, cells.get("output_quantity", "")),
        output_unit=row.output_unit,
        revenue=Figure(row.revenue, cells.get("revenue", "")),
        currency=row.currency,
        verified=row.verified,
        statement=_statement(statement, locale, file_url) if statement else None,
        doubts=answered(doubts, locale),
        origin=Origin(
            row.upload.name if row.upload else "",
            upload_url(row.upload.id) if row.upload else "",
            row.accepted_by.name,
            row.accepted_at,
        ),
        replaced_at=row.replaced_at,
        url=url,
    )


def green_years(
    uses: Sequence[ElectricityUse], certificates: Sequence[Certificate], locale: str
) -> list[tuple[GreenView, list[GreenView]]]:
    """For each year with electricity or certificates, newest first: the company's share and each site's."""
    known = [use_of(row) for row in uses]
    covers = [cover_of(row) for row in certificates]
    by_key = {str(row.id): row for row in certificates}
    years = sorted({u.year for u in known} | {c.year for c in covers}, reverse=True)
    found = []
    for year in years:
        sites = sorted({site_key(u.site): u.site for u in known if u.year == year}.values())
        whole = _green(green_share(known, covers, year), by_key, locale)
        each = [_green(green_share(known, covers, year, site), {}, locale) for site in sites]
        found.append((whole, each if len(each) > 1 else []))
    return found


def measure_line(
    row: Measure,
    locale: str,
    *,
    file_url: Callable[[int], str],
    commitment_url: Callable[[int], str],
    url: str = "",
) -> MeasureLine:
    """One measure in words, with the addresses this audience may open."""
    return MeasureLine(
        id=row.id,
        title=row.title,
        description=row.description,
        status_words=say(locale, STATUS_WORDS[row.status]),
        mark=STATUS_MARKS[row.status],
        figure=row.figure,
        before=row.value_before,
        after=row.value_after,
        unit=row.unit,
        tco2e=row.tco2e_year,
        kwh=row.kwh_year,
        cost=row.cost,
        currency=row.currency,
        start_on=row.start_on,
        files=tuple((one.evidence.name, file_url(one.evidence_id)) for one in row.files),
        commitments=tuple(
            (one.commitment.finding.indicator, commitment_url(one.commitment_id)) for one in row.links
        ),
        by=row.changed_by.name,
        at=row.changed_at,
        url=url,
    )


def _lines(row: InventoryRow, locale: str) -> Iterable[FigureLine]:
    cells: Mapping[str, str] = row.cells
    yield FigureLine(
        say(locale, SCOPE_WORDS["scope1_tco2e"]), row.scope1_tco2e, cells.get("scope1_tco2e", ""), False
    )
    for source in SCOPE1_SOURCES:
        if source in row.scope1_sources:
            cell = cells.get(f"scope1_{source}_tco2e", "")
            words = say(locale, SCOPE1_WORDS[source])
            yield FigureLine(words, Decimal(row.scope1_sources[source]), cell, True)
    sums = {
        "scope2_location_tco2e": row.scope2_location_tco2e,
        "scope2_market_tco2e": row.scope2_market_tco2e,
        "scope3_upstream_tco2e": row.scope3_upstream_tco2e,
    }
    for column, value in sums.items():
        yield FigureLine(say(locale, SCOPE_WORDS[column]), value, cells.get(column, ""), False)
    for number, (column, words) in enumerate(zip(SCOPE3_COLUMNS, CATEGORIES, strict=True), start=1):
        if str(number) in row.scope3:
            label = say(locale, words).removesuffix("(tCO2e)").removesuffix("（tCO2e）").strip()
            yield FigureLine(label, Decimal(row.scope3[str(number)]), cells.get(column, ""), True)


def _statement(row: VerificationStatement, locale: str, file_url: Callable[[int], str]) -> StatementView:
    return StatementView(
        level_words=say(locale, LEVEL_WORDS[row.level]),
        standard=row.standard,
        verifier=row.verifier,
        signed_on=row.signed_on,
        file_name=row.evidence.name if row.evidence else "",
        file_url=file_url(row.evidence.id) if row.evidence else "",
        by=row.entered_by.name,
        at=row.entered_at,
    )


def _green(share: GreenShare, rows: Mapping[str, Certificate], locale: str) -> GreenView:
    percent = None if share.share is None else rounded(share.share * 100, 2)
    return GreenView(
        year=share.year,
        site=share.site,
        percent=percent,
        counted=_shown(share.counted),
        own=_shown(share.own),
        ppa=_shown(share.ppa),
        consumption=_shown(share.consumption),
        excess=_shown(share.excess),
        markets=tuple(
            MarketView(
                m.market,
                _shown(m.consumption),
                _shown(m.own + m.ppa),
                _shown(m.offered),
                _shown(m.counted),
            )
            for m in share.markets
        ),
        left_out=tuple(
            LeftOut(_serial(rows[key]), rows[key].mwh, say(locale, REASON_WORDS[why]))
            for key, why in share.left_out
            if key in rows and why != "other_year"
        ),
    )


def _serial(row: Certificate) -> str:
    return f"{row.registry_name} {row.serial_from} – {row.serial_to}"


def _shown(value: Fraction) -> Decimal:
    exact = decimal_of(value)
    return exact if -exact.as_tuple().exponent <= 3 else rounded(value, 3)  # type: ignore[operator]  # finite
