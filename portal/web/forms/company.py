"""Forms of the company register: inventory, verification statement, electricity, certificates, measures.

Every field takes text as it is typed; judging it is the operations' work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask_wtf.file import FileField
from wtforms import Field, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice

from portal.core.carbon.certificates import BACKS, SCHEMES, TECHNOLOGIES
from portal.core.carbon.electricity import UNITS
from portal.core.carbon.inventory import SCOPE3_COLUMNS
from portal.core.carbon.inventory_record import BOUNDARIES, LEVELS, SCOPE1_COLUMNS
from portal.core.carbon.measures import STATUSES
from portal.core.problems import Problem
from portal.files.carbon_workbooks import CATEGORIES
from portal.files.carbon_workbooks import SOURCES as SCOPE1_SOURCES
from portal.files.carbon_workbooks import UNITS as OUTPUT_UNITS
from portal.language import N_
from portal.web.forms.base import Form, Lazy, LazyUnit, TextField, add_problems

BOUNDARY_WORDS = {
    "": N_("not stated"),
    "operational": N_("Operational control"),
    "financial": N_("Financial control"),
    "equity": N_("Equity share"),
}
LEVEL_WORDS = {"limited": N_("Limited assurance"), "reasonable": N_("Reasonable assurance")}
SOURCE_WORDS = {
    "grid": N_("Bought from the grid"),
    "own_pv": N_("Own renewable generation, used on site"),
    "ppa": N_("Power purchase agreement (renewable)"),
    "green_tariff": N_("Green tariff"),
    "other": N_("Other"),
}
SCOPE1_WORDS = {
    "stationary": N_("Stationary combustion"),
    "mobile": N_("Mobile combustion"),
    "process": N_("Process emissions"),
    "fugitive": N_("Fugitive emissions"),
}
SCHEME_WORDS = {
    "gec": N_("GEC, China’s green electricity certificate"),
    "irec": N_("I-REC"),
    "go": N_("Guarantee of origin (GO)"),
    "tigr": N_("TIGR"),
    "rec": N_("REC of another registry"),
    "other": N_("Other certificate"),
}
TECHNOLOGY_WORDS = {
    "solar": N_("Solar power"),
    "wind": N_("Wind power"),
    "hydro": N_("Hydropower"),
    "biomass": N_("Biomass"),
    "geothermal": N_("Geothermal"),
    "other": N_("Other"),
}
BACKS_WORDS = {
    "grid": N_("Bought alone or with a green tariff"),
    "ppa": N_("Came with a power purchase agreement"),
}
STATUS_WORDS = {"planned": N_("Planned"), "running": N_("Running"), "done": N_("Done")}
REASON_WORDS = {
    "not_retired": N_("not retired, so it can still be sold"),
    "other_year": N_("generated in another year"),
    "proves_ppa": N_("proves the power purchase agreement, which counts already"),
    "no_market": N_("from a market in which no electricity was used"),
    "other_site": N_("allotted to another site, or to the whole company"),
}
DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


def options(words: Mapping[str, str], keys: Iterable[str], none: str = "") -> list[SelectChoice]:
    """Choices of a select in the reader's language; `none` is what the empty choice says."""
    first = [SelectChoice("", Lazy(none))] if none else []
    return first + [SelectChoice(key, Lazy(words[key])) for key in keys]


def _amount(label: str) -> TextField:
    return TextField(Lazy(label), render_kw=DECIMAL)


class StatementForm(Form):
    """What the verifier stated."""

    verification_level = SelectField(
        Lazy(N_("Level of assurance")),
        choices=options(LEVEL_WORDS, LEVELS, N_("not verified")),
        validate_choice=False,
    )
    verification_standard = TextField(Lazy(N_("Verified under")))
    verifier = TextField(Lazy(N_("Verifier")))
    verified_on = TextField(Lazy(N_("Signed on")))
    evidence = SelectField(Lazy(N_("Statement from your library")), validate_choice=False)


class InventoryForm(StatementForm):
    """A company inventory of one year; the fields are the columns of the upload."""

    year = TextField(Lazy(N_("Year")), render_kw={"inputmode": "numeric"})
    boundary = SelectField(
        Lazy(N_("Organisational boundary")),
        choices=options(BOUNDARY_WORDS, BOUNDARIES, BOUNDARY_WORDS[""]),
        validate_choice=False,
    )
    sites_covered = TextField(Lazy(N_("Sites covered")))
    scope1_tco2e = _amount(N_("Scope 1 (tCO2e)"))
    scope2_market_tco2e = _amount(N_("Scope 2, market-based (tCO2e)"))
    scope2_location_tco2e = _amount(N_("Scope 2, location-based (tCO2e)"))
    scope3_upstream_tco2e = _amount(N_("Scope 3, upstream in total (tCO2e)"))
    output_quantity = _amount(N_("Output in the year"))
    output_unit = SelectField(
        Lazy(N_("Output unit")),
        choices=[SelectChoice("", "–"), *(SelectChoice(u, LazyUnit(u)) for u in OUTPUT_UNITS)],
        validate_choice=False,
    )
    revenue = _amount(N_("Revenue"))
    currency = TextField(Lazy(N_("Currency")))


for _source, _label, _note in SCOPE1_SOURCES:
    setattr(InventoryForm, f"scope1_{_source}_tco2e", _amount(_label))
for _column, _label in zip(SCOPE3_COLUMNS, CATEGORIES, strict=True):
    setattr(InventoryForm, _column, _amount(_label))

STATEMENT_FIELDS = ("verification_level", "verification_standard", "verifier", "verified_on")
INVENTORY_FIELDS = (
    "year", "boundary", "sites_covered", "scope1_tco2e", *SCOPE1_COLUMNS, "scope2_market_tco2e", "scope2_location_tco2e",
    "scope3_upstream_tco2e", *SCOPE3_COLUMNS, "output_quantity", "output_unit", "revenue", "currency", *STATEMENT_FIELDS,
)  # fmt: skip


class UseForm(Form):
    """Whose electricity the rows below are."""

    site = TextField(Lazy(N_("Site")))
    country = TextField(Lazy(N_("Country")))
    region = SelectField(Lazy(N_("Province in China")), validate_choice=False)
    year = TextField(Lazy(N_("Year")), render_kw={"inputmode": "numeric"})
    unit = SelectField(Lazy(N_("Unit")), choices=[SelectChoice(u, u) for u in UNITS], validate_choice=False)


USE_FIELDS = ("site", "country", "region", "year", "unit")


class CertificateForm(Form):
    """One range of certificates."""

    scheme = SelectField(
        Lazy(N_("Scheme")), choices=options(SCHEME_WORDS, SCHEMES, N_("choose")), validate_choice=False
    )
    registry = TextField(Lazy(N_("Registry")))
    serial_from = TextField(Lazy(N_("Serial number from")))
    serial_to = TextField(Lazy(N_("Serial number to")))
    mwh = _amount(N_("MWh"))
    generation_year = TextField(Lazy(N_("Year of generation")), render_kw={"inputmode": "numeric"})
    technology = SelectField(
        Lazy(N_("Technology")),
        choices=options(TECHNOLOGY_WORDS, TECHNOLOGIES, N_("choose")),
        validate_choice=False,
    )
    country = TextField(Lazy(N_("Country of generation")))
    site = SelectField(Lazy(N_("For site")), validate_choice=False)
    backs = SelectField(Lazy(N_("Came with")), choices=options(BACKS_WORDS, BACKS), validate_choice=False)
    retired_on = TextField(Lazy(N_("Retired on")))
    retired_for = TextField(Lazy(N_("Retired for")))
    evidence = SelectField(Lazy(N_("Proof from your library")), validate_choice=False)


CERTIFICATE_FIELDS = (
    "scheme", "registry", "serial_from", "serial_to", "mwh", "generation_year", "technology", "country", "site", "backs",
    "retired_on", "retired_for",
)  # fmt: skip


class MeasureForm(Form):
    """One reduction measure."""

    title = TextField(Lazy(N_("Title")))
    description = TextAreaField(Lazy(N_("What is done")), render_kw={"rows": 4})
    status = SelectField(Lazy(N_("Status")), choices=options(STATUS_WORDS, STATUSES), validate_choice=False)
    start_on = TextField(Lazy(N_("Start")))
    figure = TextField(Lazy(N_("Figure that changes")))
    value_before = _amount(N_("Before"))
    value_after = _amount(N_("After"))
    unit = TextField(Lazy(N_("Unit of the figure")))
    tco2e_year = _amount(N_("Saves, tCO2e a year"))
    kwh_year = _amount(N_("Saves, kWh a year"))
    cost = _amount(N_("Cost"))
    currency = TextField(Lazy(N_("Currency")))
    evidence = SelectMultipleField(Lazy(N_("Proof from your library")), validate_choice=False)
    commitments = SelectMultipleField(Lazy(N_("Commitments it serves")), validate_choice=False)


def given(form: Form, names: Iterable[str]) -> dict[str, str]:
    """The text of each field as it was typed, trimmed."""
    return {name: (form[name].data or "").strip() for name in names}


def place_by_label(form: Form, problems: Iterable[Problem], otherwise: str) -> None:
    """Show each problem beside the field its `where` names, the field's label in place of its name."""
    for problem in problems:
        field: Field = form[problem.where if problem.where in form else otherwise]
        values = dict(problem.values)
        if values.get("other") in form:
            values["other"] = str(form[values["other"]].label.text)
        add_problems(field, [replace(problem, where=str(field.label.text), values=values)])


FILE_WORDS = {
    "electricity": N_("Electricity consumption"),
    "certificates": N_("Green electricity certificates"),
}


class ElectricityFileForm(Form):
    """Which of the two tables, and the file."""

    kind = RadioField(
        Lazy(N_("What does the file hold?")),
        choices=[SelectChoice(key, Lazy(words)) for key, words in FILE_WORDS.items()],
        validate_choice=False,
    )
    file = FileField(Lazy(N_("File")), render_kw={"accept": ".csv,.xlsx"})
