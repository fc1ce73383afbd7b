"""Sentences about carbon files, footprints and the category 1 estimate; the reasons of its lines too."""

from portal.language.marker import N_

FILES = {
    "table_file_missing": N_("{where}: the file cannot be opened. Check the name and the folder."),
    "table_file_empty": N_(
        "{where}: the file is empty. It needs at least its header line; start from the template."
    ),
    "table_file_not_utf8": N_("{where}: the file is not UTF-8 text. Save it again as “CSV UTF-8”."),
    "table_file_utf16": N_("{where}: the file is UTF-16 (“Unicode text”). Save it again as “CSV UTF-8”."),
    "table_file_has_nul": N_("{where}: this is not a text file. Save the table as “CSV UTF-8”."),
    "table_quoting_broken": N_(
        '{where}: a quotation mark is opened and not closed, or stands inside a cell. Write "" for a mark inside a quoted cell.'
    ),
    "table_column_missing": N_(
        "{where}: the column “{column}” is missing. Add it; the template shows all columns."
    ),
    "table_column_twice": N_("{where}: the column “{column}” stands twice. Keep one."),
    "table_cells_differ": N_(
        "{where}: this line has {found} cells, the header has {expected}. Put a cell that contains a comma in quotation marks."
    ),
    "problems_not_shown": N_("… and {count} more problems. Correct these first, then try again."),
}
CELLS = {
    "row_missing": N_("{where}: this cell must not be empty."),
    "row_missing_beside": N_("{where}: fill this cell, or clear “{other}” beside it."),
    "row_too_long": N_("{where}: the text is too long; 500 characters at most."),
    "row_number_expected": N_(
        "{where}: write a plain number such as 1200.5, without thousand separators; found “{found}”."
    ),
    "row_too_small": N_("{where}: the number must be {least} or more; found “{found}”."),
    "row_not_above_zero": N_("{where}: the number must be above zero; found “{found}”."),
    "row_date_expected": N_("{where}: write a date as 2025-12-31; found “{found}”."),
    "row_year_expected": N_("{where}: write a year such as 2025; found “{found}”."),
    "row_unit_unknown": N_(
        "{where}: the unit “{found}” is not known. Use kg, t, g, m2, m3, l, kWh, MWh, GWh, MJ, t.km, piece, kWp or MWp."
    ),
    "row_currency_expected": N_(
        "{where}: write a currency as three capital letters such as CNY; found “{found}”."
    ),
    "row_yes_no_expected": N_("{where}: write yes or no; found “{found}”."),
    "row_id_twice": N_("{where}: “{found}” stands twice. Give each row its own, or remove one."),
    "carbon_supplier_differs": N_(
        "{where}: this row is of the supplier “{found}”, you are {code}. Take rows of others out; the column may be left out."
    ),
    "footprint_period_ahead": N_(
        "{where}: the period begins on {found}, which lies in the future. Correct the date."
    ),
    "footprint_material_unknown": N_(
        "{where}: the material “{found}” is not on the buyer’s list. Look at the material chosen beside the product below."
    ),
    "footprint_country_unknown": N_(
        "{where}: “{found}” is not a country we know. Write two capital letters such as CN, VN or DE."
    ),
    "footprint_period_order": N_("{where}: the period ends on {found}, before it starts on {start}."),
    "footprint_valid_until_early": N_(
        "{where}: valid until {found} lies before the end of the period, {end}."
    ),
    "footprint_share_over_100": N_("{where}: a share is 0 to 100 per cent; found “{found}”."),
    "factor_unit_unknown": N_(
        "{where}: the unit “{found}” is not known. Write kgCO2e per unit of goods, such as kgCO2e/kg, or kgCO2e/USD-2022."
    ),
    "rate_of_dollar_is_one": N_(
        "{where}: one US dollar is 1 US dollar; found “{found}”. Correct or remove the row."
    ),
    "line_without_amount": N_("{where}: the line has neither a quantity nor a spend. Give one of the two."),
    "line_unit_missing": N_("{where}: the line has a quantity without a unit. Add the unit."),
    "line_currency_missing": N_("{where}: the line has a spend without a currency. Add the currency."),
    "table_parquet_broken": N_(
        "{where}: this Parquet file cannot be read. Write it again, or give the ledger as CSV."
    ),
    "line_currency_unknown": N_(
        "{where}: there is no exchange rate for “{found}”. Add it to the rates table in use."
    ),
    "line_rate_missing": N_(
        "{where}: there is no exchange rate for “{found}” in the year of the estimate. Add it to the rates table in use."
    ),
    "line_country_unknown": N_(
        "{where}: “{found}” is not a country code. Use ISO 3166-1 with two capital letters, such as CN, DE or GB."
    ),
    "line_sector_expected": N_(
        "{where}: write a NAICS 2017 sector with six digits, such as 334413; found “{found}”."
    ),
}
RUNS = {
    "engine_unknown": N_("The engine “{found}” is not known. Choose one of: {known}."),
    "engine_not_installed": N_(
        "The engine {engine} is not installed. Install Upstream with its extra: pip install “upstream-portal[{extra}]”."
    ),
    "engine_not_reached": N_("The engine {engine} did not do its work: {why}"),
    "estimate_stopped": N_("The estimate was stopped. Nothing was kept."),
    "ledger_half_amounts": N_(
        "{where}: {count} lines have a quantity without a unit, or a spend without a currency. The other amount of the line was used."
    ),
    "ledger_zero_quantities": N_(
        "{where}: {count} lines have a spend, but a quantity of 0, and so come to 0 kgCO2e. Leave a quantity that is not known empty; the spend is used then."
    ),
    "ledger_without_lines_of_year": N_("{where}: no line is dated in {year}. Check the year."),
    "estimate_too_large": N_(
        "A line comes to more than can be computed exactly. Look for a quantity, spend or factor that is far too large."
    ),
    "line_too_large": N_(
        "{where}: line “{line}” comes to more than can be computed exactly: {amount} {unit}, with “{source}”. Correct the figure or its unit."
    ),
    "results_not_written": N_("The results could not be written to “{folder}”: {why}. Nothing was kept."),
    "price_index_missing": N_(
        "The price table has no index for {years}, so {lines} lines with a spend were not estimated. Add the year to it."
    ),
    "inventory_shares_over_100": N_(
        "{where}: the lines would take {share} per cent of what this supplier emitted in the year, so its inventory was not used. "
        "Compare the output or revenue it states with what was bought; a unit may have slipped."
    ),
}
DOUBTS = {
    "footprint_zero": N_("{where}: the footprint is zero. Check how it was worked out."),
    "footprint_thousandfold": N_(
        "{where}: {found} kgCO2e per {unit} of {material} looks a thousand times off (believable: {low} to {high}). "
        "Did you mean {likely} instead of {stated}?"
    ),
    "footprint_below_band": N_(
        "{where}: {found} kgCO2e per {unit} of {material} is lower than we have seen published ({low} to {high}). Check how it was worked out."
    ),
    "footprint_above_band": N_(
        "{where}: {found} kgCO2e per {unit} of {material} is higher than we have seen published ({low} to {high}). Check how it was worked out."
    ),
}
REASONS = {
    "footprint_of_product_verified": N_("the supplier's verified footprint of this product"),
    "footprint_of_product": N_("the supplier's footprint of this product, not verified"),
    "allocated_by_quantity": N_("the supplier's emissions, by our share of its output"),
    "allocated_by_revenue": N_("the supplier's emissions, by our share of its revenue"),
    "allocated_by_quantity_own_emissions_only": N_(
        "the supplier's scope 1 and 2 only, by our share of its output; its own upstream is not in it"
    ),
    "allocated_by_revenue_own_emissions_only": N_(
        "the supplier's scope 1 and 2 only, by our share of its revenue; its own upstream is not in it"
    ),
    "factor_of_country": N_("a factor of the material in the country of production"),
    "factor_of_region": N_("a factor of the material in the region of the country of production"),
    "factor_of_world": N_("a world average factor of the material"),
    "factor_of_other_geography": N_("a factor of the material from another geography, quality lowered"),
    "factor_of_country_proxy": N_("a stand-in for the material, of the country of production"),
    "factor_of_region_proxy": N_("a stand-in for the material, of the region of the country of production"),
    "factor_of_world_proxy": N_("a stand-in for the material, world average"),
    "factor_of_other_geography_proxy": N_(
        "a stand-in for the material from another geography, quality lowered"
    ),
    "spend_factor_of_country": N_("a sector factor per money spent, of the country of production"),
    "spend_factor_of_region": N_(
        "a sector factor per money spent, of the region of the country of production"
    ),
    "spend_factor_of_world": N_("a sector factor per money spent, world average"),
    "spend_factor_of_other_geography": N_(
        "a sector factor per money spent from another geography, quality lowered"
    ),
    "spend_factor_by_default_of_country": N_(
        "a factor per money spent of the material's usual sector, of the country of production"
    ),
    "spend_factor_by_default_of_region": N_(
        "a factor per money spent of the material's usual sector, of the region of the country of production"
    ),
    "spend_factor_by_default_of_world": N_(
        "a factor per money spent of the material's usual sector, world average"
    ),
    "spend_factor_by_default_of_other_geography": N_(
        "a factor per money spent of the material's usual sector from another geography, quality lowered"
    ),
    "unreached_without_spend": N_("not estimated: no factor fits the quantity, and the line has no spend"),
    "unreached_without_sector_factor": N_(
        "not estimated: no factor fits the quantity, and none fits the sector of the spend"
    ),
    "footprint_unit_differs": N_("a footprint of the product exists, in a unit that cannot be converted"),
    "footprint_not_valid_on_date": N_("a footprint of the product exists, not valid on the purchase date"),
    "inventory_over_100_refused": N_(
        "the supplier's inventory was not used: its shares would exceed 100 per cent"
    ),
    "inventory_without_scope2": N_("the supplier's inventory was not used: it states no scope 2"),
    "inventory_without_matching_output_or_revenue": N_(
        "the supplier's inventory was not used: neither its output nor its revenue fits the line"
    ),
    "inventory_of_another_year": N_("the supplier's inventory is of another year"),
    "factor_unit_differs": N_("factors of the material exist, in a unit that cannot be converted"),
}
SENTENCES = {**FILES, **CELLS, **RUNS, **DOUBTS, **REASONS}
