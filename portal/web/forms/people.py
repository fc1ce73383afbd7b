"""The form that invites a colleague."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from portal.language import N_, say
from portal.web.context import locale
from portal.web.forms.base import Form, Lazy, TextField, email_address, required
from portal.web.words import role_word

ROLES = ("contributor", "lead")


class ColleagueForm(Form):
    """Whom to invite, and as what."""

    email = TextField(
        Lazy(N_("E-mail")), [required(N_("Write the e-mail address to invite.")), email_address]
    )
    role = SelectField(Lazy(N_("Role")), choices=[], validate_choice=False)

    def validate_role(self, field: SelectField) -> None:
        """Refuse anything but the two roles a supplier's person can have."""
        if field.data not in ROLES:
            field.errors = [*field.errors, say(locale(), N_("Choose contributor or lead."))]


def offer_roles(form: ColleagueForm) -> None:
    """Put the roles into the reader's words."""
    form.role.choices = [SelectChoice(role, role_word(locale(), role)) for role in ROLES]
