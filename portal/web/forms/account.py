"""Forms for entering the portal and for one's own account."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField

from portal.language import N_
from portal.web.forms.base import Form, Lazy, TextField, at_most, email_address, required


class SignInForm(Form):
    """E-mail and password."""

    email = TextField(Lazy(N_("E-mail")), [required(N_("Write your e-mail address."))])
    password = PasswordField(Lazy(N_("Password")), [required(N_("Write your password."))])
    next = HiddenField()


class JoinForm(Form):
    """What an invited person tells about themselves."""

    name = TextField(Lazy(N_("Your name")), [required(N_("Write your name.")), at_most(120)])
    password = PasswordField(
        Lazy(N_("Choose a password")), [required(N_("Choose a password of at least 12 characters."))]
    )


class PasswordForm(Form):
    """Old and new password."""

    old = PasswordField(Lazy(N_("Present password")), [required(N_("Write your present password."))])
    new = PasswordField(
        Lazy(N_("New password")), [required(N_("Choose a password of at least 12 characters."))]
    )


class ResetForm(Form):
    """The new password of a person who forgot the old one."""

    new = PasswordField(
        Lazy(N_("New password")), [required(N_("Choose a password of at least 12 characters."))]
    )


class ResetLinkForm(Form):
    """Makes a link for a colleague; the password of the person asking, where the sign-in is not fresh."""

    password = PasswordField(Lazy(N_("Your password")))


class InviteForm(Form):
    """Whom to invite."""

    email = TextField(
        Lazy(N_("E-mail")), [required(N_("Write the e-mail address to invite.")), email_address]
    )
