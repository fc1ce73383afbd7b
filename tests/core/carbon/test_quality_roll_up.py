"""Quality of many lines: emission-weighted, scales kept apart, and no part claims what its sources did not state."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.carbon.quality_roll_up import Portion, Rating, SourceQuality, roll_up, total_of
from tests.make.examples import examples

GHG, PACT = "GHG Protocol, mean grade 1–4", "PACT v2, technological, 1–3"
SOURCES = {
    "PCF-1": SourceQuality(Decimal(80), {PACT: Decimal("1.2")}),
    "PCF-2": SourceQuality(Decimal(50), {PACT: Decimal("2.4")}),
    "PCF-3": SourceQuality(None),
    "F1": SourceQuality(Decimal(0)),
}
portions = st.lists(
    st.builds(
        Portion,
        supplier_id=st.sampled_from(["S1", "S2"]),
        material=st.sampled_from(["glass", "wafer"]),
        source_id=st.sampled_from([*SOURCES, "unknown"]),
        grade=st.sampled_from([Decimal("1.2"), Decimal("2.6"), Decimal("3.4")]),
        kg=st.decimals(1, 10**6, places=3, allow_nan=False),
        lines=st.integers(1, 9),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=examples(60), deadline=None)
@given(portions)
def test_parts_weigh_up_to_the_whole(known: list[Portion]) -> None:
    whole = total_of(known, SOURCES, grade_scale=GHG)
    parts = roll_up(known, SOURCES, by=lambda p: p.supplier_id, grade_scale=GHG)
    assert sum(p.kg for p in parts) == whole.kg
    assert sum(p.lines for p in parts) == whole.lines
    weighed = sum(p.kg * (p.primary_share or 0) for p in parts)
    assert abs(weighed - whole.kg * (whole.primary_share or 0)) < Decimal("1e-6")
    for rating in whole.ratings:
        scores = [SOURCES.get(p.source_id, SourceQuality()).ratings.get(PACT) for p in known]
        inside = [s for s in scores if s is not None] if rating.scale == PACT else [p.grade for p in known]
        assert min(inside) - Decimal("1e-20") <= rating.score <= max(inside) + Decimal("1e-20")
        assert 0 < rating.covered <= 100 + Decimal("1e-20")


def test_scales_are_never_mixed_and_say_how_much_they_speak_for() -> None:
    known = [
        Portion("S1", "glass", "PCF-1", Decimal("1.2"), Decimal(300), 3),
        Portion("S1", "glass", "F1", Decimal("3.0"), Decimal(700), 7),
    ]
    whole = total_of(known, SOURCES, grade_scale=GHG)
    assert whole.primary_share == Decimal(24)
    assert whole.ratings == (
        Rating(GHG, Decimal("2.46"), Decimal(100)),
        Rating(PACT, Decimal("1.2"), Decimal(30)),
    )


def test_a_share_that_is_not_stated_counts_as_nothing() -> None:
    known = [Portion("S1", "glass", "PCF-3", Decimal("1.2"), Decimal(300), 3)]
    assert total_of(known, SOURCES, grade_scale=GHG).primary_share == 0


def test_of_credit_notes_alone_nothing_is_said() -> None:
    known = [Portion("S1", "glass", "PCF-1", Decimal("1.2"), Decimal(-5), 1)]
    whole = total_of(known, SOURCES, grade_scale=GHG)
    assert (whole.primary_share, whole.ratings) == (None, ())
    assert total_of([], SOURCES, grade_scale=GHG).kg == 0
