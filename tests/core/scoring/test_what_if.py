"""What-if equals the real score after the same edits; a better answer never lowers a score; the ledger adds up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import ROLES, indicator, indicators_of
from portal.core.questionnaire.path import walk
from portal.core.scoring.improvements import better_answers, value_in_band
from portal.core.scoring.ledger import ledger
from portal.core.scoring.next_steps import HALF_DAYS, best_opened, next_steps
from portal.core.scoring.roll_up import score
from portal.core.scoring.rules import points_of
from portal.core.scoring.what_if import what_if
from tests.core.scoring.test_properties import SHIPPED, sets_of_answers, value_of
from tests.make.examples import examples

SETTINGS = settings(max_examples=examples(25), deadline=None)
# Better answers that open further questions; as long as those have no answer they count 0, so that the total can fall.
OPENING = {
    ("CDS-01", "none"): {"CDS-03", "CDS-04", "CDS-05", "CDS-08"},
    ("ETH-05", "cases_tracked"): {"HRT-06"},
    ("PCF-03", "none"): {"PCF-05", "PCF-06"},
    ("TRC-04", ""): {"TRC-05"},
}


@SETTINGS
@given(sets_of_answers(), st.data())
def test_what_if_is_the_score_after_the_same_edits(
    case: tuple[list[str], dict[str, object]], data: st.DataObject
) -> None:
    roles, answers = case
    edits: dict[str, tuple[object, str | None]] = {}
    expected = dict(answers)
    for one in data.draw(st.lists(st.sampled_from(list(indicators_of(SHIPPED))), max_size=6, unique=True)):
        value = data.draw(st.none() | value_of(one))
        edits[one.code] = (None if value is None else to_json(one, value), None)
        expected.pop(one.code, None)
        if value is not None:
            expected[one.code] = value
    tried = what_if(SHIPPED, roles, answers, edits)  # type: ignore[arg-type]
    assert tried.sheet == score(SHIPPED, roles, expected)
    assert tried.answers == expected and tried.path == walk(SHIPPED, roles, expected)


def test_what_cannot_be_read_counts_as_no_answer() -> None:
    answers = {"NRG-02": Decimal(80)}
    tried = what_if(SHIPPED, ROLES, answers, {"NRG-02": ("1,5", None), "XXX-99": ("1", None)})
    assert [p.code for p in tried.problems["NRG-02"]] == ["ambiguous_number"]
    assert tried.sheet == score(SHIPPED, ROLES, {})
    assert what_if(SHIPPED, ROLES, answers, {"NRG-02": ("", None)}).sheet == score(SHIPPED, ROLES, {})


@SETTINGS
@given(sets_of_answers(), st.data())
def test_hidden_answers_change_nothing_in_the_scratch_copy(
    case: tuple[list[str], dict[str, object]], data: st.DataObject
) -> None:
    roles, answers = case
    closed = [indicator(SHIPPED, code) for code in sorted(walk(SHIPPED, roles, answers).closed)]
    if not closed:
        return
    one = data.draw(st.sampled_from(closed))
    edit = (to_json(one, data.draw(value_of(one))), None)
    assert what_if(SHIPPED, roles, answers, {one.code: edit}).sheet == score(SHIPPED, roles, answers)  # type: ignore[arg-type]


@SETTINGS
@given(sets_of_answers(), st.data())
def test_one_better_answer_never_lowers_a_score(
    case: tuple[list[str], dict[str, object]], data: st.DataObject
) -> None:
    """Of any two values the one with more points; questions it opens are answered, as far as they were not."""
    roles, answers = case
    before_path = walk(SHIPPED, roles, answers)
    scored = [i for i in indicators_of(SHIPPED) if i.code in before_path.open and i.rule != "unscored"]
    one = data.draw(st.sampled_from(scored))
    values = [data.draw(value_of(one)), data.draw(value_of(one))]
    low, high = sorted(values, key=lambda value: points_of(one, value).points or Fraction(0))
    before, after = answers | {one.code: low}, answers | {one.code: high}
    known = walk(SHIPPED, roles, before).open
    full = after | best_opened(SHIPPED, roles, after, known)  # type: ignore[arg-type]
    was, now = score(SHIPPED, roles, before), score(SHIPPED, roles, full)
    if walk(SHIPPED, roles, after).open >= known:
        assert now.total >= was.total
        assert set(now.red_flags) <= set(was.red_flags)
        assert "ABCD".index(now.grade) <= "ABCD".index(was.grade)


@pytest.mark.slow
def test_every_better_option_of_the_questionnaire_and_what_it_opens() -> None:
    """Over every option of every question, all else answered in the best way: the total falls only where questions open."""
    best = {i.code: found[-1].value for i in indicators_of(SHIPPED) if (found := better_answers(i, None))}
    best |= {"GOV-01": tuple(option.key for option in indicator(SHIPPED, "GOV-01").options)}
    falls: dict[tuple[str, str], set[str]] = {}
    for one in indicators_of(SHIPPED):
        if one.rule != "option":
            continue
        for low in (option.key for option in one.options):
            for high in one.options:
                options = {low: next(o for o in one.options if o.key == low).points, high.key: high.points}
                if options[high.key] <= options[low]:
                    continue
                before = best | {one.code: (low,) if one.kind == "multiple" else low}
                after = best | {one.code: (high.key,) if one.kind == "multiple" else high.key}
                opens = walk(SHIPPED, ROLES, after).open - walk(SHIPPED, ROLES, before).open
                left = {code: value for code, value in after.items() if code not in opens}
                was = score(SHIPPED, ROLES, before).total
                assert score(SHIPPED, ROLES, after).total >= was, (one.code, low, high.key)
                if score(SHIPPED, ROLES, left).total < was:
                    falls.setdefault((one.code, low), set()).update(opens)
    assert {code for code, _low in falls} == {"CDS-01", "PCF-03"}
    assert falls["CDS-01", "none"] - {"CDS-02"} == OPENING["CDS-01", "none"]
    assert falls["PCF-03", "none"] == OPENING["PCF-03", "none"]


@pytest.mark.parametrize(("code", "key"), [("ETH-05", "cases_tracked"), ("TRC-04", "emrt_copper_etc")])
def test_ticking_one_more_box_can_open_a_question(code: str, key: str) -> None:
    roles = ("manufacturing",)
    base = {"GOV-01": ("cell",), code: ()}
    ticked = base | {code: (key,)}
    opens = walk(SHIPPED, roles, ticked).open - walk(SHIPPED, roles, base).open
    expected = OPENING[code, key if code == "ETH-05" else ""]
    assert opens == expected


@SETTINGS
@given(sets_of_answers())
def test_the_ledger_adds_up_to_the_sheet(case: tuple[list[str], dict[str, object]]) -> None:
    roles, answers = case
    sheet = score(SHIPPED, roles, answers)
    topics = ledger(SHIPPED, sheet)
    assert sum((topic.in_total for topic in topics), Fraction(0)) == sheet.total
    assert sum((topic.product for topic in topics), Fraction(0)) == sheet.weighed
    for topic in topics:
        counted = [line for line in topic.lines if line.product is not None]
        assert sum((line.product or 0 for line in counted), Fraction(0)) == topic.topic.earned
        assert sum((line.in_total or 0 for line in counted), Fraction(0)) == topic.in_total
        assert sum(line.line.weight for line in counted) == topic.topic.weights
        if counted:
            assert topic.topic.score == 100 * topic.topic.earned / topic.topic.weights


@settings(max_examples=6, deadline=None)
@given(sets_of_answers())
def test_each_step_does_what_it_says(case: tuple[list[str], dict[str, object]]) -> None:
    roles, answers = case
    found = next_steps(SHIPPED, roles, answers, detailed=3)  # type: ignore[arg-type]
    before = score(SHIPPED, roles, answers)
    assert found.present == before
    assert [s.worth for s in found.steps] == sorted((s.worth for s in found.steps), reverse=True)
    for step in found.steps[:5]:
        changed = answers | {step.code: step.best.better.value}
        alone = score(SHIPPED, roles, changed)
        assert alone.total - before.total == step.best.alone
        assert step.best.gain > 0 and step.best.gain >= step.best.alone
        if not step.best.opens:
            assert step.best.gain == step.best.alone
            assert step.worth == step.best.gain / HALF_DAYS[step.effort]
            assert step.best.grade == alone.grade
        assert step.best.clears == (step.code in before.red_flags and step.code not in alone.red_flags)


def test_steps_name_what_lifts_the_grade_and_clears_a_flag() -> None:
    best = {i.code: found[-1].value for i in indicators_of(SHIPPED) if (found := better_answers(i, None))}
    flagged = best | {"HRT-02": "occurs"}
    found = next_steps(SHIPPED, ("manufacturing",), flagged)  # type: ignore[arg-type]
    step = next(s for s in found.steps if s.code == "HRT-02")
    assert found.present.grade == "D" and step.best.clears and step.best.lifts and step.best.grade == "A"
    assert found.together == ("HRT-02",) and found.reaches == "A"
    assert [change.better.keys for change in step.smaller] == [("being_repaid",), ("none_declared",)]


@pytest.mark.parametrize(
    "one", [i for i in indicators_of(SHIPPED) if i.rule == "bands"], ids=lambda i: i.code
)
def test_a_value_named_for_a_band_lies_in_it(one) -> None:  # type: ignore[no-untyped-def]
    for number, band in enumerate(one.bands):
        if band.bound is not None:
            value = value_in_band(one, number)
            assert points_of(one, value).points == Fraction(band.points)
            assert one.minimum is None or value >= one.minimum
            assert one.maximum is None or value <= one.maximum
