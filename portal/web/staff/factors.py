"""The factor library: search by word in both languages, one factor with all about it, rates and prices in use."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal.core.errors import NotFound
from portal.store.factor_reads import has_library
from portal.web.context import db, locale
from portal.web.guard import needs
from portal.web.staff.pages_factors import factor_page, library_page
from portal.web.staff.pages_money import money_page

pages = Blueprint("factors", __name__, url_prefix="/category-1/factors")


@pages.get("")
@needs("staff:factors:see")
def library() -> str:
    """All factors, searched, filtered and paged."""
    seen = library_page(db(), request.args, locale())
    return render_template("staff/factors/library.html", seen=seen, empty=not has_library(db()))


@pages.get("/factor")
@needs("staff:factors:see")
def factor() -> str:
    """One factor; `?id=` is its number, which may hold any sign."""
    wanted = request.args.get("id", "")[:120]
    if not wanted.isprintable():
        raise NotFound
    seen = factor_page(db(), wanted, locale())
    return render_template("staff/factors/factor.html", seen=seen)


@pages.get("/money")
@needs("staff:factors:see")
def money() -> str:
    """Exchange rates and prices as estimates use them, with what is missing."""
    return render_template("staff/factors/money.html", seen=money_page(db(), locale()))
