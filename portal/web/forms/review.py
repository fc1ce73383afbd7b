"""Forms of the review."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, TextAreaField

from portal.language import N_
from portal.web.forms.base import Form, Lazy, TextField


class DecisionForm(Form):
    """One decision about one indicator; which texts are needed depends on its kind and is judged below."""

    kind = HiddenField()
    points = TextField(Lazy(N_("Points, 0 to 1")))
    reason = TextAreaField(Lazy(N_("Reason")))
    proof = TextField(Lazy(N_("Proof")))


class ReleaseForm(Form):
    """The password, asked again before a release."""

    password = PasswordField(Lazy(N_("Your password")))


class ReopenForm(Form):
    """Why a finished review is taken up again."""

    reason = TextAreaField(Lazy(N_("Reason")))
