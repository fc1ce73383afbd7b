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
    "weigher_missing": N_(
        "{where}: nothing says what weighs the sites in the mean of {indicator}. Add weighed_by with the code of an amount."
    ),
    "weigher_not_used": N_(
        "{where}: weighed_by has no meaning for {indicator}: it belongs to weighted_mean."
    ),
    "weigher_unfit": N_(
        "{where}: {found} cannot weigh the sites of {indicator}. Name an amount of at least zero that every site is asked for (level: site, roll_up: sum) whenever {indicator} is asked."
    ),
    "sites_fixed": N_(
        "What was sent fixes which sites are in; only the returned answers can be changed now."
    ),
    "sites_not_in_version": N_("This version of the questionnaire is answered for the company as a whole."),
    "sites_two_needed": N_(
        "Choose two sites or more. With one site there is nothing to put together: choose none and answer as usual."
    ),
    "sites_too_many": N_("At most {most} sites fit into one assessment."),
    "site_unit_unknown": N_("Choose the unit of the outputs: {units}."),
    "site_output_not_positive": N_(
        "The output of {name} must be more than zero. Leave a site without production out, or its output empty."
    ),
}
