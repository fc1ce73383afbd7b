"""A waterfall leads from one total to the other: bars join, signs are told, nothing leaves the picture."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.reports.chart_svg import placed
from portal.reports.charts import Bar
from portal.reports.waterfall import Waterfall, described, picture
from tests.make.examples import examples

changes = st.lists(st.decimals(-(10**6), 10**6, places=2, allow_nan=False), min_size=1, max_size=8)


def chart(steps: list[Decimal], label: str = "Volume") -> Waterfall:
    end = Decimal(1000) + sum(steps, Decimal(0))
    named = tuple((f"{label} {n}", step) for n, step in enumerate(steps))
    return Waterfall("w", "Change", "It changed.", ("2024", Decimal(1000)), named, ("2025", end), "t", 1)


def bars(steps: list[Decimal]) -> list[Bar]:
    return [p for p in picture(chart(steps), "en").pieces if isinstance(p, Bar) and p.tone != "track"]


@settings(max_examples=examples(60), deadline=None)
@given(changes)
def test_bars_stay_inside_and_meet(steps: list[Decimal]) -> None:
    drawn = bars(steps)
    assert len(drawn) == len(steps) + 2
    for bar in drawn:
        assert -1e-9 <= bar.left <= bar.left + bar.width <= 1 + 1e-9
    for step, bar in zip(steps, drawn[1:-1], strict=True):
        assert bar.tone == ("act" if step > 0 else "strong")
        assert (bar.width > 0) == (step != 0)


def test_each_step_starts_where_the_last_one_ended() -> None:
    _, up, down, end = bars([Decimal(100), Decimal(-40)])
    assert abs(up.left + up.width - (down.left + down.width)) < 1e-9
    assert abs(down.left - end.left) < 0.01


def test_words_carry_every_number_with_its_sign_and_are_escaped() -> None:
    one = chart([Decimal("12.5"), Decimal(-3)], label="<b>Volume</b>")
    words = described(one, "en")
    assert "+12.5\u00a0t" in words
    assert "\u22123.0\u00a0t" in words
    assert "1\u202f009.5\u00a0t" in words
    drawn = placed(one.key, one.title, words, picture(one, "en"), "en")
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn
