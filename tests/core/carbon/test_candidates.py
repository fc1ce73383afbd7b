"""Multipliers of the cascade: conversions are exact, and the file of sources tells the very figure that was used."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from portal.core.carbon.candidates import ratio
from portal.core.carbon.pcf import Footprint
from portal.core.exact import rounded
from portal.core.units import CLASSES
from portal.operations.estimating import Inputs, run_estimate


@pytest.mark.parametrize("sizes", CLASSES.values(), ids=CLASSES)
def test_every_conversion_is_exact_in_both_directions(sizes: dict[str, Decimal]) -> None:
    for one, other in product(sizes, sizes):
        assert ratio(one, other) == Fraction(sizes[one]) / Fraction(sizes[other])


@pytest.mark.parametrize("declared", ["3", "1"])
def test_the_sources_tell_all_digits_of_a_large_multiplier(tmp_path: Path, declared: str) -> None:
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(
        "line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency\n"
        "L1,2023-05-05,S1,P1,glass,1,piece,,\n",
        encoding="utf-8",
    )
    footprint = Footprint(
        "F1",
        "S1",
        "P1",
        "piece",
        Decimal(declared),
        Decimal("7000000000.2"),
        date(2022, 1, 1),
        date(2022, 12, 31),
    )
    run_estimate(Inputs(ledger, footprints=[footprint]), year=2023, out_dir=tmp_path / "out")
    with (tmp_path / "out" / "sources.csv").open(encoding="utf-8") as stream:
        (row,) = csv.DictReader(stream)
    assert Decimal(row["kgco2e_per"]) == rounded(Fraction("7000000000.2") / Fraction(declared), 20)
    assert not row["kgco2e_per"].endswith("0")
