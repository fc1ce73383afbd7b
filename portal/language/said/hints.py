"""Sentences about contradiction hints: what the compiler says of their rules, and what stands in the way of explaining."""

from portal.language.marker import N_

SENTENCES = {
    "hint_rule_too_long": N_("{where}: the rule is longer than {most} characters. Split the hint."),
    "hint_rule_character": N_("{where}: character {at}, “{found}”, has no place in a rule."),
    "hint_rule_expected": N_("{where}: at character {at} stands “{found}”; expected: {expected}."),
    "hint_rule_too_deep": N_("{where}: the rule is nested deeper than {most} levels at character {at}."),
    "hint_rule_date": N_("{where}: there is no such day: {found} at character {at}."),
    "hint_rule_too_wide": N_("{where}: the rule can hold in more than {most} ways. Split the hint."),
    "hint_id_form": N_("{where}: an id has small letters, digits and single underscores. Found “{found}”."),
    "hint_id_twice": N_("{where}: the id {id} stands twice."),
    "hint_indicators_missing": N_("{where}: name the indicators the hint concerns."),
    "hint_indicator_twice": N_("{where}: {indicator} is named twice."),
    "hint_code_unknown": N_("{where}: there is no indicator {indicator} in this questionnaire."),
    "hint_fact_unknown": N_("{where}: there is no fact “{found}”. Known facts: {known}."),
    "hint_column_unknown": N_("{where}: there is no column “{found}” here. Columns: {columns}."),
    "hint_wrong_kind": N_("{where}: {name} is of kind {kind}; this test needs: {fits}."),
    "hint_option_unknown": N_("{where}: {name} has no option “{found}”. Options: {options}."),
    "hint_option_twice": N_("{where}: the option {key} of {name} stands twice."),
    "hint_row_in_row": N_("{where}: “any row of {indicator}” cannot stand inside another “any row of”."),
    "hint_kinds_differ": N_("{where}: a {left} cannot be compared with a {right}."),
    "hint_compares_constants": N_("{where}: two constants are compared; name an answer or a fact."),
    "hint_date_scaled": N_("{where}: a date cannot be multiplied."),
    "hint_unit_unknown": N_("{where}: the unit “{unit}” in the rule is not known."),
    "hint_unit_missing": N_("{where}: {found} needs a unit, for example {found} {unit}."),
    "hint_unit_differs": N_("{where}: {left} cannot be compared with {right}."),
    "hint_bound_outside": N_(
        "{where}: {found} {unit} lies outside what can be answered, so the test is always or never true."
    ),
    "hint_option_unreachable": N_(
        "{where}: a part of the rule can never hold: it needs {indicator} answered with {options}, which the "
        "rest of the rule or the questionnaire’s conditions rule out."
    ),
    "hint_answer_and_none": N_(
        "{where}: a part of the rule can never hold: it needs {indicator} both answered and not answered."
    ),
    "hint_figure_unknown": N_(
        "{where}: the text names {{{found}}}, which is neither an indicator nor a fact."
    ),
    "hint_figures_differ": N_("{where}: the two languages name different figures: {names}."),
    "explanation_missing": N_("Write how the figures fit together, or leave the hint as it stands."),
    "explanation_too_long": N_("The explanation has {length} characters, at most {most} fit. Shorten it."),
    "explanation_wordless": N_("Explain in words; signs alone tell the buyer nothing."),
    "hint_gone": N_("The answers have changed and this hint no longer stands. Nothing was stored."),
    "effort_code_unknown": N_("{where}: there is no indicator {indicator} in this questionnaire."),
    "effort_missing": N_("{where}: the effort of {indicator} is missing. Use one of: {allowed}."),
}
