"""Sentences about findings, commitments and their steps."""

from portal.language.marker import N_

SENTENCES = {
    "action_missing": N_("Say what will be done."),
    "owner_missing": N_("Name the person who answers for it."),
    "text_missing": N_("Write a few words."),
    "words_too_long": N_("Write at most {most} characters."),
    "words_unprintable": N_("This text holds characters that cannot be shown. Type it again."),
    "due_missing": N_("Give the day by which it will be done."),
    "due_unreadable": N_("“{found}” is not a date. Write it as 2027-03-31."),
    "due_past": N_("{found} is not in the future. Choose a later day."),
    "due_far": N_("Choose a day within the next {years} years."),
    "effect_unreadable": N_(
        "Write a plain number such as 1200.5, without thousand separators; found “{found}”."
    ),
    "effect_negative": N_("An effect cannot be below zero; found {found}. Write 0 or more."),
    "effect_above_gain": N_("This finding can bring at most {gain} points. Write {gain} or less."),
    "effect_missing": N_("Give the expected effect: points, tonnes a year, or both."),
    "percent_expected": N_("Write whole per cent from 0 to 100; found “{found}”."),
    "finding_closed": N_("This finding is closed, so there is nothing left to commit to."),
    "finding_has_commitment": N_(
        "There is already a commitment on this finding. Withdraw it first, or report progress on it."
    ),
    "progress_not_agreed": N_(
        "Progress is reported once the buyer has agreed to the commitment and until it is reported done."
    ),
    "commitment_moved_meanwhile": N_(
        "Somebody else changed this commitment just now. Look at it again, then decide."
    ),
    "register_day_unreadable": N_("“{found}” is not a date, so today is shown. Write it as 2026-03-31."),
    "register_day_ahead": N_("{found} lies in the future, so today is shown."),
}
