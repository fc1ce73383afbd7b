"""Makes small real files, and ones that only pretend."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import xlsxwriter
from flask.testing import FlaskClient
from sqlalchemy import Engine, Select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.store.engine import reading

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"IEND\xaeB`\x82"

FOOTPRINT = {
    "footprint_id": "PCF-1",
    "product_id": "GL-32",
    "material": "glass",
    "declared_unit": "m2",
    "declared_amount": "1",
    "pcf_kgco2e": "9.85",
    "period_start": "2025-01-01",
    "period_end": "2025-12-31",
    "valid_until": "2027-12-31",
    "primary_data_share": "72",
    "verified": "yes",
    "geography": "CN",
}
INVENTORY = {
    "year": "2025",
    "scope1_tco2e": "1250.5",
    "scope2_market_tco2e": "8300",
    "scope2_location_tco2e": "10120.75",
    "scope3_category_1_tco2e": "41000",
    "scope3_category_4_tco2e": "2100",
    "output_quantity": "38000",
    "output_unit": "t",
    "verified": "no",
}


def pdf_bytes(words: str = "certificate") -> bytes:
    """A PDF as far as anybody looks who does not parse it."""
    return b"%PDF-1.4\n% " + words.encode() + b"\nstartxref\n0\n%%EOF\n"


def csv_bytes(*rows: Mapping[str, str]) -> bytes:
    """Rows of text as CSV with the header of the first."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def xlsx_bytes(header: Sequence[str], *rows: Sequence[object]) -> bytes:
    """A workbook with one sheet; numbers stay numbers, text beginning with = becomes a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Footprints")
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def post_file(client: FlaskClient, url: str, data: bytes, name: str, **fields: str) -> TestResponse:
    """Upload one file as a browser does; the body is made in memory, so that no temporary file is left open."""
    boundary, body = encode_multipart({**fields, "file": FileStorage(io.BytesIO(data), name)})
    return client.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def vault_files(folder: Path) -> list[Path]:
    """Every file that lies in a vault's folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def seen(session: Session, query: Select[Any]) -> list[Any]:
    """Rows as the database has them now, read in passing: no lock is left behind."""
    with reading(cast(Engine, session.get_bind())) as passing:
        return list(passing.scalars(query))
