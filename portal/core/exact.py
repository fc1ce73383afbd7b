"""Exact numbers in and out: fractions inside a calculation, decimals at its edges."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

SIGNIFICANT = 28
_ROUNDED = Context(prec=SIGNIFICANT, rounding=ROUND_HALF_EVEN)


def decimal_of(value: Fraction) -> Decimal:
    """`value` as Decimal: exact where a finite decimal form exists, else 28 significant digits, half-even."""
    rest, places = value.denominator, 0
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return _ROUNDED.divide(Decimal(value.numerator), Decimal(value.denominator))
    places = max(twos, fives)
    digits = value.numerator * 10**places // value.denominator
    return Decimal(digits).scaleb(-places, Context(prec=max(len(str(abs(digits))), 1)))


def decimal_text(value: Decimal) -> str:
    """`value` as text without exponent, trailing zeros or a negative zero: "0.7", "1", "0", "1200"."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def fraction_text(value: Fraction) -> str:
    """`value` as decimal text, at most 28 significant digits where it has no finite decimal form."""
    return decimal_text(decimal_of(value))


def rounded(value: Fraction, places: int) -> Decimal:
    """`value` rounded half-even to `places`, from the exact value and only once."""
    return Decimal(round(value * 10**places)).scaleb(-places, Context(prec=60))
