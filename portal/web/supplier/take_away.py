"""Take-away: what a supplier takes home of one assessment, file by file or all at once."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Refused
from portal.core.lifecycle import EDITABLE, is_expired
from portal.core.problems import Problem
from portal.core.questionnaire.references import FRAMEWORKS
from portal.files.uploads import MEDIA_TYPES
from portal.language import N_, forms
from portal.operations.answer_workbook import workbook_bytes
from portal.operations.judging import submissions_of
from portal.operations.scoring import open_case
from portal.operations.take_away import (
    EvidenceFile,
    Home,
    answers_json,
    check_bounds,
    evidence_files,
    evidence_parts,
    evidence_rows,
    home_of,
    map_rows,
    part,
    question_rows,
    score_file,
    score_json_bytes,
)
from portal.reports.archive import MANIFEST, Part, write_archive
from portal.reports.scorecard_pdf import scorecard_pdf
from portal.reports.take_away import (
    About,
    evidence_csv,
    evidence_xlsx,
    read_me,
    references_csv,
    references_xlsx,
    score_xlsx,
)
from portal.store.assessments import Assessment
from portal.web.context import actor, db, locale, now, site, today, zone
from portal.web.downloads import send_bytes, send_stream
from portal.web.guard import needs
from portal.web.scorecards import scorecard_of
from portal.web.supplier.hub import mine
from portal.web.supplier.receipts import receipt_bytes
from portal.web.words import STATE_WORDS

pages = Blueprint("take_away", __name__, url_prefix="/assessments/<int:assessment_id>/take-away")

ZIP = "application/zip"
# Larger packages are put together on disk.
IN_MEMORY = 8 * 1024 * 1024
# What each part of the package is, as it stands on the page and in the read-me.
WORDS = {
    "answers.xlsx": N_("Your answers as a workbook, question by question, with options and help."),
    "answers.json": N_(
        "Your answers for programs; another Upstream portal reads this file as answers to confirm."
    ),
    "references.xlsx": N_(
        "Map to GRI, RBA, SAQ 5.0, EcoVadis and SSI: which question stands where, with your answer."
    ),
    "references.csv": N_("The same map as CSV, one row per reference."),
    "score.xlsx": N_("Score sheet: every topic and question with points and reason."),
    "score.json": N_("The same score for programs."),
    "scorecard.pdf": N_("The scorecard the buyer released."),
    "receipts/": N_(
        "The receipt of each time the assessment was sent, with the fingerprint of what was sent."
    ),
    "evidence/index.xlsx": N_("Index of the files behind your answers, with issuer, period and fingerprint."),
    "evidence/index.csv": N_("The same index as CSV."),
    "evidence/": N_("The files themselves, under their own names."),
    MANIFEST: N_("Every file of the package with its size and SHA-256."),
}


@dataclass(frozen=True)
class TakeAwayPage:
    """What can be taken home now. `size` in bytes of `files` files behind the answers; `receipts` are the numbers
    of what was sent; `problem` says why there is no
    package, None where there is one."""

    id: int
    round: str
    sent: bool
    released: bool
    short: bool
    answered: int
    files: int
    size: int
    receipts: tuple[int, ...]
    problem: Problem | None


@pages.get("")
@needs("supplier:package:take")
def overview(assessment_id: int) -> str:
    """What the package holds, each part singly, and everything at once."""
    return _page(mine(assessment_id), None)


@pages.get("/answers.json")
@needs("supplier:package:take")
def answers(assessment_id: int) -> Response:
    """The answers for programs."""
    found = mine(assessment_id)
    data = answers_json(db(), home_of(db(), found).case, organisation=site().settings.organisation, now=now())
    return send_bytes(data, _named(found, "answers.json"), "application/json")


@pages.get("/answers.xlsx")
@needs("supplier:package:take")
def workbook(assessment_id: int) -> Response:
    """The answers as a workbook."""
    found = mine(assessment_id)
    return send_bytes(_workbook(found), _named(found, "answers.xlsx"), MEDIA_TYPES["xlsx"])


@pages.get("/references.<any(xlsx, csv):form>")
@needs("supplier:package:take")
def references(assessment_id: int, form: str) -> Response:
    """The map to other frameworks."""
    found = mine(assessment_id)
    home = home_of(db(), found)
    data = _references_csv(home) if form == "csv" else _references_xlsx(found, home)
    return send_bytes(data, _named(found, f"references.{form}"), MEDIA_TYPES[form])


@pages.get("/score.<any(xlsx, json):form>")
@needs("supplier:package:take")
def score(assessment_id: int, form: str) -> Response:
    """The score sheet: declared, and verified from release on."""
    found = mine(assessment_id)
    home = home_of(db(), found)
    if form == "json":
        return send_bytes(_score_json(home), _named(found, "score.json"), "application/json")
    return send_bytes(_score_xlsx(found, home), _named(found, "score.xlsx"), MEDIA_TYPES["xlsx"])


@pages.get("/evidence.zip")
@needs("supplier:package:take")
def evidence(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """The files behind the answers with their index."""
    found = mine(assessment_id)
    return _archive(found, "evidence.zip", lambda files: _evidence(found, files))


@pages.get("/everything.zip")
@needs("supplier:package:take")
def everything(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """The whole package."""
    found = mine(assessment_id)
    return _archive(found, "take-away.zip", lambda files: _everything(found, files))


def _page(found: Assessment, problem: Problem | None) -> str:
    home = home_of(db(), found)
    files = evidence_files(db(), home.case)
    if problem is None:
        try:
            check_bounds(files, site().settings.supplier_quota)
        except Refused as refusal:
            problem = refusal.problem
    page = TakeAwayPage(
        id=found.id,
        round=found.round.name,
        sent=found.state not in EDITABLE,
        released=found.state == "released",
        short=home.case.short,
        answered=sum(code in home.case.answers for code in home.case.path.open),
        files=len(files),
        size=sum(file.proof.size for file in files),
        receipts=tuple(one.number for one in submissions_of(db(), found.id)),
        problem=problem,
    )
    return render_template("supplier/take_away/take_away.html", seen=page, words=WORDS)


def _archive(
    found: Assessment, name: str, make: Callable[[list[EvidenceFile]], list[Part]]
) -> AnyResponse | tuple[str, int]:
    """A package as a file; where it cannot be made, the page with the reason."""
    files = evidence_files(db(), home_of(db(), found).case, taken=[*WORDS, "read-me.txt"])
    try:
        check_bounds(files, site().settings.supplier_quota)
        parts = make(files)
        stream = _target(sum(file.proof.size for file in files))
        try:
            write_archive(stream, parts, title=f"{found.supplier.code} · {found.round.name}", made_at=now())
        except BaseException:
            stream.close()
            raise
    except Refused as refusal:
        return _page(found, refusal.problem), 409
    except OSError:
        return _page(found, Problem("package_no_room")), 409
    size = stream.tell()
    stream.seek(0)
    return send_stream(stream, size, _named(found, name), ZIP)


def _target(size: int) -> BinaryIO:
    """Where a package with so many bytes of evidence is put together; the answer closes it."""
    return io.BytesIO() if size <= IN_MEMORY else cast(BinaryIO, tempfile.TemporaryFile())


def _evidence(found: Assessment, files: list[EvidenceFile]) -> list[Part]:
    parts, present = evidence_parts(site().vault, files)
    rows = evidence_rows(present)
    return [
        part("evidence/index.xlsx", evidence_xlsx(_about(found), rows, locale())),
        part("evidence/index.csv", evidence_csv(rows, locale())),
        *parts,
    ]


def _everything(found: Assessment, files: list[EvidenceFile]) -> list[Part]:
    home = home_of(db(), found)
    settings = site().settings
    made = {
        "answers.xlsx": _workbook(found),
        "answers.json": answers_json(db(), home.case, organisation=settings.organisation, now=now()),
        "references.xlsx": _references_xlsx(found, home),
        "references.csv": _references_csv(home),
        "score.xlsx": _score_xlsx(found, home),
        "score.json": _score_json(home),
    }
    if home.verified is not None:
        made["scorecard.pdf"] = _scorecard(found)
    receipts = {
        f"receipts/receipt-{one.number}.pdf": receipt_bytes(found, one)
        for one in submissions_of(db(), found.id)
    }
    evidence = _evidence(found, files)
    listed = [
        (path, words)
        for path, words in WORDS.items()
        if path in made or path.startswith("evidence/") or (receipts and path == "receipts/")
    ]
    listed.append((MANIFEST, WORDS[MANIFEST]))
    return [
        part("read-me.txt", read_me(_about(found), listed, locale())),
        *(part(path, data) for path, data in (made | receipts).items()),
        *evidence,
    ]


def _workbook(found: Assessment) -> bytes:
    organisation = site().settings.organisation
    return workbook_bytes(
        db(), open_case(db(), found), organisation=organisation, locale=locale(), now=now(), zone=zone()
    )


def _references_xlsx(found: Assessment, home: Home) -> bytes:
    questions, rows = question_rows(home.case, locale()), map_rows(home.case, locale())
    return references_xlsx(_about(found), FRAMEWORKS, questions, rows, locale())


def _references_csv(home: Home) -> bytes:
    return references_csv(map_rows(home.case, locale()), locale())


def _score_xlsx(found: Assessment, home: Home) -> bytes:
    return score_xlsx(_about(found), score_file(home, locale()), locale())


def _score_json(home: Home) -> bytes:
    return score_json_bytes(home.verified or home.declared, locale())


def _scorecard(found: Assessment) -> bytes:
    card = scorecard_of(
        db(),
        found,
        locale=locale(),
        organisation=site().settings.organisation,
        zone=zone(),
        now=now(),
        by=found.supplier.name,
    )
    return scorecard_pdf(card, locale())


def _about(found: Assessment) -> About:
    start, end = found.round.period_start, found.round.period_end
    expired = is_expired(found.state, found.valid_until, today())
    supplier = found.supplier
    return About(
        organisation=site().settings.organisation,
        supplier=supplier.name_zh if locale() == "zh" and supplier.name_zh else supplier.name,
        supplier_code=supplier.code,
        round=found.round.name,
        period=f"{forms.show_date(start, locale())} – {forms.show_date(end, locale())}",
        questionnaire=found.questionnaire,
        state=STATE_WORDS["expired" if expired else found.state],
        set_of=N_("Short set") if found.short else N_("Full set"),
        made_at=now(),
        made_by=actor().name,
        zone=zone(),
    )


def _named(found: Assessment, name: str) -> str:
    return f"{found.supplier.code}-{found.id}-{name}"
