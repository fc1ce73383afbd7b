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
zero but not its emission) is *unexplained*. Sums are exact; the formulas are worked out to 60 digits, written so that
the two runs stand in them alike; at the end each row is rounded to 6 places of kg so that it still adds up, what
rounding leaves going to its largest effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

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
PRECISION = 60

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


Figures = tuple[Decimal, Decimal, Decimal]  # amount, usd, kg
Pair = tuple[Decimal, Decimal]  # the same figure in both runs
_ZERO = Decimal(0)
_STEP = Decimal(1).scaleb(-PLACES)
_NONE = dict.fromkeys(EFFECTS, _ZERO)


@dataclass(frozen=True)
class _Side:
    """One run's figures of one key, in all and by method; `known` whether the key occurs in the run at all."""

    methods: Mapping[str, Figures]
    known: bool
    amount: Decimal
    kg: Decimal


def compare(first: Iterable[Bought], second: Iterable[Bought]) -> Comparison:
    """The change from the first run to the second. A run compared with itself gives zeros."""
    with localcontext(prec=PRECISION):
        return _compared(_sides(first), _sides(second))


def _compared(before: Mapping[Key, _Side], after: Mapping[Key, _Side]) -> Comparison:
    nothing = _Side({}, False, _ZERO, _ZERO)
    keys = sorted(before.keys() | after.keys())
    pairs = {key: (before.get(key, nothing), after.get(key, nothing)) for key in keys}
    alone = _standing_alone(pairs, {k[0] for k in before}, {k[0] for k in after})
    amounts = _amounts([(key, pair) for key, pair in pairs.items() if key not in alone])
    rows = []
    for key, (old, new) in pairs.items():
        change = new.kg - old.kg
        exact = {alone[key]: change} if key in alone else _effects(old, new, *amounts[key[1], key[3]])
        rows.append(Row(*key, old.kg, new.kg, _closed(exact, change)))
    rows = [row for row in rows if row.before or row.after]
    return Comparison(
        sum((row.before for row in rows), _ZERO),
        sum((row.after for row in rows), _ZERO),
        {name: sum((row.effects[name] for row in rows), _ZERO) for name in EFFECTS},
        tuple(sorted(rows, key=lambda row: (-abs(row.after - row.before), row.supplier_id, row.product_id))),
    )


def _sides(run: Iterable[Bought]) -> dict[Key, _Side]:
    found: dict[Key, dict[str, tuple[Fraction, Fraction, Decimal]]] = {}
    for each in run:
        methods = found.setdefault((each.supplier_id, each.material, each.product_id, each.measure), {})
        if each.method == UNREACHED:
            continue
        known = methods.get(each.method)
        methods[each.method] = (
            (known[0] + each.amount, known[1] + each.usd, known[2] + each.kg)
            if known
            else (each.amount, each.usd, each.kg)
        )
    return {key: _side(methods) for key, methods in found.items()}


def _side(methods: Mapping[str, tuple[Fraction, Fraction, Decimal]]) -> _Side:
    figures = {name: (_decimal(amount), _decimal(usd), kg) for name, (amount, usd, kg) in methods.items()}
    if len(methods) == 1:
        ((amount, _, kg),) = figures.values()
        return _Side(figures, True, amount, kg)
    exact = sum((amount for amount, _, _ in methods.values()), Fraction(0))
    return _Side(figures, True, _decimal(exact), sum((kg for _, _, kg in figures.values()), _ZERO))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


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


def _amounts(pairs: Sequence[tuple[Key, tuple[_Side, _Side]]]) -> dict[tuple[str, str], Pair]:
    """Amount of each material and measure in both runs; `pairs` come in the order of their keys, so sums are always the same."""
    sums: dict[tuple[str, str], Pair] = {}
    for (_, material, _, measure), (old, new) in pairs:
        first, second = sums.get((material, measure), (_ZERO, _ZERO))
        sums[material, measure] = (first + old.amount, second + new.amount)
    return sums


def _effects(old: _Side, new: _Side, total_old: Decimal, total_new: Decimal) -> dict[str, Decimal]:
    """The effects of one key; `total_…` are the amounts of its material and measure."""
    change = new.kg - old.kg
    defined = all(side.amount != 0 or side.kg == 0 for side in (old, new))
    spread_out = all(total != 0 or side.amount == 0 for side, total in ((old, total_old), (new, total_new)))
    if not (defined and spread_out) or (old.amount == 0 and new.amount == 0):
        return {"unexplained": change} if change else {}
    q = (total_old, total_new)
    s = _both(_ratio(old.amount, total_old), _ratio(new.amount, total_new))
    i = _both(_ratio(old.kg, old.amount), _ratio(new.kg, new.amount))
    effects = {"volume": _shapley(q, s, i), "mix": _shapley(s, q, i)}
    weight = _weight(q, s)
    for cause, part in _causes(old, new).items():
        effects[cause] = effects.get(cause, _ZERO) + weight * part
    return effects


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole if whole else None


def _both(first: Decimal | None, second: Decimal | None) -> Pair:
    """A figure in both runs; a run that has none takes that of the other, so that nothing is said of its change."""
    known = first if first is not None else second
    other = second if second is not None else first
    return (known if known is not None else _ZERO, other if other is not None else _ZERO)


def _shapley(changing: Pair, one: Pair, other: Pair) -> Decimal:
    """The effect of `changing` in a product of three factors."""
    return (changing[1] - changing[0]) * _weight(one, other)


def _weight(one: Pair, other: Pair) -> Decimal:
    same = one[0] * other[0] + one[1] * other[1]
    crossed = one[0] * other[1] + one[1] * other[0]
    return (2 * same + crossed) / 6


def _causes(old: _Side, new: _Side) -> dict[str, Decimal]:
    """The change of intensity by cause: method, supplier, factor, price. Nothing where a run lacks the thing."""
    if not old.amount or not new.amount:
        return {}
    parts: dict[str, Decimal] = {}

    def add(cause: str, part: Decimal) -> None:
        parts[cause] = parts.get(cause, _ZERO) + part

    for method in sorted(old.methods.keys() | new.methods.keys()):
        ours, theirs = old.methods.get(method), new.methods.get(method)
        if any(side is not None and side[0] == 0 and side[2] != 0 for side in (ours, theirs)):
            add("unexplained", _part(theirs, 2) / new.amount - _part(ours, 2) / old.amount)
            continue
        i0, i1 = _both(_per(ours, 2, 0), _per(theirs, 2, 0))
        w0, w1 = _part(ours, 0) / old.amount, _part(theirs, 0) / new.amount
        add("method", (w1 - w0) * (i0 + i1) / 2)
        within = (w0 + w1) / 2
        if method in OWN_FIGURES:
            add("supplier", within * (i1 - i0))
        elif method == MONEY and ours and theirs:
            price, factor = _price_and_factor(ours, theirs, i1 - i0)
            add("price", within * price)
            add("factor", within * factor)
        else:
            add("factor", within * (i1 - i0))
    return parts


def _part(side: Figures | None, at: int) -> Decimal:
    return side[at] if side else _ZERO


def _per(side: Figures | None, part: int, whole: int) -> Decimal | None:
    return _ratio(side[part], side[whole]) if side else None


def _price_and_factor(ours: Figures, theirs: Figures, change: Decimal) -> Pair:
    """The `change` of kg per amount = price × kg per dollar, split evenly between its two factors."""
    if not (ours[0] and theirs[0] and ours[1] and theirs[1]):
        return _ZERO, change
    prices = (ours[1] / ours[0], theirs[1] / theirs[0])
    factors = (ours[2] / ours[1], theirs[2] / theirs[1])
    return (
        (prices[1] - prices[0]) * (factors[0] + factors[1]) / 2,
        (factors[1] - factors[0]) * (prices[0] + prices[1]) / 2,
    )


def _closed(worked_out: Mapping[str, Decimal], change: Decimal) -> Mapping[str, Decimal]:
    """All effects rounded to PLACES; what rounding leaves goes to the largest, so that they add up to `change`."""
    found = {name: value.quantize(_STEP, ROUND_HALF_EVEN) for name, value in worked_out.items()}
    rest = change - sum(found.values(), _ZERO)
    if rest:
        largest = max(
            (name for name in EFFECTS if name in found),
            key=lambda name: abs(found[name]),
            default="unexplained",
        )
        found[largest] = found.get(largest, _ZERO) + rest
    return _NONE | found
