"""The demo's factor library: shipped tables, a table of invented own factors in two versions, and two confirmed materials."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.files.uploads import LIMIT, TABLES
from portal.files.vault import Vault
from portal.operations.factor_choices import Wish, confirm_mapping
from portal.operations.factor_library import bring_in_shipped
from portal.operations.factor_uploads import accept_upload, add_upload
from portal.operations.keeping import kept_file

OWN_TABLE = "Example Solar own factors"
_HEADER = (
    "factor_id", "name_en", "name_zh", "category", "material", "geography", "year", "value", "unit", "gas_basis", "boundary",
    "source", "source_version", "licence", "url", "proxy",
)  # fmt: skip
# Invented figures: name, Chinese name, material, unit, value of the first and of the second edition ("" where not yet in it)
_ROWS = (
    ("OWN-PASTE-CN", "Silver paste (invented)", "银浆（虚构）", "silver_paste", "kgCO2e/kg", "312", "305"),
    ("OWN-PASTE-USD", "Silver paste per money (invented)", "银浆，按金额（虚构）", "silver_paste", "kgCO2e/USD-2022", "0.34", "0.29"),
    ("OWN-RIBBON-USD", "Tinned copper ribbon per money (invented)", "镀锡铜焊带，按金额（虚构）", "ribbon", "kgCO2e/USD-2022", "", "0.71"),
    ("OWN-BACKSHEET-CN", "Backsheet, three layers (invented)", "三层背板（虚构）", "backsheet", "kgCO2e/kg", "5.2", "4.6"),
    ("OWN-FRAME-RECYCLED-CN", "Aluminium frame, half recycled (invented)", "铝边框，半数再生铝（虚构）", "", "kgCO2e/kg", "", "9.1"),
)  # fmt: skip
_NOTES = {1: "First own study", 2: "Paste and backsheet measured again; ribbon and recycled frames added"}


def own_factors(version: int) -> bytes:
    """The organisation's own table, first or second version; every figure is invented."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_HEADER)
    for factor_id, name, name_zh, material, unit, *values in _ROWS:
        value = values[version - 1]
        if value:
            writer.writerow(
                (
                    factor_id, name, name_zh, "own/invented", material, "CN", 2023, value, unit, "AR6", "cradle-to-gate",
                    "Invented for the demo, not a published figure", f"edition {version}", "invented", "", "no",
                )
            )  # fmt: skip
    return stream.getvalue().encode()


def first_tables(session: Session, vault: Vault, manager: Actor, *, now: datetime) -> None:
    """The shipped tables, and the first edition of the own one in use."""
    bring_in_shipped(session, now=now)
    _edition(session, vault, manager, 1, now + timedelta(days=1))


def second_edition(session: Session, vault: Vault, manager: Actor, admin: Actor, *, now: datetime) -> None:
    """The second edition of the own table in use, and two materials confirmed by a person."""
    _edition(session, vault, manager, 2, now)
    wishes = (
        Wish(
            "silver_paste", ("OWN-PASTE-CN", "OWN-PASTE-USD"), "331410", "exact",
            "Our own study covers the paste we buy.", 0,
        ),
        Wish("glass", ("UP-GLASS-DESNZ24", "UP-GLASS-DESNZ24-M2"), "327211", "proxy", "", 0),
    )  # fmt: skip
    for wish in wishes:
        confirm_mapping(session, admin, wish=wish, now=now + timedelta(days=1))


def waiting_rates(session: Session, vault: Vault, manager: Actor, *, now: datetime) -> None:
    """A file of invented exchange rates that nobody has accepted yet."""
    text = "currency,year,per_usd,source\nMYR,2024,4.57,Invented for the demo\nMYR,2025,4.31,Invented for the demo\n"
    stream = io.BytesIO(text.encode())
    with kept_file(vault, name="treasury-rates.csv", stream=stream, limit=LIMIT, allowed=TABLES) as kept:
        add_upload(session, manager, kind="rates", table="", kept=kept, now=now)


def _edition(session: Session, vault: Vault, manager: Actor, number: int, at: datetime) -> None:
    stream = io.BytesIO(own_factors(number))
    with kept_file(
        vault, name=f"own-factors-{number}.csv", stream=stream, limit=LIMIT, allowed=TABLES
    ) as kept:
        row = add_upload(session, manager, kind="factors", table=OWN_TABLE, kept=kept, now=at)
        accept_upload(session, manager, upload_id=row.id, vault=vault, note=_NOTES[number], use=True, now=at)
