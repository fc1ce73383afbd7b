"""Sentences about rounds, suppliers, review and release."""

from portal.language.marker import N_

SENTENCES = {
    "round_name_taken": N_("There is already a round called “{name}”. Choose another name."),
    "period_reversed": N_("The reporting period ends before it starts. Correct one of the two dates."),
    "deadline_past": N_("{day} is in the past. Choose a deadline from today on."),
    "deadline_not_later": N_(
        "The deadline is {present}; it can only be moved to a later day, because suppliers rely on it. "
        "Choose a day after {present}."
    ),
    "reason_missing": N_("Write the reason. It stays on record with your name."),
    "reason_long": N_("Write at most {most} characters."),
    "supplier_in_round": N_("{name} is already in the round “{round}”; nothing was changed."),
    "supplier_code_taken": N_(
        "There is already a supplier with the code {taken}. Choose it from the list of suppliers instead."
    ),
    "supplier_code_fixed": N_(
        "The code {fixed} cannot be changed: purchase ledgers and earlier exports name the supplier by it."
    ),
    "email_of_staff": N_(
        "{email} belongs to one of your own colleagues, who cannot answer for a supplier. Use another address."
    ),
    "lead_missing": N_("{name} has nobody yet who can answer. Write the e-mail address of its lead."),
    "lead_has_account": N_(
        "{email} already has an account at this supplier and needs no link; signing in is enough."
    ),
    "disable_yourself": N_("You cannot switch off your own account. Another administrator can do it."),
    "disable_last_admin": N_(
        "This is the last administrator. Invite another administrator first, then switch this account off."
    ),
    "review_not_open": N_(
        "Decisions are possible only while the assessment is in review. "
        "Take it up first, or ask a manager to reopen the review."
    ),
    "flag_not_open": N_("{indicator} has no open red flag; there is nothing to close."),
    "close_flag_instead": N_(
        "{indicator} is a red flag. Points cannot lift it: close the red flag with a reason and proof instead."
    ),
    "nothing_to_adjust": N_(
        "{indicator} carries no points, so there is nothing to adjust. Accept or return it."
    ),
    "proof_missing": N_(
        "Name the proof: the document, its issuer and date. A red flag is closed only with proof."
    ),
    "points_expected": N_(
        "Write the points as a number from 0 to 1 with at most four decimals, for example 0.5; found “{found}”."
    ),
    "nothing_returned": N_(
        "No indicator is returned yet. Return at least one with a reason, then send back."
    ),
    "came_back_undecided": N_(
        "{count} answers came back from the supplier and are not judged yet: {codes}. "
        "Decide them first; whatever you return again goes back with the rest."
    ),
    "still_returned": N_(
        "{count} indicators are returned: {codes}. Send the assessment back to the supplier, or decide them otherwise."
    ),
    "undecided": N_(
        "{count} indicators still need your judgement: {codes}. Decide them, then finish the review."
    ),
    "moved_meanwhile": N_(
        "A colleague changed this assessment a moment ago. Open it again to see where it stands."
    ),
    "choose_some": N_("Choose {least} to {most} suppliers that have a score; {found} are chosen now."),
    "file_missing": N_("Choose a file first."),
    "list_too_large": N_(
        "“{where}” is larger than {limit} MB. A supplier list is small: remove pictures or split it."
    ),
    "list_stale": N_("The preview is no longer valid. Upload the list again."),
}
