"""A version made by inheritance: only what differs is written; each mistake planted in a copy is found with the file,
line and key where it is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portal.core.questionnaire.model import find_indicator, indicator, indicators_of
from portal.files.questionnaires import check_folder, check_published, find_questionnaire, load_questionnaire
from portal.language.sentences import sentence
from portal.settings import shipped

NEWER = "2027.0-draft"
OHS = "topics/06-OHS.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped("questionnaires"), tmp_path / "questionnaires")) / "sustainability"


def change(path: Path, old: str, new: str) -> int:
    """Replace the first `old` by `new`; the line it stands in."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def found(root: Path, version: str = NEWER) -> list[tuple[str, str]]:
    problems = check_folder(root / version)
    for problem in problems:
        assert sentence("en", problem) and sentence("zh", problem)
    return [(p.code, p.where) for p in problems]


def test_the_draft_holds_only_what_differs_and_is_sound() -> None:
    folder = shipped("questionnaires") / "sustainability"
    assert check_folder(folder / NEWER) == []
    check_published()
    older, newer = load_questionnaire(folder / "2026.1"), load_questionnaire(folder / NEWER)
    assert (newer.name, newer.version, newer.status) == ("sustainability", NEWER, "draft")
    before = {i.code: i for i in indicators_of(older)}
    now = {i.code: i for i in indicators_of(newer)}
    assert set(before) - set(now) == {"OHS-07", "ZCF-05"}
    assert set(now) - set(before) == {"OHS-08", "OHS-09"}
    changed = {code for code in now if code in before and now[code] != before[code]}
    assert changed == {"GOV-06", "INF-02", "NRG-02", "NRG-05"}
    assert [o.key for o in now["INF-02"].options][-1] == "rules_for_ai_tools"
    assert len(now["INF-02"].options) == len(before["INF-02"].options) + 1
    assert now["NRG-05"].options == before["NRG-05"].options
    assert newer.hints == older.hints and now["OHS-08"].effort == "weeks"
    assert sum(t.weight for t in newer.topics) == 100
    size = sum(path.stat().st_size for path in (folder / NEWER).rglob("*.yaml"))
    assert size < sum(path.stat().st_size for path in (folder / "2026.1").rglob("*.yaml")) / 20


def test_places_and_takes_out(root: Path) -> None:
    path = root / NEWER / "topics" / "03-INF.yaml"
    change(path, '        points: "0.2"', '        after: policy\n        points: "0.2"')
    change(path, "  - code: INF-02\n", "  - code: INF-02\n    without: [standards]\n    standards: []\n")
    newer = load_questionnaire(root / NEWER)
    inf = indicator(newer, "INF-02")
    assert [o.key for o in inf.options] == ["policy", "rules_for_ai_tools", "named_owner", "breach_procedure"]
    assert inf.standards == ()


def test_a_mistake_is_told_where_it_is_written(root: Path) -> None:
    own = change(root / NEWER / "topics/15-NRG.yaml", 'points: "0.8"', 'points: "1.8"')
    assert found(root) == [("points_out_of_range", f"topics/15-NRG.yaml:{own} indicators[0].bands[1].points")]
    # the same key stands in the second of eight indicators below, yet its own place is named


def test_a_new_indicator_needs_all_its_keys(root: Path) -> None:
    own = change(root / NEWER / OHS, "    minutes: 2\n", "")
    assert [code for code, _ in found(root)] == ["key_missing"]
    assert found(root)[0][1].startswith(f"{OHS}:")
    assert own > 0


def test_a_hint_that_names_a_retired_indicator_is_told(root: Path) -> None:
    line = change(
        root / "2026.1" / "hints.yaml", "    indicators: [SCM-02, TRC-01]", "    indicators: [SCM-02, ZCF-05]"
    )
    assert found(root, "2026.1") == []
    problems = found(root)
    assert [code for code, _ in problems] == ["hint_code_unknown"]
    assert problems[0][1].startswith(f"../2026.1/hints.yaml:{line} hints[")


def test_a_condition_on_a_retired_indicator_is_told(root: Path) -> None:
    change(
        root / NEWER / "topics/16-ZCF.yaml",
        "  - code: ZCF-05\n    retire: true\n",
        "  - code: ZCF-05\n    retire: true\n  - code: ZCF-04\n    depends_on:\n      indicator: ZCF-05\n"
        "      any_of: [no_offsets]\n",
    )
    assert [code for code, _ in found(root)] == ["condition_indicator_unknown"]


def test_effort_of_a_retired_indicator_goes_unless_it_is_written_here(root: Path) -> None:
    line = change(root / NEWER / "effort.yaml", "  OHS-08: weeks\n", "  OHS-08: weeks\n  ZCF-05: weeks\n") + 1
    assert found(root) == [("effort_code_unknown", f"effort.yaml:{line} effort.ZCF-05")]
    change(root / NEWER / "effort.yaml", "  ZCF-05: weeks\n", "")
    change(root / NEWER / "effort.yaml", "  OHS-08: weeks\n", "")
    assert [code for code, _ in found(root)] == ["effort_missing"]


def test_mistakes_of_writing_changes_are_all_found_at_once(root: Path) -> None:
    change(root / NEWER / OHS, "retire: true", "retire: true\n    weight: 2")
    change(root / NEWER / OHS, "- code: OHS-09\n", "- code: OHS-09\n    after: OHS-99\n")
    change(root / NEWER / "topics/16-ZCF.yaml", "- code: ZCF-05\n", "- code: ZCF-55\n")
    nrg = root / NEWER / "topics/15-NRG.yaml"
    change(nrg, "- code: NRG-05\n", "- number: 86\n")
    change(nrg, "- code: NRG-02\n", "- code: NRG-02\n    without: [gating]\n")
    change(root / NEWER / "carry.yaml", 'from: "2026.1"', 'from: "2025.1"')
    change(root / NEWER / "carry.yaml", "{renamed_from: OHS-07}", "maybe")
    problems = dict(found(root))
    assert {code: where.split(":")[0] for code, where in problems.items()} == {
        "retire_with_more": OHS,
        "after_unknown": OHS,
        "retire_unknown": "topics/16-ZCF.yaml",
        "key_missing": "topics/15-NRG.yaml",
        "without_unknown": "topics/15-NRG.yaml",
        "carry_from_other": "carry.yaml",
        "word_unknown": "carry.yaml",
    }


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('inherits: "2026.1"', 'inherits: "2025.9"', "inherits_unknown"),
        ('inherits: "2026.1"', 'inherits: "../other"', "inherits_unknown"),
        ('inherits: "2026.1"', f'inherits: "{NEWER}"', "inherits_circle"),
        ("status: draft\n", "", "key_missing"),
    ],
)
def test_a_version_says_what_it_is_and_what_it_inherits(root: Path, old: str, new: str, code: str) -> None:
    change(root / NEWER / "questionnaire.yaml", old, new)
    problems = found(root)
    assert code in [one for one, _ in problems]
    assert all(where.startswith("questionnaire.yaml:") for one, where in problems if one == code)


def test_what_carry_rules_leave_open_is_told_with_file_line_and_key(root: Path) -> None:
    path = root / NEWER / "carry.yaml"
    line = change(path, "  ZCF-05: dropped\n", "  ZCF-15: dropped\n")
    assert found(root) == [
        ("carry_code_unknown", f"carry.yaml:{line} carry.ZCF-15"),
        ("carry_older_unaccounted", f"carry.yaml:{line - 3} carry"),
    ]


def test_without_carry_rules_no_version_inherits(root: Path) -> None:
    (root / NEWER / "carry.yaml").rename(root / "2026.1" / "carry.yaml")
    assert [code for code, _ in found(root, "2026.1")] == ["carry_not_inherited"]
    assert [code for code, _ in found(root)] == ["carry_file_missing", "inherited_unsound"]


def test_problems_below_are_told_once_and_below(root: Path) -> None:
    change(root / "2026.1" / "topics/01-GOV.yaml", "weight: 4", "weight: 0")
    assert [code for code, _ in found(root, "2026.1")] == ["weight_not_positive"]
    assert [code for code, _ in found(root)] == ["inherited_unsound"]


def test_a_published_version_inherits_from_no_draft(root: Path) -> None:
    change(root / "2026.1" / "questionnaire.yaml", "status: published", "status: draft")
    change(root / NEWER / "questionnaire.yaml", "status: draft", "status: published")
    assert found(root) == [("inherits_draft", "questionnaire.yaml:4 inherits")]


def test_two_steps_of_inheritance(root: Path) -> None:
    third = root / "2028.0"
    third.mkdir()
    (third / "questionnaire.yaml").write_text(
        f'version: "2028.0"\nstatus: draft\ninherits: "{NEWER}"\n', "utf-8"
    )
    (third / "carry.yaml").write_text(f'from: "{NEWER}"\nothers: same\ncarry: {{}}\n', "utf-8")
    assert found(root, "2028.0") == []
    grand = load_questionnaire(third)
    assert [i.code for i in indicators_of(grand)] == [
        i.code for i in indicators_of(find_questionnaire(f"sustainability/{NEWER}"))
    ]
    assert find_indicator(grand, "ZCF-05") is None
