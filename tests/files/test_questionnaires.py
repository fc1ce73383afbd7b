"""The compiler of questionnaire folders: the shipped version is sound and equals the blueprint; each mistake planted
in a copy is found alone, with file, line and key."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from portal.core.errors import Invalid, NotFound
from portal.core.questionnaire.model import Indicator, find_topic, indicators_of, questionnaire_id
from portal.files.questionnaires import (
    available_questionnaires,
    check_folder,
    find_questionnaire,
    load_questionnaire,
)
from portal.language.sentences import sentence
from portal.settings import shipped

ID = "sustainability/2026.1"
FOLDER = shipped("questionnaires") / "sustainability" / "2026.1"
SAMPLE = Path(__file__).parents[1] / "samples" / "blueprint.csv"
GOV, HRT, CDS = "topics/01-GOV.yaml", "topics/04-HRT.yaml", "topics/13-CDS.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "sustainability" / "2026.1"))


def line_of(path: Path, key: str) -> int:
    """The line in which a key path such as "indicators[2].weight" stands, by another reader than the compiler's."""
    node: Any = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    line = 1
    for part in re.findall(r"[^.\[\]]+", key):
        if part.isdigit():
            line, node = node.lc.item(int(part))[0] + 1, node[int(part)]
        else:
            line, node = node.lc.key(part)[0] + 1, node[part]
    return line


def plant(folder: Path, file: str, old: str, new: str, after: str = "") -> int:
    """Replace the first `old` after `after` by `new` and return the line it stands in."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    start = text.index(old, text.index(after) if after else 0)
    path.write_text(text[:start] + new + text[start + len(old) :], encoding="utf-8")
    return text[:start].count("\n") + 1


def test_the_shipped_version_is_sound_and_complete() -> None:
    assert check_folder(FOLDER) == []
    found = find_questionnaire(ID)
    assert questionnaire_id(found) == ID
    assert len(found.topics) == 18
    assert [i.number for i in indicators_of(found)] == list(range(1, 106))
    assert available_questionnaires()[ID] == found
    assert [(g.letter, int(g.from_score)) for g in found.grades] == [
        ("A", 85),
        ("B", 70),
        ("C", 55),
        ("D", 0),
    ]
    with pytest.raises(NotFound):
        find_questionnaire("sustainability/1999.1")


def in_blueprint_form(one: Indicator) -> dict[str, str]:
    rule = ";".join(f"{'else' if b.bound is None else f'{b.op}{b.bound:f}'}:{b.points:f}" for b in one.bands)
    condition = one.depends_on
    roles = [
        role for role in ("manufacturing", "minerals", "logistics", "services") if role in one.applies_to
    ]
    topic = find_topic(find_questionnaire(ID), one.topic)
    assert topic is not None
    return {
        "code": one.code,
        "kind": one.kind,
        "unit": one.unit,
        "options": ";".join(f"{o.key}:{o.points:f}" for o in (*one.options, *one.columns)),
        "rule": rule or one.rule,
        "weight": str(one.weight),
        "evidence": one.evidence,
        "gating": "yes" if one.gating else "no",
        "depends_on": f"{condition.indicator}={'|'.join(condition.any_of)}" if condition else "",
        "applies_to": "all" if len(roles) == 4 else ";".join(roles),
        "topic": one.topic,
        "topic_weight": str(topic.weight),
    }


def test_the_shipped_version_equals_the_blueprint_row_by_row() -> None:
    rows = list(csv.DictReader(SAMPLE.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 105
    for row, one in zip(rows, indicators_of(find_questionnaire(ID)), strict=True):
        assert in_blueprint_form(one) == row


def test_ranges_that_differ_from_the_rule_are_data() -> None:
    found = {one.code: one for one in indicators_of(find_questionnaire(ID))}
    limits = {
        code: (str(found[code].minimum), str(found[code].maximum)) for code in ("CDS-04", "PCF-06", "LAB-03")
    }
    assert limits == {"CDS-04": ("-100", "1000"), "PCF-06": ("-1000", "100"), "LAB-03": ("0", "1000")}
    assert all(one.whole for one in found.values() if one.unit == "count")
    assert found["NRG-01"].units == ("kWh", "GWh")


# file, old text, new text, text before it, code, key path
MISTAKES: list[tuple[str, str, str, str, str, str]] = [
    (GOV, "weight: 5", "weight: 6", "", "topic_weights_sum", "questionnaire.yaml|topics"),
    (GOV, "weight: 4", "weight: 0", "GOV-02", "weight_not_positive", "indicators[1].weight"),
    (GOV, "weight: 4", "weight: four", "GOV-02", "shape_whole_expected", "indicators[1].weight"),
    (GOV, "weight: 4", "wieght: 4", "GOV-02", "key_unknown+key_missing", "indicators[1].wieght"),
    (GOV, 'points: "0.7"', "points: 0.7", "GOV-02", "number_not_quoted", "indicators[1].options[2].points"),
    (
        GOV,
        'points: "0.7"',
        'points: "0,7"',
        "GOV-02",
        "shape_number_expected",
        "indicators[1].options[2].points",
    ),
    (
        GOV,
        'points: "0.7"',
        'points: "1.7"',
        "GOV-02",
        "points_out_of_range",
        "indicators[1].options[2].points",
    ),
    (GOV, 'points: "1"', 'points: "0.9"', "GOV-02", "full_marks_unreachable", "indicators[1].options"),
    (GOV, 'points: "0"', 'points: "0.1"', "GOV-01", "points_of_unscored", "indicators[0].options[0].points"),
    (GOV, 'points: "0"', 'points: "0.1"', "GOV-03", "gating_never_zero", "indicators[2].gating"),
    (
        GOV,
        "rule: unscored",
        "rule: unscored\n    gating: true",
        "GOV-01",
        "gating_not_scored",
        "indicators[0].gating",
    ),
    (GOV, "kind: single", "kind: singel", "GOV-02", "word_unknown", "indicators[1].kind"),
    (GOV, "rule: option", "rule: ratio", "GOV-02", "rule_does_not_fit", "indicators[1].rule"),
    (GOV, "code: GOV-02", "code: GOV-03", "", "indicator_code_twice", "indicators[2].code"),
    (GOV, "code: GOV-06", "code: ETH-60", "", "indicator_code_form", "indicators[5].code"),
    (GOV, "number: 6", "number: 5", "GOV-06", "number_twice", "indicators[5].number"),
    (GOV, 'key: "senior_executive"', 'key: "none"', "", "key_twice", "indicators[1].options[2].key"),
    (GOV, 'key: "senior_executive"', 'key: "Senior"', "", "key_form", "indicators[1].options[2].key"),
    (GOV, 'unit: "count"', 'unit: "pounds"', "GOV-05", "unit_not_known", "indicators[4].unit"),
    (
        GOV,
        'unit: "count"',
        'unit: "count"\n    units: ["kg"]',
        "GOV-05",
        "unit_of_other_class",
        "indicators[4].units[0]",
    ),
    (GOV, 'bound: "1"', 'bound: "5"', "GOV-05", "bands_not_ordered", "indicators[4].bands[2]"),
    (
        GOV,
        '{op: "<=", bound: "0"',
        '{op: "<", bound: "0"',
        "GOV-05",
        "band_unreachable",
        "indicators[4].bands[0]",
    ),
    (
        GOV,
        '- {op: else, points: "0"}',
        '- {op: "<=", bound: "9", points: "0"}',
        "GOV-05",
        "band_else_missing",
        "indicators[4].bands[3]",
    ),
    (GOV, '{op: "<=", bound: "0"', "{op: else", "GOV-05", "band_else_not_last", "indicators[4].bands[0]"),
    (GOV, '{op: "<=", bound: "0"', '{op: "<="', "GOV-05", "band_bound_missing", "indicators[4].bands[0]"),
    (
        GOV,
        "evidence_help:",
        "evidence_hlep:",
        "GOV-02",
        "key_unknown+evidence_help_missing",
        "indicators[1].evidence_hlep",
    ),
    (GOV, "evidence: none", "evidence: required", "GOV-01", "evidence_help_missing", "indicators[0]"),
    (
        GOV,
        "applies_to: all",
        "applies_to: [farming]",
        "GOV-02",
        "word_unknown",
        "indicators[1].applies_to[0]",
    ),
    (GOV, "applies_to: all", "applies_to: []", "GOV-02", "roles_missing", "indicators[1].applies_to"),
    (GOV, 'zh: "治理"', 'zh: ""', "", "language_missing", "dimension.zh"),
    (GOV, 'zh: "治理"', 'zh: "Leitung"', "", "text_not_chinese", "dimension.zh"),
    (GOV, 'en: "Governance"', 'en: "治理"', "", "text_not_english", "dimension.en"),
    (GOV, 'zh: "治理"', 'de: "Leitung"', "", "key_unknown+key_missing", "dimension.de"),
    (GOV, "minutes: 2", "minutes: 0", "GOV-01", "minutes_not_positive", "indicators[0].minutes"),
    (GOV, 'minimum: "0"', 'minimum: "0"\n    maximum: "0"', "GOV-05", "range_empty", "indicators[4].maximum"),
    (GOV, "code: GOV\n", "code: GOVERNANCE\n", "", "topic_code_form+indicator_code_form*6", "code"),
    (
        HRT,
        "indicator: ETH-05",
        "indicator: ETH-99",
        "",
        "condition_indicator_unknown",
        "indicators[5].depends_on.indicator",
    ),
    (
        HRT,
        "indicator: ETH-05",
        "indicator: SCM-05",
        "",
        "condition_points_forward+condition_option_unknown",
        "indicators[5].depends_on.indicator",
    ),
    (
        HRT,
        "indicator: ETH-05",
        "indicator: ETH-04",
        "",
        "condition_not_a_choice",
        "indicators[5].depends_on.indicator",
    ),
    (
        HRT,
        '"cases_tracked"',
        '"cases_lost"',
        "",
        "condition_option_unknown",
        "indicators[5].depends_on.any_of[0]",
    ),
    (
        CDS,
        'points: "0.4"',
        'points: "0.3"',
        "scope2_location_based",
        "column_points_sum",
        "indicators[2].columns",
    ),
    ("questionnaire.yaml", 'from: "70"', 'from: "90"', "", "grades_not_descending", "grades[1].from"),
    ("questionnaire.yaml", 'from: "0"', 'from: "10"', "", "grades_not_down_to_zero", "grades[3].from"),
    (
        "questionnaire.yaml",
        "red_flag_grade: D",
        "red_flag_grade: E",
        "",
        "red_flag_grade_unknown",
        "red_flag_grade",
    ),
    ("questionnaire.yaml", "status: published", "status: final", "", "word_unknown", "status"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "after", "codes", "key"), MISTAKES, ids=lambda value: str(value)[:30]
)
def test_each_planted_mistake_is_found_alone(
    copy: Path, file: str, old: str, new: str, after: str, codes: str, key: str
) -> None:
    plant(copy, file, old, new, after)
    problems = check_folder(copy)
    expected = []
    for part in codes.split("+"):
        code, _, times = part.partition("*")
        expected += [code] * int(times or 1)
    assert [p.code for p in problems] == expected, problems
    named, _, inside = key.rpartition("|")
    line = line_of(copy / (named or file), inside)
    assert problems[0].where == f"{named or file}:{line} {inside}"
    for problem in problems:
        assert sentence("en", problem)
        assert sentence("zh", problem)


def test_all_problems_of_all_files_are_reported_in_one_run(copy: Path) -> None:
    plant(copy, GOV, "weight: 4", "weight: many", "GOV-02")
    plant(copy, HRT, '"cases_tracked"', '"cases_lost"')
    plant(copy, "topics/02-ETH.yaml", "rule: option", "rule: banned", "ETH-01")
    (copy / "topics" / "03-INF.yaml").write_text("code: [INF", encoding="utf-8")
    assert sorted(p.code for p in check_folder(copy)) == [
        "condition_option_unknown",
        "shape_whole_expected",
        "word_unknown",
        "yaml_broken",
    ]
    with pytest.raises(Invalid) as invalid:
        load_questionnaire(copy)
    assert len(invalid.value.problems) == 4


def test_a_duplicate_key_is_reported_with_its_line(copy: Path) -> None:
    line = plant(copy, GOV, "    weight: 4\n", "    weight: 4\n    weight: 5\n", "GOV-02")
    assert [(p.code, p.where) for p in check_folder(copy)] == [("yaml_key_twice", f"{GOV}:{line + 1} weight")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a: [1, 2", "yaml_broken"),
        (b"a: 'x\nb: 2", "yaml_broken"),
        (b"\tb: 1", "yaml_broken"),
        (b"a: &x 1\nb: *x\n", "yaml_alias"),
        (b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "yaml_alias"),
        (b"a: !!python/object/apply:os.system ['true']\n", "yaml_tag"),
        (b"a: !!binary aGVsbG8=\n", "yaml_tag"),
        (b"[" * 5000, "yaml_too_deep"),
        (b"a: 1\n---\nb: 2\n", "yaml_several_documents"),
        (b"", "yaml_empty"),
        (b"# nothing\n", "yaml_empty"),
        (b"\xff\xfe\x00", "yaml_not_text"),
        (b"a: \x00\n", "yaml_broken"),
        (b"x" * (1024 * 1024 + 1), "definition_file_too_large"),
        (b"- a\n- b\n", "shape_map_expected"),
        (b"just words\n", "shape_map_expected"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_hostile_file_is_one_clear_problem(copy: Path, content: bytes, code: str) -> None:
    (copy / GOV).write_bytes(content)
    problems = check_folder(copy)
    assert [p.code for p in problems] == [code], problems
    assert problems[0].where.startswith(GOV)


@pytest.mark.parametrize(
    "content", [b"", b"topics: {}\n", b"[]", b"{? [a] : b}", b"topics: [[a], {b: c}, ../../etc/passwd]"]
)
def test_a_hostile_frame_never_crashes(copy: Path, content: bytes) -> None:
    (copy / "questionnaire.yaml").write_bytes(content)
    assert check_folder(copy)


def test_missing_and_unlisted_topic_files_are_named(copy: Path) -> None:
    (copy / GOV).rename(copy / "topics" / "99-XYZ.yaml")
    problems = {(p.code, p.where) for p in check_folder(copy)}
    assert ("definition_file_missing", GOV) in problems
    assert ("topic_file_not_listed", "topics/99-XYZ.yaml") in problems
