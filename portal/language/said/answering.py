"""Sentences about answering, what is still owed, and sending."""

from portal.language.marker import N_

SENTENCES = {
    "locked_submitted": N_(
        "This assessment was sent to the buyer, so its answers are locked. If something must change, "
        "ask the buyer’s reviewer to return the question to you."
    ),
    "locked_in_review": N_(
        "The buyer is reviewing this assessment, so its answers are locked. If something must change, "
        "ask the reviewer to return the question to you."
    ),
    "locked_reviewed": N_(
        "The buyer has finished the review, so the answers are locked. If something must change, ask "
        "the buyer to take the review up again."
    ),
    "locked_released": N_(
        "The result of this assessment is released, so its answers stay as they are. New figures "
        "belong in the next assessment round."
    ),
    "locked_not_returned": N_(
        "{indicator} was not returned to you, so it stays as it was sent. Only the returned questions "
        "can be changed; the buyer’s reviewer can return more."
    ),
    "answer_too_long": N_(
        "This answer is too long to be stored. Shorten it to at most {most} characters in all."
    ),
    "already_sent": N_(
        "This assessment was already sent to the buyer. Nothing was sent a second time; the first "
        "receipt stands."
    ),
    "not_started": N_("Nothing has been answered yet. Answer the questions first, then send the assessment."),
    "gaps_block": N_(
        "{count} open points must be closed before the assessment can be sent. They are listed on this page."
    ),
    "already_member": N_("{email} already answers for your company. Nobody was invited."),
}
