"""What must hold for any set of answers to the shipped questionnaire, against a recomputation from the blueprint."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.core.questionnaire.kinds import from_json, to_json
from portal.core.questionnaire.model import ROLES, Indicator, indicator, indicators_of
from portal.core.questionnaire.path import walk
from portal.core.scoring.roll_up import score
from portal.files.questionnaires import find_questionnaire
from tests.make.examples import examples

SHIPPED = find_questionnaire("sustainability/2026.1")
SAMPLE = Path(__file__).parents[2] / "samples" / "blueprint.csv"
BLUEPRINT = list(csv.DictReader(SAMPLE.read_text(encoding="utf-8").splitlines()))
CELLS = {"text": "x", "number": "12.5", "percentage": "40", "year": "2025", "yes_no": "no"}
SETTINGS = settings(max_examples=examples(40), deadline=None)


def value_of(one: Indicator) -> st.SearchStrategy[object]:
    keys = [option.key for option in one.options]
    if one.kind in {"single", "yes_no"}:
        return st.sampled_from(keys)
    if one.kind == "multiple":
        return st.sets(st.sampled_from(keys)).map(lambda chosen: tuple(k for k in keys if k in chosen))
    if one.kind == "table":
        cells = {c.key: CELLS[c.kind] for c in one.columns}
        row = st.sets(st.sampled_from(sorted(cells))).map(lambda filled: {k: cells[k] for k in filled})
        return st.lists(row, max_size=3).map(tuple)
    if one.kind in {"number", "percentage"}:
        low, high = int(one.minimum or 0), int(one.maximum or 200)
        marks = [band.bound for band in one.bands if band.bound is not None]
        near = [
            m + d
            for m in marks
            for d in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))
            if low <= m + d <= high
        ]
        anything = st.integers(low, high).map(Decimal)
        return anything if one.whole else st.sampled_from([*near, Decimal(low)]) | anything
    return (
        st.just("2026-01-01").map(lambda text: from_json(one, text))
        if one.kind == "date"
        else st.just("words")
    )


@st.composite
def sets_of_answers(draw: st.DrawFn) -> tuple[list[str], dict[str, object]]:
    roles = draw(st.lists(st.sampled_from(ROLES), unique=True))
    likely = draw(st.integers(0, 10))
    answers = {
        one.code: draw(value_of(one)) for one in indicators_of(SHIPPED) if draw(st.integers(0, 9)) < likely
    }
    return roles, answers


def naive(
    roles: list[str], answers: dict[str, object]
) -> tuple[Fraction, dict[str, Fraction | None], dict[str, str]]:
    """Total, topic scores and line states straight from the rows of the blueprint, sharing no code with the product."""
    opened: set[str] = set()
    states: dict[str, str] = {}
    topics: dict[str, list[tuple[int, Fraction]]] = {row["topic"]: [] for row in BLUEPRINT}
    for row in BLUEPRINT:
        code = row["code"]
        states[code] = "not_applicable"
        if row["applies_to"] != "all" and not set(row["applies_to"].split(";")) & set(roles):
            continue
        if row["depends_on"]:
            parent, keys = row["depends_on"].split("=")
            chosen = answers.get(parent, ())
            chosen = [chosen] if isinstance(chosen, str) else chosen
            if parent not in opened or not set(keys.split("|")) & set(chosen):  # type: ignore[call-overload]
                continue
        opened.add(code)
        if row["rule"] == "unscored":
            states[code] = "unscored"
            continue
        value = answers.get(code)
        states[code] = "missing" if value is None else "scored"
        topics[row["topic"]].append(
            (int(row["weight"]), Fraction(0) if value is None else naive_points(row, value))
        )
    scores = {
        code: 100 * sum((w * p for w, p in parts), Fraction(0)) / sum(w for w, _ in parts) if parts else None
        for code, parts in topics.items()
    }
    weights = {row["topic"]: int(row["topic_weight"]) for row in BLUEPRINT}
    counted = [(weights[code], s) for code, s in scores.items() if s is not None]
    return sum((w * s for w, s in counted), Fraction(0)) / sum(w for w, _ in counted), scores, states


def naive_points(row: dict[str, str], value: object) -> Fraction:
    worth = {key: Fraction(p) for key, p in (part.split(":") for part in row["options"].split(";") if part)}
    if row["kind"] in {"single", "yes_no"}:
        return worth[str(value)]
    if row["kind"] == "multiple":
        return min(Fraction(1), sum((worth[key] for key in value), Fraction(0)))  # type: ignore[attr-defined]
    if row["kind"] == "table":
        rows = [sum((worth[key] for key in cells), Fraction(0)) for cells in value]  # type: ignore[attr-defined]
        return sum(rows, Fraction(0)) / len(rows) if rows else Fraction(0)
    number = Fraction(value)  # type: ignore[arg-type]
    if row["rule"] == "ratio":
        return max(Fraction(0), min(Fraction(1), number / 100))
    for band in row["rule"].split(";"):
        condition, points = band.rsplit(":", 1)
        for op, holds in (
            ("<=", lambda bound: number <= bound),
            (">=", lambda bound: number >= bound),
            ("<", lambda bound: number < bound),
            (">", lambda bound: number > bound),
        ):
            if condition.startswith(op):
                if holds(Fraction(condition[len(op) :])):
                    return Fraction(points)
                break
        else:
            return Fraction(points)
    raise AssertionError(row)


@SETTINGS
@given(sets_of_answers())
def test_an_independent_recomputation_agrees(given_set: tuple[list[str], dict[str, object]]) -> None:
    roles, answers = given_set
    sheet = score(SHIPPED, roles, answers)
    total, topics, states = naive(roles, answers)
    assert sheet.total == total
    assert {code: topic.score for code, topic in sheet.topics.items()} == topics
    assert {code: line.state for code, line in sheet.lines.items()} == states
    assert 0 <= sheet.total <= 100
    assert sum(t.weight_effective for t in sheet.topics.values()) == 100


@SETTINGS
@given(sets_of_answers())
def test_hidden_answers_change_nothing_and_order_is_irrelevant(
    given_set: tuple[list[str], dict[str, object]],
) -> None:
    roles, answers = given_set
    path = walk(SHIPPED, roles, answers)
    visible = {code: value for code, value in answers.items() if code in path.open}
    assert score(SHIPPED, roles, visible) == score(SHIPPED, roles, answers)
    turned = dict(reversed(answers.items()))
    assert score(SHIPPED, list(reversed(roles)), turned) == score(SHIPPED, roles, answers)


CHOICES = [one.code for one in indicators_of(SHIPPED) if one.kind in {"single", "yes_no"}]
PARENTS = {one.depends_on.indicator for one in indicators_of(SHIPPED) if one.depends_on}


@SETTINGS
@given(sets_of_answers(), st.sampled_from([code for code in CHOICES if code not in PARENTS]), st.data())
def test_a_better_option_never_lowers_a_score(
    given_set: tuple[list[str], dict[str, object]], code: str, data: st.DataObject
) -> None:
    roles, answers = given_set
    one = indicator(SHIPPED, code)
    before = data.draw(st.sampled_from(one.options))
    better = [option for option in one.options if option.points > before.points]
    assume(better)
    after = data.draw(st.sampled_from(better))
    low = score(SHIPPED, roles, {**answers, code: before.key})
    high = score(SHIPPED, roles, {**answers, code: after.key})
    assert high.total >= low.total
    assert high.topics[one.topic].score == low.topics[one.topic].score or high.total > low.total
    assert "ABCD".index(high.grade) <= "ABCD".index(low.grade)


@SETTINGS
@given(sets_of_answers())
def test_a_red_flag_is_an_open_gating_answer_with_zero_points(
    given_set: tuple[list[str], dict[str, object]],
) -> None:
    roles, answers = given_set
    sheet = score(SHIPPED, roles, answers)
    gating = {row["code"] for row in BLUEPRINT if row["gating"] == "yes"}
    flags = [
        c for c, line in sheet.lines.items() if c in gating and line.state == "scored" and line.points == 0
    ]
    assert list(sheet.red_flags) == flags
    assert sheet.capped_by_red_flag == (bool(flags) and sheet.natural_grade != "D")
    assert (sheet.grade == "D") if flags else (sheet.grade == sheet.natural_grade)


@SETTINGS
@given(sets_of_answers())
def test_stored_answers_score_like_typed_ones(given_set: tuple[list[str], dict[str, object]]) -> None:
    roles, answers = given_set
    again = {}
    for code, value in answers.items():
        one = indicator(SHIPPED, code)
        again[code] = from_json(one, to_json(one, value))  # type: ignore[arg-type]
    assert score(SHIPPED, roles, again) == score(SHIPPED, roles, answers)
