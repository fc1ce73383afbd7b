"""What the page on quality and certainty of an estimate shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.core.carbon.monte_carlo import TOLERANCE
from portal.core.carbon.quality_roll_up import Rating, Rolled
from portal.language import N_, say
from portal.language.forms import show_percent
from portal.operations.estimate_analysis import Certainty, QualityFound
from portal.reports.chart_svg import svg
from portal.reports.charts import BarChart, Series
from portal.web.staff.pages_charts import Picture
from portal.web.staff.pages_estimates import NONE_GIVEN, QUALITY_WORDS, SPREAD_WORDS, percent_of, places_for
from portal.web.words import material_word

MOST_SUPPLIERS = 50
CHARTED = 10
KG = Decimal(1000)

PACT_WORDS = {
    "pact-2": N_("PACT 2 rating, {aspect}, 1 best to 3"),
    "pact-3": N_("PACT 3 rating, {aspect}, 1 best to 5"),
}
ASPECT_WORDS = {
    "technological": N_("technology"),
    "temporal": N_("time"),
    "geographical": N_("geography"),
    "completeness": N_("completeness"),
    "reliability": N_("reliability"),
}


@dataclass(frozen=True)
class QualityRow:
    """Quality of one part of the total; `grade` is the mean GHG Protocol grade, `ratings` are all further scales."""

    key: str
    words: str
    tco2e: Decimal
    percent: Decimal | None
    lines: int
    primary: Decimal | None
    grade: Decimal | None
    ratings: Sequence[tuple[str, Decimal, Decimal]]
    filters: Mapping[str, str]


@dataclass(frozen=True)
class CertaintyPage:
    """The interval worked out and drawn, in tCO2e; shares are in per cent."""

    total: Decimal
    low: Decimal
    high: Decimal
    drawn_low: Decimal
    drawn_middle: Decimal
    drawn_high: Decimal
    seed: int
    draws: int
    apart: Decimal
    tolerance: Decimal
    agrees: bool
    leaning: Decimal | None
    table: str


@dataclass(frozen=True)
class QualityPage:
    """Everything on the page; `more_suppliers` counts those not listed."""

    total: QualityRow
    grade_scale: str
    materials: Sequence[QualityRow]
    suppliers: Sequence[QualityRow]
    more_suppliers: int
    picture: Picture
    certainty: CertaintyPage
    places: int


def quality_page(
    found: QualityFound, sure: Certainty, grade_scale: str, names: Mapping[str, str], locale: str
) -> QualityPage:
    """The page object; `names` are suppliers' names by code, `grade_scale` is what the run calls its grades' scale."""
    whole = found.total.kg

    def row(part: Rolled, words: str, filters: Mapping[str, str]) -> QualityRow:
        grades = {r.scale: r for r in part.ratings}
        graded = grades.pop(grade_scale, None)
        return QualityRow(
            key=part.key,
            words=words,
            tco2e=part.kg / KG,
            percent=percent_of(part.kg, whole),
            lines=part.lines,
            primary=part.primary_share,
            grade=graded.score if graded else None,
            ratings=[_rating(r, locale) for r in grades.values()],
            filters=filters,
        )

    suppliers = [
        row(s, names.get(s.key, s.key), {"supplier": s.key}) for s in found.suppliers[:MOST_SUPPLIERS]
    ]
    return QualityPage(
        total=row(found.total, say(locale, N_("Total")), {}),
        grade_scale=say(locale, QUALITY_WORDS.get(grade_scale, grade_scale)),
        materials=[
            row(m, material_word(locale, m.key), {"material": m.key or NONE_GIVEN}) for m in found.materials
        ],
        suppliers=suppliers,
        more_suppliers=max(len(found.suppliers) - MOST_SUPPLIERS, 0),
        picture=_picture(suppliers[:CHARTED], found.total.primary_share, locale),
        certainty=_certainty(sure, locale),
        places=places_for(whole / KG),
    )


def _rating(rating: Rating, locale: str) -> tuple[str, Decimal, Decimal]:
    scale, _, aspect = rating.scale.partition("/")
    if scale not in PACT_WORDS:
        return rating.scale, rating.score, rating.covered
    words = say(locale, PACT_WORDS[scale], aspect=say(locale, ASPECT_WORDS[aspect]))
    return words, rating.score, rating.covered


def _certainty(sure: Certainty, locale: str) -> CertaintyPage:
    drawn = sure.simulated
    return CertaintyPage(
        total=sure.total / KG,
        low=sure.analytic[0] / KG,
        high=sure.analytic[1] / KG,
        drawn_low=drawn.low / KG,
        drawn_middle=drawn.middle / KG,
        drawn_high=drawn.high / KG,
        seed=drawn.seed,
        draws=drawn.draws,
        apart=100 * sure.apart,
        tolerance=100 * TOLERANCE,
        agrees=sure.agrees,
        leaning=percent_of(drawn.middle - sure.total, sure.total),
        table=say(locale, SPREAD_WORDS.get(sure.table, sure.table)),
    )


def _picture(suppliers: Sequence[QualityRow], total: Decimal | None, locale: str) -> Picture:
    without = sum(1 for s in suppliers if not s.primary)
    caption = say(locale, N_("There are no tonnes to weigh data with."))
    if total is not None:
        caption = say(
            locale,
            N_(
                "{share} of the tonnes rest on suppliers' own data; of the {count} largest suppliers, {without} give none yet."
            ),
            share=show_percent(total, locale),
            count=len(suppliers),
            without=without,
        )
    shares = tuple(s.primary or Decimal(0) for s in suppliers)
    chart = BarChart(
        key="primary-data",
        title=say(locale, N_("Primary data share by supplier")),
        caption=caption,
        categories=tuple(s.words for s in suppliers),
        series=(Series("", shares, labels=tuple(show_percent(share, locale) for share in shares)),),
        unit="%",
        places=1,
        maximum=Decimal(100),
    )
    return Picture(caption, svg(chart, locale))
