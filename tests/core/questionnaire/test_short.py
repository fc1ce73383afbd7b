"""The short set: derived from the questionnaire's own rule, decided by the path, scored on what it asks."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from portal.core.questionnaire.model import ROLES, Questionnaire, ShortSet, indicators_of
from portal.core.questionnaire.path import ClosedBy, is_never_asked, walk
from portal.core.questionnaire.short import short_codes
from portal.core.scoring.next_steps import next_steps
from portal.core.scoring.roll_up import score
from portal.core.scoring.sheet import METHOD, SHORT_METHOD, score_json
from portal.core.scoring.what_if import what_if
from portal.files.questionnaires import check_folder, load_questionnaire, shipped_folders
from tests.core.scoring.test_properties import BLUEPRINT, SETTINGS, SHIPPED, sets_of_answers

ASKED = short_codes(SHIPPED)
FOLDER = shipped_folders()["sustainability/2026.1"]


def only_asked(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire as if every indicator outside the short set had never been written."""
    topics = tuple(
        replace(t, indicators=tuple(i for i in t.indicators if i.code in ASKED)) for t in questionnaire.topics
    )
    return replace(questionnaire, topics=topics)


def test_the_set_is_the_rule_read_from_the_blueprint() -> None:
    picked = {row["code"] for row in BLUEPRINT if row["gating"] == "yes" or int(row["weight"]) >= 5}
    parents = {
        row["depends_on"].split("=")[0] for row in BLUEPRINT if row["code"] in picked and row["depends_on"]
    }
    assert picked and parents
    weighing = {"NRG-01"}  # weighs the sites in NRG-02
    assert picked | parents | weighing == ASKED


def test_what_an_asked_indicator_depends_on_is_asked_too() -> None:
    by_code = {i.code: i for i in indicators_of(SHIPPED)}
    lighter = replace(SHIPPED, short_set=ShortSet(False, 3))
    for questionnaire in (SHIPPED, lighter):
        codes = short_codes(questionnaire)
        assert {i.depends_on.indicator for c in codes if (i := by_code[c]).depends_on} <= codes
    # a light child of a parent of weight 1: the parent comes in although the rule itself does not name it
    child = next(
        i for i in indicators_of(SHIPPED) if i.depends_on and by_code[i.depends_on.indicator].weight == 1
    )
    heavy = replace(child, weight=5)
    topics = tuple(
        replace(t, indicators=tuple(heavy if i.code == child.code else i for i in t.indicators))
        for t in SHIPPED.topics
    )
    assert child.depends_on is not None and child.depends_on.indicator not in ASKED
    assert child.depends_on.indicator in short_codes(replace(SHIPPED, topics=topics))


@SETTINGS
@given(sets_of_answers())
def test_short_never_opens_what_full_closes(given_set: tuple[list[str], dict[str, object]]) -> None:
    roles, answers = given_set
    full, short = walk(SHIPPED, roles, answers), walk(SHIPPED, roles, answers, short=True)
    assert short.open == full.open & ASKED
    assert short.open | short.closed.keys() == full.open | full.closed.keys()
    for code, closed in short.closed.items():
        if code in ASKED:
            assert closed == full.closed[code]
        else:
            assert closed == (
                full.closed[code]
                if code in full.closed and full.closed[code].reason == "role"
                else ClosedBy("short")
            )
            assert is_never_asked(closed)


@SETTINGS
@given(sets_of_answers())
def test_the_score_is_that_of_a_questionnaire_with_the_others_removed(
    given_set: tuple[list[str], dict[str, object]],
) -> None:
    roles, answers = given_set
    sheet, removed = score(SHIPPED, roles, answers, short=True), score(only_asked(SHIPPED), roles, answers)
    assert (sheet.total, sheet.grade, sheet.red_flags) == (removed.total, removed.grade, removed.red_flags)
    assert {c: t.score for c, t in sheet.topics.items()} == {c: t.score for c, t in removed.topics.items()}
    seen = {code: value for code, value in answers.items() if code in ASKED}
    assert score(SHIPPED, roles, seen, short=True) == sheet
    tried = what_if(SHIPPED, roles, answers, {}, short=True)  # type: ignore[arg-type]
    assert tried.sheet == sheet and tried.path == walk(SHIPPED, roles, answers, short=True)


def test_the_sheet_says_that_it_is_short() -> None:
    short, full = score(SHIPPED, ROLES, {}, short=True), score(SHIPPED, ROLES, {})
    assert (short.short, short.method, full.short, full.method) == (True, SHORT_METHOD, False, METHOD)
    assert SHORT_METHOD != METHOD
    printed = score_json(short, lambda reason: reason.code)
    assert printed["short"] is True and printed["method"] == SHORT_METHOD
    assert printed["indicators"]["GOV-02"] == {
        "state": "not_applicable", "points": None, "weight": 4, "reason": "reason_short",
    }  # fmt: skip
    assert "short" not in score_json(full, lambda reason: reason.code)
    assert sum((t.weight_effective for t in short.topics.values()), Fraction(0)) == 100


def test_next_steps_name_nothing_outside_the_set() -> None:
    found = next_steps(SHIPPED, ROLES, {}, short=True)
    named = {s.code for s in found.steps} | {c for s in found.steps for c in s.best.opens} | {*found.together}
    assert named and named <= ASKED
    assert found.present.short


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "2026.1"))


def told(copy: Path, rule: str) -> list[tuple[str, str]]:
    frame = copy / "questionnaire.yaml"
    frame.write_text(re.sub(r"short_set: .*", rule, frame.read_text(encoding="utf-8")), encoding="utf-8")
    return [(p.code, p.where) for p in check_folder(copy)]


@pytest.mark.parametrize(
    ("rule", "code", "key"),
    [
        ("short_set: {gating: false, weight_at_least: 9}", "short_set_empty", "short_set"),
        ("short_set: {gating: true, weight_at_least: 0}", "short_set_whole", "short_set"),
        ("short_set: {gating: perhaps, weight_at_least: 5}", "word_unknown", "short_set.gating"),
        ("short_set: {gating: true, weight_at_least: heavy}", "shape_whole_expected", "short_set.weight_at_least"),
        ("short_set: {gating: true}", "key_missing", "short_set"),
        ("short_set: all", "shape_map_expected", "short_set"),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_set_is_told_at_its_line(copy: Path, rule: str, code: str, key: str) -> None:
    found = told(copy, rule)
    assert [code] == [c for c, _ in found]
    assert re.fullmatch(rf"questionnaire\.yaml:\d+ {re.escape(key)}", found[0][1])


def test_a_version_without_a_rule_has_no_short_set(copy: Path) -> None:
    assert told(copy, "") == []
    assert short_codes(load_questionnaire(copy)) == frozenset()
