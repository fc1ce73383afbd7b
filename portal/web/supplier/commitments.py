"""Findings of released results and what the supplier commits to about them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.language import N_, say
from portal.operations.commitments import (
    propose,
    read_proposal,
    report_done,
    report_progress,
    repropose,
    withdraw,
)
from portal.store.commitments import Commitment, Finding, commitment_with_trail, findings_of
from portal.store.evidence import current_library_of
from portal.store.measures import measures_by_commitment
from portal.web.commitment_words import with_state_word
from portal.web.context import actor, db, locale, now, site, tenant, today
from portal.web.forms.commitments import (
    DoneForm,
    ProgressForm,
    ProposalForm,
    form_of_commitment,
    given_proposal,
)
from portal.web.forms.evidence import place_problems
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.supplier.measure_lines import own_line
from portal.web.supplier.pages_commitments import commitment_page, finding_lines, findings_page

pages = Blueprint("commitments", __name__, url_prefix="/commitments")

ONE = "/<int:commitment_id>"
FINDING = "/findings/<int:finding_id>"


@pages.get("")
@needs("supplier:commitments:see")
def findings() -> str:
    """What the released results showed, and what was promised about it."""
    seen = findings_page(db(), tenant(), locale(), today())
    return render_template("supplier/commitments/findings.html", seen=seen)


@pages.get(FINDING)
@needs("supplier:commitments:propose")
def proposing(finding_id: int) -> str:
    """The form that proposes a commitment on one finding."""
    return _proposal_page(_finding(finding_id), ProposalForm(formdata=None))


@pages.post(FINDING)
@needs("supplier:commitments:propose")
def propose_new(finding_id: int) -> AnyResponse | tuple[str, int]:
    """Propose a commitment on one finding."""
    finding, form = _finding(finding_id), ProposalForm()
    try:
        proposal = read_proposal(given_proposal(form), gain=finding.gain, today=today())
        row = propose(db(), actor(), finding_id=finding_id, proposal=proposal, now=now())
    except Invalid as invalid:
        place_problems(form, invalid.problems, "action")
        return _proposal_page(finding, form), 422
    tell(N_("Your commitment is with the buyer, who agrees to it or sends it back with a reason."))
    return redirect(url_for(".commitment", commitment_id=row.id), 303)


@pages.get(ONE)
@needs("supplier:commitments:see")
def commitment(commitment_id: int) -> str:
    """One commitment with everything that happened, and what can be done next."""
    return _commitment_page(_mine(commitment_id))


@pages.post(f"{ONE}/again")
@needs("supplier:commitments:propose")
def again(commitment_id: int) -> AnyResponse | tuple[str, int]:
    """Propose again what was sent back."""
    row, form = _mine(commitment_id), ProposalForm()
    try:
        proposal = read_proposal(given_proposal(form), gain=row.finding.gain, today=today())
        repropose(db(), actor(), commitment_id=commitment_id, proposal=proposal, now=now())
    except Invalid as invalid:
        place_problems(form, invalid.problems, "action")
        return _commitment_page(row, proposal=form), 422
    except Refused as refusal:
        return _refused(commitment_id, refusal)
    tell(N_("Your new proposal is with the buyer."))
    return redirect(url_for(".commitment", commitment_id=commitment_id), 303)


@pages.post(f"{ONE}/withdraw")
@needs("supplier:commitments:propose")
def take_back(commitment_id: int) -> AnyResponse | tuple[str, int]:
    """Withdraw a commitment that is not agreed yet."""
    try:
        withdraw(db(), actor(), commitment_id=commitment_id, now=now())
    except Refused as refusal:
        return _refused(commitment_id, refusal)
    tell(N_("The commitment is withdrawn. The finding stays open."))
    return redirect(url_for(".findings"), 303)


@pages.post(f"{ONE}/progress")
@needs("supplier:commitments:report")
def progress(commitment_id: int) -> AnyResponse | tuple[str, int]:
    """Report progress in per cent, with words and perhaps a file."""
    row, form = _mine(commitment_id), ProgressForm()
    try:
        report_progress(
            db(),
            actor(),
            commitment_id=commitment_id,
            percent=form.percent.data or "",
            text=form.text.data or "",
            evidence_id=_chosen(form.evidence.data),
            now=now(),
        )
    except Invalid as invalid:
        place_problems(form, invalid.problems, "text")
        return _commitment_page(row, progress=form), 422
    except Refused as refusal:
        return _refused(commitment_id, refusal)
    tell(N_("Progress is noted."))
    return redirect(url_for(".commitment", commitment_id=commitment_id), 303)


@pages.post(f"{ONE}/done")
@needs("supplier:commitments:report")
def done(commitment_id: int) -> AnyResponse | tuple[str, int]:
    """Report a commitment as done; the buyer verifies it."""
    row, form = _mine(commitment_id), DoneForm(prefix="done")
    try:
        report_done(
            db(),
            actor(),
            commitment_id=commitment_id,
            text=form.text.data or "",
            evidence_id=_chosen(form.evidence.data),
            now=now(),
        )
    except Invalid as invalid:
        place_problems(form, invalid.problems, "text")
        return _commitment_page(row, done=form), 422
    except Refused as refusal:
        return _refused(commitment_id, refusal)
    tell(N_("Reported done. The buyer verifies it."))
    return redirect(url_for(".commitment", commitment_id=commitment_id), 303)


def _refused(commitment_id: int, refusal: Refused) -> tuple[str, int]:
    db().rollback()
    refuse(with_state_word(refusal.problem, locale()))
    return _commitment_page(_mine(commitment_id)), 409


def _chosen(given: str | None) -> int | None:
    """The id of a chosen file, None for none. Anything else is nobody's file."""
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise NotFound
    return int(given)


def _proposal_page(finding: Finding, form: ProposalForm) -> str:
    line = finding_lines(db(), [finding], locale(), today())[0]
    return render_template("supplier/commitments/proposing.html", finding=line, form=form)


def _commitment_page(
    row: Commitment,
    proposal: ProposalForm | None = None,
    progress: ProgressForm | None = None,
    done: DoneForm | None = None,
) -> str:
    seen = commitment_page(
        db(),
        row,
        locale(),
        today(),
        organisation=site().settings.organisation,
        file_url=lambda evidence_id: url_for("supplier.evidence.file", evidence_id=evidence_id),
    )
    progress = progress or ProgressForm(formdata=None)
    done = done or DoneForm(formdata=None, prefix="done")
    files = [("", say(locale(), N_("no file")))]
    files += [(str(file.id), file.name) for file in current_library_of(db(), tenant())]
    progress.evidence.choices = done.evidence.choices = files
    return render_template(
        "supplier/commitments/commitment.html",
        seen=seen,
        measures=[own_line(one) for one in measures_by_commitment(db(), [row.id]).get(row.id, [])],
        proposal=proposal or form_of_commitment(row),
        progress=progress,
        done=done,
    )


def _finding(finding_id: int) -> Finding:
    found = next((row for row in findings_of(db(), tenant()) if row.id == finding_id), None)
    if found is None:
        raise NotFound
    return found


def _mine(commitment_id: int) -> Commitment:
    row = commitment_with_trail(db(), commitment_id, tenant())
    if row is None:
        raise NotFound
    return row
