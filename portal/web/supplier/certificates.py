"""Certificates typed by the supplier: entering a range, putting proof behind it, withdrawing it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.carbon.certificates import read_certificates
from portal.core.errors import NotFound, Refused
from portal.core.problems import Problem
from portal.language import N_
from portal.operations.certificates import (
    Claim,
    enter_certificates,
    name_site,
    prove_certificate,
    withdraw_certificate,
)
from portal.operations.inventories import unprintable_fields
from portal.store.electricity import Certificate, certificate_of
from portal.web.context import actor, db, now, tenant, today
from portal.web.forms.company import CERTIFICATE_FIELDS, CertificateForm, given, place_by_label
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.supplier.company_choices import chosen_id, offer_files, offer_sites

pages = Blueprint("certificates", __name__, url_prefix="/carbon/certificates")

ONE = "/<int:certificate_id>"


@pages.get("/new")
@needs("supplier:carbon:write")
def form() -> str:
    """The form for one range of certificates."""
    return _form(CertificateForm(formdata=None, generation_year=str(today().year - 1)))


@pages.post("/new")
@needs("supplier:carbon:write")
def enter() -> AnyResponse | tuple[str, int]:
    """Enter a range of certificates; numbers somebody holds already are refused without saying who."""
    form = CertificateForm()
    typed = given(form, CERTIFICATE_FIELDS)
    problems = unprintable_fields(typed)
    value = None
    if not problems:
        value, problems = read_certificates(typed, today=today())
    if value is None or problems:
        place_by_label(form, problems, "serial_from")
        return _form(form), 422
    claim = Claim("serial_from", value, {}, typed, chosen_id(form.evidence.data))
    rows, refused = enter_certificates(db(), actor(), claims=[claim], now=now())
    if refused:
        # the note of a second claim on somebody's certificates stays, though the page answers with a refusal
        db().commit()
        place_by_label(form, refused, "serial_from")
        return _form(form), 409
    tell(N_("{mwh} MWh of certificates are in the register."), mwh=f"{rows[0].mwh:f}")
    return redirect(url_for("supplier.electricity.electricity"), 303)


@pages.get(ONE)
@needs("supplier:carbon:write")
def certificate(certificate_id: int) -> str:
    """One range: its proof, and withdrawing it."""
    return _page(_mine(certificate_id))


@pages.post(f"{ONE}/proof")
@needs("supplier:carbon:write")
def prove(certificate_id: int) -> AnyResponse | tuple[str, int]:
    """Put a file of the library behind certificates."""
    try:
        chosen = chosen_id(request.form.get("evidence"))
        prove_certificate(db(), actor(), certificate_id=certificate_id, evidence_id=chosen, now=now())
    except Refused as refusal:
        return _refused(certificate_id, refusal.problem)
    tell(N_("The proof of the certificates is saved."))
    return redirect(url_for("supplier.electricity.electricity"), 303)


@pages.post(f"{ONE}/site")
@needs("supplier:carbon:write")
def name(certificate_id: int) -> AnyResponse | tuple[str, int]:
    """Say which site certificates belong to."""
    try:
        row = name_site(
            db(), actor(), certificate_id=certificate_id, site=request.form.get("site", ""), now=now()
        )
    except Refused as refusal:
        return _refused(certificate_id, refusal.problem)
    if row.site:
        tell(N_("The certificates belong to “{site}” now."), site=row.site)
    else:
        tell(N_("The certificates belong to the whole company now."))
    return redirect(url_for("supplier.electricity.electricity", _anchor="certificates"), 303)


@pages.post(f"{ONE}/withdraw")
@needs("supplier:carbon:write")
def withdraw(certificate_id: int) -> AnyResponse | tuple[str, int]:
    """Take certificates back; their numbers are free again."""
    try:
        row = withdraw_certificate(db(), actor(), certificate_id=certificate_id, now=now())
    except Refused as refusal:
        return _refused(certificate_id, refusal.problem)
    tell(N_("The certificates from {serial} on are withdrawn; they no longer count."), serial=row.serial_from)
    return redirect(url_for("supplier.electricity.electricity"), 303)


def _refused(certificate_id: int, problem: Problem) -> tuple[str, int]:
    db().rollback()
    refuse(problem)
    return _page(_mine(certificate_id)), 409


def _form(form: CertificateForm) -> str:
    offer_files(form.evidence)
    offer_sites(form.site)
    return render_template("supplier/electricity/certificate_form.html", form=form)


def _page(row: Certificate) -> str:
    form = CertificateForm(formdata=None, evidence=str(row.evidence_id or ""), site=row.site)
    offer_files(form.evidence)
    offer_sites(form.site)
    return render_template("supplier/electricity/certificate.html", row=row, form=form)


def _mine(certificate_id: int) -> Certificate:
    row = certificate_of(db(), tenant(), certificate_id)
    if row is None:
        raise NotFound
    return row
