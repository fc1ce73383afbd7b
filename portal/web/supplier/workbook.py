"""The assessment as a workbook: download it, bring it back filled in, look through the differences, take them over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.problems import Problem
from portal.core.workbook.cells import code_of, site_of
from portal.files.answer_workbooks import AnswerWorkbook
from portal.files.uploads import LIMIT, MEDIA_TYPES, judge_upload
from portal.language import LOCALES, N_, say
from portal.language.sentences import sentence
from portal.operations.answer_workbook import workbook_bytes
from portal.operations.keeping import kept_file
from portal.operations.scoring import Case, open_case
from portal.operations.workbook_imports import (
    TakenOver,
    add_workbook,
    read_for,
    read_workbook,
    set_aside,
    site_ids,
    take_over,
)
from portal.operations.workbook_judging import Judged, judge, with_closed
from portal.store.assessments import Assessment, assessment_of
from portal.store.engine import reading
from portal.store.site_answers import chosen_sites
from portal.store.workbooks import (
    WorkbookImport,
    imported_answers_of,
    workbook_import_of,
    workbook_imports_of,
)
from portal.web.context import actor, after_commit, db, locale, now, site, tenant, zone
from portal.web.downloads import send_bytes
from portal.web.forms.evidence import place_problems
from portal.web.forms.workbook import WorkbookForm
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.supplier.answering import saved_words
from portal.web.supplier.hub import locked_words, mine
from portal.web.supplier.pages_workbook import DifferenceGroup, PreviewPage, groups_of, notes_of, trace_lines
from portal.web.waiting_files import as_uploaded

pages = Blueprint("workbook", __name__, url_prefix="/assessments/<int:assessment_id>/workbook")

ONE = "/files/<int:import_id>"
XLSX = frozenset({"xlsx"})


@pages.get("")
@needs("supplier:answers:write")
def workbook(assessment_id: int) -> str:
    """Download, how it works, the form for a filled workbook, and those brought so far."""
    return _page(mine(assessment_id), WorkbookForm(formdata=None))


@pages.get("/answers-<language>.xlsx")
@needs("supplier:answers:write")
def download(assessment_id: int, language: str) -> AnyResponse:
    """The answers as they stand, as a workbook in one of the languages."""
    if language not in LOCALES:
        raise NotFound
    found = mine(assessment_id)
    organisation = site().settings.organisation
    data = workbook_bytes(
        db(), open_case(db(), found), organisation=organisation, locale=language, now=now(), zone=zone()
    )
    name = f"answers-{found.supplier.code}-{found.id}-{now().astimezone(zone()):%Y%m%d-%H%M}-{language}.xlsx"
    return send_bytes(data, name, MEDIA_TYPES["xlsx"])


@pages.post("")
@needs("supplier:answers:write")
def upload(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Keep a filled workbook that can be read and belongs here, and show its differences; no answer is stored yet."""
    form = WorkbookForm()
    sent = form.file.data
    try:
        _still_open(assessment_id)
        if not isinstance(sent, FileStorage) or not sent.filename:
            raise Invalid([Problem("file_missing", "file")])
        _look(assessment_id, sent)
        settings = site().settings
        with kept_file(
            site().vault,
            name=sent.filename,
            stream=sent.stream,
            limit=settings.upload_limit,
            allowed=XLSX,
        ) as kept:
            row = add_workbook(
                db(),
                actor(),
                assessment=mine(assessment_id),
                kept=kept,
                quota=settings.supplier_quota,
                now=now(),
            )
            db().commit()
    except Invalid as invalid:
        place_problems(form, invalid.problems, "file")
        return _page(mine(assessment_id), form), 422
    except Refused as refusal:
        place_problems(form, [refusal.problem], "file")
        return _page(mine(assessment_id), form), 422
    return redirect(url_for(".preview", assessment_id=assessment_id, import_id=row.id), 303)


@pages.get(ONE)
@needs("supplier:answers:write")
def preview(assessment_id: int, import_id: int) -> str:
    """One filled workbook: every difference from what stands, and what was taken from it."""
    return _preview(_mine(assessment_id, import_id))


@pages.post(f"{ONE}/take")
@needs("supplier:answers:write")
def take(assessment_id: int, import_id: int) -> AnyResponse | tuple[str, int]:
    """Take the ticked answers over; the file is read again and judged against what stands now."""
    try:
        book = _book(assessment_id, import_id)
        row = _mine(assessment_id, import_id)
        done = take_over(
            db(), actor(), row=row, book=book, wanted=_wanted(), sites_seen=_sites_seen(), now=now()
        )
    except (Invalid, Refused) as error:
        db().rollback()
        refuse(error.problems[0] if isinstance(error, Invalid) else error.problem)
        return _preview(_mine(assessment_id, import_id)), 409 if isinstance(error, Refused) else 422
    _tell_done(done, _sites(assessment_id))
    if done.finished:
        return redirect(url_for("supplier.workbook.workbook", assessment_id=assessment_id), 303)
    return redirect(url_for(".preview", assessment_id=assessment_id, import_id=import_id), 303)


@pages.post(f"{ONE}/set-aside")
@needs("supplier:answers:write")
def leave(assessment_id: int, import_id: int) -> AnyResponse | tuple[str, int]:
    """Take nothing more from a workbook; the bytes of one that left no trace go."""
    row = _mine(assessment_id, import_id)
    try:
        set_aside(db(), actor(), row=row, assessment=row.assessment, now=now())
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return _preview(_mine(assessment_id, import_id)), 409
    if row.state == "discarded":
        key, vault = row.vault_key, site().vault
        after_commit(lambda: vault.delete(key))
        tell(N_("“{name}” is discarded. Nothing of it was stored."), name=row.name)
    else:
        tell(N_("The rest of “{name}” is set aside. What was taken over stands."), name=row.name)
    return redirect(url_for("supplier.workbook.workbook", assessment_id=assessment_id), 303)


@pages.get(f"{ONE}/file")
@needs("supplier:answers:write")
def file(assessment_id: int, import_id: int) -> AnyResponse:
    """The workbook as it was uploaded."""
    return as_uploaded(_mine(assessment_id, import_id))


def _still_open(assessment_id: int) -> None:
    """Refuse a file for answers that are locked, before anything is read. Looks without holding the write lock."""
    with reading(site().engine) as session:
        found = assessment_of(session, tenant(), assessment_id)
        if found is None:
            raise NotFound
        if found.state not in EDITABLE:
            raise Refused(f"locked_{found.state}")


def _look(assessment_id: int, sent: FileStorage) -> None:
    """Refuse a file that cannot be read or belongs elsewhere, without holding the write lock."""
    stream = sent.stream
    upload = judge_upload(sent.filename or "", stream, min(site().settings.upload_limit, LIMIT), XLSX)
    stream.seek(0)
    data = stream.read()
    stream.seek(0)
    with reading(site().engine) as session:
        found = assessment_of(session, tenant(), assessment_id)
        if found is None:
            raise NotFound
        read_for(session, open_case(session, found), data, upload.name)


def _book(assessment_id: int, import_id: int) -> AnswerWorkbook:
    """A waiting workbook, read anew from the vault without holding the write lock."""
    with reading(site().engine) as session:
        row = workbook_import_of(session, tenant(), import_id)
        if row is None or row.assessment_id != assessment_id:
            raise NotFound
        if row.state != "waiting":
            raise Refused(f"workbook_{row.state}")
        return read_workbook(session, site().vault, row, open_case(session, row.assessment))


def _wanted() -> dict[str, int]:
    """The ticked row keys with the version of the answer that the page showed."""
    found = {}
    for key in request.form.getlist("take"):
        version = request.form.get(f"seen-{key}", "")
        if re.fullmatch(r"\d{1,9}", version, re.ASCII):
            found[key] = int(version)
    return found


def _sites_seen() -> frozenset[int]:
    """The sites that the page was made with."""
    named = request.form.get("sites", "").split(",")
    return frozenset(int(one) for one in named if re.fullmatch(r"\d{1,9}", one, re.ASCII))


def _tell_done(done: TakenOver, sites: Mapping[str, str]) -> None:
    if len(done.stored) == 1:
        tell(N_("1 answer is taken over."))
    elif done.stored:
        tell(N_("{count} answers are taken over."), count=len(done.stored))
    if done.overtaken:
        codes = _listed(done.overtaken, sites)
        tell(N_("Left as they are, because a colleague answered meanwhile: {codes}."), codes=codes)
    if done.closed:
        codes = _listed(done.closed, sites)
        tell(
            N_("Left out, because these questions are not asked with the answers taken over: {codes}."),
            codes=codes,
        )


def _listed(keys: Iterable[str], sites: Mapping[str, str]) -> str:
    return say(locale(), N_(", ")).join(
        f"{code_of(key)} {sites.get(site_of(key), '')}".strip() for key in keys
    )


def _sites(assessment_id: int) -> dict[str, str]:
    """The names of all sites that are or were in the assessment, by number."""
    return {str(one.id): one.name for one in chosen_sites(db(), assessment_id)}


def _page(found: Assessment, form: WorkbookForm) -> str:
    return render_template(
        "supplier/workbook/workbook.html",
        assessment_id=found.id,
        round=found.round.name,
        locked=locked_words(found),
        form=form,
        imports=workbook_imports_of(db(), found.id),
        megabytes=site().settings.upload_limit // (1024 * 1024),
    )


def _preview(row: WorkbookImport) -> str:
    found = row.assessment
    case = open_case(db(), found)
    judged, groups, refused = _differences(row, case) if row.state == "waiting" else (None, (), ())
    page = PreviewPage(
        assessment_id=found.id,
        round=found.round.name,
        upload=row,
        groups=groups,
        unchanged=judged.unchanged if judged else 0,
        notes=notes_of(judged, locale()) if judged else (),
        refused=refused,
        locked=locked_words(found),
        sites=",".join(str(number) for number in sorted(site_ids(case))),
        taken=trace_lines(case, imported_answers_of(db(), row.id), _sites(found.id), locale()),
    )
    return render_template("supplier/workbook/preview.html", seen=page)


def _differences(
    row: WorkbookImport, case: Case
) -> tuple[Judged | None, tuple[DifferenceGroup, ...], tuple[str, ...]]:
    """What the file would change, group by group; or the reasons for which it cannot be read any more."""
    try:
        book = read_workbook(db(), site().vault, row, case)
    except Invalid as invalid:
        return None, (), tuple(sentence(locale(), problem) for problem in invalid.problems)
    judged = judge(db(), case, book)
    groups = groups_of(case, with_closed(case, judged.differences), saved_words, locale())
    return judged, groups, ()


def _mine(assessment_id: int, import_id: int) -> WorkbookImport:
    row = workbook_import_of(db(), tenant(), import_id)
    if row is None or row.assessment_id != assessment_id:
        raise NotFound
    return row
