"""What the hub and the check page say of answers carried over and of versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.questionnaire.carry import Step
from portal.operations.carrying import DRAFT, Source, earlier_source, preview_carry
from portal.operations.moving import offered_versions
from portal.operations.scoring import Case
from portal.store.assessments import Assessment
from portal.store.carrying import carryings_of
from portal.web.context import db, locale
from portal.web.supplier.pages_carrying import waiting_by_topic


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
    """What the hub says of carried answers and versions; `start` names the earlier round to start from, "" for none."""

    assessment_id: int
    start: str
    carried: int
    beside: int
    waiting: Waiting
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
    source, steps = offer_of(found)
    return Panel(
        assessment_id=found.id,
        start=source.said if source and steps else "",
        carried=sum(1 for s in steps if s.outcome == "carried"),
        beside=sum(1 for s in steps if s.outcome == "beside"),
        waiting=waiting_of(found, case),
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


def offer_of(found: Assessment) -> tuple[Source | None, tuple[Step, ...]]:
    """The earlier assessment to start from and what that would do; nothing where it would bring nothing."""
    source = earlier_source(db(), found) if found.state in DRAFT else None
    steps = preview_carry(db(), assessment=found, source=source) if source else ()
    return source, steps if any(s.outcome != "dropped" for s in steps) else ()
