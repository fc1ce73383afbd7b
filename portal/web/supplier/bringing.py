"""Answers brought from another Upstream portal: a file is looked through, its sites matched, then carried into a draft."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.access import may
from portal.core.errors import Invalid, Refused
from portal.core.problems import Problem
from portal.files.answers_package import MOST_BYTES, AnswersPackage, read_answers_package
from portal.files.questionnaires import find_questionnaire
from portal.files.uploads import clean_name
from portal.language import N_, say
from portal.language.sentences import sentence
from portal.operations.bringing import (
    bring_answers,
    check_match,
    drop_file,
    keep_file,
    matched_by_name,
    package_in,
    sites_to_match,
    source_of_file,
)
from portal.operations.carrying import (
    DRAFT,
    Carried,
    Source,
    check_draft,
    preview_carry,
    preview_sites,
)
from portal.operations.carrying_sites import rolled_up
from portal.store.assessments import Assessment
from portal.store.brought import BroughtFile, brought_file_of
from portal.web.context import actor, db, locale, now
from portal.web.forms.evidence import place_problems
from portal.web.forms.take_away import BringForm
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.supplier.hub import mine
from portal.web.supplier.pages_carrying import preview_lines
from portal.web.supplier.pages_carrying_sites import FILE_WORDS, sites_preview

pages = Blueprint("bringing", __name__, url_prefix="/assessments/<int:assessment_id>/bring")

PREVIEW = "/preview"
_CAME_IN = N_("{carried} answers came in and wait for you to confirm them.")
_BESIDE = N_("{beside} earlier values stand beside their questions.")
_LEFT = N_("{left} were left out.")
_FIELD = re.compile(r"site-(\d{1,3})", re.ASCII)


@pages.get("")
@needs("supplier:answers:write")
def form(assessment_id: int) -> str:
    """What can be brought, and the form for it."""
    return _page(assessment_id, BringForm(formdata=None))


@pages.post("")
@needs("supplier:answers:write")
def bring(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Read a file whole and let it wait to be looked through, or say everything that is wrong with it and store nothing."""
    sent = BringForm()
    try:
        # Read before the database is opened for writing: nobody waits meanwhile.
        name, data = _uploaded(sent.file.data)
        package = read_answers_package(data, name)
        found, digest = mine(assessment_id), hashlib.sha256(data).hexdigest()
        _preview_source(found, package, name, matched_by_name(package, sites_to_match(db(), found)))
        keep_file(db(), actor(), assessment=found, package=package, name=name, sha256=digest, now=now())
    except Invalid as invalid:
        place_problems(sent, invalid.problems, "file")
        return _page(assessment_id, sent), 422
    except Refused as refusal:
        place_problems(sent, [refusal.problem], "file")
        return _page(assessment_id, sent), 409
    return redirect(url_for(".preview", assessment_id=assessment_id), 303)


@pages.get(PREVIEW)
@needs("supplier:answers:write")
def preview(assessment_id: int) -> AnyResponse | str:
    """What would become of each answer of the file that waits, with its sites matched as asked for."""
    found = mine(assessment_id)
    row = brought_file_of(db(), found.id)
    if row is None or found.state not in DRAFT:
        return redirect(url_for(".form", assessment_id=assessment_id), 302)
    match = None if request.args.get("matched") != "1" else _match(request.args.items(multi=True))
    return _preview(found, row, match)


@pages.post(PREVIEW)
@needs("supplier:answers:write")
def carry(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Carry the file's answers over as previewed, or show the preview with other sites."""
    found, match = mine(assessment_id), _match(request.form.items(multi=True))
    if "show" in request.form:
        places = {f"site-{number}": key for number, key in match.items()}
        return redirect(url_for(".preview", assessment_id=assessment_id, matched="1", **places), 303)
    row = brought_file_of(db(), found.id)
    try:
        said = _said(package_in(row), row.name) if row is not None else ""
        done = bring_answers(
            db(), actor(), assessment=found, sha256=_file(), match=match, said=said, now=now()
        )
    except (Invalid, Refused) as error:
        problems = error.problems if isinstance(error, Invalid) else [error.problem]
        status = 422 if isinstance(error, Invalid) else 409
        return _refused(assessment_id, problems), status
    _tell(done)
    if done.carried or done.at_sites:
        return redirect(url_for("supplier.carrying.confirming", assessment_id=assessment_id), 303)
    return redirect(url_for("supplier.hub.assessment", assessment_id=assessment_id), 303)


@pages.post("/set-aside")
@needs("supplier:answers:write")
def set_aside(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Take nothing of the file that waits."""
    try:
        name = drop_file(db(), actor(), assessment=mine(assessment_id), sha256=_file(), now=now())
    except Refused as refusal:
        return _refused(assessment_id, [refusal.problem]), 409
    tell(N_("“{name}” is set aside; nothing of it was taken."), name=name)
    return redirect(url_for(".form", assessment_id=assessment_id), 303)


def _uploaded(sent: object) -> tuple[str, bytes]:
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise Invalid([Problem("file_missing", "file")])
    name = clean_name(sent.filename)
    data = sent.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Invalid([Problem("upload_too_large", name, {"limit": MOST_BYTES // 1024**2})])
    return name, data


def _file() -> str:
    """The digest of the file that was seen on the page."""
    return request.form.get("file", "")[:64]


def _match(fields: Iterable[tuple[str, str]]) -> dict[int, str]:
    """Which site each site of the file is, from fields site-<place in the file>; an empty one stays behind."""
    found = {}
    for name, key in fields:
        place = _FIELD.fullmatch(name)
        if place is not None and key:
            found[int(place[1])] = key
    return found


def _said(package: AnswersPackage, name: str) -> str:
    said = " · ".join(part for part in (name, package.round) if part)
    return say(locale(), N_("file {name}"), name=said)[:200]


def _preview_source(found: Assessment, package: AnswersPackage, name: str, match: dict[int, str]) -> Source:
    """The file as a source whose way into this draft is known. Raises as `check_match` and `preview_sites`."""
    sites = sites_to_match(db(), found)
    check_match(package, match, sites)
    source = source_of_file(package, match, sites, _said(package, name))
    preview_sites(db(), assessment=found, source=source)
    return source


def _tell(carried: Carried) -> None:
    left = len(carried.dropped) + len(set(carried.kept) - set(carried.beside))
    if carried.carried or not (carried.beside or left or carried.at_sites):
        tell(_CAME_IN, carried=len(carried.carried))
    if carried.beside:
        tell(_BESIDE, beside=len(carried.beside))
    if left:
        tell(_LEFT, left=left)
    if carried.at_sites:
        tell(
            N_("{count} answers of {sites} are carried over with them, to be confirmed."),
            count=sum(len(codes) for codes in carried.at_sites.values()),
            sites=say(locale(), N_(", ")).join(sorted(carried.at_sites)),
        )


def _preview(
    found: Assessment,
    row: BroughtFile,
    match: dict[int, str] | None,
    problems: list[Problem] | None = None,
) -> str:
    package, sites = package_in(row), sites_to_match(db(), found)
    chosen = matched_by_name(package, sites) if match is None else match
    wrong = list(problems or [])
    try:
        source = _preview_source(found, package, row.name, chosen)
    except Invalid as invalid:
        wrong += [one for one in invalid.problems if one not in wrong]
        chosen = matched_by_name(package, sites)
        source = _preview_source(found, package, row.name, chosen)
    may_choose = may(actor(), "supplier:sites:choose")
    plan = preview_sites(db(), assessment=found, source=source, may_choose=may_choose)
    steps = preview_carry(db(), assessment=found, source=source, may_choose=may_choose)
    older, newer = find_questionnaire(source.questionnaire), find_questionnaire(found.questionnaire)
    rolled = dict.fromkeys(rolled_up(source, plan, older), len(source.sites))
    return render_template(
        "supplier/take_away/bring_preview.html",
        assessment=found,
        row=row,
        package=package,
        of_another=bool(package.supplier) and package.supplier.casefold() != found.supplier.name.casefold(),
        sites=sites,
        match=chosen,
        plan=sites_preview(plan, locale(), FILE_WORDS),
        lines=preview_lines(steps, older, newer, locale(), rolled),
        problem_lines=[(sentence(locale(), one), "sites" if package.sites else "") for one in wrong],
    )


def _refused(assessment_id: int, problems: list[Problem]) -> str:
    """The preview of what waits now, with what was wrong; without a file the form."""
    found = mine(assessment_id)
    row = brought_file_of(db(), found.id)
    if row is not None and found.state in DRAFT:
        # Another file waits now: what was chosen for the one before says nothing about it.
        gone = any(one.code == "brought_gone" for one in problems)
        return _preview(found, row, None if gone else _match(request.form.items(multi=True)), problems)
    form = BringForm(formdata=None)
    place_problems(form, problems, "file")
    return _page(assessment_id, form)


def _page(assessment_id: int, form: BringForm) -> str:
    found = mine(assessment_id)
    locked: Problem | None = None
    try:
        check_draft(found)
    except Refused as refusal:
        locked = refusal.problem
    return render_template(
        "supplier/take_away/bring.html",
        assessment_id=found.id,
        round=found.round.name,
        locked=locked,
        form=form,
        waiting=brought_file_of(db(), found.id),
        megabytes=MOST_BYTES // 1024**2,
    )
