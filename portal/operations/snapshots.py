"""The snapshot behind a submission: all answers and their evidence as canonical JSON, and reading it back.

Canonical: keys sorted, no spaces, UTF-8; the digest is SHA-256 over exactly these bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from portal.core.questionnaire.facts import Facts, fact_from, fact_text
from portal.core.questionnaire.kinds import from_json
from portal.core.questionnaire.model import Questionnaire, find_indicator
from portal.core.questionnaire.reading import Value
from portal.operations.sites_of_case import SitesOfCase, per_site_from
from portal.store.answers import Answer
from portal.store.assessments import Assessment
from portal.store.evidence import EvidenceLink
from portal.store.site_answers import AnyAnswer
from portal.store.taken_figures import AnyTaken, TakenFigure

SCHEMA = 1


@dataclass(frozen=True)
class Proof:
    """One evidence file as it stood behind an answer: name, digest and the facts given at upload.

    The facts after `valid_until` are written only where they were given, so that a snapshot from before they were
    asked still equals one without them. `sites` are names.
    """

    id: int
    name: str
    sha256: str
    size: int
    issuer: str
    standard: str
    covers_from: date | None
    covers_to: date | None
    valid_until: date | None
    language: str = ""
    pages: int | None = None
    sites: tuple[str, ...] = ()


LATER_FACTS = ("language", "pages", "sites")


@dataclass(frozen=True)
class SentHint:
    """A contradiction hint that stood when the assessment was sent: the facts it rested on, and what the supplier
    wrote to it, "" for nothing."""

    id: str
    facts: Facts
    explanation: str
    explained_by: str
    explained_at: datetime | None


@dataclass(frozen=True)
class SentFigure:
    """The carbon register behind an answer taken over from it: the fact or rows, the records as (kind, id), the figures
    its words named, who took it over and when."""

    take: str
    records: tuple[tuple[str, int], ...]
    facts: Facts
    taken_by: str
    taken_at: datetime


@dataclass(frozen=True)
class SentCarried:
    """An answer carried over from earlier ones and confirmed: where from in words, by whom confirmed and when."""

    origin: str
    confirmed_by: str
    confirmed_at: datetime


@dataclass(frozen=True)
class Snapshot:
    """What was sent. `answers` are canonical values by code, `evidence` the files behind each answer, `hints` those
    that stood, `sites` the supplier's by name, `origins` where each answer came from, `register` what those taken over
    from the register rest on; older submissions have none of the last four. `per_site` says how answers of sites became
    those of `answers`, None where none did. `short`: only the short set was
    asked; older submissions are full. `register_at_sites` says by code and site key what answers of sites rest on that were
    taken over from the register."""

    supplier: str
    roles: tuple[str, ...]
    questionnaire: str
    answers: Mapping[str, Value]
    evidence: Mapping[str, tuple[Proof, ...]]
    submitted_at: str
    submitted_by: str
    hints: tuple[SentHint, ...] = ()
    sites: tuple[str, ...] = ()
    per_site: SitesOfCase | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    register: Mapping[str, SentFigure] = field(default_factory=dict)
    short: bool = False
    register_at_sites: Mapping[str, Mapping[str, SentFigure]] = field(default_factory=dict)


def proofs(links: Mapping[str, Sequence[EvidenceLink]]) -> dict[str, tuple[Proof, ...]]:
    """Linked evidence by indicator code. A file hidden from the library stays behind the locked answers it was sent with."""
    return {code: tuple(_proof(link) for link in rows) for code, rows in links.items() if rows}


def _proof(link: EvidenceLink) -> Proof:
    file = link.evidence
    return Proof(
        id=file.id,
        name=file.name,
        sha256=file.sha256,
        size=file.size,
        issuer=file.issuer,
        standard=file.standard,
        covers_from=file.covers_from,
        covers_to=file.covers_to,
        valid_until=file.valid_until,
        language=file.language,
        pages=file.pages,
        sites=tuple(site.name for site in file.sites),
    )


def write_snapshot(
    assessment: Assessment,
    rows: Mapping[str, Answer],
    evidence: Mapping[str, Sequence[Proof]],
    *,
    by: str,
    now: datetime,
    hints: Sequence[SentHint] = (),
    sites: Sequence[str] = (),
    per_site: Mapping[str, Any] | None = None,
    taken: Mapping[str, TakenFigure] | None = None,
    carried: Mapping[str, SentCarried] | None = None,
) -> tuple[str, str]:
    """The canonical JSON text of everything answered, and its SHA-256 in hex. `per_site` is what `per_site_json` gives:
    its answers then stand for the group's to the same indicators."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "supplier": assessment.supplier.code,
        "round": assessment.round_id,
        "questionnaire": assessment.questionnaire,
        "roles": list(assessment.roles),
        "short": assessment.short,
        "answers": {code: row.value for code, row in rows.items() if row.value is not None},
        "typed": {
            code: {"typed": row.typed, "unit": row.unit}
            for code, row in rows.items()
            if row.typed is not None
        },
        "evidence": {code: [_proof_json(file) for file in files] for code, files in evidence.items()},
        "hints": [_hint_json(hint) for hint in hints],
        "sites": list(sites),
        "origins": {code: row.origin for code, row in rows.items() if row.value is not None},
        "register": {code: figure_json(rows[code], one) for code, one in (taken or {}).items()},
        "carried": {
            code: {"from": one.origin, "by": one.confirmed_by, "at": one.confirmed_at.isoformat()}
            for code, one in (carried or {}).items()
        },
        "submitted_at": now.isoformat(),
        "submitted_by": by,
    }
    if per_site is not None:
        _put_sites(content, per_site)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


def _put_sites(content: dict[str, Any], per_site: Mapping[str, Any]) -> None:
    for code, made in per_site["roll_ups"].items():
        content["answers"].pop(code, None)
        content["typed"].pop(code, None)
        if not any(part["inherited"] for part in made["parts"]):
            # the company's own answer counts for nothing here: neither does where it came from
            content["origins"].pop(code, None)
            content["register"].pop(code, None)
        if made["value"] is not None:
            content["answers"][code] = made["value"]
    content["per_site"] = per_site


def _proof_json(file: Proof) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in asdict(file).items()
        if value or key not in LATER_FACTS
    }


def _hint_json(hint: SentHint) -> dict[str, Any]:
    return {
        "id": hint.id,
        "facts": {name: fact_text(value) for name, value in hint.facts.items()},
        "explanation": hint.explanation,
        "explained_by": hint.explained_by,
        "explained_at": hint.explained_at.isoformat() if hint.explained_at else None,
    }


def figure_json(answer: AnyAnswer, taken: AnyTaken) -> dict[str, Any]:
    """What an answer taken over from the register rests on, as it is kept in a snapshot."""
    return {
        "take": taken.take,
        "records": taken.records,
        "facts": taken.facts,
        "taken_by": answer.changed_by.name,
        "taken_at": answer.changed_at.isoformat(),
    }


def _figure_from(data: Mapping[str, Any]) -> SentFigure:
    return SentFigure(
        take=data["take"],
        records=tuple((kind, number) for kind, number in data["records"]),
        facts={name: fact_from(name, text) for name, text in data["facts"].items()},
        taken_by=data["taken_by"],
        taken_at=datetime.fromisoformat(data["taken_at"]),
    )


def _hint_from(data: Mapping[str, Any]) -> SentHint:
    at = data["explained_at"]
    return SentHint(
        id=data["id"],
        facts={name: fact_from(name, text) for name, text in data["facts"].items()},
        explanation=data["explanation"],
        explained_by=data["explained_by"],
        explained_at=datetime.fromisoformat(at) if at else None,
    )


def read_snapshot(questionnaire: Questionnaire, content: str) -> Snapshot:
    """A stored snapshot as values. Raises Invalid where it does not fit the questionnaire it names."""
    data = json.loads(content)
    answers: dict[str, Value] = {}
    for code, stored in data["answers"].items():
        indicator = find_indicator(questionnaire, code)
        value = from_json(indicator, stored) if indicator else None
        if value is not None:
            answers[code] = value
    return Snapshot(
        supplier=data["supplier"],
        roles=tuple(data["roles"]),
        questionnaire=data["questionnaire"],
        answers=answers,
        evidence={
            code: tuple(_proof_from(file) for file in files) for code, files in data["evidence"].items()
        },
        submitted_at=data["submitted_at"],
        submitted_by=data["submitted_by"],
        hints=tuple(_hint_from(hint) for hint in data.get("hints", ())),
        sites=tuple(data.get("sites", ())),
        per_site=per_site_from(questionnaire, data.get("per_site")),
        origins=data.get("origins", {}),
        register={code: _figure_from(one) for code, one in data.get("register", {}).items()},
        short=data.get("short", False),
        register_at_sites={
            code: {key: _figure_from(one) for key, one in own.items()}
            for code, own in ((data.get("per_site") or {}).get("register") or {}).items()
        },
    )


def _proof_from(data: Mapping[str, Any]) -> Proof:
    days = {key: _day(data[key]) for key in ("covers_from", "covers_to", "valid_until")}
    return Proof(**{**data, **days, "sites": tuple(data.get("sites", ()))})


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
