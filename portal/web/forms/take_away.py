"""The form that brings answers from another portal."""

from __future__ import annotations

from flask_wtf.file import FileField

from portal.language import N_
from portal.web.forms.base import Form, Lazy


class BringForm(Form):
    """A file of answers of a take-away package."""

    file = FileField(
        Lazy(N_("File of answers (answers.json)")), render_kw={"accept": ".json,application/json"}
    )
