"""What electricity and certificates say about a reporting period: use, renewable share, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from portal.core.carbon.electricity import GreenShare, green_share, site_key
from portal.core.exact import decimal_of
from portal.core.questionnaire.facts import FactValue, Row
from portal.core.questionnaire.tables import LONGEST_CELL, holds_all
from portal.operations.register_judging import cover_of, use_of
from portal.store.electricity import Certificate, ElectricityUse

Found = tuple[dict[str, FactValue], dict[str, tuple[Row, ...]], dict[str, tuple[tuple[str, int], ...]]]


def electricity_known(uses: Sequence[ElectricityUse], held: Sequence[Certificate], years: range) -> Found:
    """Facts, rows and records of the newest of `years` with any consumption; certificates of all of them."""
    of_period = [row for row in held if row.generation_year in years]
    facts: dict[str, FactValue] = {
        "register.certificates": sum((row.mwh for row in of_period), Decimal(0)),
        "register.certificates_retired": sum((row.mwh for row in of_period if row.retired_on), Decimal(0)),
    }
    year = year_of(uses, years)
    if year is None:
        return facts, {}, {}
    used = [row for row in uses if row.year == year]
    share = green_share([use_of(row) for row in used], [cover_of(row) for row in held], year)
    facts |= {
        "register.electricity": sum((row.mwh for row in used), Decimal(0)),
        "register.electricity_year": Decimal(year),
        "register.electricity_sites": Decimal(len({site_key(row.site) for row in used})),
        "register.electricity_months": Decimal(fewest_months(used)),
        "register.certificates_excess": decimal_of(share.excess),
    }
    if share.share is not None:
        facts["register.renewable_share"] = round(decimal_of(share.share * 100), 1)
    counted = counting(share, held)
    behind = tuple(("electricity", row.id) for row in used)
    proofs = tuple(("certificate", row.id) for row in counted)
    rows = renewable_rows(share, counted)
    facts["register.renewable_sources"] = Decimal(len(rows))
    records = {
        "register.electricity": behind,
        "register.renewable_share": behind + proofs,
        "register.renewable_rows": behind + proofs,
    }
    return facts, {"register.renewable_rows": rows} if rows and holds_all(rows) else {}, records


def year_of(uses: Sequence[ElectricityUse], years: range) -> int | None:
    """The register's year of electricity: the first of `years` with any consumption."""
    return next((year for year in years if any(row.year == year for row in uses)), None)


def counting(share: GreenShare, held: Sequence[Certificate]) -> list[Certificate]:
    """The certificates that count towards a share made of `held`."""
    left_out = {int(key) for key, _ in share.left_out}
    return [row for row in held if row.id not in left_out]


def renewable_rows(share: GreenShare, counted: Sequence[Certificate]) -> tuple[Row, ...]:
    """Where renewable electricity came from: own generation and agreements, then the certificates that count."""
    return _sources(share, share.year) + tuple(_certificate(row) for row in counted)


def fewest_months(used: Sequence[ElectricityUse]) -> int:
    """Months known at the site where fewest are known; a figure of the whole year knows all twelve."""
    months: dict[str, set[int]] = {}
    for row in used:
        own = months.setdefault(site_key(row.site), set())
        own |= {row.month} if row.month else set(range(1, 13))
    return min(len(own) for own in months.values())


def _sources(share: GreenShare, year: int) -> tuple[Row, ...]:
    """Own generation and agreements as one row each; certificates that came with the agreements prove them."""
    proved = share.ppa > 0 and share.bundled >= share.ppa
    amounts: tuple[tuple[str, Fraction, bool], ...] = (
        ("own_pv", share.own, False),
        ("ppa", share.ppa, proved),
    )
    return tuple(
        {
            "source": source,
            "mwh": decimal_of(amount),
            "year": str(year),
            "retired": "yes" if retired else "no",
        }
        for source, amount, retired in amounts
        if amount > 0
    )


def _certificate(row: Certificate) -> Row:
    serials = row.serial_from if row.serial_from == row.serial_to else f"{row.serial_from} – {row.serial_to}"
    return {
        "source": row.scheme,
        "mwh": row.mwh,
        "serials": serials[:LONGEST_CELL],
        "year": str(row.generation_year),
        "retired": "yes",
    }
