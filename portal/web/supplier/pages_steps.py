"""Page objects of the next best steps: what to change, what it brings, what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.exact import decimal_text, rounded
from portal.core.questionnaire.model import Indicator, indicator, option_of, text_in
from portal.core.questionnaire.unit_words import quantity_text
from portal.core.scoring.improvements import Better
from portal.core.scoring.next_steps import Change, Step, Steps
from portal.language import N_, say
from portal.operations.scoring import Case
from portal.web.supplier.pages_hub import ScoreLine, score_line

EFFORT_WORDS = {
    "hours": N_("hours"),
    "days": N_("days"),
    "weeks": N_("weeks"),
    "months": N_("months"),
    "": N_("not stated"),
}
# How many steps that lift the grade by themselves stand open; an almost empty assessment has dozens of them.
TELLING_SHOWN = 5
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


@dataclass(frozen=True)
class ChangeLine:
    """One change in words with its gain as signed text; `alone` where questions that open would at first cost points."""

    words: str
    gain: str
    alone: str
    opens: tuple[str, ...]
    lifts: str
    clears: bool
    trial: str


@dataclass(frozen=True)
class StepLine:
    """One indicator that can do better. `proof` says what evidence the better answer needs, empty for none."""

    code: str
    topic: str
    subject: str
    effort: str
    missing: bool
    result: bool
    evidence_rule: str
    proof: str
    advice: str
    best: ChangeLine
    smaller: tuple[ChangeLine, ...]


@dataclass(frozen=True)
class StepsPage:
    """The ranked steps. `telling` are the first of those that clear a flag or lift the grade by themselves, flags to
    clear foremost, `telling_more` the others; `together` the first steps that lift it jointly."""

    id: int
    round: str
    short: bool
    now: ScoreLine
    flags: int
    telling: tuple[StepLine, ...]
    telling_more: tuple[StepLine, ...]
    steps: tuple[StepLine, ...]
    more: tuple[StepLine, ...]
    together: tuple[str, ...]
    reaches: str


def steps_page(case: Case, steps: Steps, shown: int, locale: str) -> StepsPage:
    """The steps of a case in words; the first `shown` in full, the others one line each."""
    lines = [_step_line(case, step, locale) for step in steps.steps]
    telling = [line for line in lines if line.best.lifts or line.best.clears]
    telling.sort(key=lambda line: not line.best.clears)
    return StepsPage(
        id=case.assessment.id,
        round=case.assessment.round.name,
        short=case.short,
        now=score_line(steps.present),
        flags=len(steps.present.red_flags),
        telling=tuple(telling[:TELLING_SHOWN]),
        telling_more=tuple(telling[TELLING_SHOWN:]),
        steps=tuple(lines[:shown]),
        more=tuple(lines[shown:]),
        together=steps.together,
        reaches=steps.reaches,
    )


def _step_line(case: Case, step: Step, locale: str) -> StepLine:
    one = indicator(case.questionnaire, step.code)
    needs = one.evidence != "none" and not case.evidence.get(step.code)
    return StepLine(
        code=step.code,
        topic=one.topic,
        subject=text_in(one.subject, locale),
        effort=say(locale, EFFORT_WORDS[step.effort]),
        missing=step.missing,
        result=one.nature == "result",
        evidence_rule=one.evidence if needs else "none",
        proof=text_in(one.evidence_help, locale) if needs and one.evidence_help else "",
        advice=text_in(one.hint, locale),
        best=_change_line(one, step.best, locale),
        smaller=tuple(_change_line(one, change, locale) for change in step.smaller),
    )


def _change_line(one: Indicator, change: Change, locale: str) -> ChangeLine:
    return ChangeLine(
        words=change_words(one, change.better, locale),
        gain=signed(change.gain),
        alone=signed(change.alone) if change.alone != change.gain else "",
        opens=change.opens,
        lifts=change.grade if change.lifts else "",
        clears=change.clears,
        trial=trial_of(one, change.better),
    )


def change_words(one: Indicator, better: Better, locale: str) -> str:
    """A better answer as something to do: choose “…”, reach ≥ 70 %."""
    if better.kind == "choose":
        return say(locale, N_("choose “{option}”"), option=_labels(one, better.keys, locale))
    if better.kind == "add":
        return say(locale, N_("tick also: {options}"), options=_labels(one, better.keys, locale))
    if better.kind == "fill":
        return say(locale, N_("fill every column of every row"))
    if better.kind == "list":
        return say(locale, N_("list at least one row with every column filled"))
    band = better.band
    if band is None or band.bound is None:
        bound, sign = Decimal(100) if one.maximum is None else one.maximum, ""
    else:
        bound, sign = band.bound, _SIGNS[band.op] + " "
    return say(locale, N_("reach {value}"), value=sign + quantity_text(bound, one.unit, locale))


def _labels(one: Indicator, keys: Sequence[str], locale: str) -> str:
    labels = [text_in(option.label, locale) for key in keys if (option := option_of(one, key))]
    return ("；" if locale == "zh" else "; ").join(labels)


def trial_of(one: Indicator, better: Better) -> str:
    """The answer as the address of the what-if page carries it, empty where it does not fit one."""
    value = better.value
    if one.kind == "table":
        return ""
    if isinstance(value, tuple):
        return f"{one.code}:{','.join(str(key) for key in value)}"
    return f"{one.code}:{decimal_text(value) if isinstance(value, Decimal) else value}"


def signed(value: Fraction) -> str:
    """A difference with its sign and two places: "+0.42", "−1.05"; "+<0.01" for less than can be shown."""
    shown = rounded(value, 2)
    if value > 0 and not shown:
        return "+<0.01"
    return ("−" if shown < 0 else "+") + format(abs(shown), "f")
