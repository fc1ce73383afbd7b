"""A whole set of answers, the gaps before submission, and progress."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.questionnaire.path import walk
from portal.core.questionnaire.progress import progress
from portal.core.questionnaire.unanswered import Unanswered, unanswered
from portal.core.questionnaire.validate import Gap, gaps, read_answers
from tests.core.questionnaire.small import indicator, questionnaire, topic, when
from tests.make.examples import examples

SMALL = questionnaire(
    topic(
        "GOV",
        indicator("GOV-01", gating=True),
        indicator("GOV-02", evidence="required"),
        indicator("GOV-03", "number", evidence="required", minutes=7),
        indicator("GOV-04", depends_on=when("GOV-02", "all"), gating=True),
        weight=60,
    ),
    topic("ETH", indicator("ETH-01", "text", applies_to=frozenset({"logistics"})), weight=40),
)


def owed(answers: dict[str, object], evidence: set[str] = frozenset(), **more: object) -> list[Gap]:  # type: ignore[assignment]
    return gaps(SMALL, walk(SMALL, ["minerals"], answers), answers, evidence, **more)  # type: ignore[arg-type]


def test_every_problem_of_a_set_is_returned() -> None:
    raw = {"GOV-01": "all", "GOV-02": "most", "GOV-03": "x", "GOV-99": 1, "ETH-01": None}
    answers, problems = read_answers(SMALL, ["minerals", "farming"], raw)
    assert answers == {"GOV-01": "all"}
    assert [(p.code, p.where) for p in problems] == [
        ("role_unknown", "farming"),
        ("option_unknown", "GOV-02"),
        ("number_expected", "GOV-03"),
        ("indicator_unknown", "GOV-99"),
    ]


def test_a_missing_red_flag_answer_blocks_and_other_missing_answers_do_not() -> None:
    assert owed({}) == [
        Gap("gap_gating_missing", "GOV-01", True),
        Gap("gap_missing", "GOV-02", False),
        Gap("gap_missing_unscored", "GOV-03", False),
    ]


def test_evidence_blocks_only_where_points_are_claimed() -> None:
    answers = {"GOV-01": "none", "GOV-02": "none", "GOV-03": Decimal(5)}
    assert owed(answers) == [Gap("gap_evidence_wanted", "GOV-03", False)]
    answers = {"GOV-01": "all", "GOV-02": "all", "GOV-03": Decimal(5), "GOV-04": "all"}
    assert owed(answers, {"GOV-03"}) == [Gap("gap_evidence_missing", "GOV-02", True)]
    assert owed(answers, {"GOV-02", "GOV-03"}) == []


def test_unreadable_and_unconfirmed_answers_block() -> None:
    answers = {"GOV-01": "all", "GOV-02": "none"}
    found = owed(answers, unreadable={"GOV-03"}, unconfirmed={"GOV-01"})
    assert found == [Gap("gap_unconfirmed", "GOV-01", True), Gap("gap_unreadable", "GOV-03", True)]


@given(
    answers=st.dictionaries(
        st.sampled_from(["GOV-01", "GOV-02", "GOV-03", "GOV-04"]), st.sampled_from(["all", "none"])
    ),
    unconfirmed=st.sets(st.sampled_from(["GOV-01", "GOV-02", "GOV-03", "GOV-04"])),
    broken=st.sets(st.sampled_from(["GOV-01", "GOV-02", "GOV-03", "GOV-04"])),
    evidence=st.sets(st.sampled_from(["GOV-02", "GOV-03"])),
)
@settings(max_examples=examples(60), deadline=None)
def test_what_is_left_adds_up_to_what_is_not_answered(
    answers: dict[str, object], unconfirmed: set[str], broken: set[str], evidence: set[str]
) -> None:
    for code in broken:
        answers.pop(code, None)
    if "GOV-03" in answers:
        answers["GOV-03"] = Decimal(5)
    left = unanswered(owed(answers, evidence, unconfirmed=unconfirmed, unreadable=broken))
    whole = progress(SMALL, walk(SMALL, ["minerals"], answers), answers, unconfirmed).overall
    assert left.count == whole.open - whole.answered


def test_each_reason_is_counted_by_itself() -> None:
    assert unanswered(owed({"GOV-02": "all"})) == Unanswered(
        red_flag=2, zero=0, unscored=1, unreadable=0, unconfirmed=0
    )
    found = owed({"GOV-01": "all"}, unconfirmed={"GOV-01"}, unreadable={"GOV-03"})
    assert unanswered(found) == Unanswered(red_flag=0, zero=1, unscored=0, unreadable=1, unconfirmed=1)


def test_hidden_answers_owe_nothing() -> None:
    answers = {"GOV-01": "all", "GOV-02": "none", "GOV-03": Decimal(1), "GOV-04": "all", "ETH-01": "x"}
    assert owed(answers, {"GOV-03"}, unreadable={"GOV-04", "ETH-01"}) == []


def test_progress_counts_what_is_in_play() -> None:
    def of(
        answers: dict[str, object], roles: list[str], unconfirmed: set[str] = frozenset()
    ) -> tuple[object, ...]:  # type: ignore[assignment]
        found = progress(SMALL, walk(SMALL, roles, answers), answers, unconfirmed)
        gov = found.topics["GOV"]
        return (
            gov.open,
            gov.answered,
            gov.minutes_left,
            gov.state,
            found.topics["ETH"].state,
            found.overall.state,
        )

    assert of({}, ["minerals"]) == (3, 0, 11, "not_started", "not_applicable", "not_started")
    assert of({"GOV-02": "all"}, ["logistics"]) == (4, 1, 11, "in_progress", "not_started", "in_progress")
    full: dict[str, object] = {"GOV-01": "all", "GOV-02": "none", "GOV-03": Decimal(0)}
    assert of(full, ["minerals"]) == (3, 3, 0, "done", "not_applicable", "done")
    assert of(full, ["minerals"], {"GOV-03"}) == (3, 2, 7, "in_progress", "not_applicable", "in_progress")
