"""Is a product carbon footprint believable? Bands per material, from published figures; warnings, never refusals.

The bands are anchors to question a figure by, not values to estimate with. Each spans the figures in factors/
named in its `source`, widened by judgement: a little where several were published, up to threefold where only a
stand-in or a part of the production is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

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


def doubts(footprint: Footprint) -> list[Problem]:
    """Warnings about a footprint: footprint_zero, footprint_thousandfold, footprint_below_band, footprint_above_band.

    A figure that would lie in the band when multiplied or divided by a thousand is suspected of a unit slip
    (kg for t, kWh for MWh, kgCO2e for tCO2e). Nothing is said of a material or unit without a band.
    """
    if footprint.pcf_kgco2e == 0:
        return [Problem("footprint_zero", "pcf_kgco2e", {"column": "pcf_kgco2e", "found": "0"})]
    for band in BANDS.get(footprint.material, ()):
        if unit_class(band.unit) != unit_class(footprint.declared_unit):
            continue
        amount = convert(footprint.declared_amount, footprint.declared_unit, band.unit)
        return _outside(footprint.pcf_kgco2e / amount, band, footprint.material)
    return []


def _outside(per_unit: Decimal, band: Band, material: str) -> list[Problem]:
    if band.low <= per_unit <= band.high:
        return []
    slipped = any(band.low <= moved <= band.high for moved in (per_unit * THOUSAND, per_unit / THOUSAND))
    if slipped:
        code = "footprint_thousandfold"
    else:
        code = "footprint_below_band" if per_unit < band.low else "footprint_above_band"
    values = {
        "column": "pcf_kgco2e",
        "found": f"{per_unit:.6g}",
        "unit": band.unit,
        "low": str(band.low),
        "high": str(band.high),
        "material": material,
        "source": band.source,
    }
    return [Problem(code, "pcf_kgco2e", values)]
