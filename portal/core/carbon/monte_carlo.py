"""The interval of a total by drawing it many times: a check on the analytic one in `uncertainty`.

Same model: a line is log-normal around its figure (the figure is the middle of its own interval), the lines of one
source move together, sources are independent. Each draw takes one standard normal z for every source and adds

    Σ_(g,σ) kg(g,σ) × exp(σ z_g)

over the sums of lines that share source and spread, so a million lines cost no more than their sources. The seed is
fixed: the same estimate shows the same simulation every time. This is the one place with floating point; its
figures are shown rounded and nothing is computed from them.

What to expect: the analytic form is first-order. With spreads of the pedigree table (σ up to about 0.46) the widths
agree within `TOLERANCE`, measured between the logarithms of upper and lower bound. The simulated middle lies above the
estimate by up to exp(σ²/2), because errors in ratio reach further up than down and do not cancel in a sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import log

import numpy as np

SEED = 20260115
DRAWS = 10_000
TOLERANCE = Decimal("0.10")
_BLOCK = 128


@dataclass(frozen=True)
class Simulated:
    """Quantiles of the drawn totals in the unit of the sums: 2.5 %, the middle, 97.5 %."""

    low: Decimal
    middle: Decimal
    high: Decimal
    seed: int
    draws: int


def simulate(
    sums: Iterable[tuple[str, Decimal, Decimal]], *, seed: int = SEED, draws: int = DRAWS
) -> Simulated:
    """Draw the total `draws` times. `sums` are (source, sigma_ln, kg), the kg of lines sharing both, signed.

    The order of `sums` changes nothing. Rounded to 6 places. An empty estimate gives zeros.
    """
    sources: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for source, sigma, kg in sums:
        sources.setdefault(source, []).append((sigma, kg))
    random = np.random.default_rng(seed)
    totals = np.zeros(draws)
    names = sorted(sources)
    for start in range(0, len(names), _BLOCK):
        block = names[start : start + _BLOCK]
        normal = random.standard_normal((len(block), draws))
        for row, name in enumerate(block):
            for sigma, kg in sorted(sources[name]):
                totals += float(kg) * np.exp(float(sigma) * normal[row])
    low, middle, high = (Decimal(f"{q:.6f}") for q in np.quantile(totals, [0.025, 0.5, 0.975]))
    return Simulated(low, middle, high, seed, draws)


def disagreement(analytic: tuple[Decimal, Decimal], simulated: Simulated) -> Decimal:
    """By how much the simulated width differs from the analytic one, as a share of it (0.02: two per cent).

    Widths are compared as logarithms of upper to lower bound; where a bound is not above zero, as differences.
    """
    low, high = analytic
    if min(low, high, simulated.low, simulated.high) > 0:
        ours, drawn = log(high / low), log(simulated.high / simulated.low)
    else:
        ours, drawn = float(high - low), float(simulated.high - simulated.low)
    if ours == 0:
        return Decimal(0) if drawn == 0 else Decimal(1)
    return Decimal(f"{abs(drawn / ours - 1):.6f}")


def agrees(analytic: tuple[Decimal, Decimal], simulated: Simulated) -> bool:
    """Whether the two widths agree within TOLERANCE."""
    return disagreement(analytic, simulated) <= TOLERANCE
