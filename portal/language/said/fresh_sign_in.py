"""Sentences about confirming who is at the keyboard."""

from portal.language.marker import N_

SENTENCES = {
    "fresh_sign_in_needed": N_(
        "You signed in more than {minutes} minutes ago. Write your password again to go on."
    ),
}
