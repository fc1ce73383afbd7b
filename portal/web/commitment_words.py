"""Words for the steps of a commitment; the same for both audiences."""

from __future__ import annotations

from dataclasses import replace

from portal.core.problems import Problem
from portal.language import N_, say
from portal.store.commitments import Commitment
from portal.web.words import STATE_WORDS

MOVE_WORDS = {
    "propose": N_("Proposed"),
    "repropose": N_("Proposed again"),
    "withdraw": N_("Withdrawn"),
    "agree": N_("Agreed"),
    "send_back": N_("Sent back"),
    "progress": N_("Progress reported"),
    "report_done": N_("Reported done"),
    "verify": N_("Verified as done"),
    "reopen": N_("Not done yet"),
}


def percent_of(row: Commitment) -> int:
    """The newest reported progress in per cent, 0 where none was reported."""
    return next((note.percent for note in reversed(row.notes) if note.percent is not None), 0)


def with_state_word(problem: Problem, locale: str) -> Problem:
    """The same refusal with the state it names in the reader's language."""
    state = problem.values.get("state")
    if state not in STATE_WORDS:
        return problem
    return replace(problem, values={**problem.values, "state": say(locale, STATE_WORDS[str(state)])})
