"""Versions of the questionnaire in a round: what newer ones change, and opening one for suppliers to move to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.model import questionnaire_id
from portal.language import N_
from portal.operations.versions import allow_version, newer_versions
from portal.store.assessments import Round, assessments_in
from portal.store.carrying import allowed_versions
from portal.web.context import actor, db, locale, now
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.version_changes import DifferenceGroup, changes_by_topic

pages = Blueprint("versions", __name__, url_prefix="/rounds/<int:round_id>/versions")


@dataclass(frozen=True)
class VersionLine:
    """A newer version: whether a draft, who opened it for the round and when, how many assessments follow it."""

    id: str
    version: str
    draft: bool
    allowed_by: str
    allowed_at: datetime | None
    moved: int
    groups: tuple[DifferenceGroup, ...]

    @property
    def count(self) -> int:
        return sum(len(group.lines) for group in self.groups)


@pages.get("")
@needs("staff:rounds:see")
def versions(round_id: int) -> str:
    """The newer versions of a round's questionnaire, with what they change."""
    return _page(_round(round_id), None)


@pages.post("")
@needs("staff:rounds:open")
def allow(round_id: int) -> AnyResponse | tuple[str, int]:
    """Open a newer version for the drafts of a round."""
    found = _round(round_id)
    version = request.form.get("version", "")[:80]
    try:
        allow_version(db(), actor(), round_id=found.id, questionnaire=version, now=now())
    except Refused as refusal:
        return _page(found, refusal.problem), 409
    except NotFound:
        values = {"id": version, "present": found.questionnaire}
        return _page(found, Problem("version_not_newer", values=values)), 422
    tell(N_("Suppliers of this round may now move their drafts to {version}."), version=version)
    return redirect(url_for("staff.versions.versions", round_id=round_id), 303)


def _page(found: Round, refused: Problem | None) -> str:
    allowed = {row.questionnaire: row for row in allowed_versions(db(), found.id)}
    moved = Counter(a.questionnaire for a in assessments_in(db(), found.id))
    lines = []
    for one in newer_versions(found.questionnaire, drafts=True):
        name = questionnaire_id(one)
        row = allowed.get(name)
        lines.append(
            VersionLine(
                id=name,
                version=one.version,
                draft=one.status == "draft",
                allowed_by=row.allowed_by.name if row else "",
                allowed_at=row.allowed_at if row else None,
                moved=moved[name],
                groups=changes_by_topic(found.questionnaire, name, locale()),
            )
        )
    return render_template("staff/versions/versions.html", round=found, lines=lines, refused=refused)


def _round(round_id: int) -> Round:
    found = db().get(Round, round_id)
    if found is None:
        raise NotFound
    return found
