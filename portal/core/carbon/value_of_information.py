"""Where to ask next: by how much one supplier's own verified footprints would narrow the interval of the total.

The interval rests on V = Σ_g T_g², where T_g = Σ e·σ over the lines of one source g (see `uncertainty`). When a
supplier gives verified footprints, its lines leave the sources they share with others, and each footprint becomes
a source of its own with the small spread σ* of a verified footprint:

    V_after = Σ_g (T_g - S_g)² + Σ_a (σ* E_a)²

S_g is what the supplier's lines put into source g, E_a its emission under one footprint a. Only lines whose spread
is above σ* move: what is known well already stays. Since the others that share a source lose a partner, their own
correlation falls with it; the square of the sum, not a sum of squares, keeps that exact. The tonnes themselves
stay as they are: nobody knows beforehand what a footprint will say.

For purchases the narrowing is never negative as long as one footprint takes over one source. It can be, by a hair,
when one footprint replaces several independent sources that were nearly as good: their errors then move together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from portal.core.carbon.quality import grades, sigma_ln
from portal.core.carbon.uncertainty import interval_95

VERIFIED = sigma_ln(grades("footprint_verified", temporal=1, geographical=1))
PRECISION = 34


@dataclass(frozen=True)
class Holding:
    """Lines of one supplier that one footprint would cover and that rest on one source with one spread.

    `ask` names the footprint to ask for (a product, or a material where the lines name no product); `kg` is signed.
    """

    supplier_id: str
    ask: str
    source_id: str
    sigma_ln: Decimal
    kg: Decimal
    lines: int
    spend_usd: Decimal = Decimal(0)


@dataclass(frozen=True)
class Gain:
    """What asking one supplier would bring: widths of the 95 % interval of the total in kg, before and after.

    `percent` is the narrowing in per cent of the width before. `lines`, `spend_usd` and `kg` are of the lines that
    would move; `asks` are the footprints to ask for, the one with the most emission first.
    """

    supplier_id: str
    before: Decimal
    after: Decimal
    narrowing: Decimal
    percent: Decimal
    kg: Decimal
    lines: int
    spend_usd: Decimal
    asks: tuple[str, ...]

    @property
    def per_line(self) -> Decimal:
        """Narrowing in kg per line whose product the supplier has to answer for."""
        return self.narrowing / self.lines if self.lines else Decimal(0)


def gains(total: Decimal, holdings: Iterable[Holding], *, spread: Decimal = VERIFIED) -> list[Gain]:
    """Every supplier with what its footprints of `spread` would narrow, the largest narrowing first.

    `total` in kg is the sum of all holdings; they must be all holdings of the estimate. One pass over them, and one
    over each supplier's own.
    """
    with localcontext(prec=PRECISION):
        known = list(holdings)
        sums = _by_source(known)
        variance = sum((value**2 for value in sums.values()), Decimal(0))
        before = width(total, variance)
        own: dict[str, list[Holding]] = {}
        for each in known:
            own.setdefault(each.supplier_id, []).append(each)
        found = [
            _gain(supplier, theirs, sums, variance, total, before, spread) for supplier, theirs in own.items()
        ]
    return sorted(found, key=lambda gain: (-gain.narrowing, gain.supplier_id))


def width_with(
    total: Decimal, holdings: Sequence[Holding], suppliers: Collection[str], *, spread: Decimal = VERIFIED
) -> Decimal:
    """The width of the interval, in kg, once all of `suppliers` have given their footprints."""
    chosen = set(suppliers)
    with localcontext(prec=PRECISION):
        stay, asked = _moved([each for each in holdings if each.supplier_id in chosen], spread)
        rest = [each for each in holdings if each.supplier_id not in chosen]
        sums = [*_by_source([*rest, *stay]).values(), *asked.values()]
        return width(total, sum((value**2 for value in sums), Decimal(0)))


def width(total: Decimal, variance: Decimal) -> Decimal:
    """Upper less lower bound of the 95 % interval; `variance` is Σ (Σ e·σ)² over the sources."""
    low, high = interval_95(total, [max(variance, Decimal(0)).sqrt()])
    return high - low


def _gain(
    supplier: str,
    own: Sequence[Holding],
    sums: dict[str, Decimal],
    variance: Decimal,
    total: Decimal,
    before: Decimal,
    spread: Decimal,
) -> Gain:
    moving = [each for each in own if each.sigma_ln > spread]
    _, asked = _moved(own, spread)
    changed = variance
    for source, share in _by_source(moving).items():
        changed += (sums[source] - share) ** 2 - sums[source] ** 2
    changed += sum((value**2 for value in asked.values()), Decimal(0))
    after = width(total, changed) if moving else before
    emission: dict[str, Decimal] = {}
    for each in moving:
        emission[each.ask] = emission.get(each.ask, Decimal(0)) + each.kg
    return Gain(
        supplier_id=supplier,
        before=before,
        after=after,
        narrowing=before - after,
        percent=100 * (before - after) / before if before else Decimal(0),
        kg=sum((each.kg for each in moving), Decimal(0)),
        lines=sum(each.lines for each in moving),
        spend_usd=sum((each.spend_usd for each in moving), Decimal(0)),
        asks=tuple(sorted(emission, key=lambda ask: (-emission[ask], ask))),
    )


def _moved(own: Sequence[Holding], spread: Decimal) -> tuple[list[Holding], dict[tuple[str, str], Decimal]]:
    """Holdings that stay, and Σ e·σ* of each footprint the others move to."""
    stay: list[Holding] = []
    asked: dict[tuple[str, str], Decimal] = {}
    for each in own:
        if each.sigma_ln <= spread:
            stay.append(each)
        else:
            key = (each.supplier_id, each.ask)
            asked[key] = asked.get(key, Decimal(0)) + spread * each.kg
    return stay, asked


def _by_source(holdings: Iterable[Holding]) -> dict[str, Decimal]:
    """Σ e·σ of each source."""
    sums: dict[str, Decimal] = {}
    for each in holdings:
        sums[each.source_id] = sums.get(each.source_id, Decimal(0)) + each.kg * each.sigma_ln
    return sums
