"""Everything a supplier takes home from an assessment: answers, evidence, score sheet, map to other frameworks.

Only what is its own: the answers in play, the files behind them, the declared score; the verified one from release on.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound, Refused
from portal.core.exact import decimal_of, decimal_text, rounded
from portal.core.lifecycle import EDITABLE
from portal.core.questionnaire.kinds import show, to_json
from portal.core.questionnaire.model import Indicator, indicators_of, questionnaire_id, text_in
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.references import FRAMEWORKS, OTHER, places_in, references_of
from portal.core.scoring.sheet import ScoreSheet, score_json, score_text
from portal.files.vault import Vault
from portal.language import N_, say
from portal.language.reasons import reason_sentence
from portal.language.roll_ups import answer_with_roll_up
from portal.operations.judging import open_review
from portal.operations.scoring import Case, declared_sheet, open_case, submitted_case
from portal.operations.snapshots import Proof
from portal.reports.archive import Part, free_path
from portal.reports.take_away import (
    EvidenceRow,
    MapRow,
    PointsRow,
    QuestionRow,
    ScoreFile,
    TopicScoreRow,
)
from portal.store.assessments import Assessment, latest_submission
from portal.store.evidence import Evidence

ANSWERS_SCHEMA = "upstream-answers/1"
MOST_FILES = 2_000
# What is compressed already gains nothing from being packed again.
PACKED = frozenset({"pdf", "png", "jpg", "jpeg", "zip", "xlsx", "docx", "pptx", "heic", "webp"})


@dataclass(frozen=True)
class Home:
    """What a supplier may take home of one assessment: its own case, the declared sheet, and from release on the
    verified one."""

    case: Case
    declared: ScoreSheet
    verified: ScoreSheet | None


@dataclass(frozen=True)
class EvidenceFile:
    """One file behind answers: facts as they count there, the codes of the answers, and where its bytes lie ("" where
    they are gone). `path` is its place in a package."""

    proof: Proof
    codes: tuple[str, ...]
    path: str
    vault_key: str


def home_of(session: Session, assessment: Assessment) -> Home:
    """Live answers while they can be changed, else what was sent last; reviewers' points only once released."""
    if assessment.state == "released":
        review = open_review(session, assessment)
        if review is not None:
            return Home(review.case, review.declared, review.verified)
    sent = None if assessment.state in EDITABLE else submitted_case(session, assessment)
    case = sent or open_case(session, assessment)
    return Home(case, declared_sheet(case), None)


def answers_json(session: Session, case: Case, *, organisation: str, now: datetime) -> bytes:
    """answers.json of docs/formats.md: the answers in play in their canonical form, and what they are answers to.

    Names no person: the file goes to other companies.
    """
    assessment, round_ = case.assessment, case.assessment.round
    asked = _in_play(case)
    sent = None if assessment.state in EDITABLE else latest_submission(session, assessment.id)
    content = {
        "schema": ANSWERS_SCHEMA,
        "questionnaire": questionnaire_id(case.questionnaire),
        "roles": list(assessment.roles),
        "short": case.short,
        "about": {
            "organisation": organisation,
            "supplier": {
                "code": assessment.supplier.code,
                "name": assessment.supplier.name,
                "name_zh": assessment.supplier.name_zh,
            },
            "round": round_.name,
            "period": {"start": round_.period_start.isoformat(), "end": round_.period_end.isoformat()},
            "state": assessment.state,
            "submission": {"number": sent.number, "sha256": sent.sha256} if sent else None,
            "made_at": now.isoformat(),
        },
        "answers": {i.code: to_json(i, case.answers[i.code]) for i in asked if i.code in case.answers},
        "sites": _at_sites(case, asked),
        "group": _of_group(case, asked),
        "unconfirmed": [i.code for i in asked if i.code in case.unconfirmed],
        "evidence": {
            i.code: [_proof(file) for file in case.evidence[i.code]]
            for i in asked
            if case.evidence.get(i.code)
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _at_sites(case: Case, asked: Sequence[Indicator]) -> list[dict[str, Any]]:
    """What each site answered of the questions in play; empty where the company answers as a whole."""
    if case.sites is None:
        return []
    found = []
    for site in case.sites.sites:
        answers: dict[str, Any] = {}
        inherited = []
        for indicator in asked:
            made = case.sites.roll_ups.get(indicator.code)
            for one in made.parts if made else ():
                if one.site == site.key and one.value is not None:
                    answers[indicator.code] = to_json(indicator, one.value)
                    inherited += [indicator.code] if one.inherited else []
        output = None if site.output is None else decimal_text(site.output)
        unit = case.sites.unit if output else ""
        found.append(
            {"name": site.name, "output": output, "unit": unit, "answers": answers, "inherited": inherited}
        )
    return found


def _of_group(case: Case, asked: Sequence[Indicator]) -> dict[str, Any]:
    """What the company itself answered to the questions sites had a part in."""
    group = case.sites.group if case.sites else {}
    return {i.code: to_json(i, group[i.code]) for i in asked if i.code in group}


def score_json_bytes(sheet: ScoreSheet, locale: str) -> bytes:
    """score.json of docs/formats.md for one sheet."""
    content = score_json(sheet, lambda reason: reason_sentence(locale, reason))
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def evidence_files(
    session: Session, case: Case, *, taken: Collection[str] = (), folder: str = "evidence"
) -> list[EvidenceFile]:
    """The files behind the answers in play, each once, in the order of the questions, with free names in `folder`.

    A file counts only if it belongs to the supplier of the case; one query.
    """
    proofs: dict[int, Proof] = {}
    codes: dict[int, list[str]] = {}
    for indicator in _in_play(case):
        for proof in case.evidence.get(indicator.code, ()):
            proofs.setdefault(proof.id, proof)
            codes.setdefault(proof.id, []).append(indicator.code)
    rows = session.execute(
        select(Evidence.id, Evidence.vault_key).where(
            Evidence.supplier_id == case.assessment.supplier_id, Evidence.id.in_(proofs)
        )
    )
    keys = {row.id: row.vault_key for row in rows}
    names = {path.casefold() for path in taken}
    return [
        EvidenceFile(proof, tuple(codes[one]), free_path(folder, proof.name, names), keys[one])
        for one, proof in proofs.items()
        if one in keys
    ]


def check_bounds(files: Sequence[EvidenceFile], most_bytes: int) -> None:
    """Raises Refused: package_too_many (count, most), package_too_large (size, most in MB)."""
    if len(files) > MOST_FILES:
        raise Refused("package_too_many", count=len(files), most=MOST_FILES)
    size = sum(file.proof.size for file in files)
    if size > most_bytes:
        raise Refused("package_too_large", size=size // 1024**2, most=most_bytes // 1024**2)


def evidence_parts(vault: Vault, files: Sequence[EvidenceFile]) -> tuple[list[Part], list[EvidenceFile]]:
    """The files as parts of a package, and all of them as they are in it: one whose bytes are gone or are not what was
    uploaded any more stands in the index without a place."""
    parts, present = [], []
    for file in files:
        whole = is_whole(vault, file)
        present.append(file if whole else EvidenceFile(file.proof, file.codes, "", file.vault_key))
        if whole:
            ending = file.path.rpartition(".")[2].lower()
            parts.append(Part(file.path, _opener(vault, file), packed=ending in PACKED))
    return parts, present


def is_whole(vault: Vault, file: EvidenceFile) -> bool:
    """Whether the bytes are there and are those that were uploaded."""
    try:
        vault.open(file.vault_key, file.proof.sha256).close()
    except (NotFound, Refused):
        return False
    return True


def _opener(vault: Vault, file: EvidenceFile) -> Callable[[], BinaryIO]:
    return lambda: vault.open(file.vault_key)


def part(path: str, data: bytes) -> Part:
    """Bytes made for a package as one of its parts."""
    return Part(path, lambda: io.BytesIO(data))


def evidence_rows(files: Sequence[EvidenceFile]) -> list[EvidenceRow]:
    """The evidence index, in the order of the questions."""
    return [
        EvidenceRow(
            path=file.path,
            name=file.proof.name,
            codes=", ".join(file.codes),
            issuer=file.proof.issuer,
            standard=file.proof.standard,
            covers_from=file.proof.covers_from,
            covers_to=file.proof.covers_to,
            valid_until=file.proof.valid_until,
            size=file.proof.size,
            sha256=file.proof.sha256,
        )
        for file in files
    ]


def question_rows(case: Case, locale: str) -> list[QuestionRow]:
    """Every indicator with its references and the answer, in the questionnaire's order."""
    between = "；" if locale == "zh" else "; "
    found = []
    for indicator, words in _described(case, locale):
        others = [one.place for one in references_of(indicator) if one.framework == OTHER]
        places = tuple(between.join(places_in(indicator, framework)) for framework in FRAMEWORKS)
        found.append(QuestionRow(code=indicator.code, **words, places=places, other=between.join(others)))
    return found


def map_rows(case: Case, locale: str) -> list[MapRow]:
    """One row per place of a framework: the named frameworks first, in their order, then the rest."""
    order = (*FRAMEWORKS, OTHER)
    other = say(locale, N_("Other"))
    found = [
        MapRow(other if one.framework == OTHER else one.framework, one.place, indicator.code, **words)
        for indicator, words in _described(case, locale)
        for one in sorted(references_of(indicator), key=lambda one: order.index(one.framework))
    ]
    ranks = {framework: at for at, framework in enumerate((*FRAMEWORKS, other))}
    return sorted(found, key=lambda row: (ranks[row.framework], _by_number(row.place)))


def _by_number(place: str) -> tuple[tuple[int, int, str], ...]:
    """Places in the order people count: 2-9 before 2-13."""
    parts = "".join(c if c.isdigit() else f" {c} " for c in place).split()
    return tuple((0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in parts)


def _described(case: Case, locale: str) -> list[tuple[Indicator, dict[str, Any]]]:
    topics = {t.code: text_in(t.name, locale) for t in case.questionnaire.topics}
    between = "；" if locale == "zh" else "; "
    found = []
    for indicator in indicators_of(case.questionnaire):
        asked = indicator.code in case.path.open
        value = case.answers.get(indicator.code) if asked else None
        files = case.evidence.get(indicator.code, ()) if asked else ()
        words = {
            "topic": topics[indicator.topic],
            "subject": text_in(indicator.subject, locale),
            "question": text_in(indicator.question, locale),
            "asked": asked,
            "answer": _shown(case, indicator, value, locale),
            "evidence": between.join(file.name for file in files),
        }
        found.append((indicator, words))
    return found


def _shown(case: Case, indicator: Indicator, value: Value | None, locale: str) -> str:
    """An answer as people read it; where sites had a part in it, with the arithmetic."""
    if value is None:
        return ""
    shown = show(indicator, value, locale)
    made = case.sites.roll_ups.get(indicator.code) if case.sites else None
    return answer_with_roll_up(shown, made, case.sites.names, locale) if case.sites and made else shown


def score_file(home: Home, locale: str) -> ScoreFile:
    """The score sheet of what a supplier may see, in words of `locale`."""
    case, declared, verified = home.case, home.declared, home.verified
    topics = {t.code: text_in(t.name, locale) for t in case.questionnaire.topics}
    facts = [(N_("Scoring method"), declared.method), (N_("Declared score"), _total(declared))]
    if verified is not None:
        facts.append((N_("Verified score"), _total(verified)))
    flags = (verified or declared).red_flags
    facts.append((N_("Red flags"), ", ".join(flags) or say(locale, N_("none"))))
    return ScoreFile(
        facts=tuple(facts),
        topics=tuple(
            TopicScoreRow(
                code,
                topics[code],
                one.weight,
                _score(one.score),
                _score(verified.topics[code].score) if verified else None,
            )
            for code, one in declared.topics.items()
        ),
        points=tuple(_points_row(i, declared, verified, topics, locale) for i in _in_play(case)),
        released=verified is not None,
    )


def _points_row(
    indicator: Indicator,
    declared: ScoreSheet,
    verified: ScoreSheet | None,
    topics: Mapping[str, str],
    locale: str,
) -> PointsRow:
    mine = declared.lines[indicator.code]
    theirs = verified.lines[indicator.code] if verified else None
    return PointsRow(
        code=indicator.code,
        topic=topics[indicator.topic],
        subject=text_in(indicator.subject, locale),
        weight=mine.weight,
        declared=_points(mine.points),
        declared_reason=reason_sentence(locale, mine.reason),
        verified=_points(theirs.points) if theirs else None,
        verified_reason=reason_sentence(locale, theirs.reason) if theirs else "",
    )


def _in_play(case: Case) -> list[Indicator]:
    return [i for i in indicators_of(case.questionnaire) if i.code in case.path.open]


def _proof(file: Proof) -> dict[str, Any]:
    days = {"covers_from": file.covers_from, "covers_to": file.covers_to, "valid_until": file.valid_until}
    return {
        "name": file.name,
        "sha256": file.sha256,
        "size": file.size,
        "issuer": file.issuer,
        "standard": file.standard,
        **{key: day.isoformat() if day else None for key, day in days.items()},
    }


def _total(sheet: ScoreSheet) -> str:
    return f"{score_text(sheet.total)} · {sheet.grade}"


def _score(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value, 2)


def _points(value: Fraction | None) -> Decimal | None:
    return None if value is None else decimal_of(value)
