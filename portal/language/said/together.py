"""Sentences about work shared between colleagues: who does what until when, and notes among them."""

from portal.language.marker import N_

SENTENCES = {
    "assign_day_missing": N_("{where}: say until when, for example 2026-12-01."),
    "assign_day_unreadable": N_("{where}: “{found}” is no day. Write it like 2026-12-01."),
    "assign_day_past": N_("{where}: {found} has passed. Choose today or a later day."),
    "assign_after_deadline": N_(
        "{where}: {found} is after the deadline of this round, {deadline}. Choose an earlier day, or tick that "
        "you mean it."
    ),
    "assigned_meanwhile": N_(
        "{where}: meanwhile {name} gave this to {person} until {due}. Nothing of this page was stored; your choice "
        "stands in the row, save again if you mean it."
    ),
    "taken_back_meanwhile": N_(
        "{where}: meanwhile {name} took this back. Nothing of this page was stored; your choice stands in the row, "
        "save again if you mean it."
    ),
    "colleague_gone": N_(
        "{where}: the access of this person has ended meanwhile. Choose somebody else. Nothing of this page was "
        "stored."
    ),
    "note_missing": N_("Write a note first."),
    "note_too_long": N_("The note has {length} characters, at most {most} fit. Shorten it or write two."),
}
