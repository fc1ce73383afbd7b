"""`upstream questionnaire`: check, show, freeze."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.main import commands
from portal.settings import shipped

ID = "sustainability/2026.1"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["questionnaire", *arguments])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped("questionnaires"), tmp_path / "questionnaires"))


def spoil(root: Path) -> None:
    path = root / "sustainability" / "2026.1" / "topics" / "01-GOV.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("weight: 4", "weight: 0", 1).replace("kind: single", "kind: dual", 1), "utf-8"
    )


def test_the_shipped_questionnaires_pass() -> None:
    result = run("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert ID in result.stdout


@pytest.mark.parametrize("below", ["", "sustainability", "sustainability/2026.1"])
def test_problems_are_printed_with_file_line_and_key(root: Path, below: str) -> None:
    assert run("check", str(root / below)).exit_code == 0
    spoil(root)
    result = run("check", str(root / below))
    assert result.exit_code == 1
    assert "topics/01-GOV.yaml:" in result.stdout
    assert "indicators[1].kind: “dual” is not known here" in result.stdout
    # below the top there is no lock to compare with
    assert ("was changed" in result.stdout) == (below == "")
    assert "indicators[1].kind：此处没有“dual”" in run("check", str(root / below), "--language", "zh").stdout


def test_a_folder_without_questionnaire_is_a_problem(tmp_path: Path) -> None:
    result = run("check", str(tmp_path))
    assert result.exit_code == 1
    assert "questionnaire.yaml" in result.stdout
    assert run("check", str(tmp_path / "none")).exit_code == 2


def test_a_version_is_shown_in_both_languages() -> None:
    english, chinese = run("show", ID), run("show", ID, "--language", "zh")
    assert english.exit_code == chinese.exit_code == 0
    for code in ("GOV-01", "TRC-06"):
        assert code in english.stdout
        assert code in chinese.stdout
    assert "可持续治理" in chinese.stdout


def test_one_indicator_is_shown_in_full() -> None:
    result = run("show", ID, "--indicator", "cds-04")
    assert result.exit_code == 0
    assert "−100 … 1000" in result.stdout
    assert "CDS-01 is one of" in result.stdout
    assert run("show", ID, "--indicator", "CDS-99").exit_code == 2
    assert run("show", "sustainability/1").exit_code == 2


def test_freezing_what_is_frozen_changes_nothing() -> None:
    lock = shipped("questionnaires") / "published.lock"
    before = lock.read_bytes()
    assert run("freeze", ID).exit_code == 0
    assert lock.read_bytes() == before
    assert run("freeze", "sustainability/1").exit_code == 2


def test_two_versions_are_told_apart_in_both_languages() -> None:
    result = run("diff", "2026.1", "2027.0-draft")
    assert result.exit_code == 0
    assert "9 differences" in result.stdout
    assert "ZCF-05: “Use of offsets” is no longer asked." in result.stdout
    chinese = run("diff", ID, "sustainability/2027.0-draft", "--language", "zh").stdout
    assert "不再询问“碳抵消使用方式”" in chinese and "no longer" not in chinese
    assert "do not differ" in run("diff", "2026.1", ID).stdout
    assert run("diff", "2026.1", "1999").exit_code == 2
