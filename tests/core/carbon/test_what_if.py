"""What-ifs combine in any order, never avoid more than they act on, and nothing changes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon.what_if import Cut, Measure, Promise, Slice, Switch, outcome_of
from portal.core.errors import Refused

amounts = st.decimals(min_value=-1000, max_value=10**6, places=3)
slices = st.lists(
    st.builds(
        Slice,
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(["polysilicon", "glass"]),
        st.sampled_from(["kg", "t", "m2", ""]),
        amounts,
        st.none() | amounts,
    ),
    max_size=8,
)
values = st.decimals(min_value=0, max_value=60, places=3)
measures = st.lists(
    st.one_of(
        st.builds(
            Promise,
            st.sampled_from(["A", "B"]),
            st.sampled_from(["polysilicon", "glass"]),
            values,
            st.just("kg"),
        ),
        st.builds(
            Switch, st.sampled_from(["polysilicon", "glass"]), values, st.just("kg"), st.just("ANCHOR")
        ),
        st.builds(
            Cut, st.sampled_from(["polysilicon", "glass"]), st.decimals(min_value=0, max_value=100, places=1)
        ),
    ),
    max_size=6,
    unique_by=lambda m: (type(m), getattr(m, "supplier", ""), m.material),
)


@given(slices, measures)
def test_combined_measures_never_exceed_the_tonnes_they_act_on(
    given: list[Slice], chosen: list[Measure]
) -> None:
    found = outcome_of(given, chosen)
    assert found.avoided_kg <= found.acts_on_kg
    assert found.after_kg >= found.before_kg - found.acts_on_kg
    assert (
        sum(found.by_supplier.values(), Decimal(0))
        == found.avoided_kg
        == sum(found.by_material.values(), Decimal(0))
    )


@given(slices, measures, st.randoms())
def test_order_does_not_matter(given: list[Slice], chosen: list[Measure], chance) -> None:  # type: ignore[no-untyped-def]
    turned, mixed = list(chosen), list(given)
    chance.shuffle(turned)
    chance.shuffle(mixed)
    one, other = outcome_of(given, chosen), outcome_of(mixed, turned)
    assert (one.after_kg, one.by_supplier, one.acts_on_kg) == (
        other.after_kg,
        other.by_supplier,
        other.acts_on_kg,
    )
    assert sorted(map(str, one.parts)) == sorted(map(str, other.parts))


@given(slices)
def test_nothing_changes_nothing(given: list[Slice]) -> None:
    for chosen in ([], [Cut("glass", Decimal(0)), Cut("polysilicon", Decimal(0))]):
        found = outcome_of(given, chosen)
        assert found.avoided_kg == 0
        assert found.after_kg == found.before_kg


@given(slices, measures)
def test_together_they_avoid_no_more_than_the_sum_of_each_alone(
    given: list[Slice], chosen: list[Measure]
) -> None:
    lower = [m for m in chosen if not isinstance(m, Promise)]
    found = outcome_of(given, lower)
    assert found.avoided_kg <= sum((part.alone_kg for part in found.parts), Decimal(0))


BOUGHT = [
    Slice("POL-01", "polysilicon", "t", Decimal(4000), Decimal("0.1")),
    Slice("POL-02", "polysilicon", "kg", Decimal(1600), Decimal(100)),
    Slice("POL-02", "polysilicon", "", Decimal(50), None),
    Slice("GLS-01", "glass", "kg", Decimal(1000), Decimal(1000)),
    Slice("GLS-01", "glass", "kg", Decimal(-20), Decimal(-20)),
]


def test_worked_by_hand() -> None:
    """40 → 19 kg/kg for POL-01; POL-02 is at 16 already and keeps it; glass less a fifth; the credit note stays."""
    found = outcome_of(BOUGHT, [Switch("polysilicon", Decimal(19), "kg", "FBR"), Cut("glass", Decimal(20))])
    assert found.before_kg == 6630
    assert found.by_supplier == {"GLS-01": Decimal(200), "POL-01": Decimal(2100)}
    assert found.after_kg == 6630 - 2300
    assert [part.out_of_reach_kg for part in found.parts] == [50, 0]


def test_a_promise_goes_before_a_switch_even_where_it_is_higher() -> None:
    promise = Promise("POL-02", "polysilicon", Decimal(18), "kg")
    found = outcome_of(BOUGHT, [Switch("polysilicon", Decimal(14), "kg", "FBR"), promise])
    assert found.by_supplier == {"POL-01": Decimal(2600), "POL-02": Decimal(-200)}


def test_two_measures_for_the_same_thing_are_refused() -> None:
    with pytest.raises(Refused) as caught:
        outcome_of(BOUGHT, [Cut("glass", Decimal(20)), Cut("glass", Decimal(10))])
    assert caught.value.problem.code == "what_if_twice"
