"""Forms of the factor library: a table to bring in, a mapping to decide, a material to add."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from portal.language import N_
from portal.web.forms.base import Form, Lazy, TextField

KINDS = {
    "factors": N_("Emission factors of our own"),
    "rates": N_("Exchange rates"),
    "prices": N_("US price level"),
}
CONFIDENCES = {
    "exact": N_("exact: the factor is of this material"),
    "proxy": N_("stands in: a similar material"),
    "poor": N_("poor: better than nothing"),
}


class TableForm(Form):
    """A file, what it holds, and for factors the name of the own table."""

    kind = RadioField(
        Lazy(N_("What does the file hold?")),
        choices=[SelectChoice(key, Lazy(words)) for key, words in KINDS.items()],
        validate_choice=False,
    )
    table = TextField(Lazy(N_("Name of the table (factors only)")))
    file = FileField(Lazy(N_("File")), render_kw={"accept": ".csv,.xlsx"})


class AcceptForm(Form):
    """Whether a new version is used at once, and why it was made."""

    note = TextField(Lazy(N_("What is new in it, and why")))
    use = BooleanField(Lazy(N_("Use this version in new estimates from now on")))


class MappingForm(Form):
    """What serves a material. The factors are ticked on the page."""

    sector = TextField(Lazy(N_("Sector for purchases known by money only (NAICS 2017)")))
    confidence = SelectField(
        Lazy(N_("How well does it stand for the material?")),
        choices=[SelectChoice(key, Lazy(words)) for key, words in CONFIDENCES.items()],
        validate_choice=False,
    )
    note = TextAreaField(Lazy(N_("Why")))


class MaterialForm(Form):
    """A material of the organisation's own."""

    key = TextField(Lazy(N_("Key, as in purchase lines")))
    name_en = TextField(Lazy(N_("Name in English")))
    name_zh = TextField(Lazy(N_("Name in Chinese")))
