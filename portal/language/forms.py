"""Local forms of numbers, dates, times and sizes, for pages and reports alike."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_EVEN, Context, Decimal

from babel.dates import format_date

THIN = "\u202f"
MINUS = "\u2212"
_ANY_SIZE = Context(prec=400, rounding=ROUND_HALF_EVEN)  # the default one refuses more than 28 digits
_BABEL = {"en": "en_GB", "zh": "zh_Hans_CN"}


def show_number(value: Decimal | int, locale: str, places: int | None = None) -> str:
    """A number with thin spaces between thousands; `places` rounds half-even, None shows what is there."""
    number = Decimal(value)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), context=_ANY_SIZE)
    text = format(number.copy_abs(), "f")
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, rest = text.partition(".")
    groups = f"{int(whole):,}".replace(",", THIN)
    sign = MINUS if number < 0 else ""
    return sign + groups + (f".{rest}" if rest else "")


def show_percent(value: Decimal, locale: str, places: int = 1) -> str:
    """A percentage given on 0..100, with its sign."""
    return show_number(value, locale, places) + ("\u00a0%" if locale == "en" else "%")


def show_tonnes(value: Decimal, locale: str, places: int = 0) -> str:
    """Tonnes without their unit, which stands in the header or beside."""
    return show_number(value, locale, places)


def show_date(value: date, locale: str) -> str:
    """A day: 3 March 2026, 2026年3月3日."""
    return format_date(value, "d MMMM y" if locale == "en" else "y年M月d日", locale=_BABEL[locale])


def show_time(value: datetime, zone: tzinfo, locale: str) -> str:
    """The time of day in `zone`: 14:03."""
    return value.astimezone(zone).strftime("%H:%M")


def show_datetime(value: datetime, zone: tzinfo, locale: str) -> str:
    """Day and time of day in `zone`."""
    local = value.astimezone(zone)
    return f"{show_date(local.date(), locale)} {local:%H:%M}"


def show_size(size: int) -> str:
    """A file's size in words people use."""
    for unit, scale in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if size >= scale:
            return f"{size / scale:.1f}\u00a0{unit}"
    return f"{size}\u00a0B"
