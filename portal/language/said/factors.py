"""Sentences about the factor library: tables brought in, versions in use, mappings of materials."""

from portal.language.marker import N_

SENTENCES = {
    "factor_row_twice": N_(
        "{where}: “{found}” stands twice; it is at {first} already. Keep one of the two rows."
    ),
    "factor_id_taken": N_(
        "{where}: “{found}” is a factor of the table “{table}”. Give your factor a number of its own."
    ),
    "factor_table_unnamed": N_("Write a name for the table, for example “Own factors”."),
    "factor_table_name_taken": N_(
        "“{name}” is a table that comes with Upstream or holds something else. Choose another name."
    ),
    "factor_kind_unknown": N_("Choose what the file holds: factors, exchange rates or prices."),
    "factor_upload_unchanged": N_(
        "“{name}” holds exactly what version {number} of “{table}” holds. There is nothing to take over."
    ),
    "factor_upload_accepted": N_("This file was taken over already."),
    "factor_upload_discarded": N_("This file was discarded. Upload it again if you need it."),
    "factor_value_jumped": N_(
        "{where}: {before} becomes {after}. A change by more than five times is often a slipped unit."
    ),
    "factors_without_gas_basis": N_(
        "{count} factors do not state their gas basis, for example AR5. They can be used, but an auditor will ask."
    ),
    "factors_without_boundary": N_(
        "{count} factors do not state their boundary, for example cradle-to-gate. They can be used, but an auditor will ask."
    ),
    "factors_without_licence": N_(
        "{count} factors do not state under what licence they may be used. Add it while you still know it."
    ),
    "factor_version_in_use": N_("Version {number} of “{table}” is in use already."),
    "factor_table_not_in_use": N_("“{table}” is not in use."),
    "factor_table_reference": N_(
        "“{table}” is there to look things up; estimates do not use it. Put the rows you need into a table of your own."
    ),
    "factor_table_needed": N_(
        "Without “{table}” no estimate could convert money. Put another version or your own table in use instead."
    ),
    "mappings_unconfirmed": N_(
        "Nobody has confirmed yet which factors serve these materials: {materials}. They were used as the tables propose."
    ),
    "mapping_factor_gone": N_(
        "{where}: factors that were chosen for it are in no table in use any more: {factors}. Choose others."
    ),
    "mapping_material_unknown": N_("“{found}” is not a material of the list. Add it first."),
    "mapping_factor_unknown": N_("“{found}” is in no table in use. Choose a factor from the list."),
    "mapping_sector_unknown": N_(
        "No factor in use is for the sector “{found}”. Write six digits of NAICS 2017."
    ),
    "mapping_empty": N_(
        "Choose at least one factor or a sector; otherwise nothing could serve the material."
    ),
    "mapping_confidence_missing": N_("Say how well the choice stands for the material."),
    "mapping_note_missing": N_("Write why, in a sentence an auditor can follow."),
    "mapping_changed_meanwhile": N_(
        "{who} changed this mapping while you had the page open. Look at it again before you decide."
    ),
    "material_key_wrong": N_(
        "Write a key of small letters, digits and underscores that begins with a letter, for example eva_film."
    ),
    "material_key_taken": N_("“{found}” is in the list already."),
    "material_name_missing": N_("Write the name in English."),
    "factor_note_too_long": N_("Write at most {most} characters."),
    "factor_choice_lost": N_(
        "A colleague changed what is in use at the same moment. Look again before you decide."
    ),
}
