"""What would improve a line: the best step first, nothing for a verified footprint, something for every other line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon.improving import improvements
from portal.core.carbon.value_of_information import VERIFIED
from portal.language.said.carbon import REASONS
from portal.web.staff.pages_line import STEP_WORDS

METHODS = ["supplier_specific", "hybrid", "average_data", "spend_based", "unreached"]


def codes(method: str, *reasons: str, product: bool = True, quantity: bool = True) -> list[str]:
    return [step.code for step in improvements(method, reasons, has_product=product, has_quantity=quantity)]


@pytest.mark.parametrize(
    ("method", "reasons", "first"),
    [
        ("supplier_specific", ("footprint_of_product",), "have_footprint_verified"),
        ("hybrid", ("allocated_by_quantity",), "ask_footprint"),
        ("average_data", ("factor_of_world", "footprint_not_valid_on_date"), "ask_footprint_valid_then"),
        (
            "spend_based",
            ("spend_factor_of_world", "footprint_unit_differs"),
            "give_quantity_in_footprint_unit",
        ),
    ],
)
def test_the_best_step_comes_first(method: str, reasons: tuple[str, ...], first: str) -> None:
    assert codes(method, *reasons)[0] == first


def test_a_verified_footprint_leaves_nothing_to_ask() -> None:
    assert codes("supplier_specific", "footprint_of_product_verified") == []


def test_what_the_line_lacks_is_asked_of_the_ledger() -> None:
    assert codes("average_data", "factor_of_country", product=False)[0] == "name_product_and_ask_footprint"
    found = codes("spend_based", "spend_factor_of_country", product=False, quantity=False)
    assert found[0] == "give_quantity_and_ask_footprint"
    assert "give_quantity" in found
    assert codes("unreached", "unreached_without_sector_factor")[0] == "give_sector"


def test_obstacles_of_an_inventory_are_named_instead_of_asking_for_one() -> None:
    found = codes("average_data", "factor_of_country", "inventory_of_another_year")
    assert "ask_inventory_of_year" in found
    assert "ask_inventory" not in found


@given(
    st.sampled_from(METHODS),
    st.lists(st.sampled_from(sorted(REASONS)), max_size=4, unique=True),
    st.booleans(),
    st.booleans(),
)
def test_every_line_has_a_step_in_words_or_rests_on_a_verified_footprint(
    method: str, reasons: list[str], product: bool, quantity: bool
) -> None:
    steps = improvements(method, reasons, has_product=product, has_quantity=quantity)
    assert bool(steps) != ("footprint_of_product_verified" in reasons)
    assert all(step.code in STEP_WORDS for step in steps)
    assert all(step.sigma_ln is None or step.sigma_ln >= VERIFIED for step in steps)
    assert len({step.code for step in steps}) == len(steps)
