"""Puts PACT footprints into a supplier's register the way a supplier does: upload, reply to doubts, accept."""

from __future__ import annotations

import io
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.files.uploads import CARBON
from portal.files.vault import Vault
from portal.operations.carbon import accept_upload, add_upload, read_upload
from portal.operations.carbon_rows import doubts_in
from portal.operations.keeping import kept_file
from portal.store.carbon import CarbonUpload, footprints_in_force

REPLY = "Checked with the meter readings."


def keep_footprints(
    session: Session, vault: Vault, actor: Actor, data: bytes, *, name: str = "pact.json", now: datetime
) -> CarbonUpload:
    """A file of footprints, every doubt replied to, taken over."""
    with kept_file(vault, name=name, stream=io.BytesIO(data), limit=10**7, allowed=CARBON) as kept:
        upload = add_upload(session, actor, kind="footprints", kept=kept, quota=10**9, now=now)
    doubts = doubts_in(read_upload(session, vault, upload).footprints)
    replies = {doubt.key: REPLY for doubt in doubts}
    accept_upload(session, actor, upload_id=upload.id, vault=vault, replies=replies, now=now)
    return upload


def newest_footprint(session: Session, supplier_id: int) -> int:
    """The row id of a supplier's newest footprint in force."""
    return max(row.id for row in footprints_in_force(session, supplier_id))
