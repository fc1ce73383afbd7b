"""Sentences about loading ledgers, running estimates and taking exports out."""

from portal.language.marker import N_

SENTENCES = {
    "ledger_without_lines": N_(
        "“{where}” has a header but no purchase lines. Add at least one line below it."
    ),
    "ledger_years_odd": N_(
        "“{where}” has lines dated in {years}. Purchase dates lie between 1990 and 2100; correct these lines."
    ),
    "year_not_in_ledger": N_("{name} has no lines dated in {year}. Choose one of: {years}."),
    "choose_ledger_year": N_("Choose a ledger and a year. If the list is empty, load a ledger first."),
    "choose_round": N_("Choose a round from the list."),
    "multiplier_too_large": N_(
        "“{source}” ({whose}) comes to more kgCO2e per unit bought than can be computed with. Its figure, amount or unit is wrong; correct or replace it."
    ),
    "choose_estimate": N_("Choose an estimate from the list, or none."),
}
