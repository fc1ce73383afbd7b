"""Work of one drawn example that leaves no trace in the database of its test, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Everything written inside the block is taken back after it, also where drawing stops or an assertion fails."""
    point = session.begin_nested()
    try:
        yield
    finally:
        point.rollback()
        session.expire_all()
