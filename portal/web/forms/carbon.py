"""The form that brings a carbon file in."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from portal.language import N_
from portal.web.forms.base import Form, Lazy

KIND_WORDS = {
    "footprints": N_("Product carbon footprints"),
    "inventory": N_("Company greenhouse gas inventory"),
}


class CarbonForm(Form):
    """Which of the two tables, and the file."""

    kind = RadioField(
        Lazy(N_("What does the file hold?")),
        choices=[SelectChoice(key, Lazy(words)) for key, words in KIND_WORDS.items()],
        validate_choice=False,
    )
    file = FileField(Lazy(N_("File")), render_kw={"accept": ".csv,.xlsx,.json"})
