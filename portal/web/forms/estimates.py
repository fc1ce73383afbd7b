"""Forms for ledgers, estimates and exports."""

from __future__ import annotations

from wtforms import PasswordField, SelectField

from portal.language import N_
from portal.web.forms.base import Form, Lazy


class RunForm(Form):
    """Which ledger and year to estimate; the value is `<ledger id>:<year>`."""

    source = SelectField(Lazy(N_("Ledger and year")), validate_choice=False)


class ExportForm(Form):
    """What to take out; the password is asked for when the sign-in is not fresh."""

    round = SelectField(Lazy(N_("Round")), validate_choice=False)
    estimate = SelectField(Lazy(N_("Category 1 estimate")), validate_choice=False)
    language = SelectField(Lazy(N_("Language of the files")), validate_choice=False)
    password = PasswordField(Lazy(N_("Your password")))
