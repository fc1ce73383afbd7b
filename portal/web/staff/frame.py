"""Our own greenhouse gas inventory: years side by side, one year with its sums and checks, one figure with its history."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from portal.core.carbon.frame import ITEMS, units_of
from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.uploads import MEDIA_TYPES
from portal.language import N_, say
from portal.language.forms import show_date, show_number
from portal.operations.frame import (
    LEVELS,
    add_statement,
    frame_by_id,
    open_year,
    read_figure,
    read_statement,
    remove_statement,
    statement_by_id,
    take_back,
    use_estimate,
    write_figure,
)
from portal.operations.keeping import kept_file
from portal.reports.frame_tables import frame_csv, frame_xlsx
from portal.store.estimates import Estimate, all_estimates
from portal.store.frame import Frame, FrameFigure, all_frame_files, history_of, statements_of
from portal.store.people import User
from portal.web.context import actor, db, locale, now, site, today, zone
from portal.web.downloads import send_bytes, send_vault_file
from portal.web.forms.base import add_problems
from portal.web.forms.footprint import (
    COVER_WORDS,
    LEVEL_WORDS,
    OWN,
    BackForm,
    EstimateForm,
    FigureForm,
    FrameFileForm,
    StatementForm,
    YearForm,
    place,
    version_of,
)
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.staff.frame_exports import export_of
from portal.web.staff.pages_frame import item_word, places_of, year_page, years_page

pages = Blueprint("frame", __name__, url_prefix="/footprint")

ONE = "/<int:frame_id>"
FIGURE = f"{ONE}/figures/<item>"
PROOFS = frozenset({"pdf", "png", "jpeg"})


@pages.get("")
@needs("staff:frame:see")
def years() -> str:
    """Our years side by side, the published examples, and the ways to bring figures in."""
    return overview()


@pages.post("/years")
@needs("staff:frame:write")
def open_new() -> AnyResponse | tuple[str, int]:
    """Open a year of our own inventory."""
    form = YearForm()
    text = form.year.data or ""
    try:
        year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
        frame, _new = open_year(db(), actor(), year=year, now=now())
    except Refused as refusal:
        add_problems(form.year, [Problem(refusal.problem.code, "", {"found": text[:20]})])
        return overview(year_form=form), 422
    return redirect(url_for(".year", frame_id=frame.id), 303)


@pages.get(ONE)
@needs("staff:frame:see")
def year(frame_id: int) -> str:
    """One year of an inventory."""
    return _year(frame_by_id(db(), frame_id))


@pages.get(FIGURE)
@needs("staff:frame:see")
def figure(frame_id: int, item: str) -> str:
    """One figure: what stands, its history, and the form for a new version."""
    frame = _with_item(frame_id, item)
    return _figure(frame, item)


@pages.post(FIGURE)
@needs("staff:frame:write")
def write(frame_id: int, item: str) -> AnyResponse | tuple[str, int]:
    """A new version of a figure."""
    frame, form = _with_item(frame_id, item), FigureForm()
    given = {name: form[name].data or "" for name in ("value", "unit", "source", "note")}
    try:
        entry = read_figure(given, year=frame.year, item=item)
        write_figure(
            db(), actor(), frame_id=frame_id, item=item, entry=entry, base=version_of(form.base), now=now()
        )
    except Invalid as invalid:
        place(form, invalid.problems, "value")
        return _figure(frame, item, form=form), 422
    except Conflict as conflict:
        return _overtaken(frame, item, form, conflict), 409
    tell(
        N_("{figure} is written. What stood there before is in its history."),
        figure=item_word(locale(), item),
    )
    return redirect(url_for(".year", frame_id=frame_id, _anchor=item), 303)


@pages.post(f"{FIGURE}/back")
@needs("staff:frame:write")
def back(frame_id: int, item: str) -> AnyResponse | tuple[str, int]:
    """Take a figure back, with a reason."""
    frame, form = _with_item(frame_id, item), BackForm()
    try:
        take_back(
            db(),
            actor(),
            frame_id=frame_id,
            item=item,
            reason=form.note.data or "",
            base=version_of(form.base),
            now=now(),
        )
    except Invalid as invalid:
        place(form, invalid.problems, "note")
        return _figure(frame, item, back_form=form), 422
    except Conflict as conflict:
        return _overtaken(frame, item, FigureForm(formdata=None), conflict), 409
    tell(N_("{figure} is taken back. It stays in the history."), figure=item_word(locale(), item))
    return redirect(url_for(".figure", frame_id=frame_id, item=item), 303)


@pages.post(f"{ONE}/estimate")
@needs("staff:frame:write")
def use(frame_id: int) -> AnyResponse | tuple[str, int]:
    """Let an estimate stand for category 1."""
    frame, form = frame_by_id(db(), frame_id), EstimateForm()
    chosen = form.estimate.data or ""
    try:
        use_estimate(
            db(),
            actor(),
            frame_id=frame_id,
            estimate_id=int(chosen[:9]) if chosen.isascii() and chosen.isdigit() else 0,
            base=version_of(form.base),
            now=now(),
        )
    except NotFound:
        add_problems(form.estimate, [Problem("frame_choose_estimate")])
        return _year(frame, estimate_form=form), 422
    except Refused as refusal:
        add_problems(form.estimate, [refusal.problem])
        return _year(frame, estimate_form=form), 422
    except Conflict:
        add_problems(form.estimate, [Problem("frame_changed_meanwhile")])
        return _year(frame, estimate_form=form), 409
    tell(N_("Category 1 now comes from the estimate; the link stays with the figure."))
    return redirect(url_for(".year", frame_id=frame_id, _anchor="category_1"), 303)


@pages.post(f"{ONE}/statements")
@needs("staff:frame:write")
def add_proof(frame_id: int) -> AnyResponse | tuple[str, int]:
    """Add a verification statement, with its file where there is one."""
    frame, form = frame_by_id(db(), frame_id), StatementForm()
    given = {name: form[name].data or "" for name in ("standard", "level", "verifier", "number", "issued_on")}
    sent = form.file.data
    try:
        facts = read_statement(given, tuple(form.covers.data or ()), today())
        if isinstance(sent, FileStorage) and sent.filename:
            limit = site().settings.upload_limit
            with kept_file(
                site().vault, name=sent.filename, stream=sent.stream, limit=limit, allowed=PROOFS
            ) as kept:
                add_statement(db(), actor(), frame_id=frame_id, statement=facts, kept=kept, now=now())
                db().commit()
        else:
            add_statement(db(), actor(), frame_id=frame_id, statement=facts, kept=None, now=now())
    except Invalid as invalid:
        place(form, invalid.problems, "file")
        return _year(frame, statement_form=form), 422
    except Refused as refusal:
        add_problems(form.file, [refusal.problem])
        return _year(frame, statement_form=form), 422
    tell(N_("The verification statement stands with the figures it covers."))
    return redirect(url_for(".year", frame_id=frame_id, _anchor="statements"), 303)


@pages.post(f"{ONE}/statements/<int:statement_id>/remove")
@needs("staff:frame:write")
def remove_proof(frame_id: int, statement_id: int) -> AnyResponse:
    """Take a statement off the year."""
    remove_statement(db(), actor(), frame_id=frame_id, statement_id=statement_id, now=now())
    tell(N_("The statement no longer stands with the figures. It is kept, with its file."))
    return redirect(url_for(".year", frame_id=frame_id, _anchor="statements"), 303)


@pages.get(f"{ONE}/statements/<int:statement_id>/file")
@needs("staff:frame:see")
def proof(frame_id: int, statement_id: int) -> AnyResponse:
    """The file of a statement."""
    row = statement_by_id(db(), frame_id, statement_id)
    if row.vault_key is None:
        raise NotFound
    return send_vault_file(row.vault_key, row.file_name, row.media_type, row.sha256)


@pages.get(f"{ONE}/inventory.csv")
@needs("staff:frame:see")
def year_csv(frame_id: int) -> AnyResponse:
    """Every figure of a year as CSV."""
    frame = frame_by_id(db(), frame_id)
    data = frame_csv(export_of(db(), frame, locale()), locale())
    return send_bytes(data, f"inventory-{frame.year}-{frame.id}.csv", "text/csv")


@pages.get(f"{ONE}/inventory.xlsx")
@needs("staff:frame:see")
def year_xlsx(frame_id: int) -> AnyResponse:
    """A year as a workbook: figures, ISO classes, checks, statements."""
    frame = frame_by_id(db(), frame_id)
    data = frame_xlsx(export_of(db(), frame, locale()), site().settings.organisation, now(), locale())
    return send_bytes(data, f"inventory-{frame.year}-{frame.id}.xlsx", MEDIA_TYPES["xlsx"])


def overview(*, year_form: YearForm | None = None, file_form: FrameFileForm | None = None) -> str:
    """The page of all years, with the forms as they stand."""
    return render_template(
        "staff/frame/years.html",
        seen=years_page(db(), locale()),
        files=all_frame_files(db()),
        year_form=year_form or YearForm(formdata=None),
        file_form=file_form or FrameFileForm(formdata=None, whose=OWN),
        megabytes=site().settings.upload_limit // (1024 * 1024),
    )


def _year(
    frame: Frame, *, estimate_form: EstimateForm | None = None, statement_form: StatementForm | None = None
) -> str:
    page = year_page(db(), frame, locale())
    standing = history_of(db(), frame.id, "category_1")
    base = str(standing[0].version if standing else 0)
    offered = [e for e in all_estimates(db()) if e.year == frame.year and e.summary] if frame.is_own else []
    estimates = estimate_form or EstimateForm(formdata=None, base=base)
    estimates.estimate.choices = [(str(e.id), _estimate_words(e)) for e in offered]
    estimates.base.data = base
    statements = statement_form or StatementForm(formdata=None)
    statements.covers.choices = [(key, say(locale(), words)) for key, words in COVER_WORDS.items()]
    statements.level.choices = [(key, say(locale(), LEVEL_WORDS[key])) for key in LEVELS]
    return render_template(
        "staff/frame/year.html",
        seen=page,
        estimate_form=estimates if offered else None,
        statement_form=statements,
        levels=LEVEL_WORDS,
        covers=COVER_WORDS,
    )


def _figure(
    frame: Frame,
    item: str,
    *,
    form: FigureForm | None = None,
    back_form: BackForm | None = None,
    said: Problem | None = None,
) -> str:
    history = history_of(db(), frame.id, item)
    standing = history[0] if history and history[0].value is not None else None
    base = str(history[0].version if history else 0)
    shown = form or _form_of(standing, item, base)
    shown.unit.choices = [(unit, unit) for unit in units_of(item)]
    if said is not None or form is None:
        shown.base.data = base
    withdraw = back_form or BackForm(formdata=None, base=base)
    return render_template(
        "staff/frame/figure.html",
        frame=frame,
        item=item,
        words=item_word(locale(), item),
        standing=standing,
        history=history,
        places={row.id: places_of(row) for row in history},
        form=shown,
        back_form=withdraw,
        said=said,
        statements=statements_of(db(), frame.id),
    )


def _form_of(standing: FrameFigure | None, item: str, base: str) -> FigureForm:
    first = next(iter(units_of(item)))
    if standing is None:
        return FigureForm(formdata=None, unit=first, base=base)
    return FigureForm(
        formdata=None,
        value=standing.typed,
        unit=standing.unit if standing.unit in units_of(item) else first,
        source=standing.source,
        note=standing.note,
        base=base,
    )


def _overtaken(frame: Frame, item: str, form: FigureForm, conflict: Conflict) -> str:
    """The page again: what somebody else wrote, and the text of this person ready to be saved on top."""
    theirs = conflict.theirs
    said = Problem("frame_changed_meanwhile")
    if isinstance(theirs, FrameFigure):
        name = db().get_one(User, theirs.entered_by_id).name
        said = Problem("frame_taken_meanwhile", values={"name": name})
        if theirs.value is not None:
            values = {"name": name, "value": theirs.typed, "unit": theirs.unit}
            said = Problem("frame_written_meanwhile", values=values)
    return _figure(frame, item, form=form, said=said)


def _with_item(frame_id: int, item: str) -> Frame:
    if item not in ITEMS:
        raise NotFound
    return frame_by_id(db(), frame_id)


def _estimate_words(estimate: Estimate) -> str:
    low, high = (show_number(Decimal(bound), locale(), 0) for bound in estimate.summary["interval_95"])
    return say(
        locale(),
        N_("{tonnes} tCO₂e ({low} to {high}), run on {day}"),
        tonnes=show_number(Decimal(estimate.summary["total_tco2e"]), locale(), 0),
        low=low,
        high=high,
        day=show_date(estimate.run_at.astimezone(zone()).date(), locale()),
    )
