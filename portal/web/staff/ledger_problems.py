"""All problems of a check as CSV: row, column, what was found, what is wrong in words."""

from __future__ import annotations

import csv
import io

from flask import Response

from portal.core.problems import Problem
from portal.files.vault import Vault
from portal.language import N_, say
from portal.reports.csv_out import neutral_rows
from portal.store.ledgers import LedgerIntake
from portal.web.downloads import send_bytes
from portal.web.staff.pages_estimates import in_place

# the mark by which Excel knows UTF-8
BOM = b"\xef\xbb\xbf"
COLUMNS = (N_("Row"), N_("Column"), N_("Found"), N_("What is wrong"))


def problems_file(vault: Vault, intake: LedgerIntake, locale: str) -> Response:
    """The problems the check kept (the first 100,000 where there are more), text that a program would compute neutralised."""
    rows: list[tuple[str, ...]] = []
    with vault.open(intake.problems_key) as stored:
        for code, where, *pairs in csv.reader(io.TextIOWrapper(stored, "utf-8", newline="")):
            values = dict(pair.split("=", 1) for pair in pairs)
            parts = where.rsplit(":", 2)
            row, column = (parts[-2], parts[-1]) if len(parts) == 3 else (parts[-1], "")
            rows.append(
                (row, column, values.get("found", ""), in_place(locale, Problem(code, where, values)))
            )
    header = [say(locale, words) for words in COLUMNS]
    return send_bytes(BOM + neutral_rows(header, rows), "problems.csv", "text/csv")
