"""Doubts: plausibility warnings that need a reply in words before the figure counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.core.problems import Problem

SHORTEST_REPLY = 4
LONGEST_REPLY = 1000


@dataclass(frozen=True)
class Doubt:
    """A warning about one figure; `key` names it in a form, `about` the figure (a footprint's number, a year)."""

    key: str
    about: str
    problem: Problem


def doubt_of(about: str, problem: Problem) -> Doubt:
    """The warning with its key: the same warning with the same numbers always has the same key.

    A warning whose numbers changed meanwhile has another key, so that no reply answers what was not shown.
    """
    said = json.dumps([about, problem.code, problem.where, plain_values(problem)], sort_keys=True)
    return Doubt("doubt-" + hashlib.sha256(said.encode()).hexdigest()[:16], about, problem)


def plain_values(problem: Problem) -> dict[str, str]:
    """The values of a problem as text, as they are stored."""
    return {key: str(value) for key, value in problem.values.items()}


def reply_problems(doubts: Iterable[Doubt], replies: Mapping[str, str]) -> list[Problem]:
    """What keeps the replies from counting; `where` of each is the doubt's key.

    Codes: doubt_reply_missing (about), doubt_reply_wordless, doubt_reply_too_long (most).
    """
    problems = []
    for doubt in doubts:
        code = judge_reply(replies.get(doubt.key, ""))
        if code:
            problems.append(Problem(code, doubt.key, {"about": doubt.about, "most": LONGEST_REPLY}))
    return problems


def judge_reply(text: str) -> str:
    """Why a text is no reply, as a problem code; "" when it is one: at least a few letters, not only marks."""
    text = text.strip()
    if not text:
        return "doubt_reply_missing"
    if len(text) > LONGEST_REPLY:
        return "doubt_reply_too_long"
    if sum(1 for sign in text if sign.isalpha()) < SHORTEST_REPLY:
        return "doubt_reply_wordless"
    return ""
