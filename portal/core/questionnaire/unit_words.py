"""Units as people read them, in both languages."""

from __future__ import annotations

from decimal import Decimal

from portal.core.exact import decimal_text
from portal.core.questionnaire.model import Text, text_in

_WORDS = {
    "count": Text("", ""),
    "piece": Text("pieces", "件"),
    "hours": Text("hours", "小时"),
    "m2": Text("m²", "m²"),
    "m3": Text("m³", "m³"),
    "l": Text("l", "L"),
    "t.km": Text("t·km", "吨公里"),
    "cases per million hours": Text("cases per million hours", "起/百万工时"),
    "cases per 200,000 hours": Text("cases per 200 000 hours", "起/20 万工时"),
    "kgCO2e per declared unit": Text("kgCO2e per declared unit", "kgCO2e/声明单位"),
}

# where one of it is meant, after a slash
_ONE = {"count": Text("item", "个"), "piece": Text("piece", "件")}


def unit_text(unit: str, locale: str) -> str:
    """The unit as written beside a number; empty for plain counts."""
    words = _WORDS.get(unit)
    return unit if words is None else text_in(words, locale)


def unit_choice(unit: str, locale: str) -> str:
    """The unit as offered in a list to choose from: never empty."""
    return unit_text(unit, locale) or unit


def unit_one(unit: str, locale: str) -> str:
    """The unit after a slash, of which one is meant: kgCO2e/piece, kgCO2e/m²."""
    return text_in(_ONE[unit], locale) if unit in _ONE else unit_text(unit, locale)


def number_text(number: Decimal) -> str:
    """A number with thin spaces between groups of three from five digits on: "12 345.6"."""
    text = decimal_text(number)
    sign, text = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, point, fraction = text.partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", "\u202f")
    return f"{sign}{whole}{point}{fraction}"


def quantity_text(number: Decimal, unit: str, locale: str) -> str:
    """A number with its unit: "12 345.6 MWh", "28.5 %" (in Chinese "28.5%"), "3"."""
    if unit == "%" and locale == "zh":
        return f"{number_text(number)}%"
    return f"{number_text(number)}\u00a0{unit_text(unit, locale)}".rstrip("\u00a0")
