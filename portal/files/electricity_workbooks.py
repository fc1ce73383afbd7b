"""The two tables a supplier fills about its electricity: consumption, and certificates."""

from __future__ import annotations

from portal.core.carbon.certificates import BACKS, SCHEMES, TECHNOLOGIES
from portal.core.carbon.electricity import SOURCES, UNITS
from portal.files.tabular import Column, RawRows, read_rows
from portal.files.template_books import TableForm, write_template
from portal.language import N_

ELECTRICITY = TableForm(
    sheet=N_("Electricity"),
    title=N_("Electricity consumption"),
    columns=(
        Column("site", N_("Site"), N_("The site’s name, the same in every row and year."), True),
        Column("country", N_("Country"), N_("Two letters, for example CN."), True),
        Column(
            "region", N_("Province"), N_("In China the province as in CN-AH; its grid factor is used then.")
        ),
        Column("year", N_("Year"), N_("Calendar year of the consumption."), True, "year"),
        Column(
            "month", N_("Month"), N_("1 to 12; leave empty for a figure of the whole year."), form="number"
        ),
        Column(
            "source",
            N_("Source of the electricity"),
            N_(
                "grid: bought from the grid; own_pv: own renewable generation used on site; ppa: power purchase agreement; green_tariff; other."
            ),
            True,
            "choice",
            SOURCES,
        ),
        Column("amount", N_("Amount"), N_("Electricity used, in the unit beside it."), True, "number"),
        Column("unit", N_("Unit"), N_("kWh or MWh."), True, "choice", UNITS),
    ),
    example={
        "site": "Plant 1",
        "country": "CN",
        "region": "CN-AH",
        "year": "2025",
        "month": "3",
        "source": "grid",
        "amount": "1250000",
        "unit": "kWh",
    },
)

CERTIFICATES = TableForm(
    sheet=N_("Certificates"),
    title=N_("Green electricity certificates"),
    columns=(
        Column(
            "scheme",
            N_("Scheme"),
            N_(
                "gec: China’s green electricity certificate; irec: I-REC; go: guarantee of origin; tigr; rec; other."
            ),
            True,
            "choice",
            SCHEMES,
        ),
        Column("registry", N_("Registry"), N_("Only for rec and other: who issued the certificates.")),
        Column("serial_from", N_("Serial number from"), N_("The first number of the range."), True),
        Column("serial_to", N_("Serial number to"), N_("The last number; empty for a single certificate.")),
        Column("mwh", N_("MWh"), N_("One certificate is one MWh."), True, "number"),
        Column(
            "generation_year",
            N_("Year of generation"),
            N_("It counts for the electricity of this calendar year."),
            True,
            "year",
        ),
        Column("technology", N_("Technology"), N_("How it was generated."), True, "choice", TECHNOLOGIES),
        Column("country", N_("Country of generation"), N_("Two letters, for example CN."), True),
        Column("site", N_("For site"), N_("Only when it belongs to one site; empty for the whole company.")),
        Column(
            "backs",
            N_("Came with"),
            N_(
                "grid: bought alone or with a tariff; ppa: came with a power purchase agreement, which it proves."
            ),
            form="choice",
            choices=BACKS,
        ),
        Column(
            "retired_on", N_("Retired on"), N_("Day of retirement; only retired ones count."), form="date"
        ),
        Column("retired_for", N_("Retired for"), N_("The beneficiary, as the registry states it.")),
    ),
    example={
        "scheme": "irec",
        "serial_from": "0000-0102-4526-4520.000000",
        "serial_to": "0000-0102-4526-4619.999999",
        "mwh": "100",
        "generation_year": "2025",
        "technology": "solar",
        "country": "VN",
        "backs": "grid",
        "retired_on": "2026-02-03",
        "retired_for": "Example Glass Co.",
    },
)

FORMS = {"electricity": ELECTRICITY, "certificates": CERTIFICATES}


def electricity_template(kind: str, locale: str, file_format: str) -> bytes:
    """An empty table of `kind` (electricity, certificates); `file_format` csv or xlsx."""
    return write_template(FORMS[kind], locale, file_format)


def read_electricity_file(data: bytes, name: str, kind: str) -> RawRows:
    """Rows, problems and notes of a file. Raises Invalid where the file cannot be read at all."""
    return read_rows(data, name, FORMS[kind].columns)
