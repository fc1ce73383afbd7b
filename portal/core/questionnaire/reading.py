"""What reading a raw value gives, and the strict readers of single numbers and dates.

Where a number could be meant in two ways it is refused with a request to write it plainly, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from portal.core.problems import Problem

MOST_INTEGER_DIGITS = 15
MOST_DECIMALS = 18
_EXACT = Context(prec=MOST_INTEGER_DIGITS + MOST_DECIMALS)
FIRST_YEAR, LAST_YEAR = 1900, 2199
SHOWN = 60

Value = str | tuple[str, ...] | Decimal | date | tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Reading:
    """A raw value as read: `value` in canonical form and in the indicator's own unit.

    `value` is None when nothing was answered or when `problems` say why it cannot be read; `unit` is the unit
    the person typed the value in, "" for kinds without one.
    """

    value: Value | None
    unit: str
    problems: tuple[Problem, ...]


_SPACES = "\u00a0\u2007\u2009\u200a\u202f\u3000"
_PLAIN_CHARACTERS = str.maketrans(
    "０１２３４５６７８９．，－＋％／" + "\u2212\ufe63" + _SPACES,
    "0123456789.,-+%/" + "--" + " " * len(_SPACES),
)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:\.\d+)?", re.ASCII)
_SEPARATED = re.compile(r"[+-]?[\d.,' ’]*\d[\d.,' ’]*", re.ASCII)
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)", re.ASCII
)


def plain(text: str) -> str:
    """`text` trimmed, with full-width digits, signs and unusual spaces as their plain forms."""
    return text.translate(_PLAIN_CHARACTERS).strip()


def shown(raw: object) -> str:
    """A raw value cut to a length fit for a sentence, without characters that a page or terminal chokes on."""
    text = "".join("\ufffd" if unprintable(c) else c for c in " ".join(str(raw)[: 8 * SHOWN].split()))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def is_blank(raw: object) -> bool:
    """Whether nothing was given: None or a text of white space only."""
    return raw is None or (isinstance(raw, str) and not plain(raw))


def unprintable(text: str) -> bool:
    """Whether `text` holds characters that no person types and no store takes: controls, lone surrogates."""
    return any(
        (ord(c) < 32 and c not in "\t\n\r") or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF for c in text
    )


def read_number(raw: object, where: str, *, percent: bool = False) -> Decimal | Problem:
    """A number as exact Decimal, or the problem with it.

    Takes int, Decimal and text: "1200.5", "1 200.5" (groups of three), full-width digits; with `percent` a
    closing "%" too. Refused: number_expected (text, exponents, NaN, infinity, float, bool), ambiguous_number
    (1,234 or 1.234.567), number_too_long (more than 15 digits before or 18 after the point).
    """
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        return Problem("number_expected", where, {"found": shown(raw)})
    if isinstance(raw, str):
        text = plain(raw)
        if percent and text.endswith("%"):
            text = text[:-1].rstrip()
        if _GROUPED.fullmatch(text):
            text = text.replace(" ", "")
        if not _NUMBER.fullmatch(text):
            ambiguous = len(text) <= 2 * SHOWN and _SEPARATED.fullmatch(text)
            return Problem(
                "ambiguous_number" if ambiguous else "number_expected", where, {"found": shown(raw)}
            )
        if len(text) > MOST_INTEGER_DIGITS + MOST_DECIMALS + 20:
            return _too_long(raw, where)
        number = Decimal(text)
    else:
        number = Decimal(raw)
    if not number.is_finite():
        return Problem("number_expected", where, {"found": shown(raw)})
    return within_length(number, raw, where)


def within_length(number: Decimal, raw: object, where: str) -> Decimal | Problem:
    """`number` without trailing zeros, or number_too_long; `raw` is what the person wrote."""
    if not number:
        return Decimal(0)
    digits, exponent = number.as_tuple().digits, number.as_tuple().exponent
    assert isinstance(exponent, int)
    trailing = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    if number.adjusted() >= MOST_INTEGER_DIGITS or -(exponent + trailing) > MOST_DECIMALS:
        return _too_long(raw, where)
    return _EXACT.add(Decimal(format(number, "f")).normalize(_EXACT), 0)


def _too_long(raw: object, where: str) -> Problem:
    values = {"found": shown(raw), "digits": MOST_INTEGER_DIGITS, "decimals": MOST_DECIMALS}
    return Problem("number_too_long", where, values)


def check_range(
    number: Decimal, minimum: Decimal | None, maximum: Decimal | None, where: str
) -> Problem | None:
    """The problem with a number outside its inclusive limits, or None."""
    if minimum is not None and number < minimum:
        if minimum == 0:
            return Problem("number_negative", where, {"found": f"{number:f}"})
        return Problem("number_too_small", where, {"found": f"{number:f}", "minimum": f"{minimum:f}"})
    if maximum is not None and number > maximum:
        return Problem("number_too_large", where, {"found": f"{number:f}", "maximum": f"{maximum:f}"})
    return None


def read_date(raw: object, where: str) -> date | Problem:
    """A day: ISO (2026-03-01), 2026/3/1 or 2026年3月1日. Refused: date_expected, date_impossible."""
    if type(raw) is date:
        return raw
    text = plain(raw).replace(" ", "") if isinstance(raw, str) else ""
    match = _DATE.fullmatch(text)
    if match is None:
        return Problem("date_expected", where, {"found": shown(raw)})
    year, month, day = (int(part) for part in match.groups() if part is not None)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Problem("date_impossible", where, {"found": shown(raw)})
    try:
        return date(year, month, day)
    except ValueError:
        return Problem("date_impossible", where, {"found": shown(raw)})
