"""Carry rules account for every indicator of both versions and promise only what can be kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.core.questionnaire.model import CarryRule, Indicator
from portal.core.questionnaire.soundness_carry import carry_problems
from tests.core.questionnaire.small import column, indicator, options, questionnaire, topic

OLD = indicator("AAA-01")
OLDER = questionnaire(topic("AAA", OLD, indicator("AAA-02")))


def codes(
    *rules: CarryRule, now: tuple[Indicator, ...] = OLDER.topics[0].indicators, others: bool = False
) -> list[str]:
    newer = replace(questionnaire(topic("AAA", *now)), carry=rules, carry_others=others)
    return [p.code for p in carry_problems(newer, OLDER)]


def test_everything_is_accounted_for_or_told() -> None:
    assert codes(others=True) == []
    assert codes() == ["carry_unaccounted", "carry_unaccounted"]
    assert codes(CarryRule("AAA-01", "same", ""), CarryRule("AAA-02", "ask_again", "")) == []
    assert codes(others=True, now=(OLD,)) == ["carry_older_unaccounted"]
    assert codes(CarryRule("AAA-02", "dropped", ""), others=True, now=(OLD,)) == []
    renamed = (OLD, indicator("AAA-03"))
    assert codes(others=True, now=renamed) == ["carry_unaccounted", "carry_older_unaccounted"]
    assert codes(CarryRule("AAA-03", "renamed_from", "AAA-02"), others=True, now=renamed) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (CarryRule("AAA-09", "dropped", ""), "carry_code_unknown"),
        (CarryRule("AAA-01", "dropped", ""), "carry_still_there"),
        (CarryRule("AAA-02", "same", ""), "carry_not_in_both"),
        (CarryRule("AAA-01", "renamed_from", "AAA-09"), "carry_source_unknown"),
        (CarryRule("AAA-01", "ask_again", "AAA-09"), "carry_source_unknown"),
    ],
)
def test_rules_that_name_the_wrong_thing(rule: CarryRule, code: str) -> None:
    assert code in codes(rule, others=True, now=(OLD,))


def test_a_dropped_answer_is_not_renamed_too() -> None:
    rules = (CarryRule("AAA-02", "dropped", ""), CarryRule("AAA-03", "renamed_from", "AAA-02"))
    assert codes(*rules, others=True, now=(OLD, indicator("AAA-03"))) == ["carry_dropped_used"]


def test_answers_must_fit_what_they_are_carried_to() -> None:
    def between(old: Indicator, new: Indicator) -> list[str]:
        newer = replace(questionnaire(topic("AAA", new)), carry_others=True)
        return [p.code for p in carry_problems(newer, questionnaire(topic("AAA", old)))]

    number = indicator("AAA-01", "number", unit="MWh")
    table = indicator("AAA-01", "table", columns=(column("a", "0.5"), column("b", "0.5")))
    assert between(OLD, number) == ["carry_kind_differs"]
    assert between(number, replace(number, unit="kWh", maximum=Decimal(9))) == []
    assert between(number, replace(number, unit="t")) == ["carry_unit_differs"]
    assert between(OLD, replace(OLD, options=options("none:0;all:1;some:0.5"))) == []
    assert between(OLD, replace(OLD, options=options("none:0;some:1"))) == ["carry_options_gone"]
    assert between(table, replace(table, columns=table.columns[:1])) == ["carry_columns_gone"]
