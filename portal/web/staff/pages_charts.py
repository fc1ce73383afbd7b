"""The pictures of an estimate, each with its finding in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from portal.language import N_, say
from portal.language.forms import show_number, show_percent
from portal.reports.chart_svg import svg
from portal.reports.charts import BarChart, Series
from portal.web.staff.pages_estimates import MethodRow, Result, Share, top_and_rest

UNIT = "tCO₂e"


@dataclass(frozen=True)
class Picture:
    """A chart as SVG and the sentence that says what it shows."""

    caption: str
    svg: Markup


@dataclass(frozen=True)
class Pictures:
    """The three pictures of an estimate."""

    material: Picture
    supplier: Picture
    method: Picture


def pictures_of(result: Result, locale: str) -> Pictures:
    """Shares by material, by supplier (the ten largest and the rest) and by method."""
    return Pictures(
        material=_parts(
            "material", say(locale, N_("Tonnes by material")), result.materials, result.places, locale
        ),
        supplier=_parts(
            "supplier", say(locale, N_("Tonnes by supplier")), result.suppliers, result.places, locale
        ),
        method=_methods(result, locale),
    )


def _parts(key: str, title: str, shares: Sequence[Share], places: int, locale: str) -> Picture:
    caption = _material_finding(shares, locale) if key == "material" else _supplier_finding(shares, locale)
    return _picture(
        key,
        title,
        caption,
        [(s.words, s.tco2e, s.percent) for s in top_and_rest(shares, locale)],
        places,
        locale,
    )


def _methods(result: Result, locale: str) -> Picture:
    rows = [(m.words, m.tco2e, m.percent) for m in result.methods if m.tco2e is not None]
    title = say(locale, N_("Tonnes by method"))
    return _picture("method", title, _method_finding(result.methods, locale), rows, result.places, locale)


def _picture(
    key: str,
    title: str,
    caption: str,
    rows: Sequence[tuple[str, Decimal, Decimal | None]],
    places: int,
    locale: str,
) -> Picture:
    labels = tuple(_label(tonnes, percent, places, locale) for _, tonnes, percent in rows)
    chart = BarChart(
        key=f"by-{key}",
        title=title,
        caption=caption,
        categories=tuple(words for words, _, _ in rows),
        series=(Series("", tuple(tonnes for _, tonnes, _ in rows), labels=labels),),
        unit=UNIT,
        places=places,
    )
    return Picture(caption, svg(chart, locale))


def _label(tonnes: Decimal, percent: Decimal | None, places: int, locale: str) -> str:
    amount = f"{show_number(tonnes, locale, places)}\u00a0{UNIT}"
    return amount if percent is None else f"{amount} · {show_percent(percent, locale)}"


def _material_finding(shares: Sequence[Share], locale: str) -> str:
    if not shares or shares[0].percent is None:
        return say(locale, N_("No material has tonnes to share out."))
    first = show_percent(shares[0].percent, locale)
    if len(shares) < 4:
        return say(
            locale, N_("{name} stands behind {share} of the tonnes."), name=shares[0].words, share=first
        )
    three = sum((s.percent or Decimal(0) for s in shares[:3]), Decimal(0))
    return say(
        locale,
        N_(
            "{name} stands behind {share} of the tonnes; the three largest materials together behind {three}."
        ),
        name=shares[0].words,
        share=first,
        three=show_percent(three, locale),
    )


def _supplier_finding(shares: Sequence[Share], locale: str) -> str:
    if not shares or shares[0].percent is None:
        return say(locale, N_("No supplier has tonnes to share out."))
    first = show_percent(shares[0].percent, locale)
    if len(shares) < 4:
        return say(
            locale, N_("{name} stands behind {share} of the tonnes."), name=shares[0].words, share=first
        )
    many = min(10, len(shares) - 1)
    together = sum((s.percent or Decimal(0) for s in shares[:many]), Decimal(0))
    return say(
        locale,
        N_(
            "{many} of {count} suppliers stand behind {share} of the tonnes; the largest, {name}, behind {first}."
        ),
        many=many,
        count=len(shares),
        share=show_percent(together, locale),
        name=shares[0].words,
        first=first,
    )


def _method_finding(methods: Sequence[MethodRow], locale: str) -> str:
    percent = {m.key: m.percent for m in methods}
    if percent["supplier_specific"] is None or percent["hybrid"] is None:
        return say(locale, N_("There are no tonnes to share out by method."))
    return say(
        locale,
        N_(
            "{own} of the tonnes rest on suppliers' own figures, {average} on average factors, {spend} on money spent."
        ),
        own=show_percent(percent["supplier_specific"] + percent["hybrid"], locale),
        average=show_percent(percent["average_data"] or Decimal(0), locale),
        spend=show_percent(percent["spend_based"] or Decimal(0), locale),
    )
