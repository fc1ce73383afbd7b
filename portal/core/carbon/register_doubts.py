"""Is a company inventory or a year's electricity believable? Warnings that ask for a reply, never refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from portal.core.carbon.electricity import Use, site_key
from portal.core.carbon.grid import GridFactor
from portal.core.carbon.inventory import Inventory, scope2
from portal.core.exact import decimal_of
from portal.core.problems import Problem
from portal.core.units import convert, unit_class

# A figure of one company half or twice last year's is worth a question.
YEAR_LOW, YEAR_HIGH = Fraction(1, 2), Fraction(2)
# A thousandfold slip lies this far around 1,000.
SLIP_LOW, SLIP_HIGH = Fraction(300), Fraction(3000)
# Scope 2 may hold bought heat beside electricity, so the band is wider above.
GRID_LOW, GRID_HIGH = Fraction(7, 10), Fraction(2)
# A site's electricity from one year to the next, and a month against its year.
SITE_LOW, SITE_HIGH = Fraction(1, 2), Fraction(2)
# Emissions per output against the middle of comparable suppliers.
PEER_BAND = Fraction(5)
LEAST_PEERS = 5
_FIGURES = {
    "scope1_tco2e": "scope1",
    "scope2_market_tco2e": "market",
    "scope2_location_tco2e": "location",
    "scope3_upstream_tco2e": "upstream",
    "output_quantity": "output",
}
_ROUGH = Context(prec=1, rounding=ROUND_HALF_EVEN)
_FINE = Context(prec=28)


@dataclass(frozen=True)
class Surroundings:
    """What a figure is compared with. Everything may be missing; then nothing is said of it.

    `before` is the inventory of the year before; `uses` the electricity of the year, `last_uses` of the year before;
    `certificates` the MWh of certificates that count in the year; `peers` other suppliers' kgCO2e (scope 1 + 2) per
    `peer_unit` of output, each supplier once, names left out; `grid` finds the factor of country, province and year.
    """

    grid: Callable[[str, str, int], GridFactor | None]
    before: Inventory | None = None
    uses: Sequence[Use] = ()
    last_uses: Sequence[Use] = ()
    certificates: Fraction = Fraction(0)
    peers: Sequence[Fraction] = ()
    peer_unit: str = ""
    inventory: Inventory | None = field(default=None)


def inventory_doubts(inventory: Inventory, seen: Surroundings) -> list[Problem]:
    """Warnings about an inventory, each at the column it is about.

    Codes: inventory_jump_… and inventory_thousandfold_… (scope1, market, location, upstream, output), scope2_off_grid,
    scope2_off_grid_co2_only, scope2_grid_thousandfold, scope2_market_above_location, scope2_without_electricity, scope2_missing, intensity_off_peers.
    """
    found = [] if seen.before is None else _against_last_year(inventory, seen.before)
    found += location_doubts(inventory, seen)
    market, location = inventory.scope2_market, inventory.scope2_location
    if market is not None and location is not None and market > location and seen.certificates > 0:
        found.append(
            Problem(
                "scope2_market_above_location",
                "scope2_market_tco2e",
                {
                    "column": "scope2_market_tco2e",
                    "found": f"{market:f}",
                    "location": f"{location:f}",
                    "mwh": _shown(seen.certificates),
                },
            )
        )
    if scope2(inventory) is not None and not seen.uses:
        column = "scope2_location_tco2e" if location is not None else "scope2_market_tco2e"
        found.append(
            Problem("scope2_without_electricity", column, {"column": column, "year": inventory.year})
        )
    if scope2(inventory) is None and seen.uses:
        values = {
            "column": "scope2_location_tco2e",
            "year": inventory.year,
            "mwh": _shown(_bought(seen.uses)),
        }
        found.append(Problem("scope2_missing", "scope2_location_tco2e", values))
    return found + _against_peers(inventory, seen)


def electricity_doubts(uses: Sequence[Use], year: int, seen: Surroundings) -> list[Problem]:
    """Warnings about the electricity of `year` (all sites, as it would stand); `where` is the site.

    Codes: electricity_jump, electricity_thousandfold, electricity_month_off, scope2_off_grid,
    scope2_grid_thousandfold, scope2_missing.
    """
    this = [u for u in uses if u.year == year]
    found = []
    last = _by_site(seen.last_uses)
    for name, total in _by_site(this).items():
        before = last.get(name, (Fraction(0), ""))[0]
        if before > 0 and total[0] > 0:
            found += _site_jump(total[1], total[0], before, year)
    found += _odd_months(this)
    if seen.inventory is not None:
        around = Surroundings(seen.grid, uses=this)
        found += location_doubts(seen.inventory, around)
        if scope2(seen.inventory) is None and _bought(this) > 0:
            values = {"column": "scope2_location_tco2e", "year": year, "mwh": _shown(_bought(this))}
            found.append(Problem("scope2_missing", "scope2_location_tco2e", values))
    return found


def location_doubts(inventory: Inventory, seen: Surroundings) -> list[Problem]:
    """Scope 2 location-based against bought electricity × grid factor, the factor named.

    Nothing is said where a site's grid has no factor, because then a part of the electricity has none.
    """
    stated = inventory.scope2_location
    bought = [u for u in seen.uses if u.source != "own_pv" and u.mwh > 0]
    if stated is None or not bought:
        return []
    factors: dict[str, GridFactor] = {}
    expected = Fraction(0)
    for use in bought:
        factor = seen.grid(use.country, use.region, use.year)
        if factor is None:
            return []
        factors[factor.factor_id] = factor
        expected += Fraction(use.mwh) * Fraction(factor.value)
    if expected == 0:
        return []
    ratio = Fraction(stated) / expected
    if GRID_LOW <= ratio <= GRID_HIGH:
        return []
    values: dict[str, object] = {
        "column": "scope2_location_tco2e",
        "found": f"{stated:f}",
        "mwh": _shown(_bought(seen.uses)),
        "expected": _shown(expected),
        "factors": "; ".join(f"{f.factor_id}: {f.value:f} kg/kWh" for _id, f in sorted(factors.items())),
    }
    if _slipped(ratio):
        values["unit"] = "kgCO2e" if ratio > 1 else "ktCO2e"
        return [Problem("scope2_grid_thousandfold", "scope2_location_tco2e", values)]
    only_co2 = any(f.only_co2 for f in factors.values())
    code = "scope2_off_grid_co2_only" if only_co2 else "scope2_off_grid"
    return [Problem(code, "scope2_location_tco2e", values)]


def intensity(inventory: Inventory) -> tuple[Fraction, str] | None:
    """kgCO2e of scope 1 + 2 per base unit of output (kg, m2, kWp, piece …) and that unit; None where not known."""
    second = scope2(inventory)
    base = _BASE.get(unit_class(inventory.output_unit) or "")
    if second is None or base is None or not inventory.output_quantity:
        return None
    output = Fraction(convert(inventory.output_quantity, inventory.output_unit, base))
    return (Fraction(inventory.scope1) + Fraction(second)) * 1000 / output, base


def _against_last_year(inventory: Inventory, before: Inventory) -> list[Problem]:
    pairs: dict[str, tuple[Decimal | None, Decimal | None]] = {
        "scope1_tco2e": (inventory.scope1, before.scope1),
        "scope2_market_tco2e": (inventory.scope2_market, before.scope2_market),
        "scope2_location_tco2e": (inventory.scope2_location, before.scope2_location),
        "scope3_upstream_tco2e": (inventory.scope3_upstream, before.scope3_upstream),
        "output_quantity": _outputs(inventory, before),
    }
    found = []
    for column, (now, last) in pairs.items():
        if now is None or last is None or now == 0 or last == 0:
            continue
        ratio = Fraction(now) / Fraction(last)
        if YEAR_LOW <= ratio <= YEAR_HIGH:
            continue
        values: dict[str, object] = {
            "column": column,
            "found": f"{now:f}",
            "last": f"{last:f}",
            "year": before.year,
            "percent": _percent(ratio),
        }
        kind = "jump"
        if _slipped(ratio):
            kind = "thousandfold"
            values["unit"] = _likely_unit(column, inventory.output_unit, ratio)
        # One sentence for each figure: inventory_jump_scope1, inventory_thousandfold_output, …
        found.append(Problem(f"inventory_{kind}_{_FIGURES[column]}", column, values))
    return found


def _outputs(inventory: Inventory, before: Inventory) -> tuple[Decimal | None, Decimal | None]:
    same = unit_class(inventory.output_unit) == unit_class(before.output_unit) is not None
    if not same or inventory.output_quantity is None or before.output_quantity is None:
        return None, None
    return inventory.output_quantity, convert(
        before.output_quantity, before.output_unit, inventory.output_unit
    )


def _likely_unit(column: str, output_unit: str, ratio: Fraction) -> str:
    """The unit the figure was probably given in: a figure a thousand times too large is in the smaller unit."""
    if column != "output_quantity":
        return "kgCO2e" if ratio > 1 else "ktCO2e"
    smaller = {"t": "kg", "kg": "g", "MWh": "kWh", "MWp": "kWp", "m3": "l"}
    larger = {small: large for large, small in smaller.items()}
    return (smaller if ratio > 1 else larger).get(output_unit, output_unit)


def _against_peers(inventory: Inventory, seen: Surroundings) -> list[Problem]:
    own = intensity(inventory)
    if own is None or own[1] != seen.peer_unit or len(seen.peers) < LEAST_PEERS or own[0] <= 0:
        return []
    logs = [_FINE.ln(decimal_of(peer)) for peer in seen.peers if peer > 0]
    if len(logs) < LEAST_PEERS:
        return []
    # A mean of all, rounded to one figure: no single supplier's value can be read from it.
    middle = _FINE.exp(_FINE.divide(sum(logs, Decimal(0)), Decimal(len(logs))))
    ratio = own[0] / Fraction(middle)
    if 1 / PEER_BAND <= ratio <= PEER_BAND:
        return []
    values = {
        "column": "output_quantity",
        "found": f"{decimal_of(own[0]):.3g}",
        "typical": f"{_ROUGH.plus(middle):f}",
        "unit": own[1],
        "count": LEAST_PEERS,
    }
    return [Problem("intensity_off_peers", "output_quantity", values)]


def _by_site(uses: Iterable[Use]) -> dict[str, tuple[Fraction, str]]:
    found: dict[str, tuple[Fraction, str]] = {}
    for use in uses:
        total, name = found.get(site_key(use.site), (Fraction(0), use.site))
        found[site_key(use.site)] = (total + Fraction(use.mwh), name)
    return found


def _site_jump(site: str, now: Fraction, before: Fraction, year: int) -> list[Problem]:
    ratio = now / before
    if SITE_LOW <= ratio <= SITE_HIGH:
        return []
    values: dict[str, object] = {
        "site": site,
        "found": _shown(now),
        "last": _shown(before),
        "year": year,
        "before": year - 1,
        "percent": _percent(ratio),
    }
    if _slipped(ratio):
        values["unit"] = "kWh" if ratio > 1 else "GWh"
        return [Problem("electricity_thousandfold", site, values)]
    return [Problem("electricity_jump", site, values)]


def _odd_months(uses: Sequence[Use]) -> list[Problem]:
    """Months that would fit their site and source when moved by a thousand."""
    series: dict[tuple[str, str, int], list[Use]] = {}
    for use in uses:
        if use.month is not None and use.mwh > 0:
            series.setdefault((site_key(use.site), use.source, use.year), []).append(use)
    found = []
    for months in series.values():
        for use in months:
            others = sorted(u.mwh for u in months if u is not use)
            if len(others) < 2:
                continue
            ratio = Fraction(use.mwh) / Fraction(others[len(others) // 2])
            if _slipped(ratio):
                values = {
                    "site": use.site,
                    "month": use.month,
                    "found": f"{use.mwh:f}",
                    "unit": "kWh" if ratio > 1 else "GWh",
                }
                found.append(Problem("electricity_month_off", use.site, values))
    return found


def _bought(uses: Iterable[Use]) -> Fraction:
    return sum((Fraction(u.mwh) for u in uses if u.source != "own_pv"), Fraction(0))


def _slipped(ratio: Fraction) -> bool:
    return SLIP_LOW <= ratio <= SLIP_HIGH or SLIP_LOW <= 1 / ratio <= SLIP_HIGH


def _shown(value: Fraction) -> str:
    return f"{decimal_of(value):.4g}" if abs(value) < 1 else f"{round(value)}"


def _percent(ratio: Fraction) -> str:
    return f"{round((ratio - 1) * 100):+d}"


_BASE: Mapping[str, str] = {"mass": "kg", "volume": "m3", "area": "m2", "energy": "kWh", "power": "kWp", "count": "piece"}  # fmt: skip
