"""Category 1: ledgers loaded, estimates run, and the way from a total down to a line and its source."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.ledger_rules import LEDGER_COLUMNS
from portal.files.tables import template as empty_table
from portal.language import N_
from portal.operations.estimate_lines import factor_tables, factors_used, lines_folder, supplier_names
from portal.operations.estimates import computed, estimate_by_id, gather, keep_estimate
from portal.operations.estimating.writing import summary_text
from portal.operations.ledgers import check_ledger, keep_ledger
from portal.store.engine import reading
from portal.store.estimates import Ledger, all_estimates, all_ledgers
from portal.web.context import actor, db, locale, now, site
from portal.web.downloads import send_bytes, send_vault_file
from portal.web.forms.base import add_problems
from portal.web.forms.estimates import LedgerForm, RunForm
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.staff.pages_charts import pictures_of
from portal.web.staff.pages_estimates import columns_of_a_ledger, problems_in_words, result_of, years_offered
from portal.web.staff.pages_lines import line_page, lines_page, unreached_lines

pages = Blueprint("estimates", __name__, url_prefix="/category-1")

MOST_SHOWN = 200
MOST_FACTORS = 30


@pages.get("")
@needs("staff:estimates:see")
def estimates() -> str:
    """Ledgers loaded and estimates run."""
    return _overview()


@pages.get("/ledger-template.csv")
@needs("staff:estimates:see")
def template() -> Response:
    """An empty ledger: the header line of the documented columns."""
    return send_bytes(empty_table(LEDGER_COLUMNS).encode(), "ledger.csv", "text/csv")


@pages.post("/ledgers")
@needs("staff:estimates:run")
def load() -> AnyResponse | tuple[str, int]:
    """Load a ledger: all of it, or nothing and every problem."""
    form = LedgerForm()
    if not form.validate():
        return _overview(ledger_form=form), 422
    given = form.file.data
    try:
        checked = check_ledger(given.stream, name=given.filename, limit=site().settings.upload_limit)
        ledger, new = keep_ledger(db(), actor(), given.stream, checked=checked, vault=site().vault, now=now())
    except Invalid as invalid:
        return _overview(ledger_form=form, problems=invalid.problems, file_name=given.filename), 422
    except Refused as refusal:
        add_problems(form.file, [refusal.problem])
        return _overview(ledger_form=form), 422
    if new:
        tell(
            N_("{name} is loaded: {lines} lines. Now choose a year and run the estimate."),
            name=ledger.name,
            lines=ledger.lines,
        )
    else:
        tell(N_("{name} was loaded before, unchanged. Nothing was added."), name=ledger.name)
    return redirect(url_for("staff.estimates.estimates", ledger=ledger.id, _anchor="run"))


@pages.post("/run")
@needs("staff:estimates:run")
def run() -> AnyResponse | tuple[str, int]:
    """Run an estimate. The store is only read before and only written after the computation."""
    form = RunForm()
    ledger_id, year = _chosen(form.source.data or "")
    try:
        with reading(site().engine) as session:
            gathered = gather(session, ledger_id=ledger_id, year=year)
        with computed(gathered, vault=site().vault) as result:
            estimate, new = keep_estimate(
                db(), actor(), result, ledger_id=ledger_id, vault=site().vault, now=now()
            )
    except NotFound:
        add_problems(form.source, [Problem("choose_ledger_year")])
        return _overview(run_form=form), 422
    except Refused as refusal:
        add_problems(form.source, [refusal.problem])
        return _overview(run_form=form), 422
    except Invalid as invalid:
        return _overview(run_form=form, problems=invalid.problems), 422
    if new:
        tell(N_("The estimate is done and kept."))
    else:
        tell(N_("Same inputs, same result: this estimate was run before. Here it is."))
    return redirect(url_for("staff.estimates.estimate", estimate_id=estimate.id))


@pages.get("/<int:estimate_id>")
@needs("staff:estimates:see")
def estimate(estimate_id: int) -> str:
    """One estimate: total, interval, coverage, shares, what was left out, inputs and factors."""
    found = estimate_by_id(db(), estimate_id)
    names = supplier_names(db(), locale())
    result = result_of(found, names, locale())
    with lines_folder(site().vault, found) as folder:
        unreached = unreached_lines(folder, names, locale()) if result.unreached else []
        factors = factors_used(folder)
    return render_template(
        "staff/estimates/estimate.html",
        estimate=found,
        result=result,
        pictures=pictures_of(result, locale()),
        unreached=unreached,
        factors=factors[:MOST_FACTORS],
        more_factors=len(factors) - MOST_FACTORS,
        tables=factor_tables(found.summary["inputs"]),
    )


@pages.get("/<int:estimate_id>/lines")
@needs("staff:estimates:see")
def lines(estimate_id: int) -> str:
    """The lines of an estimate, filtered, sorted and paged."""
    found = estimate_by_id(db(), estimate_id)
    with lines_folder(site().vault, found) as folder:
        page = lines_page(folder, found, supplier_names(db(), locale()), request.args, locale())
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


@pages.get("/ledgers/<int:ledger_id>.csv")
@needs("staff:estimates:see")
def ledger_csv(ledger_id: int) -> Response:
    """A ledger exactly as it was loaded."""
    ledger = db().get(Ledger, ledger_id)
    if ledger is None:
        raise NotFound
    return send_vault_file(ledger.vault_key, ledger.name, "text/csv")


def _overview(
    ledger_form: LedgerForm | None = None,
    run_form: RunForm | None = None,
    problems: Sequence[Problem] = (),
    file_name: str = "",
) -> str:
    ledgers, runs = all_ledgers(db()), all_estimates(db())
    form = run_form or RunForm(formdata=None)
    form.source.choices = years_offered(ledgers, locale())
    asked = request.args.get("ledger", "")
    form.source.data = form.source.data or next(
        (value for value, _ in form.source.choices if value.startswith(f"{asked}:")), None
    )
    return render_template(
        "staff/estimates/estimates.html",
        ledgers=ledgers,
        estimates=[(each, result_of(each, {}, locale())) for each in runs],
        ledger_form=ledger_form or LedgerForm(formdata=None),
        run_form=form,
        problems=problems_in_words(locale(), problems[:MOST_SHOWN]),
        problem_count=_count(problems),
        file_name=file_name,
        columns=columns_of_a_ledger(locale()),
    )


def _count(problems: Sequence[Problem]) -> int:
    """How many problems there are, those included that the reader of the file left out."""
    hidden = sum(int(str(p.values["count"])) - 1 for p in problems if p.code == "problems_not_shown")
    return len(problems) + hidden


def _chosen(source: str) -> tuple[int, int]:
    ledger_id, _, year = source.partition(":")
    if not (ledger_id.isascii() and ledger_id.isdigit() and year.isascii() and year.isdigit()):
        return 0, 0
    return int(ledger_id[:9]), int(year[:4])
