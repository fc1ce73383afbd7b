"""The form that invites a colleague."""

from __future__ import annotations

from portal.language import N_
from portal.web.forms.base import Form, Lazy, TextField, email_address, required
from portal.web.forms.rounds import ChoiceField


class InviteStaffForm(Form):
    """Whom to invite, and as what."""

    email = TextField(
        Lazy(N_("E-mail")), [required(N_("Write the e-mail address to invite.")), email_address]
    )
    role = ChoiceField(Lazy(N_("Role")))
