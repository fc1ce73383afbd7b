"""Sentences about PACT files, the further fields of a footprint, and what makes a footprint hard to believe."""

from portal.language.marker import N_

JSON = {
    "json_not_utf8": N_("{where}: the file is not UTF-8 text. Export it again as UTF-8."),
    "json_broken": N_(
        "{where}: this is not valid JSON; reading stopped at line {line}, character {column}. Export the file again, or correct that place."
    ),
    "json_too_deep": N_(
        "{where}: values are nested deeper than {limit} levels. A PACT footprint needs about six."
    ),
    "json_too_many_values": N_(
        "{where}: the file holds more than {limit} values. Split it into several files."
    ),
    "json_too_heavy": N_(
        "{where}: the file takes too much memory or time to read. Split it into several files."
    ),
    "json_damaged": N_("{where}: the file cannot be read as JSON. Export it again."),
    "json_key_twice": N_("{where}: “{key}” stands twice in the same object. Keep one of the two."),
    "json_not_a_number": N_(
        "{where}: {found} is not a number JSON knows. Give the figure, or leave the field out."
    ),
    "json_number_too_long": N_("{where}: the number has more than {limit} characters. Round it."),
    "json_text_too_long": N_("{where}: the text is longer than {limit} characters. Shorten it."),
    "json_text_unsound": N_("{where}: the text holds characters that cannot be kept. Type it again."),
}
PACT = {
    "pact_no_footprint": N_(
        "{where}: no PACT footprint is in this file. Expected is one footprint, a list of them, or a listing with “data”."
    ),
    "pact_list_empty": N_("{where}: the list of footprints is empty."),
    "pact_too_many": N_("{where}: more than {limit} footprints in one file. Split it into several files."),
    "pact_object_expected": N_("{where}: an object in curly brackets belongs here."),
    "pact_version_unknown": N_(
        "{where}: “{found}” is no PACT version this portal reads. It reads 2.0 to 2.3 and 3.x, written as 3.0.0."
    ),
    "pact_missing": N_("{where}: PACT requires this field; it is missing or empty. Add it."),
    "pact_text_expected": N_("{where}: a text in quotation marks belongs here."),
    "pact_number_expected": N_('{where}: a number belongs here, such as "12.5".'),
    "pact_flag_expected": N_("{where}: true or false belongs here, without quotation marks."),
    "pact_list_expected": N_("{where}: a list in square brackets belongs here."),
    "pact_moment_expected": N_(
        "{where}: write a moment with its time zone, such as 2025-01-01T00:00:00Z; found “{found}”."
    ),
    "pact_unit_unknown": N_("{where}: “{found}” is no unit PACT knows. Use one of: {known}."),
    "pact_unit_not_used": N_(
        "{where}: footprints per “{found}” cannot be used here: no purchase is counted in it. Give the footprint per unit delivered."
    ),
    "pact_country_expected": N_(
        "{where}: “{found}” is not a country or part of one by ISO 3166, such as CN or CN-NM."
    ),
    "pact_geography_several": N_(
        "{where}: PACT takes one of country, subdivision and region, not several. Keep the most exact one."
    ),
    "pact_field_unknown": N_(
        "{where}: PACT has no field of this name in this version. It is kept but not used; check its spelling."
    ),
}
DETAILS = {
    "detail_too_long": N_("{where}: the text is longer than {most} characters. Shorten it."),
    "detail_choice_unknown": N_("{where}: “{found}” is not one of: {choices}."),
    "detail_subdivision_expected": N_("{where}: write a province or state as CN-NM; found “{found}”."),
    "detail_above_zero": N_("{where}: removals and uptake are zero or negative; found {found}."),
    "detail_urn_expected": N_(
        "{where}: an identifier begins with urn:, such as urn:gtin:4712345060507; found “{item}”."
    ),
    "detail_uuid_expected": N_(
        "{where}: a PACT number looks like f4b1225a-bd44-4c8e-861d-079e4e1dfd69; found “{item}”."
    ),
    "detail_gas_basis_expected": N_("{where}: write the IPCC report as AR6 or AR5; found “{item}”."),
    "detail_source_form": N_(
        "{where}: write database, colon, version, such as ecoinvent: 3.10; found “{item}”."
    ),
    "detail_rule_form": N_(
        "{where}: write operator, colon, rules, such as EPD International: PCR 2019:14; found “{item}”."
    ),
    "detail_scale_missing": N_(
        "{where}: ratings are given without their scale. Name it: pact-3 (1 to 5) or pact-2 (1 to 3)."
    ),
    "detail_off_scale": N_("{where}: a rating on this scale is {low} to {high}; found {found}."),
    "detail_packaging_not_included": N_(
        "{where}: a figure for packaging is given although packaging is said not to be counted. Correct one of the two."
    ),
    "detail_capture_not_included": N_(
        "{where}: captured CO2 is given although capture is said not to be counted. Correct one of the two."
    ),
}
RULES = {
    "footprint_valid_too_long": N_(
        "{where}: valid until {found} is more than three years after the data end. At the latest: {latest}."
    ),
    "footprint_period_end_ahead": N_(
        "{where}: the period ends on {found}, more than a year from now. Correct the date; a footprint rests on data of a period that has been."
    ),
    "footprint_precedes_itself": N_(
        "{where}: {found} is named as coming before itself, directly or over others of this file, so none of them would stay in force. Name in each only what it replaces."
    ),
    "footprint_of_other_company": N_(
        "{where}: the company is given as “{found}”, not “{company}”. Take the footprint over only if the product is one you deliver and the figure is that of its making."
    ),
    "footprint_valid_from_late": N_("{where}: valid from {found} lies after the end of validity, {until}."),
    "footprint_unit_class": N_(
        "{where}: {material} is not delivered in {found}. Give the unit in which it is bought."
    ),
    "footprint_place_differs": N_("{where}: {found} is not a part of {country}. Correct one of the two."),
}
DOUBTS = {
    "footprint_above_peers": N_(
        "{where}: {found} kgCO2e per {unit} of {material} is far above what your buyer's other suppliers state. What makes the difference?"
    ),
    "footprint_below_peers": N_(
        "{where}: {found} kgCO2e per {unit} of {material} is far below what your buyer's other suppliers state. What makes the difference?"
    ),
    "footprint_changed": N_(
        "{where}: {found} kgCO2e per {unit} is {percent} % against your last footprint of this product ({before}, data to {period}). What changed?"
    ),
    "footprint_below_electricity": N_(
        "{where}: {found} kgCO2e per kg is less than the electricity of its steps alone: {kwh} kWh/kg × {grid} kgCO2e/kWh ({country}, {year}) = {least}. "
        "Is a step missing, or is the power green? Say which."
    ),
    "footprint_share_of_one": N_(
        "{where}: the share of primary data is {found} %. Shares are per cent here: was {percent} % meant?"
    ),
    "footprint_sum_differs": N_(
        "{where}: the footprint is {found}, its parts add up to {sum} kgCO2e. Is a part missing or counted twice?"
    ),
    "footprint_uptake_differs": N_(
        "{where}: with biogenic uptake it is {found}, but footprint and uptake add up to {sum} kgCO2e. Which one is right?"
    ),
    "footprint_mass_differs": N_(
        "{where}: the mass is given as {found} kg, the declared amount weighs {own} kg. Which one is right?"
    ),
}
SENTENCES = {**JSON, **PACT, **DETAILS, **RULES, **DOUBTS}
