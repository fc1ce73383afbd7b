"""Evidence: a supplier's library of files with their facts, and the answers they stand behind."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.core.lifecycle import EDITABLE
from portal.core.questionnaire.model import Indicator, find_indicator
from portal.core.questionnaire.path import is_never_asked, walk
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import begin, check_unlocked, reopened, returned_reasons
from portal.operations.evidence_facts import Facts, facts_of
from portal.operations.journal import note
from portal.operations.keeping import Kept, check_quota
from portal.operations.scoring import open_case, submitted_case
from portal.operations.sites import put_sites
from portal.store.assessments import Assessment, Submission, assessment_of, hold
from portal.store.commitments import CommitmentNote
from portal.store.electricity import Certificate
from portal.store.evidence import Evidence, EvidenceLink, EvidenceVersion, evidence_of
from portal.store.inventories import VerificationStatement
from portal.store.measures import MeasureFile

PLAIN_FACTS = tuple(one.name for one in fields(Facts) if one.name != "sites")


@dataclass(frozen=True)
class Removed:
    """What became of a removed file: `key` of the bytes to take out of the vault, None where it is only hidden."""

    name: str
    key: str | None


def add_evidence(
    session: Session, actor: Actor, *, kept: Kept, facts: Facts, quota: int, now: datetime
) -> Evidence:
    """Put a kept file into the library of the actor's supplier.

    Raises Refused: evidence_known (the same bytes are in this supplier's library already; `evidence` is its id),
    quota_full. Files of other suppliers are never compared with.
    """
    supplier_id = _tenant(actor)
    upload = kept.upload
    check_quota(session, supplier_id, size=upload.size, quota=quota)
    known = known_file(session, supplier_id, upload.sha256)
    if known is not None:
        raise Refused("evidence_known", name=known.name, evidence=known.id)
    row = Evidence(
        supplier_id=supplier_id,
        vault_key=kept.key,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
        **{name: getattr(facts, name) for name in PLAIN_FACTS},
    )
    put_sites(session, row, facts.sites)
    session.add(row)
    session.flush()
    _note(session, actor, "evidence.added", row, now)
    return row


def known_file(session: Session, supplier_id: int, sha256: str) -> Evidence | None:
    """The file with these bytes in this supplier's visible library."""
    return session.scalar(
        select(Evidence)
        .where(Evidence.supplier_id == supplier_id, Evidence.sha256 == sha256, Evidence.removed_at.is_(None))
        .order_by(Evidence.id)
        .limit(1)
    )


def edit_facts(session: Session, actor: Actor, *, evidence_id: int, facts: Facts, now: datetime) -> Evidence:
    """Correct the facts of a file. What was sent with an earlier submission keeps the facts of that day."""
    row = in_library(session, actor, evidence_id)
    before = facts_of(row)
    changed = [one.name for one in fields(Facts) if getattr(before, one.name) != getattr(facts, one.name)]
    if changed:
        for name in PLAIN_FACTS:
            setattr(row, name, getattr(facts, name))
        put_sites(session, row, facts.sites)
        session.flush()
        _note(session, actor, "evidence.facts_changed", row, now, {"fields": changed})
    return row


def remove_evidence(session: Session, actor: Actor, *, evidence_id: int, now: datetime) -> Removed:
    """Take a file out of the library.

    What was sent with an assessment, proves progress on a commitment or a figure of the carbon register is only hidden and stays behind the
    answers it was sent with; anything else is deleted with its links, and the caller deletes the bytes once the
    change is committed.
    """
    row = in_library(session, actor, evidence_id)
    drafts = select(Assessment.id).where(
        Assessment.supplier_id == row.supplier_id, Assessment.state.in_(EDITABLE)
    )
    if not is_bound(session, row):
        session.execute(delete(EvidenceLink).where(EvidenceLink.evidence_id == row.id))
        _forget_versions(session, row.id)
        _note(session, actor, "evidence.deleted", row, now, {"sha256": row.sha256})
        session.delete(row)
        session.flush()
        return Removed(row.name, row.vault_key)
    for link in session.scalars(
        select(EvidenceLink).where(EvidenceLink.evidence_id == row.id, EvidenceLink.assessment_id.in_(drafts))
    ).all():
        assessment = session.get_one(Assessment, link.assessment_id)
        if assessment.state != "returned" or link.indicator in open_codes(session, assessment):
            session.delete(link)
    _forget_versions(session, row.id)
    row.removed_at = now
    session.flush()
    _note(session, actor, "evidence.hidden", row, now)
    return Removed(row.name, None)


def _forget_versions(session: Session, evidence_id: int) -> None:
    """Before a file leaves the library: its older version is replaced by its newer one, or stands alone again."""
    before = session.scalar(select(EvidenceVersion).where(EvidenceVersion.newer_id == evidence_id))
    after = session.get(EvidenceVersion, evidence_id)
    following = after.newer_id if after else None
    session.execute(delete(EvidenceVersion).where(EvidenceVersion.older_id == evidence_id))
    session.flush()
    if before is None:
        return
    if following is None:
        session.delete(before)
    else:
        before.newer_id = following
    session.flush()


def is_bound(session: Session, row: Evidence) -> bool:
    """Whether a file was sent with a submission or proves progress or a figure, so that its bytes must stay."""
    if row.id in sent_evidence(session, row.supplier_id):
        return True
    stands_behind = (
        CommitmentNote.evidence_id,
        VerificationStatement.evidence_id,
        Certificate.evidence_id,
        MeasureFile.evidence_id,
    )
    return any(
        session.scalar(select(column).where(column == row.id).limit(1)) is not None
        for column in stands_behind
    )


def sent_evidence(session: Session, supplier_id: int) -> frozenset[int]:
    """Ids of the evidence named in any submission of a supplier. One query."""
    contents = session.scalars(
        select(Submission.content).join(Assessment).where(Assessment.supplier_id == supplier_id)
    )
    return frozenset(
        file["id"]
        for content in contents
        for files in json.loads(content)["evidence"].values()
        for file in files
    )


def open_codes(session: Session, assessment: Assessment) -> frozenset[str]:
    """In a returned assessment the indicators that may be changed; empty in every other state."""
    if assessment.state != "returned":
        return frozenset()
    sent = submitted_case(session, assessment)
    return reopened(open_case(session, assessment), sent, returned_reasons(session, assessment))


def asked_indicator(assessment: Assessment, code: str) -> Indicator:
    """The indicator, if suppliers with this assessment's roles and set are asked it at all; else NotFound."""
    questionnaire = find_questionnaire(assessment.questionnaire)
    found = find_indicator(questionnaire, code)
    path = walk(questionnaire, assessment.roles, {}, short=assessment.short)
    if found is None or is_never_asked(path.closed.get(code)):
        raise NotFound
    return found


def link_evidence(
    session: Session,
    actor: Actor,
    *,
    assessment_id: int,
    indicator: str,
    evidence_ids: Collection[int],
    now: datetime,
) -> int:
    """Put files of the library behind an answer; returns how many were not there before.

    Raises NotFound (assessment, indicator or any file is not this supplier's), Refused (locked_…, evidence_outdated:
    a file has a newer version; `evidence` is its id).
    """
    assessment = _unlocked(session, actor, assessment_id, indicator)
    linked = set(
        session.scalars(
            select(EvidenceLink.evidence_id).where(
                EvidenceLink.assessment_id == assessment.id, EvidenceLink.indicator == indicator
            )
        )
    )
    rows = [in_library(session, actor, evidence_id) for evidence_id in sorted(set(evidence_ids) - linked)]
    for row in rows:
        check_newest(session, row)
        put_link(session, actor, assessment, indicator, row, now)
    if rows:
        begin(session, actor, assessment, now)
    session.flush()
    return len(rows)


def unlink_evidence(
    session: Session, actor: Actor, *, assessment_id: int, indicator: str, evidence_id: int, now: datetime
) -> None:
    """Take a file away from an answer; it stays in the library. Raises as `link_evidence`."""
    assessment = _unlocked(session, actor, assessment_id, indicator)
    link = session.scalar(
        select(EvidenceLink).where(
            EvidenceLink.assessment_id == assessment.id,
            EvidenceLink.indicator == indicator,
            EvidenceLink.evidence_id == evidence_id,
        )
    )
    if link is None:
        raise NotFound
    take_link(session, actor, link, now)
    session.flush()


def check_newest(session: Session, row: Evidence) -> None:
    """Raise Refused evidence_outdated (`evidence` is the id of the version that replaces it) for an older version."""
    version = session.get(EvidenceVersion, row.id)
    if version is not None:
        raise Refused("evidence_outdated", name=row.name, evidence=version.newer_id)


def put_link(
    session: Session, actor: Actor, assessment: Assessment, indicator: str, row: Evidence, now: datetime
) -> None:
    """Add one link that is not there yet, and its journal entry."""
    session.add(
        EvidenceLink(
            assessment_id=assessment.id,
            indicator=indicator,
            evidence_id=row.id,
            linked_by_id=actor.user_id,
            linked_at=now,
        )
    )
    _note(session, actor, "evidence.linked", row, now, {"assessment": assessment.id, "indicator": indicator})


def take_link(session: Session, actor: Actor, link: EvidenceLink, now: datetime) -> None:
    """Take one link away, with its journal entry."""
    details = {"assessment": link.assessment_id, "indicator": link.indicator}
    _note(session, actor, "evidence.unlinked", link.evidence, now, details)
    session.delete(link)


def hold_assessment(session: Session, actor: Actor, assessment_id: int) -> Assessment:
    """An assessment of the actor's supplier, held until commit. Raises NotFound."""
    assessment = assessment_of(session, _tenant(actor), assessment_id)
    if assessment is None:
        raise NotFound
    hold(session, assessment)
    return assessment


def _unlocked(session: Session, actor: Actor, assessment_id: int, indicator: str) -> Assessment:
    """The assessment, held until commit, if the answer to `indicator` may be changed."""
    assessment = hold_assessment(session, actor, assessment_id)
    asked_indicator(assessment, indicator)
    check_unlocked(assessment, indicator, open_codes(session, assessment))
    return assessment


def in_library(session: Session, actor: Actor, evidence_id: int) -> Evidence:
    """A file of the actor's supplier that is not hidden. Raises NotFound."""
    row = evidence_of(session, _tenant(actor), evidence_id)
    if row is None or row.removed_at is not None:
        raise NotFound
    return row


def _tenant(actor: Actor) -> int:
    if actor.supplier_id is None:
        raise NotFound
    return actor.supplier_id


def _note(
    session: Session,
    actor: Actor,
    action: str,
    row: Evidence,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    note(
        session,
        actor,
        action,
        thing="evidence",
        thing_id=row.id,
        supplier_id=row.supplier_id,
        details=details,
        now=now,
    )
