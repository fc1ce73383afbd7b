"""Rounds: the list, opening one, one round's suppliers, a later deadline."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.lifecycle import STATES
from portal.core.questionnaire.model import Questionnaire, text_in
from portal.files.questionnaires import available_questionnaires
from portal.language import N_, say
from portal.operations.rounds import move_deadline, open_round
from portal.store.assessments import Round
from portal.store.journal import entries_about
from portal.store.standings import assessments_in_state, standings_of, state_counts
from portal.web.context import actor, db, locale, now, today
from portal.web.forms.rounds import DeadlineForm, RoundForm
from portal.web.forms.suppliers import place_problems
from portal.web.guard import needs
from portal.web.messages import in_words, tell
from portal.web.staff.listing import list_rows, row_of
from portal.web.staff.pages_rounds import LEAD_WORDS, round_line, round_lines, rows_of_round

# What the buyer has to act on.
WAITING = ("submitted", "in_review", "reviewed")

pages = Blueprint("rounds", __name__, url_prefix="/rounds")


@pages.get("")
@needs("staff:rounds:see")
def rounds() -> str:
    """Every round with its suppliers by state."""
    return render_template("staff/rounds/rounds.html", lines=round_lines(db(), today()))


@pages.get("/open")
@needs("staff:rounds:open")
def opening() -> str:
    """The form that opens a round."""
    return _opening_page(RoundForm())


@pages.post("/open")
@needs("staff:rounds:open")
def open_new() -> AnyResponse | tuple[str, int]:
    """Open a round."""
    form = RoundForm()
    _offer_questionnaires(form)
    if form.validate():
        try:
            opened = open_round(
                db(),
                actor(),
                name=" ".join(form.name.data.split()),
                questionnaire=form.questionnaire.data,
                period_start=form.period_start.data,
                period_end=form.period_end.data,
                deadline_on=form.deadline_on.data,
                trial=form.trial.data,
                now=now(),
            )
            tell(N_("The round “{name}” is open. Add the suppliers to assess."), name=opened.name)
            return redirect(url_for("staff.inviting.add", round_id=opened.id))
        except Invalid as invalid:
            place_problems(form, invalid.problems)
        except Refused as refusal:
            form.trial.errors = [*form.trial.errors, *in_words([refusal.problem])]
    return _opening_page(form), 422


@pages.get("/<int:round_id>")
@needs("staff:rounds:see")
def round(round_id: int) -> str:
    """One round: its suppliers with state, results and flags."""
    return _round_page(_round(round_id), DeadlineForm())


@pages.get("/waiting")
@needs("staff:assessments:see")
def waiting() -> str:
    """The assessments of all rounds in one state, or in every state that waits for us; the longest waiting first."""
    state = request.args.get("state", "")
    if state and state not in STATES:
        raise NotFound
    found = [a for each in ([state] if state else WAITING) for a in assessments_in_state(db(), each)]
    standings = standings_of(db(), sorted(found, key=lambda a: (a.state_at, a.id)))
    rows = [row_of(standing, locale(), today()) for standing in standings]
    return render_template("staff/rounds/waiting.html", state=state, rows=rows)


@pages.post("/<int:round_id>/deadline")
@needs("staff:rounds:open")
def later_deadline(round_id: int) -> AnyResponse | tuple[str, int]:
    """Give the suppliers of a round more time."""
    form = DeadlineForm()
    found = _round(round_id)
    if form.validate():
        try:
            move_deadline(
                db(),
                actor(),
                round_id=round_id,
                deadline_on=form.deadline_on.data,
                reason=form.reason.data,
                now=now(),
            )
            tell(N_("The deadline is moved. The suppliers see the new day from now on."))
            return redirect(url_for("staff.rounds.round", round_id=round_id))
        except Invalid as invalid:
            place_problems(form, invalid.problems)
    return _round_page(found, form), 422


def _round_page(found: Round, form: DeadlineForm) -> str:
    rows = rows_of_round(db(), found.id, locale(), today(), now())
    counts = state_counts(db()).get(found.id, {})
    moves = [e for e in entries_about(db(), "round", found.id) if e.action == "round.deadline_moved"]
    return render_template(
        "staff/rounds/round.html",
        line=round_line(found, counts, today()),
        listing=list_rows(rows, request.args),
        form=form,
        moves=moves,
        lead_words=LEAD_WORDS,
        title=_titles().get(found.questionnaire, found.questionnaire),
    )


def _opening_page(form: RoundForm) -> str:
    _offer_questionnaires(form)
    return render_template("staff/rounds/opening.html", form=form)


def _offer_questionnaires(form: RoundForm) -> None:
    form.questionnaire.choices = [(key, f"{title} · {key}") for key, title in _titles().items()]


def _titles() -> dict[str, str]:
    def title(found: Questionnaire) -> str:
        words = text_in(found.title, locale())
        return words if found.status == "published" else say(locale(), N_("{title} (draft)"), title=words)

    return {k: title(q) for k, q in available_questionnaires().items()}


def _round(round_id: int) -> Round:
    found = db().get(Round, round_id)
    if found is None:
        raise NotFound
    return found
