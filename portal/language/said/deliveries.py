"""Sentences about deliveries to the buyer."""

from portal.language.marker import N_

SENTENCES = {
    "delivery_material_unknown": N_("{where}: choose one of the materials listed; found “{found}”."),
    "delivery_text_too_long": N_("{where}: the text is too long; {most} characters at most."),
    "delivery_year_ahead": N_("{where}: {found} has not begun. Enter deliveries of years up to this one."),
    "delivery_twice": N_(
        "{where}: this material and product already stand in row {first}. Add the quantities together in one row."
    ),
    "deliveries_too_many": N_("A year takes at most {most} rows. Add small products together by material."),
    "deliveries_changed_meanwhile": N_(
        "The deliveries of {year} were changed by somebody else meanwhile. Nothing was stored; here they are as they stand now."
    ),
    "deliveries_form_incomplete": N_(
        "The form of {year} arrived without some of its rows, so nothing was stored. Here they are as they stand; enter your changes again, and tick what is to be removed."
    ),
}
