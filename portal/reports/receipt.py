"""The receipt a supplier gets for a submission: what was sent, by whom, when, and the hash that fixes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from portal.language import N_, say
from portal.language.forms import show_datetime, show_number
from portal.reports import fonts
from portal.reports.paper import Sheet, facts, pdf_bytes, rule, words


@dataclass(frozen=True)
class ReceiptAnswer:
    """One answer as it was sent, in words, with the names of its evidence files."""

    code: str
    subject: str
    answer: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReceiptTopic:
    """The answers of one topic, in the questionnaire's order."""

    code: str
    name: str
    answers: tuple[ReceiptAnswer, ...]


@dataclass(frozen=True)
class Receipt:
    """One submission. `submitted_at` is aware; `zone` is the supplier's; `sha256` that of the snapshot, in hex; `short`: only the short
    set was asked."""

    organisation: str
    supplier: str
    supplier_code: str
    round: str
    period: str
    questionnaire: str
    submitted_by: str
    submitted_at: datetime
    zone: tzinfo
    sha256: str
    topics: tuple[ReceiptTopic, ...]
    short: bool = False


def receipt_pdf(receipt: Receipt, locale: str) -> bytes:
    """The receipt as PDF, A4, in the reader's language; answers stay in the words they were given in."""
    fonts.register()
    title = say(locale, N_("Submission receipt"))
    story: list[Flowable] = [
        words(title, "title"),
        words(_lead(receipt, locale), "lead"),
        facts(_facts(receipt, locale)),
        Spacer(1, 4),
        words(
            say(
                locale,
                N_(
                    "The SHA-256 value is the fingerprint of the stored snapshot: if any answer were changed later, it "
                    "would no longer match. Keep this receipt."
                ),
            ),
            "quiet",
        ),
        rule(),
        words(say(locale, N_("What was sent")), "h2"),
    ]
    for topic in receipt.topics:
        story += [CondPageBreak(80), words(f"{topic.code} {topic.name}", "h3")]
        for answer in topic.answers:
            story += _answer(answer, locale)
    sheet = Sheet(
        title=f"{title} · {receipt.round}",
        organisation=receipt.organisation,
        subject=receipt.supplier,
        footer=f"{receipt.questionnaire} · SHA-256 {receipt.sha256[:16]}…",
    )
    return pdf_bytes(sheet, story, locale)


def _lead(receipt: Receipt, locale: str) -> str:
    return say(
        locale,
        N_("{supplier} sent its assessment for {round} to {organisation}."),
        supplier=receipt.supplier,
        round=receipt.round,
        organisation=receipt.organisation,
    )


def _facts(receipt: Receipt, locale: str) -> list[tuple[str, object]]:
    answers = [answer for topic in receipt.topics for answer in topic.answers]
    files = {name for answer in answers for name in answer.evidence}
    local = f"{show_datetime(receipt.submitted_at, receipt.zone, locale)} ({receipt.zone})"
    universal = f"{receipt.submitted_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    pairs = (
        (N_("Supplier"), f"{receipt.supplier} · {receipt.supplier_code}"),
        (N_("Round"), receipt.round),
        (N_("Reporting period"), receipt.period),
        (N_("Questionnaire version"), receipt.questionnaire),
        *_set_of(receipt, locale),
        (N_("Submitted by"), receipt.submitted_by),
        (N_("Submitted at"), f"{local}\n{universal}"),
        (N_("Answers"), show_number(sum(1 for one in answers if one.answer), locale, 0)),
        (N_("Evidence files"), show_number(len(files), locale, 0)),
    )
    return [*((say(locale, name), text) for name, text in pairs), ("SHA-256", words(receipt.sha256, "mono"))]


def _set_of(receipt: Receipt, locale: str) -> tuple[tuple[str, str], ...]:
    if not receipt.short:
        return ()
    return (
        (
            N_("Set of questions"),
            say(locale, N_("Short set: gating questions and those of the highest weight")),
        ),
    )


def _answer(answer: ReceiptAnswer, locale: str) -> list[Flowable]:
    shown: list[Flowable] = [
        words(f"{answer.code} · {answer.subject}", "subject"),
        words(answer.answer or "–", "body"),
    ]
    if answer.evidence:
        names = say(
            locale, N_("Evidence: {names}"), names=("、" if locale == "zh" else "; ").join(answer.evidence)
        )
        shown.append(words(names, "quiet"))
    return [*shown, Spacer(1, 3)]
