"""What was sent beside the carbon register, for the review: what came from it, and what it says now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from portal.core.questionnaire.facts import OWN_BUSINESS, Facts
from portal.core.questionnaire.model import RegisterEntry
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.register_answers import Proposal, agrees, proposals
from portal.operations.register_beside import is_per_site, sites_beside, standing_at
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
    `entry` and `facts` belong to `now`. Where sites gave the answer, `state` is "sites" and `sites` holds the same for
    each site that the register knows, by key, in the order of the sites; none of the rest is there.
    """

    state: str
    sent: SentFigure | None
    entry: RegisterEntry | None
    now: Value | None
    facts: Facts
    sites: Mapping[str, SentBeside] = field(default_factory=dict)


def sent_beside_register(session: Session, case: Case, submission: Submission) -> Mapping[str, SentBeside]:
    """By code, for the answers of a sent `case` that the register knows or that came from it. Nine queries at most,
    none where the questionnaire takes nothing from the register."""
    if not case.questionnaire.register:
        return {}
    sent = read_snapshot(case.questionnaire, submission.content)
    known = known_for(session, case.assessment)
    proposed = proposals(case.questionnaire, case.path.open, case.answers, known.facts, known.rows)
    at_sites = sites_beside(case, known)
    found: dict[str, SentBeside] = {}
    for code in dict.fromkeys(entry.indicator for entry in case.questionnaire.register):
        if code not in case.path.open:
            continue
        if is_per_site(case, code):
            figures = sent.register_at_sites.get(code, {})
            own = {
                at.site.key: beside
                for at in at_sites
                if (
                    beside := _beside(
                        standing_at(case, code, at.site.key), figures.get(at.site.key), at.proposed.get(code)
                    )
                )
            }
            if own:
                found[code] = SentBeside("sites", None, None, None, {}, own)
        elif (
            beside := _beside(case.answers.get(code), sent.register.get(code), proposed.get(code))
        ) is not None:
            found[code] = beside
    return found


def _beside(answer: Value | None, sent: SentFigure | None, one: Proposal | None) -> SentBeside | None:
    """One sent answer beside what the register says of it now; None where neither has to do with the other."""
    if answer is None:
        return None
    if (sent.take if sent else one.entry.take if one else "") in OWN_BUSINESS:
        return SentBeside("sent", sent, None, None, {}) if sent is not None else None
    if one is None or one.value is None:
        return SentBeside("silent", sent, None, None, {}) if sent is not None else None
    exact = sent is not None and not isinstance(answer, tuple)
    same = answer == one.value if exact else agrees(one.entry, one.value, answer)
    state = "same" if same else "moved" if sent else "differs"
    return SentBeside(state, sent, one.entry, one.value, one.facts)
