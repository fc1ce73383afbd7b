"""Which carried answers wait behind a question that has to be answered first."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from portal.core.questionnaire.model import Questionnaire, indicators_of
from portal.core.questionnaire.path import Path, walk
from portal.core.questionnaire.reading import Value


def opened_by(
    questionnaire: Questionnaire,
    roles: Collection[str],
    answers: Mapping[str, Value],
    earlier: Mapping[str, Value],
    waiting: Collection[str],
    short: bool = False,
) -> dict[str, tuple[str, ...]]:
    """The codes of `waiting` that are closed now and would open if what nobody has answered were answered as `earlier`,
    by the open question that has to be answered first. Both in the questionnaire's order.

    `answers` are those that count now; `earlier` are canonical answers to this questionnaire. An answer given now is
    never replaced by an earlier one: what it closes stays closed.
    """
    now = walk(questionnaire, roles, answers, short=short)
    then = walk(questionnaire, roles, {**earlier, **answers}, short=short)
    found: dict[str, tuple[str, ...]] = {}
    for one in indicators_of(questionnaire):
        if one.code in waiting and one.code in then.open and one.code not in now.open:
            first = _first_open(now, one.code)
            found[first] = (*found.get(first, ()), one.code)
    return {i.code: found[i.code] for i in indicators_of(questionnaire) if i.code in found}


def _first_open(path: Path, code: str) -> str:
    """The nearest open question that a closed one hangs on."""
    while code not in path.open:
        above = path.closed[code].indicator
        assert above is not None, "what an answer can open is closed by a condition"
        code = above
    return code
