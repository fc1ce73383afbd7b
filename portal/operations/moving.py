"""Move a draft to a newer version of its questionnaire: previewed, explicit, and nothing typed is lost.

Answers to questions that stayed the same stay as they are. Where the question asks otherwise or was renamed they wait
to be confirmed; where it is asked again the field is empty and the answer stands beside it; what has no place any more
leaves the assessment and stays in its history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.questionnaire.carry import Origin, Step, fitted, origins
from portal.core.questionnaire.kinds import from_json, to_json
from portal.core.questionnaire.model import Indicator, Questionnaire, indicators_of, questionnaire_id
from portal.core.questionnaire.reading import Value
from portal.operations.carrying import DRAFT, Source, check_draft, write_down
from portal.operations.journal import note
from portal.operations.shelves import change_of
from portal.operations.versions import newer_versions, versions_between
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment, hold
from portal.store.carrying import allowed_versions
from portal.store.evidence import EvidenceLink
from portal.store.site_answers import AnyAnswer, AssessmentSite, SiteAnswer, site_answers_of
from portal.store.together import Assignment, ColleagueNote


@dataclass(frozen=True)
class Moved:
    """What becomes of one answer: `outcome` is kept, to_confirm, renamed, again or dropped. `code` is the indicator
    in the newer version, for a dropped one the present one, which `source` always names. `site` is the site that
    answered, "" for the group."""

    code: str
    source: str
    outcome: str
    value: Value | None
    past: Value | None
    site: str = ""


def preview_move(session: Session, *, assessment: Assessment, to: str) -> tuple[Moved, ...]:
    """What moving to the version `to` would do to each answer, in the order of the newer version. Nothing is written.

    Raises Refused: version_not_allowed, and those of `check_draft`.
    """
    check_draft(assessment)
    versions = _allowed(session, assessment, to)
    codes = dict.fromkeys(i.code for version in (versions[-1], versions[0]) for i in indicators_of(version))
    order = {code: number for number, code in enumerate(codes)}
    moves = (one for _row, one in _all_moves(session, assessment, versions))
    return tuple(sorted(moves, key=lambda one: (order[one.code], one.site)))


def move_version(
    session: Session, actor: Actor, *, assessment: Assessment, to: str, now: datetime
) -> tuple[Moved, ...]:
    """Move a draft to the version `to`; returns what became of each answer. Raises as `preview_move`."""
    hold(session, assessment)
    told = preview_move(session, assessment=assessment, to=to)
    before, versions = assessment.questionnaire, _allowed(session, assessment, to)
    new = {i.code: i for i in indicators_of(versions[-1])}
    for row, one in _all_moves(session, assessment, versions):
        _apply(session, actor, assessment, one, row, new.get(one.code), now)
    _rename_rest(session, assessment, versions)
    steps = [_step(one, versions[0]) for one in told if one.outcome != "kept" and not one.site]
    source = Source(said=before, questionnaire=before, roles=tuple(assessment.roles), answers={})
    write_down(session, actor, assessment, source, "version", steps, now)
    assessment.questionnaire = to
    counts = {o: sum(1 for m in told if m.outcome == o) for o in sorted({m.outcome for m in told})}
    note(
        session,
        actor,
        "assessment.version_moved",
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=assessment.supplier_id,
        details={"from": before, "to": to} | counts,
        now=now,
    )
    session.flush()
    session.expire_all()
    return told


def _allowed(session: Session, assessment: Assessment, to: str) -> Sequence[Questionnaire]:
    allowed = {row.questionnaire for row in allowed_versions(session, assessment.round_id)}
    versions = versions_between(assessment.questionnaire, to) if to in allowed else None
    if versions is None or len(versions) < 2:
        raise Refused("version_not_allowed", id=to)
    return versions


def _all_moves(
    session: Session, assessment: Assessment, versions: Sequence[Questionnaire]
) -> list[tuple[AnyAnswer, Moved]]:
    """Every answer of the group and of its sites with what becomes of it."""
    old = {i.code: i for i in indicators_of(versions[0])}
    new = {i.code: i for i in indicators_of(versions[-1])}
    sources = origins(versions)
    rows: list[tuple[AnyAnswer, str]] = [(r, "") for r in answers_of(session, assessment.id).values()]
    at_sites = site_answers_of(session, assessment.id)
    for site in at_sites.sites:
        rows += [(row, site.name) for row in at_sites.rows[site.id].values()]
    return [
        (row, replace(one, site=site))
        for row, site in rows
        if row.indicator in old
        for one in _moves(row, old[row.indicator], new, sources)
    ]


def _moves(
    row: AnyAnswer, old: Indicator, new: Mapping[str, Indicator], sources: Mapping[str, Origin]
) -> list[Moved]:
    past = from_json(old, row.value) if row.value is not None else None
    found = []
    for code, origin in sources.items():
        if origin.source != old.code:
            continue
        value = fitted(new[code], old, past) if past is not None else None
        unreadable = past is None and code == old.code
        if code == old.code and not origin.again and (unreadable or not origin.changed):
            found.append(Moved(code, code, "kept", value, past))
        elif origin.again or value is None:
            found.append(Moved(code, old.code, "again", None, past))
        else:
            found.append(Moved(code, old.code, "to_confirm" if code == old.code else "renamed", value, past))
    return found or [Moved(old.code, old.code, "dropped", None, past)]


def _step(one: Moved, older: Questionnaire) -> Step:
    outcome = {"again": "beside", "dropped": "dropped"}.get(one.outcome, "carried")
    reason = {"again": "carry_again", "dropped": "carry_retired", "renamed": "carry_renamed"}.get(
        one.outcome, "carry_changed"
    )
    unit = next(i.unit for i in indicators_of(older) if i.code == one.source)
    return Step(one.code, one.source, outcome, reason, one.value, one.past, unit, True)


def _apply(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    one: Moved,
    row: AnyAnswer,
    new: Indicator | None,
    now: datetime,
) -> None:
    if one.outcome == "to_confirm":
        row.confirmed = False
        row.version += 1
        _changed(session, row, actor, now)
    elif one.outcome == "again" and one.code == one.source:
        row.value = row.typed = row.unit = row.problem = None
        row.version += 1
        _changed(session, row, actor, now)
    elif one.outcome == "renamed":
        assert new is not None and one.value is not None
        values: dict[str, Any] = {
            "indicator": one.code,
            "value": to_json(new, one.value),
            "origin": row.origin,
            "confirmed": False,
            "version": 1,
        }
        moved: AnyAnswer = (
            Answer(assessment_id=row.assessment_id, **values)
            if isinstance(row, Answer)
            else SiteAnswer(site_id=row.site_id, **values)
        )
        session.add(moved)
        _changed(session, moved, actor, now)
        _rename_evidence(session, assessment, one)
    session.flush()


def _changed(session: Session, row: AnyAnswer, actor: Actor, now: datetime) -> None:
    assert actor.user_id is not None
    row.changed_by_id, row.changed_at = actor.user_id, now
    session.add(change_of(row))


def _rename_evidence(session: Session, assessment: Assessment, one: Moved) -> None:
    session.execute(
        update(EvidenceLink)
        .where(EvidenceLink.assessment_id == assessment.id, EvidenceLink.indicator == one.source)
        .values(indicator=one.code)
        .execution_options(synchronize_session=False)
    )


def _rename_rest(session: Session, assessment: Assessment, versions: Sequence[Questionnaire]) -> None:
    """Answers and evidence of codes that are gone leave the draft (their history stays); who does what, and what
    colleagues wrote, goes on under the code that follows."""
    now = {i.code for i in indicators_of(versions[-1])}
    sources = origins(versions)
    for code in [i.code for i in indicators_of(versions[0]) if i.code not in now]:
        for table in (Answer, EvidenceLink):
            session.execute(
                delete(table)
                .where(table.assessment_id == assessment.id, table.indicator == code)
                .execution_options(synchronize_session=False)
            )
        session.execute(
            delete(SiteAnswer)
            .where(
                SiteAnswer.indicator == code,
                SiteAnswer.site_id.in_(
                    select(AssessmentSite.id).where(AssessmentSite.assessment_id == assessment.id)
                ),
            )
            .execution_options(synchronize_session=False)
        )
        follower = next((c for c, o in sources.items() if o.source == code), None)
        _hand_on(session, assessment, code, follower)


def _hand_on(session: Session, assessment: Assessment, code: str, follower: str | None) -> None:
    if follower is None:
        session.execute(
            update(Assignment)
            .where(Assignment.assessment_id == assessment.id, Assignment.subject == code)
            .values(person_id=None, due_on=None, version=Assignment.version + 1)
            .execution_options(synchronize_session=False)
        )
        return
    session.execute(
        update(Assignment)
        .where(Assignment.assessment_id == assessment.id, Assignment.subject == code)
        .values(subject=follower)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ColleagueNote)
        .where(ColleagueNote.assessment_id == assessment.id, ColleagueNote.indicator == code)
        .values(indicator=follower)
        .execution_options(synchronize_session=False)
    )


def offered_versions(session: Session, assessment: Assessment) -> list[str]:
    """The versions this draft may move to now, by id. No query where there is no newer version at all."""
    if assessment.state not in DRAFT or not newer_versions(
        assessment.questionnaire, drafts=assessment.round.trial
    ):
        return []
    return [
        row.questionnaire
        for row in allowed_versions(session, assessment.round_id)
        if (versions := versions_between(assessment.questionnaire, row.questionnaire)) is not None
        and questionnaire_id(versions[0]) != row.questionnaire
    ]
