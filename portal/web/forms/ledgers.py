"""The form a ledger is uploaded with. The form of its columns is made from the file and read field by field."""

from __future__ import annotations

from flask_wtf.file import FileField

from portal.language import N_
from portal.web.forms.base import Form, Lazy, required


class LedgerForm(Form):
    """A purchase ledger to load."""

    file = FileField(
        Lazy(N_("Ledger file (CSV, XLSX or Parquet)")), [required(N_("Choose the file to load."))]
    )
