"""Contradiction hints on the review page: what stood when the assessment was sent, and what the supplier wrote to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.questionnaire.model import indicator
from portal.operations.hints import sent_hint_texts
from portal.operations.scoring import Case


@dataclass(frozen=True)
class HintView:
    """One hint; `codes` are the indicators in play it concerns, `topic` that of the first. `explanation` is "" where
    the supplier wrote none."""

    text: str
    codes: tuple[str, ...]
    topic: str
    explanation: str
    by: str
    at: datetime | None


def hint_views(case: Case, locale: str) -> tuple[HintView, ...]:
    """The hints of a sent case in the reader's language."""
    texts = sent_hint_texts(case, case.sent_hints, locale)
    concerned = {hint.id: hint.indicators for hint in case.questionnaire.hints}
    found = []
    for one in case.sent_hints:
        if one.id not in texts:
            continue
        codes = tuple(code for code in concerned[one.id] if code in case.path.open)
        topic = indicator(case.questionnaire, codes[0]).topic if codes else ""
        found.append(
            HintView(texts[one.id], codes, topic, one.explanation, one.explained_by, one.explained_at)
        )
    return tuple(found)
