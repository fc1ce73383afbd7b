"""Page objects of the check page: what is owed, and every answer as it would be sent."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import text_in
from portal.core.questionnaire.progress import TopicProgress
from portal.core.questionnaire.unanswered import Unanswered
from portal.operations.scoring import Case
from portal.web.site_words import RolledView, rolled_view
from portal.web.supplier.carrying_panel import Waiting
from portal.web.supplier.evidence_notes import FileNote
from portal.web.supplier.pages_hints import HintLine
from portal.web.supplier.pages_hub import Deadline, Flag, Owed, ScoreLine, progress_of
from portal.web.supplier.pages_together import LookLine


@dataclass(frozen=True)
class AnswerLine:
    """One answered or open question on the check page."""

    code: str
    subject: str
    shown: str
    files: tuple[str, ...]
    rolled: RolledView | None = None


@dataclass(frozen=True)
class TopicAnswers:
    """All answers of one topic."""

    code: str
    name: str
    answered: int
    open: int
    lines: tuple[AnswerLine, ...]


def all_answers(case: Case, locale: str) -> tuple[TopicAnswers, ...]:
    """Every question in play with its answer as it would be sent, topic by topic."""
    counted = progress_of(case).topics
    found = []
    for topic in case.questionnaire.topics:
        lines = tuple(
            AnswerLine(
                i.code,
                text_in(i.subject, locale),
                show(i, case.answers[i.code], locale) if i.code in case.answers else "",
                tuple(proof.name for proof in case.evidence.get(i.code, ())),
                rolled_view(case, i.code, locale),
            )
            for i in topic.indicators
            if i.code in case.path.open
        )
        if lines:
            own = counted[topic.code]
            found.append(TopicAnswers(topic.code, text_in(topic.name, locale), own.answered, own.open, lines))
    return tuple(found)


@dataclass(frozen=True)
class CheckPage:
    """What stands between the answers and the buyer."""

    id: int
    round: str
    state: str
    locked: str
    deadline: Deadline
    blocking: tuple[Owed, ...]
    left: Unanswered
    counting_zero: tuple[Owed, ...]
    wanted: tuple[Owed, ...]
    topics: tuple[TopicAnswers, ...]
    overall: TopicProgress
    declared: ScoreLine
    flags: tuple[Flag, ...]
    leads: tuple[str, ...]
    resending: bool
    unchanged: tuple[str, ...]
    hints: tuple[HintLine, ...]
    waiting: Waiting
    file_notes: tuple[FileNote, ...]
    unseen: tuple[LookLine, ...]
    looked: int
    short: bool
