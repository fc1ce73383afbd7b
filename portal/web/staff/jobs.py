"""Jobs under way: how far they are, what came out, and a way to stop them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.core.errors import NotFound
from portal.language import N_, say
from portal.operations.jobs import cancel as cancel_job
from portal.operations.jobs import problems_of
from portal.operations.queue import ring
from portal.store.estimates import Estimate, Ledger
from portal.store.jobs import OPEN, Job, job_by_id
from portal.store.ledgers import LedgerIntake
from portal.web.context import actor, after_commit, db, locale, now, site
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.staff.pages_estimates import alike_in_words

pages = Blueprint("jobs", __name__, url_prefix="/category-1/jobs")

# A job nobody took for this long waits for a worker that is not there.
NOBODY = timedelta(seconds=30)
TITLES = {
    "estimate": N_("Estimate of {year}, {name}"),
    "estimate_check": N_("Making the estimate of {year} again"),
    "ledger_read": N_("Reading {name}"),
    "ledger_check": N_("Checking {name}"),
}
STEPS = {
    "": N_("waiting for a worker"),
    "copy": N_("fetching the file"),
    "read": N_("reading the rows"),
    "lines": N_("bringing lines into the plain form"),
    "words": N_("matching suppliers, materials, units"),
    "rules": N_("checking every line"),
    "files": N_("writing the files"),
    "tables": N_("reading factors and the register"),
    "ledger": N_("reading the ledger"),
    "candidates": N_("choosing what may serve each line"),
    "summary": N_("adding up"),
}
# In an estimate "lines" is the computation itself.
ESTIMATE_STEPS = STEPS | {"lines": N_("working out each line")}


@dataclass(frozen=True)
class Progress:
    """One job as its page shows it; `percent` 0..100, None while unknown. `go` is where the result is, "" while open."""

    id: int
    title: str
    state: str
    step: str
    percent: int | None
    asked_by: str
    alone: bool
    go: str
    problems: tuple[str, ...]
    rates_missing: bool
    more: int
    back: str


def wake(job: Job) -> Response:
    """Ring for a worker once the job is committed, and go to its page."""
    settings, job_id = site().settings, job.id
    after_commit(lambda: ring(settings, job_id))
    return redirect(url_for("staff.jobs.job", job_id=job_id), 303)


def progress_of(job: Job) -> Progress:
    """The page object of a job."""
    title, back = _subject(job)
    words = ESTIMATE_STEPS if job.kind in ("estimate", "estimate_check") else STEPS
    step = "" if job.state == "queued" else job.step or "copy"
    problems = problems_of(job)
    return Progress(
        id=job.id,
        title=title,
        state=job.state,
        step=say(locale(), words.get(step, N_("working"))),
        percent=min(100, 100 * job.done // job.of) if job.of else None,
        asked_by=job.asked_by.name,
        alone=job.state == "queued" and now() - job.asked_at > NOBODY,
        go=_result(job),
        problems=tuple(alike_in_words(locale(), problems)),
        rates_missing=any(problem.code == "line_rate_missing" for problem in problems),
        more=max(job.problem_count - len(problems), 0),
        back=back,
    )


def _subject(job: Job) -> tuple[str, str]:
    if job.kind == "estimate":
        ledger = db().get(Ledger, job.subject_id)
        values = {"year": job.arguments["year"], "name": ledger.name if ledger else ""}
        return say(locale(), TITLES["estimate"], **values), url_for("staff.estimates.estimates")
    if job.kind == "estimate_check":
        known = db().get(Estimate, job.subject_id)
        back = url_for("staff.estimate_manifest.manifest", estimate_id=job.subject_id)
        return say(locale(), TITLES["estimate_check"], year=known.year if known else ""), back
    intake = db().get(LedgerIntake, job.subject_id)
    title = say(locale(), TITLES.get(job.kind, N_("Work on {name}")), name=intake.name if intake else "")
    waiting = intake is not None and intake.state == "waiting"
    if waiting and job.kind == "ledger_check":
        return title, url_for("staff.ledgers.columns", intake_id=job.subject_id)
    return title, url_for("staff.estimates.estimates", _anchor="ledgers")


def _result(job: Job) -> str:
    if job.state != "done":
        return ""
    outcome = job.outcome or {}
    if job.kind == "estimate_check":
        return url_for("staff.estimate_manifest.manifest", estimate_id=job.subject_id, _anchor="check")
    if "estimate" in outcome:
        known = {} if outcome.get("new") else {"known": 1}
        return url_for("staff.estimates.estimate", estimate_id=outcome["estimate"], **known)
    return url_for("staff.ledgers.intake", intake_id=job.subject_id)


def _found(job_id: int) -> Job:
    found = job_by_id(db(), job_id)
    if found is None:
        raise NotFound
    return found


@pages.get("/<int:job_id>")
@needs("staff:estimates:run")
def job(job_id: int) -> str | Response:
    """How far a job is; a finished one leads to what it made."""
    progress = progress_of(_found(job_id))
    if progress.go:
        return redirect(progress.go)
    return render_template("staff/jobs/job.html", job=progress, open=progress.state in OPEN)


@pages.get("/<int:job_id>.json")
@needs("staff:estimates:run")
def state(job_id: int) -> Response:
    """The same for the script of the page."""
    progress = progress_of(_found(job_id))
    return jsonify(
        state=progress.state,
        step=progress.step,
        percent=progress.percent,
        alone=progress.alone,
        go=progress.go,
        open=progress.state in OPEN,
    )


@pages.post("/<int:job_id>/cancel")
@needs("staff:estimates:run")
def cancel(job_id: int) -> Response:
    """Stop a job; nothing of it is kept."""
    found = cancel_job(db(), actor(), job_id=job_id, now=now())
    if found.state == "done":
        tell(N_("It was done already."))
    return redirect(url_for("staff.jobs.job", job_id=job_id))
