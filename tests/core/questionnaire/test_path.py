"""Which indicators are in play."""

from portal.core.questionnaire.path import ClosedBy, walk
from tests.core.questionnaire.small import indicator, options, questionnaire, topic, when

SMALL = questionnaire(
    topic(
        "GOV",
        indicator("GOV-01", "multiple", options=options("cell:0;glass:0"), rule="unscored"),
        indicator("GOV-02", depends_on=when("GOV-01", "cell")),
        indicator("GOV-03", depends_on=when("GOV-02", "all")),
        indicator("GOV-04", applies_to=frozenset({"logistics"})),
        indicator("GOV-05", depends_on=when("GOV-04", "all")),
    )
)


def test_without_answers_conditions_are_closed() -> None:
    path = walk(SMALL, ["manufacturing"], {})
    assert path.open == {"GOV-01"}
    assert path.closed["GOV-02"] == ClosedBy("condition", "GOV-01")
    assert path.closed["GOV-04"] == ClosedBy("role")


def test_an_answer_opens_and_closes_what_hangs_on_it() -> None:
    answers = {"GOV-01": ("cell", "glass"), "GOV-02": "all"}
    assert walk(SMALL, ["manufacturing"], answers).open == {"GOV-01", "GOV-02", "GOV-03"}
    answers = {"GOV-01": ("glass",), "GOV-02": "all"}
    path = walk(SMALL, ["manufacturing"], answers)
    assert path.open == {"GOV-01"}
    assert path.closed["GOV-03"] == ClosedBy("condition", "GOV-02")


def test_the_child_of_a_question_closed_by_role_is_closed() -> None:
    path = walk(SMALL, ["manufacturing"], {"GOV-04": "all"})
    assert "GOV-05" in path.closed
    assert "GOV-05" in walk(SMALL, ["logistics"], {"GOV-04": "all"}).open


def test_a_question_for_all_roles_is_asked_of_everybody() -> None:
    assert "GOV-01" in walk(SMALL, [], {}).open
    assert "GOV-01" in walk(SMALL, ["services"], {}).open


def test_every_indicator_is_open_or_closed_with_a_reason() -> None:
    path = walk(SMALL, ["manufacturing"], {})
    assert path.open | set(path.closed) == {f"GOV-0{n}" for n in range(1, 6)}
    assert not path.open & set(path.closed)
