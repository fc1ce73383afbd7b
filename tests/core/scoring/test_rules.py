"""Points of one answer under every rule, with the reason in words."""

from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.scoring.rules import claims_points, points_of
from portal.language.reasons import reason_sentence
from tests.core.questionnaire.small import bands, column, indicator, options

TABLE = indicator(
    "CDS-03", "table", columns=(column("year", "0.1"), column("location", "0.4"), column("market", "0.5"))
)


def test_a_choice_earns_the_points_of_its_key() -> None:
    one = indicator("GOV-02", options=options("none:0;some:0.7;all:1"))
    assert points_of(one, "some").points == Fraction(7, 10)
    assert reason_sentence("en", points_of(one, "some").reason) == "“Option some” earns 0.7 of 1 point."


@pytest.mark.parametrize(
    ("chosen", "points", "code"),
    [
        ((), Fraction(0), "reason_none_chosen"),
        (("a",), Fraction(4, 10), "reason_chosen"),
        (("a", "b"), Fraction(8, 10), "reason_chosen"),
        (("a", "b", "c"), Fraction(1), "reason_chosen_capped"),
    ],
)
def test_several_choices_add_up_to_one_at_most(chosen: tuple[str, ...], points: Fraction, code: str) -> None:
    several = indicator("ETH-01", "multiple", options=options("a:0.4;b:0.4;c:0.4"))
    assert points_of(several, chosen).points == points
    assert points_of(several, chosen).reason.code == code


@pytest.mark.parametrize(
    ("value", "points"), [("0", "0"), ("33.3", "0.333"), ("100", "1"), ("120", "1"), ("-5", "0")]
)
def test_a_share_earns_its_hundredth_within_bounds(value: str, points: str) -> None:
    share = indicator("SCM-01", "percentage")
    assert points_of(share, Decimal(value)).points == Fraction(points)


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("0", "0"),
        ("0.000001", "0.3"),
        ("24.999999", "0.3"),
        ("25", "0.6"),
        ("50", "0.8"),
        ("70", "1"),
        ("100", "1"),
    ],
)
def test_the_first_band_that_holds_wins(value: str, points: str) -> None:
    share = indicator(
        "NRG-02", "percentage", rule="bands", bands=bands(">=70:1;>=50:0.8;>=25:0.6;>0:0.3;else:0")
    )
    assert points_of(share, Decimal(value)).points == Fraction(points)


@pytest.mark.parametrize(
    ("value", "points"), [("-5.1", "1"), ("-5", "1"), ("-4.9", "0.7"), ("0", "0.4"), ("0.1", "0")]
)
def test_bands_may_go_below_zero(value: str, points: str) -> None:
    change = indicator("CDS-04", "percentage", rule="bands", bands=bands("<=-5:1;<=-2:0.7;<=0:0.4;else:0"))
    earned = points_of(change, Decimal(value))
    assert earned.points == Fraction(points)
    if value == "-5.1":
        assert (
            reason_sentence("en", earned.reason) == "−5.1\u00a0% reaches the band ≤ −5\u00a0%: 1 of 1 point."
        )


def test_a_table_is_the_mean_of_its_rows() -> None:
    assert points_of(TABLE, ()).points == 0
    assert points_of(TABLE, ({"year": "2025", "location": "1", "market": "2"},)).points == 1
    rows = ({"year": "2025", "location": "1"}, {"market": "2"}, {})
    assert points_of(TABLE, rows).points == Fraction(1, 3)
    said = reason_sentence("en", points_of(TABLE, rows).reason)
    assert "≈0.3333" in said
    assert "year; location; market" in said


def test_an_unscored_answer_has_no_points() -> None:
    assert points_of(indicator("INF-04", "text"), "words").points is None
    assert not claims_points(indicator("INF-04", "text"), "words")
    assert not claims_points(indicator("GOV-01"), None)
    assert not claims_points(indicator("GOV-01"), "none")
    assert claims_points(indicator("GOV-01"), "all")
