"""Take answers over from the carbon register: where each answer stands beside it, and the click that takes it over.

Nothing is stored without a person's click, and each click names what the person saw: the version of the answer and a
mark of what the register said. Storing goes through `portal.operations.answering` like every answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.questionnaire.facts import Facts, fact_from, fact_text
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import Indicator, RegisterEntry, indicator
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.register_answers import Proposal, agrees, joined, proposals, raw_of
from portal.core.questionnaire.sites import asked_per_site
from portal.operations.answering import Given, save_answer
from portal.operations.register_facts import Known, known_for
from portal.operations.scoring import Case, open_case
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment
from portal.store.taken_figures import TakenFigure, taken_of


@dataclass(frozen=True)
class Beside:
    """One answer beside the register.

    `state`: told (the register only tells something), offered (no answer yet), taken, moved (taken, and the register
    says something else now), silent (taken, and the register says nothing now), same or differs (an answer of another
    origin), sites (each site answers this itself, so there is nothing to take over). `proposed` is what a click would store, `seen` the mark of it; `taken` what the answer rested on when it
    was taken over, with the figures its words named then in `then`.
    """

    indicator: Indicator
    state: str
    entry: RegisterEntry | None
    proposed: Value | None
    facts: Facts
    seen: str
    answer: Answer | None
    taken: TakenFigure | None
    then: Facts

    @property
    def can_take(self) -> bool:
        return self.state in {"offered", "moved", "same", "differs"}


@dataclass(frozen=True)
class Click:
    """What a person saw when taking over: the version of the answer (0: none) and the mark of the proposal."""

    code: str
    version: int
    seen: str


@dataclass(frozen=True)
class TakenAll:
    """What became of taking over several: codes stored, and those left because something changed meanwhile."""

    stored: tuple[str, ...]
    left: tuple[str, ...]


def beside_register(
    session: Session, case: Case, answers: Mapping[str, Answer], known: Known | None = None
) -> dict[str, Beside]:
    """Where the answers stand beside the register, in the questionnaire's order; `known` is what it says, where that was
    read already.

    Eight queries at most, none where the questionnaire takes nothing from the register.
    """
    if not case.questionnaire.register:
        return {}
    known = known or known_for(session, case.assessment)
    proposed = proposals(case.questionnaire, case.path.open, case.answers, known.facts, known.rows)
    taken = taken_of(session, case.assessment.id)
    found: dict[str, Beside] = {}
    for code in dict.fromkeys(entry.indicator for entry in case.questionnaire.register):
        if code in case.path.open:
            one = _beside(case, code, proposed.get(code), answers.get(code), taken.get(code))
            if one is not None:
                found[code] = one
    return found


def take_over(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    click: Click,
    known: Known | None = None,
    now: datetime,
) -> Answer:
    """Store what the register says as the answer, with origin "register" and what it rests on.

    `known` is what the register says, where it was read already. Raises NotFound (the register says nothing of this indicator), Refused (register_moved: it says something else
    than the person saw; locked_…), Conflict (somebody saved another answer meanwhile).
    """
    case, answers = open_case(session, assessment), answers_of(session, assessment.id)
    known = known or known_for(session, assessment)
    proposed = proposals(case.questionnaire, case.path.open, case.answers, known.facts, known.rows)
    one = proposed.get(click.code)
    if one is None or one.value is None:
        raise Refused("register_moved") if click.code in _codes(case) else NotFound
    if _per_site(case, click.code):
        raise NotFound
    asked = indicator(case.questionnaire, click.code)
    value = joined(one.entry, one.value, case.answers.get(click.code))
    standing = answers.get(click.code)
    if (standing.version if standing else 0) != click.version:
        raise Conflict(mine=Given(raw_of(asked, value), None, click.version), theirs=standing)
    if mark_of(asked, value) != click.seen:
        raise Refused("register_moved")
    given = Given(raw_of(asked, value), None, click.version)
    answer = save_answer(
        session,
        actor,
        assessment=assessment,
        case=case,
        code=click.code,
        given=given,
        origin="register",
        now=now,
    )
    assert answer is not None
    _keep(session, answer, one, known)
    return answer


def take_all(
    session: Session, actor: Actor, *, assessment: Assessment, clicks: Iterable[Click], now: datetime
) -> TakenAll:
    """Take over several as they were seen; what changed meanwhile or is locked is left as it stands."""
    stored: list[str] = []
    left: list[str] = []
    known = known_for(session, assessment)
    for click in clicks:
        try:
            take_over(session, actor, assessment=assessment, click=click, known=known, now=now)
        except (Conflict, Refused, NotFound):
            left.append(click.code)
        else:
            stored.append(click.code)
    return TakenAll(tuple(stored), tuple(left))


def mark_of(asked: Indicator, value: Value) -> str:
    """A short mark of a proposed answer: the same for the same answer only."""
    text = json.dumps([asked.code, to_json(asked, value)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def facts_then(taken: TakenFigure | None) -> Facts:
    """The figures that the words of the register named when the answer was taken over."""
    return {name: fact_from(name, text) for name, text in taken.facts.items()} if taken else {}


def _per_site(case: Case, code: str) -> bool:
    """Whether each site gives the answer, so that the group has none of its own."""
    return case.sites is not None and asked_per_site(indicator(case.questionnaire, code))


def _codes(case: Case) -> set[str]:
    return {entry.indicator for entry in case.questionnaire.register if entry.take}


def _beside(
    case: Case, code: str, proposal: Proposal | None, answer: Answer | None, taken: TakenFigure | None
) -> Beside | None:
    asked = indicator(case.questionnaire, code)
    given = answer is not None and (answer.value is not None or bool(answer.problem))
    standing = case.answers.get(code)
    entry = proposal.entry if proposal else None
    value = proposal.value if proposal else None
    if value is None:
        if taken is None and proposal is None:
            return None
        state = "told" if taken is None else "silent"
        shown: Value | None = None
    else:
        assert entry is not None
        shown = joined(entry, value, standing)
        same = standing is not None and agrees(entry, value, standing)
        if _per_site(case, code):
            state = "sites"
        elif taken is not None:
            state = "taken" if standing == shown or (same and asked.kind == "table") else "moved"
        else:
            state = "offered" if not given else "same" if same else "differs"
    return Beside(
        indicator=asked,
        state=state,
        entry=entry,
        proposed=shown,
        facts=proposal.facts if proposal else {},
        seen=mark_of(asked, shown) if shown is not None else "",
        answer=answer,
        taken=taken,
        then=facts_then(taken),
    )


def _keep(session: Session, answer: Answer, proposal: Proposal, known: Known) -> None:
    if answer.indicator in taken_of(session, answer.assessment_id):
        return
    take = proposal.entry.take
    session.add(
        TakenFigure(
            assessment_id=answer.assessment_id,
            indicator=answer.indicator,
            version=answer.version,
            take=take,
            records=[list(record) for record in known.records.get(take, ())],
            facts={name: fact_text(value) for name, value in proposal.facts.items()},
        )
    )
    session.flush()
