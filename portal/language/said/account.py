"""Sentences about accounts, passwords and links."""

from portal.language.marker import N_

SENTENCES = {
    "password_short": N_("Use at least {least} characters."),
    "password_long": N_("Use at most {most} characters."),
    "password_common": N_(
        "This password is easy to guess. Choose another, for example four unrelated words."
    ),
    "password_personal": N_("Do not build the password from your name or e-mail address."),
    "password_wrong": N_("This is not your present password."),
    "password_wrong_for_known": N_(
        "You already have an account here. Write the password of that account to join."
    ),
    "sign_in_wrong": N_("E-mail and password do not fit. Check both and try again."),
    "too_many_guesses": N_("Too many wrong attempts. Wait {minutes} minutes and try again."),
    "email_taken": N_("There is already an account for {email}."),
    "invitation_unknown": N_(
        "This link is not known here. Copy it whole from the message, also where it breaks into a second line."
    ),
    "invitation_used": N_("This invitation was already used. Sign in with your e-mail and password."),
    "invitation_replaced": N_(
        "This invitation was replaced by a newer one. Use the newest link, or ask for another."
    ),
    "invitation_expired": N_("This invitation has expired. Ask the person who invited you for a new link."),
    "move_not_allowed": N_(
        "This step is not possible any more: the assessment has moved on meanwhile. "
        "Load the page again to see where it stands."
    ),
    "commitment_move_not_allowed": N_(
        "This step is not possible while the commitment is in the state “{state}”."
    ),
}
