"""Why one estimate differs from another: the difference of two totals, split into effects that add up to it exactly.

Lines are put together by what was bought: supplier, material, product and measure (kg, m2, … or USD where only money
is known). With Q the amount of a material in that measure, s the share of one supplier's product in it and i its
intensity (kgCO2e per unit), each emits e = Q × s × i in either run. The change of a product of three factors is split
by Shapley's rule, the mean over all orders in which the three could have changed:

    volume    ΔQ × [ (s₀i₀ + s₁i₁)/3 + (s₀i₁ + s₁i₀)/6 ]      and alike for
    mix       Δs × [ (Q₀i₀ + Q₁i₁)/3 + (Q₀i₁ + Q₁i₀)/6 ]      and
    intensity Δi × [ (Q₀s₀ + Q₁s₁)/3 + (Q₀s₁ + Q₁s₀)/6 ].

It leaves no remainder, and changing the two runs round turns every sign. The intensity of a thing bought is the mean
over the methods its lines took, i = Σ w_m i_m, so Δi = Σ Δw_m × (mean of i_m) + Σ (mean of w_m) × Δi_m: the first sum
is the change of *method*; the second belongs to the *supplier* where the method rests on its own figures, to the
*factor* otherwise. Where money was multiplied although an amount is known, i_m = price × kgCO2e per dollar, and what
the price did is told apart (*price*).

Suppliers bought from in one run only, and things that a method reached in one run only, stand by themselves (*new*,
*lost*, *reached*) and are left out of the amounts above. What has no intensity (credit notes that bring an amount to
zero but not its emission) is *unexplained*. Everything is worked out in exact fractions; at the end each row is
rounded to 6 places of kg so that it still adds up, the last digit going to its largest effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.exact import rounded

EFFECTS = (
    "volume",
    "mix",
    "method",
    "factor",
    "price",
    "supplier",
    "new",
    "lost",
    "reached",
    "unexplained",
)
OWN_FIGURES = frozenset({"supplier_specific", "hybrid"})
MONEY = "spend_based"
UNREACHED = "unreached"
PLACES = 6

Key = tuple[str, str, str, str]  # supplier, material, product, measure


@dataclass(frozen=True)
class Bought:
    """What one run says of one thing bought by one method: amount in its measure, spend and kgCO2e (0 when unreached).

    `measure` is the base unit of the quantity's class, or "USD" where the lines give money only; `usd` is the money
    of the lines in any case.
    """

    supplier_id: str
    material: str
    product_id: str
    measure: str
    method: str
    amount: Fraction
    usd: Fraction
    kg: Decimal


@dataclass(frozen=True)
class Row:
    """One thing bought, with its kgCO2e in both runs and the effects that lead from one to the other, in kg."""

    supplier_id: str
    material: str
    product_id: str
    measure: str
    before: Decimal
    after: Decimal
    effects: Mapping[str, Decimal]


@dataclass(frozen=True)
class Comparison:
    """Totals in kg and every effect by name (all of EFFECTS), with the rows they are the sums of."""

    before: Decimal
    after: Decimal
    effects: Mapping[str, Decimal]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Side:
    """One run's figures of one key: by method (amount, usd, kg); `known` whether the key occurs in the run at all."""

    methods: Mapping[str, tuple[Fraction, Fraction, Fraction]]
    known: bool
    kg: Decimal

    @property
    def amount(self) -> Fraction:
        return sum((amount for amount, _, _ in self.methods.values()), Fraction(0))


def compare(first: Iterable[Bought], second: Iterable[Bought]) -> Comparison:
    """The change from the first run to the second. A run compared with itself gives zeros."""
    before, after = _sides(first), _sides(second)
    nothing = _Side({}, False, Decimal(0))
    keys = sorted(before.keys() | after.keys())
    pairs = {key: (before.get(key, nothing), after.get(key, nothing)) for key in keys}
    alone = _standing_alone(pairs, {k[0] for k in before}, {k[0] for k in after})
    amounts = _amounts([(key, pair) for key, pair in pairs.items() if key not in alone])
    rows = []
    for key, (old, new) in pairs.items():
        change = Fraction(new.kg) - Fraction(old.kg)
        exact = {alone[key]: change} if key in alone else _effects(old, new, *amounts[key[1], key[3]])
        rows.append(Row(*key, old.kg, new.kg, _closed(exact, new.kg - old.kg)))
    rows = [row for row in rows if row.before or row.after]
    return Comparison(
        sum((row.before for row in rows), Decimal(0)),
        sum((row.after for row in rows), Decimal(0)),
        {name: sum((row.effects[name] for row in rows), Decimal(0)) for name in EFFECTS},
        tuple(sorted(rows, key=lambda row: (-abs(row.after - row.before), row.supplier_id, row.product_id))),
    )


def _sides(run: Iterable[Bought]) -> dict[Key, _Side]:
    found: dict[Key, dict[str, tuple[Fraction, Fraction, Fraction]]] = {}
    kilograms: dict[Key, Decimal] = {}
    for each in run:
        key = (each.supplier_id, each.material, each.product_id, each.measure)
        methods = found.setdefault(key, {})
        kilograms[key] = kilograms.get(key, Decimal(0)) + (each.kg if each.method != UNREACHED else 0)
        if each.method == UNREACHED:
            continue
        amount, usd, kg = methods.get(each.method, (Fraction(0), Fraction(0), Fraction(0)))
        methods[each.method] = (amount + each.amount, usd + each.usd, kg + Fraction(each.kg))
    return {key: _Side(methods, True, kilograms[key]) for key, methods in found.items()}


def _standing_alone(
    pairs: Mapping[Key, tuple[_Side, _Side]], before: set[str], after: set[str]
) -> dict[Key, str]:
    """Keys that are no matter of volume or intensity, with the effect they are."""
    alone: dict[Key, str] = {}
    for key, (old, new) in pairs.items():
        if key[0] not in before:
            alone[key] = "new"
        elif key[0] not in after:
            alone[key] = "lost"
        elif old.known and new.known and bool(old.methods) != bool(new.methods):
            alone[key] = "reached"
    return alone


Totals = tuple[Fraction, Fraction]


def _amounts(pairs: Sequence[tuple[Key, tuple[_Side, _Side]]]) -> dict[tuple[str, str], Totals]:
    """Amount of each material and measure in both runs."""
    sums: dict[tuple[str, str], Totals] = {}
    for (_, material, _, measure), (old, new) in pairs:
        first, second = sums.get((material, measure), (Fraction(0), Fraction(0)))
        sums[material, measure] = (first + old.amount, second + new.amount)
    return sums


def _effects(old: _Side, new: _Side, total_old: Fraction, total_new: Fraction) -> dict[str, Fraction]:
    """The exact effects of one key; `total_…` are the amounts of its material and measure."""
    change = _kg(new) - _kg(old)
    defined = all(side.amount != 0 or _kg(side) == 0 for side in (old, new))
    spread_out = all(total != 0 or side.amount == 0 for side, total in ((old, total_old), (new, total_new)))
    if not (defined and spread_out) or (old.amount == 0 and new.amount == 0):
        return {"unexplained": change} if change else {}
    i = _given_or_other(old, new)
    s = _shares(old, new, total_old, total_new)
    q = (total_old, total_new)
    effects = {"volume": _shapley(q, s, i), "mix": _shapley(s, q, i)}
    weight = _weight(q, s)
    for cause, part in _causes(old, new).items():
        effects[cause] = effects.get(cause, Fraction(0)) + weight * part
    return effects


def _kg(side: _Side) -> Fraction:
    return sum((kg for _, _, kg in side.methods.values()), Fraction(0))


def _given_or_other(old: _Side, new: _Side) -> Totals:
    """Intensity in both runs; a run without the thing takes that of the other, so that nothing is said of it."""
    first = _kg(old) / old.amount if old.amount else None
    second = _kg(new) / new.amount if new.amount else None
    known = first if first is not None else second
    other = second if second is not None else first
    return (known or Fraction(0), other or Fraction(0))


def _shares(old: _Side, new: _Side, total_old: Fraction, total_new: Fraction) -> Totals:
    """Share in the amount of the material; where a run has nothing of it at all, that of the other."""
    first = old.amount / total_old if total_old else None
    second = new.amount / total_new if total_new else None
    known = first if first is not None else second
    other = second if second is not None else first
    return (known or Fraction(0), other or Fraction(0))


def _shapley(changing: Totals, one: Totals, other: Totals) -> Fraction:
    """The effect of `changing` in a product of three factors."""
    return (changing[1] - changing[0]) * _weight(one, other)


def _weight(one: Totals, other: Totals) -> Fraction:
    same = one[0] * other[0] + one[1] * other[1]
    crossed = one[0] * other[1] + one[1] * other[0]
    return same / 3 + crossed / 6


def _causes(old: _Side, new: _Side) -> dict[str, Fraction]:
    """The change of intensity by cause: method, supplier, factor, price. Nothing where a run lacks the thing."""
    if not old.amount or not new.amount:
        return {}
    parts: dict[str, Fraction] = {}

    def add(cause: str, part: Fraction) -> None:
        parts[cause] = parts.get(cause, Fraction(0)) + part

    lost = Fraction(0)
    for method in sorted(old.methods.keys() | new.methods.keys()):
        ours, theirs = old.methods.get(method), new.methods.get(method)
        if any(side is not None and side[0] == 0 and side[2] != 0 for side in (ours, theirs)):
            lost += _per_unit(theirs, new.amount) - _per_unit(ours, old.amount)
            continue
        i0, i1 = _intensity(ours, theirs), _intensity(theirs, ours)
        w0, w1 = _share_of(ours, old.amount), _share_of(theirs, new.amount)
        add("method", (w1 - w0) * (i0 + i1) / 2)
        within = (w0 + w1) / 2
        if method in OWN_FIGURES:
            add("supplier", within * (i1 - i0))
        elif method == MONEY and ours and theirs:
            price, factor = _price_and_factor(ours, theirs)
            add("price", within * price)
            add("factor", within * factor)
        else:
            add("factor", within * (i1 - i0))
    if lost:
        add("unexplained", lost)
    return parts


def _per_unit(side: tuple[Fraction, Fraction, Fraction] | None, amount: Fraction) -> Fraction:
    return side[2] / amount if side else Fraction(0)


def _share_of(side: tuple[Fraction, Fraction, Fraction] | None, amount: Fraction) -> Fraction:
    return side[0] / amount if side else Fraction(0)


def _intensity(
    side: tuple[Fraction, Fraction, Fraction] | None, other: tuple[Fraction, Fraction, Fraction] | None
) -> Fraction:
    for one in (side, other):
        if one is not None and one[0]:
            return one[2] / one[0]
    return Fraction(0)


def _price_and_factor(
    ours: tuple[Fraction, Fraction, Fraction], theirs: tuple[Fraction, Fraction, Fraction]
) -> tuple[Fraction, Fraction]:
    """The change of kg per amount = price × kg per dollar, split evenly between its two factors."""
    if not (ours[0] and theirs[0] and ours[1] and theirs[1]):
        return Fraction(0), _intensity(theirs, ours) - _intensity(ours, theirs)
    prices = (ours[1] / ours[0], theirs[1] / theirs[0])
    factors = (ours[2] / ours[1], theirs[2] / theirs[1])
    return (
        (prices[1] - prices[0]) * (factors[0] + factors[1]) / 2,
        (factors[1] - factors[0]) * (prices[0] + prices[1]) / 2,
    )


def _closed(exact: Mapping[str, Fraction], change: Decimal) -> dict[str, Decimal]:
    """All effects rounded to PLACES; what rounding leaves goes to the largest, so that they add up to `change`."""
    found = {name: rounded(exact.get(name, Fraction(0)), PLACES) for name in EFFECTS}
    rest = change - sum(found.values(), Decimal(0))
    if rest:
        largest = max(EFFECTS, key=lambda name: abs(exact.get(name, Fraction(0))))
        found[largest] += rest
    return found
