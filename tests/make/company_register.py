"""One of each thing of the company register: an inventory with statement, electricity, a certificate, a file, a measure."""

from __future__ import annotations

import io
from datetime import date

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.certificates import read_certificates
from portal.demo.filing import LIMIT
from portal.operations.certificates import Claim, enter_certificates
from portal.operations.electricity import keep_uses, read_typed_uses
from portal.operations.electricity_files import accept_electricity_upload, add_electricity_upload
from portal.operations.inventories import read_typed_inventory, type_inventory
from portal.operations.keeping import kept_file
from portal.operations.measures import enter_measure, read_typed_measure
from portal.operations.register_judging import judge_inventory
from portal.store.carbon_doubts import open_doubts_of
from portal.web.context import Site

INVENTORY = {
    "year": "2024",
    "boundary": "operational",
    "scope1_process_tco2e": "300",
    "scope2_location_tco2e": "650",
    "verification_level": "limited",
    "verifier": "Example Verification Body",
    "verified_on": "2025-04-01",
}
CERTIFICATE = {
    "scheme": "gec",
    "serial_from": "1001",
    "serial_to": "1100",
    "mwh": "100",
    "generation_year": "2024",
    "technology": "solar",
    "country": "CN",
}
CSV = b"site,country,region,year,month,source,amount,unit\nPlant 2,CN,CN-AH,2024,,grid,50,MWh\n"


def fill_register(
    session: Session, site: Site, lead: Actor, code: str, evidence: int, commitment: int
) -> dict[str, object]:
    """Enter everything once; returns the ids by the names of tests/web/access_table.py."""
    now, today = site.clock(), date(2026, 11, 21)
    bare = {"year": "2023", "scope1_tco2e": "400", "scope2_location_tco2e": "640"}
    last = read_typed_inventory(bare, supplier_code=code, today=today)
    type_inventory(
        session, lead, record=last, typed=bare, doubts=[], replies={}, evidence_id=None, now=now
    )  # fmt: skip
    (doubt,) = open_doubts_of(session, lead.supplier_id or 0)
    head = {"site": "Plant 1", "country": "CN", "region": "CN-AH", "year": "2024", "unit": "MWh"}
    taken = read_typed_uses(head, [{"month": "", "source": "grid", "amount": "1000"}])
    keep_uses(session, lead, taken=taken, upload=None, doubts=[], replies={}, now=now)
    record = read_typed_inventory(INVENTORY, supplier_code=code, today=today)
    doubts = judge_inventory(session, lead.supplier_id or 0, record)
    replies = {doubt.key: "Read from the meters" for doubt in doubts}
    inventory = type_inventory(
        session, lead, record=record, typed=INVENTORY, doubts=doubts, replies=replies, evidence_id=evidence, now=now
    )  # fmt: skip
    value, _problems = read_certificates(CERTIFICATE, today=today)
    assert value is not None
    claim = Claim("serial_from", value, {}, CERTIFICATE, evidence)
    (certificate,), _none = enter_certificates(session, lead, claims=[claim], now=now)
    given = {"title": "Heat recovery", "status": "running", "tco2e_year": "120"}
    measure = enter_measure(
        session, lead, facts=read_typed_measure(given), typed=given, evidence_ids=[evidence], commitment_ids=[commitment],
        now=now,
    )  # fmt: skip
    waiting, accepted = (
        _file(session, site, lead, content) for content in (CSV, CSV.replace(b"Plant 2", b"Plant 3"))
    )
    accept_electricity_upload(
        session, lead, upload_id=accepted, vault=site.vault, replies={}, today=today, now=now
    )
    return {
        "doubt": doubt.id,
        "inventory": inventory.id,
        "certificate": certificate.id,
        "measure": measure.id,
        "electricity_file": waiting,
        "electricity_accepted": accepted,
    }


def _file(session: Session, site: Site, lead: Actor, content: bytes) -> int:
    with kept_file(site.vault, name="kwh.csv", stream=io.BytesIO(content), limit=LIMIT) as kept:
        return add_electricity_upload(
            session, lead, kind="electricity", kept=kept, quota=LIMIT, now=site.clock()
        ).id
