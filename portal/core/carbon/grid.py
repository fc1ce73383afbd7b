"""Grid emission factors: the one that stands for a country or province in a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.core.carbon.geography import canonical


@dataclass(frozen=True)
class GridFactor:
    """kg per kWh of a grid: `place` alpha-2 or CN-AH, `basis` what gases and boundary it covers as published."""

    factor_id: str
    name_en: str
    name_zh: str
    place: str
    year: int
    value: Decimal
    basis: str

    @property
    def only_co2(self) -> bool:
        """Whether other greenhouse gases and the upstream of fuels are left out."""
        return self.basis.startswith("CO2 only")


def grid_factor(factors: Iterable[GridFactor], country: str, region: str, year: int) -> GridFactor | None:
    """The factor of the province where there is one, else of the country; of the year, else the latest before, else the next.

    A country's own average of electricity consumed goes before the intensity of its generation. None where neither
    is known.
    """
    known = list(factors)
    for place in (region, country):
        here = [f for f in known if place and f.place == place]
        if here:
            return min(here, key=lambda f: (not f.only_co2, f.year > year, abs(f.year - year), f.factor_id))
    return None


def place_of(geography: str) -> str:
    """The key of a published geography: CN-AH stays, CHN becomes CN."""
    return geography if "-" in geography and not geography.startswith("REGION") else canonical(geography)
