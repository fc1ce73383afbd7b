"""`upstream score`: the JSON forms of the file formats, exactly; every problem named, nothing half printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.main import commands

ID = "sustainability/2026.1"
ANSWERS: dict[str, object] = {
    "GOV-01": ["cell", "glass"],
    "GOV-02": "senior_executive",
    "GOV-05": 0,
    "NRG-02": "28.5",
    "ETH-05": [],
    "HRT-02": "occurs",
    "INF-04": "free text",
    "CDS-01": "scope1_2_3",
    "CDS-03": [
        {
            "year": "2025",
            "scope2_location_based": "1200.5",
            "scope2_market_based": "",
            "grid_factor_source": "MEE",
        },
        {"year": 2024, "scope2_location_based": 1100.25},
        {},
    ],
}


def run(content: object, *options: str, asked: str = ID) -> Result:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    arguments = ["score", "-", *(["--questionnaire", asked] if asked else []), *options]
    return CliRunner().invoke(commands, arguments, input=data)


def test_a_score_is_printed_in_the_documented_form() -> None:
    result = run({"roles": ["manufacturing"], "answers": ANSWERS})
    assert result.exit_code == 0
    assert result.stderr == ""
    printed = json.loads(result.stdout)
    keys = [
        "questionnaire",
        "method",
        "total",
        "grade",
        "capped_by_red_flag",
        "red_flags",
        "topics",
        "indicators",
    ]
    assert list(printed) == keys
    assert printed["questionnaire"] == ID
    assert printed["method"] == "upstream-score/1"
    assert (printed["grade"], printed["capped_by_red_flag"], printed["red_flags"]) == ("D", False, ["HRT-02"])
    assert len(printed["topics"]) == 18
    # (4 × 0.7 + 3 × 1) / 16 = 0.3625
    assert printed["topics"]["GOV"] == {"score": "36.25", "weight": 5, "open": True}
    lines = printed["indicators"]
    assert len(lines) == 105
    for line in lines.values():
        assert list(line) == ["state", "points", "weight", "reason"]
    said = {code: (lines[code]["state"], lines[code]["points"]) for code in lines}
    assert said["GOV-01"] == ("unscored", None)
    assert said["GOV-02"] == ("scored", "0.7")
    assert said["GOV-03"] == ("missing", "0")
    assert said["GOV-05"] == ("scored", "1")
    assert said["ETH-05"] == ("scored", "0")
    assert said["HRT-06"] == ("not_applicable", None)
    assert said["NRG-02"] == ("scored", "0.6")
    assert said["NRG-08"] == ("not_applicable", None)
    # rows: 0.6, 0.5, 0
    assert said["CDS-03"] == ("scored", "0.3666666666666666666666666667")
    assert lines["NRG-02"]["reason"] == "28.5\u00a0% reaches the band ≥ 25\u00a0%: 0.6 of 1 point."


def test_reasons_are_in_the_language_asked_for() -> None:
    result = run({"roles": ["services"], "answers": {"NRG-02": 30}}, "--language", "zh")
    reason = json.loads(result.stdout)["indicators"]["NRG-02"]["reason"]
    assert reason == "30% 落在 ≥ 25% 档：0.6 分（满分 1 分）。"


def test_topics_out_of_play_are_closed() -> None:
    printed = json.loads(run({"roles": ["services"], "answers": {}}).stdout)
    assert printed["topics"]["PCF"] == {"score": None, "weight": 9, "open": False}
    assert printed["total"] == "0.00"


def test_the_questionnaire_may_stand_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    content = {"questionnaire": ID, "roles": ["services"], "answers": {"GOV-02": "none"}}
    path.write_text("\ufeff" + json.dumps(content), encoding="utf-8")
    assert CliRunner().invoke(commands, ["score", str(path)]).exit_code == 0
    result = run({**content, "questionnaire": "sustainability/2020.1"})
    assert (result.exit_code, result.stdout) == (2, "")
    assert "sustainability/2020.1" in result.stderr


def test_every_problem_is_named_and_nothing_printed() -> None:
    answers = {
        "GOV-02": "chief",
        "GOV-05": "two",
        "GOV-1": "x",
        "ETH-01": "bribery",
        "ETH-03": -1,
        "NRG-02": 101,
        "NRG-01": "1,234",
        "ENV-04": "31/12/2026",
        "CDS-03": [{"jahr": "2025", "year": "soon"}],
        "INF-04": 5,
        "WST-02": True,
    }
    result = run({"roles": ["manufacturing", "farming"], "answers": answers, "extra": 1})
    assert (result.exit_code, result.stdout) == (2, "")
    said = result.stderr.splitlines()
    assert len(said) == 14
    for place in (*answers, "farming", "extra", "column year"):
        assert any(place in line for line in said), place


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"\xff\xfe{",
        b"{}",
        b'{"roles": ["services"]}',
        b'{"answers": {}}',
        b'{"roles": "services", "answers": {}}',
        b'{"roles": ["services"], "answers": []}',
        b'{"roles": ["services"], "answers": {"GOV-02": "none", "GOV-02": "none"}}',
        b'{"roles": ["services"], "answers": {"GOV-05": NaN}}',
        b'{"roles": ["services"], "answers": {"GOV-05": 1e999}}',
        b'{"roles": ["services"], "answers": {"GOV-05": 1e99999999999999999999}}',
        b'{"roles": ["services"], "answers": {"GOV-05": ' + b"9" * 9000 + b"}}",
        b'{"roles": ["services"], "answers": {"INF-04": "\\ud800"}}',
        b'{"roles": ["services"], "answers": {"\\ud800\\u001b[31m": 1}}',
        b'{"roles": [["services"]], "answers": {}}',
        b'{"roles": ["services"], "answers": {"GOV-02": {"a": [1]}}}',
        b"[" * 100000,
    ],
    ids=lambda content: repr(content)[:60],
)
def test_bad_input_ends_with_status_2_and_a_sentence(content: bytes) -> None:
    result = run(content)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
    assert "\x1b" not in result.stderr


def test_unknown_or_unnamed_questionnaire_and_missing_file(tmp_path: Path) -> None:
    content = {"roles": ["services"], "answers": {}}
    assert run(content, asked="sustainability/1").exit_code == 2
    assert run(content, asked="../../etc").exit_code == 2
    assert run(content, asked="").exit_code == 2
    result = CliRunner().invoke(commands, ["score", "--questionnaire", ID, str(tmp_path / "none.json")])
    assert result.exit_code == 2
    assert "none.json" in result.stderr


def test_numbers_are_never_floats() -> None:
    # 69.999999999999999 is 70 as a float, which would reach the next band
    data = b'{"roles": ["services"], "answers": {"NRG-02": 69.999999999999}}'
    assert json.loads(run(data).stdout)["indicators"]["NRG-02"]["points"] == "0.8"
    data = b'{"roles": ["services"], "answers": {"SCM-01": 33.3333333333}}'
    assert json.loads(run(data).stdout)["indicators"]["SCM-01"]["points"] == "0.333333333333"
