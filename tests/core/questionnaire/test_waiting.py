"""What opens once a question is answered as it was then: counted by walking, never more than really opens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.core.questionnaire.model import indicators_of
from portal.core.questionnaire.path import walk
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.waiting import opened_by
from portal.files.questionnaires import find_questionnaire

SHIPPED = find_questionnaire("sustainability/2026.1")
ROLES = ("manufacturing", "minerals")
CODES = tuple(i.code for i in indicators_of(SHIPPED))
# Every key that decides whether another question is asked, with the question whose answer holds it.
DECIDING = {
    (i.depends_on.indicator, key)
    for i in indicators_of(SHIPPED)
    if i.depends_on is not None
    for key in i.depends_on.any_of
}
BEHIND_GLASS = ("OHS-04", "CHM-02", "CHM-03", "TRC-04")


def held(pairs: list[tuple[str, str]]) -> dict[str, Value]:
    """Answers with these keys; several keys of one question together."""
    found: dict[str, tuple[str, ...]] = {}
    for code, key in pairs:
        found[code] = (*found.get(code, ()), key)
    return dict(found)


some_answers = st.lists(st.sampled_from(sorted(DECIDING)), max_size=8).map(held)


def test_carried_answers_behind_the_scope_of_supply() -> None:
    earlier: dict[str, Value] = {"GOV-01": ("glass",)}
    assert opened_by(SHIPPED, ROLES, {}, earlier, {*BEHIND_GLASS, "GOV-02"}) == {
        "GOV-01": tuple(sorted(BEHIND_GLASS, key=CODES.index))
    }
    # answered otherwise now: what that closes stays closed, and is not promised
    assert opened_by(SHIPPED, ROLES, {"GOV-01": ("other",)}, earlier, BEHIND_GLASS) == {}
    # what no role and no short set asks is not promised either
    assert opened_by(SHIPPED, ("services",), {}, earlier, BEHIND_GLASS) == {}
    assert opened_by(SHIPPED, ROLES, {}, {}, BEHIND_GLASS) == {}


@given(some_answers, some_answers, st.sets(st.sampled_from(CODES)), st.booleans())
def test_what_is_promised_is_what_opens(
    answers: dict[str, Value], earlier: dict[str, Value], waiting: set[str], short: bool
) -> None:
    found = opened_by(SHIPPED, ROLES, answers, earlier, waiting, short=short)
    promised = [code for codes in found.values() for code in codes]
    now = walk(SHIPPED, ROLES, answers, short=short).open
    then = walk(SHIPPED, ROLES, {**earlier, **answers}, short=short).open
    assert len(promised) == len(set(promised)) and set(promised) == waiting & then - now
    # each stands behind a question that can be answered now, and that nobody has answered
    assert all(first in now and first not in answers and first in earlier for first in found)
