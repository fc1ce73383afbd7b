"""A site a supplier named itself and a document with a newer version of it."""

from __future__ import annotations

import io
from datetime import date

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.demo.filing import LIMIT
from portal.operations.evidence import add_evidence
from portal.operations.evidence_facts import Facts
from portal.operations.evidence_versions import replace_evidence
from portal.operations.keeping import kept_file
from portal.operations.sites import SitePlace, add_site
from portal.web.context import Site
from tests.make.files import pdf_bytes


def make_documents(session: Session, site: Site, lead: Actor) -> dict[str, object]:
    """Name a site of the lead's supplier, and replace a file that no answer uses; returns the ids."""
    now = site.clock()
    named = add_site(session, lead, place=SitePlace("Tempering hall", "CN", "CN-AH"), now=now)
    facts = Facts("Invented House", "Permit", None, None, date(2026, 12, 1), "zh", 2, frozenset({named.key}))
    with kept_file(site.vault, name="permit-1.pdf", stream=io.BytesIO(pdf_bytes("1")), limit=LIMIT) as kept:
        older = add_evidence(session, lead, kept=kept, facts=facts, quota=LIMIT, now=now)
    with kept_file(site.vault, name="permit-2.pdf", stream=io.BytesIO(pdf_bytes("2")), limit=LIMIT) as kept:
        replace_evidence(
            session, lead, evidence_id=older.id, kept=kept, facts=facts, move=True, quota=LIMIT, now=now
        )
    return {"site": named.id, "older_evidence": older.id}
