"""Sentences about answers from the carbon register: what the compiler says of register.yaml, and refused clicks."""

from portal.language.marker import N_

SENTENCES = {
    "register_not_per_site": N_(
        "{where}: {indicator} is not answered per site. Take “for” out, or give it level: site in levels.yaml."
    ),
    "register_sites_told": N_(
        "{where}: an entry for all sites together only tells something. Let entries with for: site take the answers."
    ),
    "register_take_of_company": N_(
        "{where}: {found} is known of the company, not of one site. Take a fact or rows whose name begins with “site.”."
    ),
    "register_site_unknown_here": N_(
        "{where}: {found} is known only beside answers of sites. Use it in an entry with for: site, or take it out."
    ),
    "register_never_reached": N_(
        "{where}: an entry of {indicator} without a rule stands before this one, so this one never speaks."
    ),
    "register_nothing_taken": N_(
        "{where}: columns are filled only where something is taken. Add “take”, or leave them out."
    ),
    "register_columns_missing": N_("{where}: say which columns of {indicator} the rows fill."),
    "register_same_row_unfilled": N_("{where}: {found} is not among the columns the register fills."),
    "register_field_unknown": N_("{where}: {rows} has no field “{found}”. Fields: {known}."),
    "register_kind_unfit": N_("{where}: {name} is of kind {kind}; {target} takes {fits}."),
    "register_unit_differs": N_("{where}: {name} is in {unit}, {target} in {wanted}; these do not convert."),
    "register_words_differ": N_(
        "{where}: give every key of {field} its words. Missing: {missing}. Too many: {surplus}."
    ),
    "register_word_not_offered": N_(
        "{where}: “{found}” is not among what {column} offers. Offered: {known}."
    ),
    "register_moved": N_(
        "The carbon register says something else than when the page was shown. Look again before taking it over; nothing was stored."
    ),
}
