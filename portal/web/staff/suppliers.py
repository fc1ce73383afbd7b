"""Suppliers: all of them with their last result, and one with facts, people, carbon data and journal."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.access import may
from portal.core.errors import Invalid, NotFound, Refused
from portal.language import N_
from portal.operations.suppliers import change_supplier
from portal.store.standings import journal_of_supplier
from portal.store.suppliers import Supplier, material_keys, role_keys
from portal.web.context import actor, db, locale, now, today
from portal.web.forms.base import add_problems
from portal.web.forms.suppliers import FactsForm, facts_of, offer_choices, place_problems
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.staff.listing import list_rows
from portal.web.staff.pages_suppliers import rows_of_all, supplier_page

pages = Blueprint("suppliers", __name__, url_prefix="/suppliers")


@pages.get("")
@needs("staff:suppliers:see")
def suppliers() -> str:
    """Every supplier with its newest assessment."""
    rows = rows_of_all(db(), locale(), today())
    return render_template("staff/suppliers/suppliers.html", listing=list_rows(rows, request.args))


@pages.get("/<int:supplier_id>")
@needs("staff:suppliers:see")
def supplier(supplier_id: int) -> str:
    """One supplier."""
    found = _supplier(supplier_id)
    seen = supplier_page(db(), found, locale(), today(), now())
    journal = journal_of_supplier(db(), supplier_id) if may(actor(), "staff:journal:see") else []
    return render_template("staff/suppliers/supplier.html", seen=seen, journal=journal)


@pages.get("/<int:supplier_id>/facts")
@needs("staff:suppliers:write")
def facts(supplier_id: int) -> str:
    """The form for a supplier's facts."""
    found = _supplier(supplier_id)
    form = FactsForm(
        formdata=None,
        code=found.code,
        name=found.name,
        name_zh=found.name_zh,
        country=found.country,
        roles=list(role_keys(found)),
        materials=list(material_keys(found)),
    )
    return _facts_page(found, form)


@pages.post("/<int:supplier_id>/facts")
@needs("staff:suppliers:write")
def change(supplier_id: int) -> AnyResponse | tuple[str, int]:
    """Change a supplier's facts."""
    found, form = _supplier(supplier_id), FactsForm()
    if form.validate():
        try:
            change_supplier(db(), actor(), supplier_id=supplier_id, facts=facts_of(form), now=now())
            tell(N_("Saved. Assessments already invited keep the roles they were invited with."))
            return redirect(url_for("staff.suppliers.supplier", supplier_id=supplier_id))
        except Invalid as invalid:
            place_problems(form, invalid.problems)
        except Refused as refusal:
            add_problems(form.code, [refusal.problem])
    return _facts_page(found, form), 422


def _facts_page(found: Supplier, form: FactsForm) -> str:
    offer_choices(form)
    return render_template("staff/suppliers/facts.html", form=form, supplier=found)


def _supplier(supplier_id: int) -> Supplier:
    found = db().get(Supplier, supplier_id)
    if found is None:
        raise NotFound
    return found
