"""Sentences about levels, roll-ups and answering per site."""

from __future__ import annotations

from portal.language.marker import N_

SENTENCES = {
    "level_code_unknown": N_("{where}: there is no indicator {indicator} in this questionnaire."),
    "level_missing": N_("{where}: the level of {indicator} is missing. Use one of: {allowed}."),
    "roll_up_missing": N_(
        "{where}: {indicator} is answered per site, but nothing says how the answers become one. Add roll_up."
    ),
    "roll_up_does_not_fit": N_(
        "{where}: {indicator} is a {kind}; {roll_up} works only for {fits}. Use another roll_up."
    ),
    "roll_up_not_whole": N_(
        "{where}: {indicator} asks for a whole number and a mean is rarely one. Use sum or worst."
    ),
    "roll_up_not_one_way": N_(
        "{where}: the points of {indicator} both rise and fall with the value, so {roll_up} could punish the better site. Use worst."
    ),
    "roll_up_sums_inherited": N_(
        "{where}: sites inherit the group’s answer to {indicator}; adding it up would count it once per site. Use worst, or level: site."
    ),
    "roll_up_no_order": N_(
        "{where}: nothing tells which answer to {indicator} ({kind}, without points) is the worst. Leave roll_up out."
    ),
    "worst_end_missing": N_(
        "{where}: {indicator} has no points; say with worst_end whether the lowest or the highest is the worst."
    ),
    "worst_end_not_used": N_(
        "{where}: worst_end has no meaning for {indicator}: it is for unscored numbers and dates with roll_up worst."
    ),
}
