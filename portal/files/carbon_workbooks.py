"""The two tables a supplier fills for its carbon register: product carbon footprints and company inventories.

Columns are those of footprints.csv and inventories.csv without `supplier_id`, which comes from the session.
Only the form is judged here; what the values mean is judged by `portal.core.carbon`.
"""

from __future__ import annotations

from portal.core.carbon.inventory_record import BOUNDARIES, LEVELS
from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.footprint_form import FOOTPRINTS, UNITS, YES_NO
from portal.files.supplier_column import SUPPLIER
from portal.files.tabular import Column, RawRow, RawRows, locate, read_rows
from portal.files.template_books import TableForm, write_template
from portal.language import N_

__all__ = [
    "FOOTPRINTS",
    "INVENTORY",
    "RawRow",
    "footprint_template",
    "inventory_template",
    "locate",
    "read_footprint_rows",
    "read_footprints",
    "read_inventories",
    "read_inventory_rows",
]

VERIFIED = Column(
    "verified",
    N_("Verified by a third party"),
    N_("yes when an independent body has verified it."),
    form="choice",
    choices=YES_NO,
)

CATEGORIES = (
    N_("Scope 3, 1: purchased goods and services (tCO2e)"),
    N_("Scope 3, 2: capital goods (tCO2e)"),
    N_("Scope 3, 3: fuel and energy related activities (tCO2e)"),
    N_("Scope 3, 4: upstream transport (tCO2e)"),
    N_("Scope 3, 5: waste from operations (tCO2e)"),
    N_("Scope 3, 6: business travel (tCO2e)"),
    N_("Scope 3, 7: employee commuting (tCO2e)"),
    N_("Scope 3, 8: upstream leased assets (tCO2e)"),
    N_("Scope 3, 9: downstream transport (tCO2e)"),
    N_("Scope 3, 10: processing of sold products (tCO2e)"),
    N_("Scope 3, 11: use of sold products (tCO2e)"),
    N_("Scope 3, 12: end of life of sold products (tCO2e)"),
    N_("Scope 3, 13: downstream leased assets (tCO2e)"),
    N_("Scope 3, 14: franchises (tCO2e)"),
    N_("Scope 3, 15: investments (tCO2e)"),
)
SOURCES = (
    ("stationary", N_("Scope 1, stationary combustion (tCO2e)"), N_("Boilers, furnaces, generators.")),
    ("mobile", N_("Scope 1, mobile combustion (tCO2e)"), N_("Own and controlled vehicles.")),
    (
        "process",
        N_("Scope 1, process emissions (tCO2e)"),
        N_("Carbonates in the melt, reductants, etching gases."),
    ),
    ("fugitive", N_("Scope 1, fugitive emissions (tCO2e)"), N_("Leaks: refrigerants, SF6, methane.")),
)
CATEGORY_NOTE = N_(
    "Tonnes of CO2 equivalent in the year; leave empty what you have not counted, 0 means none."
)

INVENTORY = TableForm(
    sheet=N_("Inventory"),
    title=N_("Company greenhouse gas inventory"),
    columns=(
        Column("year", N_("Year"), N_("Calendar year of the figures; each year only once."), True, "year"),
        Column(
            "scope1_tco2e",
            N_("Scope 1 (tCO2e)"),
            N_("Direct emissions in tonnes of CO2 equivalent, not kilograms."),
            True,
            "number",
        ),
        *(
            Column(f"scope1_{source}_tco2e", label, note, form="number", other_key=f"scope1_{source}")
            for source, label, note in SOURCES
        ),
        Column(
            "scope2_market_tco2e",
            N_("Scope 2, market-based (tCO2e)"),
            N_("Purchased energy with contracts and certificates counted."),
            form="number",
        ),
        Column(
            "scope2_location_tco2e",
            N_("Scope 2, location-based (tCO2e)"),
            N_(
                "Purchased energy with the factor of your grid. Give at least one of the two scope 2 figures."
            ),
            form="number",
        ),
        Column(
            "scope3_upstream_tco2e",
            N_("Scope 3, upstream in total (tCO2e)"),
            N_("Categories 1 to 8 together."),
            form="number",
        ),
        *(
            Column(
                f"scope3_category_{number}_tco2e",
                label,
                CATEGORY_NOTE,
                form="number",
                other_key=f"scope3_c{number}_tco2e",
            )
            for number, label in enumerate(CATEGORIES, 1)
        ),
        Column(
            "output_quantity",
            N_("Output in the year"),
            N_("Everything the company made in the year, in the output unit."),
            form="number",
        ),
        Column("output_unit", N_("Output unit"), N_("The unit of the output."), form="choice", choices=UNITS),
        Column(
            "revenue",
            N_("Revenue"),
            N_("Revenue of the year in full currency units, not in thousands or millions."),
            form="number",
        ),
        Column("currency", N_("Currency"), N_("Three letters, for example CNY.")),
        VERIFIED,
        Column(
            "boundary",
            N_("Organisational boundary"),
            N_("Which companies and sites count: operational control, financial control or equity share."),
            form="choice",
            choices=BOUNDARIES,
        ),
        Column("sites_covered", N_("Sites covered"), N_("Names of the sites the figures cover.")),
        Column(
            "verification_level",
            N_("Level of assurance"),
            N_("What the verification statement says: limited or reasonable."),
            form="choice",
            choices=LEVELS,
        ),
        Column(
            "verification_standard",
            N_("Verified under"),
            N_("Usually ISO 14064-3; that is taken when empty."),
        ),
        Column("verifier", N_("Verifier"), N_("The body that signed the statement.")),
        Column("verified_on", N_("Signed on"), N_("Day of the verification statement."), form="date"),
    ),
    example={
        "year": "2025",
        "scope1_tco2e": "1250.5",
        "scope1_stationary_tco2e": "900",
        "scope1_mobile_tco2e": "50.5",
        "scope1_process_tco2e": "280",
        "scope1_fugitive_tco2e": "20",
        "scope2_market_tco2e": "8300",
        "scope2_location_tco2e": "10120.75",
        "scope3_upstream_tco2e": "45200",
        "scope3_category_1_tco2e": "41000",
        "scope3_category_4_tco2e": "2100",
        "output_quantity": "38000",
        "output_unit": "t",
        "revenue": "215000000",
        "currency": "CNY",
        "verified": "yes",
        "boundary": "operational",
        "sites_covered": "Plant 1 and plant 2",
        "verification_level": "limited",
        "verification_standard": "ISO 14064-3",
        "verifier": "Example Verification Body",
        "verified_on": "2026-04-20",
    },
)


def footprint_template(locale: str, file_format: str) -> bytes:
    """An empty footprint table; `file_format` csv or xlsx."""
    return write_template(FOOTPRINTS, locale, file_format)


def inventory_template(locale: str, file_format: str) -> bytes:
    """An empty inventory table; `file_format` csv or xlsx."""
    return write_template(INVENTORY, locale, file_format)


def read_footprints(data: bytes, name: str) -> RawRows:
    """Rows, problems and notes of a footprint file. Raises Invalid where the file cannot be read at all."""
    return read_rows(data, name, FOOTPRINTS.columns)


def read_inventories(data: bytes, name: str) -> RawRows:
    """Rows, problems and notes of an inventory file. Raises Invalid where the file cannot be read at all."""
    return read_rows(data, name, (*INVENTORY.columns, SUPPLIER))


def read_footprint_rows(data: bytes, name: str) -> tuple[list[RawRow], list[Problem]]:
    """Rows and every problem of a footprint file, an unreadable file included; never raises."""
    return _rows_and_problems(data, name, FOOTPRINTS)


def read_inventory_rows(data: bytes, name: str) -> tuple[list[RawRow], list[Problem]]:
    """Rows and every problem of an inventory file, an unreadable file included; never raises."""
    return _rows_and_problems(data, name, INVENTORY)


def _rows_and_problems(data: bytes, name: str, form: TableForm) -> tuple[list[RawRow], list[Problem]]:
    try:
        read = read_rows(data, name, form.columns)
    except Invalid as invalid:
        return [], list(invalid.problems)
    return list(read.rows), list(read.problems)
