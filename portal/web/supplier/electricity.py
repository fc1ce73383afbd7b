"""Electricity on the supplier's side: consumption, certificates and the green share worked out from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.carbon.doubts import reply_problems
from portal.core.carbon.electricity import SOURCES, site_key
from portal.core.errors import Invalid
from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.language import N_, say
from portal.operations.doubts import replies_before
from portal.operations.electricity import keep_uses, read_typed_uses, remove_uses
from portal.operations.register_judging import judge_electricity
from portal.store.electricity import electricity_of
from portal.web.company_pages import Question, questions
from portal.web.context import actor, db, locale, now, tenant, today
from portal.web.forms.company import SOURCE_WORDS, USE_FIELDS, UseForm, given, place_by_label
from portal.web.guard import needs
from portal.web.messages import in_words, tell
from portal.web.supplier.company_choices import offer_regions
from portal.web.supplier.pages_electricity import electricity_page

pages = Blueprint("electricity", __name__, url_prefix="/carbon/electricity")

MOST_ROWS = 80
MORE = 6


@dataclass(frozen=True)
class FormRow:
    """One row of the consumption form as typed, with what is wrong with it."""

    number: int
    month: str
    source: str
    amount: str
    errors: tuple[str, ...] = ()


@pages.get("")
@needs("supplier:carbon:write")
def electricity() -> str:
    """Consumption by site and year, certificates, and the green share with its arithmetic."""
    seen = electricity_page(db(), tenant(), locale())
    return render_template("supplier/electricity/electricity.html", seen=seen)


@pages.get("/use")
@needs("supplier:carbon:write")
def form() -> str:
    """The form of a site and year: empty, by month, or as it stands in the register."""
    form = UseForm(formdata=None, unit="MWh", year=str(today().year - 1), country=_country())
    site, year = request.args.get("site", ""), request.args.get("year", "")
    rows = _stored(form, site, year)
    if not rows and request.args.get("by") == "month":
        rows = [FormRow(n, str(n), "grid", "") for n in range(1, 13)]
    if not rows:
        rows = [FormRow(n, "", source, "") for n, source in enumerate(SOURCES, start=1)]
    return _form(form, rows, [])


@pages.post("/use")
@needs("supplier:carbon:write")
def enter() -> AnyResponse | tuple[str, int]:
    """Put a site's year into the register, once its doubts are answered; what it held before is replaced."""
    form, rows = UseForm(), _typed_rows()
    if "more" in request.form:
        last = len(rows)
        rows += [FormRow(n, "", "grid", "") for n in range(last + 1, min(last + MORE, MOST_ROWS) + 1)]
        return _form(form, rows, [])
    head = given(form, USE_FIELDS)
    try:
        taken = read_typed_uses(
            head,
            [{"month": r.month, "source": r.source, "amount": r.amount} for r in rows],
            today=today(),
        )
        doubts = judge_electricity(db(), tenant(), [one.use for one in taken])
        replies = {d.key: request.form[d.key] for d in doubts if d.key in request.form}
        if reply_problems(doubts, replies):
            before = replies_before(db(), tenant(), "electricity", doubts)
            return _form(form, rows, questions(doubts, replies, locale(), before)), 422
        keep_uses(db(), actor(), taken=taken, upload=None, doubts=doubts, replies=replies, now=now())
    except Invalid as invalid:
        rows = _place(form, rows, invalid)
        return _form(form, rows, []), 422
    tell(
        N_("The electricity of “{site}” in {year} is in the register."), site=head["site"], year=head["year"]
    )
    return redirect(url_for(".electricity"), 303)


@pages.post("/remove")
@needs("supplier:carbon:write")
def remove() -> AnyResponse:
    """Take a site's year out of the register; it stays on record."""
    site, year = request.form.get("site", ""), request.form.get("year", type=int) or 0
    remove_uses(db(), actor(), site=site, year=year, now=now())
    tell(N_("The electricity of “{site}” in {year} is taken out of the register."), site=site, year=year)
    return redirect(url_for(".electricity"), 303)


def _form(form: UseForm, rows: list[FormRow], asked: list[Question]) -> str:
    offer_regions(form.region)
    wrong = [(error, f"amount-{row.number}") for row in rows for error in row.errors]
    sources = [(key, say(locale(), SOURCE_WORDS[key])) for key in SOURCES]
    sites = sorted({row.site for row in electricity_of(db(), tenant())})
    return render_template(
        "supplier/electricity/use.html", form=form, rows=rows, wrong=wrong, asked=asked, sources=sources,
        sites=sites, more=len(rows) < MOST_ROWS,
    )  # fmt: skip


def _typed_rows() -> list[FormRow]:
    count = request.form.get("rows", type=int) or 0
    return [
        FormRow(
            n,
            request.form.get(f"month-{n}", ""),
            request.form.get(f"source-{n}", ""),
            request.form.get(f"amount-{n}", "").strip(),
        )
        for n in range(1, min(count, MOST_ROWS) + 1)
    ]


def _place(form: UseForm, rows: list[FormRow], invalid: Invalid) -> list[FormRow]:
    """Problems of the head beside its fields, all others beside their row, which they name."""
    beside: dict[int, list[Problem]] = {}
    for problem in invalid.problems:
        _column, _, number = problem.where.partition("-")
        if number.isdigit():
            beside.setdefault(int(number), []).append(problem)
        else:
            place_by_label(form, [problem], "site")
    return [replace(row, errors=tuple(_in_row(row.number, beside.get(row.number, [])))) for row in rows]


def _in_row(number: int, problems: list[Problem]) -> list[str]:
    place = say(locale(), N_("Row {number}"), number=number)
    named = []
    for problem in problems:
        values: dict[str, object] = dict(problem.values)
        first = str(values.get("first", ""))
        if first.startswith("amount-"):
            values["first"] = say(locale(), N_("Row {number}"), number=first.removeprefix("amount-"))
        named.append(Problem(problem.code, place, values))
    return in_words(named)


def _stored(form: UseForm, site: str, year: str) -> list[FormRow]:
    if not site or not year.isascii() or not year.isdigit() or len(year) != 4:
        return []
    wanted = site_key(site)
    rows = [r for r in electricity_of(db(), tenant(), int(year)) if site_key(r.site) == wanted]
    if not rows:
        return []
    form.site.data, form.country.data, form.region.data = rows[0].site, rows[0].country, rows[0].region
    form.year.data = year
    return [
        FormRow(n, str(row.month or ""), row.source, decimal_text(row.mwh))
        for n, row in enumerate(rows, start=1)
    ]


def _country() -> str:
    return next((row.country for row in electricity_of(db(), tenant())), "")
