"""Forms for rounds and for adding suppliers to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    HiddenField,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import StopValidation

from portal.language import N_, say
from portal.web.context import locale
from portal.web.forms.base import Form, Lazy, TextField, at_most, required


class DayField(DateField):
    """A calendar day, as the browser's day picker sends it or as typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.raw_data = [text]
        self.data = None
        if not text:
            return
        try:
            self.data = date.fromisoformat(text)
        except ValueError:
            raise ValueError(say(locale(), N_("Write a day as YYYY-MM-DD, for example 2026-12-31.")))


class ChoiceField(SelectField):
    """One of a list, refused in our own words when it is none of them."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in {value for value, _label, *_rest in self.iter_choices()}:
            raise ValidationError(say(locale(), N_("Choose one from the list.")))


def day_given(message: str) -> Callable[[Any, Field], None]:
    """Refuse an empty day with `message`; a day that cannot be read has its own message already."""

    def check(_form: Any, field: Field) -> None:
        if field.process_errors:
            raise StopValidation
        if field.data is None:
            raise StopValidation(say(locale(), message))

    check.field_flags = {"required": True}  # type: ignore[attr-defined]  # read by WTForms
    return check


class RoundForm(Form):
    """What a round is: name, questionnaire version, period and deadline."""

    name = TextField(Lazy(N_("Name of the round")), [required(N_("Give the round a name.")), at_most(120)])
    questionnaire = ChoiceField(Lazy(N_("Questionnaire version")))
    trial = BooleanField(Lazy(N_("Trial round, to try out a questionnaire")))
    period_start = DayField(Lazy(N_("Reporting period from")), [day_given(N_("Write the first day."))])
    period_end = DayField(Lazy(N_("Reporting period to")), [day_given(N_("Write the last day."))])
    deadline_on = DayField(Lazy(N_("Deadline for suppliers")), [day_given(N_("Write the deadline."))])


class DeadlineForm(Form):
    """A later deadline and why."""

    deadline_on = DayField(Lazy(N_("New deadline")), [day_given(N_("Write the new deadline."))])
    reason = TextAreaField(Lazy(N_("Reason")), [required(N_("Write the reason."))])


class KnownSupplierForm(Form):
    """A supplier that is on file already; `short` asks it the short set only."""

    supplier = ChoiceField(Lazy(N_("Supplier")))
    email = TextField(Lazy(N_("E-mail of the lead")), [at_most(254)])
    short = BooleanField(Lazy(N_("Ask the short set only")))


class ListForm(Form):
    """A list of suppliers as a file."""

    file = FileField(Lazy(N_("List of suppliers (CSV or XLSX)")))


class AcceptForm(Form):
    """The list that was previewed, as plain rows."""

    rows = HiddenField()
