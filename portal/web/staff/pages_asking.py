"""What the page "Where to ask next" shows: suppliers by what their own footprints would narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.carbon.value_of_information import Gain
from portal.language import N_, say
from portal.language.forms import show_date, show_number, show_percent
from portal.operations.estimate_analysis import Asking
from portal.reports.chart_svg import svg
from portal.reports.charts import BarChart, Series
from portal.reports.columns import Column
from portal.store.assessments import Assessment, Round
from portal.store.carbon import FootprintRow, footprints_in_force
from portal.store.estimates import Estimate
from portal.store.standings import newest_assessments
from portal.store.suppliers import Supplier
from portal.web.staff.pages_charts import UNIT, Picture
from portal.web.staff.pages_estimates import places_for
from portal.web.words import STATE_WORDS

PAGE = 50
CHARTED = 10
KG = Decimal(1000)
OWING = frozenset({"invited", "in_progress", "returned"})


@dataclass(frozen=True)
class AskRow:
    """One supplier: what asking would bring (tCO2e, and per cent of the width), what it costs, and where it stands.

    `supplier_id` is None for a supplier that is not in the portal; `state` is that of its newest assessment, "" for none.
    """

    rank: int
    code: str
    words: str
    supplier_id: int | None
    before: Decimal
    after: Decimal
    narrowing: Decimal
    percent: Decimal
    lines: int
    spend_usd: Decimal
    per_line: Decimal
    asks: Sequence[str]
    state: str
    state_words: str
    owed: str


@dataclass(frozen=True)
class AskPage:
    """Everything on the page; `open_round` is where a supplier that is not in the portal can be invited."""

    rows: Sequence[AskRow]
    count: int
    page: int
    last: int
    nothing_to_gain: int
    width: Decimal
    places: int
    picture: Picture
    unreached_lines: int
    unreached_suppliers: int
    open_round: int | None


@dataclass(frozen=True)
class _Known:
    """What the portal knows of suppliers, by code."""

    suppliers: Mapping[str, Supplier]
    assessments: Mapping[int, Assessment]
    footprints: Mapping[str, Sequence[FootprintRow]]


def ask_rows(
    session: Session, estimate: Estimate, found: Asking, names: Mapping[str, str], locale: str
) -> list[AskRow]:
    """All suppliers with something to gain, most narrowing first. Three queries."""
    known = _known(session)
    useful = [gain for gain in found.gains if gain.narrowing > 0]
    return [_row(rank, gain, known, estimate, names, locale) for rank, gain in enumerate(useful, start=1)]


def ask_page(
    session: Session, found: Asking, rows: Sequence[AskRow], number: int, today: date, locale: str
) -> AskPage:
    """One page of the rows, with the picture of the whole."""
    last = max(1, -(-len(rows) // PAGE))
    number = min(max(number, 1), last)
    places = places_for(found.width / KG)
    return AskPage(
        rows=rows[(number - 1) * PAGE : number * PAGE],
        count=len(rows),
        page=number,
        last=last,
        nothing_to_gain=len(found.gains) - len(rows),
        width=found.width / KG,
        places=places,
        picture=_picture(found, rows, places, locale),
        unreached_lines=sum(found.unreached.values()),
        unreached_suppliers=len(found.unreached),
        open_round=session.scalar(
            select(Round.id).where(Round.deadline_on >= today).order_by(Round.id.desc()).limit(1)
        ),
    )


def _known(session: Session) -> _Known:
    footprints: dict[str, list[FootprintRow]] = {}
    for row in footprints_in_force(session):
        footprints.setdefault(row.supplier.code, []).append(row)
    suppliers = session.scalars(select(Supplier))
    return _Known(
        {s.code: s for s in suppliers},
        {a.supplier_id: a for a in newest_assessments(session)},
        footprints,
    )


def _row(
    rank: int, gain: Gain, known: _Known, estimate: Estimate, names: Mapping[str, str], locale: str
) -> AskRow:
    supplier = known.suppliers.get(gain.supplier_id)
    assessment = known.assessments.get(supplier.id) if supplier else None
    return AskRow(
        rank=rank,
        code=gain.supplier_id,
        words=names.get(gain.supplier_id, gain.supplier_id),
        supplier_id=supplier.id if supplier else None,
        before=gain.before / KG,
        after=gain.after / KG,
        narrowing=gain.narrowing / KG,
        percent=gain.percent,
        lines=gain.lines,
        spend_usd=gain.spend_usd,
        per_line=gain.per_line / KG,
        asks=gain.asks,
        state=assessment.state if assessment else "",
        state_words=say(locale, STATE_WORDS[assessment.state]) if assessment else "",
        owed=_owed(gain, supplier, assessment, known, estimate, locale),
    )


def _owed(
    gain: Gain,
    supplier: Supplier | None,
    assessment: Assessment | None,
    known: _Known,
    estimate: Estimate,
    locale: str,
) -> str:
    """What this supplier owes, or what is there already and waits for the next run."""
    if supplier is None:
        return say(locale, N_("Not in the portal yet."))
    own = [row for row in known.footprints.get(gain.supplier_id, ()) if row.product_id in gain.asks]
    newer = [row for row in own if row.accepted_at > estimate.run_at]
    if newer:
        return say(
            locale,
            N_("A newer footprint of {product} is in the register; it counts from the next run."),
            product=newer[0].product_id,
        )
    if assessment is not None and assessment.state in OWING:
        return say(
            locale,
            N_("Owes its assessment by {day}, and the footprints."),
            day=show_date(assessment.round.deadline_on, locale),
        )
    if any(not row.verified for row in own):
        return say(locale, N_("Has a footprint; its verification is missing."))
    return say(locale, N_("Owes the footprints."))


def _picture(found: Asking, rows: Sequence[AskRow], places: int, locale: str) -> Picture:
    top = rows[:CHARTED]
    labels = tuple(
        f"{show_number(row.narrowing, locale, places)}\u00a0{UNIT} · {show_percent(row.percent, locale)}"
        for row in top
    )
    caption = _finding(found, rows, locale)
    chart = BarChart(
        key="ask-next",
        title=say(locale, N_("Narrowing of the interval by supplier asked")),
        caption=caption,
        categories=tuple(row.words for row in top),
        series=(Series("", tuple(row.narrowing for row in top), labels=labels),),
        unit=UNIT,
        places=places,
    )
    return Picture(caption, svg(chart, locale))


def _finding(found: Asking, rows: Sequence[AskRow], locale: str) -> str:
    if not rows or not found.width:
        return say(locale, N_("No supplier's footprint would narrow the interval any further."))
    alone = show_percent(rows[0].percent, locale)
    if len(found.together) < 3:
        return say(
            locale, N_("Asking {name} would narrow the interval by {share}."), name=rows[0].words, share=alone
        )
    many = min(5, len(found.together))
    share = 100 * (1 - found.together[many - 1] / found.width)
    return say(
        locale,
        N_(
            "Asking {name} alone would narrow the interval by {share}; asking the first {many} by {together}."
        ),
        name=rows[0].words,
        share=alone,
        many=many,
        together=show_percent(share, locale),
    )


def ask_columns() -> list[Column]:
    """The same list as a file."""
    return [
        Column("rank", N_("Rank"), lambda r: r.rank, "integer"),
        Column("supplier", N_("Supplier code"), lambda r: r.code),
        Column("name", N_("Supplier"), lambda r: r.words),
        Column("narrowing", N_("Narrowing"), lambda r: _places(r.narrowing), "number", unit="tCO2e"),
        Column("percent", N_("Narrowing of the width"), lambda r: _places(r.percent), "number", unit="%"),
        Column("before", N_("Width before"), lambda r: _places(r.before), "number", unit="tCO2e"),
        Column("after", N_("Width after"), lambda r: _places(r.after), "number", unit="tCO2e"),
        Column("lines", N_("Lines"), lambda r: r.lines, "integer"),
        Column("spend", N_("Spend"), lambda r: r.spend_usd, "number", unit="USD"),
        Column("per_line", N_("Narrowing per line"), lambda r: _places(r.per_line), "number", unit="tCO2e"),
        Column("asks", N_("Ask for footprints of"), lambda r: "; ".join(r.asks)),
        Column("state", N_("Assessment"), lambda r: r.state_words),
        Column("owed", N_("Stands at"), lambda r: r.owed),
    ]  # fmt: skip


def _places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"))
