"""Evidence files on the review page: the facts as they were sent, and what they mean for the answer."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.problems import Problem
from portal.core.questionnaire.model import Indicator
from portal.operations.evidence_facts import CountedSites, remarks_on_proof
from portal.operations.judging import Review
from portal.operations.snapshots import Proof
from portal.web.forms.evidence import language_words


@dataclass(frozen=True)
class ProofView:
    """One file as it was sent. `remarks` are those the supplier could read on the day it sent them; `ended` is whether
    one of them says that the file had expired."""

    file: Proof
    language: str
    remarks: tuple[Problem, ...]
    ended: bool


def proof_views(review: Review, indicator: Indicator, sites: CountedSites) -> tuple[ProofView, ...]:
    """The files behind one answer of a submission; `sites` are those they were counted against when it was sent."""
    sent_on = review.submission.submitted_at.date()
    campaign = review.case.assessment.round
    found = []
    for file in review.case.evidence.get(indicator.code, ()):
        remarks = remarks_on_proof(file, sites, sent_on, indicator, campaign)
        ended = any(one.code == "evidence_expired" for one in remarks)
        found.append(ProofView(file, language_words(file.language), remarks, ended))
    return tuple(found)
