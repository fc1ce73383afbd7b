"""Rules and doubts of footprints: each finds what it is for, says nothing otherwise, and never betrays a peer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.carbon.details import Details, read_details
from portal.core.carbon.footprint_doubts import Context, Floor, Grid, all_doubts, peer_bands
from portal.core.carbon.footprint_rules import broken_rules
from portal.core.carbon.pcf import Footprint
from portal.core.carbon.plausibility import BANDS, Band, bands_with, doubts
from portal.core.units import convert
from portal.files.step_energy import floors, grids
from portal.operations.factor_library import in_use


def made(
    pcf: str = "20", unit: str = "kg", amount: str = "1", material: str = "polysilicon", **more: object
) -> Footprint:
    footprint = Footprint(
        "F",
        "S",
        "P",
        unit,
        Decimal(amount),
        Decimal(pcf),
        date(2025, 1, 1),
        date(2025, 12, 31),
        material=material,
    )
    return replace(footprint, **more)  # type: ignore[arg-type]


def codes(footprint: Footprint, details: Details | None = None, **known: object) -> list[str]:
    context = Context(**known)  # type: ignore[arg-type]
    return [problem.code for problem in all_doubts(footprint, details or Details(), context)]


@pytest.mark.parametrize(
    ("pcf", "unit", "stated", "likely"),
    [("20000", "kg", "kg", "t"), ("0.02", "kg", "kgCO2e", "tCO2e"), ("20", "t", "t", "kg"), ("20000000", "t", "kgCO2e", "gCO2e"),
     ("20", "g", "g", "kg")],
)  # fmt: skip
def test_a_slip_of_a_thousand_names_the_unit_probably_meant(
    pcf: str, unit: str, stated: str, likely: str
) -> None:
    (problem,) = doubts(made(pcf, unit))
    assert (problem.code, problem.values["stated"], problem.values["likely"]) == (
        "footprint_thousandfold",
        stated,
        likely,
    )


@given(
    st.sampled_from(sorted(BANDS)),
    st.decimals(min_value="0.001", max_value="1000000", places=3),
    st.sampled_from((1, 1000)),
)
def test_the_same_figure_is_judged_alike_in_any_unit(material: str, pcf: Decimal, times: int) -> None:
    unit = BANDS[material][0].unit
    larger = {"kg": "t", "kWp": "MWp"}.get(unit)
    if larger is None:
        return
    small = Footprint(
        "F",
        "S",
        "P",
        unit,
        Decimal(times),
        pcf * times,
        date(2025, 1, 1),
        date(2025, 12, 31),
        material=material,
    )
    large = replace(small, declared_unit=larger, declared_amount=convert(Decimal(times), unit, larger))
    assert [p.code for p in doubts(small)] == [p.code for p in doubts(large)]


def test_bands_come_from_factors_where_none_is_built_in(session) -> None:  # type: ignore[no-untyped-def]
    bands = bands_with(in_use(session).factors)
    assert bands["polysilicon"] == BANDS["polysilicon"]
    assert "wafer" not in bands, "the electricity of a step is a lower bound, not a band"
    (pallet,) = bands["pallet"]
    assert pallet.low < pallet.high and pallet.source


def peers(*figures: str) -> dict[tuple[str, str], dict[int, list[Footprint]]]:
    return {("polysilicon", "mass"): {number: [made(pcf)] for number, pcf in enumerate(figures)}}


def test_four_other_suppliers_say_nothing_and_five_do() -> None:
    assert peer_bands(peers("10", "20", "20", "30")) == {}
    band = peer_bands(peers("10", "20", "20", "30", "20"))
    assert codes(made("65"), peers=band) == ["footprint_above_peers"]
    assert codes(made("20"), peers=band) == []


def test_one_supplier_with_many_footprints_counts_once() -> None:
    assert peer_bands({("polysilicon", "mass"): {1: [made("20")] * 9, 2: [made("30")]}}) == {}


@given(st.lists(st.decimals(min_value="1", max_value="90", places=2), min_size=5, max_size=9))
def test_a_peer_band_carries_no_supplier_figure(figures: list[Decimal]) -> None:
    band = peer_bands(peers(*(str(figure) for figure in figures)))["polysilicon", "mass"]
    assert (
        len(band.low.normalize().as_tuple().digits) == 1 and len(band.high.normalize().as_tuple().digits) == 1
    )
    assert band.low * 9 <= band.high
    for problem in all_doubts(made("69"), Details(), Context(peers={("polysilicon", "mass"): band})):
        assert set(problem.values) <= {"column", "found", "unit", "material"}
        assert problem.values["found"] == "69"


def test_a_change_beyond_the_band_is_asked_and_one_within_is_not() -> None:
    previous = {"P": made("40")}
    assert codes(made("31"), previous=previous) == []
    assert codes(made("29"), previous=previous) == ["footprint_changed"]
    assert codes(made("29000", "t"), previous=previous) == ["footprint_changed"]
    assert codes(made("29", product_id="Q"), previous=previous) == []


def test_less_than_the_electricity_of_its_steps_is_asked() -> None:
    known = {
        "floors": {"polysilicon": Floor(Decimal(33), "s")},
        "grids": {"CN": Grid(Decimal("0.5"), 2024, "g")},
    }
    assert codes(made("16.4", geography="CN"), **known) == ["footprint_below_electricity"]
    assert codes(made("16.5", geography="CN"), **known) == []
    assert codes(made("12", geography="NO"), **known) == []
    assert codes(made("12"), country="CN", **known) == ["footprint_below_electricity"]


def test_floors_and_grids_come_from_the_shipped_tables() -> None:
    assert floors()["polysilicon"].kwh == 33 and floors()["cell"].kwh > floors()["wafer"].kwh > 33
    assert grids()["NO"].factor < grids()["CN"].factor


def test_the_sum_rule_asks_and_never_refuses() -> None:
    details, problems = read_details(
        {"fossil_emissions": "15", "pcf_including_uptake": "20", "biogenic_uptake": "-1"}
    )
    assert problems == []
    assert codes(made("20"), details) == ["footprint_sum_differs", "footprint_uptake_differs"]
    whole, _ = read_details(
        {
            "fossil_emissions": "19.9",
            "biogenic_non_co2": "0.05",
            "pcf_including_uptake": "19",
            "biogenic_uptake": "-1",
        }
    )
    assert codes(made("20"), whole) == []


def test_a_mass_beside_a_unit_of_mass_is_held_against_it() -> None:
    details, _ = read_details({"mass_kg": "2.5"})
    assert codes(made("20"), details) == ["footprint_mass_differs"]
    assert codes(made("50", amount="2.5"), details) == []
    assert codes(made("9", "m2", material="glass"), details) == []


@pytest.mark.parametrize(
    ("end", "until", "fits"),
    [(date(2025, 12, 31), date(2028, 12, 31), True), (date(2025, 12, 31), date(2029, 1, 1), False),
     (date(2024, 2, 29), date(2027, 2, 28), True), (date(2024, 2, 29), date(2027, 3, 1), False),
     (date(2025, 12, 31), date(9999, 12, 31), False), (date(2025, 12, 31), None, True)],
)  # fmt: skip
def test_a_footprint_is_valid_for_three_years_at_most(end: date, until: date | None, fits: bool) -> None:
    footprint = made(period_start=date(2024, 1, 1), period_end=end, valid_until=until)
    assert ([p.code for p in broken_rules(footprint, Details())] == []) is fits


def test_units_places_and_validity_are_rules() -> None:
    details, _ = read_details({"subdivision": "DE-BW", "valid_from": "2029-01-01"})
    found = {p.code for p in broken_rules(made(unit="kWh", geography="CN"), details)}
    assert found == {"footprint_unit_class", "footprint_place_differs", "footprint_valid_from_late"}


@pytest.mark.parametrize(
    ("values", "column", "code"),
    [
        ({"rating_temporal": "2"}, "rating_scale", "detail_scale_missing"),
        ({"rating_temporal": "4", "rating_scale": "pact-2"}, "rating_temporal", "detail_off_scale"),
        ({"exempted_percent": "101"}, "exempted_percent", "footprint_share_over_100"),
        ({"biogenic_uptake": "1"}, "biogenic_uptake", "detail_above_zero"),
        ({"fossil_carbon": "-1"}, "fossil_carbon", "row_too_small"),
        ({"mass_kg": "1,5"}, "mass_kg", "row_number_expected"),
        ({"gas_basis": "GWP"}, "gas_basis", "detail_gas_basis_expected"),
        ({"preceding_ids": "PCF-1"}, "preceding_ids", "detail_uuid_expected"),
        ({"secondary_sources": "ecoinvent"}, "secondary_sources", "detail_source_form"),
        ({"product_rules": "PCR 7"}, "product_rules", "detail_rule_form"),
        ({"subdivision": "Anhui"}, "subdivision", "detail_subdivision_expected"),
        ({"verified_on": "soon"}, "verified_on", "row_date_expected"),
        ({"region": "Atlantis"}, "region", "detail_choice_unknown"),
        ({"packaging_included": "perhaps"}, "packaging_included", "row_yes_no_expected"),
    ],
)
def test_each_further_field_is_judged(values: dict[str, str], column: str, code: str) -> None:
    _, problems = read_details(values)
    assert [(p.code, p.where) for p in problems] == [(code, column)]


@given(st.lists(st.decimals(min_value="9", max_value="70", places=2), min_size=1, max_size=4))
def test_no_band_no_doubt(values: list[Decimal]) -> None:
    for value in values:
        assert codes(made(str(value))) == []
        assert codes(made(str(value), material="unknown")) == []
        assert codes(made(str(value)), bands={"polysilicon": (Band(Decimal(1), Decimal(2), "kg", ""),)}) != []
