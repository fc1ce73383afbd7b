"""The compiler on hints and effort: every problem with file, line and key, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portal.core.questionnaire.model import EFFORTS, indicators_of
from portal.files.questionnaires import check_folder, find_questionnaire, load_questionnaire
from portal.language.sentences import sentence
from portal.settings import shipped

FOLDER = shipped("questionnaires") / "sustainability" / "2026.1"
TEXT = '    text: {en: "Does it fit?", zh: "是否相符？"}\n'


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "sustainability" / "2026.1"))


def hint(when: str, *, name: str = "one", indicators: str = "[NRG-02]", text: str = TEXT) -> str:
    return f"  - id: {name}\n    when: '{when}'\n    indicators: {indicators}\n{text}"


def problems_of(folder: Path, *hints: str) -> list[tuple[str, str]]:
    (folder / "hints.yaml").write_text("hints:\n" + "".join(hints), encoding="utf-8")
    found = check_folder(folder)
    assert all(sentence(locale, problem) for locale in ("en", "zh") for problem in found)
    return [(problem.code, problem.where) for problem in found]


WRONG_RULES = {
    "NRG-99 > 3 %": "hint_code_unknown",
    "NRG-02 is yes": "hint_wrong_kind",
    "GOV-01 is cell": "hint_wrong_kind",
    "NRG-04 has no_certificates": "hint_wrong_kind",
    "INF-04 > 3 %": "hint_wrong_kind",
    "rows of NRG-02 > 2": "hint_wrong_kind",
    "sum of retired in NRG-03 > 2": "hint_wrong_kind",
    "NRG-02 > 3 MWh": "hint_unit_differs",
    "NRG-01 > CDS-02": "hint_unit_differs",
    "NRG-02 > 3": "hint_unit_missing",
    "NRG-01 > 3 bananas": "hint_unit_unknown",
    "NRG-02 > 120 %": "hint_bound_outside",
    "NRG-02 >= 0 %": "hint_bound_outside",
    "NRG-04 is perhaps": "hint_option_unknown",
    "NRG-04 is one of (no_certificates, no_certificates)": "hint_option_twice",
    "CDS-01 is none and CDS-05 is none": "hint_option_unreachable",
    "CDS-01 is none and CDS-01 is scope1_2_3": "hint_option_unreachable",
    "HRT-06 > 50 % and ETH-05 has not cases_tracked": "hint_option_unreachable",
    "NRG-02 > 5 % or (CDS-01 is none and CDS-02 > 5 tCO2e)": "hint_option_unreachable",
    "NRG-02 is answered and NRG-02 is not answered": "hint_answer_and_none",
    "register.rainfall > 3": "hint_fact_unknown",
    "sum of rain in NRG-03 > 3 MWh": "hint_column_unknown",
    "mwh > 3 MWh": "hint_column_unknown",
    "any row of NRG-03 (any row of NRG-03 (mwh > 2 MWh))": "hint_row_in_row",
    "NRG-02 >": "hint_rule_expected",
    "NRG-02 > 5 % NRG-04 is no_certificates": "hint_rule_expected",
    "((NRG-02 > 3 %)": "hint_rule_expected",
    "NRG-02 ? 3": "hint_rule_character",
    "__import__(os)": "hint_rule_character",
    "ENV-04 < 2026-02-30": "hint_rule_date",
    "ENV-04 < 3 %": "hint_kinds_differ",
    "2 * ENV-04 < period.end": "hint_date_scaled",
    "3 > 2": "hint_compares_constants",
}  # fmt: skip


def test_every_wrong_rule_is_told_at_its_line(copy: Path) -> None:
    sound = hint("NRG-02 > 5 %", name="sound")
    rules = list(WRONG_RULES)
    found = problems_of(copy, sound, *(hint(when, name=f"h{n}") for n, when in enumerate(rules)))
    expected = [
        (WRONG_RULES[when], f"hints.yaml:{7 + 4 * n} hints[{n + 1}].when") for n, when in enumerate(rules)
    ]
    assert sorted(found) == sorted(expected)


def test_every_problem_of_a_file_is_told_at_once(copy: Path) -> None:
    found = problems_of(
        copy,
        hint("NRG-99 > 3 %", indicators="[NRG-98]"),
        hint("NRG-02 >", indicators="[]"),
        hint("NRG-02 > 5 %", name="Not An Id", indicators="[NRG-02, NRG-02]"),
        hint(
            "NRG-02 > 5 %", name="texts", text='    text: {en: "About {NRG-97}", zh: "关于 {register.x}"}\n'
        ),
        hint("NRG-02 > 5 %", name="chinese", text='    text: {en: "Words", zh: "Words too"}\n'),
        "  - id: bare\n    whem: x\n",
    )
    assert found == [
        ("hint_rule_expected", "hints.yaml:7 hints[1].when"),
        ("key_unknown", "hints.yaml:23 hints[5].whem"),
        ("key_missing", "hints.yaml:22 hints[5]"),
        ("key_missing", "hints.yaml:22 hints[5]"),
        ("key_missing", "hints.yaml:22 hints[5]"),
        ("hint_code_unknown", "hints.yaml:4 hints[0].indicators[0]"),
        ("hint_code_unknown", "hints.yaml:3 hints[0].when"),
        ("hint_id_twice", "hints.yaml:6 hints[1].id"),
        ("hint_indicators_missing", "hints.yaml:8 hints[1].indicators"),
        ("hint_id_form", "hints.yaml:10 hints[2].id"),
        ("hint_indicator_twice", "hints.yaml:12 hints[2].indicators[1]"),
        ("hint_figure_unknown", "hints.yaml:17 hints[3].text.en"),
        ("hint_figure_unknown", "hints.yaml:17 hints[3].text.zh"),
        ("hint_figures_differ", "hints.yaml:17 hints[3].text"),
        ("text_not_chinese", "hints.yaml:21 hints[4].text.zh"),
    ]


def test_broken_yaml_and_wrong_shapes_are_told(copy: Path) -> None:
    (copy / "hints.yaml").write_text("hints: [\n", encoding="utf-8")
    assert [p.code for p in check_folder(copy)] == ["yaml_broken"]
    (copy / "hints.yaml").write_text("hints:\n  - just words\n", encoding="utf-8")
    assert [p.code for p in check_folder(copy)] == ["shape_map_expected"]


def test_effort_is_there_for_every_indicator(copy: Path) -> None:
    efforts = [i.effort for i in indicators_of(find_questionnaire("sustainability/2026.1"))]
    assert len(efforts) == 105 and set(efforts) == set(EFFORTS)
    path = copy / "effort.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  GOV-02: weeks\n", "  GOV-99: weeks\n").replace("GOV-03: hours", "GOV-03: years"), encoding="utf-8")  # fmt: skip
    found = [(p.code, p.where, p.values.get("indicator")) for p in check_folder(copy)]
    assert found == [
        ("word_unknown", "effort.yaml:5 effort.GOV-03", None),
        ("effort_code_unknown", "effort.yaml:4 effort.GOV-99", "GOV-99"),
        ("effort_missing", "effort.yaml:2 effort", "GOV-02"),
    ]


def test_a_version_without_the_side_files_is_sound(copy: Path) -> None:
    (copy / "hints.yaml").unlink()
    (copy / "effort.yaml").unlink()
    found = load_questionnaire(copy)
    assert found.hints == ()
    assert {i.effort for i in indicators_of(found)} == {""}
