"""What stands behind the total of an estimate: quality and certainty, and where to ask next."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from portal.core.carbon.quality import QUALITY_SCALE
from portal.core.errors import NotFound
from portal.operations.estimate_analysis import asking, certainty, quality_found
from portal.operations.estimate_cells import cells_of
from portal.operations.estimate_lines import line_of, lines_folder, supplier_names, upload_behind
from portal.operations.estimates import estimate_by_id
from portal.reports.csv_out import csv_bytes
from portal.web.context import db, locale, site, today
from portal.web.downloads import send_bytes, send_vault_file
from portal.web.guard import needs
from portal.web.staff.pages_asking import ask_columns, ask_page, ask_rows
from portal.web.staff.pages_quality import quality_page

pages = Blueprint("estimate_analysis", __name__, url_prefix="/category-1")


@pages.get("/<int:estimate_id>/quality")
@needs("staff:estimates:see")
def quality(estimate_id: int) -> str:
    """Data quality by material and supplier, and how sure the total is."""
    found = estimate_by_id(db(), estimate_id)
    cells = cells_of(site().vault, found)
    seen = quality_page(
        quality_found(db(), found, cells),
        certainty(found, cells),
        found.summary.get("quality_scale", QUALITY_SCALE),
        supplier_names(db(), locale()),
        locale(),
    )
    return render_template("staff/estimates/quality.html", estimate=found, seen=seen)


@pages.get("/<int:estimate_id>/ask")
@needs("staff:estimates:see")
def ask(estimate_id: int) -> str:
    """Suppliers by what their own footprints would narrow."""
    estimate = estimate_by_id(db(), estimate_id)
    found = asking(db(), estimate, cells_of(site().vault, estimate))
    rows = ask_rows(db(), estimate, found, supplier_names(db(), locale()), locale())
    number = request.args.get("page", "1")
    asked = int(number[:6]) if number.isascii() and number.isdigit() else 1
    seen = ask_page(db(), found, rows, asked, today(), locale())
    return render_template("staff/estimates/ask.html", estimate=estimate, seen=seen)


@pages.get("/<int:estimate_id>/ask.csv")
@needs("staff:estimates:see")
def ask_csv(estimate_id: int) -> Response:
    """The whole list as a file."""
    estimate = estimate_by_id(db(), estimate_id)
    found = asking(db(), estimate, cells_of(site().vault, estimate))
    rows = ask_rows(db(), estimate, found, supplier_names(db(), locale()), locale())
    name = f"category-1-{estimate.year}-{estimate.run}-ask-next.csv"
    return send_bytes(csv_bytes(ask_columns(), rows, locale()), name, "text/csv")


@pages.get("/<int:estimate_id>/line/file")
@needs("staff:estimates:see")
def behind_file(estimate_id: int) -> Response:
    """The supplier's file that the figure behind a line (`?id=`) was read from; only what it accepted into the register."""
    estimate = estimate_by_id(db(), estimate_id)
    with lines_folder(site().vault, estimate) as folder:
        line = line_of(folder, request.args.get("id", ""))
    upload = None if line is None else upload_behind(db(), estimate, line)
    if upload is None or upload.state != "accepted":
        raise NotFound
    return send_vault_file(upload.vault_key, upload.name, "application/octet-stream", upload.sha256)
