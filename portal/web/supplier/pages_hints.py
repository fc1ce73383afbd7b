"""Page objects of contradiction hints on the supplier's side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.core.questionnaire.hints import hint_text
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import indicator, text_in
from portal.language import N_, forms, say
from portal.operations.hints import LONGEST, RaisedHint
from portal.operations.scoring import Case
from portal.operations.snapshots import SentHint
from portal.web.context import zone


@dataclass(frozen=True)
class HintLine:
    """One hint: what does not fit, which answers it concerns, and what the supplier wrote, with who and when."""

    assessment_id: int
    id: str
    text: str
    codes: tuple[str, ...]
    explanation: str
    explained: str


@dataclass(frozen=True)
class HintAnswer:
    """One answer a hint concerns, with where it stands."""

    code: str
    topic: str
    subject: str
    shown: str


@dataclass(frozen=True)
class Explaining:
    """The page to explain a hint: `text` is in the field, `base` the explanation it was made from, `theirs` a
    colleague's that was saved meanwhile."""

    hint: HintLine
    round: str
    answers: tuple[HintAnswer, ...]
    text: str
    base: int
    problems: tuple[str, ...] = ()
    theirs: str = ""
    theirs_said: str = ""
    longest: int = LONGEST


def hint_lines(case: Case, hints: Sequence[RaisedHint], locale: str) -> tuple[HintLine, ...]:
    """Raised hints in words."""
    return tuple(
        HintLine(
            assessment_id=case.assessment.id,
            id=one.hint.id,
            text=hint_text(case.questionnaire, one.hint, case.answers, one.facts, locale),
            codes=tuple(code for code in one.hint.indicators if code in case.path.open),
            explanation=one.explanation.text if one.explanation else "",
            explained=explained_words(one, locale),
        )
        for one in hints
    )


def sent_lines(case: Case, locale: str) -> tuple[HintLine, ...]:
    """The hints of a submission, as they stood when it was sent."""
    known = {hint.id: hint for hint in case.questionnaire.hints}
    return tuple(
        HintLine(
            assessment_id=case.assessment.id,
            id=one.id,
            text=hint_text(case.questionnaire, known[one.id], case.answers, one.facts, locale),
            codes=tuple(code for code in known[one.id].indicators if code in case.path.open),
            explanation=one.explanation,
            explained=_sent_words(one, locale),
        )
        for one in case.sent_hints
        if one.id in known
    )


def hints_by_code(lines: Iterable[HintLine]) -> dict[str, tuple[HintLine, ...]]:
    """Hints by each indicator they concern."""
    found: dict[str, tuple[HintLine, ...]] = {}
    for line in lines:
        for code in line.codes:
            found[code] = (*found.get(code, ()), line)
    return found


def explained_words(one: RaisedHint, locale: str) -> str:
    """Who explained a hint and when, in words; empty where nobody did."""
    row = one.explanation
    if row is None:
        return ""
    return _words(row.explained_by.name, forms.show_datetime(row.explained_at, zone(), locale), locale)


def _sent_words(one: SentHint, locale: str) -> str:
    if one.explained_at is None:
        return ""
    return _words(one.explained_by, forms.show_datetime(one.explained_at, zone(), locale), locale)


def _words(name: str, time: str, locale: str) -> str:
    return say(locale, N_("Explained by {name}, {time}"), name=name, time=time)


def hint_answers(case: Case, hint: HintLine, locale: str) -> tuple[HintAnswer, ...]:
    """The answers a hint concerns, as they stand."""
    found = []
    for code in hint.codes:
        one, value = indicator(case.questionnaire, code), case.answers.get(code)
        shown = show(one, value, locale) if value is not None else ""
        found.append(HintAnswer(code, one.topic, text_in(one.subject, locale), shown))
    return tuple(found)
