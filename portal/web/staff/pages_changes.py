"""What the comparison of two estimates shows: the change, split into its causes, and the purchases behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.core.carbon.comparing import EFFECTS, Comparison, Row
from portal.language import N_, say
from portal.language.forms import show_number, show_percent
from portal.reports.chart_svg import placed
from portal.reports.columns import Column
from portal.reports.waterfall import Waterfall, described, picture
from portal.store.estimates import Estimate
from portal.web.staff.pages_charts import UNIT, Picture
from portal.web.staff.pages_estimates import percent_of, places_for
from portal.web.words import material_word

MOST_ROWS = 20
KG = Decimal(1000)

EFFECT_WORDS = {
    "volume": N_("Volume"),
    "mix": N_("Mix"),
    "method": N_("Method"),
    "factor": N_("Factors"),
    "price": N_("Prices paid"),
    "supplier": N_("Suppliers' own figures"),
    "new": N_("Suppliers newly bought from"),
    "lost": N_("Suppliers no longer bought from"),
    "reached": N_("Lines reached in one run only"),
    "unexplained": N_("Not explained"),
}
EFFECT_MEANINGS = {
    "volume": N_("More or less of each material was bought, from the same suppliers at the same intensity."),
    "mix": N_("The same amount of a material came from other suppliers or products, cleaner or dirtier ones."),
    "method": N_("The same purchases were estimated by another method, for example a footprint instead of an average."),
    "factor": N_("The same method used another factor, another version of it, or another price level or exchange rate."),
    "price": N_("Where money stands in for a known amount: the same amount cost more or less."),
    "supplier": N_("The supplier's own footprint or inventory changed: its improvement, or its worsening."),
    "new": N_("Suppliers that only the later estimate has."),
    "lost": N_("Suppliers that only the earlier estimate has."),
    "reached": N_("Purchases that a method reached in one of the two estimates only."),
    "unexplained": N_("Credit notes that bring an amount to zero, but not its emission."),
}  # fmt: skip


@dataclass(frozen=True)
class EffectRow:
    """One cause in tCO2e, with the purchase it moved most; `percent` of the earlier total."""

    key: str
    words: str
    meaning: str
    tco2e: Decimal
    percent: Decimal | None
    most: str


@dataclass(frozen=True)
class ChangeRow:
    """One thing bought, in tCO2e in both estimates; `causes` are its effects other than zero, the largest first."""

    supplier_id: str
    supplier: str
    material: str
    product_id: str
    before: Decimal
    after: Decimal
    change: Decimal
    causes: Sequence[tuple[str, Decimal]]


@dataclass(frozen=True)
class ChangesPage:
    """Everything on the page of a comparison, in tCO2e."""

    first: Estimate
    second: Estimate
    before: Decimal
    after: Decimal
    change: Decimal
    percent: Decimal | None
    effects: Sequence[EffectRow]
    rows: Sequence[ChangeRow]
    count: int
    picture: Picture
    places: int
    same_year: bool


def changes_page(
    first: Estimate, second: Estimate, found: Comparison, names: Mapping[str, str], locale: str
) -> ChangesPage:
    """The page object; `names` are suppliers' names by code."""
    places = places_for(max(abs(found.before), abs(found.after)) / KG)
    effects = [_effect(key, found, names, locale) for key in EFFECTS]
    shown = [e for e in effects if e.tco2e or e.key in ("volume", "mix", "method", "factor", "supplier")]
    changed = [row for row in found.rows if any(row.effects.values())]
    change = (found.after - found.before) / KG
    return ChangesPage(
        first=first,
        second=second,
        before=found.before / KG,
        after=found.after / KG,
        change=change,
        percent=percent_of(change, found.before / KG),
        effects=shown,
        rows=[_row(row, names, places, locale) for row in changed[:MOST_ROWS]],
        count=len(changed),
        picture=_picture(first, second, found, shown, places, locale),
        places=places,
        same_year=first.year == second.year,
    )


def _effect(key: str, found: Comparison, names: Mapping[str, str], locale: str) -> EffectRow:
    most = max(found.rows, key=lambda row: abs(row.effects[key]), default=None)
    moved = most is not None and most.effects[key] != 0
    return EffectRow(
        key=key,
        words=say(locale, EFFECT_WORDS[key]),
        meaning=say(locale, EFFECT_MEANINGS[key]),
        tco2e=found.effects[key] / KG,
        percent=percent_of(found.effects[key], found.before),
        most=_named(most, names, locale) if most and moved else "",
    )


def _named(row: Row, names: Mapping[str, str], locale: str) -> str:
    supplier = names.get(row.supplier_id, row.supplier_id)
    return f"{supplier}, {row.product_id or material_word(locale, row.material)}"


def _row(row: Row, names: Mapping[str, str], places: int, locale: str) -> ChangeRow:
    seen = Decimal(5).scaleb(-places - 1)  # what would be shown as zero is left to the file
    causes = [
        (say(locale, EFFECT_WORDS[key]), value / KG)
        for key, value in row.effects.items()
        if abs(value / KG) >= seen
    ]
    return ChangeRow(
        supplier_id=row.supplier_id,
        supplier=names.get(row.supplier_id, row.supplier_id),
        material=material_word(locale, row.material),
        product_id=row.product_id,
        before=row.before / KG,
        after=row.after / KG,
        change=(row.after - row.before) / KG,
        causes=sorted(causes, key=lambda pair: -abs(pair[1])),
    )


def estimate_label(estimate: Estimate) -> str:
    """How an estimate is named beside another: its year and the start of its run."""
    return f"{estimate.year} · {estimate.run[:6]}"


def _picture(
    first: Estimate,
    second: Estimate,
    found: Comparison,
    effects: Sequence[EffectRow],
    places: int,
    locale: str,
) -> Picture:
    caption = _finding(first, second, found, effects, places, locale)
    chart = Waterfall(
        key="changes",
        title=say(locale, N_("From one estimate to the other")),
        caption=caption,
        start=(estimate_label(first), found.before / KG),
        steps=tuple((e.words, e.tco2e) for e in effects),
        end=(estimate_label(second), found.after / KG),
        unit=UNIT,
        places=places,
    )
    return Picture(
        caption, placed(chart.key, chart.title, described(chart, locale), picture(chart, locale), locale)
    )


def _finding(
    first: Estimate,
    second: Estimate,
    found: Comparison,
    effects: Sequence[EffectRow],
    places: int,
    locale: str,
) -> str:
    change = (found.after - found.before) / KG
    up = max(effects, key=lambda e: e.tco2e)
    down = min(effects, key=lambda e: e.tco2e)
    if not any(e.tco2e for e in effects):
        return say(locale, N_("The two estimates do not differ."))
    amount = f"{show_number(abs(change), locale, places)}\u00a0{UNIT}"
    percent = percent_of(abs(change), found.before / KG)
    values = {
        "amount": amount if percent is None else f"{amount} ({show_percent(percent, locale)})",
        "up": up.words,
        "down": down.words,
        "more": f"+{show_number(up.tco2e, locale, places)}",
        "less": show_number(down.tco2e, locale, places),
    }
    if up.tco2e <= 0 or down.tco2e >= 0:
        one = N_("The total rose by {amount}; most of it is: {up} ({more}).")
        other = N_("The total fell by {amount}; most of it is: {down} ({less}).")
        return say(locale, one if change > 0 else other, **values)
    rose = N_("The total rose by {amount}. Upwards most: {up} ({more}); downwards most: {down} ({less}).")
    fell = N_("The total fell by {amount}. Downwards most: {down} ({less}); upwards most: {up} ({more}).")
    return say(locale, rose if change > 0 else fell, **values)


def change_columns(names: Mapping[str, str]) -> list[Column]:
    """Every thing bought with its effects in kg, so that columns and rows add up to the last digit."""

    def effect(key: str) -> Column:
        return Column(key, EFFECT_WORDS[key], lambda row: row.effects[key], "number", unit="kgCO2e")

    return [
        Column("supplier", N_("Supplier code"), lambda r: r.supplier_id),
        Column("name", N_("Supplier"), lambda r: names.get(r.supplier_id, r.supplier_id)),
        Column("material", N_("Material"), lambda r: r.material),
        Column("product", N_("Product"), lambda r: r.product_id),
        Column("measure", N_("Measured in"), lambda r: r.measure),
        Column("before", N_("Earlier"), lambda r: r.before, "number", unit="kgCO2e"),
        Column("after", N_("Later"), lambda r: r.after, "number", unit="kgCO2e"),
        *(effect(key) for key in EFFECTS),
    ]
