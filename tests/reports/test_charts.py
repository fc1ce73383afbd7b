"""Charts: numbers beside bars, text escaped, one picture for page and paper."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from portal.reports.chart_pdf import drawing
from portal.reports.chart_svg import svg
from portal.reports.charts import Bar, BarChart, Series, cells, picture, wrapped
from tests.reports import samples

SVG = "{http://www.w3.org/2000/svg}"


def shares(**changes: object) -> BarChart:
    values = (Decimal("9142262"), Decimal("4571131"), Decimal(0), None)
    given = {
        "key": "materials",
        "title": "Category 1 by material",
        "caption": "Polysilicon makes two thirds.",
        "categories": ("Polysilicon", samples.HOSTILE, "玻璃", "Other"),
        "series": (Series("", values),),
        "unit": "tCO₂e",
    }
    return BarChart(**{**given, **changes})  # type: ignore[arg-type]


def test_svg_is_well_formed_escaped_and_described() -> None:
    markup = svg(shares(), "en")
    tree = ElementTree.fromstring(markup)
    assert tree.get("role") == "img"
    assert tree.get("aria-labelledby") == "materials-title materials-desc"
    assert tree.find(f"{SVG}title").text == "Category 1 by material"
    assert "Polysilicon makes two thirds." in tree.find(f"{SVG}desc").text
    assert "<b>" not in markup and "&lt;b&gt;" in markup
    texts = [node.text for node in tree.iter(f"{SVG}text")]
    assert "9\u202f142\u202f262\u00a0tCO₂e" in texts and "0\u00a0tCO₂e" in texts and "–" in texts


def test_svg_has_no_inline_style_or_script_for_the_page_policy() -> None:
    tree = ElementTree.fromstring(svg(shares(key='x" onload="alert(1)'), "en"))
    names = {name for node in tree.iter() for name in node.attrib}
    assert "style" not in names and not any(name.startswith("on") for name in names)


def test_bars_have_the_length_of_their_values() -> None:
    bars = [p for p in picture(shares(), "en").pieces if isinstance(p, Bar) and p.tone == "strong"]
    assert [round(bar.width, 3) for bar in bars] == [1, 0.5, 0, 0]


def test_a_tiny_value_is_still_seen_and_a_negative_one_is_only_printed() -> None:
    chart = shares(
        categories=("a", "b", "c"), series=(Series("", (Decimal(1), Decimal(1_000_000), Decimal(-5))),)
    )
    bars = [p for p in picture(chart, "en").pieces if isinstance(p, Bar) and p.tone == "strong"]
    assert bars[0].width == pytest.approx(0.004) and bars[2].width == 0
    assert "−5\u00a0tCO₂e" in svg(chart, "en")


def test_two_series_get_a_legend_and_a_stack_fills_the_width() -> None:
    pair = (Series("Committed", (Decimal(15),)), Series("Not yet", (Decimal(5),), "soft"))
    stacked = shares(categories=("All",), series=pair, stacked=True, unit="")
    bars = [
        p for p in picture(stacked, "en").pieces if isinstance(p, Bar) and not p.square and p.tone != "track"
    ]
    assert [(bar.left, bar.width) for bar in bars] == [(0, 0.75), (0.75, 0.25)]
    assert "Not yet" in [node.text for node in ElementTree.fromstring(svg(stacked, "en")).iter(f"{SVG}text")]


def test_an_empty_chart_or_all_zero_values_draw() -> None:
    for chart in (
        shares(categories=(), series=(Series("", ()),)),
        shares(categories=("a",), series=(Series("", (Decimal(0),)),)),
    ):
        ElementTree.fromstring(svg(chart, "zh"))
        assert drawing(chart, "zh", 400).height >= 0


def test_labels_break_in_both_scripts_and_are_cut_only_at_the_end() -> None:
    assert wrapped("Human rights, forced labour", 16, 2) == ["Human rights,", "forced labour"]
    assert wrapped("信息安全与知识产权", 10, 2) == ["信息安全与", "知识产权"]
    lines = wrapped(samples.ENGLISH, 30, 2)
    assert len(lines) == 2 and lines[1].endswith("…") and all(cells(line) <= 30 for line in lines)
