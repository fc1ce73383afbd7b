"""Lines over years as SVG: every number in words, gaps left open, nothing of a name can break out."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from portal.reports.line_chart import HEIGHT, Line, LineChart, described, line_svg

D = Decimal
CHART = LineChart(
    key="path",
    title="T",
    caption="We stand 6.2 % above.",
    years=(2023, 2024, 2025, 2026),
    lines=(
        Line("Actual <b>", (D(400), D(380), None, None), "strong", "solid", True, (None, (D(300), D(460)), None, None)),
        Line("Path", (D(400), D(350), D(300), D(250)), "quiet", "dashed"),
        Line("Outlook", (None, D(380), None, D(370)), "plan", "chain"),
    ),
    unit="tCO₂e/MWp",
    places=1,
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(str(line_svg(CHART, "en")))


def strokes(dash: str) -> int:
    return sum(1 for line in drawn().iter(f"{SVG}line") if line.get("stroke-dasharray") == dash) - 1


def test_neighbours_are_joined_and_gaps_stay_open() -> None:
    assert strokes("7 5") == 3
    assert strokes("") == 1
    assert strokes("9 4 2 4") == 0


def test_points_stand_where_their_numbers_say() -> None:
    circles = [c for c in drawn().iter(f"{SVG}circle") if c.get("cx", "").endswith("%")]
    assert len(circles) == 2
    bottom = max(float(line.get("y1", "0")) for line in drawn().iter(f"{SVG}line"))
    # The scale ends at 500, the first round number above the highest bound drawn.
    assert float(circles[0].get("cy", "0")) == pytest.approx(bottom - HEIGHT * 400 / 500, abs=0.1)
    band = next(line for line in drawn().iter(f"{SVG}line") if line.get("stroke-opacity") == "0.28")
    assert float(band.get("y1", "0")) == pytest.approx(bottom - HEIGHT * 300 / 500, abs=0.1)


def test_all_numbers_are_said_in_words() -> None:
    said = described(CHART, "en")
    assert said.startswith("We stand 6.2 % above.")
    assert "Path: 2023 400.0, 2024 350.0, 2025 300.0, 2026 250.0" in said
    assert "Outlook: 2024 380.0, 2026 370.0" in said
    assert said.endswith("(tCO₂e/MWp).")


def test_text_is_escaped_and_nothing_is_styled_inline() -> None:
    text = str(line_svg(CHART, "zh"))
    assert "<b>" not in text and "Actual &lt;b&gt;" in text
    assert not re.search(r"\sstyle=|<script", text)


def test_an_empty_chart_is_still_a_chart() -> None:
    empty = LineChart("k", "T", "C", (2025,), (Line("Actual", (None,)),))
    assert ElementTree.fromstring(str(line_svg(empty, "en"))).get("role") == "img"
