"""Sentences about answers carried over: what became of each, and what stands in the way."""

from portal.language.marker import N_

SENTENCES = {
    "carry_same": N_("The question is the same; confirm the answer."),
    "carry_changed": N_(
        "The question asks otherwise than before; read it, then confirm or change the answer."
    ),
    "carry_renamed": N_(
        "The question has a new number and form; read it, then confirm or change the answer."
    ),
    "carry_result": N_(
        "A measured result is given anew each time; the earlier value stands beside the field."
    ),
    "carry_again": N_("The question is asked afresh; the earlier answer stands beside the field."),
    "carry_unfit": N_("The earlier answer does not fit the question any more; it stands beside the field."),
    "carry_answered": N_("You have answered already; the earlier answer only stands beside it."),
    "carry_sites_answer": N_(
        "Each site answers this question now; the company’s earlier answer stands beside it."
    ),
    "carry_sites_own": N_("Sites answer this question, each for itself; what counted then stands beside it."),
    "carry_sites_then": N_("Sites answered this question then; what counted stands beside the field."),
    "carry_not_at_sites": N_("Sites do not answer this question any more."),
    "carry_retired": N_("The question is no longer asked."),
    "carry_role": N_("The question is not asked of your company now."),
    "carry_unreadable": N_("The earlier answer cannot be read."),
    "carry_unknown": N_("There was no such question."),
    "carry_nothing": N_("There is no earlier assessment to start from, or everything of it is here already."),
    "carry_draft_only": N_(
        "Only a draft that was never sent can start from earlier answers or change its version."
    ),
    "fill_draft_only": N_(
        "The company’s answers can be entered for sites only in a draft that was never sent. Answer for the site itself."
    ),
    "carry_no_way": N_(
        "Answers to {older} cannot be carried to {newer}: neither version follows from the other."
    ),
    "version_draft_only_trial": N_(
        "{id} is a draft and may still change. Use it in a trial round, from which nothing is released."
    ),
    "version_not_newer": N_("{id} does not follow from {present}, the version of this round."),
    "version_not_allowed": N_("The buyer has not opened the version {id} for this round."),
    "version_moved": N_(
        "A colleague moved the assessment to a newer version of the questionnaire. Load the page again."
    ),
    "trial_not_released": N_("This is a trial round with a draft questionnaire; nothing of it is released."),
}
