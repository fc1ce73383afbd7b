"""A reduction target for category 1 per MWp produced: the path it draws, where we stand, what promises would change.

All intensities are tCO2e per MWp. Years are calendar years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from portal.core.exact import decimal_of

PATHS = ("linear", "constant_rate")
_LONG = Context(prec=60, rounding=ROUND_HALF_EVEN)
_SHOWN = Context(prec=28, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Path:
    """From `base_value` in `base_year` down by `reduction` per cent (0 < reduction ≤ 100) in `target_year`.

    `kind` says how the years between are counted: linear takes the same amount off every year, constant_rate the
    same share of the year before.
    """

    base_year: int
    base_value: Decimal
    target_year: int
    reduction: Decimal
    kind: str


@dataclass(frozen=True)
class Status:
    """An actual beside the path in one year. `percent` is by how much the actual lies above (below: negative).

    `state`: above, below, on. `certain` is False when the path lies within the actual's 95 % interval, None
    when no interval is known.
    """

    year: int
    actual: Decimal
    path: Decimal
    percent: Decimal
    state: str
    certain: bool | None


@dataclass(frozen=True)
class Actual:
    """Category 1 and production of one year: tCO2e and MWp (above zero)."""

    year: int
    tonnes: Decimal
    produced: Decimal


@dataclass(frozen=True)
class Effect:
    """What one agreed commitment is expected to avoid: tCO2e a year from the day after `due_on`."""

    supplier: str
    due_on: date
    tco2e: Decimal


@dataclass(frozen=True)
class Change:
    """A what-if: from `from_year` on each supplier's tonnes fall by this share of the whole estimate (0..1, exact)."""

    from_year: int
    shares: Mapping[str, Fraction]


@dataclass(frozen=True)
class Outlook:
    """One year ahead: intensity with agreed commitments, and with them and the what-if (None without one).

    `commitments` and `what_if` are the tonnes counted in the year, of both together in `both`.
    """

    year: int
    produced: Decimal
    with_commitments: Decimal
    with_what_if: Decimal | None
    commitments: Decimal
    both: Decimal | None


def target_value(path: Path) -> Decimal:
    """The intensity the target asks for in its year: base × (1 − reduction / 100), exact."""
    return decimal_of(Fraction(path.base_value) * (1 - Fraction(path.reduction) / 100))


def path_value(path: Path, year: int) -> Decimal | None:
    """The path in `year`: None before the base year, the target's value from the target year on.

    linear: base × (1 − reduction × elapsed / years). constant_rate: base × (1 − reduction) ^ (elapsed / years), to 28
    digits. Base year and target year are hit exactly by both.
    """
    if year < path.base_year:
        return None
    if year == path.base_year:
        return path.base_value
    if year >= path.target_year:
        return target_value(path)
    gone = Fraction(year - path.base_year, path.target_year - path.base_year)
    left = 1 - Fraction(path.reduction) / 100
    if path.kind == "linear":
        return decimal_of(Fraction(path.base_value) * (1 - (1 - left) * gone))
    return _SHOWN.multiply(path.base_value, _power(left, gone))


def yearly_rate(path: Path) -> Decimal:
    """What the path takes off each year, in per cent: of the base year (linear) or of the year before (constant_rate)."""
    years = path.target_year - path.base_year
    if path.kind == "linear":
        return decimal_of(Fraction(path.reduction) / years)
    kept = _power(1 - Fraction(path.reduction) / 100, Fraction(1, years))
    return _SHOWN.multiply(_SHOWN.subtract(Decimal(1), kept), Decimal(100))


def per_mw(tonnes: Decimal, produced: Decimal) -> Decimal:
    """tCO2e per MWp. `produced` above zero."""
    return decimal_of(Fraction(tonnes) / Fraction(produced))


def status_of(
    path: Path, year: int, actual: Decimal, interval: tuple[Decimal, Decimal] | None = None
) -> Status | None:
    """Where `actual` stands against the path in `year`; None outside the path or on a path of zero."""
    planned = path_value(path, year)
    if planned is None or planned == 0:
        return None
    percent = decimal_of(100 * (Fraction(actual) / Fraction(planned) - 1))
    state = "on" if percent == 0 else "above" if percent > 0 else "below"
    certain = None if interval is None else not interval[0] <= planned <= interval[1]
    return Status(year, actual, planned, percent, state, certain)


def share_of_year(due_on: date, year: int) -> Fraction:
    """The part of `year` that lies after `due_on`: 0 before its year, 1 after it, else days left ÷ days of the year."""
    if year != due_on.year:
        return Fraction(1 if year > due_on.year else 0)
    days = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    return Fraction((date(year, 12, 31) - due_on).days, days)


def added_since(effects: Iterable[Effect], year: int, since: int) -> dict[str, Fraction]:
    """Tonnes by supplier that commitments avoid in `year` beyond what they avoided in `since` already.

    What fell due before the year of the last actual is in that actual; only what comes on top is drawn.
    """
    found: dict[str, Fraction] = {}
    for effect in effects:
        share = share_of_year(effect.due_on, year) - share_of_year(effect.due_on, since)
        found[effect.supplier] = found.get(effect.supplier, Fraction(0)) + Fraction(effect.tco2e) * share
    return found


def outlook_of(
    latest: Actual,
    effects: Iterable[Effect],
    *,
    until: int,
    produced: Mapping[int, Decimal],
    change: Change | None = None,
    shares: Mapping[str, Fraction] | None = None,
) -> tuple[Outlook, ...]:
    """The years after the last actual, up to and with `until`.

    Without any action the intensity stays as it was. `produced` are planned MWp by year; a year without a plan
    produces as the one before. A commitment counts at most the tonnes its supplier has with us: `shares` are the
    suppliers' parts of category 1 (0..1); None where no estimate tells them: then all together count at most the
    whole. For a supplier with both, the larger of commitment and what-if counts, never the sum: both may speak of
    the same change.
    """
    listed = tuple(effects)
    made = latest.produced
    found = []
    for year in range(latest.year + 1, until + 1):
        made = produced.get(year, made)
        volume = Fraction(latest.tonnes) * Fraction(made) / Fraction(latest.produced)
        promised = _capped(added_since(listed, year, latest.year), volume, shares)
        counted = min(sum(promised.values(), Fraction(0)), volume)
        both = None
        if change is not None:
            moved = (
                {s: part * volume for s, part in change.shares.items()} if year >= change.from_year else {}
            )
            both = min(sum(_larger(promised, moved).values(), Fraction(0)), volume)
        found.append(
            Outlook(
                year=year,
                produced=made,
                with_commitments=decimal_of((volume - counted) / Fraction(made)),
                with_what_if=None if both is None else decimal_of((volume - both) / Fraction(made)),
                commitments=decimal_of(counted),
                both=None if both is None else decimal_of(both),
            )
        )
    return tuple(found)


def _capped(
    promised: Mapping[str, Fraction], volume: Fraction, shares: Mapping[str, Fraction] | None
) -> dict[str, Fraction]:
    if shares is None:
        return dict(promised)
    return {
        s: min(tonnes, max(shares.get(s, Fraction(0)), Fraction(0)) * volume)
        for s, tonnes in promised.items()
    }


def _larger(promised: Mapping[str, Fraction], moved: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Per supplier the larger reduction; a what-if that raises a supplier's tonnes counts where nothing is promised."""
    return {
        s: max(promised[s], moved[s])
        if promised.get(s, 0) > 0 and s in moved
        else moved.get(s, promised.get(s, Fraction(0)))
        for s in {**promised, **moved}
    }


def _power(base: Fraction, exponent: Fraction) -> Decimal:
    """base ^ exponent for 0 < base, to 60 digits."""
    whole = _LONG.divide(Decimal(base.numerator), Decimal(base.denominator))
    part = _LONG.divide(Decimal(exponent.numerator), Decimal(exponent.denominator))
    return _LONG.exp(_LONG.multiply(_LONG.ln(whole), part))
