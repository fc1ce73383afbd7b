"""Materials of purchase lines: which factors serve each, and a person's confirmation."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, Refused
from portal.core.problems import Problem
from portal.language import N_
from portal.operations.factor_choices import Wish, add_material, confirm_mapping
from portal.web.context import actor, db, locale, now
from portal.web.forms.evidence import place_problems
from portal.web.forms.factors import MappingForm, MaterialForm
from portal.web.guard import needs
from portal.web.messages import in_words, refuse, tell
from portal.web.staff.pages_factor_materials import MaterialPage, material_page, materials_page

pages = Blueprint("factor_materials", __name__, url_prefix="/category-1/factors/materials")

ONE = "/<material>"


@pages.get("")
@needs("staff:factors:see")
def materials() -> str:
    """Every material with what serves it."""
    return _materials(MaterialForm(formdata=None, key=request.args.get("key", "")[:60]))


@pages.post("")
@needs("staff:factors:write")
def add() -> AnyResponse | tuple[str, int]:
    """Add a material of the organisation's own."""
    form = MaterialForm()
    try:
        row = add_material(
            db(), actor(), key=form.key.data or "", name_en=form.name_en.data or "", name_zh=form.name_zh.data or "",
            now=now(),
        )  # fmt: skip
    except Invalid as invalid:
        db().rollback()
        place_problems(form, invalid.problems, "key")
        return _materials(form), 422
    tell(N_("{key} is in the list. Now choose what serves it."), key=row.key)
    return redirect(url_for(".material", material=row.key), 303)


@pages.get(ONE)
@needs("staff:factors:see")
def material(material: str) -> str:
    """One material: what serves it, what could, who decided."""
    seen = material_page(db(), material, request.args.get("q", "").strip()[:100], locale())
    form = MappingForm(
        formdata=None,
        sector=seen.mapped.sector if seen.mapped else "",
        confidence=seen.mapped.confidence if seen.mapped else "poor",
    )
    return _material(seen, form)


@pages.post(ONE)
@needs("staff:factors:write")
def decide(material: str) -> AnyResponse | tuple[str, int]:
    """A person decides what serves a material."""
    query = request.form.get("q", "").strip()[:100]
    material_page(db(), material, "", locale())
    form = MappingForm()
    seen_text = request.form.get("seen", "0")
    wish = Wish(
        material=material,
        factor_ids=tuple(dict.fromkeys(request.form.getlist("factors")))[:200],
        sector=form.sector.data or "",
        confidence=form.confidence.data or "",
        note=form.note.data or "",
        seen=int(seen_text[:9]) if seen_text.isascii() and seen_text.isdigit() else 0,
    )
    try:
        confirm_mapping(db(), actor(), wish=wish, now=now())
    except Invalid as invalid:
        db().rollback()
        _place(form, invalid.problems)
        return _material(material_page(db(), material, query, locale()), form), 422
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return _material(material_page(db(), material, query, locale()), form), 409
    tell(N_("Confirmed. New estimates take it; those already made keep what they had."))
    return redirect(url_for(".materials"), 303)


def _place(form: MappingForm, problems: Sequence[Problem]) -> None:
    """Problems of the ticked factors stand above the form, all others at their field."""
    own = [problem for problem in problems if problem.where in form]
    place_problems(form, own, "note")
    form.form_errors = in_words(problem for problem in problems if problem.where not in form)


def _materials(form: MaterialForm) -> str:
    return render_template("staff/factors/materials.html", seen=materials_page(db(), locale()), form=form)


def _material(seen: MaterialPage, form: MappingForm) -> str:
    return render_template("staff/factors/material.html", seen=seen, form=form)
