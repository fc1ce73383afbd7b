"""Sentences about the buyer's own inventory, the target and what-ifs."""

from portal.language.marker import N_

SENTENCES = {
    "frame_item_unknown": N_(
        "{where}: “{found}” is no figure of the inventory. Use a key from the template, for example category_4."
    ),
    "frame_unit_unknown": N_("{where}: “{found}” is no unit for this figure. Use one of: {units}."),
    "frame_share_over_100": N_("{where}: a share is at most 100 %; found “{found}”."),
    "frame_row_twice": N_("{where}: {item} of {year} already stands in {first}. Keep one of the two rows."),
    "frame_year_odd": N_("{found} is no year of an inventory. Write one between 1990 and 2100."),
    "frame_example_needs_source": N_(
        "A published example needs both: who published it, and where the figures stand."
    ),
    "frame_reason_missing": N_("Say why the figure is taken back."),
    "frame_estimate_other_year": N_(
        "That estimate is for {year}, this inventory for {wanted}. Choose another."
    ),
    "frame_estimate_for_example": N_("Estimates are our own; they cannot stand in a published example."),
    "frame_choose_estimate": N_("Choose an estimate from the list."),
    "frame_covers_missing": N_("Say what the statement covers: tick at least one scope."),
    "frame_level_missing": N_("Choose the level of assurance, or that it is not stated."),
    "frame_words_missing": N_("Fill in this field."),
    "frame_date_unreadable": N_("Write the day of the statement as 2026-05-13."),
    "frame_date_ahead": N_("The day of the statement lies in the future."),
    "frame_subject_missing": N_("Say who published these figures."),
    "frame_source_missing": N_("Say where the figures were published: report, year, page."),
    "frame_whose_missing": N_("Say whose figures these are: our own or a published example."),
    "frame_file_decided": N_("This file was decided on already; nothing was stored a second time."),
    "frame_changed_meanwhile": N_(
        "Somebody changed one of these figures while you were looking. Nothing was stored. Look again at what stands there now, then decide."
    ),
    "frame_written_meanwhile": N_(
        "{name} wrote {value} {unit} while you were typing. Your text is below; save again to put it on top, the other version stays in the history."
    ),
    "frame_taken_meanwhile": N_(
        "{name} took this figure back while you were typing. Your text is below; save again to put it in its place."
    ),
    "target_years_order": N_("{where}: the target year lies after the base year, {base}."),
    "target_far": N_("{where}: the target lies at most {most} years after the base year."),
    "target_reduction_range": N_("{where}: a reduction is at most 100 %."),
    "target_rate_whole": N_(
        "A constant yearly rate never reaches zero. Choose the linear path, or a reduction below 100 %."
    ),
    "target_path_missing": N_("Choose by which path the years between are counted."),
    "target_set_meanwhile": N_(
        "{name} set the target while you were typing. Your text is below; save again to put it on top, the other version stays in the history."
    ),
    "what_if_name_missing": N_("Give the what-if a name."),
    "what_if_year_odd": N_("Write the first year in which it acts, for example 2028."),
    "what_if_empty": N_("Choose at least one change."),
    "what_if_too_many": N_("A what-if has at most {most} changes."),
    "what_if_choose": N_("{where}: choose one from the list."),
    "what_if_percent_over_100": N_("{where}: at most 100 % of a material can be saved; found “{found}”."),
    "what_if_twice": N_("Two changes set the same thing ({material} {supplier}). Keep one of them."),
    "what_if_choose_estimate": N_(
        "Choose the estimate to work on. If the list is empty, run an estimate first."
    ),
    "claim_number_expected": N_("Write plain numbers above zero, for example 42221.37."),
}
