"""Warnings about inventories and electricity: each fires where it should, names the unit and the factor, and is silent otherwise."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.carbon.electricity import Use
from portal.core.carbon.grid import GridFactor, grid_factor
from portal.core.carbon.inventory import Inventory
from portal.core.carbon.register_doubts import (
    Surroundings,
    electricity_doubts,
    intensity,
    inventory_doubts,
)
from portal.core.problems import Problem
from portal.language.sentences import sentence

ANHUI = GridFactor("MEE-CN-AH-2023", "Anhui", "安徽", "CN-AH", 2023, Decimal("0.6"), "CO2 only")
CHINA = GridFactor("MEE-CN-2023", "China", "全国", "CN", 2023, Decimal("0.55"), "CO2 only")
SPAIN = GridFactor("EMBER-ESP-2024", "Spain", "", "ES", 2024, Decimal("0.15"), "life cycle")
GRID = (ANHUI, CHINA, SPAIN)
USED = (Use("Plant", "CN", 2025, "grid", Decimal(1000), "CN-AH"),)
BASE = Inventory("S", 2025, Decimal(500), scope2_market=Decimal(550), scope2_location=Decimal(600), output_quantity=Decimal(1000), output_unit="t")  # fmt: skip


def around(**changed: object) -> Surroundings:
    seen = Surroundings(grid=lambda c, r, y: grid_factor(GRID, c, r, y), uses=USED)
    return replace(seen, **changed)


def codes(problems: list[Problem]) -> set[str]:
    for problem in problems:
        for locale in ("en", "zh"):
            assert sentence(locale, problem)
    return {p.code for p in problems}


def test_a_plausible_inventory_is_not_questioned() -> None:
    last = replace(BASE, year=2024, scope1=Decimal(450))
    assert inventory_doubts(BASE, around(before=last)) == []


def test_a_jump_names_both_years() -> None:
    last = replace(BASE, year=2024, scope1=Decimal(200))
    (doubt,) = inventory_doubts(BASE, around(before=last))
    assert doubt.code == "inventory_jump_scope1"
    said = sentence("en", doubt)
    assert "500" in said and "200" in said and "2024" in said and "+150" in said


@pytest.mark.parametrize(("factor", "unit"), [(1000, "kgCO2e"), (Fraction(1, 1000), "ktCO2e")])
def test_a_thousandfold_slip_names_the_likely_unit(factor: int | Fraction, unit: str) -> None:
    wrong = replace(BASE, scope1=Decimal(500) * Decimal(1000) if factor == 1000 else Decimal("0.5"))
    found = [
        d for d in inventory_doubts(wrong, around(before=replace(BASE, year=2024))) if "scope1" in d.code
    ]
    assert [d.code for d in found] == ["inventory_thousandfold_scope1"]
    assert unit in sentence("en", found[0])


def test_output_in_kilograms_instead_of_tonnes() -> None:
    wrong = replace(BASE, output_quantity=Decimal(1_000_000))
    found = inventory_doubts(wrong, around(before=replace(BASE, year=2024)))
    assert [d.code for d in found] == ["inventory_thousandfold_output"]
    assert "kg" in sentence("en", found[0])
    right = replace(BASE, output_quantity=Decimal(1_000_000), output_unit="kg")
    assert inventory_doubts(right, around(before=replace(BASE, year=2024))) == []


def test_location_based_is_held_against_the_grid_of_the_province() -> None:
    off = replace(BASE, scope2_location=Decimal(200), scope2_market=None)
    (doubt,) = inventory_doubts(off, around())
    assert doubt.code == "scope2_off_grid_co2_only"
    said = sentence("en", doubt)
    assert "MEE-CN-AH-2023" in said and "0.6 kg/kWh" in said and "600" in said and "CO2 only" in said
    spanish = around(uses=(Use("Vigo", "ES", 2025, "grid", Decimal(1000)),))
    assert codes(inventory_doubts(replace(BASE, scope2_market=None), spanish)) == {"scope2_off_grid"}


def test_kilograms_in_scope_2_are_recognised_by_the_electricity() -> None:
    off = replace(BASE, scope2_location=Decimal(600_000), scope2_market=None)
    (doubt,) = inventory_doubts(off, around())
    assert doubt.code == "scope2_grid_thousandfold" and "kgCO2e" in sentence("en", doubt)


def test_without_a_factor_for_every_site_nothing_is_said() -> None:
    uses = (*USED, Use("Far", "XK", 2025, "grid", Decimal(5000)))
    assert inventory_doubts(replace(BASE, scope2_location=Decimal(200)), around(uses=uses)) == []


def test_own_generation_is_not_bought() -> None:
    uses = (*USED, Use("Plant", "CN", 2025, "own_pv", Decimal(9000), "CN-AH"))
    assert inventory_doubts(BASE, around(uses=uses)) == []


def test_market_above_location_in_spite_of_certificates() -> None:
    odd = replace(BASE, scope2_market=Decimal(700))
    assert inventory_doubts(odd, around()) == []
    assert codes(inventory_doubts(odd, around(certificates=Fraction(10)))) == {"scope2_market_above_location"}


def test_scope_2_and_electricity_belong_together() -> None:
    assert codes(inventory_doubts(BASE, around(uses=()))) == {"scope2_without_electricity"}
    bare = replace(BASE, scope2_market=None, scope2_location=None)
    assert codes(inventory_doubts(bare, around())) == {"scope2_missing"}
    assert codes(electricity_doubts(USED, 2025, around(inventory=bare))) == {"scope2_missing"}


def test_peers_need_five_and_none_is_told() -> None:
    own = intensity(BASE)
    assert own == (Fraction(1050_000, 1_000_000), "kg")
    peers = tuple(Fraction(n, 100) for n in (11, 12, 13, 14))
    assert inventory_doubts(BASE, around(peers=peers, peer_unit="kg")) == []
    five = (*peers, Fraction(15, 100))
    (doubt,) = inventory_doubts(BASE, around(peers=five, peer_unit="kg"))
    assert doubt.code == "intensity_off_peers" and doubt.values["typical"] == "0.1"
    assert inventory_doubts(BASE, around(peers=five, peer_unit="m2")) == []


def months(*amounts: str) -> list[Use]:
    return [
        Use("Plant", "CN", 2025, "grid", Decimal(a), "CN-AH", month) for month, a in enumerate(amounts, 1)
    ]


def test_a_site_thousand_times_last_year_was_given_in_kilowatt_hours() -> None:
    last = [Use("plant ", "CN", 2024, "grid", Decimal(1100), "CN-AH")]
    large = [replace(USED[0], mwh=Decimal(1_000_000))]
    (doubt,) = electricity_doubts(large, 2025, around(last_uses=last))
    assert doubt.code == "electricity_thousandfold" and "kWh" in sentence("en", doubt)
    assert codes(electricity_doubts([replace(USED[0], mwh=Decimal(3000))], 2025, around(last_uses=last))) == {
        "electricity_jump"
    }
    assert electricity_doubts(USED, 2025, around(last_uses=last)) == []


def test_one_month_in_another_unit_is_found() -> None:
    (doubt,) = electricity_doubts(months("80", "82", "81000", "79"), 2025, around())
    assert doubt.code == "electricity_month_off" and doubt.values["month"] == 3
    assert electricity_doubts(months("80", "82", "40", "120"), 2025, around()) == []
