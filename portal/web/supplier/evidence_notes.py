"""What the portal says about linked files where they are linked: on the topic page and before sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.core.questionnaire.model import Indicator, find_indicator
from portal.language import N_, forms, say
from portal.language.sentences import sentence
from portal.operations.evidence_facts import counted_sites, remarks_on_link
from portal.operations.scoring import Case
from portal.store.assessments import Assessment
from portal.store.evidence import EvidenceLink, versions_of
from portal.web.supplier.pages_answering import File
from portal.web.supplier.pages_evidence import moved_since_sent

Links = Mapping[str, Sequence[EvidenceLink]]


@dataclass(frozen=True)
class Remark:
    """One remark on a file with the answers it concerns: `answers` are (code, topic)."""

    words: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FileNote:
    """One file with everything said about it."""

    evidence_id: int
    name: str
    remarks: tuple[Remark, ...]


def files_behind(
    session: Session, case: Case, links: Links, today: date, locale: str
) -> dict[str, tuple[File, ...]]:
    """The files behind each answer with what speaks against them, by code."""
    assessment = case.assessment
    sites = counted_sites(session, assessment)
    replaced = versions_of(session, assessment.supplier_id).newer
    found = {}
    for code, rows in links.items():
        indicator = find_indicator(case.questionnaire, code)
        if indicator is None:
            continue

        def said(row: EvidenceLink, indicator: Indicator = indicator) -> tuple[str, ...]:
            found = remarks_on_link(row.evidence, sites, today, indicator, assessment.round, replaced)
            return tuple(sentence(locale, one) for one in found)

        found[code] = tuple(
            File(row.evidence.name, said(row), moved_words(row, assessment, locale)) for row in rows
        )
    return found


def moved_words(link: EvidenceLink, assessment: Assessment, locale: str) -> str:
    """That a newer version took an older one's place since the answers were last sent; "" where none did."""
    moved_at = moved_since_sent(link, assessment)
    if moved_at is None:
        return ""
    words = N_("Newer version since {day}: check that it still proves the answer.")
    return say(locale, words, day=forms.show_date(moved_at.date(), locale))


def file_notes(session: Session, case: Case, links: Links, today: date, locale: str) -> tuple[FileNote, ...]:
    """Everything to know about the linked files before sending, file by file, each remark with its answers."""
    behind = files_behind(session, case, links, today, locale)
    grouped: dict[tuple[str, int], dict[str, list[tuple[str, str]]]] = {}
    for topic in case.questionnaire.topics:
        for code in (i.code for i in topic.indicators if i.code in behind and i.code in case.path.open):
            for link, file in zip(links[code], behind[code], strict=True):
                for words in (*file.remarks, *((file.moved,) if file.moved else ())):
                    remarks = grouped.setdefault((file.name, link.evidence_id), {})
                    remarks.setdefault(words, []).append((code, topic.code))
    return tuple(
        FileNote(evidence_id, name, tuple(Remark(words, tuple(answers)) for words, answers in said.items()))
        for (name, evidence_id), said in sorted(grouped.items())
    )
