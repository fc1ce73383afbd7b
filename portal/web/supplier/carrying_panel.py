"""What the hub and the check page say of answers carried over and of versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.access import may
from portal.core.lifecycle import EDITABLE
from portal.core.questionnaire.carry import Step
from portal.operations.carrying import DRAFT, Source, earlier_source, preview_carry, preview_sites
from portal.operations.carrying_sites import SitesPlan
from portal.operations.moving import offered_versions
from portal.operations.scoring import Case
from portal.store.assessments import Assessment
from portal.store.carrying import carried_of, carryings_of
from portal.web.context import actor, db, locale
from portal.web.supplier.pages_confirming import FirstQuestion, first_questions, waiting_by_topic


@dataclass(frozen=True)
class CameFrom:
    """One time answers were brought in: from where in words, by whom, when."""

    said: str
    version: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class Waiting:
    """Carried answers that wait for confirmation, by topic: code, name, how many."""

    assessment_id: int
    topics: tuple[tuple[str, str, int], ...]

    @property
    def count(self) -> int:
        return sum(count for _code, _name, count in self.topics)


@dataclass(frozen=True)
class Panel:
    """What the hub says of carried answers and versions; `start` names the earlier round to start from, "" for none;
    `first` has to be answered before further carried answers open."""

    assessment_id: int
    start: str
    carried: int
    beside: int
    at_sites: int
    sites: int
    waiting: Waiting
    first: tuple[FirstQuestion, ...]
    trial: bool
    draft_version: bool
    version: str
    offered: tuple[str, ...]
    inherits: str
    came_from: tuple[CameFrom, ...]


def waiting_of(found: Assessment, case: Case) -> Waiting:
    """What waits for confirmation. No query."""
    return Waiting(found.id, waiting_by_topic(case, locale()))


def panel_of(found: Assessment, case: Case) -> Panel:
    """The panel of an assessment; offers only while it is a draft."""
    source, steps, plan = offer_of(found)
    return Panel(
        assessment_id=found.id,
        start=source.said if source else "",
        carried=sum(1 for s in steps if s.outcome == "carried"),
        beside=sum(1 for s in steps if s.outcome == "beside"),
        at_sites=plan.carried,
        sites=sum(1 for own in plan.steps.values() if any(s.outcome == "carried" for s in own)),
        waiting=waiting_of(found, case),
        first=_first(found, case),
        trial=found.round.trial,
        draft_version=case.questionnaire.status == "draft",
        version=case.questionnaire.version,
        offered=tuple(name.rpartition("/")[2] for name in offered_versions(db(), found)),
        inherits=case.questionnaire.inherits,
        came_from=tuple(
            CameFrom(
                c.said.rpartition("/")[2] if c.kind == "version" else c.said,
                c.kind == "version",
                c.carried_by.name,
                c.carried_at,
            )
            for c in carryings_of(db(), found.id)
        ),
    )


def _first(found: Assessment, case: Case) -> tuple[FirstQuestion, ...]:
    """What has to be answered before further carried answers open. One query, where any waits behind another question."""
    if found.state not in EDITABLE or case.unconfirmed <= case.path.open:
        return ()
    return first_questions(case, carried_of(db(), found.id), locale())


def offer_of(found: Assessment) -> tuple[Source | None, tuple[Step, ...], SitesPlan]:
    """The earlier assessment to start from and what that would do for the company and its sites; None and nothing where
    it would bring nothing."""
    source = earlier_source(db(), found) if found.state in DRAFT else None
    if source is None:
        return None, (), SitesPlan("")
    may_choose = may(actor(), "supplier:sites:choose")
    plan = preview_sites(db(), assessment=found, source=source, may_choose=may_choose)
    steps = preview_carry(db(), assessment=found, source=source, may_choose=may_choose)
    every = [*steps, *(step for own in plan.steps.values() for step in own)]
    brings = plan.way == "same" or any(step.outcome != "dropped" for step in every)
    return (source, steps, plan) if brings else (None, (), SitesPlan(""))
