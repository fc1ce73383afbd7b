"""The year before: other amounts, other suppliers, older footprints, and an estimate for the newer one to be compared with."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.demo.carbon import (
    PURCHASES,
    Bought,
    Footprints,
    Inventories,
    footprints_csv,
    inventory_csv,
    ledger_csv,
)
from portal.demo.companies import company
from portal.demo.filing import load_files
from portal.files.vault import Vault
from portal.operations.estimates import estimate_ledger
from portal.operations.ledgers import load_ledger

# Tonnes bought the year before, where they differ by more than the growth of the whole.
_OTHER_AMOUNTS = {
    "POL-01-N": 8_900,
    "POL-02-G": 3_200,
    "GLS-03-20": 84_000,
    "ALU-02-F": 2_600,
    "ENC-02-POE": 6_400,
}
_NOT_YET = frozenset({"POL-03", "PST-02"})
_GROWN_BY_PER_CENT = 7
# A frame maker that is no longer bought from.
_GONE = Bought("V-7010", "V-7010-F", "aluminium_frame", 5_200, "22.8", "CNY")

# As in `portal.demo.carbon`: what these companies knew of themselves a year earlier.
_FOOTPRINTS: Footprints = {
    "POL-02": (("POL-02-G", "polysilicon", "kg", "1", "19.4", "71", "yes"),),
    "GLS-01": (
        ("GLS-01-20", "glass", "kg", "1", "1.164", "60", "no"),
        ("GLS-01-32", "glass", "kg", "1", "1.131", "60", "no"),
    ),
    "ALU-02": (("ALU-02-F", "aluminium_frame", "kg", "1", "7.9", "52", "no"),),
}
_INVENTORIES: Inventories = {
    "GLS-03": ("121900", "66800", "66800", "75200", "66900", "6300", "201000", "57000000", "USD", "no"),
    "ALU-03": ("8200", "20100", "20900", "371000", "364800", "3700", "29600", "109000000", "USD", "no"),
}


def seed_year_before(
    session: Session, vault: Vault, analyst: Actor, leads: Mapping[str, Actor], *, year: int, now: datetime
) -> None:
    """Upload the older footprints and inventories, load the older ledger and estimate its year; all before the newer ones."""
    for number, code in enumerate(sorted({*_FOOTPRINTS, *_INVENTORIES})):
        files = {
            "footprints": footprints_csv(code, year, _FOOTPRINTS),
            "inventory": inventory_csv(code, year, _INVENTORIES),
        }
        at = now - timedelta(days=9 - number)
        load_files(session, vault, leads[code], company(code), files, year=year, now=at)
    content = io.BytesIO(ledger_csv(year, _purchases()))
    ledger, _new = load_ledger(session, analyst, content, name=f"purchases-{year}.csv", vault=vault, now=now)
    estimate_ledger(
        session, analyst, ledger_id=ledger.id, year=year, vault=vault, now=now + timedelta(minutes=6)
    )


def _purchases() -> tuple[Bought, ...]:
    before = []
    for bought in PURCHASES:
        if bought.supplier in _NOT_YET:
            continue
        tonnes = bought.tonnes
        if tonnes is not None:
            tonnes = _OTHER_AMOUNTS.get(bought.product, tonnes * 100 // (100 + _GROWN_BY_PER_CENT))
        before.append(replace(bought, tonnes=tonnes))
    return (*before, _GONE)
