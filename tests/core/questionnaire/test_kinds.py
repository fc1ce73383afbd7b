"""Every kind of answer: reading, the JSON form and back, and how a value is shown."""

from datetime import date
from decimal import Decimal

import pytest

from portal.core.errors import Invalid
from portal.core.questionnaire.kinds import KINDS, from_json, read, show, to_json
from portal.core.questionnaire.model import KIND_NAMES, Suggestion, Text
from portal.core.questionnaire.reading import Reading
from portal.core.questionnaire.tables import filled_rows
from tests.core.questionnaire.small import column, indicator, options

SINGLE = indicator("GOV-01")
MULTIPLE = indicator("GOV-02", "multiple", options=options("a:0.5;b:0.5;c:0.5"))
ENERGY = indicator("NRG-01", "number", unit="MWh", units=("kWh", "GWh"))
COUNT = indicator("GOV-03", "number", whole=True)
SHARE = indicator("NRG-02", "percentage")
DAY = indicator("GOV-04", "date")
WORDS = indicator("GOV-05", "text")
TABLE = indicator(
    "CDS-03",
    "table",
    columns=(
        column("year", "0.1", "year"),
        column("tonnes", "0.4", "number", "tCO2e"),
        column("share", "0.2", "percentage", "%"),
        column("retired", "0.2", "yes_no"),
        column("source", "0.1"),
    ),
)


def codes(reading: Reading) -> list[tuple[str, str]]:
    assert reading.value is None
    return [(p.code, p.where) for p in reading.problems]


def test_every_kind_is_registered() -> None:
    assert tuple(KINDS) == KIND_NAMES


@pytest.mark.parametrize("one", [SINGLE, MULTIPLE, ENERGY, SHARE, DAY, WORDS, TABLE])
@pytest.mark.parametrize("nothing", [None, "", "   ", "\u3000"])
def test_nothing_given_is_no_answer(one: object, nothing: object) -> None:
    reading = read(one, nothing)  # type: ignore[arg-type]
    assert reading.value is None
    assert reading.problems == ()


def test_a_single_choice_takes_one_known_key() -> None:
    assert read(SINGLE, "all").value == "all"
    assert codes(read(SINGLE, "most")) == [("option_unknown", "GOV-01")]
    assert codes(read(SINGLE, ["all"])) == [("option_expected", "GOV-01")]
    assert codes(read(SINGLE, True)) == [("option_expected", "GOV-01")]


def test_a_multiple_choice_keeps_the_order_of_the_questionnaire_and_counts_a_key_once() -> None:
    assert read(MULTIPLE, ["c", "a", "c"]).value == ("a", "c")
    assert read(MULTIPLE, []).value == ()
    assert codes(read(MULTIPLE, ["a", "x", 3])) == [("option_unknown", "GOV-02")] * 2
    assert codes(read(MULTIPLE, "a")) == [("list_expected", "GOV-02")]


def test_a_number_in_another_unit_is_converted_exactly() -> None:
    reading = read(ENERGY, "1 234.567", "kWh")
    assert (reading.value, reading.unit) == (Decimal("1.234567"), "kWh")
    assert read(ENERGY, "2", "GWh").value == Decimal(2000)
    assert read(ENERGY, "2").unit == "MWh"
    assert codes(read(ENERGY, "2", "t")) == [("unit_not_offered", "NRG-01")]
    assert codes(read(ENERGY, "2", "MJ")) == [("unit_not_offered", "NRG-01")]


def test_a_number_keeps_to_its_range_and_to_whole_numbers() -> None:
    assert codes(read(COUNT, "1.5")) == [("whole_number_expected", "GOV-03")]
    assert read(COUNT, "2.0").value == Decimal(2)
    assert codes(read(COUNT, "-1")) == [("number_negative", "GOV-03")]
    assert codes(read(SHARE, "100.1")) == [("number_too_large", "NRG-02")]
    change = indicator("CDS-04", "percentage", minimum=Decimal(-100), maximum=Decimal(1000))
    assert read(change, "-5").value == Decimal(-5)
    assert codes(read(change, "-100.5")) == [("number_too_small", "CDS-04")]


def test_text_is_trimmed_limited_and_free_of_controls() -> None:
    assert read(WORDS, " a\r\nb ").value == "a\nb"
    assert read(WORDS, "x" * 4000).value == "x" * 4000
    assert codes(read(WORDS, "x" * 4001)) == [("text_too_long", "GOV-05")]
    assert codes(read(WORDS, "a\0b")) == [("text_unprintable", "GOV-05")]
    assert codes(read(WORDS, "a\ud800")) == [("text_unprintable", "GOV-05")]
    assert codes(read(WORDS, 5)) == [("text_expected", "GOV-05")]


def test_a_table_keeps_filled_cells_in_plain_form() -> None:
    raw = [
        {"year": 2025, "tonnes": "1 200.50", "share": "80 %", "retired": "Yes", "source": " x "},
        {"year": ""},
    ]
    expected = {"year": "2025", "tonnes": "1200.5", "share": "80", "retired": "yes", "source": "x"}
    assert read(TABLE, raw).value == (expected, {})
    assert read(TABLE, []).value == ()


def test_each_wrong_cell_is_named() -> None:
    raw = [
        {"year": "2025", "extra": "1"},
        {"year": "25", "tonnes": "-1", "share": "101", "retired": "maybe", "source": ["x"]},
        "row",
    ]
    assert codes(read(TABLE, raw)) == [
        ("cell_column_unknown", "CDS-03 row 1"),
        ("year_expected", "CDS-03 row 2, column year"),
        ("number_negative", "CDS-03 row 2, column tonnes"),
        ("number_too_large", "CDS-03 row 2, column share"),
        ("yes_no_expected", "CDS-03 row 2, column retired"),
        ("cell_text_expected", "CDS-03 row 2, column source"),
        ("row_expected", "CDS-03 row 3"),
    ]


def test_a_table_has_limits() -> None:
    assert codes(read(TABLE, [{}] * 201)) == [("table_too_long", "CDS-03")]
    assert read(TABLE, [{}] * 200).problems == ()
    assert codes(read(TABLE, [{"source": "x" * 501}])) == [("cell_too_long", "CDS-03 row 1, column source")]
    assert codes(read(TABLE, {"year": "2025"})) == [("table_expected", "CDS-03")]


def test_spare_rows_of_a_form_can_be_left_out() -> None:
    assert filled_rows([{"year": " "}, {"year": "2025"}, {}]) == [{"year": "2025"}]


@pytest.mark.parametrize(
    ("one", "raw", "stored"),
    [
        (SINGLE, "all", "all"),
        (MULTIPLE, ["b", "a"], ["a", "b"]),
        (MULTIPLE, [], []),
        (ENERGY, Decimal("1200.50"), "1200.5"),
        (SHARE, 0, "0"),
        (DAY, "2026/3/1", "2026-03-01"),
        (WORDS, "text", "text"),
        (TABLE, [{"year": 2025}], [{"year": "2025"}]),
    ],
)
def test_a_value_survives_its_json_form(one: object, raw: object, stored: object) -> None:
    value = read(one, raw).value  # type: ignore[arg-type]
    assert value is not None
    assert to_json(one, value) == stored  # type: ignore[arg-type]
    assert from_json(one, stored) == value  # type: ignore[arg-type]


def test_a_stored_value_that_does_not_fit_is_refused() -> None:
    assert from_json(SINGLE, None) is None
    with pytest.raises(Invalid):
        from_json(SINGLE, "gone")


def test_a_converted_value_survives_its_json_form() -> None:
    value = read(ENERGY, "0.000001", "kWh").value
    assert value == Decimal("0.000000001")
    assert from_json(ENERGY, to_json(ENERGY, value)) == value


def test_values_are_shown_in_both_languages() -> None:
    assert show(SINGLE, "all", "en") == "Option all"
    assert show(SINGLE, "all", "zh") == "选项all"
    assert show(MULTIPLE, ("a", "b"), "zh") == "选项a；选项b"
    assert show(MULTIPLE, (), "en") == "–"
    assert show(ENERGY, Decimal("12345.60"), "en") == "12\u202f345.6\u00a0MWh"
    assert show(COUNT, Decimal(3), "en") == "3"
    assert show(DAY, date(2026, 3, 1), "en") == "1 March 2026"
    assert show(DAY, date(2026, 3, 1), "zh") == "2026年3月1日"
    row = {"tonnes": "-12345", "retired": "no"}
    assert show(TABLE, (row, {}), "zh") == "列tonnes：−12\u202f345\u00a0tCO2e；列retired：否\n–"


def test_a_suggested_value_is_shown_by_its_label() -> None:
    source = column("source", "1")
    labelled = type(source)(
        **{**source.__dict__, "suggestions": (Suggestion("rooftop PV", Text("On our roof", "厂内")),)}
    )
    table = indicator("NRG-03", "table", columns=(labelled,))
    assert (
        show(table, ({"source": "rooftop PV"}, {"source": "wind"}), "zh") == "列source：厂内\n列source：wind"
    )
