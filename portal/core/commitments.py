"""Commitments: a supplier's dated promise to close a finding. States, moves, when overdue, who has committed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.core.errors import Refused
from portal.core.questionnaire.model import Questionnaire
from portal.core.scoring.sheet import ScoreSheet

# An open scored indicator that earns less than half of its points is worth acting on; exactly half is not.
LOW_POINTS = Fraction(1, 2)
# A promise further away than this is a wish.
MOST_YEARS = 10

STATES = ("proposed", "sent_back", "agreed", "done", "verified", "withdrawn")

# move: (states it starts from, state it leads to, audience that may make it)
MOVES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "repropose": (("sent_back",), "proposed", "supplier"),
    "withdraw": (("proposed", "sent_back"), "withdrawn", "supplier"),
    "agree": (("proposed",), "agreed", "staff"),
    "send_back": (("proposed",), "sent_back", "staff"),
    "report_done": (("agreed",), "done", "supplier"),
    "verify": (("done",), "verified", "staff"),
    "reopen": (("done",), "agreed", "staff"),
}


def after(state: str, move: str) -> str:
    """The state after `move`. Raises Refused("commitment_move_not_allowed") when the state does not allow it."""
    before, to, _audience = MOVES[move]
    if state not in before:
        raise Refused("commitment_move_not_allowed", move=move, state=state)
    return to


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """An agreed promise not yet reported done after its date."""
    return state == "agreed" and due_on < today


@dataclass(frozen=True)
class Promise:
    """What the register needs of one commitment: whose, since when agreed, until when standing."""

    supplier: int
    agreed_on: date | None
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class CommittedShare:
    """Of `assessed` suppliers, `committed` had an agreed commitment on the day; `share` is a fraction 0..1."""

    on: date
    assessed: int
    committed: int

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.committed) / Decimal(self.assessed) if self.assessed else None


def committed_suppliers(
    assessed_on: Iterable[tuple[int, date]], promises: Iterable[Promise], on: date
) -> tuple[frozenset[int], frozenset[int]]:
    """The suppliers assessed by `on`, and those of them with at least one agreed commitment on that day.

    `assessed_on` pairs each supplier with the day a result of it was released.
    """
    assessed = frozenset(supplier for supplier, day in assessed_on if day <= on)
    committed = frozenset(
        p.supplier
        for p in promises
        if p.agreed_on is not None and p.agreed_on <= on and (p.withdrawn_on is None or p.withdrawn_on > on)
    )
    return assessed, assessed & committed


def committed_share(
    assessed_on: Iterable[tuple[int, date]], promises: Iterable[Promise], on: date
) -> CommittedShare:
    """Which part of the suppliers assessed by `on` had committed on that day. Share = committed / assessed."""
    assessed, committed = committed_suppliers(assessed_on, promises, on)
    return CommittedShare(on=on, assessed=len(assessed), committed=len(committed))


@dataclass(frozen=True)
class Weakness:
    """A red flag or low score in a sheet: `kind` red_flag or low_score, `points` 0..1.

    `gain` is what full marks for this indicator alone would add to the total (0..100), exact.
    """

    indicator: str
    kind: str
    points: Fraction
    gain: Fraction


def weaknesses(questionnaire: Questionnaire, sheet: ScoreSheet) -> list[Weakness]:
    """Every red flag and every open scored indicator strictly below LOW_POINTS, in the questionnaire's order.

    gain = effective topic weight × weight × (1 − points) / Σ(weights of the topic's open scored indicators),
    which is the change of the total (see `portal.core.scoring.roll_up`) when `points` become 1.
    """
    found: list[Weakness] = []
    for topic in questionnaire.topics:
        scored = [
            (i.code, sheet.lines[i.code].weight, points)
            for i in topic.indicators
            if (points := sheet.lines[i.code].points) is not None
        ]
        together = sum(weight for _code, weight, _points in scored)
        for code, weight, points in scored:
            flagged = code in sheet.red_flags
            if flagged or points < LOW_POINTS:
                gain = sheet.topics[topic.code].weight_effective * weight * (1 - points) / together
                found.append(Weakness(code, "red_flag" if flagged else "low_score", points, gain))
    return found
