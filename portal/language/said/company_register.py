"""Sentences about company inventories, electricity, certificates and reduction measures."""

from portal.language.marker import N_

SENTENCES = {
    "field_unprintable": N_("This field holds characters that cannot be stored. Type it again."),
    "inventory_choice_unknown": N_("{where}: “{found}” is not a choice here. Write one of: {known}."),
    "inventory_text_too_long": N_("{where}: at most {most} characters. Shorten the text."),
    "inventory_scope1_differs": N_(
        "{where}: scope 1 is stated as {stated} tCO2e, its sources add up to {sum} tCO2e. Correct the one that is wrong."
    ),
    "inventory_scope3_exceeds": N_(
        "{where}: stated are {stated} tCO2e in total, but categories 1 to 8 add up to {sum} tCO2e. Correct the one that is wrong."
    ),
    "inventory_year_ahead": N_("{where}: the year {found} has not begun."),
    "electricity_year_ahead": N_("{where}: the year {found} has not begun."),
    "inventory_verified_contradicts": N_(
        "{where}: “not verified” stands beside a verification statement. Remove one of the two."
    ),
    "inventory_verified_ahead": N_("{where}: {found} lies in the future. Write the day on the statement."),
    "inventory_verified_early": N_(
        "{where}: the statement of {found} was signed before the year {year} of the figures began."
    ),
    "inventory_statement_missing": N_(
        "Give the statement’s level, verifier and day as well; a file alone does not say them."
    ),
    "inventory_boundary_unclear": N_(
        "{where}: there are two rows for {year}, here and in {first}, and one of them states no boundary. State the boundary of both."
    ),
    "inventory_replaced": N_(
        "This inventory is no longer in force; a newer one took its place. Open the newer one."
    ),
    "electricity_source_unknown": N_("{where}: “{found}” is not a source. Write one of: {known}."),
    "electricity_unit_unknown": N_("{where}: write kWh or MWh; found “{found}”."),
    "electricity_month_expected": N_(
        "{where}: write a month as 1 to 12, or leave it empty for the whole year; found “{found}”."
    ),
    "electricity_country_unknown": N_(
        "{where}: “{found}” is not a country code. Write two capital letters such as CN, VN or DE."
    ),
    "electricity_region_elsewhere": N_(
        "{where}: “{found}” is no part of {country}. Write the province as in CN-AH, or leave it empty."
    ),
    "electricity_text_too_long": N_("{where}: at most {most} characters. Shorten the text."),
    "electricity_row_twice": N_(
        "{where}: “{found}” has this time and source already in {first}. Keep one of the two rows, or add the amounts up."
    ),
    "electricity_month_and_year": N_(
        "{where}: “{found}” has a figure for the whole of {year} and figures for its months ({first}). Keep the months or the year."
    ),
    "electricity_site_moves": N_(
        "{where}: “{found}” stands in two places in {year}: {one} and {other}. Give two sites two names."
    ),
    "electricity_kind_missing": N_("Say what the file holds: electricity or certificates."),
    "electricity_empty": N_("Fill at least one row."),
    "electricity_too_many": N_("At most {most} rows at once. Upload a file instead."),
    "electricity_upload_accepted": N_(
        "This file was taken over already; nothing was stored a second time. Its figures are in the register."
    ),
    "electricity_upload_discarded": N_("This file was discarded. Upload it again if you need it."),
    "certificate_choice_unknown": N_("{where}: “{found}” is not a choice here. Write one of: {known}."),
    "certificate_registry_missing": N_("{where}: name the registry that issued the certificates."),
    "certificate_serial_unreadable": N_(
        "{where}: “{found}” cannot be read as a serial number. Copy it from the certificate: letters A to Z and digits, digits at the end, no comma between them."
    ),
    "certificate_range_backwards": N_(
        "{where}: the range ends before it begins at {first}. Exchange the two numbers."
    ),
    "certificate_series_differ": N_(
        "{where}: “{found}” and “{first}” belong to two series. Enter each series in a row of its own."
    ),
    "certificate_mwh_differs": N_(
        "{where}: the numbers stand for {count} certificates of 1 MWh each, but {found} MWh is stated. Correct the one that is wrong."
    ),
    "certificate_country_unknown": N_(
        "{where}: “{found}” is not a country code. Write two capital letters such as CN, VN or DE."
    ),
    "certificate_text_too_long": N_("{where}: at most {most} characters. Shorten the text."),
    "certificate_retired_early": N_(
        "{where}: retired on {found}, before the electricity of {year} was generated."
    ),
    "certificate_retired_ahead": N_("{where}: {found} lies in the future. Write the day of the retirement."),
    "certificate_year_ahead": N_("{where}: the year {found} has not begun."),
    "certificate_overlap_foreign": N_(
        "{where}: this range overlaps certificates already used; check the serial numbers or ask the buyer."
    ),
    "certificate_overlap_own": N_(
        "{where}: this range overlaps certificates you entered already: {serial_from} to {serial_to}, generated {year}. Correct the numbers, or withdraw the earlier entry first."
    ),
    "certificate_overlap_file": N_(
        "{where}: this range overlaps the one in {first}. Keep one of the two rows."
    ),
    "certificate_withdrawn": N_("These certificates were withdrawn already."),
    "measure_text_too_long": N_("At most {most} characters. Shorten the text."),
    "measure_title_twice": N_(
        "A measure of this title is in the register already. Change that one, or choose another title."
    ),
    "measure_status_unknown": N_("Choose planned, running or done."),
    "measure_currency_missing": N_("Write the currency of the cost as three capital letters such as CNY."),
    "measure_before_after": N_("Give the figure before and after, or neither."),
    "measure_unit_missing": N_("Write the unit of the figure before and after."),
    "measure_effect_missing": N_(
        "Give at least one effect: tonnes a year, kilowatt hours a year, or a figure before and after."
    ),
    "measure_changed_meanwhile": N_(
        "Somebody else changed this measure meanwhile. Below is what stands now; enter your change again."
    ),
    "inventory_jump_scope1": N_(
        "Scope 1: {found} tCO2e, while {year} was {last} ({percent} %). What changed?"
    ),
    "inventory_thousandfold_scope1": N_(
        "Scope 1: {found}, while {year} was {last}. The figure was probably given in {unit}; check the unit."
    ),
    "inventory_jump_market": N_(
        "Scope 2, market-based: {found} tCO2e, while {year} was {last} ({percent} %). What changed?"
    ),
    "inventory_thousandfold_market": N_(
        "Scope 2, market-based: {found}, while {year} was {last}. The figure was probably given in {unit}; check the unit."
    ),
    "inventory_jump_location": N_(
        "Scope 2, location-based: {found} tCO2e, while {year} was {last} ({percent} %). What changed?"
    ),
    "inventory_thousandfold_location": N_(
        "Scope 2, location-based: {found}, while {year} was {last}. The figure was probably given in {unit}; check the unit."
    ),
    "inventory_jump_upstream": N_(
        "Scope 3, upstream: {found} tCO2e, while {year} was {last} ({percent} %). What changed?"
    ),
    "inventory_thousandfold_upstream": N_(
        "Scope 3, upstream: {found}, while {year} was {last}. The figure was probably given in {unit}; check the unit."
    ),
    "inventory_jump_output": N_("Output: {found}, while {year} was {last} ({percent} %). What changed?"),
    "inventory_thousandfold_output": N_(
        "Output: {found}, while {year} was {last}. The figure was probably given in {unit}; check the unit."
    ),
    "scope2_off_grid": N_(
        "Scope 2, location-based: {found} tCO2e, while {mwh} MWh bought times the grid factor make about {expected} tCO2e ({factors}; life-cycle intensity of generation). Why does it differ?"
    ),
    "scope2_off_grid_co2_only": N_(
        "Scope 2, location-based: {found} tCO2e, while {mwh} MWh bought times the grid factor make about {expected} tCO2 ({factors}; the Chinese factors count CO2 only). Why does it differ?"
    ),
    "scope2_grid_thousandfold": N_(
        "Scope 2, location-based: {found} is about a thousand times off the {expected} t that {mwh} MWh bought make ({factors}). It was probably given in {unit}, or the electricity in kWh; check the units."
    ),
    "scope2_market_above_location": N_(
        "Scope 2, market-based, is {found} tCO2e and above the location-based {location}, although certificates for {mwh} MWh count. How was it worked out?"
    ),
    "scope2_without_electricity": N_(
        "Scope 2 of {year} is given, but no electricity of {year} is in the register. Enter the electricity, or say what the figure rests on."
    ),
    "scope2_missing": N_(
        "{mwh} MWh of bought electricity are in the register for {year}, but its scope 2 is not given. Give it, or say why it is missing."
    ),
    "intensity_off_peers": N_(
        "Scope 1 and 2 per {unit} of output: {found} kgCO2e. Suppliers of the same material are typically near {typical} (at least {count} others). Check output, unit and emissions, or say what is different."
    ),
    "electricity_jump": N_(
        "{site}: {found} MWh in {year}, {last} MWh in {before} ({percent} %). What changed?"
    ),
    "electricity_thousandfold": N_(
        "{site}: {found} MWh in {year}, {last} MWh in {before}. The amounts were probably given in {unit}; check the unit."
    ),
    "electricity_month_off": N_(
        "{site}: {found} MWh in month {month} is about a thousand times off the other months. It was probably given in {unit}; check the unit."
    ),
}
