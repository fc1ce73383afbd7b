"""The interval of a total: always finite, always around the total, exact where it can be said by hand."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon.uncertainty import interval_95

amounts = st.decimals(min_value="-1e12", max_value="1e12", allow_nan=False, places=6)
spreads = st.lists(st.decimals(min_value=0, max_value="1e12", allow_nan=False, places=6), max_size=6)


@given(amounts, spreads)
def test_the_interval_is_finite_and_holds_the_total(total: Decimal, given_spreads: list[Decimal]) -> None:
    low, high = interval_95(total, given_spreads)
    assert low.is_finite() and high.is_finite()
    tolerance = abs(total) * Decimal("1e-30") + Decimal("1e-20")
    assert low - tolerance <= total <= high + tolerance


def test_credit_notes_that_nearly_cancel_the_purchases_overflow_nothing() -> None:
    low, high = interval_95(Decimal("0.000001"), [Decimal("500000"), Decimal("500000")])
    assert high - low > Decimal(2_000_000)
    assert low < 0 < high


def test_one_source_gives_the_ratio_of_its_own_spread() -> None:
    low, high = interval_95(Decimal(100), [Decimal(10)])
    assert abs(high / 100 - Decimal("0.196").exp()) < Decimal("1e-20")
    assert abs(low * high - 10_000) < Decimal("1e-20")
