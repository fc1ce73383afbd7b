"""The score sheet: the full result, one line per indicator with its reason, and its JSON form.

All points and scores in a sheet are exact fractions; they become rounded text only when printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.core.exact import fraction_text, rounded
from portal.core.questionnaire.model import Text

METHOD = "upstream-score/1"
# Named in the sheet, so that nobody takes the score of a short set for a full one.
SHORT_METHOD = f"{METHOD} short set"
STATES = ("scored", "missing", "unscored", "not_applicable")
JUDGEMENTS = ("accepted", "adjusted", "unsupported", "flag_closed")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, as a value of a reason."""

    number: Decimal
    unit: str


ReasonValue = str | int | Fraction | Quantity | Text | tuple[Text, ...]


@dataclass(frozen=True)
class Reason:
    """Why a line earns what it earns, as data; `portal.language.reasons` says it in words."""

    code: str
    values: Mapping[str, ReasonValue]


@dataclass(frozen=True)
class Judgement:
    """What evidence and review say about one declared answer. `kind` is one of JUDGEMENTS.

    adjusted: `points` (0..1) replace the declared ones; unsupported: a claim without accepted evidence counts
    0; flag_closed: the red flag is closed with proof and caps no longer; accepted: stands as declared.
    """

    kind: str
    points: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """One indicator in the sheet. `points` 0..1, None for unscored and not_applicable; `state` one of STATES.

    `judged` is the kind of the judgement that was applied, None in a declared score.
    """

    state: str
    points: Fraction | None
    weight: int
    reason: Reason
    gating: bool
    judged: str | None


@dataclass(frozen=True)
class TopicScore:
    """`score` on 0..100, None when the topic has no open scored indicator (`open` False) and drops out.

    `weight` as in the questionnaire; `weight_effective` after the open topics are scaled up to 100 together. The
    score is 100 × `earned` / `weights`: Σ(weight × points) and Σ(weight) of its open scored indicators.
    """

    score: Fraction | None
    weight: int
    open: bool
    weight_effective: Fraction
    earned: Fraction
    weights: int


@dataclass(frozen=True)
class ScoreSheet:
    """The full result. `total` on 0..100, exact; `natural_grade` is the grade before red flags.

    The total is `weighed` / `open_weights`: Σ(topic weight × topic score) and Σ(topic weight) of the open topics.
    `capped_by_red_flag` is true only when a red flag lowered the grade. `topics` and `lines` keep the
    questionnaire's order. `short`: only the short set was asked; `method` says so too.
    """

    questionnaire: str
    method: str
    total: Fraction
    weighed: Fraction
    open_weights: int
    grade: str
    natural_grade: str
    capped_by_red_flag: bool
    red_flags: tuple[str, ...]
    topics: Mapping[str, TopicScore]
    lines: Mapping[str, Line]
    short: bool = False


def score_text(score: Fraction | None) -> str | None:
    """A score or total as printed: rounded half-even to two places from the exact value, "69.00"."""
    return None if score is None else str(rounded(score, 2))


def points_text(points: Fraction | None) -> str | None:
    """Points as exact decimal text, "0.7"; at most 28 significant digits where no finite form exists."""
    return None if points is None else fraction_text(points)


def score_json(sheet: ScoreSheet, reason_text: Callable[[Reason], str]) -> dict[str, Any]:
    """The score.json form of docs/formats.md; `reason_text` puts a reason into words."""
    short = {"short": True} if sheet.short else {}
    return {
        "questionnaire": sheet.questionnaire,
        "method": sheet.method,
        **short,
        "total": score_text(sheet.total),
        "grade": sheet.grade,
        "capped_by_red_flag": sheet.capped_by_red_flag,
        "red_flags": list(sheet.red_flags),
        "topics": {
            code: {"score": score_text(topic.score), "weight": topic.weight, "open": topic.open}
            for code, topic in sheet.topics.items()
        },
        "indicators": {
            code: {
                "state": line.state,
                "points": points_text(line.points),
                "weight": line.weight,
                "reason": reason_text(line.reason),
            }
            for code, line in sheet.lines.items()
        },
    }
