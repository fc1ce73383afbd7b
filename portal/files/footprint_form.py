"""The table of product carbon footprints a supplier fills: the short form, and PACT's further fields as optional columns."""

from __future__ import annotations

from portal.core.carbon.pact_fields import COLUMNS, Field
from portal.files.tabular import Column
from portal.files.template_books import TableForm
from portal.language import N_
from portal.language.pact_words import FIELD_NOTES, FIELD_WORDS

UNITS = ("kg", "t", "g", "m2", "m3", "l", "kWh", "MWh", "MJ", "t.km", "piece", "kWp", "MWp")
YES_NO = ("yes", "no")

SHORT = (
    Column(
        "footprint_id",
        N_("Footprint number"),
        N_("Your own number for this footprint; each only once."),
        True,
    ),
    Column("product_id", N_("Product number"), N_("As it stands on your invoices to the buyer."), True),
    Column(
        "material",
        N_("Material"),
        N_("Material key, for example polysilicon, wafer, cell, glass, aluminium_frame."),
    ),
    Column(
        "declared_unit", N_("Declared unit"), N_("The unit the footprint refers to."), True, "choice", UNITS
    ),
    Column(
        "declared_amount",
        N_("Declared amount"),
        N_("How many of the declared unit; usually 1."),
        True,
        "number",
    ),
    Column(
        "pcf_kgco2e",
        N_("Footprint, cradle to gate (kgCO2e)"),
        N_("Kilograms of CO2 equivalent for the declared amount, without biogenic uptake; not tonnes."),
        True,
        "number",
    ),
    Column("period_start", N_("Data from"), N_("First day of the period the data come from."), True, "date"),
    Column("period_end", N_("Data to"), N_("Last day of the period the data come from."), True, "date"),
    Column(
        "valid_until",
        N_("Valid until"),
        N_("Last day on which the footprint may be used, at most three years after the data end."),
        form="date",
    ),
    Column(
        "primary_data_share",
        N_("Share of primary data (%)"),
        N_("0 to 100: which share of the footprint rests on your own measured data."),
        form="number",
    ),
    Column(
        "verified",
        N_("Verified by a third party"),
        N_("yes when an independent body has verified it."),
        form="choice",
        choices=YES_NO,
    ),
    Column("geography", N_("Country of production"), N_("Two letters, for example CN.")),
)
_FORMS = {"number": "number", "share": "number", "rating": "number", "day": "date", "choice": "choice"}


def _column(one: Field) -> Column:
    form = "choice" if one.kind == "flag" else _FORMS.get(one.kind, "text")
    choices = YES_NO if one.kind == "flag" else one.choices
    # A list in a spreadsheet cell may hold 255 characters; PACT's regions are longer and stand in the note.
    if sum(len(choice) + 1 for choice in choices) > 255:
        form, choices = "text", ()
    below_zero = one.kind == "number" and one.sign != "+"
    return Column(
        one.key,
        FIELD_WORDS[one.key],
        FIELD_NOTES[one.key],
        form="text" if below_zero else form,
        choices=choices,
    )


FOOTPRINTS = TableForm(
    sheet=N_("Footprints"),
    title=N_("Product carbon footprints"),
    columns=(*SHORT, *(_column(one) for one in COLUMNS)),
    example={
        "footprint_id": "PCF-2025-01",
        "product_id": "GL-32-AR",
        "material": "glass",
        "declared_unit": "m2",
        "declared_amount": "1",
        "pcf_kgco2e": "9.85",
        "period_start": "2025-01-01",
        "period_end": "2025-12-31",
        "valid_until": "2027-12-31",
        "primary_data_share": "72",
        "verified": "yes",
        "geography": "CN",
        "product_name": "Solar glass 3.2 mm, AR coated",
        "product_description": "Low-iron patterned glass, tempered, one side coated",
        "cpc": "37113",
        "mass_kg": "8",
        "subdivision": "CN-AH",
        "pcf_including_uptake": "9.85",
        "fossil_emissions": "9.85",
        "fossil_carbon": "0",
        "biogenic_carbon": "0",
        "gas_basis": "AR6",
        "standards": "ISO14067; PACT-3.0",
        "secondary_sources": "ecoinvent: 3.10",
        "exempted_percent": "2.5",
        "rating_scale": "pact-3",
        "rating_technological": "1.5",
        "rating_geographical": "2",
        "rating_temporal": "1",
        "verifier": "Example Verification Body",
        "verified_on": "2026-03-20",
        "verification_standard": "ISO 14067",
        "verification_coverage": "product level",
    },
)
