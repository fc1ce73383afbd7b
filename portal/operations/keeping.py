"""Keeps an uploaded file in the vault for exactly as long as the change that needs it succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.errors import Refused
from portal.files.uploads import EVIDENCE, Upload, judge_upload
from portal.files.vault import Vault
from portal.store.assessments import Assessment
from portal.store.carbon import CarbonUpload
from portal.store.electricity import ElectricityUpload
from portal.store.evidence import Evidence
from portal.store.suppliers import Supplier
from portal.store.workbooks import WorkbookImport

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """An accepted file whose bytes lie in the vault under `key`."""

    upload: Upload
    key: str


@contextmanager
def kept_file(
    vault: Vault, *, name: str, stream: BinaryIO, limit: int, allowed: frozenset[str] = EVIDENCE
) -> Iterator[Kept]:
    """Judge a file, store it, and take it out of the vault again when the block fails.

    Vault first, row second: add the row and commit inside the block, so that neither a row without bytes nor
    bytes without a row are left. Before the block no database is touched; a slow file holds nobody up.
    Raises Invalid (upload_*, csv_*) and Refused (storage_*).
    """
    upload = judge_upload(name, stream, limit, allowed)
    key = vault.put(stream, upload.sha256)
    try:
        yield Kept(upload, key)
    except BaseException:
        vault.delete(key)
        raise


def stored_bytes(session: Session, supplier_id: int) -> int:
    """Bytes a supplier has in the vault: evidence, also where hidden; carbon files and workbooks not discarded."""
    evidence = select(func.coalesce(func.sum(Evidence.size), 0)).where(Evidence.supplier_id == supplier_id)
    carbon = select(func.coalesce(func.sum(CarbonUpload.size), 0)).where(
        CarbonUpload.supplier_id == supplier_id, CarbonUpload.state != "discarded"
    )
    electricity = select(func.coalesce(func.sum(ElectricityUpload.size), 0)).where(
        ElectricityUpload.supplier_id == supplier_id, ElectricityUpload.state != "discarded"
    )
    workbooks = (
        select(func.coalesce(func.sum(WorkbookImport.size), 0))
        .join(WorkbookImport.assessment)
        .where(Assessment.supplier_id == supplier_id, WorkbookImport.state != "discarded")
    )
    return sum(int(session.scalar(query) or 0) for query in (evidence, carbon, electricity, workbooks))


def check_quota(session: Session, supplier_id: int, *, size: int, quota: int) -> None:
    """Raise Refused("quota_full") when `size` more bytes do not fit into the supplier's `quota` bytes.

    The supplier's row is held until commit, so that two uploads at once cannot both take the last room.
    """
    session.get_one(Supplier, supplier_id, with_for_update={"key_share": True})
    used = stored_bytes(session, supplier_id)
    if used + size > quota:
        raise Refused("quota_full", quota=quota // MEGABYTE, used=_megabytes(used), size=_megabytes(size))


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}"
