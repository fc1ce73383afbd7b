"""The compiler on register.yaml: every problem with file, line and key, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portal.core.questionnaire.facts import FACTS, OWN_BUSINESS, ROWS
from portal.files.questionnaires import check_folder, find_questionnaire
from portal.language.sentences import sentence
from portal.settings import shipped

FOLDER = shipped("questionnaires") / "sustainability" / "2026.1"
TEXT = '{en: "says so", zh: "如此"}'
ROW = "indicator: NRG-03, page: electricity, take: register.renewable_rows"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "sustainability" / "2026.1"))


# What is wrong, the key it is told at, and the entry (without its text).
WRONG = [
    ("hint_code_unknown", "indicator", "indicator: NRG-99, page: electricity, take: register.electricity"),
    ("hint_fact_unknown", "take", "indicator: NRG-01, page: electricity, take: register.rainfall"),
    ("register_kind_unfit", "take", "indicator: NRG-01, page: electricity, take: register.inventory_verified"),
    ("register_kind_unfit", "take", "indicator: NRG-01, page: electricity, take: register.intensity"),
    ("register_kind_unfit", "take", "indicator: NRG-01, page: electricity, take: register.renewable_rows"),
    ("register_kind_unfit", "take", "indicator: GOV-02, page: electricity, take: register.electricity"),
    ("register_unit_differs", "take", "indicator: NRG-01, page: electricity, take: register.scope1"),
    ("register_unit_differs", "take", "indicator: NRG-02, page: electricity, take: register.footprints"),
    ("word_unknown", "page", "indicator: NRG-01, page: garden, take: register.electricity"),
    ("hint_rule_expected", "when", "indicator: NRG-01, page: electricity, take: register.electricity, when: 'NRG-02 >'"),
    ("hint_fact_unknown", "when", "indicator: NRG-01, page: electricity, when: 'register.rainfall > 3'"),
    ("hint_wrong_kind", "when", "indicator: NRG-01, page: electricity, when: 'register.intensity > 3'"),
    ("key_unknown", "sort", "indicator: NRG-01, page: electricity, take: register.electricity, sort: 1"),
    ("register_columns_missing", "take", ROW),
    ("hint_column_unknown", "columns.rain", f"{ROW}, columns: {{rain: mwh}}"),
    ("register_field_unknown", "columns.mwh", f"{ROW}, columns: {{mwh: rain}}"),
    ("register_kind_unfit", "columns.retired", f"{ROW}, columns: {{retired: mwh}}"),
    ("register_words_differ", "columns.source_type", f"{ROW}, columns: {{source_type: source}}"),
    ("register_words_differ", "columns.mwh", f"{ROW}, columns: {{mwh: {{field: mwh, words: {{a: b}}}}}}"),
    ("register_same_row_unfilled", "same_row[0]", f"{ROW}, columns: {{mwh: mwh}}, same_row: [retired]"),
    ("register_not_per_site", "for", "indicator: CDS-02, for: site, page: inventories"),
    ("register_sites_told", "take", "indicator: NRG-01, for: sites, page: electricity, take: register.electricity"),
    ("register_take_of_company", "take", "indicator: NRG-01, for: site, page: electricity, take: register.electricity"),
    ("register_site_unknown_here", "take", "indicator: NRG-01, page: electricity, take: site.electricity"),
    ("register_site_unknown_here", "when", "indicator: NRG-01, for: sites, page: electricity, when: 'site.electricity > 0 MWh'"),
    ("register_site_unknown_here", "when", "indicator: NRG-01, page: electricity, when: 'sites.left_out > 0'"),
    ("word_unknown", "for", "indicator: NRG-01, for: everybody, page: electricity, take: register.electricity"),
    ("register_nothing_taken", "columns", "indicator: NRG-03, page: electricity, columns: {mwh: mwh}, when: 'register.electricity > 0 MWh'"),
]  # fmt: skip


def problems_of(folder: Path, *entries: str) -> list[tuple[str, str]]:
    lines = "".join(f"  - {{{entry}}}\n" for entry in entries)
    (folder / "register.yaml").write_text("register:\n" + lines, encoding="utf-8")
    found = check_folder(folder)
    assert all(sentence(locale, problem) for locale in ("en", "zh") for problem in found)
    return [(problem.code, problem.where) for problem in found]


def test_every_wrong_entry_is_told_at_its_line_and_key(copy: Path) -> None:
    found = problems_of(copy, *(f"{entry}, text: {TEXT}" for _, _, entry in WRONG))
    expected = [
        (code, f"register.yaml:{2 + n} register[{n}].{key}") for n, (code, key, _) in enumerate(WRONG)
    ]
    assert [one for one in found if one[0] != "register_word_not_offered"] == sorted(
        expected, key=lambda one: [w for _, w in found].index(one[1])
    )
    assert ("register_word_not_offered", "register.yaml:20 register[18].columns.mwh") not in found


def test_words_must_be_among_those_the_column_offers(copy: Path) -> None:
    keys = ROWS["register.renewable_rows"]["source"].keys
    words = ", ".join(f"{key}: {'tulips' if key == 'go' else 'GO'}" for key in keys)
    entry = f"{ROW}, columns: {{source_type: {{field: source, words: {{{words}}}}}}}, text: {TEXT}"
    where = "register.yaml:2 register[0].columns.source_type"
    assert problems_of(copy, entry) == [("register_word_not_offered", where)]


def test_texts_name_known_figures_in_both_languages_and_nothing_stands_behind_what_always_speaks(
    copy: Path,
) -> None:
    unknown = 'text: {en: "{register.rainfall} says so", zh: "{register.rainfall} 如此"}'
    uneven = 'text: {en: "{register.electricity} says so", zh: "如此"}'
    start = "indicator: NRG-01, page: electricity"
    found = problems_of(copy, f"{start}, {unknown}", f"{start}, {uneven}")
    assert sorted(found) == [
        ("hint_figure_unknown", "register.yaml:2 register[0].text.en"),
        ("hint_figure_unknown", "register.yaml:2 register[0].text.zh"),
        ("hint_figures_differ", "register.yaml:3 register[1].text"),
        ("register_never_reached", "register.yaml:3 register[1].indicator"),
    ]


def test_the_shipped_version_says_what_the_register_knows_of_the_nine() -> None:
    register = find_questionnaire("sustainability/2026.1").register
    assert {entry.indicator for entry in register} == {
        *("CDS-02", "CDS-03", "CDS-08", "PCF-01", "PCF-02", "PCF-05", "NRG-01", "NRG-02", "NRG-03")
    }
    assert {e.indicator for e in register if e.take in OWN_BUSINESS} == {"CDS-08", "PCF-01"}
    assert all(entry.take in {*FACTS, *ROWS, ""} for entry in register)
