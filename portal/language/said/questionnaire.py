"""Sentences about answers, gaps, reasons of the score, and the questionnaire compiler."""

from portal.language.marker import N_

SENTENCES = {
    "option_expected": N_("{where}: choose one of the options offered: {options}. Found “{found}”."),
    "option_unknown": N_("{where}: “{found}” is not an option of this question. Options: {options}."),
    "list_expected": N_(
        "{where}: give the chosen options as a list, an empty list for none of them. Found “{found}”."
    ),
    "number_expected": N_("{where}: write a number, for example 1200.5. Found “{found}”."),
    "ambiguous_number": N_(
        "{where}: “{found}” can be read in two ways. Write it without separators and with a point "
        "before decimals, for example 1234.5."
    ),
    "number_too_long": N_(
        "{where}: “{found}” has too many digits. At most {digits} before and {decimals} after the "
        "point; check the unit."
    ),
    "number_negative": N_("{where}: the number cannot be negative. Found {found}."),
    "number_too_small": N_("{where}: the smallest possible value is {minimum}. Found {found}."),
    "number_too_large": N_(
        "{where}: the largest possible value is {maximum}. Found {found}; check the unit."
    ),
    "whole_number_expected": N_("{where}: write a whole number, for example 3. Found “{found}”."),
    "unit_not_offered": N_("{where}: this answer cannot be given in “{found}”. Choose one of: {units}."),
    "date_expected": N_(
        "{where}: write the date as year-month-day, for example 2026-03-01. Found “{found}”."
    ),
    "date_impossible": N_("{where}: there is no such day: “{found}”. Check year, month and day."),
    "text_expected": N_("{where}: write the answer as text. Found “{found}”."),
    "text_too_long": N_(
        "{where}: the text has {length} characters, at most {most} fit. Shorten it or attach a document."
    ),
    "text_unprintable": N_(
        "{where}: the text contains characters that cannot be displayed. Type it again or paste it as "
        "plain text."
    ),
    "table_expected": N_("{where}: give the answer as a list of rows. Found “{found}”."),
    "table_too_long": N_("{where}: {rows} rows are too many, at most {most} fit. Combine small items."),
    "row_expected": N_("{where}: give the row as columns with values. Found “{found}”."),
    "cell_column_unknown": N_("{where}: there is no column “{found}”. Columns: {columns}."),
    "cell_text_expected": N_("{where}: write text or a number in this cell. Found “{found}”."),
    "cell_too_long": N_("{where}: the cell has {length} characters, at most {most} fit. Shorten it."),
    "year_expected": N_("{where}: write a year with four digits, for example 2025. Found “{found}”."),
    "yes_no_expected": N_("{where}: write yes or no. Found “{found}”."),
    "indicator_unknown": N_(
        "{where}: this questionnaire has no indicator with this code. Check the code and the "
        "questionnaire version."
    ),
    "role_unknown": N_("{where}: unknown supplier role. Use any of: {roles}."),
    "judged_points_out_of_range": N_(
        "{where}: points set by the reviewer lie between 0 and 1. Found {found}."
    ),
    "unit_unknown": N_("The unit “{unit}” is not known. Use one of the units listed in the file format."),
    "unit_class_differs": N_(
        "“{from_unit}” cannot be converted to “{to_unit}”: they measure different things."
    ),
    "gap_unreadable": N_("{where}: what was entered cannot be read. Correct it before sending."),
    "gap_unconfirmed": N_(
        "{where}: the answer was carried over from the last round. Confirm or change it before sending."
    ),
    "gap_gating_missing": N_("{where}: this red-flag question has no answer. Answer it before sending."),
    "gap_evidence_missing": N_(
        "{where}: this answer claims points and needs evidence. Attach a document or change the answer."
    ),
    "gap_evidence_wanted": N_("{where}: evidence is asked for and not attached yet."),
    "gap_missing": N_("{where}: no answer yet; it counts 0 points."),
    "gap_missing_unscored": N_("{where}: no answer yet; it gives no points but is asked for."),
    "reason_option": N_("“{option}” earns {points} of 1 point."),
    "reason_chosen": N_("{count} of {offered} chosen, together {points} of 1 point: {chosen}."),
    "reason_chosen_capped": N_(
        "{count} of {offered} chosen, together {points}, counted as 1 point: {chosen}."
    ),
    "reason_none_chosen": N_("None of the {offered} options chosen: 0 of 1 point."),
    "reason_ratio": N_("{value} of 100 % earns {points} of 1 point."),
    "reason_band": N_("{value} reaches the band {sign} {bound}: {points} of 1 point."),
    "reason_band_else": N_("{value} reaches none of the better bands: {points} of 1 point."),
    "reason_rows": N_("Rows: {rows}, every column filled: {points} of 1 point."),
    "reason_rows_gaps": N_(
        "Rows: {rows}; filled columns earn {points} of 1 point on average. Not filled everywhere: {columns}."
    ),
    "reason_no_rows": N_("The table has no rows: 0 of 1 point."),
    "reason_no_answer": N_("No answer: an open question without an answer counts 0."),
    "reason_unscored": N_("For information: this question gives no points."),
    "reason_short": N_("Not asked: it is not in the short set."),
    "reason_role": N_("Not asked: it does not concern the supplier’s roles."),
    "reason_condition": N_("Not asked: the answer to {indicator} leaves it closed."),
    "reason_adjusted": N_("Set by the reviewer to {points} of 1 point (declared: {declared}): {text}"),
    "reason_unsupported": N_("No accepted evidence for this answer: counts 0 (declared: {declared})."),
    "reason_flag_closed": N_("{points} of 1 point; the reviewer closed the red flag with proof: {text}"),
    "definition_file_missing": N_("{where}: the file is missing or cannot be opened."),
    "definition_file_too_large": N_("{where}: the file is larger than {most} KB. Split the topic."),
    "yaml_not_text": N_("{where}: the file is not UTF-8 text. Save it as UTF-8."),
    "yaml_broken": N_("{where}: the file is not valid YAML here: {cause}."),
    "yaml_alias": N_("{where}: anchors and aliases (& and *) are not allowed. Write the value out."),
    "yaml_tag": N_("{where}: the tag {found} is not allowed. Write plain text, lists and keys."),
    "yaml_too_deep": N_("{where}: the file is nested deeper than {most} levels."),
    "yaml_empty": N_("{where}: the file is empty."),
    "yaml_several_documents": N_("{where}: a second document starts here (---). Keep one document per file."),
    "yaml_key_twice": N_("{where}: the key “{key}” stands twice. Remove one."),
    "yaml_key_not_text": N_("{where}: a key must be a plain word."),
    "key_unknown": N_("{where}: unknown key “{key}”. Known here: {known}."),
    "key_missing": N_("{where}: the key “{key}” is missing."),
    "shape_map_expected": N_("{where}: write keys with values here."),
    "shape_list_expected": N_("{where}: write a list here."),
    "shape_text_expected": N_("{where}: write a single value here."),
    "shape_whole_expected": N_("{where}: write a whole number here. Found “{found}”."),
    "shape_number_expected": N_(
        '{where}: write a decimal number in quotes here, for example "0.5". Found “{found}”.'
    ),
    "number_not_quoted": N_('{where}: put the number in quotes, "{found}", so that no program rounds it.'),
    "word_unknown": N_("{where}: “{found}” is not known here. Use one of: {allowed}."),
    "band_bound_missing": N_("{where}: this band needs a bound."),
    "band_else_with_bound": N_("{where}: the band “else” has no bound."),
    "topic_file_name": N_("{where}: name a topic file like topics/01-GOV.yaml. Found “{found}”."),
    "topic_file_not_listed": N_("{where}: the file is not listed under topics in questionnaire.yaml."),
    "folder_named_otherwise": N_(
        "{where}: the folder is called {folder}, but name and version inside say something else."
    ),
    "topic_weights_sum": N_("{where}: the topic weights sum to {sum} instead of 100."),
    "weight_not_positive": N_("{where}: a weight must be at least 1. Found {found}."),
    "topic_empty": N_("{where}: the topic has no indicators."),
    "grades_missing": N_("{where}: there are no grades."),
    "grades_not_descending": N_(
        "{where}: grades go from best to worst; {letter} must start below the grade before it."
    ),
    "grade_unreachable": N_("{where}: grade {letter} starts above 100 and can never be reached."),
    "grades_not_down_to_zero": N_("{where}: the last grade must start at 0 so that every score has a grade."),
    "grade_twice": N_("{where}: grade {letter} stands twice."),
    "red_flag_grade_unknown": N_("{where}: the red-flag grade “{found}” is not one of the grades."),
    "topic_code_form": N_("{where}: a topic code has three capital letters. Found “{found}”."),
    "indicator_code_form": N_("{where}: the code must be {topic}- and two digits. Found “{found}”."),
    "topic_code_twice": N_("{where}: the topic code {code} stands twice."),
    "indicator_code_twice": N_("{where}: the indicator code {code} stands twice."),
    "number_twice": N_("{where}: the number {number} stands twice."),
    "condition_indicator_unknown": N_("{where}: the condition names {indicator}, which does not exist."),
    "condition_points_forward": N_(
        "{where}: the condition must point back, but {indicator} comes later or is this indicator itself."
    ),
    "condition_not_a_choice": N_(
        "{where}: a condition needs a question with options, but {indicator} is of kind {kind}."
    ),
    "condition_empty": N_("{where}: the condition names no option."),
    "condition_option_unknown": N_("{where}: {indicator} has no option “{found}”. Options: {options}."),
    "short_set_empty": N_(
        "{where}: the short set asks nothing that is scored. Lower weight_at_least, or set gating: true."
    ),
    "short_set_whole": N_(
        "{where}: the short set asks all {count} indicators and is not short. Raise weight_at_least."
    ),
    "condition_never_holds": N_(
        "{where}: {indicator} is never asked of the same suppliers, so this question never opens."
    ),
    "rule_does_not_fit": N_("{where}: the rule “{rule}” does not fit the kind “{kind}”."),
    "part_missing": N_("{where}: “{part}” is missing."),
    "part_not_used": N_("{where}: “{part}” has no meaning for kind “{kind}” with rule “{rule}”. Remove it."),
    "options_too_few": N_("{where}: a choice needs at least two options."),
    "yes_no_keys": N_('{where}: the options of a yes/no question are exactly "yes" and "no".'),
    "key_form": N_("{where}: a key has small letters, digits and single underscores. Found “{found}”."),
    "key_twice": N_("{where}: the key “{key}” stands twice in this list."),
    "points_out_of_range": N_("{where}: points lie between 0 and 1. Found {found}."),
    "points_of_unscored": N_("{where}: an unscored question gives no points. Found {found}."),
    "minutes_not_positive": N_("{where}: the time to answer must be at least 1 minute."),
    "gating_not_scored": N_("{where}: a red-flag question must be scored."),
    "gating_never_zero": N_(
        "{where}: no option of this red-flag question gives 0 points, so the flag can never be raised."
    ),
    "unit_missing": N_('{where}: a number needs a unit; use "count" for plain counts.'),
    "percentage_unit": N_('{where}: the unit of a percentage is "%". Found “{unit}”.'),
    "unit_not_known": N_("{where}: the unit “{unit}” is not known."),
    "unit_of_other_class": N_("{where}: “{unit}” cannot be converted to “{own}”."),
    "unit_twice": N_("{where}: the unit “{unit}” stands twice."),
    "range_empty": N_("{where}: the maximum {maximum} must lie above the minimum {minimum}."),
    "evidence_help_missing": N_('{where}: evidence is asked for, but "evidence_help" does not say which.'),
    "evidence_help_not_used": N_(
        "{where}: no evidence is asked for, so this text is never shown. Remove it."
    ),
    "roles_missing": N_('{where}: name at least one supplier role or "all".'),
    "band_else_missing": N_('{where}: the last band must be "else" so that every value has points.'),
    "band_else_not_last": N_('{where}: "else" must be the last band.'),
    "bands_not_ordered": N_(
        "{where}: bands go one way from the best on: < or <= with rising bounds, > or >= with falling bounds."
    ),
    "band_unreachable": N_("{where}: no allowed value falls into this band."),
    "column_points_sum": N_("{where}: the points of the columns sum to {sum} instead of 1."),
    "full_marks_unreachable": N_("{where}: the best possible answer earns {best} instead of 1."),
    "language_missing": N_("{where}: the text in “{language}” is missing."),
    "text_not_english": N_("{where}: this text should be English."),
    "text_not_chinese": N_("{where}: this text should be Chinese."),
    "lock_broken": N_("{where}: a line of the lock names a version and its hash. Found “{found}”."),
    "lock_changed": N_(
        "{where}: the released questionnaire {id} was changed. Restore its files; changes belong in a "
        "new version."
    ),
    "lock_missing": N_(
        "{where}: the questionnaire {id} calls itself published but was never frozen. Add it with: "
        "upstream questionnaire freeze {id}"
    ),
    "lock_gone": N_(
        "{where}: the released questionnaire {id} is gone or calls itself a draft. Restore its files."
    ),
    "freeze_draft": N_("{where}: {id} is a draft. Set its status to published first."),
    "answers_not_json": N_("{where}: the answers are not valid JSON: {cause}."),
    "answers_not_text": N_("{where}: the answers are not UTF-8 text. Save the file as UTF-8."),
    "answers_file_missing": N_("{where}: the file cannot be opened."),
    "answers_too_large": N_("{where}: the file is larger than {most} MB."),
    "answers_key_twice": N_("{where}: the key “{key}” stands twice. Keep one."),
    "answers_key_unknown": N_("{where}: unknown key “{key}”. Known: {known}."),
    "answers_object_expected": N_('{where}: write a JSON object with "roles" and "answers".'),
    "answers_map_expected": N_("{where}: write the answers as an object by indicator code."),
    "answers_missing": N_("{where}: the key “answers” is missing."),
    "roles_not_given": N_("{where}: the key “roles” is missing. Give a list of any of: {roles}."),
    "roles_list_expected": N_("{where}: give the roles as a list of any of: {roles}."),
    "questionnaire_not_named": N_("{where}: name the questionnaire with --questionnaire or in the file."),
    "questionnaire_unknown": N_("{where}: there is no questionnaire “{found}”. Available: {known}."),
    "questionnaire_differs": N_("{where}: the file is for “{found}”, but “{asked}” was asked for."),
}
