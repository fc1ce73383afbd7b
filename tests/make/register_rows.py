"""Rows of a supplier's carbon register for the year 2025, put where accepted files would put them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.store.assessments import Assessment
from portal.store.carbon import CarbonUpload, FootprintRow, InventoryRow
from portal.store.electricity import Certificate, ElectricityUse
from portal.store.people import User
from tests.make.people import AT


def use(session: Session, assessment: Assessment, user: User, mwh: str, source: str = "grid", month: int | None = None, site: str = "Works") -> ElectricityUse:  # fmt: skip
    row = ElectricityUse(
        supplier_id=assessment.supplier_id, site=site, country="CN", year=2025, month=month, source=source,
        mwh=Decimal(mwh), cells={}, typed={}, entered_by_id=user.id, entered_at=AT,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def certificate(session: Session, assessment: Assessment, user: User, mwh: str, first: int, *, scheme: str = "gec", retired: bool = True, year: int = 2025) -> Certificate:  # fmt: skip
    row = Certificate(
        supplier_id=assessment.supplier_id, scheme=scheme, registry_key=scheme, registry_name="", serial_from=f"{first}",
        serial_to=f"{first + int(Decimal(mwh)) - 1}", series="s", start_key=f"{first:060d}", end_key=f"{first + int(Decimal(mwh)) - 1:060d}",
        mwh=Decimal(mwh), generation_year=year, technology="wind", country="CN", backs="grid",
        retired_on=date(2026, 1, 5) if retired else None, cells={}, typed={}, entered_by_id=user.id, entered_at=AT,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def inventory(session: Session, assessment: Assessment, user: User, scope1: str = "120.5", year: int = 2025) -> InventoryRow:  # fmt: skip
    row = InventoryRow(
        supplier_id=assessment.supplier_id, year=year, scope1_tco2e=Decimal(scope1), scope3={}, cells={}, typed={},
        scope2_location_tco2e=Decimal("80"), scope2_market_tco2e=Decimal("60"), output_quantity=Decimal("500"),
        output_unit="t", accepted_by_id=user.id, accepted_at=AT,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def footprint(session: Session, assessment: Assessment, user: User, product: str, share: str | None = "62.5", end: date = date(2025, 12, 31)) -> FootprintRow:  # fmt: skip
    upload = CarbonUpload(
        supplier_id=assessment.supplier_id, kind="footprints", state="accepted", vault_key=f"{product}-{end}", name="f.csv",
        size=1, sha256="0" * 64, uploaded_by_id=user.id, uploaded_at=AT,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    row = FootprintRow(
        supplier_id=assessment.supplier_id, upload_id=upload.id, footprint_id=f"F-{product}-{end}", product_id=product,
        material="glass", declared_unit="kg", declared_amount=Decimal("1"), pcf_kgco2e=Decimal("1.25"),
        period_start=date(end.year, 1, 1), period_end=end, primary_data_share=Decimal(share) if share else None,
        verified=True, geography="CN", cells={}, typed={}, accepted_by_id=user.id, accepted_at=AT,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
