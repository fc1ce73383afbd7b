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
    "email_unknown": N_("There is no account for {email}. Check the address."),
    "invitation_unknown": N_(
        "This link is not known here. Copy it whole from the message, also where it breaks into a second line."
    ),
    "invitation_used": N_("This invitation was already used. Sign in with your e-mail and password."),
    "invitation_replaced": N_(
        "This invitation was replaced by a newer one. Use the newest link, or ask for another."
    ),
    "invitation_expired": N_("This invitation has expired. Ask the person who invited you for a new link."),
    "access_ended": N_(
        "Your access has ended. If you need it again, ask a lead of your company or the buyer's administrator."
    ),
    "reset_unknown": N_(
        "This link is not known here. Copy it whole from the message, also where it breaks into a second line."
    ),
    "reset_used": N_(
        "A new password was already set with this link. Sign in with it. "
        "If that was not you, tell a lead of your company or the buyer's administrator at once."
    ),
    "reset_withdrawn": N_(
        "This link was withdrawn or replaced by a newer one. Use the newest link, or ask for another."
    ),
    "reset_expired": N_(
        "This link has expired; it works for 24 hours. Ask the person who made it for a new one."
    ),
    "reset_yourself": N_("Change your own password on the page of your account; it needs no link."),
    "reset_without_access": N_(
        "{name} has no access at present, so a new password would open nothing. "
        "Restore the access first, then make the link."
    ),
    "reset_by_administrator": N_("Only the buyer's administrator can make a link for {name}. Ask there."),
    "end_yourself": N_("You cannot end your own access. Another lead of your company can do it."),
    "end_last_lead": N_(
        "{name} is the only lead of {supplier}. Without a lead nobody there can send an assessment or invite people. "
        "Let another lead join first, then end this access."
    ),
    "move_not_allowed": N_(
        "This step is not possible any more: the assessment has moved on meanwhile. "
        "Load the page again to see where it stands."
    ),
    "commitment_move_not_allowed": N_(
        "This step is not possible while the commitment is in the state “{state}”."
    ),
}
