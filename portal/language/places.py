"""Places in an answer, as problems name them, in the reader's language."""

from __future__ import annotations

import re

from portal.language.catalogue import say
from portal.language.marker import N_

_CELL = re.compile(r"(\S+) row (\d+)(?:, column (\S+))?", re.ASCII)


def place(locale: str, where: str) -> str:
    """A cell of a table ("CDS-03 row 2, column year") in words; every other place stays as it is."""
    match = _CELL.fullmatch(where)
    if match is None:
        return where
    indicator, row, column = match.groups()
    if column is None:
        return say(locale, N_("{indicator} row {row}"), indicator=indicator, row=row)
    return say(
        locale, N_("{indicator} row {row}, column {column}"), indicator=indicator, row=row, column=column
    )
