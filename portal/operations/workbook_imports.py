"""Filled workbooks come back: kept, looked through, taken over answer by answer or set aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.workbook.identity import mismatch
from portal.files.answer_workbooks import AnswerWorkbook, read_answer_workbook
from portal.files.uploads import clean_name
from portal.files.vault import Vault
from portal.operations.answer_workbook import identity_of
from portal.operations.answering import Given, save_answer, save_site_answer
from portal.operations.journal import note
from portal.operations.keeping import Kept, check_quota
from portal.operations.scoring import Case, open_case
from portal.operations.workbook_judging import ASKED, TAKEABLE, Difference, judge, with_closed
from portal.store.assessments import Assessment, hold
from portal.store.site_answers import AnyAnswer, SiteAnswers
from portal.store.workbooks import ImportedAnswer, WorkbookImport, imported_answers_of

MOST_PLACES = 200


@dataclass(frozen=True)
class TakenOver:
    """What became of the answers a person wanted: row keys stored, and those left as they are because a colleague was
    faster, or because the question is not asked with the answers that were taken. `finished`: nothing is left to
    decide."""

    stored: tuple[str, ...]
    overtaken: tuple[str, ...]
    closed: tuple[str, ...]
    finished: bool


def read_for(session: Session, case: Case, data: bytes, name: str) -> AnswerWorkbook:
    """The workbook in `data`, if it was downloaded for this very assessment. Changes nothing.

    Raises Invalid: those of `read_answer_workbook`, workbook_other_company, workbook_other_round,
    workbook_other_version, workbook_other_assessment.
    """
    book = read_answer_workbook(data, name)
    _check_belongs(case, book, name)
    return book


def _check_belongs(case: Case, book: AnswerWorkbook, name: str) -> None:
    here = identity_of(case, {}, SiteAnswers(), locale="en", now=case.assessment.invited_at)
    wrong = mismatch(book.identity, here, clean_name(name))
    if wrong is not None:
        raise Invalid([wrong])


def add_workbook(
    session: Session, actor: Actor, *, assessment: Assessment, kept: Kept, quota: int, now: datetime
) -> WorkbookImport:
    """Note a kept workbook as waiting to be looked through; no answer is stored. Raises Refused("quota_full")."""
    if actor.supplier_id is None or assessment.supplier_id != actor.supplier_id:
        raise NotFound
    check_quota(session, actor.supplier_id, size=kept.upload.size, quota=quota)
    row = WorkbookImport(
        assessment_id=assessment.id,
        state="waiting",
        vault_key=kept.key,
        name=kept.upload.name,
        size=kept.upload.size,
        sha256=kept.upload.sha256,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, actor, "workbook.uploaded", row, assessment, now)
    return row


def read_workbook(session: Session, vault: Vault, row: WorkbookImport, case: Case) -> AnswerWorkbook:
    """The workbook read anew from the vault. Raises as `read_for`, and as `Vault.open`."""
    with vault.open(row.vault_key, row.sha256) as stream:
        data = stream.read()
    return read_for(session, case, data, row.name)


def take_over(
    session: Session,
    actor: Actor,
    *,
    row: WorkbookImport,
    book: AnswerWorkbook,
    wanted: Mapping[str, int],
    sites_seen: Collection[int],
    now: datetime,
) -> TakenOver:
    """Store the wanted answers of a waiting workbook, judged again against what stands now.

    `wanted` holds, by row key, the version of the answer the person saw on the preview. New and changed answers are
    stored while nobody has answered since the download; conflicts and emptied answers while they still have the
    version seen. `sites_seen` are the sites (ids) the preview was worked out with: other sites make other answers count
    and other questions open, so nothing is stored then. Raises Refused (workbook_nothing_wanted, workbook_taken,
    workbook_discarded, workbook_sites_changed, locked_…) and Invalid as `read_for`, where the draft moved meanwhile.
    """
    _hold_waiting(session, row)
    if not wanted:
        raise Refused("workbook_nothing_wanted")
    case = _hold_case(session, row)
    if case.assessment.state not in EDITABLE:
        raise Refused(f"locked_{case.assessment.state}")
    _check_belongs(case, book, row.name)
    if set(sites_seen) != site_ids(case):
        raise Refused("workbook_sites_changed")
    seen = [one for one in judge(session, case, book).differences if one.key in wanted]
    ready = [
        one
        for one in seen
        if one.group in TAKEABLE or (one.group in ASKED and one.version == wanted[one.key])
    ]
    stored: list[str] = []
    closed: list[str] = []
    overtaken = [one.key for one in seen if one not in ready and one.group in ASKED]
    for one in list(with_closed(case, ready, {one.key for one in ready})):
        if one.group == "closed":
            closed.append(one.key)
        elif _store(session, actor, row, case, one, now):
            stored.append(one.key)
        else:
            overtaken.append(one.key)
    session.flush()
    if stored:
        _note(session, actor, "workbook.taken", row, case.assessment, now, len(stored))
    finished = not _left(session, case.assessment, book)
    if finished and imported_answers_of(session, row.id):
        _decide(session, row, "taken", now)
    return TakenOver(tuple(stored), tuple(overtaken), tuple(closed), finished)


def site_ids(case: Case) -> frozenset[int]:
    """The sites a case is answered for, by id; none for the company as a whole."""
    return frozenset(case.sites.ids.values()) if case.sites else frozenset()


def _hold_case(session: Session, row: WorkbookImport) -> Case:
    """The case as it stands; its state, version and sites cannot change until this change is committed."""
    assessment = session.get_one(Assessment, row.assessment_id)
    hold(session, assessment)
    return open_case(session, assessment)


def set_aside(
    session: Session, actor: Actor, *, row: WorkbookImport, assessment: Assessment, now: datetime
) -> WorkbookImport:
    """Take nothing more from a waiting workbook. One of which nothing stands is discarded: the caller deletes its
    bytes once the change is committed. Raises Refused (workbook_taken, workbook_discarded)."""
    _hold_waiting(session, row)
    if imported_answers_of(session, row.id):
        _decide(session, row, "taken", now)
    else:
        _decide(session, row, "discarded", now)
        _note(session, actor, "workbook.discarded", row, assessment, now)
    return row


def _store(
    session: Session, actor: Actor, row: WorkbookImport, case: Case, one: Difference, now: datetime
) -> bool:
    """Store one answer with its trace; False where a colleague was faster."""
    given = Given(one.given.raw, one.given.unit, one.version)
    answer: AnyAnswer | None
    try:
        if one.site_id is None:
            answer = save_answer(
                session, actor, assessment=case.assessment, case=case, code=one.code, given=given, origin="imported",
                now=now,
            )  # fmt: skip
        else:
            answer = save_site_answer(
                session, actor, assessment=case.assessment, case=case, site_id=one.site_id, code=one.code, given=given,
                origin="imported", now=now,
            )  # fmt: skip
    except Conflict:
        return False
    if answer is not None:
        trace = ImportedAnswer(
            import_id=row.id,
            row_key=one.key,
            version=answer.version,
            cells=list(one.places[:MOST_PLACES]),
            taken_by_id=actor.user_id,
            taken_at=now,
        )
        session.add(trace)
    return True


def _left(session: Session, assessment: Assessment, book: AnswerWorkbook) -> bool:
    """Whether anything that can be taken over is still undecided."""
    case = open_case(session, assessment)
    still = with_closed(case, judge(session, case, book).differences)
    return any(one.group in (*TAKEABLE, *ASKED) for one in still)


def _hold_waiting(session: Session, row: WorkbookImport) -> None:
    """Keep the row until this change is committed; of two clicks, the second sees what the first decided."""
    session.refresh(row, ["state"], with_for_update=True)
    if row.state != "waiting":
        raise Refused(f"workbook_{row.state}")


def _decide(session: Session, row: WorkbookImport, state: str, now: datetime) -> None:
    row.state, row.decided_at = state, now
    session.flush()


def _note(
    session: Session,
    actor: Actor,
    action: str,
    row: WorkbookImport,
    assessment: Assessment,
    now: datetime,
    answers: int | None = None,
) -> None:
    details: dict[str, object] = {"sha256": row.sha256}
    if answers is not None:
        details["answers"] = answers
    note(
        session,
        actor,
        action,
        thing="workbook_import",
        thing_id=row.id,
        supplier_id=assessment.supplier_id,
        details=details,
        now=now,
    )
