"""What-ifs over a real estimate, and the path they are drawn into, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.what_if import Slice, outcome_of
from portal.core.errors import Invalid, NotFound
from portal.files.anchors import anchor_by_id, anchors
from portal.files.vault import Vault, open_vault
from portal.operations.estimates import estimate_by_id, estimate_ledger
from portal.operations.frame import open_year, read_figure, use_estimate, write_figure
from portal.operations.ledgers import load_ledger
from portal.operations.target_progress import progress_of
from portal.operations.targets import read_target, set_target
from portal.operations.what_ifs import (
    change_of,
    kept_what_if,
    measure_of,
    read_sketch,
    remove_what_if,
    save_what_if,
    slices_of,
)
from portal.store.engine import writing
from portal.store.estimates import Estimate
from portal.store.targets import WhatIf, what_ifs
from tests.make.people import actor_of, make_staff
from tests.make.purchases import ledger_stream

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
FBR = "PVE-POLY-FBR MEE-PCF-CN-2024"
LINES = (
    "L1,2024-03-01,S-001,,polysilicon,10,t,9000,CNY,CN,,Siemens",
    "L2,2024-03-02,S-001,,polysilicon,2000,kg,100000,CNY,CN,,more of it",
    "L3,2024-03-03,S-003,,aluminium_frame,500,kg,12000,CNY,CN,,frames",
    "L4,2024-03-04,S-003,,aluminium_frame,-100,kg,-2400,CNY,CN,,credit note",
    "L5,2024-03-04,S-003,,,,,5000,USD,CN,331318,extrusions",
    "L6,2023-12-31,S-001,,polysilicon,10,kg,90,CNY,CN,,last year",
)


@dataclass(frozen=True)
class Desk:
    """A manager with an estimate of 2024 over six purchase lines."""

    session: Session
    actor: Actor
    vault: Vault
    estimate: Estimate


@pytest.fixture
def desk(any_engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    with writing(any_engine) as session:
        actor, vault = actor_of(make_staff(session)), open_vault(tmp_path / "vault")
        ledger, _new = load_ledger(session, actor, ledger_stream(*LINES), name="l.csv", vault=vault, now=NOW)
        made, _new = estimate_ledger(session, actor, ledger_id=ledger.id, year=2024, vault=vault, now=NOW)
        yield Desk(session, actor, vault, estimate_by_id(session, made.id))


def saved(desk: Desk, *measures: dict[str, str], name: str = "Granular", from_year: str = "2026") -> WhatIf:
    sketch = read_sketch({"name": name, "from_year": from_year}, measures)
    outcome = outcome_of(slices_of(desk.vault, desk.estimate), [measure_of(m) for m in sketch.measures])
    return save_what_if(
        desk.session, desk.actor, estimate=desk.estimate, sketch=sketch, outcome=outcome, now=NOW
    )


def test_slices_add_up_to_the_estimate_and_carry_quantities(desk: Desk) -> None:
    slices = slices_of(desk.vault, desk.estimate)
    total = sum((one.kg for one in slices), Decimal(0))
    exact = sum((Decimal(m["kgco2e"]) for m in desk.estimate.summary["by_method"].values()), Decimal(0))
    assert total == exact
    found = {(one.supplier, one.material, one.unit): one for one in slices}
    # 72 kWh/kg × 0.5777 kgCO2e/kWh, the average factor of the tables: 10 t and 2 t stand apart by their unit.
    assert found["S-001", "polysilicon", "t"] == Slice(
        "S-001", "polysilicon", "t", Decimal("415944"), Decimal(10)
    )
    assert found["S-003", "aluminium_frame", "kg"].quantity == 400
    assert found["S-003", "", ""].quantity is None


@pytest.mark.parametrize(
    ("header", "lines", "bought"),
    [
        (
            "line_id,date,supplier_id,material,spend,currency,country",
            ("A,2024-01-01,S-001,glass,100,CNY,CN", "B,2024-01-01,S-001,glass,50,CNY,CN"),
            ("", None),
        ),
        (
            "line_id,date,supplier_id,material,quantity,unit",
            ("A,2024-01-01,S-001,glass,100,kg", "B,2024-01-01,S-001,glass,-20.5,kg"),
            ("kg", Decimal("79.5")),
        ),
        (
            " line_id ,date, supplier_id,material ,quantity,unit\u3000, spend , currency",
            (
                '"\tA",2024-01-01,S-001\u00a0,glass,"\t100", kg ,1,"\tCNY"',
                '"B\n",2024-01-01,S-001,\u3000glass,20,"\tkg",2,CNY\u3000',
                '"C,""x""\n\ny",2024-01-01,S-001,glass,3,kg,,',
            ),
            ("kg", Decimal(123)),
        ),
    ],
)
def test_whatever_a_ledger_looks_like_what_ifs_see_the_lines_the_estimate_was_made_of(
    desk: Desk, header: str, lines: tuple[str, ...], bought: tuple[str, Decimal | None]
) -> None:
    stream = ledger_stream(*lines, header=header)
    ledger, _new = load_ledger(desk.session, desk.actor, stream, name="other.csv", vault=desk.vault, now=NOW)
    made, _new = estimate_ledger(
        desk.session, desk.actor, ledger_id=ledger.id, year=2024, vault=desk.vault, now=NOW
    )
    methods = made.summary["by_method"].values()
    assert sum(method["lines"] for method in methods) == len(lines)
    total = sum((Decimal(method["kgco2e"]) for method in methods), Decimal(0))
    assert slices_of(desk.vault, made) == [Slice("S-001", "glass", bought[0], total, bought[1])]


def test_granular_and_a_cut_worked_out_by_hand(desk: Desk) -> None:
    row = saved(
        desk,
        {"kind": "switch", "anchor": FBR},
        {"kind": "cut", "material": "aluminium_frame", "percent": "20"},
    )
    silicon = 12_000 * (Decimal("41.5944") - Decimal("19.0641"))
    frames = 400 * Decimal("15.1") / 5
    assert Decimal(row.result["avoided_kgco2e"]) == silicon + frames
    assert row.result["by_supplier"] == {"S-001": "270363.6", "S-003": "1208"}
    assert row.measures[0]["value"] == "19.0641"
    change = change_of(row)
    assert change.shares["S-003"] == Fraction(1208) / Fraction(row.result["before_kgco2e"])


def test_anchors_name_their_source_and_what_they_leave_out() -> None:
    assert anchor_by_id("PVE-POLY-FBR") is None
    worked = anchor_by_id(FBR)
    assert worked is not None
    assert (worked.value, worked.partial, worked.formula) == (
        Decimal("19.0641"),
        True,
        "33 kWh/kg × 0.5777 kgCO2e/kWh",
    )
    assert all(anchor.source and anchor.boundary and anchor.url for anchor in anchors())
    partial = {anchor.id for anchor in anchors() if anchor.partial}
    assert "PV-POLY-FBR-GCL-XINHUAN-2025" in partial
    assert "PV-POLY-FBR-GCL-BAOTOU-2025" not in partial


@pytest.mark.parametrize(
    ("given", "measures", "where"),
    [
        ({"name": "", "from_year": "26"}, [], {"name", "from_year", "measures"}),
        ({"name": "x", "from_year": "2026"}, [{"kind": "switch", "anchor": "made-up"}], {"1-anchor"}),
        (
            {"name": "x", "from_year": "2026"},
            [{"kind": "cut", "material": "", "percent": "101"}],
            {"1-percent", "1-material"},
        ),
        (
            {"name": "x", "from_year": "2026"},
            [
                {
                    "kind": "promise",
                    "supplier": "",
                    "material": "",
                    "value": "28,4",
                    "unit": "tCO2e",
                    "source": "",
                }
            ],
            {"1-value", "1-supplier", "1-material", "1-source", "1-unit"},
        ),
        (
            {"name": "x", "from_year": "2026"},
            [{"kind": "cut", "material": "glass", "percent": "1"}] * 2,
            {"2-kind"},
        ),
        ({"name": "x\x00", "from_year": "2026"}, [{"kind": "magic"}], {"name", "1-kind"}),
    ],
)
def test_every_problem_of_a_sketch_is_told(
    given: dict[str, str], measures: list[dict[str, str]], where: set[str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        read_sketch(given, measures)
    assert {p.where for p in invalid.value.problems} == where


def test_a_what_if_taken_off_is_not_found(desk: Desk) -> None:
    row = saved(desk, {"kind": "cut", "material": "glass", "percent": "0"})
    assert row.result["avoided_kgco2e"] == "0"
    remove_what_if(desk.session, desk.actor, what_if_id=row.id, now=NOW)
    assert what_ifs(desk.session) == []
    with pytest.raises(NotFound):
        kept_what_if(desk.session, row.id)


def test_progress_draws_the_estimate_and_the_what_if_into_the_path(desk: Desk) -> None:
    session, actor = desk.session, desk.actor
    frame, _new = open_year(session, actor, year=2024, now=NOW)
    use_estimate(session, actor, frame_id=frame.id, estimate_id=desk.estimate.id, base=0, now=NOW)
    entry = read_figure({"value": "2", "unit": "MWp", "source": "MES"}, year=2024, item="production")
    write_figure(session, actor, frame_id=frame.id, item="production", entry=entry, base=0, now=NOW)
    given = {
        "base_year": "2023", "base_value": "300", "target_year": "2028", "reduction": "50", "path": "linear", "source": "B",
    }  # fmt: skip
    assert progress_of(session).path is None
    set_target(session, actor, facts=read_target(given), base=0, now=NOW)
    row = saved(desk, {"kind": "switch", "anchor": FBR})
    found = progress_of(session, row)
    assert [year.year for year in found.years] == [2023, 2024, 2025, 2026, 2027, 2028]
    latest = found.latest
    assert latest is not None and latest.status is not None and latest.interval is not None
    assert latest.intensity == Decimal(desk.estimate.summary["total_tco2e"]) / 2
    assert latest.path == 270
    assert latest.interval[0] < latest.intensity < latest.interval[1]
    assert [one.year for one in found.outlook] == [2025, 2026, 2027, 2028]
    assert found.outlook[0].with_what_if == found.outlook[0].with_commitments == latest.intensity
    assert round(found.outlook[1].both or Decimal(0), 5) == Decimal("270.36360")
    assert found.capped_by is not None
    assert date(2026, 1, 1).year == row.from_year
