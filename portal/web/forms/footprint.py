"""Forms of the inventory frame, the target and what-ifs. Judging what was written is the operations' work."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf.file import FileField
from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice

from portal.core.problems import Problem
from portal.language import N_
from portal.web.forms.base import Form, Lazy, TextField
from portal.web.messages import in_words

OWN, EXAMPLE = "own", "example"
LEVEL_WORDS = {
    "reasonable": N_("Reasonable assurance"),
    "limited": N_("Limited assurance"),
    "not_stated": N_("Level not stated"),
}
COVER_WORDS = {"scope1": N_("Scope 1"), "scope2": N_("Scope 2"), "scope3": N_("Scope 3")}
PATH_WORDS = {
    "linear": N_("Linear: the same amount every year"),
    "constant_rate": N_("Constant rate: the same share of the year before"),
}


class YearForm(Form):
    """A year to open."""

    year = TextField(Lazy(N_("Year")), render_kw={"inputmode": "numeric"})


class FigureForm(Form):
    """One figure; `base` is the version the person saw."""

    value = TextField(Lazy(N_("Value")), render_kw={"inputmode": "decimal"})
    unit = SelectField(Lazy(N_("Unit")), validate_choice=False)
    source = TextField(Lazy(N_("Source")))
    note = TextAreaField(Lazy(N_("Note")), render_kw={"rows": 2})
    base = HiddenField()


class BackForm(Form):
    """Why a figure is taken back."""

    note = TextAreaField(Lazy(N_("Reason")), render_kw={"rows": 2})
    base = HiddenField()


class EstimateForm(Form):
    """Which estimate stands for category 1."""

    estimate = SelectField(Lazy(N_("Estimate")), validate_choice=False)
    base = HiddenField()


class FrameFileForm(Form):
    """A file with figures, and whose they are."""

    whose = RadioField(
        Lazy(N_("Whose figures are these?")),
        choices=[
            SelectChoice(OWN, Lazy(N_("Our own"))),
            SelectChoice(EXAMPLE, Lazy(N_("A published example"))),
        ],
        validate_choice=False,
    )
    subject = TextField(Lazy(N_("Who published them")))
    source = TextField(Lazy(N_("Where they were published")))
    file = FileField(Lazy(N_("File (CSV or XLSX)")), render_kw={"accept": ".csv,.xlsx"})


class StatementForm(Form):
    """A verification statement."""

    covers = SelectMultipleField(Lazy(N_("What it covers")), validate_choice=False)
    standard = TextField(Lazy(N_("Standard")))
    level = SelectField(Lazy(N_("Level of assurance")), validate_choice=False)
    verifier = TextField(Lazy(N_("Verified by")))
    number = TextField(Lazy(N_("Number of the statement")))
    issued_on = TextField(Lazy(N_("Date of the statement")))
    file = FileField(Lazy(N_("The statement as a file")), render_kw={"accept": ".pdf,.png,.jpg,.jpeg"})


class TargetForm(Form):
    """A target; `base` is the version the person saw."""

    base_year = TextField(Lazy(N_("Base year")), render_kw={"inputmode": "numeric"})
    base_value = TextField(
        Lazy(N_("Category 1 in the base year, tCO2e per MWp")), render_kw={"inputmode": "decimal"}
    )
    target_year = TextField(Lazy(N_("Target year")), render_kw={"inputmode": "numeric"})
    reduction = TextField(Lazy(N_("Reduction, per cent")), render_kw={"inputmode": "decimal"})
    path = RadioField(
        Lazy(N_("How the years between are counted")),
        choices=[SelectChoice(key, Lazy(words)) for key, words in PATH_WORDS.items()],
        validate_choice=False,
    )
    source = TextField(Lazy(N_("Where the target was decided")))
    note = TextAreaField(Lazy(N_("Note")), render_kw={"rows": 2})
    base = HiddenField()


def place(form: Form, problems: Iterable[Problem], otherwise: str) -> None:
    """Show each problem beside the field its `where` names, all others beside `otherwise`, without naming the field again."""
    for problem in problems:
        field: Field = form[problem.where if problem.where in form else otherwise]
        field.errors = [*field.errors, without_place(problem)]


def without_place(problem: Problem) -> str:
    """A problem in words that stands beside its field: the place in front is left out."""
    (words,) = in_words([Problem(problem.code, "", problem.values)])
    text = words.lstrip(":： ")
    return text[:1].upper() + text[1:]


def version_of(field: Field) -> int:
    """The version a hidden field names; −1, which never stands, for anything else."""
    text = field.data or ""
    return int(text[:9]) if text.isascii() and text.isdigit() else -1
