"""Files of answers from another portal: what is sound comes in whole, everything else is refused with a clear word."""

from __future__ import annotations

import json

import pytest

from portal.core.errors import Invalid
from portal.files.answers_package import MOST_BYTES, read_answers_package
from portal.language import LOCALES
from portal.language.sentences import sentence

GOOD = {
    "schema": "upstream-answers/1",
    "questionnaire": "sustainability/2026.1",
    "roles": ["manufacturing"],
    "short": False,
    "about": {"supplier": {"name": "  Bright   Lake "}, "round": "Round 2025"},
    "answers": {
        "GOV-01": ["glass"],
        "GOV-02": "senior_executive",
        "NRG-02": "28.5",
        "GOV-05": 0,
        "CDS-03": [{"year": "2025", "scope2_location_based": "1200.5"}],
    },
    "unconfirmed": ["GOV-02"],
    "sites": [],
    "evidence": {"GOV-02": [{"name": "x.pdf"}]},
}


def read(content: object, name: str = "answers.json"):  # type: ignore[no-untyped-def]
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read_answers_package(data, name)


def codes(content: object) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read(content)
    for locale in LOCALES:
        for problem in caught.value.problems:
            assert sentence(locale, problem)
    return [problem.code for problem in caught.value.problems]


def test_a_sound_file_comes_in_whole_without_what_nobody_confirmed() -> None:
    found = read(GOOD)
    assert (found.questionnaire, found.roles, found.short) == (
        "sustainability/2026.1",
        ("manufacturing",),
        False,
    )
    assert (found.supplier, found.round) == ("Bright Lake", "Round 2025")
    assert found.answers == {
        "GOV-01": ["glass"], "NRG-02": "28.5", "GOV-05": "0",
        "CDS-03": [{"year": "2025", "scope2_location_based": "1200.5"}],
    }  # fmt: skip


def test_sites_come_in_with_their_own_answers() -> None:
    sites = [
        {
            "name": " Anhui  works ", "output": "18500", "unit": "t",
            "answers": {"WST-02": "yes", "HRT-01": "public", "EMW-01": 20}, "inherited": ["HRT-01"],
        },
        {"name": "Baoding", "output": None, "unit": "", "answers": {"WST-02": "no"}},
    ]  # fmt: skip
    found = read(changed(sites=sites, group={"HRT-01": "public"}, unconfirmed=["EMW-01"]))
    first, second = found.sites
    assert (first.name, first.output, first.unit, first.answers) == (
        "Anhui works", "18500", "t", {"WST-02": "yes"},
    )  # fmt: skip
    assert (second.name, second.output, second.answers) == ("Baoding", "", {"WST-02": "no"})
    assert found.group == {"HRT-01": "public"} and found.rolled == {"WST-02", "HRT-01"}


def changed(**parts: object) -> dict[str, object]:
    return {**GOOD, **parts}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ["upload_empty"]),
        (b"not json at all {", ["json_broken"]),
        (b"\xff\xfe{}", ["json_not_utf8"]),
        (b"[1, 2]", ["package_not_answers"]),
        (b'"text"', ["package_not_answers"]),
        (b"{}", ["package_not_answers"]),
        (b'{"schema": "upstream-answers/1"}', ["package_not_answers"]),
        (b'{"schema": "a", "schema": "b"}', ["json_key_twice"]),
        (b'{"schema": "upstream-answers/1", "answers": {"GOV-05": NaN}}', ["json_not_a_number"]),
        (b"[" * 50_000 + b"]" * 50_000, ["json_too_deep"]),
        (b'{"answers": [' + b"1," * 70_000 + b"1]}", ["json_too_many_values"]),
        (changed(schema="upstream-answers/2"), ["package_schema_unknown"]),
        (changed(schema=1), ["package_schema_unknown"]),
        (changed(questionnaire="sustainability/1999.1"), ["package_questionnaire_unknown"]),
        (changed(questionnaire="../../etc"), ["package_questionnaire_unknown"]),
        (changed(questionnaire=None), ["package_questionnaire_unknown"]),
        (changed(roles="manufacturing"), ["package_part_form"]),
        (changed(roles=["driving"]), ["role_unknown"]),
        (changed(answers=[]), ["package_part_form"]),
        (changed(about="x"), ["package_part_form"]),
        (changed(short="yes"), ["package_part_form"]),
        (changed(extra=1), ["answers_key_unknown"]),
        (changed(sites={}), ["package_part_form"]),
        (changed(group=[]), ["package_part_form"]),
        (changed(sites=[1]), ["package_part_form"]),
        (changed(sites=[{"name": " ", "answers": {}}]), ["package_part_form"]),
        (changed(sites=[{"name": "x" * 121, "answers": {}}]), ["package_part_form"]),
        (changed(sites=[{"name": "A\u0000", "answers": {}}]), ["json_text_unsound"]),
        (changed(sites=[{"name": "A"}]), ["package_part_form"]),
        (changed(sites=[{"name": "A", "answers": {}, "inherited": [1]}]), ["package_part_form"]),
        (changed(sites=[{"name": "A", "answers": {}, "output": True}]), ["package_part_form"]),
        (changed(sites=[{"name": "A", "answers": {}, "output": "-1"}]), ["package_part_form"]),
        (changed(sites=[{"name": "A", "answers": {}, "output": "1,5"}]), ["ambiguous_number"]),
        (changed(sites=[{"name": "A", "answers": {}, "unit": "t" * 21}]), ["package_part_form"]),
        (changed(sites=[{"name": "A", "answers": {}, "code": "A1"}]), ["answers_key_unknown"]),
        (changed(sites=[{"name": "A", "answers": {}}, {"name": " a ", "answers": {}}]), ["package_site_again"]),
        (changed(sites=[{"name": str(n), "answers": {}} for n in range(51)]), ["package_sites_many"]),
        (changed(sites=[{"name": "A", "answers": {"GOV-01": ["glass"]}}]), ["package_not_at_sites"]),
        (changed(sites=[{"name": "A", "answers": {"WST-02": "perhaps"}}]), ["option_unknown"]),
        (changed(sites=[{"name": "A", "answers": {"ZZZ-99": "1"}}]), ["indicator_unknown"]),
        (changed(group={"GOV-01": ["glass"]}), ["package_not_at_sites"]),
        (changed(answers={"XXX-99": "1"}), ["indicator_unknown"]),
        (changed(answers={"GOV-02": "nonsense"}), ["option_unknown"]),
    ],
)  # fmt: skip
def test_every_other_file_is_refused_with_its_reason(content: object, expected: list[str]) -> None:
    assert codes(content) == expected


@pytest.mark.parametrize(
    "value", ["1,5", "1e999999", "9" * 40, True, [], {}, ["1"], {"a": {"b": {}}}, "x" * 19_000]
)
def test_no_value_crashes_the_reader(value: object) -> None:
    for code in ("GOV-05", "NRG-02", "GOV-01", "CDS-03"):
        try:
            found = read(changed(answers={code: value}))
        except Invalid as invalid:
            assert invalid.problems
        else:
            assert value in ([], {}) or found.answers


def test_numbers_keep_their_digits_and_a_giant_exponent_is_refused() -> None:
    text = json.dumps(GOOD).replace('"28.5"', "28.50")
    assert read(text.encode()).answers["NRG-02"] in ("28.50", "28.5")
    assert codes(json.dumps(GOOD).replace('"28.5"', "1e99999999999").encode())


def test_a_file_beyond_its_size_is_refused() -> None:
    assert codes(b" " * (MOST_BYTES + 1))
