"""Earlier answers to start from: an earlier assessment as it was last sent, else as it stands, with what its sites answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.operations.scoring import live_case
from portal.operations.sites_of_case import per_site_json
from portal.operations.versions import versions_between
from portal.store.answers import answers_of
from portal.store.assessments import Assessment, latest_submission
from portal.store.carrying import earlier_assessments
from portal.store.evidence import links_of
from portal.store.site_answers import SiteAnswers, site_answers_of


@dataclass(frozen=True)
class SourceSite:
    """A site of an earlier assessment: its output then in `unit`, None and "" where none was given, and what it
    answered itself, JSON forms by code in the indicators' own units."""

    key: str
    name: str
    output: Decimal | None
    unit: str
    answers: Mapping[str, object]


@dataclass(frozen=True)
class Source:
    """Earlier answers. `said` names where they come from in words, `questionnaire` and `roles` what they were given
    to and under; `answers` are the JSON forms that counted by code, in `units` where not the indicator's own.
    `evidence` are ids of files of the same supplier's library by code; the two ids name the former assessment here,
    None for a file; `short` when only the short set was asked. Answered per site: `rolled` are the codes sites had a part
    in and `group` what the company itself answered to them."""

    said: str
    questionnaire: str
    roles: tuple[str, ...]
    answers: Mapping[str, object]
    units: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    assessment_id: int | None = None
    submission_id: int | None = None
    short: bool = False
    sites: tuple[SourceSite, ...] = ()
    rolled: frozenset[str] = frozenset()
    group: Mapping[str, object] = field(default_factory=dict)


def earlier_source(session: Session, assessment: Assessment) -> Source | None:
    """The newest earlier assessment of the same supplier that has answers and leads to this one's version."""
    for earlier in earlier_assessments(session, assessment):
        if versions_between(earlier.questionnaire, assessment.questionnaire) is None:
            continue
        source = source_of(session, earlier)
        if source.answers or any(site.answers for site in source.sites):
            return source
    return None


def source_of(session: Session, earlier: Assessment) -> Source:
    """An earlier assessment as it was last sent, else as it stands."""
    submission = latest_submission(session, earlier.id)
    if submission is not None:
        sent: Mapping[str, Any] = json.loads(submission.content)
        per_site = sent.get("per_site") or {}
        return Source(
            said=earlier.round.name,
            questionnaire=sent["questionnaire"],
            roles=tuple(sent["roles"]),
            answers=sent["answers"],
            evidence={c: tuple(f["id"] for f in files) for c, files in sent["evidence"].items()},
            assessment_id=earlier.id,
            submission_id=submission.id,
            short=sent.get("short", False),
            sites=_sites(per_site),
            rolled=frozenset(per_site.get("roll_ups", ())),
            group=per_site.get("group", {}),
        )
    return _unsent(session, earlier)


def _unsent(session: Session, earlier: Assessment) -> Source:
    """What is confirmed of an assessment that was never sent."""
    rows = {code: row for code, row in answers_of(session, earlier.id).items() if row.confirmed}
    links, found = links_of(session, earlier.id), site_answers_of(session, earlier.id)
    at_sites = SiteAnswers(
        found.sites,
        {
            number: {code: row for code, row in own.items() if row.confirmed}
            for number, own in found.rows.items()
        },
    )
    answers: dict[str, object] = {c: row.value for c, row in rows.items() if row.value is not None}
    per_site: dict[str, Any] = {}
    case = live_case(earlier, rows, links, at_sites)
    if case.sites is not None:
        per_site = per_site_json(case.questionnaire, case.sites, at_sites)
        counted = {code: made["value"] for code, made in per_site["roll_ups"].items()}
        answers = {c: v for c, v in (answers | counted).items() if v is not None}
    return Source(
        said=earlier.round.name,
        questionnaire=earlier.questionnaire,
        roles=tuple(earlier.roles),
        answers=answers,
        evidence={c: tuple(link.evidence_id for link in those) for c, those in links.items()},
        assessment_id=earlier.id,
        short=earlier.short,
        sites=_sites(per_site),
        rolled=frozenset(per_site.get("roll_ups", ())),
        group=per_site.get("group", {}),
    )


def _sites(per_site: Mapping[str, Any]) -> tuple[SourceSite, ...]:
    """The sites of a submission's per-site part, each with the answers of its own."""
    own: dict[str, dict[str, object]] = {}
    for code, made in per_site.get("roll_ups", {}).items():
        for part in made["parts"]:
            if not part["inherited"] and part["value"] is not None:
                own.setdefault(part["site"], {})[code] = part["value"]
    return tuple(
        SourceSite(
            key=one["key"],
            name=one["name"],
            output=None if one["output"] is None else Decimal(one["output"]),
            unit="" if one["output"] is None else per_site["unit"],
            answers=own.get(one["key"], {}),
        )
        for one in per_site.get("sites", ())
    )
