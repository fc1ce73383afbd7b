"""Writes the journal. Every operation that changes something says so here, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.store.journal import JournalEntry


def note(
    session: Session,
    actor: Actor,
    action: str,
    *,
    thing: str,
    thing_id: int | None,
    supplier_id: int | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    details: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Add one journal entry for `actor`. `details` holds no secrets and no answers."""
    session.add(
        JournalEntry(
            at=now,
            user_id=actor.user_id,
            user_name=actor.name,
            action=action,
            thing=thing,
            thing_id=thing_id,
            supplier_id=supplier_id,
            from_state=from_state,
            to_state=to_state,
            details=dict(details) if details else None,
        )
    )
