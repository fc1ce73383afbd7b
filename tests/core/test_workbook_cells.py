"""Answers as cells and back, before any file: for whatever anybody typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.questionnaire.kinds import read
from portal.core.questionnaire.model import Indicator, indicators_of
from portal.core.workbook.cells import Cells, Entry, entries_of, placed, taken_of
from portal.core.workbook.identity import Identity, identity_rows, mismatch, read_identity
from portal.core.workbook.words import option_key, option_words, unit_key, unit_words
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import Given, same_given
from tests.make.answers_typed import raw_answers
from tests.make.examples import examples

INDICATORS = list(indicators_of(find_questionnaire("sustainability/2026.1")))
OF_KIND = {indicator.kind: indicator for indicator in INDICATORS}


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize("kind", sorted(OF_KIND))
@settings(max_examples=examples(60), deadline=None)
@given(data=st.data())
def test_what_is_written_into_cells_is_read_from_them(kind: str, locale: str, data: st.DataObject) -> None:
    indicator = data.draw(st.sampled_from([i for i in INDICATORS if i.kind == kind]))
    raw, unit = data.draw(raw_answers(indicator))
    taken = taken_of(indicator, entries_of(indicator, raw, unit, locale))
    assert taken.problems == ()
    assert same_given(indicator, Given(taken.raw, taken.unit, 0), raw, unit), (taken, raw, unit)


def test_options_and_units_are_known_by_their_words_in_both_languages_and_by_key() -> None:
    for indicator in INDICATORS:
        for locale in ("en", "zh"):
            words = option_words(indicator, locale)
            assert {option_key(indicator, f" {text.upper()} ") for text in words.values()} == set(words)
            assert [unit_key(indicator, text) for text in unit_words(indicator, locale).values()] == list(
                unit_words(indicator, locale)
            )
        assert all(option_key(indicator, o.key) == o.key for o in indicator.options)


def test_options_with_the_same_words_are_told_apart_by_key() -> None:
    single = OF_KIND["single"]
    twins = tuple(replace(option, label=single.options[0].label) for option in single.options)
    indicator = replace(single, options=twins)
    words = option_words(indicator, "en")
    assert len(set(words.values())) == len(twins)
    assert [option_key(indicator, text) for text in words.values()] == [o.key for o in twins]


def problems(indicator: Indicator, found: Mapping[str, list[Cells]]) -> list[tuple[str, str]]:
    taken = taken_of(indicator, found)
    wrong = taken.problems or tuple(placed(p, taken) for p in read(indicator, taken.raw, taken.unit).problems)
    return [(p.code, p.where) for p in wrong]


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("number", Entry("3", "formula", "OHS!E9"), "cell_formula"),
        ("number", Entry("#REF!", "error", "OHS!E9"), "cell_error"),
        ("number", Entry("2026-03-05", "date", "OHS!E9"), "cell_became_date"),
        ("number", Entry("1200", "scaled", "OHS!E9"), "cell_scaled"),
        ("number", Entry("12:00:00", "time", "OHS!E9"), "cell_is_time"),
        ("number", Entry("1,234", "text", "OHS!E9"), "ambiguous_number"),
        ("number", Entry("1.234,5", "text", "OHS!E9"), "ambiguous_number"),
        ("number", Entry("45%", "percent", "OHS!E9"), "number_expected"),
        ("date", Entry("46082", "number", "OHS!E9"), "workbook_day_as_number"),
        ("date", Entry("3/4/2026", "text", "OHS!E9"), "date_expected"),
        ("single", Entry("rather yes", "text", "OHS!E9"), "workbook_option_unknown"),
        ("single", Entry("x", "formula", "OHS!E9"), "cell_formula"),
        ("text", Entry("2026-03-05", "date", "OHS!E9"), "cell_became_date"),
    ],
)
def test_cells_that_cannot_be_taken_at_their_word_are_told_with_their_place(
    kind: str, cell: Entry, code: str
) -> None:
    indicator = OF_KIND[kind]
    assert problems(indicator, {indicator.code: [{0: cell}]}) == [(code, "OHS!E9")]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", Entry("１２３", "text"), "123"),
        ("number", Entry("1 234.5", "text"), "1234.5"),
        ("percentage", Entry("45%", "percent"), "45"),
        ("date", Entry("2026-03-01", "date"), "2026-03-01"),
        ("date", Entry("2026-03-01 00:00:00", "datetime"), "2026-03-01"),
        ("date", Entry("2026年3月1日", "text"), "2026-03-01"),
        ("text", Entry("2025", "number"), "2025"),
        ("yes_no", Entry("true", "boolean"), "yes"),
        ("yes_no", Entry("否", "text"), "no"),
    ],
)
def test_cells_are_read_as_the_form_reads_them(kind: str, cell: Entry, value: str) -> None:
    indicator = next(i for i in INDICATORS if i.kind == kind and not i.whole and i.maximum != 168)
    taken = taken_of(indicator, {indicator.code: [{0: cell}]})
    assert not taken.problems
    assert str(read(indicator, taken.raw, taken.unit).value) == value


def test_marks_of_a_multiple_choice() -> None:
    indicator = OF_KIND["multiple"]
    code, keys = indicator.code, [o.key for o in indicator.options]

    def cells(**marks: str) -> dict[str, list[Cells]]:
        return {
            (f"{code}/option/{key}" if key in keys else f"{code}/none"): [{0: Entry(mark, "text", key)}]
            for key, mark in marks.items()
        }

    assert taken_of(indicator, cells(**{keys[0]: "是", keys[1]: "✓", keys[2]: "no"})).raw == keys[:2]
    assert taken_of(indicator, cells(none="Yes")).raw == []
    assert taken_of(indicator, cells(**dict.fromkeys(keys, "No"))).raw == []
    assert taken_of(indicator, cells(**{keys[0]: "No"})).raw is None
    assert problems(indicator, cells(none="yes", **{keys[0]: "yes"})) == [("workbook_none_and_some", "none")]
    assert problems(indicator, cells(**{keys[0]: "often"})) == [("workbook_mark_unknown", keys[0])]


def test_rows_of_a_table_name_their_cells() -> None:
    indicator = next(i for i in INDICATORS if i.code == "NRG-03")
    rows: list[Cells] = [
        {0: Entry("Grid", "text", "NRG!E9"), 1: Entry("1,234", "text", "NRG!F9")},
        {},
        {
            1: Entry("12", "number", "NRG!F11"),
            3: Entry("2025", "number", "NRG!H11"),
            4: Entry("是", "text", "NRG!I11"),
        },
    ]
    assert problems(indicator, {"NRG-03/row": rows}) == [("ambiguous_number", "NRG!F9")]
    assert taken_of(indicator, {"NRG-03/row": rows[1:]}).raw == [
        {"mwh": "12", "generation_year": "2025", "retired": "yes"}
    ]


HERE = Identity(
    "S-1", "Round", "7", "2026-01-01T00:00:00+00:00", "q/1", "en", "2026-02-01T00:00:00+00:00", {"A-1": "2"}
)


def test_an_identity_is_read_as_written_and_any_change_is_noticed() -> None:
    rows = identity_rows(HERE)
    assert read_identity(rows, "f") == HERE
    for at in range(len(rows)):
        bent = [(n, t + "1" if i == at else t) for i, (n, t) in enumerate(rows)]
        assert not isinstance(read_identity(bent, "f"), Identity)
        assert not isinstance(read_identity(rows[:at] + rows[at + 1 :], "f"), Identity)
    assert not isinstance(read_identity([*rows, ("B-2", "0")], "f"), Identity)
    assert not isinstance(read_identity([*rows, rows[-1]], "f"), Identity)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"company": "S-2"}, "workbook_other_company"),
        ({"round": "Other"}, "workbook_other_round"),
        ({"questionnaire": "q/2"}, "workbook_other_version"),
        ({"assessment": "8"}, "workbook_other_assessment"),
        ({"asked_at": "2025-01-01T00:00:00+00:00"}, "workbook_other_assessment"),
    ],
)
def test_a_workbook_of_elsewhere_is_refused_with_the_reason(other: dict[str, str], code: str) -> None:
    assert mismatch(HERE, HERE, "f") is None
    found = mismatch(replace(HERE, **other), HERE, "f")  # type: ignore[arg-type]
    assert found is not None and found.code == code
