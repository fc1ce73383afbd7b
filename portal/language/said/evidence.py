"""Sentences about the evidence library and its facts."""

from portal.language.marker import N_

SENTENCES = {
    "fact_too_long": N_("Write at most {most} characters."),
    "fact_unprintable": N_("This text holds characters that cannot be shown. Type it again."),
    "fact_date_unreadable": N_("“{found}” is not a date. Write it as 2026-03-31."),
    "fact_date_far": N_("{found} cannot be right. Give a year between 1950 and 2100."),
    "covers_reversed": N_("The end lies before the start, {start}. Correct one of the two dates."),
    "valid_before_covers": N_(
        "This lies before the first day covered, {start}. Correct one of the two dates."
    ),
    "file_missing": N_("Choose a file first."),
    "evidence_known": N_(
        "This file is already in your library as “{name}”. Use it from there; nothing was stored twice."
    ),
    "evidence_unchosen": N_("Tick at least one file of your library."),
    "quota_full": N_(
        "Your company’s storage of {quota} MB is nearly full: {used} MB are in use and this file has {size} MB. "
        "Remove files you no longer need, or ask the buyer for more room."
    ),
    "fact_language_unknown": N_("Choose a language from the list."),
    "fact_pages_unreadable": N_("“{found}” is no number of pages. Write digits, 1 to {most}."),
    "evidence_outdated": N_("“{name}” has a newer version. Link that one; the page shows it below."),
    "evidence_has_newer": N_("There is a newer version of this file."),
    "evidence_replaced": N_("“{name}” has a newer version already. Replace that one; nothing was stored."),
    "evidence_expired": N_("Expired on {until}."),
    "evidence_ends_before_round": N_("Expires on {until}, before the round ends on {ends}."),
    "evidence_ends_soon": N_("Expires soon, on {until}."),
    "evidence_outside_period": N_("Does not cover the reporting period, {start} to {end}."),
    "evidence_part_of_period": N_("Covers only a part of the reporting period, {start} to {end}."),
    "evidence_result_old": N_("Ends on {last}: older than {months} months for a measured result."),
    "evidence_part_of_sites": N_("Covers {covered} of {all} sites."),
    "evidence_part_of_chosen": N_("Covers {covered} of the {all} sites of this assessment."),
    "site_name_missing": N_("Write the name of the site."),
    "site_country_unknown": N_("“{found}” is no country. Write two letters, for example CN."),
    "site_region_elsewhere": N_(
        "This province is not in the country given. Choose it from the list, or leave it empty."
    ),
    "site_known": N_("“{name}” is in the list already."),
    "site_gone": N_("A site you ticked is no longer in your list. Look at the list and tick again."),
    "sites_full": N_("The list holds {most} sites at most. Take out those you no longer need."),
}
