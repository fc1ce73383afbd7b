"""Energy attribute certificates: their registries, serial numbers and ranges, and reading a row of them.

One certificate stands for one MWh in every scheme here. A serial is text; what can be compared is its series (the
registry and what stands before the number) and the number. I-REC statements count in parts of a certificate behind
a point (…4520.000000 to …4619.999999); so positions are counted in millionths of a certificate. A Chinese green
electricity certificate (GEC) has 32 characters: 17 name the project, then follow date, running number and two marks
of its kind (as 易碳家 explains the code, 25 March 2025); there the number
stands before the last two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon import cells
from portal.core.carbon.geography import COUNTRIES
from portal.core.exact import decimal_of
from portal.core.finding import letters_of
from portal.core.problems import Problem

SCHEMES = ("gec", "irec", "go", "tigr", "rec", "other")
# Schemes with one registry for all; the others name theirs.
ONE_REGISTRY = {"gec": "GEC", "irec": "I-REC", "go": "GO", "tigr": "TIGR"}
TECHNOLOGIES = ("solar", "wind", "hydro", "biomass", "geothermal", "other")
BACKS = ("grid", "ppa")
CERTIFICATE_COLUMNS = (
    "scheme",
    "registry",
    "serial_from",
    "serial_to",
    "mwh",
    "generation_year",
    "technology",
    "country",
    "site",
    "backs",
    "retired_on",
    "retired_for",
)
PARTS = 1_000_000
KEY_DIGITS = 60
LONGEST = {"registry": 60, "serial_from": 60, "serial_to": 60, "site": 120, "retired_for": 200}
_GEC_LENGTH, _GEC_PROJECT, _GEC_MARKS = 32, 17, 2
# 1,050 may be a thousand and fifty or a part of the first: such a serial is asked for, not guessed.
_COMMA = re.compile(r"[0-9],[0-9]")
_SERIAL = re.compile(
    r"(?P<series>(?:.*[^0-9.])?)(?P<number>[0-9]{1,45})(?:\.(?P<part>[0-9]{1,6}))?", re.ASCII
)
# Names by which a registry of ONE_REGISTRY is given where another scheme was chosen.
_OTHER_NAMES = {
    "绿证": "gec",
    "中国绿证": "gec",
    "绿色电力证书": "gec",
    "可再生能源绿色电力证书": "gec",
    "guaranteeoforigin": "go",
    "guaranteesoforigin": "go",
    "来源担保": "go",
    "来源担保证书": "go",
}
_SCHEME_WORDS = ("IREC", "GEC", "TIGR", "GO", "REC")


@dataclass(frozen=True)
class Range:
    """Certificates `start` to `end`, both included, in millionths of a certificate, in one `series` of a `registry`."""

    registry: str
    series: str
    start: int
    end: int

    @property
    def mwh(self) -> Fraction:
        """What the range stands for: one MWh a certificate."""
        return Fraction(self.end - self.start + 1, PARTS)


@dataclass(frozen=True)
class Certificates:
    """One row: a range of certificates of one kind. `mwh` is as stated and fits the range."""

    scheme: str
    registry_name: str
    serial_from: str
    serial_to: str
    span: Range
    mwh: Decimal
    generation_year: int
    technology: str
    country: str
    site: str = ""
    backs: str = "grid"
    retired_on: date | None = None
    retired_for: str = ""


def read_certificates(
    values: Mapping[str, str], where: str = "", *, today: date | None = None
) -> tuple[Certificates | None, list[Problem]]:
    """One row of text cells as Certificates, or None with every problem (places as in `portal.core.carbon.cells`).

    Codes beyond those: certificate_choice_unknown, certificate_registry_missing, certificate_serial_unreadable,
    certificate_range_backwards, certificate_series_differ, certificate_mwh_differs, certificate_country_unknown,
    certificate_text_too_long, certificate_retired_early, certificate_retired_ahead, certificate_year_ahead.
    """
    row = cells.Row(values, where)
    scheme = _choice(row, "scheme", SCHEMES)
    name = cells.text(row, "registry")
    technology = _choice(row, "technology", TECHNOLOGIES)
    backs = _choice(row, "backs", BACKS, "grid")
    first = cells.text(row, "serial_from", required=True)
    last = cells.text(row, "serial_to") or first
    mwh = cells.positive(row, "mwh", required=True)
    year = cells.year(row, "generation_year", required=True)
    country = cells.text(row, "country", required=True).upper()
    site, retired_for = cells.text(row, "site"), cells.text(row, "retired_for")
    retired_on = cells.day(row, "retired_on")
    for column, most in LONGEST.items():
        if len(values.get(column) or "") > most:
            cells.add_problem(row, column, "certificate_text_too_long", most=most)
    if country and country not in COUNTRIES:
        cells.add_problem(row, "country", "certificate_country_unknown")
    if scheme and scheme not in ONE_REGISTRY and not registry_key(scheme, name):
        cells.add_problem(row, "registry", "certificate_registry_missing")
    _retirement(row, retired_on, retired_for, year, today)
    span = _span(row, scheme, name, first, last) if scheme and first else None
    if span is not None and mwh is not None and span.mwh != Fraction(mwh):
        count = decimal_of(span.mwh)
        cells.add_problem(row, "mwh", "certificate_mwh_differs", count=f"{count:f}")
    if row.problems or span is None or mwh is None or year is None:
        return None, row.problems
    registry = ONE_REGISTRY.get(scheme, name)
    return (
        Certificates(
            scheme,
            registry,
            first,
            last,
            span,
            mwh,
            year,
            technology,
            country,
            site,
            backs,
            retired_on,
            retired_for,
        ),
        [],
    )


def registry_key(scheme: str, name: str) -> str:
    """The registry's key for comparing: spelling, case and marks do not make another registry.

    A registry that is one for all keeps its key whatever scheme was chosen beside its name.
    """
    if scheme in ONE_REGISTRY:
        return scheme
    plain = letters_of(name)
    begun = next((key for key in ("irec", "tigr") if plain.startswith(key)), plain)
    return _OTHER_NAMES.get(plain, begun)


def read_serial(scheme: str, text: str) -> tuple[str, int, int] | None:
    """A serial as its series, its number in millionths, and how many millionths it names; None when unreadable.

    Only letters, digits and the point before a part carry meaning: no blank, dash of any length, colon, bracket or
    invisible mark makes another serial, nor do leading zeros and the scheme's own name. Registries that are one for
    all write ASCII; a letter that only looks like one is unreadable.
    """
    wide = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(sign for sign in wide if sign.isalnum() or sign == ".")
    if _COMMA.search(wide) or (scheme in ONE_REGISTRY and not plain.isascii()):
        return None
    if scheme == "gec" and len(plain) == _GEC_LENGTH and plain.isalnum():
        series, number = plain[:_GEC_PROJECT], plain[_GEC_PROJECT:-_GEC_MARKS]
        return (series, int(number) * PARTS, PARTS) if number.isascii() and number.isdigit() else None
    match = _SERIAL.fullmatch(plain)
    if match is None:
        return None
    series = match["series"].replace(".", "")
    for word in _SCHEME_WORDS:
        if series.startswith(word):
            series = series.removeprefix(word)
            break
    if match["part"] is None:
        return series, int(match["number"]) * PARTS, PARTS
    part = int(match["part"].ljust(6, "0"))
    return series, int(match["number"]) * PARTS + part, 10 ** (6 - len(match["part"]))


def range_of(scheme: str, registry: str, first: str, last: str) -> Range | str:
    """The range two serials bound, or a problem code: certificate_serial_unreadable:serial_from (or _to),
    certificate_series_differ, certificate_range_backwards."""
    start, end = read_serial(scheme, first), read_serial(scheme, last)
    if start is None:
        return "certificate_serial_unreadable:serial_from"
    if end is None:
        return "certificate_serial_unreadable:serial_to"
    if start[0] != end[0]:
        return "certificate_series_differ"
    if end[1] + end[2] - 1 < start[1]:
        return "certificate_range_backwards"
    return Range(registry_key(scheme, registry), start[0], start[1], end[1] + end[2] - 1)


def overlap(one: Range, other: Range) -> bool:
    """Whether two ranges share any part of a certificate."""
    same = (one.registry, one.series) == (other.registry, other.series)
    return same and one.start <= other.end and other.start <= one.end


def first_overlaps(ranges: Iterable[tuple[str, Range]]) -> list[tuple[str, str]]:
    """Pairs of places (later, earlier) whose ranges share a certificate: each later place once."""
    seen: list[tuple[str, Range]] = []
    found = []
    for place, span in ranges:
        earlier = next((p for p, s in seen if overlap(s, span)), None)
        if earlier is not None:
            found.append((place, earlier))
        seen.append((place, span))
    return found


def sort_key(position: int) -> str:
    """A position as digits of one length, so that databases compare it like a number."""
    return str(position).rjust(KEY_DIGITS, "0")


def _span(row: cells.Row, scheme: str, name: str, first: str, last: str) -> Range | None:
    found = range_of(scheme, name, first, last)
    if isinstance(found, Range):
        return found
    code, _, column = found.partition(":")
    cells.add_problem(row, column or "serial_to", code, first=first[:60])
    return None


def _choice(row: cells.Row, column: str, allowed: tuple[str, ...], otherwise: str = "") -> str:
    text = cells.text(row, column, required=not otherwise).lower() or otherwise
    if text and text not in allowed:
        cells.add_problem(row, column, "certificate_choice_unknown", known=", ".join(allowed))
        return ""
    return text


def _retirement(
    row: cells.Row, on: date | None, retired_for: str, year: int | None, today: date | None
) -> None:
    if year is not None and today is not None and year > today.year:
        cells.add_problem(row, "generation_year", "certificate_year_ahead")
    if on is None:
        if retired_for and not (row.values.get("retired_on") or "").strip():
            cells.add_problem(row, "retired_on", "row_missing_beside", other="retired_for")
        return
    if not retired_for:
        cells.add_problem(row, "retired_for", "row_missing_beside", other="retired_on")
    if year is not None and on.year < year:
        cells.add_problem(row, "retired_on", "certificate_retired_early", year=year)
    if today is not None and on > today:
        cells.add_problem(row, "retired_on", "certificate_retired_ahead")
