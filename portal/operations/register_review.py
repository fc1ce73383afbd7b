"""What was sent beside the carbon register, for the review: what came from it, and what it says now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.questionnaire.facts import OWN_BUSINESS, Facts
from portal.core.questionnaire.model import RegisterEntry
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.register_answers import agrees, proposals
from portal.operations.register_facts import known_for
from portal.operations.scoring import Case
from portal.operations.snapshots import SentFigure, read_snapshot
from portal.store.assessments import Submission


@dataclass(frozen=True)
class SentBeside:
    """One sent answer beside the register as it is now.

    `sent` says what the answer rested on, None for one that was not taken over. `state`: same, moved (taken over, and
    the register says `now`), silent (taken over, and the register says nothing now), differs (answered by the supplier, and the register says `now`),
    sent (taken over from what is the supplier's own business, so that nobody else is told what the register says now).
    `entry` and `facts` belong to `now`.
    """

    state: str
    sent: SentFigure | None
    entry: RegisterEntry | None
    now: Value | None
    facts: Facts


def sent_beside_register(session: Session, case: Case, submission: Submission) -> Mapping[str, SentBeside]:
    """By code, for the answers of a sent `case` that the register knows or that came from it. Seven queries at most,
    none where the questionnaire takes nothing from the register."""
    if not case.questionnaire.register:
        return {}
    register = read_snapshot(case.questionnaire, submission.content).register
    known = known_for(session, case.assessment)
    proposed = proposals(case.questionnaire, case.path.open, case.answers, known.facts, known.rows)
    found: dict[str, SentBeside] = {}
    for code in dict.fromkeys(entry.indicator for entry in case.questionnaire.register):
        answer, sent, one = case.answers.get(code), register.get(code), proposed.get(code)
        if answer is None or code not in case.path.open:
            continue
        takes = sent.take if sent else one.entry.take if one else ""
        if takes in OWN_BUSINESS:
            if sent is not None:
                found[code] = SentBeside("sent", sent, None, None, {})
            continue
        if one is None or one.value is None:
            if sent is not None:
                found[code] = SentBeside("silent", sent, None, None, {})
            continue
        exact = sent is not None and not isinstance(answer, tuple)
        same = answer == one.value if exact else agrees(one.entry, one.value, answer)
        state = "same" if same else "moved" if sent else "differs"
        found[code] = SentBeside(state, sent, one.entry, one.value, one.facts)
    return found
