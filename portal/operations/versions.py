"""Versions of a questionnaire that lead from one to the next, and those a buyer allows the drafts of a round to move to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.core.questionnaire.model import Questionnaire, questionnaire_id
from portal.files.questionnaires import available_questionnaires, find_questionnaire, shipped_folders
from portal.operations.journal import note
from portal.store.assessments import Round
from portal.store.carrying import RoundVersion, allowed_versions


def versions_between(older: str, newer: str) -> tuple[Questionnaire, ...] | None:
    """The versions from `older` to `newer`, both included, each inheriting from the one before; None where there is no way."""
    if not {older, newer} <= shipped_folders().keys():
        return None
    found = [find_questionnaire(newer)]
    while questionnaire_id(found[0]) != older:
        if not found[0].inherits:
            return None
        found.insert(0, find_questionnaire(f"{found[0].name}/{found[0].inherits}"))
    return tuple(found)


def newer_versions(questionnaire: str, *, drafts: bool) -> list[Questionnaire]:
    """The versions that answers to this one can move to; draft versions only where wanted."""
    return [
        one
        for name, one in available_questionnaires().items()
        if name != questionnaire
        and (drafts or one.status == "published")
        and versions_between(questionnaire, name) is not None
    ]


def check_version(questionnaire: str, *, trial: bool) -> None:
    """Raise Refused unless a round may use this version: a draft only in a trial round. Raises NotFound for an unknown one."""
    if find_questionnaire(questionnaire).status == "draft" and not trial:
        raise Refused("version_draft_only_trial", id=questionnaire)


def allow_version(
    session: Session, actor: Actor, *, round_id: int, questionnaire: str, now: datetime
) -> RoundVersion:
    """Let the suppliers of a round move their drafts to a newer version; allowing again changes nothing.

    Raises NotFound (round, version), Refused: version_draft_only_trial, version_not_newer.
    """
    found = session.get(Round, round_id)
    if found is None:
        raise NotFound
    check_version(questionnaire, trial=found.trial)
    known = {row.questionnaire: row for row in allowed_versions(session, round_id)}
    if questionnaire in known:
        return known[questionnaire]
    if questionnaire == found.questionnaire or versions_between(found.questionnaire, questionnaire) is None:
        raise Refused("version_not_newer", id=questionnaire, present=found.questionnaire)
    row = RoundVersion(
        round_id=round_id, questionnaire=questionnaire, allowed_by_id=actor.user_id, allowed_at=now
    )
    session.add(row)
    session.flush()
    details = {"questionnaire": questionnaire}
    note(session, actor, "round.version_allowed", thing="round", thing_id=round_id, details=details, now=now)
    return row
