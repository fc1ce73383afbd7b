"""The lead looks through a topic before sending: what stood there then, and what has changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.questionnaire.model import find_topic
from portal.core.questionnaire.sites import RollUp
from portal.core.together import as_it_stands
from portal.operations.journal import note
from portal.operations.scoring import Case, live_case
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment, hold
from portal.store.evidence import EvidenceLink, links_of
from portal.store.site_answers import site_answers_of
from portal.store.together import TopicLook


def marks_of(
    case: Case, answers: Mapping[str, Answer], links: Mapping[str, Sequence[EvidenceLink]]
) -> dict[str, str]:
    """The state of each answer with its evidence in one short text: the answer's version, the files' ids, and where
    sites have a part in it a short name for what each of them answers."""
    shared = case.sites.roll_ups if case.sites else {}
    return {
        code: f"{answers[code].version if code in answers else 0}/"
        + ",".join(str(number) for number in sorted(row.evidence_id for row in links.get(code, ())))
        + (f"/{_name_of_parts(shared[code])}" if code in shared else "")
        for code in answers.keys() | shared.keys() | {code for code, rows in links.items() if rows}
    }


def _name_of_parts(made: RollUp) -> str:
    parts = [f"{part.site}={part.value!r}={part.inherited}" for part in made.parts]
    return hashlib.sha256("\n".join([repr(made.value), *parts]).encode()).hexdigest()[:12]


def difference(seen: str | None, stands: str) -> str:
    """What became of a question since a look: "new" (not asked then), "answer", "sites" (a site's answer), "files", or
    empty when nothing did."""
    if seen is None or seen == stands:
        return "new" if seen is None else ""
    if version_in(seen) != version_in(stands):
        return "answer"
    return "sites" if seen.split("/")[2:] != stands.split("/")[2:] else "files"


def version_in(mark: str) -> int:
    """The version of the answer a mark names; 0 where there was none."""
    return int(mark.partition("/")[0] or 0)


def topic_as_it_stands(session: Session, assessment: Assessment, code: str) -> dict[str, str]:
    """The marks of the questions in play of the topic `code`, as they stand now. Raises NotFound."""
    answers, links = answers_of(session, assessment.id), links_of(session, assessment.id)
    case = live_case(assessment, answers, links, site_answers_of(session, assessment.id))
    topic = find_topic(case.questionnaire, code)
    if topic is None:
        raise NotFound
    return as_it_stands(topic, case.path.open, marks_of(case, answers, links))


def fingerprint(seen: Mapping[str, str]) -> str:
    """A short name for what a page showed, to be given back with "looked at"."""
    text = json.dumps(dict(sorted(seen.items())), separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def look_at_topic(
    session: Session, actor: Actor, *, assessment: Assessment, code: str, shown: str, now: datetime
) -> TopicLook:
    """Note that a lead has looked through the topic `code` as it was `shown` (its fingerprint).

    Raises NotFound, Refused (locked_…), Conflict (mine: `shown`, theirs: what stands) when an answer changed
    meanwhile: what nobody has seen is never noted as looked at.
    """
    hold(session, assessment)
    if assessment.state not in EDITABLE:
        raise Refused(f"locked_{assessment.state}")
    seen = topic_as_it_stands(session, assessment, code)
    if fingerprint(seen) != shown:
        raise Conflict(mine=shown, theirs=seen)
    row = TopicLook(
        assessment_id=assessment.id, topic=code, seen=seen, looked_by_id=actor.user_id, looked_at=now
    )
    session.add(row)
    session.flush()
    note(
        session,
        actor,
        "topic.looked_at",
        thing="topic_look",
        thing_id=row.id,
        supplier_id=assessment.supplier_id,
        details={"assessment": assessment.id, "topic": code},
        now=now,
    )
    return row
