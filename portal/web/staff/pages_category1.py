"""The first page of category 1: ledgers, estimates, and what is under way."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for

from portal.language import N_, say
from portal.store.estimates import all_estimates, all_ledgers
from portal.store.jobs import newest_job, open_jobs
from portal.store.ledgers import LedgerIntake, waiting_intakes
from portal.web.context import db, locale, site
from portal.web.forms.estimates import RunForm
from portal.web.forms.ledgers import LedgerForm
from portal.web.staff.jobs import progress_of
from portal.web.staff.pages_estimates import columns_of_a_ledger, result_of, years_offered


@dataclass(frozen=True)
class Waiting:
    """A file on its way in, and in words what it waits for."""

    intake: LedgerIntake
    words: str


def overview(ledger_form: LedgerForm | None = None, run_form: RunForm | None = None) -> str:
    """The page, with a form that was filled wrongly where there is one."""
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
        jobs=[progress_of(job) for job in open_jobs(db())],
        waiting=[Waiting(each, _waits_for(each)) for each in waiting_intakes(db())],
        ledger_form=ledger_form or LedgerForm(formdata=None),
        run_form=form,
        limit=site().settings.ledger_limit // (1024 * 1024),
        columns=columns_of_a_ledger(locale()),
        template=url_for("staff.ledgers.template"),
    )


def _waits_for(intake: LedgerIntake) -> str:
    job = newest_job(db(), intake.id, "ledger_read", "ledger_check")
    if job is not None and job.state in ("queued", "running"):
        return say(locale(), N_("being worked on"))
    if job is not None and job.state == "failed" and not intake.reading:
        return say(locale(), N_("could not be read"))
    if not intake.reading or intake.reading["asked"]:
        return say(locale(), N_("its encoding"))
    if not intake.checked:
        return say(locale(), N_("its columns"))
    if intake.checked["problems"]:
        return say(locale(), N_("{count} problems to correct"), count=intake.checked["problems"])
    return say(locale(), N_("to be accepted"))
