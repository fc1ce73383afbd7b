"""Commitments: a supplier's dated promise to close a finding. States, moves, when overdue, who has committed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.core.errors import Refused

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


def committed_share(
    assessed_on: Iterable[tuple[int, date]], promises: Iterable[Promise], on: date
) -> CommittedShare:
    """Which part of the suppliers assessed by `on` had at least one agreed commitment on that day.

    `assessed_on` pairs each supplier with the day its result was released. Share = committed / assessed.
    """
    assessed = {supplier for supplier, day in assessed_on if day <= on}
    committed = {
        p.supplier
        for p in promises
        if p.agreed_on is not None and p.agreed_on <= on and (p.withdrawn_on is None or p.withdrawn_on > on)
    }
    return CommittedShare(on=on, assessed=len(assessed), committed=len(assessed & committed))
