"""Topics, total, grade, red flags; declared and verified; the JSON form."""

from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.errors import Invalid
from portal.core.questionnaire.path import walk
from portal.core.scoring.roll_up import score, verified_judgements
from portal.core.scoring.sheet import Judgement, points_text, score_json, score_text
from portal.language.reasons import reason_sentence
from tests.core.questionnaire.small import column, indicator, options, questionnaire, topic, when

MAKER = frozenset({"manufacturing"})
SMALL = questionnaire(
    topic(
        "GOV",
        indicator(
            "GOV-01", options=options("none:0;some:0.7;all:1"), weight=4, gating=True, evidence="required"
        ),
        indicator("GOV-02", "percentage", weight=3, depends_on=when("GOV-01", "all")),
        indicator("GOV-03", "text"),
        weight=60,
    ),
    topic("ETH", indicator("ETH-01", weight=5, evidence="optional"), weight=30),
    topic("CDS", indicator("CDS-01", weight=5, applies_to=MAKER), weight=10),
)


def test_topics_and_total_follow_the_formula() -> None:
    answers = {"GOV-01": "all", "GOV-02": Decimal("50"), "ETH-01": "all"}
    sheet = score(SMALL, ["manufacturing"], answers)
    gov = Fraction(100) * (4 + Fraction(3, 2)) / 7
    assert sheet.topics["GOV"].score == gov
    assert sheet.total == (60 * gov + 30 * 100 + 0) / 100
    assert sheet.lines["GOV-03"].state == "unscored"
    assert (sheet.lines["CDS-01"].state, sheet.lines["CDS-01"].points) == ("missing", 0)
    assert sheet.method == "upstream-score/1"
    assert sheet.questionnaire == "small/1"


def test_what_is_closed_leaves_numerator_and_denominator() -> None:
    sheet = score(SMALL, ["services"], {"GOV-01": "some", "GOV-02": Decimal(100), "ETH-01": "all"})
    assert sheet.lines["GOV-02"].state == "not_applicable"
    assert sheet.lines["GOV-02"].points is None
    assert sheet.topics["GOV"].score == 70
    cds = sheet.topics["CDS"]
    assert (cds.score, cds.open, cds.weight, cds.weight_effective) == (None, False, 10, 0)
    assert sheet.topics["GOV"].weight_effective == Fraction(6000, 90)
    assert sheet.total == Fraction(60 * 70 + 30 * 100, 90)


def test_a_red_flag_caps_the_grade_and_says_so_only_when_it_lowered_it() -> None:
    answers = {"GOV-01": "none", "ETH-01": "all", "CDS-01": "all"}
    low = score(SMALL, ["manufacturing"], answers)
    assert (low.red_flags, low.natural_grade, low.grade, low.capped_by_red_flag) == (
        ("GOV-01",),
        "D",
        "D",
        False,
    )
    flagged = questionnaire(
        topic("GOV", indicator("GOV-01", gating=True), indicator("GOV-02", weight=9), weight=100)
    )
    high = score(flagged, ["services"], {"GOV-01": "none", "GOV-02": "all"})
    assert (high.total, high.natural_grade, high.grade, high.capped_by_red_flag) == (90, "A", "D", True)
    assert score(flagged, ["services"], {"GOV-02": "all"}).red_flags == ()


@pytest.mark.parametrize(
    ("share", "grade"), [("85", "A"), ("84.999999", "B"), ("70", "B"), ("55", "C"), ("54.999999", "D")]
)
def test_grades_come_from_the_exact_total(share: str, grade: str) -> None:
    one = questionnaire(topic("SCM", indicator("SCM-01", "percentage")))
    sheet = score(one, ["services"], {"SCM-01": Decimal(share)})
    assert sheet.grade == grade


def test_rounding_is_half_even_and_only_at_the_end() -> None:
    assert score_text(Fraction(5, 8) + 12) == "12.62"
    assert score_text(Fraction(12635, 1000)) == "12.64"
    assert score_text(Fraction(100)) == "100.00"
    assert score_text(None) is None
    assert points_text(Fraction(7, 10)) == "0.7"
    assert points_text(Fraction(1)) == "1"
    assert points_text(Fraction(0)) == "0"
    assert points_text(Fraction(2, 3)) == "0.6666666666666666666666666667"
    assert points_text(None) is None


def test_nothing_in_play_scores_zero() -> None:
    none = questionnaire(topic("GOV", indicator("GOV-01", "text")))
    sheet = score(none, [], {})
    assert (sheet.total, sheet.grade, sheet.topics["GOV"].open) == (0, "D", False)


def verified(
    answers: dict[str, object], evidence: dict[str, list[int]], decisions: dict[str, Judgement]
) -> object:
    path = walk(SMALL, ["services"], answers)
    judgements = verified_judgements(SMALL, path, answers, evidence, decisions)
    return score(SMALL, ["services"], answers, judgements)


def test_a_claim_counts_in_the_verified_score_only_with_accepted_evidence() -> None:
    answers: dict[str, object] = {"GOV-01": "some", "ETH-01": "all"}
    accepted = {"GOV-01": Judgement("accepted")}
    for evidence, decisions, points in (
        ({}, {}, 0),
        ({"GOV-01": [1]}, {}, 0),
        ({}, accepted, 0),
        ({"GOV-01": []}, accepted, 0),
        ({"GOV-01": [1]}, accepted, Fraction(7, 10)),
        ({}, {"GOV-01": Judgement("adjusted", Decimal("0.5"), "seen on site")}, Fraction(1, 2)),
    ):
        sheet = verified(answers, evidence, decisions)  # type: ignore[arg-type]
        assert sheet.lines["GOV-01"].points == points  # type: ignore[attr-defined]
        assert sheet.lines["ETH-01"].points == 1  # type: ignore[attr-defined]
        assert sheet.red_flags == ()  # type: ignore[attr-defined]


def test_a_reviewer_raises_and_closes_red_flags() -> None:
    lowered = score(SMALL, [], {"GOV-01": "all"}, {"GOV-01": Judgement("adjusted", Decimal(0), "case found")})
    assert lowered.red_flags == ("GOV-01",)
    assert lowered.lines["GOV-01"].judged == "adjusted"
    closed = score(SMALL, [], {"GOV-01": "none"}, {"GOV-01": Judgement("flag_closed", None, "repaid, seen")})
    assert closed.red_flags == ()
    assert closed.lines["GOV-01"].points == 0
    said = reason_sentence("en", closed.lines["GOV-01"].reason)
    assert said == "0 of 1 point; the reviewer closed the red flag with proof: repaid, seen"


def test_a_judgement_of_a_closed_or_unscored_indicator_changes_nothing() -> None:
    judgements = {code: Judgement("adjusted", Decimal(1), "x") for code in ("GOV-02", "GOV-03", "CDS-01")}
    assert score(SMALL, [], {"GOV-01": "some"}, judgements) == score(SMALL, [], {"GOV-01": "some"})


@pytest.mark.parametrize("points", [None, Decimal("1.1"), Decimal("-0.1"), Decimal("NaN")])
def test_adjusted_points_out_of_range_are_refused(points: Decimal | None) -> None:
    with pytest.raises(Invalid) as invalid:
        score(SMALL, [], {"GOV-01": "all"}, {"GOV-01": Judgement("adjusted", points, "x")})
    assert invalid.value.problems[0].code == "judged_points_out_of_range"


def test_the_json_form_is_the_one_of_the_file_formats() -> None:
    table = indicator("CDS-03", "table", columns=(column("a", "0.5"), column("b", "0.5")))
    small = questionnaire(
        topic("CDS", table, indicator("CDS-04", "text"), indicator("CDS-05", applies_to=MAKER))
    )
    printed = score_json(score(small, [], {"CDS-03": ({"a": "1"}, {}, {})}), lambda reason: reason.code)
    assert printed == {
        "questionnaire": "small/1",
        "method": "upstream-score/1",
        "total": "16.67",
        "grade": "D",
        "capped_by_red_flag": False,
        "red_flags": [],
        "topics": {"CDS": {"score": "16.67", "weight": 100, "open": True}},
        "indicators": {
            "CDS-03": {
                "state": "scored",
                "points": "0.1666666666666666666666666667",
                "weight": 1,
                "reason": "reason_rows_gaps",
            },
            "CDS-04": {"state": "unscored", "points": None, "weight": 1, "reason": "reason_unscored"},
            "CDS-05": {"state": "not_applicable", "points": None, "weight": 1, "reason": "reason_role"},
        },
    }
