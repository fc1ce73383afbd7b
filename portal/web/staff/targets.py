"""The target for category 1 per MWp: where we stand, the path, commitments and what-ifs drawn into it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.carbon.targets import per_mw
from portal.core.errors import Conflict, Invalid
from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.files.uploads import MEDIA_TYPES
from portal.language import N_
from portal.operations.estimate_lines import supplier_names
from portal.operations.target_progress import Progress, path_rows, progress_of
from portal.operations.targets import read_target, set_target
from portal.reports.frame_tables import path_csv, path_xlsx
from portal.store.people import User
from portal.store.targets import Target, WhatIf, target_versions, what_if_by_id, what_ifs
from portal.web.context import actor, db, locale, now, site
from portal.web.downloads import send_bytes
from portal.web.forms.footprint import TargetForm, place, version_of
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.staff.pages_targets import TargetPage, path_facts, target_page

pages = Blueprint("targets", __name__, url_prefix="/footprint/target")

NONE = "none"
FIELDS = ("base_year", "base_value", "target_year", "reduction", "path", "source", "note")


@pages.get("")
@needs("staff:frame:see")
def target() -> str:
    """Where we stand against the path; `?what_if=` chooses the what-if drawn (none: none)."""
    return render_template("staff/targets/target.html", seen=_page(), what_ifs=what_ifs(db()))


@pages.get("/set")
@needs("staff:frame:write")
def setting() -> str:
    """The form for the target, with what is in force."""
    versions = target_versions(db())
    return _setting(_form_of(versions[0]) if versions else _first_form())


@pages.post("/set")
@needs("staff:frame:write")
def set_it() -> AnyResponse | tuple[str, int]:
    """A new version of the target."""
    form = TargetForm()
    try:
        facts = read_target({name: form[name].data or "" for name in FIELDS})
        set_target(db(), actor(), facts=facts, base=version_of(form.base), now=now())
    except Invalid as invalid:
        place(form, invalid.problems, "base_value")
        return _setting(form), 422
    except Conflict as conflict:
        theirs = conflict.theirs
        name = db().get_one(User, theirs.set_by_id).name if isinstance(theirs, Target) else ""
        form.base.data = str(theirs.version) if isinstance(theirs, Target) else "0"
        said = (
            Problem("target_set_meanwhile", values={"name": name})
            if name
            else Problem("frame_changed_meanwhile")
        )
        return _setting(form, said), 409
    tell(N_("The target is set. Earlier versions are kept below."))
    return redirect(url_for(".target"), 303)


@pages.get("/path.csv")
@needs("staff:frame:see")
def path_as_csv() -> AnyResponse:
    """The path by year as CSV."""
    return send_bytes(path_csv(path_rows(_progress()), locale()), "target-path.csv", "text/csv")


@pages.get("/path.xlsx")
@needs("staff:frame:see")
def path_as_xlsx() -> AnyResponse:
    """The path by year as a workbook."""
    page = _page()
    facts = path_facts(page, locale())
    data = path_xlsx(path_rows(page.progress), facts, site().settings.organisation, now(), locale())
    return send_bytes(data, "target-path.xlsx", MEDIA_TYPES["xlsx"])


def _page() -> TargetPage:
    return target_page(_progress(), supplier_names(db(), locale()), locale())


def _progress() -> Progress:
    return progress_of(db(), _chosen())


def _chosen() -> WhatIf | None:
    """The what-if asked for; without asking the newest."""
    asked = request.args.get("what_if", "")
    if asked == NONE:
        return None
    if asked.isascii() and asked.isdigit():
        return what_if_by_id(db(), int(asked[:9]))
    return next(iter(what_ifs(db())), None)


def _setting(form: TargetForm, said: Problem | None = None) -> str:
    progress = progress_of(db())
    return render_template(
        "staff/targets/setting.html",
        form=form,
        said=said,
        versions=progress.versions,
        known=[year for year in progress.years if year.intensity is not None],
    )


def _form_of(row: Target) -> TargetForm:
    return TargetForm(
        formdata=None,
        base_year=str(row.base_year),
        base_value=row.base_typed,
        target_year=str(row.target_year),
        reduction=decimal_text(row.reduction),
        path=row.path,
        source=row.source,
        note=row.note,
        base=str(row.version),
    )


def _first_form() -> TargetForm:
    """Nothing set yet: the first year that is known is offered as the base."""
    known = [year for year in progress_of(db()).years if year.intensity is not None]
    first = known[0] if known else None
    value = ""
    if (
        first
        and first.tonnes
        and first.production
        and first.tonnes.value is not None
        and first.production.value
    ):
        value = decimal_text(round(per_mw(first.tonnes.value, first.production.value), 6))
    return TargetForm(
        formdata=None,
        base_year=str(first.year) if first else "",
        base_value=value,
        path="linear",
        base="0",
    )
