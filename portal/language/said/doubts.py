"""Sentences about replies to doubts."""

from portal.language.marker import N_

SENTENCES = {
    "doubt_reply_missing": N_(
        "{about}: a reply is missing. Say in a few words why the figure is right, or correct it."
    ),
    "doubt_reply_wordless": N_("{about}: the reply says too little. Write a reason in words."),
    "doubt_reply_too_long": N_("{about}: the reply is longer than {most} characters. Shorten it."),
    "doubt_replied": N_("This question has been answered already. The first reply stays with the figure."),
}
