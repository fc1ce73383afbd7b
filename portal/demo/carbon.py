"""What invented companies know of their carbon, as the CSV files they would upload, and the buyer's purchase ledger of one year."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.demo.answering import chance
from portal.demo.companies import company


@dataclass(frozen=True)
class Bought:
    """A year's purchases from one supplier: tonnes (None where only money is known), price per kg or in all, currency."""

    supplier: str
    product: str
    material: str
    tonnes: int | None
    money: str
    currency: str
    sector: str = ""
    text: str = ""


PURCHASES = (
    Bought("SIL-01", "SIL-01-441", "mg_silicon", 2_400, "11.5", "CNY"),
    Bought("SIL-02", "SIL-02-A", "mg_silicon", 900, "2.3", "USD"),
    Bought("POL-01", "POL-01-N", "polysilicon", 7_600, "42", "CNY"),
    Bought("POL-02", "POL-02-G", "polysilicon", 6_100, "38", "CNY"),
    Bought("POL-03", "POL-03-R", "polysilicon", 1_300, "19", "EUR"),
    Bought("WAF-01", "WAF-01-182", "wafer", 880, "240", "CNY"),
    Bought("WAF-02", "WAF-02-182", "wafer", 540, "38", "USD"),
    Bought("CEL-01", "CEL-01-TC", "cell", 1_450, "360", "CNY"),
    Bought("CEL-02", "CEL-02-TC", "cell", 820, "56", "USD"),
    Bought("GLS-01", "GLS-01-20", "glass", 118_000, "1.75", "CNY"),
    Bought("GLS-01", "GLS-01-32", "glass", 36_000, "1.62", "CNY"),
    Bought("GLS-02", "GLS-02-20", "glass", 127_000, "1.68", "CNY"),
    Bought("GLS-03", "GLS-03-20", "glass", 61_000, "0.27", "USD"),
    Bought("ALU-01", "ALU-01-F", "aluminium_frame", 15_800, "24.5", "CNY"),
    Bought("ALU-02", "ALU-02-F", "aluminium_frame", 4_900, "4.6", "EUR"),
    Bought("ALU-03", "ALU-03-F", "aluminium_frame", 9_200, "3.5", "USD"),
    Bought("ENC-01", "ENC-01-EVA", "encapsulant", 17_500, "12.4", "CNY"),
    Bought("ENC-02", "ENC-02-POE", "encapsulant", 10_200, "2.1", "USD"),
    Bought("BSH-01", "BSH-01-K", "backsheet", 5_600, "21", "CNY"),
    Bought("JBX-01", "JBX-01-S", "junction_box", 2_350, "68", "CNY"),
    Bought("PST-01", "PST-01-F", "silver_paste", None, "690000000", "CNY"),
    Bought("PST-02", "PST-02-F", "silver_paste", None, "9800000000", "JPY"),
    Bought("RIB-01", "RIB-01-M", "ribbon", None, "410000000", "CNY"),
    Bought("PAC-01", "PAC-01-B", "packaging", 28_500, "4.8", "CNY"),
    Bought("CHM-01", "CHM-01-HF", "hydrofluoric_acid", None, "163000000", "CNY"),
    Bought("SRV-01", "", "", None, "38000000", "CNY", "561720", "Cleaning and facility services"),
    Bought("V-7001", "", "", None, "21500000", "CNY", "325520", "Sealant, small vendors"),
    Bought("V-7002", "", "", None, "64000000", "CNY", "325120", "Nitrogen and argon"),
    Bought("V-7003", "", "", None, "7400000", "CNY", "", "Sundry purchases without a sector"),
)

_LEDGER = ("line_id", "date", "supplier_id", "product_id", "material", "quantity", "unit", "spend", "currency", "country", "sector", "description")  # fmt: skip


def ledger_csv(year: int, purchases: Sequence[Bought] = PURCHASES) -> bytes:
    """The buyer's ledger: one line per supplier, product and month, a few credit notes, and some lines of the year before."""
    return _csv(_LEDGER, _lines(year, purchases))


def _lines(year: int, purchases: Sequence[Bought]) -> Iterator[Sequence[object]]:
    number = 0
    for bought in purchases:
        weights = [Decimal(80 + int(40 * chance(bought.product or bought.supplier, m))) for m in range(1, 13)]
        for month, weight in enumerate(weights, start=1):
            number += 1
            yield _line(number, bought, date(year, month, 5 + number % 20), weight / sum(weights))
        if chance(bought.product, "credit") > 0.7:
            number += 1
            yield _line(number, bought, date(year, 12, 28), Decimal("-0.004"))
        if chance(bought.product, "early") > 0.6:
            number += 1
            yield _line(number, bought, date(year - 1, 12, 19), Decimal("0.05"))


def _line(number: int, bought: Bought, day: date, share: Decimal) -> Sequence[object]:
    quantity, spend = "", (Decimal(bought.money) * share).quantize(Decimal("0.01"))
    if bought.tonnes is not None:
        tonnes = (bought.tonnes * share).quantize(Decimal("0.001"))
        quantity, spend = (
            format(tonnes, "f"),
            (tonnes * 1000 * Decimal(bought.money)).quantize(Decimal("0.01")),
        )
    country = "CN" if bought.supplier.startswith("V-") else company(bought.supplier).country
    return (
        f"PO-{day.year}-{number:05d}", day.isoformat(), bought.supplier, bought.product, bought.material, quantity,
        "t" if quantity else "", format(spend, "f"), bought.currency, country, bought.sector, bought.text,
    )  # fmt: skip


_FOOTPRINT = (
    "footprint_id", "product_id", "material", "declared_unit", "declared_amount", "pcf_kgco2e", "period_start", "period_end",
    "valid_until", "primary_data_share", "verified", "geography",
)  # fmt: skip

# (product, material, unit, amount, kgCO2e, primary data share, verified)
Footprints = Mapping[str, tuple[tuple[str, str, str, str, str, str, str], ...]]
_FOOTPRINTS: Footprints = {
    "SIL-02": (("SIL-02-A", "mg_silicon", "t", "1", "4150", "72", "yes"),),
    "POL-02": (("POL-02-G", "polysilicon", "kg", "1", "16.85", "84", "yes"),),
    "POL-03": (("POL-03-R", "polysilicon", "kg", "1", "13.9", "88", "yes"),),
    "CEL-01": (("CEL-01-TC", "cell", "kg", "1", "52.4", "61", "no"),),
    "GLS-01": (
        ("GLS-01-20", "glass", "kg", "1", "1.085", "78", "yes"),
        ("GLS-01-32", "glass", "kg", "1", "1.062", "78", "yes"),
    ),
    "ALU-02": (("ALU-02-F", "aluminium_frame", "kg", "1", "6.35", "66", "yes"),),
    "ENC-02": (("ENC-02-POE", "encapsulant", "kg", "1", "2.48", "55", "no"),),
    "PAC-01": (("PAC-01-B", "packaging", "kg", "1", "0.91", "40", "no"),),
}


def footprints_csv(code: str, year: int, known: Footprints = _FOOTPRINTS) -> bytes | None:
    """The footprints this company uploads for `year`, or None."""
    rows = known.get(code)
    if rows is None:
        return None
    return _csv(
        _FOOTPRINT,
        (
            (
                f"PCF-{product}-{year}", product, material, unit, amount, value, f"{year}-01-01", f"{year}-12-31", f"{year + 2}-12-31",
                share, verified, company(code).country,
            )
            for product, material, unit, amount, value, share, verified in rows
        ),
    )  # fmt: skip


_INVENTORY = (
    "year", "scope1_tco2e", "scope2_market_tco2e", "scope2_location_tco2e", "scope3_upstream_tco2e", "scope3_c1_tco2e", "scope3_c4_tco2e",
    "output_quantity", "output_unit", "revenue", "currency", "verified",
)  # fmt: skip

# scope 1, scope 2 market, scope 2 location, scope 3 upstream, of it category 1 and 4, output t, revenue, currency, verified
Inventories = Mapping[str, tuple[str, str, str, str, str, str, str, str, str, str]]
_INVENTORIES: Inventories = {
    "WAF-01": ("6200", "118000", "131000", "1050000", "1010000", "9000", "21500", "5300000000", "CNY", "no"),
    "GLS-01": ("312000", "84000", "97000", "176000", "158000", "14000", "520000", "960000000", "CNY", "yes"),
    "GLS-03": ("118500", "61200", "61200", "72800", "64100", "6100", "208000", "61000000", "USD", "yes"),
    "ALU-03": ("7900", "18400", "19100", "386000", "379500", "3800", "31500", "118000000", "USD", "no"),
    "ENC-01": ("2100", "12800", "13300", "188000", "181000", "4200", "72000", "910000000", "CNY", "no"),
    "JBX-01": ("380", "3900", "4100", "31500", "30400", "700", "6900", "480000000", "CNY", "no"),
    "ALU-02": ("3100", "2200", "5600", "61000", "59200", "900", "11800", "62000000", "EUR", "yes"),
}


def inventory_csv(code: str, year: int, known: Inventories = _INVENTORIES) -> bytes | None:
    """The company inventory this company uploads for `year`, or None."""
    row = known.get(code)
    if row is None:
        return None
    s1, market, location, upstream, c1, c4, output, revenue, currency, verified = row
    return _csv(
        _INVENTORY, [(year, s1, market, location, upstream, c1, c4, output, "t", revenue, currency, verified)]
    )


def _csv(header: Sequence[str], rows: Iterator[Sequence[object]] | Sequence[Sequence[object]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()
