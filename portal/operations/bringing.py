"""Answers brought as a file of another portal: kept until somebody looked through them, then carried or set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor, may
from portal.core.carbon.electricity import site_key
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.answers_package import AnswersPackage
from portal.files.package_sites import PackageSite
from portal.operations.carry_source import Source, SourceSite
from portal.operations.carrying import Carried, carry_answers, check_draft, preview_sites
from portal.operations.journal import note
from portal.store.assessments import Assessment, hold
from portal.store.brought import BroughtFile
from portal.store.site_answers import chosen_sites
from portal.store.sites import sites_of


def keep_file(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    package: AnswersPackage,
    name: str,
    sha256: str,
    now: datetime,
) -> BroughtFile:
    """Let a file wait for a draft, in place of one that waits already; no answer is stored. Raises as `check_draft`."""
    hold(session, assessment)
    check_draft(assessment)
    for before in session.scalars(_waiting(assessment.id)):
        session.delete(before)
    session.flush()
    row = BroughtFile(
        assessment_id=assessment.id,
        name=name[:255],
        sha256=sha256,
        content=asdict(package),
        brought_by_id=actor.user_id,
        brought_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, actor, "answers.brought", row, assessment, now)
    return row


def package_in(row: BroughtFile) -> AnswersPackage:
    """What a kept file holds."""
    data: Mapping[str, Any] = row.content
    sites = tuple(PackageSite(**{**one, "inherited": tuple(one["inherited"])}) for one in data["sites"])
    return AnswersPackage(**{**data, "roles": tuple(data["roles"]), "sites": sites})


def sites_to_match(session: Session, assessment: Assessment) -> dict[str, str]:
    """Names by key of the sites that answers of a file can go to: those of the draft, else all of the supplier."""
    chosen = {site.key: site.name for site in chosen_sites(session, assessment.id) if site.included}
    return chosen or {site.key: site.name for site in sites_of(session, assessment.supplier_id)}


def matched_by_name(package: AnswersPackage, sites: Mapping[str, str]) -> dict[int, str]:
    """The site each site of a file is, by its place in the file: the one of the same name, blanks and case aside."""
    keys = {number: site_key(site.name) for number, site in enumerate(package.sites)}
    return {number: key for number, key in keys.items() if key in sites}


def check_match(package: AnswersPackage, match: Mapping[int, str], sites: Mapping[str, str]) -> None:
    """Raises NotFound for a site that is not there, Invalid package_site_twice where two are to be the same one."""
    if not set(match.values()) <= sites.keys() or not set(match) <= set(range(len(package.sites))):
        raise NotFound
    given = list(match.values())
    twice = sorted({key for key in given if given.count(key) > 1})
    if twice:
        raise Invalid([Problem("package_site_twice", sites[key]) for key in twice])


def source_of_file(
    package: AnswersPackage, match: Mapping[int, str], sites: Mapping[str, str], said: str
) -> Source:
    """A file as earlier answers to start from; a site without a match keeps its name and finds no place."""
    return Source(
        said=said[:200],
        questionnaire=package.questionnaire,
        roles=package.roles,
        answers=package.answers,
        short=package.short,
        sites=tuple(
            SourceSite(
                key=match.get(number, ""),
                name=sites[match[number]] if number in match else site.name,
                output=Decimal(site.output) if site.output else None,
                unit=site.unit,
                answers=site.answers,
            )
            for number, site in enumerate(package.sites)
        ),
        rolled=package.rolled,
        group=package.group,
    )


def bring_answers(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    sha256: str,
    match: Mapping[int, str],
    said: str,
    now: datetime,
) -> Carried:
    """Carry the answers of the file that waits, its sites matched as given; the file goes, unless what sites answered
    still waits for a lead.

    Raises Refused brought_gone (what waits now is not the file `sha256`), and as `check_match` and `carry_answers`.
    """
    hold(session, assessment)
    row = _held(session, assessment, sha256)
    package, sites = package_in(row), sites_to_match(session, assessment)
    check_match(package, match, sites)
    source = source_of_file(package, match, sites, said)
    may_choose = may(actor, "supplier:sites:choose")
    waits = preview_sites(session, assessment=assessment, source=source, may_choose=may_choose).way == "lead"
    done = carry_answers(session, actor, assessment=assessment, source=source, now=now)
    if not waits:
        session.delete(row)
        session.flush()
    return done


def drop_file(session: Session, actor: Actor, *, assessment: Assessment, sha256: str, now: datetime) -> str:
    """Set the file that waits aside; returns its name. Raises Refused brought_gone."""
    hold(session, assessment)
    row = _held(session, assessment, sha256)
    _note(session, actor, "answers.set_aside", row, assessment, now)
    session.delete(row)
    session.flush()
    return row.name


def _waiting(assessment_id: int) -> Any:
    return select(BroughtFile).where(BroughtFile.assessment_id == assessment_id)


def _held(session: Session, assessment: Assessment, sha256: str) -> BroughtFile:
    row: BroughtFile | None = session.scalar(_waiting(assessment.id).where(BroughtFile.sha256 == sha256))
    if row is None:
        raise Refused("brought_gone")
    return row


def _note(
    session: Session, actor: Actor, action: str, row: BroughtFile, assessment: Assessment, now: datetime
) -> None:
    note(
        session,
        actor,
        action,
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=assessment.supplier_id,
        details={"name": row.name, "sha256": row.sha256},
        now=now,
    )
