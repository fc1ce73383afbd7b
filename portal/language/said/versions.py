"""Sentences about versions of a questionnaire: what the compiler says of inheriting and carrying, and what differs."""

from portal.language.marker import N_

SENTENCES = {
    "inherits_unknown": N_("{where}: there is no version “{found}” beside this one to inherit from."),
    "inherits_circle": N_("{where}: “{found}” inherits from this version in turn."),
    "inherits_draft": N_(
        "{where}: a published version cannot inherit from the draft {id}. Publish that first."
    ),
    "inherited_unsound": N_(
        "{where}: {id} has problems of its own ({count}). Check that version first; they are not repeated here."
    ),
    "after_unknown": N_("{where}: nothing called “{found}” stands here to come after."),
    "retire_unknown": N_("{where}: there is no “{found}” to retire."),
    "retire_with_more": N_("{where}: “{found}” is retired; write nothing else about it."),
    "without_unknown": N_("{where}: there is no key “{found}” to take out."),
    "carry_file_missing": N_(
        "{where}: a version that inherits needs carry.yaml, which says what becomes of earlier answers."
    ),
    "carry_not_inherited": N_("{where}: this version inherits from no other, so there is nothing to carry."),
    "carry_from_other": N_(
        "{where}: answers come from “{inherits}”, the version inherited. Found “{found}”."
    ),
    "carry_unaccounted": N_(
        "{where}: {indicator} is not accounted for. Say same, ask_again or where it is renamed from."
    ),
    "carry_older_unaccounted": N_(
        "{where}: {indicator} of the earlier version is not accounted for. Say dropped, or what follows it."
    ),
    "carry_code_unknown": N_("{where}: neither version has an indicator {indicator}."),
    "carry_not_in_both": N_(
        "{where}: {indicator} is not in both versions. Say dropped, or where it is renamed from."
    ),
    "carry_source_unknown": N_("{where}: the earlier version has no indicator {found}."),
    "carry_still_there": N_("{where}: {indicator} is still asked for, so its answers cannot be dropped."),
    "carry_dropped_used": N_("{where}: {indicator} is dropped here and renamed elsewhere. Keep one."),
    "carry_kind_differs": N_(
        "{where}: {indicator} is of kind {kind} and was {was}; answers cannot be carried. Say ask_again."
    ),
    "carry_unit_differs": N_(
        "{where}: {indicator} is given in {unit} and was in {was}; answers cannot be carried. Say ask_again."
    ),
    "carry_options_gone": N_(
        "{where}: options of {indicator} are gone: {gone}. Answers cannot be carried. Say ask_again."
    ),
    "carry_columns_gone": N_(
        "{where}: columns of {indicator} are gone: {gone}. Answers cannot be carried. Say ask_again."
    ),
    "diff_title": N_("The title is now “{now}” (before: “{before}”)."),
    "diff_grades": N_("Grades are now {now} (before: {before})."),
    "diff_red_flag_grade": N_("The best grade under a red flag is now {now} (before: {before})."),
    "diff_short_set": N_("The short set: new in it {new}; no longer in it {gone}."),
    "diff_topic_new": N_("New topic “{name}” with {weight} % of the total."),
    "diff_topic_gone": N_("The topic “{name}” is gone."),
    "diff_topic_weight": N_("“{name}” now counts {now} % of the total (before: {before} %)."),
    "diff_topic_name": N_("The topic is now called “{now}” (before: “{before}”)."),
    "diff_topic_intro": N_("“{name}”: the introduction is reworded."),
    "diff_new": N_("New question: “{question}”"),
    "diff_new_from": N_("New question, split off or taken over from {source}: “{question}”"),
    "diff_retired": N_("“{subject}” is no longer asked."),
    "diff_followed": N_("“{subject}” is no longer asked in this form; it is followed by {followers}."),
    "diff_question": N_("The question is reworded. Before: “{before}” Now: “{now}”"),
    "diff_subject": N_("It is now called “{now}” (before: “{before}”)."),
    "diff_help": N_("The help to the question is reworded; read it again."),
    "diff_evidence_help": N_("What is accepted as evidence is worded anew; read it again."),
    "diff_advice": N_("The advice on how to improve is reworded."),
    "diff_option_new": N_("New option: “{option}”, {points} of 1 point."),
    "diff_option_gone": N_("The option “{option}” is gone."),
    "diff_option_words": N_("An option is reworded. Before: “{before}” Now: “{now}”"),
    "diff_option_points": N_("The option “{option}” now earns {now} of 1 point (before: {before})."),
    "diff_column_new": N_("New column: “{column}”."),
    "diff_column_gone": N_("The column “{column}” is gone."),
    "diff_column_changed": N_("The column “{column}” has changed."),
    "diff_bands": N_("The bands of points are now {now} (before: {before})."),
    "diff_depends_on": N_("It is now asked when: {now} (before: {before})."),
    "diff_limits": N_("Allowed values are now {now} (before: {before})."),
    "diff_nature": N_("It now counts as {now} (before: {before})."),
    "diff_kind": N_("The kind of answer is now {now} (before: {before})."),
    "diff_unit": N_("The unit is now {now} (before: {before})."),
    "diff_units": N_("It may also be given in {now} (before: {before})."),
    "diff_rule": N_("Points are now given {now} (before: {before})."),
    "diff_weight": N_("The weight in its topic is now {now} (before: {before})."),
    "diff_evidence": N_("Evidence is now {now} (before: {before})."),
    "diff_minutes": N_("The time to answer is now put at {now} minutes (before: {before})."),
    "diff_effort": N_("Improving the answer is now put at {now} (before: {before})."),
    "diff_standards": N_("It now refers to {now} (before: {before})."),
    "diff_applies_to": N_("It is now asked of {now} (before: {before})."),
    "diff_gating_now": N_("It is now a red-flag question."),
    "diff_gating_no_more": N_("It is no longer a red-flag question."),
    "diff_hint_new": N_("New contradiction hint: “{text}”"),
    "diff_hint_gone": N_("A contradiction hint is gone: “{text}”"),
    "diff_hint_rule": N_("The rule of the contradiction hint {id} is now “{now}” (before: “{before}”)."),
    "diff_hint_text": N_("A contradiction hint is reworded. Before: “{before}” Now: “{now}”"),
}
