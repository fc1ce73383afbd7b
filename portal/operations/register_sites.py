"""What electricity and certificates say about each site of a supplier, and what of it belongs to no site.

A site has what was measured there and the certificates that name it. A certificate without a site, or beyond what its
site can take, counts for the company and for no site: it is told, never spread over sites by a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon.electricity import GreenShare, green_share, site_key
from portal.core.exact import decimal_of
from portal.core.questionnaire.facts import FactValue, Row, Rows
from portal.core.questionnaire.sites import DECIMALS
from portal.core.questionnaire.tables import holds_all
from portal.operations.register_electricity import counting, fewest_months, renewable_rows, year_of
from portal.operations.register_judging import cover_of, use_of
from portal.store.electricity import Certificate, ElectricityUse


@dataclass(frozen=True)
class KnownSite:
    """What is known of one site: as `Known`, with the names that begin with "site."."""

    name: str
    facts: Mapping[str, FactValue]
    rows: Rows
    records: Mapping[str, tuple[tuple[str, int], ...]]


# What is known of a site that the register does not have.
UNKNOWN: Mapping[str, FactValue] = {"site.electricity_months": Decimal(0)}


def sites_known(
    uses: Sequence[ElectricityUse], held: Sequence[Certificate], years: range
) -> tuple[dict[str, KnownSite], dict[str, FactValue]]:
    """By site key what is known of each site in the register's year, and the facts of what belongs to none of them.

    All sites speak of one year, that of the company, so that their figures can be added up.
    """
    year = year_of(uses, years)
    if year is None:
        return {}, {}
    used = [row for row in uses if row.year == year]
    shares: dict[str, GreenShare] = {}
    found: dict[str, KnownSite] = {}
    for key in dict.fromkeys(site_key(row.site) for row in used):
        here = [row for row in used if site_key(row.site) == key]
        named = [row for row in held if site_key(row.site) == key]
        shares[key] = green_share([use_of(row) for row in here], [cover_of(row) for row in named], year)
        found[key] = _known(here, named, shares[key])
    whole = green_share([use_of(row) for row in used], [cover_of(row) for row in held], year)
    counted = sum((share.counted for share in shares.values()), Fraction(0))
    bundled = sum((share.bundled for share in shares.values() if share.ppa), Fraction(0))
    return found, {
        "register.certificates_unattributed": decimal_of(whole.counted - counted),
        "register.agreements_unattributed": decimal_of(whole.bundled - bundled if whole.ppa else Fraction(0)),
    }


def _known(used: Sequence[ElectricityUse], named: Sequence[Certificate], share: GreenShare) -> KnownSite:
    facts: dict[str, FactValue] = {
        "site.electricity": decimal_of(share.consumption),
        "site.electricity_months": Decimal(fewest_months(used)),
        "site.certificates_excess": decimal_of(share.excess),
    }
    if share.share is not None:
        facts["site.renewable_share"] = round(decimal_of(share.share * 100), DECIMALS)
    behind = tuple(("electricity", row.id) for row in used)
    counted = counting(share, named)
    proofs = tuple(("certificate", row.id) for row in counted)
    rows: tuple[Row, ...] = renewable_rows(share, counted)
    facts["site.renewable_sources"] = Decimal(len(rows))
    return KnownSite(
        name=used[0].site,
        facts=facts,
        rows={"site.renewable_rows": rows} if holds_all(rows) else {},
        records={
            "site.electricity": behind,
            "site.renewable_share": behind + proofs,
            "site.renewable_rows": behind + proofs,
        },
    )
