"""Words for the steps of a commitment; the same for both audiences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from portal.core.problems import Problem
from portal.language import N_, say
from portal.store.commitments import Commitment, CommitmentNote
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


@dataclass(frozen=True)
class Step:
    """One step on a commitment's way, in words."""

    words: str
    by: str
    at: datetime
    percent: int | None
    text: str
    proof_url: str
    evidence_name: str


def step_of(note: CommitmentNote, by: str, proof_url: str) -> Step:
    """A note as a step; `by` is who the reader is told it was, `proof_url` the address of its file, "" without."""
    return Step(
        words=MOVE_WORDS[note.move],
        by=by,
        at=note.at,
        percent=note.percent,
        text=note.text,
        proof_url=proof_url,
        evidence_name=note.evidence.name if note.evidence else "",
    )


def percent_of(row: Commitment) -> int:
    """The newest reported progress in per cent, 0 where none was reported."""
    return next((note.percent for note in reversed(row.notes) if note.percent is not None), 0)


def with_state_word(problem: Problem, locale: str) -> Problem:
    """The same refusal with the state it names in the reader's language."""
    state = problem.values.get("state")
    if state not in STATE_WORDS:
        return problem
    return replace(problem, values={**problem.values, "state": say(locale, STATE_WORDS[str(state)])})
