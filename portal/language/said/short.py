"""Sentences about the short set."""

from portal.language.marker import N_

SENTENCES = {
    "answers_short_form": N_("{where}: “short” must be true or false; found {found}."),
    "short_set_none": N_(
        "The questionnaire {questionnaire} has no short set. Invite with the full questionnaire."
    ),
    "short_set_begun": N_(
        "{name} has begun to answer, so the set of questions stays as it is. It can be chosen anew in the next round."
    ),
}
