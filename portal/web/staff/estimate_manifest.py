"""The run behind an estimate: its inputs, versions and files by hash, and the check that it comes out again."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.operations.estimate_register import gathered_at
from portal.operations.estimate_reproducing import ask_check
from portal.operations.estimates import estimate_by_id
from portal.reports.csv_out import csv_bytes
from portal.web.context import actor, db, locale, now, site
from portal.web.downloads import send_bytes, send_vault_file
from portal.web.guard import needs
from portal.web.staff.jobs import wake
from portal.web.staff.pages_manifest import footprint_columns, inventory_columns, manifest_page

pages = Blueprint("estimate_manifest", __name__, url_prefix="/category-1")


@pages.get("/<int:estimate_id>/run")
@needs("staff:estimates:see")
def manifest(estimate_id: int) -> str:
    """What the run was made from and with, its files, and the last check."""
    found = estimate_by_id(db(), estimate_id)
    seen = manifest_page(db(), site().vault, found, locale())
    return render_template("staff/estimates/manifest.html", estimate=found, seen=seen)


@pages.post("/<int:estimate_id>/check")
@needs("staff:estimates:run")
def check(estimate_id: int) -> AnyResponse:
    """Ask for the run to be made again and compared; nothing is changed."""
    return wake(ask_check(db(), actor(), estimate_id=estimate_id, now=now()))


@pages.get("/<int:estimate_id>/lines.parquet")
@needs("staff:estimates:see")
def lines_parquet(estimate_id: int) -> Response:
    """All lines in the form engines read."""
    found = estimate_by_id(db(), estimate_id)
    name = f"category-1-{found.year}-{found.run}-lines.parquet"
    return send_vault_file(found.parquet_key, name, "application/vnd.apache.parquet")


@pages.get("/<int:estimate_id>/<kind>.csv")
@needs("staff:estimates:see")
def register_csv(estimate_id: int, kind: str) -> Response:
    """The register as the run saw it, in the form `upstream estimate` reads."""
    if kind not in ("footprints", "inventories"):
        raise NotFound
    found = estimate_by_id(db(), estimate_id)
    gathered = gathered_at(db(), found)
    if kind == "footprints":
        data = csv_bytes(footprint_columns(), gathered.footprints, "en", bom=False)
    else:
        data = csv_bytes(inventory_columns(), gathered.inventories, "en", bom=False)
    return send_bytes(data, f"{kind}.csv", "text/csv")
