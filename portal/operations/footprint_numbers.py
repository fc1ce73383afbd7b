"""The PACT number of a stored footprint: its own, or one made for a footprint that came without."""

from __future__ import annotations

import uuid

from portal.store.carbon import FootprintRow

# The same file and footprint number always give the same.
_OWN_NUMBERS = uuid.UUID("5b6f6f0e-8c0f-5d43-9d5e-6b0f6d4c2a11")


def pact_number(row: FootprintRow) -> str:
    """The UUID under which a footprint is handed on, in small letters. Needs the row's upload."""
    return row.pact_id or str(uuid.uuid5(_OWN_NUMBERS, f"{row.upload.sha256}/{row.footprint_id}"))
