"""The states of an assessment, the allowed moves, and who may make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.core.errors import Refused

STATES = ("invited", "in_progress", "submitted", "in_review", "returned", "reviewed", "released")

VALID_DAYS = 365


@dataclass(frozen=True)
class Move:
    """One allowed step: from any of `before` to `after`, made by an audience ("supplier" or "staff")."""

    before: tuple[str, ...]
    after: str
    audience: str


MOVES = {
    "begin": Move(("invited",), "in_progress", "supplier"),
    "submit": Move(("in_progress", "returned"), "submitted", "supplier"),
    "take_up": Move(("submitted",), "in_review", "staff"),
    "send_back": Move(("in_review",), "returned", "staff"),
    "finish_review": Move(("in_review",), "reviewed", "staff"),
    "reopen_review": Move(("reviewed",), "in_review", "staff"),
    "release": Move(("reviewed",), "released", "staff"),
}

EDITABLE = ("invited", "in_progress", "returned")
SEEN_BY_STAFF = ("submitted", "in_review", "reviewed", "released")


def after(state: str, move: str) -> str:
    """The state after `move`. Raises Refused("move_not_allowed") when the present state does not allow it."""
    step = MOVES[move]
    if state not in step.before:
        raise Refused("move_not_allowed", move=move, state=state)
    return step.after


def may_edit(state: str, indicator: str, returned: frozenset[str]) -> bool:
    """Whether the supplier may change the answer to `indicator`: drafts whole, returned ones only where named."""
    if state == "returned":
        return indicator in returned
    return state in EDITABLE


def valid_until(released_on: date) -> date:
    """A released score stands for twelve months."""
    return released_on + timedelta(days=VALID_DAYS)


def is_expired(state: str, until: date | None, today: date) -> bool:
    """Whether a released assessment is past its validity."""
    return state == "released" and until is not None and until < today
