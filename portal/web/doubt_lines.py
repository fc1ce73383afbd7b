"""Doubts on a page: those that wait for a reply in a form, and those answered, with the reply, who and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from portal.core.carbon.doubts import Doubt
from portal.core.problems import Problem
from portal.store.carbon_doubts import CarbonDoubt, as_problem


@dataclass(frozen=True)
class AskedDoubt:
    """One doubt with the field for its reply; `key` is the field's name, `wrong` what is missing in the reply.

    `earlier` where the reply is the one given before to the same warning about the same figure.
    """

    key: str
    about: str
    problem: Problem
    reply: str = ""
    wrong: Problem | None = None
    earlier: bool = False


@dataclass(frozen=True)
class AnsweredDoubt:
    """One doubt that stays with its figure; `reply` is "" while nobody has answered it."""

    id: int
    problem: Problem
    reply: str
    by: str
    at: datetime | None


def asked(
    doubts: Iterable[Doubt],
    replies: Mapping[str, str],
    problems: Iterable[Problem] = (),
    before: Mapping[str, str] = MappingProxyType({}),
) -> tuple[AskedDoubt, ...]:
    """Doubts as a form shows them, with what was typed and the problems of the replies by key; `before` are replies
    given earlier, offered where nothing was typed yet."""
    wrong = {problem.where: problem for problem in problems}
    return tuple(
        AskedDoubt(
            one.key,
            one.about,
            one.problem,
            replies.get(one.key, before.get(one.key, "")),
            wrong.get(one.key),
            one.key in before and one.key not in replies,
        )
        for one in doubts
    )


def answered(rows: Iterable[CarbonDoubt]) -> tuple[AnsweredDoubt, ...]:
    """Stored doubts with their replies."""
    return tuple(
        AnsweredDoubt(
            row.id, as_problem(row), row.reply, row.replied_by.name if row.replied_by else "", row.replied_at
        )
        for row in rows
    )
