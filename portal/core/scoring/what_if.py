"""What if some answers were others: the same scoring function over a scratch copy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.core.problems import Problem
from portal.core.questionnaire.kinds import read
from portal.core.questionnaire.model import Questionnaire, find_indicator
from portal.core.questionnaire.path import Path, walk
from portal.core.questionnaire.reading import Value
from portal.core.scoring.roll_up import score
from portal.core.scoring.sheet import ScoreSheet


@dataclass(frozen=True)
class Scratch:
    """A scratch copy of answers: canonical values by code, the indicators in play, the sheet, and what of the edits
    could not be read (such an answer counts as none, as it would when saved)."""

    answers: Mapping[str, Value]
    path: Path
    sheet: ScoreSheet
    problems: Mapping[str, tuple[Problem, ...]]


def what_if(
    questionnaire: Questionnaire,
    roles: Collection[str],
    answers: Mapping[str, Value],
    edits: Mapping[str, tuple[object, str | None]],
    *,
    short: bool = False,
) -> Scratch:
    """The answers with `edits` (raw value and unit by code) put in their place; a code nobody knows is passed over."""
    changed = dict(answers)
    problems: dict[str, tuple[Problem, ...]] = {}
    for code, (raw, unit) in edits.items():
        indicator = find_indicator(questionnaire, code)
        if indicator is None:
            continue
        reading = read(indicator, raw, unit)
        changed.pop(code, None)
        if reading.value is not None:
            changed[code] = reading.value
        if reading.problems:
            problems[code] = reading.problems
    path = walk(questionnaire, roles, changed, short=short)
    return Scratch(changed, path, score(questionnaire, roles, changed, short=short), problems)
