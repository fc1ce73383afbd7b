"""The differences between two versions: nothing unsaid, nothing invented."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.core.questionnaire.diff import differences, differences_of
from portal.core.questionnaire.model import CarryRule, Hint, Indicator, Text
from portal.files.questionnaires import find_questionnaire
from portal.language.version_words import difference_sentence
from tests.core.questionnaire.small import bands, column, indicator, options, questionnaire, topic, when

NEW = Text("Something else", "另一句话")
OLDER = questionnaire(
    topic(
        "AAA", indicator("AAA-01"), indicator("AAA-02", "number", rule="bands", bands=bands(">=5:1;else:0"))
    ),
)


def codes(old: Indicator, new: Indicator) -> list[str]:
    found = differences(questionnaire(topic("AAA", old)), questionnaire(topic("AAA", new)))
    for one in found:
        for locale in ("en", "zh"):
            words = difference_sentence(locale, one)
            assert words and "{" not in words and "Text(" not in words
    return [d.code for d in found]


def test_the_same_version_does_not_differ() -> None:
    assert differences(OLDER, OLDER) == ()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"question": NEW}, "diff_question"),
        ({"subject": NEW}, "diff_subject"),
        ({"help": NEW}, "diff_help"),
        ({"hint": NEW}, "diff_advice"),
        ({"evidence_help": NEW}, "diff_evidence_help"),
        ({"nature": "policy"}, "diff_nature"),
        ({"weight": 3}, "diff_weight"),
        ({"evidence": "required"}, "diff_evidence"),
        ({"minutes": 9}, "diff_minutes"),
        ({"effort": "weeks"}, "diff_effort"),
        ({"standards": ("GRI 2",)}, "diff_standards"),
        ({"applies_to": frozenset({"minerals"})}, "diff_applies_to"),
        ({"depends_on": when("AAA-00", "yes")}, "diff_depends_on"),
        ({"gating": True}, "diff_gating_now"),
        ({"options": options("none:0;all:1;some:0.5")}, "diff_option_new"),
        ({"options": options("none:0.1;all:1")}, "diff_option_points"),
    ],
)
def test_each_part_of_an_indicator_is_told_alone(given: dict[str, object], code: str) -> None:
    assert codes(indicator("AAA-01"), indicator("AAA-01", **given)) == [code]


def test_numbers_tables_and_back() -> None:
    number = indicator("AAA-01", "number", rule="bands", bands=bands(">=5:1;else:0"))
    assert codes(number, replace(number, bands=bands(">=7:1;else:0"))) == ["diff_bands"]
    assert codes(number, replace(number, unit="t", units=("kg",))) == ["diff_unit", "diff_units"]
    assert codes(number, replace(number, maximum=Decimal(9))) == ["diff_limits"]
    table = indicator("AAA-01", "table", columns=(column("a", "0.5"), column("b", "0.5")))
    other = replace(table, columns=(column("a", "0.4"), column("c", "0.6")))
    assert codes(table, other) == ["diff_column_changed", "diff_column_new", "diff_column_gone"]
    assert codes(indicator("AAA-01", gating=True), indicator("AAA-01")) == ["diff_gating_no_more"]
    assert codes(
        indicator("AAA-01", options=options("a:0;b:1")), indicator("AAA-01", options=options("a:0;c:1"))
    ) == [
        "diff_option_new",
        "diff_option_gone",
    ]


def test_topics_grades_and_hints() -> None:
    newer = replace(
        questionnaire(
            replace(OLDER.topics[0], weight=60, name=NEW), topic("BBB", indicator("BBB-01"), weight=40)
        ),
        title=NEW,
        grades=OLDER.grades[:3],
        red_flag_grade="C",
        hints=(Hint("odd", "a", None, (), NEW),),  # type: ignore[arg-type]
    )
    told = [d.code for d in differences(OLDER, newer)]
    assert told == [
        "diff_title",
        "diff_grades",
        "diff_red_flag_grade",
        "diff_topic_weight",
        "diff_topic_name",
        "diff_topic_new",
        "diff_new",
        "diff_hint_new",
    ]
    back = [d.code for d in differences(newer, OLDER)]
    assert {"diff_topic_gone", "diff_retired", "diff_hint_gone"} <= set(back)
    changed = replace(newer, hints=(replace(newer.hints[0], when="b"),))
    assert [d.code for d in differences(newer, changed)] == ["diff_hint_rule"]


def test_what_follows_a_retired_indicator_is_named() -> None:
    newer = replace(
        questionnaire(
            topic(
                "AAA",
                indicator("AAA-02", "number", rule="bands", bands=bands(">=5:1;else:0")),
                indicator("AAA-03"),
            )
        ),
        carry=(CarryRule("AAA-03", "renamed_from", "AAA-01"),),
    )
    found = differences(OLDER, newer)
    assert [(d.code, d.indicator) for d in found] == [
        ("diff_new_from", "AAA-03"),
        ("diff_followed", "AAA-01"),
    ]
    assert "AAA-03" in difference_sentence("zh", found[1])
    assert differences_of(found, "AAA-03") == (found[0],)


def test_the_shipped_draft_in_both_languages() -> None:
    found = differences(
        find_questionnaire("sustainability/2026.1"), find_questionnaire("sustainability/2027.0-draft")
    )
    assert {(d.indicator, d.code) for d in found} == {
        ("GOV-06", "diff_question"),
        ("GOV-06", "diff_help"),
        ("INF-02", "diff_option_new"),
        ("OHS-07", "diff_followed"),
        ("OHS-08", "diff_new_from"),
        ("OHS-09", "diff_new_from"),
        ("NRG-02", "diff_bands"),
        ("NRG-05", "diff_question"),
        ("ZCF-05", "diff_retired"),
    }
    bands_changed = next(d for d in found if d.code == "diff_bands")
    assert "≥ 80" in difference_sentence("en", bands_changed) and "其余" in difference_sentence(
        "zh", bands_changed
    )
