"""Everything that makes a footprint hard to believe, seen beside what else is known. Warnings that ask for a reply.

None of these refuses a figure. No doubt carries a figure of another supplier.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from portal.core.carbon.details import Details, number_of, text_of
from portal.core.carbon.pcf import Footprint
from portal.core.carbon.plausibility import BANDS, Band, doubts, per_unit
from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.core.units import convert, unit_class

# Each is a judgement, written down in the decision record on the register.
FEWEST_PEERS = 5
PEER_MARGIN = Decimal(3)
CHANGE_BAND = Decimal(25)  # per cent against the footprint before
SUM_MARGIN = Decimal("0.01")  # of the figure, for rounding of the parts
PEER_UNITS = {"mass": "kg", "area": "m2", "power": "kWp", "count": "piece", "energy": "kWh", "volume": "m3"}

_PARTS_OF_3 = (
    "fossil_emissions",
    "land_use_change",
    "land_management_co2",
    "land_management_removals",
    "technological_removals",
    "ccs_capture",
    "biogenic_non_co2",
)


@dataclass(frozen=True)
class Floor:
    """The electricity a material needs at least, kWh per kg, and what stands behind it."""

    kwh: Decimal
    source: str


@dataclass(frozen=True)
class Grid:
    """kgCO2e per kWh of the electricity of a country in a year."""

    factor: Decimal
    year: int
    source: str


@dataclass(frozen=True)
class Context:
    """What is known beside the footprint itself.

    `previous` holds the supplier's own footprints in force by product; `peers` a band by material and unit class,
    only where enough other suppliers stated one; `floors` by material; `grids` by country (alpha-2); `country` is
    the supplier's own, used when the footprint names none.
    """

    bands: Mapping[str, Sequence[Band]] = field(default_factory=lambda: BANDS)
    peers: Mapping[tuple[str, str], Band] = field(default_factory=dict)
    previous: Mapping[str, Footprint] = field(default_factory=dict)
    floors: Mapping[str, Floor] = field(default_factory=dict)
    grids: Mapping[str, Grid] = field(default_factory=dict)
    country: str = ""


NOTHING_KNOWN = Context()


def all_doubts(footprint: Footprint, details: Details, context: Context = NOTHING_KNOWN) -> list[Problem]:
    """Every warning about one footprint, the band first. `where` and values["column"] name the column.

    Codes: those of `plausibility.doubts`, footprint_above_peers, footprint_below_peers, footprint_changed,
    footprint_below_electricity, footprint_share_of_one, footprint_sum_differs, footprint_uptake_differs, footprint_mass_differs.
    """
    found = doubts(footprint, context.bands)
    slipped = any(problem.code == "footprint_thousandfold" for problem in found)
    if not found:
        found += _beside_peers(footprint, context)
    if not slipped:
        found += _beside_the_last(footprint, context)
        found += _beside_electricity(footprint, context)
    return [*found, *_part_of_one(footprint), *_sums(footprint, details), *_mass(footprint, details)]


def _part_of_one(footprint: Footprint) -> list[Problem]:
    """A share below one per cent was often meant as a part of one: 0.7 for 70 %."""
    share = footprint.primary_data_share
    if share is None or not 0 < share < 1:
        return []
    return [
        _problem("footprint_share_of_one", "primary_data_share", share, percent=decimal_text(share * 100))
    ]


def peer_bands(
    stated: Mapping[tuple[str, str], Mapping[int, Sequence[Footprint]]],
) -> dict[tuple[str, str], Band]:
    """A band by (material, unit class) from other suppliers' footprints, by supplier.

    Only from FEWEST_PEERS suppliers on. Each supplier counts once, with the geometric mean of its footprints; the
    band lies PEER_MARGIN to either side of the geometric mean over suppliers and is widened to one significant
    digit. No figure of a supplier can be worked out from it.
    """
    found = {}
    for (material, kind), by_supplier in stated.items():
        unit = PEER_UNITS.get(kind, "")
        means = [_mean([per_unit(f, unit) for f in own]) for own in by_supplier.values() if unit]
        known = [mean for mean in means if mean is not None]
        middle = _mean(known)
        if len(known) < FEWEST_PEERS or middle is None:
            continue
        low, high = (
            _one_digit(middle / PEER_MARGIN, ROUND_FLOOR),
            _one_digit(middle * PEER_MARGIN, ROUND_CEILING),
        )
        found[material, kind] = Band(low, high, unit, "")
    return found


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    above = [value for value in values if value > 0]
    if not above:
        return None
    with localcontext(prec=20):
        return (sum((value.ln() for value in above), Decimal(0)) / len(above)).exp()


def _one_digit(value: Decimal, rounding: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(math.floor(value.log10())), rounding=rounding)


def _problem(code: str, column: str, found: Decimal, **values: str) -> Problem:
    return Problem(code, column, {"column": column, "found": f"{found:.6g}", **values})


def _beside_peers(footprint: Footprint, context: Context) -> list[Problem]:
    kind = unit_class(footprint.declared_unit) or ""
    band = context.peers.get((footprint.material, kind))
    if band is None:
        return []
    value = per_unit(footprint, band.unit)
    if band.low <= value <= band.high:
        return []
    code = "footprint_above_peers" if value > band.high else "footprint_below_peers"
    return [_problem(code, "pcf_kgco2e", value, unit=band.unit, material=footprint.material)]


def _beside_the_last(footprint: Footprint, context: Context) -> list[Problem]:
    before = context.previous.get(footprint.product_id)
    if before is None or before.pcf_kgco2e == 0:
        return []
    if unit_class(before.declared_unit) != unit_class(footprint.declared_unit):
        return []
    unit = footprint.declared_unit
    value, last = per_unit(footprint, unit), per_unit(before, unit)
    percent = (value / last - 1) * 100
    if abs(percent) <= CHANGE_BAND:
        return []
    return [
        _problem(
            "footprint_changed",
            "pcf_kgco2e",
            value,
            unit=unit,
            before=f"{last:.6g}",
            percent=f"{percent:+.1f}",
            period=before.period_end.isoformat(),
            band=decimal_text(CHANGE_BAND),
        )
    ]


def _beside_electricity(footprint: Footprint, context: Context) -> list[Problem]:
    """Cradle to gate counts the electricity of its own steps at least: kWh per kg × the grid where it is made."""
    floor = context.floors.get(footprint.material)
    country = (footprint.geography or context.country)[:2]
    grid = context.grids.get(country)
    if floor is None or grid is None or unit_class(footprint.declared_unit) != "mass":
        return []
    value, least = per_unit(footprint, "kg"), floor.kwh * grid.factor
    if value >= least:
        return []
    return [
        _problem(
            "footprint_below_electricity",
            "pcf_kgco2e",
            value,
            material=footprint.material,
            kwh=decimal_text(floor.kwh),
            grid=decimal_text(grid.factor),
            country=country,
            year=str(grid.year),
            least=f"{least:.4g}",
            source=f"{floor.source}; {grid.source}",
        )
    ]


def _sums(footprint: Footprint, details: Details) -> list[Problem]:
    """PACT 3.0 prints how its totals are made up; official examples do not keep to it, so this only asks."""
    problems = []
    total = footprint.pcf_kgco2e
    parts = {key: number_of(details, key) for key in _PARTS_OF_3}
    old = text_of(details, "spec_version").startswith("2.")
    if parts["fossil_emissions"] is not None and not old:
        added = sum((part for part in parts.values() if part is not None), Decimal(0))
        if abs(added - total) > SUM_MARGIN * max(abs(total), abs(added)):
            problems.append(_problem("footprint_sum_differs", "pcf_kgco2e", total, sum=decimal_text(added)))
    including, uptake = number_of(details, "pcf_including_uptake"), number_of(details, "biogenic_uptake")
    if including is not None and not old:
        added = total + (uptake or Decimal(0))
        if abs(added - including) > SUM_MARGIN * max(abs(total), abs(including)):
            problems.append(
                _problem(
                    "footprint_uptake_differs", "pcf_including_uptake", including, sum=decimal_text(added)
                )
            )
    return problems


def _mass(footprint: Footprint, details: Details) -> list[Problem]:
    """The mass stated beside a unit that is itself a mass."""
    mass = number_of(details, "mass_kg")
    if mass is None or unit_class(footprint.declared_unit) != "mass":
        return []
    own = convert(footprint.declared_amount, footprint.declared_unit, "kg")
    if abs(mass - own) <= SUM_MARGIN * own:
        return []
    return [_problem("footprint_mass_differs", "mass_kg", mass, own=decimal_text(own))]
