"""The published figures of 2023 as an importable file: they reconcile to their printed totals within their rounding."""

from __future__ import annotations

from decimal import Decimal
from importlib import resources

from portal.core.carbon.frame import CATEGORIES, SHARES, STATED, checks_of, printed, totals_of, units_of
from portal.core.carbon.frame_rows import read_entry
from portal.files.frame_tables import frame_template, read_frame_rows
from portal.language import LOCALES

PUBLISHED = (resources.files("portal.demo") / "published_inventory_2023.csv").read_bytes()


def test_the_published_figures_of_2023_reconcile_and_where_rounding_is_needed() -> None:
    read = read_frame_rows(PUBLISHED, "published.csv")
    assert read.problems == ()
    entries = [read_entry(row.values) for row in read.rows]
    assert [problems for _entry, problems in entries if problems] == []
    figures = {e.item: printed(e.typed, units_of(e.item)[e.unit]) for e, _ in entries if e is not None}
    totals = totals_of(figures)
    assert (totals.scope12, totals.scope3) == (Decimal(2_871_963), Decimal(24_351_855))
    assert totals.total == Decimal(27_223_818)
    found = {c.item: (c.state, c.difference, c.explains) for c in checks_of(figures) if c.item in STATED}
    exact = {
        "stated_scope_1_2",
        "stated_scope_3",
        "stated_iso_1",
        "stated_iso_2",
        "stated_iso_5",
        "stated_iso_6",
    }
    assert {item for item, (state, _d, _e) in found.items() if state == "equal"} == exact
    # Two classes are printed one tonne away from their printed parts: four and five parts and the total, half a tonne each.
    assert found["stated_iso_3"] == ("rounding", Decimal(-1), Decimal("2.5"))
    assert found["stated_iso_4"] == ("rounding", Decimal(1), Decimal(3))
    shares = {c.item: c.state for c in checks_of(figures) if c.item in SHARES}
    assert shares == dict.fromkeys(SHARES, "rounding")


def test_a_slipped_digit_is_noticed() -> None:
    wrong = PUBLISHED.replace(b"category_5,73677", b"category_5,73767")
    entries = [read_entry(row.values)[0] for row in read_frame_rows(wrong, "x.csv").rows]
    figures = {e.item: printed(e.typed, units_of(e.item)[e.unit]) for e in entries if e is not None}
    states = {c.item: c.state for c in checks_of(figures)}
    assert (states["stated_scope_3"], states["stated_iso_4"]) == ("differs", "differs")


def test_every_problem_is_told_with_its_column() -> None:
    rows = [
        {"year": "2025", "item": "category_16", "value": "1", "unit": "tCO2e", "source": "s"},
        {"year": "25", "item": "scope1", "value": "28,4", "unit": "kWh", "source": ""},
        {"year": "2025", "item": "production", "value": "0", "unit": "tCO2e", "source": "s"},
        {"year": "2025", "item": "share_scope_1", "value": "101", "unit": "%", "source": "s"},
        {"year": "2025", "item": "scope1", "value": "-1", "unit": "tCO2e", "source": "s", "note": "n" * 1001},
    ]
    codes = [[p.code for p in read_entry(row)[1]] for row in rows]
    assert codes == [
        ["frame_item_unknown"],
        ["row_year_expected", "row_missing", "row_number_expected", "frame_unit_unknown"],
        ["row_not_above_zero", "frame_unit_unknown"],
        ["frame_share_over_100"],
        ["row_too_long", "row_too_small"],
    ]


def test_items_may_be_named_as_the_portal_shows_them() -> None:
    table = "year,item,value,unit,source\n2025,Category 4: upstream transport and distribution,5,tCO2e,s\n2025,类别 4：上游运输和配送,6,tCO2e,s\n"
    rows = read_frame_rows(table.encode(), "x.csv").rows
    assert [row.values["item"] for row in rows] == [CATEGORIES[3], CATEGORIES[3]]


def test_templates_can_be_read_again() -> None:
    for locale in LOCALES:
        book = read_frame_rows(frame_template(locale, "xlsx"), "t.xlsx")
        assert [p.code for p in book.problems] == ["table_empty"]
