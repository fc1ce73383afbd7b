"""Next best steps: open improvements ranked by points gained per declared effort, each judged by the scoring function itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from portal.core.questionnaire.model import Indicator, Questionnaire, indicator, indicators_of
from portal.core.questionnaire.path import walk
from portal.core.questionnaire.reading import Value
from portal.core.scoring.improvements import Better, better_answers
from portal.core.scoring.roll_up import score
from portal.core.scoring.sheet import ScoreSheet

# Half days of work that stand for an effort when points per effort are compared: half a day, three days, three weeks,
# three months. An indicator without an effort counts as weeks.
HALF_DAYS = {"hours": 1, "days": 6, "weeks": 30, "months": 120, "": 30}


@dataclass(frozen=True)
class Change:
    """One better answer and what it does to the whole score, on 0..100.

    `opens`: questions that come into play with it; `gain` counts them as answered in the best way, `alone` as not
    answered yet (0 points), so `alone` may be negative. `grade` is the one that `gain` leads to; `lifts` says whether
    it is better than now, `clears` whether a red flag goes.
    """

    better: Better
    gain: Fraction
    alone: Fraction
    opens: tuple[str, ...]
    grade: str
    lifts: bool
    clears: bool


@dataclass(frozen=True)
class Step:
    """One indicator that can do better: the best change, smaller ones before it, and `worth`: gain per half day."""

    code: str
    effort: str
    points: Fraction
    missing: bool
    best: Change
    smaller: tuple[Change, ...]
    worth: Fraction


@dataclass(frozen=True)
class Steps:
    """All steps, the worthiest first; `together` are the first of them, flags to clear foremost, that lift the grade to
    `reaches` when all are done; empty where nothing lifts it."""

    present: ScoreSheet
    steps: tuple[Step, ...]
    together: tuple[str, ...]
    reaches: str


@dataclass(frozen=True)
class _Ground:
    """What every change is compared with."""

    questionnaire: Questionnaire
    roles: Collection[str]
    answers: Mapping[str, Value]
    present: ScoreSheet
    open: frozenset[str]
    short: bool


def next_steps(
    questionnaire: Questionnaire,
    roles: Collection[str],
    answers: Mapping[str, Value],
    detailed: int = 20,
    *,
    short: bool = False,
) -> Steps:
    """What would gain points, for a set of canonical answers; smaller changes are worked out for the first `detailed`."""
    now = score(questionnaire, roles, answers, short=short)
    opened = walk(questionnaire, roles, answers, short=short).open
    ground = _Ground(questionnaire, roles, answers, now, opened, short)
    found = [step for one in indicators_of(questionnaire) if (step := _step(ground, one)) is not None]
    found.sort(key=lambda step: (-step.worth, -step.best.gain, step.code))
    shown = [_with_smaller(ground, step) for step in found[:detailed]]
    together, reaches = _together(ground, found)
    return Steps(now, (*shown, *found[detailed:]), together, reaches)


def best_opened(
    questionnaire: Questionnaire,
    roles: Collection[str],
    answers: Mapping[str, Value],
    before: Collection[str],
    *,
    short: bool = False,
) -> dict[str, Value]:
    """The best answers to questions that are open now and were not `before`, and to those that these open in turn."""
    added: dict[str, Value] = {}
    while True:
        reached = walk(questionnaire, roles, {**answers, **added}, short=short).open
        opened = reached - set(before) - added.keys()
        fresh = {code: best for code in opened if (best := _best(indicator(questionnaire, code))) is not None}
        if not fresh:
            return added
        added |= fresh


def _best(one: Indicator) -> Value | None:
    found = better_answers(one, None)
    return found[-1].value if found else None


def _step(ground: _Ground, one: Indicator) -> Step | None:
    line = ground.present.lines[one.code]
    if line.points is None or line.points >= 1:
        return None
    found = better_answers(one, ground.answers.get(one.code))
    if not found:
        return None
    best = _change(ground, one, found[-1])
    if best.gain <= 0:
        return None
    efforts = [one.effort, *(indicator(ground.questionnaire, code).effort for code in best.opens)]
    worth = best.gain / sum(HALF_DAYS[effort] for effort in efforts)
    return Step(one.code, one.effort, line.points, line.state == "missing", best, (), worth)


def _with_smaller(ground: _Ground, step: Step) -> Step:
    one = indicator(ground.questionnaire, step.code)
    others = better_answers(one, ground.answers.get(step.code))[:-1]
    changes = (_change(ground, one, better) for better in others if better.value != step.best.better.value)
    return replace(step, smaller=tuple(change for change in changes if change.gain > 0))


def _change(ground: _Ground, one: Indicator, better: Better) -> Change:
    changed: dict[str, Value] = {**ground.answers, one.code: better.value}
    alone = score(ground.questionnaire, ground.roles, changed, short=ground.short)
    # what opens may hold answers from before it was closed: they count again, as they will when it is saved
    opened = walk(ground.questionnaire, ground.roles, changed, short=ground.short).open - ground.open
    unanswered = {code for code in opened if ground.answers.get(code) is None}
    full = alone
    if unanswered:
        known = ground.open | (opened - unanswered)
        added = best_opened(ground.questionnaire, ground.roles, changed, known, short=ground.short)
        full = score(ground.questionnaire, ground.roles, {**changed, **added}, short=ground.short)
    flags = set(ground.present.red_flags)
    return Change(
        better=better,
        gain=full.total - ground.present.total,
        alone=alone.total - ground.present.total,
        opens=tuple(i.code for i in indicators_of(ground.questionnaire) if i.code in unanswered),
        grade=full.grade,
        lifts=_is_better(ground.questionnaire, full.grade, ground.present.grade),
        clears=one.code in flags and one.code not in full.red_flags,
    )


def _is_better(questionnaire: Questionnaire, one: str, other: str) -> bool:
    letters = [grade.letter for grade in questionnaire.grades]
    return letters.index(one) < letters.index(other)


def _together(ground: _Ground, ranked: Sequence[Step]) -> tuple[tuple[str, ...], str]:
    """The shortest run of steps, those that clear a flag first, that lifts the grade when all are done."""
    order = [s for s in ranked if s.best.clears] + [s for s in ranked if not s.best.clears]
    answers = dict(ground.answers)
    taken: list[str] = []
    for step in order:
        answers[step.code] = step.best.better.value
        answers |= best_opened(
            ground.questionnaire,
            ground.roles,
            answers,
            ground.open | {*taken} | _answered(answers),
            short=ground.short,
        )
        taken.append(step.code)
        grade = score(ground.questionnaire, ground.roles, answers, short=ground.short).grade
        if _is_better(ground.questionnaire, grade, ground.present.grade):
            return tuple(taken), grade
    return (), ""


def _answered(answers: Mapping[str, Value]) -> frozenset[str]:
    return frozenset(code for code, value in answers.items() if value is not None)
