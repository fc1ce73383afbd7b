"""What invented companies enter into their company register: electricity, certificates, scope 1 by source, measures."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.certificates import read_certificates
from portal.core.carbon.inventory_record import SCOPE1_COLUMNS
from portal.demo.answering import chance
from portal.demo.companies import company
from portal.demo.filing import LIMIT
from portal.files.vault import Vault
from portal.operations.certificates import Claim, enter_certificates
from portal.operations.electricity import keep_uses, read_typed_uses
from portal.operations.electricity_files import (
    accept_electricity_upload,
    add_electricity_upload,
    doubts_of_file,
    read_electricity_upload,
)
from portal.operations.inventories import read_typed_inventory, state_verification, type_inventory
from portal.operations.keeping import kept_file
from portal.operations.measures import enter_measure, read_typed_measure
from portal.operations.register_judging import judge_electricity, judge_inventory
from portal.store.carbon import InventoryRow, inventories_in_force
from portal.store.commitments import findings_of
from portal.store.evidence import library_of

REPLY = "Checked against the meter readings and the invoices of the year."


@dataclass(frozen=True)
class Power:
    """A company's electricity of a year: sites with province and share, MWh bought, and parts that are renewable.

    `own`, `ppa`, `tariff` are shares of all electricity; `scheme`, `series` and `covered` say which certificates it
    bought and how much of all electricity they cover; `named` is the share of them that name the first site.
    """

    sites: tuple[tuple[str, str, str], ...]
    bought: int
    own: str = "0"
    ppa: str = "0"
    tariff: str = "0"
    scheme: str = ""
    series: str = ""
    first: int = 1
    covered: str = "0"
    technology: str = "solar"
    by_month: bool = False
    named: str = "0"


# MWh chosen so that bought electricity times the grid factor meets the scope 2 of the inventories in demo/carbon.py.
POWER: dict[str, Power] = {
    "GLS-01": Power((("Clearlake plant 1", "CN-AH", "0.7"), ("Clearlake plant 2", "CN-AH", "0.3")), 149_000, own="0.06", scheme="gec", series="1101A010120210101", first=2025_0300_00101, covered="0.10"),
    "WAF-01": Power((("Ninefold crystal hall", "CN-NM", "1"),), 190_000, ppa="0.05", scheme="gec", series="1301B020220220402", first=2025_0500_00001, covered="0.06", technology="wind"),
    "ENC-01": Power((("Softlight film plant", "CN-ZJ", "1"),), 25_300, own="0.08", scheme="gec", series="3301C010120230907", first=2025_0100_00001, covered="0.04", by_month=True),
    "JBX-01": Power((("Copperleaf works", "CN-JS", "1"),), 6_800, own="0.12"),
    "POL-02": Power((("Pearl granule line 1", "CN-NM", "0.5"), ("Pearl granule line 2", "CN-NM", "0.5")), 610_000, ppa="0.30", tariff="0.05", scheme="gec", series="1501W010120200811", first=2025_0600_00001, covered="0.05", technology="wind"),
    "CEL-01": Power((("Dawnbridge cell hall", "CN-JS", "1"),), 98_000, own="0.04", tariff="0.10", scheme="gec", series="3201P010120221130", first=2025_0200_00001, covered="0.15"),
    "SIL-02": Power((("Fjordlys smelter", "", "1"),), 168_000, scheme="go", series="707", first=35_000_001, covered="0.95", technology="hydro"),
    "POL-03": Power((("Rheinkiesel works", "", "1"),), 142_000, ppa="0.20", scheme="go", series="643", first=91_000_001, covered="0.35", technology="wind"),
    "ALU-02": Power((("Vientos extrusion", "", "0.8"), ("Vientos anodising", "", "0.2")), 38_300, own="0.10", scheme="go", series="643", first=12_500_001, covered="0.55", named="0.8"),
    "ALU-03": Power((("Kestrel Ridge plant", "", "1"),), 39_300, own="0.05", scheme="irec", series="0000-0188-", first=4526_4520, covered="0.04"),
    "GLS-03": Power((("Sungai float line", "", "1"),), 101_000, own="0.02"),
}  # fmt: skip

# title, status, figure, before, after, unit, tCO2e a year, kWh a year, cost, currency, start
Given = tuple[str, str, str, str, str, str, str, str, str, str, str]
MEASURES: dict[str, tuple[Given, ...]] = {
    "GLS-01": (
        ("Waste heat boiler behind furnace 2", "running", "Natural gas per tonne of glass", "162", "149", "m3/t", "7400", "", "18500000", "CNY", "2025-09-01"),
        ("Rooftop solar power, second field", "done", "Own generation", "5200", "9500", "MWh/year", "2800", "4300000", "15200000", "CNY", "2024-11-15"),
    ),
    "WAF-01": (("Larger hot zones in crystal pulling", "running", "Electricity per kg of ingot", "26.4", "24.1", "kWh/kg", "13200", "19400000", "42000000", "CNY", "2025-04-01"),),
    "ENC-01": (("Heat pumps for the film dryers", "planned", "", "", "", "", "640", "", "3100000", "CNY", "2027-01-15"),),
    "POL-02": (("Power purchase agreement for wind, second tranche", "planned", "Share under agreements", "30", "45", "%", "52000", "", "", "", "2027-01-01"),),
    "POL-03": (("Hydrogen recovery in reduction", "done", "Electricity per kg of polysilicon", "58", "54.5", "kWh/kg", "1900", "5600000", "8900000", "EUR", "2024-06-01"),),
    "SIL-02": (("Biocarbon in place of coal", "running", "Fossil reductant per tonne", "1.35", "1.02", "t/t", "12100", "", "9600000", "USD", "2025-03-01"),),
    "ALU-02": (("Recycled billets from 55 to 70 per cent", "running", "Recycled content", "55", "70", "%", "4100", "", "", "", "2025-02-01"),),
    "ALU-03": (("Oxyfuel burners in the billet furnaces", "planned", "", "", "", "", "1150", "", "2400000", "USD", "2027-04-01"),),
    "CEL-01": (("Scrubbers for fluorinated gases", "done", "Destroyed share of process gases", "82", "95", "%", "2300", "", "6700000", "CNY", "2024-08-20"),),
    "JBX-01": (("Variable speed compressors", "done", "", "", "", "", "210", "360000", "480000", "CNY", "2025-01-10"),),
}  # fmt: skip

SPLIT = {"GLS": ("0.66", "0.01", "0.328", "0.002"), "WAF": ("0.55", "0.05", "0.10", "0.30")}
MOSTLY_FUEL = ("0.86", "0.08", "0.03", "0.03")


def fill_register(
    session: Session, vault: Vault, actor: Actor, code: str, *, year: int, now: datetime
) -> None:
    """Enter what this company knows of two years; companies without an entry stay empty."""
    power = POWER.get(code)
    if power is not None:
        _electricity(session, vault, actor, code, power, year=year - 1, share="0.94", now=now)
        _electricity(session, vault, actor, code, power, year=year, share="1", now=now)
        _certificates(session, actor, code, power, year=year, now=now)
    _inventories(session, actor, code, year=year, now=now)
    for given in MEASURES.get(code, ()):
        _measure(session, actor, given, now=now)


def correct_electricity(
    session: Session, vault: Vault, actor: Actor, code: str, *, site: str, year: int, now: datetime
) -> None:
    """Enter the electricity of a year once more, three per cent higher than before; of one site where it is named."""
    power = POWER[code]
    kept = tuple(one for one in power.sites if not site or one[0] == site)
    _electricity(session, vault, actor, code, replace(power, sites=kept), year=year, share="1.03", now=now)


def claim_twice(session: Session, actor: Actor, *, year: int, now: datetime) -> None:
    """A company claims certificates another one holds: refused, and noted for the buyer."""
    given = _given("irec", "0000-0188-", 4526_4600, 250, year, "VN", "hydro", "Mekong Crystal (invented)")
    value, _problems = read_certificates(given)
    if value is not None:
        enter_certificates(session, actor, claims=[Claim("serial_from", value, {}, given)], now=now)


def _electricity(
    session: Session, vault: Vault, actor: Actor, code: str, power: Power, *, year: int, share: str, now: datetime
) -> None:  # fmt: skip
    total = Decimal(power.bought) * Decimal(share) / (1 - Decimal(power.own))
    for site, region, part in power.sites:
        here = total * Decimal(part)
        rows = [(source, here * Decimal(s)) for source, s in (("own_pv", power.own), ("ppa", power.ppa), ("green_tariff", power.tariff))]  # fmt: skip
        rows = [("grid", here - sum((mwh for _s, mwh in rows), Decimal(0))), *rows]
        head = {"site": site, "country": company(code).country, "region": region, "year": str(year), "unit": "MWh"}  # fmt: skip
        if power.by_month:
            _from_file(session, vault, actor, code, head, rows, now=now)
            continue
        given = [
            {"month": "", "source": source, "amount": f"{mwh.quantize(Decimal('0.1'))}"}
            for source, mwh in rows
            if mwh
        ]
        taken = read_typed_uses(head, given)
        doubts = judge_electricity(session, actor.supplier_id or 0, [one.use for one in taken])
        replies = {doubt.key: REPLY for doubt in doubts}
        keep_uses(session, actor, taken=taken, upload=None, doubts=doubts, replies=replies, now=now)


def _from_file(
    session: Session,
    vault: Vault,
    actor: Actor,
    code: str,
    head: Mapping[str, str],
    rows: list[tuple[str, Decimal]],
    *,
    now: datetime,
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["site", "country", "region", "year", "month", "source", "amount", "unit"])
    for source, mwh in rows:
        weights = [80 + int(40 * chance(code + source, n)) for n in range(1, 13)]
        for month, weight in enumerate(weights, start=1):
            if mwh:
                kwh = (mwh * 1000 * weight / sum(weights)).quantize(Decimal(1))
                writer.writerow(
                    [head["site"], head["country"], head["region"], head["year"], month, source, kwh, "kWh"]
                )
    content = io.BytesIO(stream.getvalue().encode())
    with kept_file(
        vault, name=f"{code.lower()}-electricity-{head['year']}.csv", stream=content, limit=LIMIT
    ) as kept:
        upload = add_electricity_upload(
            session, actor, kind="electricity", kept=kept, quota=LIMIT * 10, now=now
        )
    found = read_electricity_upload(vault, upload, today=now.date())
    replies = {doubt.key: REPLY for doubt in doubts_of_file(session, upload, found)}
    accept_electricity_upload(
        session, actor, upload_id=upload.id, vault=vault, replies=replies, today=now.date(), now=now
    )


def _certificates(
    session: Session, actor: Actor, code: str, power: Power, *, year: int, now: datetime
) -> None:
    total = Decimal(power.bought) / (1 - Decimal(power.own))
    count = int(total * Decimal(power.covered))
    if not power.scheme or count < 1:
        return
    maker = company(code)
    proof = next((f.id for f in library_of(session, actor.supplier_id or 0) if "carbon" in f.name), None)
    named = int(count * Decimal(power.named))
    site = power.sites[0][0]
    for at, first, number, of in (
        (year, power.first + count, count - named, ""),
        (year, power.first + 2 * count - named, named, site),
        (year - 1, power.first, count // 2, ""),
    ):
        if not number:
            continue
        given = _given(
            power.scheme, power.series, first, number, at, maker.country, power.technology, f"{maker.name} (invented)"
        ) | {"site": of}  # fmt: skip
        value, _problems = read_certificates(given)
        if value is not None:
            claim = Claim("serial_from", value, {}, given, proof)
            enter_certificates(session, actor, claims=[claim], now=now)


def _given(
    scheme: str, series: str, first: int, count: int, year: int, country: str, technology: str, maker: str
) -> dict[str, str]:
    ends = {"gec": "11", "irec": ""}.get(scheme, "")
    numbers = [f"{series}{number:013d}{ends}" if scheme == "gec" else f"{series}{number:08d}" for number in (first, first + count - 1)]  # fmt: skip
    if scheme == "irec":
        numbers = [f"{series}{first:08d}.000000", f"{series}{first + count - 1:08d}.999999"]
    return {
        "scheme": scheme,
        "serial_from": numbers[0],
        "serial_to": numbers[1],
        "mwh": str(count),
        "generation_year": str(year),
        "technology": technology,
        "country": country,
        "retired_on": f"{year + 1}-02-{10 + count % 15}",
        "retired_for": maker,
    }


def _inventories(session: Session, actor: Actor, code: str, *, year: int, now: datetime) -> None:
    """Type the year's inventory again with its sources and boundary, and add the statement where it is verified."""
    proof = next((f.id for f in library_of(session, actor.supplier_id or 0) if "carbon" in f.name), None)
    for row in inventories_in_force(session, actor.supplier_id):
        if row.year != year or row.scope1_sources:
            continue
        given = _with_sources(row, code)
        record = read_typed_inventory(given, supplier_code=code, today=now.date())
        doubts = judge_inventory(session, actor.supplier_id or 0, record)
        typed = type_inventory(
            session, actor, record=record, typed=given, doubts=doubts, replies={d.key: REPLY for d in doubts},
            evidence_id=None, now=now,
        )  # fmt: skip
        if row.verified:
            statement = {
                "verification_level": "reasonable" if code == "GLS-01" else "limited",
                "verifier": "Invented Verification Body",
                "verified_on": date(year + 1, 4, 20).isoformat(),
            }
            state_verification(
                session, actor, inventory_id=typed.id, given=statement, evidence_id=proof, today=now.date(), now=now
            )  # fmt: skip


def _with_sources(row: InventoryRow, code: str) -> dict[str, str]:
    names = {
        "scope2_market_tco2e": row.scope2_market_tco2e,
        "scope2_location_tco2e": row.scope2_location_tco2e,
        "scope3_upstream_tco2e": row.scope3_upstream_tco2e,
        "output_quantity": row.output_quantity,
        "revenue": row.revenue,
        **{f"scope3_category_{number}_tco2e": Decimal(value) for number, value in row.scope3.items()},
    }
    given = {name: f"{value:f}" for name, value in names.items() if value is not None}
    shares = SPLIT.get(code[:3], MOSTLY_FUEL)
    parts = [(row.scope1_tco2e * Decimal(share)).quantize(Decimal("0.1")) for share in shares[1:]]
    parts = [row.scope1_tco2e - sum(parts, Decimal(0)), *parts]
    given |= {column: f"{part:f}" for column, part in zip(SCOPE1_COLUMNS, parts, strict=True)}
    return given | {
        "year": str(row.year),
        "boundary": "operational",
        "sites_covered": ", ".join(site for site, _region, _share in POWER[code].sites) if code in POWER else "",
        "output_unit": row.output_unit,
        "currency": row.currency,
    }  # fmt: skip


def _measure(session: Session, actor: Actor, given: Given, *, now: datetime) -> None:
    names = ("title", "status", "figure", "value_before", "value_after", "unit", "tco2e_year", "kwh_year", "cost", "currency", "start_on")  # fmt: skip
    typed = dict(zip(names, given, strict=True))
    commitments = [one.id for finding in findings_of(session, actor.supplier_id or 0) for one in finding.commitments if one.state in ("agreed", "done", "verified")]  # fmt: skip
    proof = [f.id for f in library_of(session, actor.supplier_id or 0) if "management" in f.name][:1]
    enter_measure(
        session, actor, facts=read_typed_measure(typed), typed=typed, evidence_ids=proof if typed["status"] == "done" else [],
        commitment_ids=commitments[:1], now=now,
    )  # fmt: skip
