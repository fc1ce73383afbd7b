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
}
