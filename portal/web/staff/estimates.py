"""Category 1: ledgers loaded, estimates run, and the way from a total down to a line and its source."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound, Refused
from portal.core.problems import Problem
from portal.language import N_
from portal.operations.estimate_lines import factors_used, lines_folder, supplier_names, tables_used
from portal.operations.estimate_register import library_at
from portal.operations.estimates import ask_estimate, estimate_by_id
from portal.operations.estimating.writing import summary_text
from portal.web.context import actor, db, locale, now, site
from portal.web.downloads import send_bytes, send_vault_file
from portal.web.forms.base import add_problems
from portal.web.forms.estimates import RunForm
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.staff.jobs import wake
from portal.web.staff.pages_category1 import overview
from portal.web.staff.pages_charts import pictures_of
from portal.web.staff.pages_estimates import result_of
from portal.web.staff.pages_line import line_page
from portal.web.staff.pages_lines import lines_page, unreached_lines

pages = Blueprint("estimates", __name__, url_prefix="/category-1")

MOST_FACTORS = 30


@pages.get("")
@needs("staff:estimates:see")
def estimates() -> str:
    """Ledgers loaded and estimates run."""
    return overview()


@pages.post("/run")
@needs("staff:estimates:run")
def run() -> AnyResponse | tuple[str, int]:
    """Ask for an estimate; a worker makes it."""
    form = RunForm()
    ledger_id, year = _chosen(form.source.data or "")
    try:
        job = ask_estimate(db(), actor(), ledger_id=ledger_id, year=year, now=now())
    except NotFound:
        add_problems(form.source, [Problem("choose_ledger_year")])
        return overview(run_form=form), 422
    except Refused as refusal:
        add_problems(form.source, [refusal.problem])
        return overview(run_form=form), 422
    return wake(job)


@pages.get("/<int:estimate_id>")
@needs("staff:estimates:see")
def estimate(estimate_id: int) -> str:
    """One estimate: total, interval, coverage, shares, what was left out, inputs and factors."""
    found = estimate_by_id(db(), estimate_id)
    if request.args.get("known"):
        tell(N_("Same inputs, same result: this estimate was run before. Here it is."))
    names = supplier_names(db(), locale())
    result = result_of(found, names, locale())
    with lines_folder(site().vault, found) as folder:
        unreached = unreached_lines(folder, names, locale()) if result.unreached else []
        library = library_at(db(), found)
        factors = factors_used(library, folder)
    return render_template(
        "staff/estimates/estimate.html",
        estimate=found,
        result=result,
        pictures=pictures_of(result, locale()),
        unreached=unreached,
        factors=factors[:MOST_FACTORS],
        more_factors=len(factors) - MOST_FACTORS,
        tables=tables_used(library),
    )


@pages.get("/<int:estimate_id>/lines")
@needs("staff:estimates:see")
def lines(estimate_id: int) -> str:
    """The lines of an estimate, filtered, sorted and paged."""
    found = estimate_by_id(db(), estimate_id)
    with lines_folder(site().vault, found) as folder:
        names = supplier_names(db(), locale())
        page = lines_page(db(), site().vault, folder, found, names, request.args, locale())
    return render_template("staff/estimates/lines.html", estimate=found, listed=page)


@pages.get("/<int:estimate_id>/line")
@needs("staff:estimates:see")
def line(estimate_id: int) -> str:
    """One line with what it rests on; `?id=` is the line's id in the ledger."""
    found = estimate_by_id(db(), estimate_id)
    with lines_folder(site().vault, found) as folder:
        page = line_page(db(), site().vault, folder, found, request.args.get("id", ""), locale())
    behind = page.footprint or page.inventory
    return render_template("staff/estimates/line.html", estimate=found, line=page, behind=behind)


@pages.get("/<int:estimate_id>/lines.csv")
@needs("staff:estimates:see")
def lines_csv(estimate_id: int) -> Response:
    """All lines as CSV; text that a spreadsheet would take for a formula is neutralised."""
    found = estimate_by_id(db(), estimate_id)
    return send_vault_file(found.csv_key, f"category-1-{found.year}-{found.run}-lines.csv", "text/csv")


@pages.get("/<int:estimate_id>/estimate.json")
@needs("staff:estimates:see")
def summary_json(estimate_id: int) -> Response:
    """The summary in the documented JSON form."""
    found = estimate_by_id(db(), estimate_id)
    return send_bytes(
        summary_text(found.summary).encode(), f"category-1-{found.year}-{found.run}.json", "application/json"
    )


def _chosen(source: str) -> tuple[int, int]:
    ledger_id, _, year = source.partition(":")
    if not (ledger_id.isascii() and ledger_id.isdigit() and year.isascii() and year.isdigit()):
        return 0, 0
    return int(ledger_id[:9]), int(year[:4])
