"""A clock a test can move."""

from __future__ import annotations

from datetime import datetime, timedelta


class Clock:
    """Calls return the same moment until `move` is called."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **span: float) -> None:
        self.moment += timedelta(**span)
