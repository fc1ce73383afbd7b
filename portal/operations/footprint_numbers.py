"""PACT numbers of footprints: their own, one made for a footprint that came without, and those named as coming before."""

from __future__ import annotations

import uuid

from portal.core.carbon.details import Details, list_of
from portal.store.carbon import FootprintRow

# The same file and footprint number always give the same.
_OWN_NUMBERS = uuid.UUID("5b6f6f0e-8c0f-5d43-9d5e-6b0f6d4c2a11")


def pact_number(row: FootprintRow) -> str:
    """The UUID under which a footprint is handed on, in small letters. Needs the row's upload."""
    return row.pact_id or str(uuid.uuid5(_OWN_NUMBERS, f"{row.upload.sha256}/{row.footprint_id}"))


def preceding_numbers(details: Details) -> set[str]:
    """The PACT numbers a footprint names as coming before it, in small letters."""
    return {text.lower() for text in list_of(details, "preceding_ids")}
