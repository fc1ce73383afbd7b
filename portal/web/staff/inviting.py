"""Adding suppliers to a round, one by one or by a list, and the links their leads enter with."""

from __future__ import annotations

import csv
import io
import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.supplier_lists import SUPPLIERS, SupplierRow, read_suppliers, supplier_template
from portal.files.uploads import clean_name
from portal.language import N_, say
from portal.operations.rounds import Invited, add_listed, invite_supplier, renew_link
from portal.operations.short_sets import choose_set
from portal.operations.suppliers import add_supplier, revoke_link
from portal.store.assessments import Round, assessments_in
from portal.store.suppliers import Supplier, all_suppliers
from portal.web.context import actor, db, locale, now, site
from portal.web.downloads import send_bytes
from portal.web.forms.base import add_problems
from portal.web.forms.rounds import AcceptForm, KnownSupplierForm, ListForm
from portal.web.forms.suppliers import NewSupplierForm, facts_of, offer_choices, place_problems
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.staff.listing import supplier_name
from portal.web.staff.pages_short import short_rule
from portal.web.urls import link_for_people, way_back

pages = Blueprint("inviting", __name__)

LARGEST_LIST = 2 * 1024 * 1024
LINKS_KEPT = 3600
# Two forms stand on one page: their fields need different names.
NEW, KNOWN = "new", "known"


@dataclass(frozen=True)
class Link:
    """One invitation to hand over: for whom, the link (empty where the lead has an account), until when."""

    code: str
    name: str
    email: str
    link: str
    until: datetime | None


@pages.get("/rounds/<int:round_id>/add")
@needs("staff:rounds:open")
def add(round_id: int) -> str:
    """The three ways to add suppliers to a round."""
    return _add_page(_round(round_id))


@pages.post("/rounds/<int:round_id>/add/new")
@needs("staff:rounds:open")
def add_new(round_id: int) -> str | tuple[str, int]:
    """Put a new supplier on file and invite its lead."""
    found, form = _round(round_id), NewSupplierForm(prefix=NEW)
    if form.validate():
        try:
            supplier = add_supplier(db(), actor(), facts=facts_of(form), now=now())
            invited = _invite(found, supplier.id, form.email.data, short=bool(form.short.data))
            return _links_page(found, [invited])
        except Invalid as invalid:
            place_problems(form, invalid.problems)
        except Refused as refusal:
            fields = {"supplier_code_taken": form.code, "short_set_none": form.short}
            field = fields.get(refusal.problem.code, form.email)
            add_problems(field, [refusal.problem])
    db().rollback()
    return _add_page(_round(round_id), new=form), 422


@pages.post("/rounds/<int:round_id>/add/known")
@needs("staff:rounds:open")
def add_known(round_id: int) -> str | tuple[str, int]:
    """Add a supplier that is on file already."""
    found, form = _round(round_id), KnownSupplierForm(prefix=KNOWN)
    _offer_suppliers(found, form)
    if form.validate():
        try:
            return _links_page(
                found,
                [_invite(found, int(form.supplier.data), form.email.data or "", short=bool(form.short.data))],
            )
        except Invalid as invalid:
            place_problems(form, invalid.problems)
        except Refused as refusal:
            field = form.short if refusal.problem.code == "short_set_none" else form.email
            add_problems(field, [refusal.problem])
    return _add_page(found, known=form), 422


@pages.post("/rounds/<int:round_id>/add/list")
@needs("staff:rounds:open")
def preview(round_id: int) -> str | tuple[str, int]:
    """Show what a list would add, or everything that is wrong with it. Nothing is stored."""
    form = ListForm()
    name, data, problem = _uploaded()
    if problem is not None:
        add_problems(form.file, [problem])
        return _add_page(_round(round_id), listed=form), 422
    # Read before the database is opened: nobody waits for the write lock meanwhile.
    read = read_suppliers(data, name)
    found = _round(round_id)
    if read.problems:
        page = render_template(
            "staff/rounds/list_problems.html", round=found, name=name, problems=read.problems
        )
        return page, 422
    return _preview_page(found, name, read.suppliers, read.notes)


@pages.post("/rounds/<int:round_id>/add/list/accept")
@needs("staff:rounds:open")
def accept(round_id: int) -> str | AnyResponse | tuple[str, int]:
    """Store a previewed list: read again by the same rules, all of it or nothing."""
    form = AcceptForm()
    read = read_suppliers((form.rows.data or "").encode(), "list.csv")
    found = _round(round_id)
    if read.problems or not form.validate():
        refuse(Problem("list_stale"))
        return redirect(url_for("staff.inviting.add", round_id=round_id))
    try:
        added = add_listed(
            db(),
            actor(),
            round_id=round_id,
            rows=read.suppliers,
            new_token=_token,
            short=_short_codes(read.suppliers),
            valid_days=site().settings.invitation_days,
            now=now(),
        )
    except (Refused, Invalid) as error:
        db().rollback()
        problems = error.problems if isinstance(error, Invalid) else (error.problem,)
        page = render_template(
            "staff/rounds/list_problems.html", round=_round(round_id), name="", problems=problems
        )
        return page, 409
    return _links_page(found, added)


@pages.post("/suppliers/<int:supplier_id>/link")
@needs("staff:rounds:open")
def renew(supplier_id: int) -> AnyResponse | str:
    """A new link for a lead who has not joined; the old one stops working."""
    token, back = _token(), url_for("staff.suppliers.supplier", supplier_id=supplier_id)
    try:
        made = renew_link(
            db(),
            actor(),
            supplier_id=supplier_id,
            email=request.form.get("email", "").strip().lower(),
            token=token,
            valid_days=site().settings.invitation_days,
            now=now(),
        )
    except (Refused, Invalid) as error:
        for problem in error.problems if isinstance(error, Invalid) else (error.problem,):
            refuse(problem)
        return redirect(back)
    supplier = db().get_one(Supplier, supplier_id)
    link = Link(supplier.code, supplier_name(supplier, locale()), made.email, _url(token), made.expires_at)
    return render_template(
        "staff/rounds/links.html", round=None, supplier=supplier, links=[link], packed=_pack([link])
    )


@pages.post("/suppliers/<int:supplier_id>/link/<int:invitation_id>/revoke")
@needs("staff:rounds:open")
def revoke(supplier_id: int, invitation_id: int) -> AnyResponse:
    """Make an open link unusable."""
    revoke_link(db(), actor(), supplier_id=supplier_id, invitation_id=invitation_id, now=now())
    tell(N_("The link no longer works."))
    otherwise = url_for("staff.suppliers.supplier", supplier_id=supplier_id)
    return redirect(way_back(request.form.get("back"), otherwise))


@pages.post("/links.csv")
@needs("staff:rounds:open")
def links_file() -> Response | AnyResponse:
    """The links of the page just shown as a CSV file. The page carries them signed; they are stored nowhere."""
    try:
        rows = _signer().loads(request.form.get("links", ""), max_age=LINKS_KEPT)
    except BadData:
        refuse(Problem("list_stale"))
        return redirect(url_for("staff.rounds.rounds"))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["code", "name", "email", "link", "valid_until"])
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return send_bytes(out.getvalue().encode("utf-8-sig"), "invitations.csv", "text/csv")


@pages.post("/assessments/<int:assessment_id>/set")
@needs("staff:rounds:open")
def choose(assessment_id: int) -> AnyResponse:
    """Ask the short set, or the full one, of a supplier that has not begun."""
    short = request.form.get("set") == "short"
    try:
        choose_set(db(), actor(), assessment_id=assessment_id, short=short, now=now())
        tell(
            N_("The supplier is asked the short set.")
            if short
            else N_("The supplier is asked every question.")
        )
    except Refused as refusal:
        refuse(refusal.problem)
    return redirect(url_for("staff.review.assessment", assessment_id=assessment_id))


@pages.get("/suppliers/template.<any(csv, xlsx):form>")
@needs("staff:rounds:open")
def template(form: str) -> Response:
    """An empty list of suppliers to fill."""
    media = (
        "text/csv" if form == "csv" else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    return send_bytes(supplier_template(locale(), form), f"suppliers.{form}", media)


def _add_page(
    found: Round,
    new: NewSupplierForm | None = None,
    known: KnownSupplierForm | None = None,
    listed: ListForm | None = None,
) -> str:
    new = new or NewSupplierForm(formdata=None, prefix=NEW)
    known = known or KnownSupplierForm(formdata=None, prefix=KNOWN)
    offer_choices(new)
    _offer_suppliers(found, known)
    return render_template(
        "staff/rounds/add.html",
        round=found,
        new=new,
        known=known,
        listed=listed or ListForm(formdata=None),
        rule=short_rule(found.questionnaire),
    )


def _preview_page(
    found: Round, name: str, suppliers: tuple[SupplierRow, ...], notes: tuple[Problem, ...]
) -> str:
    inside = {a.supplier.code for a in assessments_in(db(), found.id)}
    on_file = {s.code for s in all_suppliers(db())}
    lines = [
        (s, "inside" if s.code in inside else "known" if s.code in on_file else "new") for s in suppliers
    ]
    return render_template(
        "staff/rounds/preview.html",
        round=found,
        name=name,
        lines=lines,
        counts={key: sum(1 for _s, place in lines if place == key) for key in ("new", "known", "inside")},
        notes=notes,
        rule=short_rule(found.questionnaire),
        form=AcceptForm(formdata=None, rows=_as_csv(suppliers)),
    )


def _links_page(found: Round, added: list[Invited]) -> str:
    links = [
        Link(
            one.supplier.code,
            supplier_name(one.supplier, locale()),
            one.email,
            _url(one.token) if one.token else "",
            one.invitation.expires_at if one.invitation else None,
        )
        for one in added
    ]
    return render_template(
        "staff/rounds/links.html", round=found, supplier=None, links=links, packed=_pack(links)
    )


def _invite(found: Round, supplier_id: int, email: str, *, short: bool) -> Invited:
    return invite_supplier(
        db(),
        actor(),
        round_id=found.id,
        supplier_id=supplier_id,
        email=email,
        token=_token(),
        valid_days=site().settings.invitation_days,
        now=now(),
        short=short,
    )


def _short_codes(rows: tuple[SupplierRow, ...]) -> frozenset[str]:
    """The suppliers of a list that are asked the short set: those ticked, or all of them."""
    if request.form.get("short_all") == "yes":
        return frozenset(row.code for row in rows)
    return frozenset(request.form.getlist("short"))


def _offer_suppliers(found: Round, form: KnownSupplierForm) -> None:
    inside = {a.supplier_id for a in assessments_in(db(), found.id)}
    free = [s for s in all_suppliers(db()) if s.id not in inside]
    form.supplier.choices = [(str(s.id), f"{supplier_name(s, locale())} · {s.code}") for s in free]


def _uploaded() -> tuple[str, bytes, Problem | None]:
    """The uploaded list: its name, its bytes, and what is wrong with the upload as such."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return "", b"", Problem("file_missing")
    name = clean_name(file.filename)
    data = file.stream.read(LARGEST_LIST + 1)
    if len(data) > LARGEST_LIST:
        return name, b"", Problem("list_too_large", name, {"limit": LARGEST_LIST // (1024 * 1024)})
    return name, data, None


def _as_csv(suppliers: tuple[SupplierRow, ...]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([c.key for c in SUPPLIERS.columns])
    for s in suppliers:
        writer.writerow(
            [s.code, s.name, s.name_zh, s.country, s.email, "; ".join(s.roles), "; ".join(s.materials)]
        )
    return out.getvalue()


def _harmless(cell: str) -> str:
    """Spreadsheets must not take text for a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _pack(links: list[Link]) -> str:
    has_account = say(locale(), N_("has an account"))
    rows = [
        [
            one.code,
            one.name,
            one.email,
            one.link or has_account,
            one.until.date().isoformat() if one.until else "",
        ]
        for one in links
    ]
    packed = _signer().dumps(rows)
    return packed if isinstance(packed, str) else packed.decode()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site().settings.secret_key, salt=f"invitation-links-{actor().user_id}")


def _token() -> str:
    return secrets.token_urlsafe(32)


def _url(token: str) -> str:
    return link_for_people("account.entering.invitation", token=token)


def _round(round_id: int) -> Round:
    found = db().get(Round, round_id)
    if found is None:
        raise NotFound
    return found
