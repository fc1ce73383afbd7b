"""Take answers over from the carbon register, for the company or for a site of it.

Nothing is stored without a person's click, and each click names what the person saw: the version of the answer and a
mark of what the register said. Storing goes through `portal.operations.answering` like every answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.questionnaire.facts import fact_text
from portal.core.questionnaire.model import Indicator
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.register_answers import Proposal, joined, proposals, raw_of
from portal.operations.answering import Given, save_answer, save_site_answer
from portal.operations.register_beside import is_per_site, mark_of, sites_beside, standing_at
from portal.operations.register_facts import Known, known_for
from portal.operations.scoring import Case, open_case
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment
from portal.store.site_answers import AnyAnswer, SiteAnswer
from portal.store.taken_figures import SiteTakenFigure, TakenFigure, figure_behind


@dataclass(frozen=True)
class Click:
    """What a person saw when taking over: the version of the answer (0: none) and the mark of the proposal; `site_id`
    where it is the answer of a site."""

    code: str
    version: int
    seen: str
    site_id: int | None = None


@dataclass(frozen=True)
class TakenAll:
    """What became of taking over several: codes stored, and those left because something changed meanwhile, each once."""

    stored: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """Where a click would store: what is proposed there, what stands, and what the proposal rests on."""

    asked: Indicator
    proposal: Proposal | None
    standing: Value | None
    row: AnyAnswer | None
    known: Known


def take_over(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    click: Click,
    known: Known | None = None,
    now: datetime,
) -> AnyAnswer:
    """Store what the register says as the answer, with origin "register" and what it rests on.

    `known` is what the register says, where it was read already. Raises NotFound (the register says nothing of this
    indicator, or it is not answered there), Refused (register_moved: it says something else than the person saw;
    locked_…), Conflict (somebody saved another answer meanwhile).
    """
    case = open_case(session, assessment)
    place = _place(session, case, click, known or known_for(session, assessment))
    one = place.proposal
    if one is None or one.value is None:
        raise Refused("register_moved") if click.code in _codes(case, click) else NotFound
    value = joined(one.entry, one.value, place.standing)
    given = Given(raw_of(place.asked, value), None, click.version)
    if (place.row.version if place.row else 0) != click.version:
        raise Conflict(mine=given, theirs=place.row)
    if mark_of(place.asked, value) != click.seen:
        raise Refused("register_moved")
    answer = _save(session, actor, case, click, given, now)
    _keep(session, answer, one, place.known)
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
    return TakenAll(tuple(dict.fromkeys(stored)), tuple(dict.fromkeys(left)))


def _place(session: Session, case: Case, click: Click, known: Known) -> _Place:
    """Raises NotFound where the click and the assessment disagree on who answers the indicator."""
    asked = next((i for t in case.questionnaire.topics for i in t.indicators if i.code == click.code), None)
    if asked is None or is_per_site(case, click.code) != (click.site_id is not None):
        raise NotFound
    if click.site_id is None:
        said = proposals(case.questionnaire, case.path.open, case.answers, known.facts, known.rows)
        row = answers_of(session, case.assessment.id).get(click.code)
        return _Place(asked, said.get(click.code), case.answers.get(click.code), row, known)
    at = next(iter(sites_beside(case, known, click.site_id)), None)
    if at is None or case.sites is None:
        raise NotFound
    rows = case.sites.rows.get(click.code, ())
    return _Place(
        asked,
        at.proposed.get(click.code),
        standing_at(case, click.code, at.site.key),
        next((row for row in rows if row.site_id == at.id), None),
        at.known,
    )


def _codes(case: Case, click: Click) -> set[str]:
    whose = "company" if click.site_id is None else "site"
    return {e.indicator for e in case.questionnaire.register if e.take and e.whose == whose}


def _save(session: Session, actor: Actor, case: Case, click: Click, given: Given, now: datetime) -> AnyAnswer:
    if click.site_id is None:
        answer: AnyAnswer | None = save_answer(
            session, actor, assessment=case.assessment, case=case, code=click.code, given=given,
            origin="register", now=now,
        )  # fmt: skip
    else:
        answer = save_site_answer(
            session, actor, assessment=case.assessment, case=case, site_id=click.site_id, code=click.code,
            given=given, origin="register", now=now,
        )  # fmt: skip
    assert answer is not None
    return answer


def _keep(session: Session, answer: AnyAnswer, proposal: Proposal, known: Known) -> None:
    """Keep what this version of the answer rests on, once."""
    if figure_behind(session, answer) is not None:
        return
    take = proposal.entry.take
    rests_on = {
        "indicator": answer.indicator,
        "version": answer.version,
        "take": take,
        "records": [list(record) for record in known.records.get(take, ())],
        "facts": {name: fact_text(value) for name, value in proposal.facts.items()},
    }
    if isinstance(answer, SiteAnswer):
        session.add(SiteTakenFigure(site_id=answer.site_id, **rests_on))
    else:
        assert isinstance(answer, Answer)
        session.add(TakenFigure(assessment_id=answer.assessment_id, **rests_on))
    session.flush()
