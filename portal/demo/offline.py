"""A workbook that was filled in offline and waits to be looked through: something of every kind of difference."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.files.vault import Vault
from portal.operations.answer_workbook import answer_book
from portal.operations.answering import Given, save_answer
from portal.operations.keeping import kept_file
from portal.operations.scoring import open_case
from portal.operations.workbook_imports import add_workbook
from portal.reports.answer_workbook import answer_workbook
from portal.settings import Settings
from portal.store.answers import answers_of
from portal.store.assessments import Assessment
from portal.store.workbooks import WorkbookImport

FILLED_OFFLINE = ("GLS-01", "ALU-02")
# Written into the file: a changed number, one that can be read in two ways, an emptied cell, a new text.
_WRITTEN: dict[str, Any] = {"GOV-05": "2", "LAB-02": "1,234", "ETH-03": None, "OHS-03": "4.2", "SCM-04": "61"}
# Given in the portal after the download, and differently in the file.
_MEANWHILE, _THEIRS, _OURS = "LAB-07", "18", "24"


def bring_workbook(
    session: Session, vault: Vault, lead: Actor, assessment: Assessment, *, settings: Settings, now: datetime
) -> WorkbookImport:
    """Download the workbook, fill some of it in, answer one question in the portal meanwhile, and bring it back."""
    case = open_case(session, assessment)
    zone = ZoneInfo(settings.time_zone)
    book = answer_book(
        session, case, organisation=settings.organisation, locale=lead.locale, now=now, zone=zone
    )
    written = _WRITTEN | {_MEANWHILE: _OURS}
    topics = tuple(
        (
            topic,
            tuple(
                replace(line, raw=written[line.indicator.code]) if line.indicator.code in written else line
                for line in lines
            ),
        )
        for topic, lines in book.topics
    )
    data = answer_workbook(replace(book, topics=topics), lead.locale)
    stands = answers_of(session, assessment.id).get(_MEANWHILE)
    given = Given(_THEIRS, None, stands.version if stands else 0)
    later = now + timedelta(hours=2)
    save_answer(session, lead, assessment=assessment, case=case, code=_MEANWHILE, given=given, now=later)
    name = f"answers-{assessment.supplier.code}-{assessment.id}-{lead.locale}.xlsx"
    with kept_file(
        vault, name=name, stream=io.BytesIO(data), limit=settings.upload_limit, allowed=frozenset({"xlsx"})
    ) as kept:
        return add_workbook(
            session,
            lead,
            assessment=assessment,
            kept=kept,
            quota=settings.supplier_quota,
            now=later + timedelta(hours=1),
        )
