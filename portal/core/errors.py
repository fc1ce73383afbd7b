"""The small family of refusals. Each carries a problem code and values; the doors say it in words."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.problems import Problem


class Refused(Exception):
    """A person asked for something a rule does not allow; nothing was changed."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, values=values)


class Invalid(Exception):
    """What was given cannot be read or breaks rules; carries every problem, not just the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{p.code}@{p.where}" for p in problems))
        self.problems = tuple(problems)


class NotFound(Exception):
    """Absent, or not yours: the two answer alike."""


class Conflict(Exception):
    """Somebody else changed the same thing first; carries both versions for the person to choose from."""

    def __init__(self, *, mine: object, theirs: object) -> None:
        super().__init__("changed meanwhile")
        self.mine = mine
        self.theirs = theirs
