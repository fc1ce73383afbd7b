"""Company inventories on the supplier's side: what is in force, a typed form, verification statements."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.carbon.doubts import reply_problems
from portal.core.carbon.inventory import SCOPE3_COLUMNS
from portal.core.carbon.inventory_record import SCOPE1_COLUMNS
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.exact import decimal_text
from portal.language import N_
from portal.operations.doubts import replies_before
from portal.operations.inventories import (
    read_typed_inventory,
    state_verification,
    take_out,
    type_inventory,
)
from portal.operations.register_judging import judge_inventory
from portal.store.carbon import InventoryRow
from portal.store.carbon_doubts import doubts_about
from portal.store.inventories import inventory_history, inventory_of, statements_of
from portal.store.suppliers import Supplier
from portal.web.company_pages import InventoryView, Question, inventory_view, questions
from portal.web.context import actor, db, locale, now, tenant, today
from portal.web.forms.company import (
    INVENTORY_FIELDS,
    STATEMENT_FIELDS,
    InventoryForm,
    StatementForm,
    given,
    place_by_label,
)
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.supplier.company_choices import chosen_id, offer_files

pages = Blueprint("inventories", __name__, url_prefix="/carbon/inventories")

ONE = "/<int:inventory_id>"


@pages.get("")
@needs("supplier:carbon:write")
def inventories() -> str:
    """Every inventory: in force first, then what they replaced."""
    rows = inventory_history(db(), tenant())
    views = _views(rows)
    return render_template(
        "supplier/inventories/inventories.html",
        current=[v for v in views if v.replaced_at is None],
        replaced=[v for v in views if v.replaced_at is not None],
    )


@pages.get("/new")
@needs("supplier:carbon:write")
def form() -> str:
    """The form, empty or filled from an inventory to correct."""
    start = request.args.get("from", type=int)
    row = inventory_of(db(), tenant(), start) if start and 0 < start < 2**31 else None
    return _form(_filled(row) if row else InventoryForm(formdata=None), [])


@pages.post("/new")
@needs("supplier:carbon:write")
def enter() -> AnyResponse | tuple[str, int]:
    """Put a typed inventory into the register, once its doubts are answered."""
    form = InventoryForm()
    typed = given(form, INVENTORY_FIELDS)
    code = db().get_one(Supplier, tenant()).code
    try:
        record = read_typed_inventory(typed, supplier_code=code, today=today())
        doubts = judge_inventory(db(), tenant(), record)
        replies = {d.key: request.form[d.key] for d in doubts if d.key in request.form}
        if reply_problems(doubts, replies):
            before = replies_before(db(), tenant(), "inventory", doubts)
            return _form(form, questions(doubts, replies, locale(), before)), 422
        row = type_inventory(
            db(), actor(), record=record, typed=typed, doubts=doubts, replies=replies,
            evidence_id=chosen_id(form.evidence.data), now=now(),
        )  # fmt: skip
    except Invalid as invalid:
        place_by_label(form, invalid.problems, "year")
        return _form(form, []), 422
    tell(N_("The inventory of {year} is in the register."), year=row.year)
    return redirect(url_for(".inventory", inventory_id=row.id), 303)


@pages.get(ONE)
@needs("supplier:carbon:write")
def inventory(inventory_id: int) -> str:
    """One inventory: every figure with its cell, its statement, its doubts and replies."""
    return _page(_mine(inventory_id), StatementForm(formdata=None))


@pages.post(f"{ONE}/statement")
@needs("supplier:carbon:write")
def state(inventory_id: int) -> AnyResponse | tuple[str, int]:
    """Add the verification statement of an inventory."""
    row, form = _mine(inventory_id), StatementForm()
    try:
        state_verification(
            db(), actor(), inventory_id=inventory_id, given=given(form, STATEMENT_FIELDS),
            evidence_id=chosen_id(form.evidence.data), today=today(), now=now(),
        )  # fmt: skip
    except Invalid as invalid:
        place_by_label(form, invalid.problems, "verification_level")
        return _page(row, form), 422
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return _page(_mine(inventory_id), form), 409
    tell(N_("The verification statement of {year} is in the register."), year=row.year)
    return redirect(url_for(".inventory", inventory_id=inventory_id), 303)


@pages.post(f"{ONE}/take-out")
@needs("supplier:carbon:write")
def remove(inventory_id: int) -> AnyResponse | tuple[str, int]:
    """Take an inventory out of force; it stays on record."""
    try:
        row = take_out(db(), actor(), inventory_id=inventory_id, now=now())
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return _page(_mine(inventory_id), StatementForm(formdata=None)), 409
    tell(N_("The inventory of {year} is no longer in force."), year=row.year)
    return redirect(url_for(".inventories"), 303)


def _form(form: InventoryForm, asked: list[Question]) -> str:
    offer_files(form.evidence)
    return render_template(
        "supplier/inventories/form.html",
        form=form,
        asked=asked,
        sources=SCOPE1_COLUMNS,
        categories=SCOPE3_COLUMNS,
    )


def _page(row: InventoryRow, form: StatementForm) -> str:
    offer_files(form.evidence)
    return render_template("supplier/inventories/inventory.html", seen=_views([row])[0], form=form)


def _views(rows: list[InventoryRow]) -> list[InventoryView]:
    statements = statements_of(db(), tenant())
    doubts = doubts_about(db(), "inventory", [row.id for row in rows], tenant())
    return [
        inventory_view(
            row, statements.get(row.id), doubts.get(row.id, []), locale(),
            upload_url=lambda number: url_for("supplier.carbon.file", upload_id=number),
            file_url=lambda number: url_for("supplier.evidence.file", evidence_id=number),
            url=url_for(".inventory", inventory_id=row.id),
        )
        for row in rows
    ]  # fmt: skip


def _filled(row: InventoryRow) -> InventoryForm:
    """The form as the inventory stands; figures as they were typed."""
    values: dict[str, str] = {name: row.typed.get(name, "") for name in INVENTORY_FIELDS}
    values |= {"year": str(row.year), "boundary": row.boundary, "sites_covered": row.sites}
    values["scope1_tco2e"] = decimal_text(row.scope1_tco2e)
    for name in STATEMENT_FIELDS:
        values[name] = ""
    return InventoryForm(formdata=None, data=values)


def _mine(inventory_id: int) -> InventoryRow:
    row = inventory_of(db(), tenant(), inventory_id)
    if row is None:
        raise NotFound
    return row
