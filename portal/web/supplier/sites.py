"""The company's sites: named here, or known from the electricity register."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, Refused
from portal.language import N_
from portal.language.territories import place_name
from portal.operations.sites import add_site, read_site, remove_site
from portal.store.sites import Site, sites_of
from portal.web.context import actor, db, locale, now, tenant
from portal.web.forms.evidence import SiteForm, place_problems
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.supplier.company_choices import offer_regions, region_name

pages = Blueprint("sites", __name__, url_prefix="/sites")


@pages.get("")
@needs("supplier:evidence:write")
def sites() -> str:
    """All sites, and the form to name one."""
    return _page(SiteForm(formdata=None))


@pages.post("")
@needs("supplier:evidence:write")
def add() -> AnyResponse | tuple[str, int]:
    """Name a site."""
    form = SiteForm()
    given = {name: form[name].data or "" for name in ("name", "country", "region")}
    try:
        row = add_site(db(), actor(), place=read_site(given), now=now())
    except Invalid as invalid:
        place_problems(form, invalid.problems, "name")
        return _page(form), 422
    except Refused as refusal:
        place_problems(form, [refusal.problem], "name")
        return _page(form), 409
    tell(N_("“{name}” is in the list of your sites."), name=row.name)
    return redirect(url_for(".sites"), 303)


@pages.post("/<int:site_id>/remove")
@needs("supplier:evidence:write")
def remove(site_id: int) -> AnyResponse:
    """Take a site out of the list."""
    name = remove_site(db(), actor(), site_id=site_id, now=now())
    tell(N_("“{name}” is taken out of the list of your sites."), name=name)
    return redirect(url_for(".sites"), 303)


def _page(form: SiteForm) -> str:
    offer_regions(form.region)
    lines = [(site, _place(site)) for site in sites_of(db(), tenant())]
    return render_template("supplier/evidence/sites.html", lines=lines, form=form)


def _place(site: Site) -> str:
    country, region = place_name(locale(), site.country), region_name(site.region)
    if not region:
        return place_name(locale(), site.region or site.country)
    return country + region if locale() == "zh" else f"{region}, {country}"
