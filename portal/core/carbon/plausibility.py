"""Is a product carbon footprint believable? Bands per material, from published figures; warnings, never refusals.

The bands are anchors to question a figure by, not values to estimate with. Each spans the figures in factors/
named in its `source`, widened by judgement: a little where several were published, up to threefold where only a
stand-in or a part of the production is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.core.carbon.factors import Factor
from portal.core.carbon.pcf import Footprint
from portal.core.problems import Problem
from portal.core.units import convert, unit_class


@dataclass(frozen=True)
class Band:
    """Lowest and highest believable kgCO2e per `unit`, and where the two come from."""

    low: Decimal
    high: Decimal
    unit: str
    source: str


BANDS: dict[str, tuple[Band, ...]] = {
    "polysilicon": (Band(Decimal(9), Decimal(70), "kg", "published 11.2 to 57.6"),),
    "mg_silicon": (Band(Decimal(2), Decimal(20), "kg", "electricity alone 2.3 to 7.5"),),
    "aluminium_frame": (Band(Decimal("0.5"), Decimal(25), "kg", "recycled 1.0, primary 6.8 to 20"),),
    "glass": (
        Band(Decimal("0.4"), Decimal("2.5"), "kg", "published 0.55 to 1.43"),
        Band(Decimal("1.5"), Decimal(25), "m2", "published 5.5 to 10.3 at 4 mm"),
    ),
    "encapsulant": (Band(Decimal(1), Decimal(9), "kg", "polyethylene film 3.0"),),
    "backsheet": (Band(Decimal("1.3"), Decimal(28), "kg", "PET 3.9, PVF film 23.3"),),
    "packaging": (Band(Decimal("0.2"), Decimal(4), "kg", "board 1.2"),),
    "junction_box": (Band(Decimal("1.9"), Decimal(17), "kg", "small electrical goods 5.6"),),
    "module": (Band(Decimal(250), Decimal(1000), "kWp", "published 310 to 810"),),
}
THOUSAND = Decimal(1000)
FACTOR_MARGIN = Decimal(5)


# (declared unit, too large) → the unit that was probably meant, when the figure is a thousand times off.
_SLIPS = {
    ("kg", True): ("kg", "t"),
    ("t", False): ("t", "kg"),
    ("g", True): ("g", "kg"),
    ("kg", False): ("kgCO2e", "tCO2e"),
    ("kWh", True): ("kWh", "MWh"),
    ("MWh", False): ("MWh", "kWh"),
    ("kWp", True): ("kWp", "MWp"),
    ("MWp", False): ("MWp", "kWp"),
}


def doubts(footprint: Footprint, bands: Mapping[str, Sequence[Band]] = BANDS) -> list[Problem]:
    """Warnings about a footprint: footprint_zero, footprint_thousandfold, footprint_below_band, footprint_above_band.

    A figure that would lie in the band when multiplied or divided by a thousand is suspected of a unit slip; the
    values `stated` and `likely` name the unit as declared and the one probably meant (t instead of kg, tCO2e
    instead of kgCO2e). Nothing is said of a material or unit without a band.
    """
    if footprint.pcf_kgco2e == 0:
        return [Problem("footprint_zero", "pcf_kgco2e", {"column": "pcf_kgco2e", "found": "0"})]
    for band in bands.get(footprint.material, ()):
        if unit_class(band.unit) == unit_class(footprint.declared_unit):
            return _outside(per_unit(footprint, band.unit), band, footprint)
    return []


def per_unit(footprint: Footprint, unit: str) -> Decimal:
    """kgCO2e per one `unit`. Raises Refused where the declared unit is of another class."""
    return footprint.pcf_kgco2e / convert(footprint.declared_amount, footprint.declared_unit, unit)


def bands_with(factors: Iterable[Factor]) -> dict[str, tuple[Band, ...]]:
    """BANDS, and for every other material with factors by quantity a band around those factors.

    Its width is a judgement: five times to either side of the lowest and highest factor, because most are
    stand-ins. Factors that count the electricity of a step only are lower bounds and make no band.
    """
    spans: dict[tuple[str, str], list[Factor]] = {}
    for factor in factors:
        partial = "electricity part" in factor.category
        if factor.unit and factor.value > 0 and factor.material not in ("", *BANDS) and not partial:
            spans.setdefault((factor.material, factor.unit), []).append(factor)
    found: dict[str, tuple[Band, ...]] = dict(BANDS)
    for (material, unit), group in sorted(spans.items()):
        values = [factor.value for factor in group]
        source = ", ".join(sorted(factor.factor_id for factor in group)[:3])
        band = Band(min(values) / FACTOR_MARGIN, max(values) * FACTOR_MARGIN, unit, source)
        found[material] = (*found.get(material, ()), band)
    return found


def _outside(value: Decimal, band: Band, footprint: Footprint) -> list[Problem]:
    if band.low <= value <= band.high:
        return []
    values = {
        "column": "pcf_kgco2e",
        "found": f"{value:.6g}",
        "unit": band.unit,
        "low": f"{band.low:.4g}",
        "high": f"{band.high:.4g}",
        "material": footprint.material,
        "source": band.source,
    }
    too_large = value > band.high
    if band.low <= (value / THOUSAND if too_large else value * THOUSAND) <= band.high:
        other = ("kgCO2e", "gCO2e") if too_large else ("kgCO2e", "tCO2e")
        stated, likely = _SLIPS.get((footprint.declared_unit, too_large), other)
        values |= {"stated": stated, "likely": likely}
        return [Problem("footprint_thousandfold", "pcf_kgco2e", values)]
    return [Problem("footprint_above_band" if too_large else "footprint_below_band", "pcf_kgco2e", values)]
