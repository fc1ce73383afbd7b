"""Two estimates compared: what changed from the one to the other, and why."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from portal.core.errors import NotFound
from portal.operations.estimate_comparing import compared
from portal.operations.estimate_lines import supplier_names
from portal.operations.estimates import estimate_by_id
from portal.reports.csv_out import csv_bytes
from portal.store.estimates import Estimate, all_estimates
from portal.web.context import db, locale, site
from portal.web.downloads import send_bytes
from portal.web.guard import needs
from portal.web.staff.pages_changes import change_columns, changes_page, estimate_label

pages = Blueprint("estimate_comparing", __name__, url_prefix="/category-1/compare")


@pages.get("")
@needs("staff:estimates:see")
def changes() -> str:
    """The change from `?from=` to `?to=`; without them, the two newest estimates of different years."""
    known = all_estimates(db())
    first, second = _asked(known)
    seen = None
    if first is not None and second is not None:
        found = compared(db(), site().vault, first, second)
        seen = changes_page(first, second, found, supplier_names(db(), locale()), locale())
    return render_template(
        "staff/estimates/changes.html",
        choices=[(each.id, f"{estimate_label(each)} · {each.ledger.name}") for each in known],
        first=first,
        second=second,
        seen=seen,
    )


@pages.get("/<int:first_id>/<int:second_id>/changes.csv")
@needs("staff:estimates:see")
def changes_csv(first_id: int, second_id: int) -> Response:
    """Every purchase with its effects in kg."""
    first, second = estimate_by_id(db(), first_id), estimate_by_id(db(), second_id)
    found = compared(db(), site().vault, first, second)
    columns = change_columns(supplier_names(db(), locale()))
    name = f"category-1-{first.year}-{first.run}-to-{second.year}-{second.run}.csv"
    return send_bytes(csv_bytes(columns, found.rows, locale()), name, "text/csv")


def _asked(known: list[Estimate]) -> tuple[Estimate | None, Estimate | None]:
    """The two estimates to compare, earlier first unless the address says otherwise."""
    by_id = {str(each.id): each for each in known}
    asked = [request.args.get(name, "") for name in ("from", "to")]
    if any(number and number not in by_id for number in asked):
        raise NotFound
    if all(asked):
        return by_id[asked[0]], by_id[asked[1]]
    second = (
        by_id.get(asked[1]) or by_id.get(asked[0]) or max(known, key=lambda e: (e.year, e.id), default=None)
    )
    if second is None:
        return None, None
    others = [each for each in known if each.id != second.id]
    earlier = [each for each in others if each.year < second.year]
    first = max(earlier or others, key=lambda e: (e.year, e.id), default=None)
    return first, second
