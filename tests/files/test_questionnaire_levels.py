"""The compiler on levels: every problem with file, line and key, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portal.core.questionnaire.model import indicators_of
from portal.files.questionnaires import check_folder, load_questionnaire
from portal.language.sentences import sentence
from portal.settings import shipped

FOLDER = shipped("questionnaires") / "sustainability" / "2026.1"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "sustainability" / "2026.1"))


def edited(folder: Path, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    path = folder / "levels.yaml"
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    found = check_folder(folder)
    for problem in found:
        assert sentence("en", problem) != sentence("zh", problem)
    return [(problem.code, problem.where) for problem in found]


def line_of(code: str) -> int:
    lines = (FOLDER / "levels.yaml").read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if line.strip().startswith(f"{code}:"))


def test_the_shipped_levels_are_sound() -> None:
    assert check_folder(FOLDER) == []


def test_every_problem_is_told_at_its_line(copy: Path) -> None:
    changes = {
        "LAB-02": ("{level: site, roll_up: worst}", "{level: site}", "roll_up_missing", "level"),
        "HRT-02": ("{level: site, roll_up: worst}", "{level: site, roll_up: sum}", "roll_up_does_not_fit", "roll_up"),
        "GOV-01": ("{level: group}", "{level: group, roll_up: worst}", "roll_up_no_order", "roll_up"),
        "CDS-02": ("{level: group}", "{level: group, roll_up: sum}", "roll_up_sums_inherited", "roll_up"),
        "ENV-04": ("{level: site, roll_up: worst, worst_end: lowest}", "{level: site, roll_up: worst}", "worst_end_missing", "roll_up"),
        "ENV-05": ("{level: site, roll_up: sum}", "{level: site, roll_up: output_weighted_mean}", "roll_up_not_whole", "roll_up"),
        "ETH-01": ("{level: group}", "{level: plant}", "word_unknown", "level"),
        "ETH-02": ("{level: group}", "{level: group, roll_up: best}", "word_unknown", "roll_up"),
        "ETH-03": ("{level: group}", "{roll_up: worst}", "key_missing", ""),
        "ETH-05": ("{level: group}", "{level: group, rollup: worst}", "key_unknown", "rollup"),
    }  # fmt: skip
    found = edited(
        copy, *((f"{code}: {old}", f"{code}: {new}") for code, (old, new, _, _) in changes.items())
    )
    expected = [
        (problem, f"levels.yaml:{line_of(code)} levels.{code}{'.' if key else ''}{key}")
        for code, (_, _, problem, key) in changes.items()
    ]
    assert sorted(found) == sorted(expected)


def test_unknown_and_forgotten_indicators_are_told(copy: Path) -> None:
    found = edited(copy, ("GOV-02: {level: group}", "GOV-99: {level: group}"))
    assert found == [
        ("level_code_unknown", f"levels.yaml:{line_of('GOV-02')} levels.GOV-99"),
        ("level_missing", f"levels.yaml:{line_of('GOV-01') - 1} levels"),
    ]


def test_a_version_without_the_file_knows_no_sites(copy: Path) -> None:
    (copy / "levels.yaml").unlink()
    assert {problem.code for problem in check_folder(copy)} == {"register_not_per_site"}
    register = copy / "register.yaml"
    entries = register.read_text(encoding="utf-8").split("\n  - indicator:")
    of_company = [entry for entry in entries if "\n    for: site" not in entry]
    register.write_text("\n  - indicator:".join(of_company), encoding="utf-8")
    assert check_folder(copy) == []
    assert {i.level for i in indicators_of(load_questionnaire(copy))} == {""}


def test_a_broken_topic_brings_no_second_problem_here(copy: Path) -> None:
    path = copy / "topics" / "05-LAB.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("kind: percentage", "kind: perhaps", 1), encoding="utf-8"
    )
    assert {problem.code for problem in check_folder(copy)} == {"word_unknown"}
