"""Makes purchase ledgers and the footprints and inventories that estimates rest on."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.store.carbon import CarbonUpload, FootprintRow, InventoryRow
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.make.people import AT

HEADER = (
    "line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency,country,sector,description"
)
# In 2024: one line per method, one no method reaches, a credit note; and one line of 2023.
LINES = (
    "L1,2024-03-01,S-001,GLASS-32,glass,1000,m2,9000,CNY,CN,,solar glass",
    "L2,2024-03-02,S-002,,polysilicon,2000,kg,100000,CNY,CN,,chips",
    "L3,2024-03-03,S-003,,aluminium_frame,500,kg,12000,CNY,CN,,frames",
    "L4,2024-03-04,S-003,,,,,5000,USD,CN,331318,extrusions",
    "L5,2024-03-05,S-404,,unheard_of,,,700,USD,CN,,=HYPERLINK",
    "L6,2024-03-06,S-003,,aluminium_frame,-100,kg,-2400,CNY,CN,,credit note",
    "L7,2023-12-31,S-001,GLASS-32,glass,10,m2,90,CNY,CN,,last year",
)


def ledger_bytes(*lines: str, header: str = HEADER) -> bytes:
    """A ledger file; without lines, the sample ledger."""
    return "\n".join([header, *(lines or LINES), ""]).encode()


def ledger_stream(*lines: str, header: str = HEADER) -> io.BytesIO:
    """The same as a stream."""
    return io.BytesIO(ledger_bytes(*lines, header=header))


def _upload(session: Session, supplier: Supplier, user: User, kind: str, name: str) -> CarbonUpload:
    upload = CarbonUpload(
        supplier_id=supplier.id,
        kind=kind,
        state="accepted",
        vault_key=f"aa/{supplier.id:016x}{len(kind):016x}",
        name=name,
        size=10,
        sha256="0" * 64,
        uploaded_by_id=user.id,
        uploaded_at=AT,
        decided_at=AT,
    )
    session.add(upload)
    session.flush()
    return upload


def make_footprint(
    session: Session, supplier: Supplier, user: User, *, footprint_id: str = "PCF-1", pcf: str = "8.4"
) -> FootprintRow:
    """A verified footprint of GLASS-32 per m2, read from B7 of glass.xlsx, in force since before any run."""
    row = FootprintRow(
        supplier_id=supplier.id,
        upload_id=_upload(session, supplier, user, "footprints", "glass.xlsx").id,
        footprint_id=footprint_id,
        product_id="GLASS-32",
        material="glass",
        declared_unit="m2",
        declared_amount=Decimal(1),
        pcf_kgco2e=Decimal(pcf),
        period_start=date(2023, 1, 1),
        period_end=date(2023, 12, 31),
        valid_until=date(2026, 12, 31),
        primary_data_share=Decimal(80),
        verified=True,
        geography="CN",
        cells={"pcf_kgco2e": "B7"},
        typed={"pcf_kgco2e": pcf},
        accepted_by_id=user.id,
        accepted_at=AT,
    )
    session.add(row)
    session.flush()
    return row


def make_inventory(session: Session, supplier: Supplier, user: User, *, year: int = 2024) -> InventoryRow:
    """An inventory with output in kg and revenue in CNY."""
    row = InventoryRow(
        supplier_id=supplier.id,
        upload_id=_upload(session, supplier, user, "inventory", "inventory.xlsx").id,
        year=year,
        scope1_tco2e=Decimal(1000),
        scope2_market_tco2e=Decimal(3000),
        scope3_upstream_tco2e=Decimal(1000),
        scope3={},
        output_quantity=Decimal(100000),
        output_unit="kg",
        revenue=Decimal(90000000),
        currency="CNY",
        cells={"scope1_tco2e": "C4"},
        typed={"scope1_tco2e": "1000"},
        accepted_by_id=user.id,
        accepted_at=AT,
    )
    session.add(row)
    session.flush()
    return row
