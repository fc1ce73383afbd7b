"""Words for the steps of a commitment; the same for both audiences."""

from __future__ import annotations

from portal.language import N_
from portal.store.commitments import Commitment

MOVE_WORDS = {
    "propose": N_("Proposed"),
    "repropose": N_("Proposed again"),
    "withdraw": N_("Withdrawn"),
    "agree": N_("Agreed"),
    "send_back": N_("Sent back"),
    "progress": N_("Progress reported"),
    "report_done": N_("Reported done"),
    "verify": N_("Verified"),
    "reopen": N_("Not done yet"),
}


def percent_of(row: Commitment) -> int:
    """The newest reported progress in per cent, 0 where none was reported."""
    return next((note.percent for note in reversed(row.notes) if note.percent is not None), 0)
