"""The form that brings a filled workbook back."""

from __future__ import annotations

from flask_wtf.file import FileField

from portal.language import N_
from portal.web.forms.base import Form, Lazy


class WorkbookForm(Form):
    """A filled workbook."""

    file = FileField(Lazy(N_("Filled workbook")), render_kw={"accept": ".xlsx"})
