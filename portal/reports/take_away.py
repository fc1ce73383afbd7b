"""The tables of a supplier's take-away package: map to other frameworks, evidence index, score sheet, read-me."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from portal.language import N_, say
from portal.language.forms import show_datetime
from portal.reports.columns import Column
from portal.reports.csv_out import csv_bytes
from portal.reports.xlsx_out import FactSheet, Sheet, xlsx_bytes


@dataclass(frozen=True)
class About:
    """What the package is made from. `state` and the title of every fact are msgids; `set_of` is the msgid of the set of
    questions."""

    organisation: str
    supplier: str
    supplier_code: str
    round: str
    period: str
    questionnaire: str
    state: str
    set_of: str
    made_at: datetime
    made_by: str
    zone: tzinfo


@dataclass(frozen=True)
class MapRow:
    """One indicator with one place of a framework. `framework` is a name, "other" in words; `answer` as people read
    it; `asked` says whether this supplier was asked."""

    framework: str
    place: str
    code: str
    topic: str
    subject: str
    question: str
    asked: bool
    answer: str
    evidence: str


@dataclass(frozen=True)
class QuestionRow:
    """One indicator with all its references, one text per framework."""

    code: str
    topic: str
    subject: str
    question: str
    asked: bool
    answer: str
    evidence: str
    places: tuple[str, ...]
    other: str


@dataclass(frozen=True)
class EvidenceRow:
    """One file behind answers. `path` is where it lies in the package, "" where its bytes are not there."""

    path: str
    name: str
    codes: str
    issuer: str
    standard: str
    covers_from: date | None
    covers_to: date | None
    valid_until: date | None
    size: int
    sha256: str


@dataclass(frozen=True)
class TopicScoreRow:
    """One topic. Scores on 0..100; `verified` None before release."""

    code: str
    topic: str
    weight: int
    declared: Decimal | None
    verified: Decimal | None


@dataclass(frozen=True)
class PointsRow:
    """One indicator in play. Points 0..1; the verified side is empty before release."""

    code: str
    topic: str
    subject: str
    weight: int
    declared: Decimal | None
    declared_reason: str
    verified: Decimal | None
    verified_reason: str


@dataclass(frozen=True)
class ScoreFile:
    """The score sheet: pairs of msgid and text in `facts`, then topics and questions; `released`: the verified side
    is in it."""

    facts: tuple[tuple[str, str], ...]
    topics: tuple[TopicScoreRow, ...]
    points: tuple[PointsRow, ...]
    released: bool


def _asked(asked: bool) -> str:
    return N_("Yes") if asked else N_("No")


_QUESTION = (
    Column("code", N_("Question"), lambda r: r.code, width=10),
    Column("topic", N_("Topic"), lambda r: r.topic, width=24),
    Column("subject", N_("Subject"), lambda r: r.subject, width=34),
    Column("question", N_("Question in full"), lambda r: r.question, width=44),
    Column("asked", N_("Asked"), lambda r: _asked(r.asked), "word", width=8),
    Column("answer", N_("Your answer"), lambda r: r.answer, width=40),
    Column("evidence", N_("Evidence"), lambda r: r.evidence, width=30),
)
BY_FRAMEWORK = (
    Column("framework", N_("Framework"), lambda r: r.framework, width=12),
    Column("place", N_("Reference"), lambda r: r.place, width=28),
    *_QUESTION,
)
EVIDENCE = (
    Column("path", N_("File in the package"), lambda r: r.path or None, width=40),
    Column("name", N_("Name of the file"), lambda r: r.name, width=34),
    Column("codes", N_("Questions it stands behind"), lambda r: r.codes, width=24),
    Column("issuer", N_("Issuer"), lambda r: r.issuer, width=24),
    Column("standard", N_("Standard"), lambda r: r.standard, width=18),
    Column("covers_from", N_("Covers from"), lambda r: r.covers_from, "date", width=12),
    Column("covers_to", N_("Covers to"), lambda r: r.covers_to, "date", width=12),
    Column("valid_until", N_("Valid until"), lambda r: r.valid_until, "date", width=12),
    Column("size", N_("Size"), lambda r: r.size, "integer", "B", 12),
    Column("sha256", "SHA-256", lambda r: r.sha256, width=66),
)
_TOPICS = (
    Column("code", N_("Topic code"), lambda r: r.code, width=9),
    Column("topic", N_("Topic"), lambda r: r.topic, width=36),
    Column("weight", N_("Weight"), lambda r: r.weight, "integer", width=9),
    Column("declared", N_("Declared score"), lambda r: r.declared, "decimal", "0–100", 12),
)
_VERIFIED_SCORE = Column("verified", N_("Verified score"), lambda r: r.verified, "decimal", "0–100", 12)
_POINTS = (
    Column("code", N_("Question"), lambda r: r.code, width=10),
    Column("topic", N_("Topic"), lambda r: r.topic, width=26),
    Column("subject", N_("Subject"), lambda r: r.subject, width=40),
    Column("weight", N_("Weight"), lambda r: r.weight, "integer", width=9),
    Column("declared", N_("Declared points"), lambda r: r.declared, "number", "0–1", 12),
    Column("declared_reason", N_("Why"), lambda r: r.declared_reason, width=50),
)
_VERIFIED_POINTS = (
    Column("verified", N_("Verified points"), lambda r: r.verified, "number", "0–1", 12),
    Column("verified_reason", N_("Why verified so"), lambda r: r.verified_reason, width=50),
)


def by_question(frameworks: Sequence[str]) -> tuple[Column, ...]:
    """The columns of the map with one row per question: one column per framework, then the rest."""

    def place(at: int, name: str) -> Column:
        return Column(f"framework_{at}", name, lambda r: r.places[at] or None, width=22)

    return (
        *_QUESTION,
        *(place(at, name) for at, name in enumerate(frameworks)),
        Column("other", N_("Other references"), lambda r: r.other or None, width=26),
    )


def references_xlsx(
    about: About,
    frameworks: Sequence[str],
    questions: Sequence[QuestionRow],
    rows: Sequence[MapRow],
    locale: str,
) -> bytes:
    """The map as a workbook: about, one row per question, one row per place of a framework."""
    title = say(locale, N_("Map to other frameworks"))
    note = (
        N_("How to use it"),
        say(
            locale,
            N_(
                "Look up the reference your customer asks by; the row holds the question of this assessment that stands "
                "nearest, with your answer. A reference says where a neighbouring question is, not that both ask the same."
            ),
        ),
    )
    sheets = (
        FactSheet(N_("About"), title, (*facts_of(about, locale), note)),
        Sheet(N_("By question"), by_question(frameworks), questions, frozen=1),
        Sheet(N_("By framework"), BY_FRAMEWORK, rows, frozen=2),
    )
    return xlsx_bytes(title, about.organisation, about.made_at, sheets, locale)


def references_csv(rows: Sequence[MapRow], locale: str) -> bytes:
    """The map as CSV, one row per place of a framework."""
    return csv_bytes(BY_FRAMEWORK, rows, locale)


def evidence_csv(rows: Sequence[EvidenceRow], locale: str) -> bytes:
    """The evidence index as CSV."""
    return csv_bytes(EVIDENCE, rows, locale)


def evidence_xlsx(about: About, rows: Sequence[EvidenceRow], locale: str) -> bytes:
    """The evidence index as a workbook."""
    title = say(locale, N_("Evidence index"))
    sheets = (
        FactSheet(N_("About"), title, facts_of(about, locale)),
        Sheet(N_("Evidence"), EVIDENCE, rows, frozen=2),
    )
    return xlsx_bytes(title, about.organisation, about.made_at, sheets, locale)


def score_xlsx(about: About, score: ScoreFile, locale: str) -> bytes:
    """The score sheet as a workbook; the verified columns are there only once the result is released."""
    title = say(locale, N_("Score sheet"))
    topics: tuple[Column, ...] = _TOPICS
    points: tuple[Column, ...] = _POINTS
    if score.released:
        topics, points = (*_TOPICS, _VERIFIED_SCORE), (*_POINTS, *_VERIFIED_POINTS)
    sheets = (
        FactSheet(N_("About"), title, (*facts_of(about, locale), *score.facts)),
        Sheet(N_("Topics"), topics, score.topics, frozen=2),
        Sheet(N_("Questions"), points, score.points, frozen=1),
    )
    return xlsx_bytes(title, about.organisation, about.made_at, sheets, locale)


def facts_of(about: About, locale: str) -> tuple[tuple[str, str], ...]:
    """The facts at the head of every file, as pairs of msgid and text."""
    return (
        (N_("Organisation that asked"), about.organisation),
        (N_("Supplier"), f"{about.supplier} · {about.supplier_code}"),
        (N_("Round"), about.round),
        (N_("Reporting period"), about.period),
        (N_("Questionnaire version"), about.questionnaire),
        (N_("Set of questions"), say(locale, about.set_of)),
        (N_("State"), say(locale, about.state)),
        (N_("Made at"), f"{show_datetime(about.made_at, about.zone, locale)} ({about.zone})"),
        (N_("Made by"), about.made_by),
    )


def read_me(about: About, contents: Sequence[tuple[str, str]], locale: str) -> bytes:
    """What is in the package, as plain text: facts, then each path with its words (msgids)."""
    between = "：" if locale == "zh" else ": "
    lines = [say(locale, N_("Take-away package")), ""]
    lines += [f"{say(locale, name)}{between}{text}" for name, text in facts_of(about, locale)]
    lines += ["", say(locale, N_("What is in it")), ""]
    lines += [f"{path}\n    {say(locale, words)}" for path, words in contents]
    # Windows line ends and the mark in front, so that every editor shows the Chinese.
    return ("\r\n".join("\n".join(lines).split("\n")) + "\r\n").encode("utf-8-sig")
