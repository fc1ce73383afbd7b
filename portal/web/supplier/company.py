"""The landing page of the carbon data: what is there, what is missing for which year, the next step."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.web.context import db, tenant, today
from portal.web.guard import needs
from portal.web.supplier.pages_company import overview_page

pages = Blueprint("company", __name__, url_prefix="/carbon/overview")


@pages.get("")
@needs("supplier:carbon:write")
def overview() -> str:
    """The carbon data at a glance."""
    return render_template("supplier/company/overview.html", seen=overview_page(db(), tenant(), today()))
