"""Forms for commitments. Judging what was written is the operations' work."""

from __future__ import annotations

from wtforms import SelectField, TextAreaField

from portal.core.exact import decimal_text
from portal.language import N_
from portal.store.commitments import Commitment
from portal.web.forms.base import Form, Lazy, TextField

PROPOSAL_NAMES = ("action", "owner", "due_on", "effect_points", "effect_tco2e")


class ProposalForm(Form):
    """What is promised."""

    action = TextAreaField(Lazy(N_("What will you do?")), render_kw={"rows": 4})
    owner = TextField(Lazy(N_("Who answers for it?")))
    due_on = TextField(Lazy(N_("Done by")))
    effect_points = TextField(Lazy(N_("Expected effect, points")), render_kw={"inputmode": "decimal"})
    effect_tco2e = TextField(Lazy(N_("Expected effect, tCO2e a year")), render_kw={"inputmode": "decimal"})


class ProgressForm(Form):
    """How far it is."""

    percent = TextField(Lazy(N_("Progress, per cent")), render_kw={"inputmode": "numeric"})
    text = TextAreaField(Lazy(N_("What was done?")), render_kw={"rows": 3})
    evidence = SelectField(Lazy(N_("Proof from your library")), validate_choice=False)


class DoneForm(Form):
    """It is done."""

    text = TextAreaField(Lazy(N_("What was achieved?")), render_kw={"rows": 3})
    evidence = SelectField(Lazy(N_("Proof from your library")), validate_choice=False)


class ReasonForm(Form):
    """Why it goes back."""

    reason = TextAreaField(Lazy(N_("Reason")), render_kw={"rows": 3})


def given_proposal(form: ProposalForm) -> dict[str, str]:
    """The text of each field as it was typed."""
    return {name: form[name].data or "" for name in PROPOSAL_NAMES}


def form_of_commitment(row: Commitment) -> ProposalForm:
    """A form that shows a commitment as it stands."""
    effects = {"effect_points": row.effect_points, "effect_tco2e": row.effect_tco2e}
    return ProposalForm(
        formdata=None,
        data={
            "action": row.action,
            "owner": row.owner,
            "due_on": row.due_on.isoformat(),
            **{name: "" if value is None else decimal_text(value) for name, value in effects.items()},
        },
    )
