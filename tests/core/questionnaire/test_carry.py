"""What becomes of earlier answers: by nature of the question, by what the versions say, never by what was hidden."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.questionnaire.carry import OUTCOMES, Past, Step, change_in_percent, decide, origins
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import CarryRule, Questionnaire, Text, indicators_of
from portal.core.questionnaire.model import indicator as named
from portal.core.questionnaire.path import walk
from portal.files.questionnaires import find_questionnaire
from portal.language.sentences import sentences
from tests.core.questionnaire.small import indicator, options, questionnaire, topic, when
from tests.core.scoring.test_properties import value_of
from tests.make.examples import examples

OLD = find_questionnaire("sustainability/2026.1")
NEW = find_questionnaire("sustainability/2027.0-draft")
ROLES = ("manufacturing",)


def by_code(steps: tuple[Step, ...]) -> dict[str, Step]:
    return {step.code: step for step in steps}


def small(*indicators: object, **given: object) -> Questionnaire:
    return replace(questionnaire(topic("AAA", *indicators)), **given)  # type: ignore[arg-type]


def test_nature_decides_between_rounds_of_one_version() -> None:
    past = Past(ROLES, {"GOV-02": "senior_executive", "NRG-01": "1200", "HRT-01": "full", "ETH-06": "yes"})
    steps = by_code(decide((OLD,), past, ROLES))
    assert {c: (s.outcome, s.reason) for c, s in steps.items() if c != "HRT-01"} == {
        "GOV-02": ("carried", "carry_same"),
        "ETH-06": ("carried", "carry_same"),
        "NRG-01": ("beside", "carry_result"),
    }
    assert steps["NRG-01"].value is None and steps["NRG-01"].past == Decimal(1200)
    assert by_code(decide((OLD,), past, ROLES, same_period=True))["NRG-01"].outcome == "carried"


def test_the_draft_version_renames_asks_again_and_drops() -> None:
    past = Past(
        ROLES,
        {
            "OHS-07": "own_inspection",
            "ZCF-05": "no_offsets",
            "GOV-06": "public",
            "INF-02": ["policy"],
            "GOV-02": "senior_executive",
        },
    )
    steps = by_code(decide((OLD, NEW), past, ROLES))
    assert {c: (s.source, s.outcome, s.reason, s.changed) for c, s in steps.items()} == {
        "GOV-02": ("GOV-02", "carried", "carry_same", False),
        "GOV-06": ("GOV-06", "carried", "carry_changed", True),
        "INF-02": ("INF-02", "carried", "carry_changed", True),
        "OHS-08": ("OHS-07", "carried", "carry_renamed", True),
        "OHS-09": ("OHS-07", "beside", "carry_again", True),
        "ZCF-05": ("ZCF-05", "dropped", "carry_retired", False),
    }


def test_values_are_converted_and_what_does_not_fit_stands_beside() -> None:
    number = indicator("AAA-01", "number", unit="MWh", units=("kWh",))
    other = replace(number, unit="kWh", units=())
    tight = replace(number, maximum=Decimal(10))
    past = Past(ROLES, {"AAA-01": "12"})
    assert decide((small(number), small(other, carry_others=True)), past, ROLES)[0].value == Decimal(12000)
    unfit = decide((small(number), small(tight, carry_others=True)), past, ROLES)[0]
    assert (unfit.outcome, unfit.reason, unfit.past) == ("beside", "carry_unfit", Decimal(12))
    typed = Past(ROLES, {"AAA-01": "12000"}, {"AAA-01": "kWh"})
    assert decide((small(number),), typed, ROLES)[0].value == Decimal(12)


def test_unreadable_unknown_and_of_another_role() -> None:
    miners = indicator("AAA-02", applies_to=frozenset({"minerals"}))
    version = small(indicator("AAA-01"), miners)
    past = Past(("minerals",), {"AAA-01": "nonsense", "AAA-02": "all", "ZZZ-01": "x"})
    assert {s.code: s.reason for s in decide((version,), past, ROLES)} == {
        "AAA-01": "carry_unreadable",
        "AAA-02": "carry_role",
        "ZZZ-01": "carry_unknown",
    }


def test_versions_are_followed_over_several_steps() -> None:
    first = small(indicator("AAA-01"), indicator("AAA-02"))
    second = small(
        indicator("AAA-03"), indicator("AAA-02"), carry=(CarryRule("AAA-03", "renamed_from", "AAA-01"),)
    )
    third = small(
        indicator("AAA-04", question=Text("Otherwise", "另问")),
        indicator("AAA-02", options=options("none:0;all:1;some:0.5")),
        carry=(CarryRule("AAA-04", "ask_again", "AAA-03"),),
    )
    found = origins((first, second, third))
    assert (found["AAA-04"].source, found["AAA-04"].again) == ("AAA-01", True)
    assert (found["AAA-02"].source, found["AAA-02"].changed) == ("AAA-02", True)


def test_a_hidden_answer_is_passed_over() -> None:
    version = small(indicator("AAA-01"), indicator("AAA-02", depends_on=when("AAA-01", "all")))
    shut, opened = ({"AAA-01": key, "AAA-02": "all"} for key in ("none", "all"))
    assert [s.code for s in decide((version,), Past(ROLES, shut), ROLES)] == ["AAA-01"]
    assert [s.code for s in decide((version,), Past(ROLES, opened), ROLES)] == ["AAA-01", "AAA-02"]


def test_change_in_percent_is_exact() -> None:
    assert change_in_percent(Decimal("112.5"), Decimal(100)) == Decimal("12.5")
    assert change_in_percent(Decimal(1), Decimal(3)) == Decimal("-66.7")
    assert change_in_percent(Decimal(-2), Decimal(-4)) == Decimal("50.0")
    assert change_in_percent(Decimal(1), Decimal(0)) is None


@settings(deadline=None, max_examples=examples(25))
@given(st.data())
def test_results_never_arrive_and_hidden_answers_change_nothing(data: st.DataObject) -> None:
    asked = [i for i in indicators_of(OLD) if i.code[:3] in {"GOV", "CDS", "NRG", "OHS", "PCF", "ZCF"}]
    chosen = data.draw(st.lists(st.sampled_from(asked), unique_by=lambda i: i.code, max_size=25))
    values = {i.code: data.draw(value_of(i)) for i in chosen}
    answers = {code: to_json(named(OLD, code), value) for code, value in values.items()}
    steps = decide((OLD, NEW), Past(ROLES, answers), ROLES)
    assert len({s.code for s in steps}) == len(steps)
    for step in steps:
        assert step.outcome in OUTCOMES and step.reason in sentences()
        assert (step.value is not None) == (step.outcome == "carried")
        if step.outcome == "carried":
            assert named(NEW, step.code).nature != "result"
    in_play = walk(OLD, ROLES, values).open
    shown = {code: answer for code, answer in answers.items() if code in in_play}
    assert decide((OLD, NEW), Past(ROLES, shown), ROLES) == steps
