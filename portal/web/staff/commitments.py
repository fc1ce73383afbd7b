"""The register of commitments: who has committed, and agreeing, sending back, verifying, reopening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.reading import read_date
from portal.language import N_, forms
from portal.operations.commitments import agree, reopen, send_back, verify
from portal.reports.chart_svg import svg
from portal.store.commitments import Commitment, CommitmentNote, all_commitments, commitment_with_trail
from portal.store.measures import measures_by_commitment
from portal.web.commitment_words import with_state_word
from portal.web.context import actor, db, locale, now, today, zone
from portal.web.downloads import send_vault_file
from portal.web.forms.commitments import ReasonForm
from portal.web.forms.evidence import place_problems
from portal.web.guard import needs
from portal.web.messages import in_words, refuse, tell
from portal.web.staff.company_register import measure_lines
from portal.web.staff.pages_commitments import (
    commitment_page,
    register_page,
    share_chart,
    share_page,
)

pages = Blueprint("commitments", __name__, url_prefix="/commitments")

ONE = "/<int:commitment_id>"


@pages.get("")
@needs("staff:commitments:see")
def register() -> str:
    """Every commitment, and for any day which assessed suppliers had committed."""
    rows = all_commitments(db())
    on, wrong = _asked_day(request.args.get("on", ""))
    share = share_page(db(), rows, on, locale(), zone())
    chart = share_chart(share, locale(), lambda day: forms.show_date(day, locale()))
    return render_template(
        "staff/commitments/register.html",
        listing=register_page(rows, request.args, locale(), today()),
        share=share,
        chart=chart,
        picture=svg(chart, locale()) if chart else None,
        wrong=in_words(wrong),
    )


@pages.get(ONE)
@needs("staff:commitments:see")
def commitment(commitment_id: int) -> str:
    """One commitment with everything that happened."""
    return _page(commitment_id, ReasonForm(formdata=None))


@pages.post(f"{ONE}/agree")
@needs("staff:commitments:agree")
def accept(commitment_id: int) -> AnyResponse | tuple[str, int]:
    """Agree to a proposed commitment."""
    return _move(
        commitment_id,
        lambda: agree(db(), actor(), commitment_id=commitment_id, now=now()),
        N_("Agreed. From today the supplier counts as committed."),
    )


@pages.post(f"{ONE}/send-back")
@needs("staff:commitments:agree")
def return_it(commitment_id: int) -> AnyResponse | tuple[str, int]:
    """Send a proposal back with a reason."""
    form = ReasonForm()
    return _move(
        commitment_id,
        lambda: send_back(
            db(), actor(), commitment_id=commitment_id, reason=form.reason.data or "", now=now()
        ),
        N_("Sent back. The supplier sees your reason and can propose again."),
        form,
    )


@pages.post(f"{ONE}/verify")
@needs("staff:commitments:agree")
def confirm(commitment_id: int) -> AnyResponse | tuple[str, int]:
    """Verify what was reported done; the finding is closed."""
    return _move(
        commitment_id,
        lambda: verify(db(), actor(), commitment_id=commitment_id, now=now()),
        N_("Verified. The finding is closed."),
    )


@pages.post(f"{ONE}/reopen")
@needs("staff:commitments:agree")
def open_again(commitment_id: int) -> AnyResponse | tuple[str, int]:
    """Reopen what was reported done, with a reason."""
    form = ReasonForm()
    return _move(
        commitment_id,
        lambda: reopen(db(), actor(), commitment_id=commitment_id, reason=form.reason.data or "", now=now()),
        N_("Reopened. The supplier sees your reason and continues."),
        form,
    )


@pages.get(f"{ONE}/proof/<int:note_id>")
@needs("staff:commitments:see")
def proof(commitment_id: int, note_id: int) -> AnyResponse:
    """The file a supplier attached to a step of this commitment."""
    note = next((note for note in _found(commitment_id).notes if note.id == note_id), None)
    if note is None or note.evidence is None:
        raise NotFound
    file = note.evidence
    return send_vault_file(file.vault_key, file.name, file.media_type, file.sha256)


def _move(
    commitment_id: int, move: Callable[[], Commitment], words: str, form: ReasonForm | None = None
) -> AnyResponse | tuple[str, int]:
    try:
        move()
    except Invalid as invalid:
        form = form or ReasonForm(formdata=None)
        place_problems(form, invalid.problems, "reason")
        return _page(commitment_id, form), 422
    except Refused as refusal:
        db().rollback()
        refuse(with_state_word(refusal.problem, locale()))
        return _page(commitment_id, ReasonForm(formdata=None)), 409
    tell(words)
    return redirect(url_for(".commitment", commitment_id=commitment_id), 303)


def _asked_day(text: str) -> tuple[date, list[Problem]]:
    """The day asked for; today, with the reason, where that is no day of the past or present."""
    if not text.strip():
        return today(), []
    day = read_date(text, "on")
    if isinstance(day, Problem):
        return today(), [Problem("register_day_unreadable", "on", {"found": text.strip()[:40]})]
    if day > today():
        return today(), [Problem("register_day_ahead", "on", {"found": day.isoformat()})]
    return day, []


def _page(commitment_id: int, form: ReasonForm) -> str:
    row = _found(commitment_id)

    def proof_url(note: CommitmentNote) -> str:
        return url_for(".proof", commitment_id=commitment_id, note_id=note.id)

    seen = commitment_page(row, locale(), today(), proof_url)
    measures = measure_lines(measures_by_commitment(db(), [row.id]).get(row.id, []), row.supplier_id)
    return render_template("staff/commitments/commitment.html", seen=seen, form=form, measures=measures)


def _found(commitment_id: int) -> Commitment:
    row = commitment_with_trail(db(), commitment_id)
    if row is None:
        raise NotFound
    return row
