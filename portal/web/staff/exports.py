"""Exports: the purchasing review as a workbook, the ranking as CSV, and a scorecard per supplier as PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from flask import Blueprint, Response, render_template, request

from portal.core.errors import NotFound
from portal.core.problems import Problem
from portal.language import LOCALES, N_, say
from portal.language.forms import show_date, show_number
from portal.operations.exporting import Reader, note_export, purchasing_review
from portal.reports.purchasing_review import PurchasingReview, purchasing_review_csv, purchasing_review_xlsx
from portal.reports.scorecard import Scorecard
from portal.reports.scorecard_pdf import scorecard_pdf
from portal.store.assessments import Round, all_rounds, assessment_for_staff, assessments_in
from portal.store.engine import reading, writing
from portal.store.estimates import Estimate, all_estimates
from portal.store.standings import standings_of, state_counts
from portal.web.context import actor, db, locale, now, site, today, zone
from portal.web.downloads import send_bytes
from portal.web.forms.base import add_problems
from portal.web.forms.estimates import ExportForm
from portal.web.fresh_sign_in import is_fresh, unconfirmed
from portal.web.guard import needs
from portal.web.scorecards import scorecard_of
from portal.web.staff.listing import Row, row_of, sort_rows
from portal.web.staff.pages_estimates import method_word
from portal.web.words import STATE_WORDS, material_word

pages = Blueprint("exports", __name__, url_prefix="/exports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGES = {"en": "English", "zh": "简体中文"}
NONE = "none"
PAGE = 25


@dataclass(frozen=True)
class Cards:
    """One page of the suppliers of a round whose scorecard can be made: those that sent an assessment."""

    rows: tuple[Row, ...]
    count: int
    waiting: int
    page: int
    last: int


@pages.get("")
@needs("staff:exports:take")
def exports() -> str:
    """Choose a round and an estimate, then what to take out."""
    form = ExportForm(formdata=None)
    asked = _number(request.args.get("round"))
    if asked is not None and db().get(Round, asked) is not None:
        form.round.data = str(asked)
    return _page(form)


@pages.post("/purchasing-review.xlsx")
@needs("staff:exports:take")
def review_xlsx() -> Response | tuple[str, int]:
    """The purchasing review workbook."""
    return _taken("review", "xlsx", XLSX, purchasing_review_xlsx)


@pages.post("/ranking.csv")
@needs("staff:exports:take")
def ranking_csv() -> Response | tuple[str, int]:
    """The ranking of a round as CSV."""
    return _taken("ranking", "csv", "text/csv", purchasing_review_csv)


@pages.get("/scorecards/<int:assessment_id>.pdf")
@needs("staff:exports:take")
def scorecard(assessment_id: int) -> Response:
    """One supplier's scorecard, in the reader's language or the one of `?language=`.

    Being written down in the journal is part of the download. Reading ends before the entry is written: where SQLite
    has no safe WAL, a reader still open would keep the writer waiting.
    """
    asked = request.args.get("language", "")
    language = asked if asked in LOCALES else locale()
    found = assessment_for_staff(db(), assessment_id)
    if found is None:
        raise NotFound
    card = scorecard_of(
        db(),
        found,
        locale=language,
        organisation=site().settings.organisation,
        zone=zone(),
        now=now(),
        by=actor().name,
    )
    if found.state != "released":
        card = declared_only(card)
    name = f"scorecard-{found.supplier.code}-{found.id}-{language}.pdf"
    content = scorecard_pdf(card, language)
    db().close()
    with writing(site().engine) as session:
        note_export(
            session,
            actor(),
            what="scorecard",
            thing="assessment",
            thing_id=assessment_id,
            details={"language": language},
            now=now(),
        )
        session.commit()
    return send_bytes(content, name, "application/pdf")


def declared_only(card: Scorecard) -> Scorecard:
    """The card before release: nothing in it is called verified yet."""
    topics = tuple(
        replace(
            topic,
            verified=None,
            indicators=tuple(replace(line, verified=None, reviewer_words="") for line in topic.indicators),
        )
        for topic in card.topics
    )
    return replace(card, verified=None, topics=topics, capped_by_red_flag=False)


def _taken(
    what: str, ending: str, media_type: str, write: Callable[[PurchasingReview, str], bytes]
) -> Response | tuple[str, int]:
    form = ExportForm()
    problem = unconfirmed(form.password.data)
    if problem is not None:
        add_problems(form.password, [problem])
        return _page(form), 429 if problem.code == "too_many_guesses" else 422
    language = form.language.data if form.language.data in LOCALES else locale()
    round_id, estimate_id = _number(form.round.data), _number(form.estimate.data)
    try:
        # Read apart, so that nobody's saving waits for a large workbook.
        with reading(site().engine) as session:
            review = purchasing_review(
                session, round_id=round_id or 0, estimate_id=estimate_id, reader=_reader(language)
            )
    except NotFound:
        known = round_id is not None and db().get(Round, round_id) is not None
        field, code = (form.estimate, "choose_estimate") if known else (form.round, "choose_round")
        add_problems(field, [Problem(code)])
        return _page(form), 422
    data = write(review, language)
    note_export(
        db(),
        actor(),
        what=what,
        thing="round",
        thing_id=round_id or 0,
        details={"language": language, "estimate": estimate_id, "suppliers": len(review.ranking)},
        now=now(),
    )
    return send_bytes(data, f"purchasing-{what}-{round_id}-{today().isoformat()}.{ending}", media_type)


def _reader(language: str) -> Reader:
    return Reader(
        locale=language,
        name=actor().name,
        organisation=site().settings.organisation,
        now=now(),
        zone=zone(),
        state_word=lambda key: STATE_WORDS[key],
        material_word=lambda key: material_word(language, key),
        method_word=lambda key: method_word(language, key),
    )


def _offer(form: ExportForm) -> None:
    """Fill the choices of a form, and choose the newest where nothing was chosen yet."""
    rounds = all_rounds(db())
    form.round.choices = [(str(r.id), r.name) for r in rounds]
    form.estimate.choices = [
        *[(str(e.id), _estimate_words(e)) for e in all_estimates(db())],
        (NONE, say(locale(), N_("None: leave category 1 out"))),
    ]
    form.language.choices = list(LANGUAGES.items())
    form.round.data = form.round.data or _worth_reviewing(rounds)
    form.estimate.data = form.estimate.data or form.estimate.choices[0][0]
    form.language.data = form.language.data or locale()


def _worth_reviewing(rounds: list[Round]) -> str | None:
    """The newest round with released results, else with something sent, else the newest."""
    counts = state_counts(db())
    for states in (("released",), ("submitted", "in_review", "returned", "reviewed")):
        for round_ in rounds:
            if any(counts.get(round_.id, {}).get(state) for state in states):
                return str(round_.id)
    return str(rounds[0].id) if rounds else None


def _estimate_words(estimate: Estimate) -> str:
    return say(
        locale(),
        N_("{year} · {tonnes} tCO₂e · {day}"),
        year=estimate.year,
        tonnes=show_number(Decimal(estimate.summary["total_tco2e"]), locale(), 0),
        day=show_date(estimate.run_at.astimezone(zone()).date(), locale()),
    )


def _page(form: ExportForm) -> str:
    _offer(form)
    chosen = _number(form.round.data)
    round_ = db().get(Round, chosen) if chosen else None
    return render_template(
        "staff/exports/exports.html",
        form=form,
        round=round_,
        cards=_cards(round_) if round_ else None,
        fresh=is_fresh(),
        languages=LANGUAGES,
    )


def _cards(round_: Round) -> Cards:
    standings = standings_of(db(), assessments_in(db(), round_.id))
    rows = sort_rows([row_of(s, locale(), today()) for s in standings], "name", False)
    sent = [row for row in rows if row.declared is not None or row.verified is not None]
    last = max(1, -(-len(sent) // PAGE))
    asked = request.args.get("page", "1")
    page = min(max(int(asked[:6]) if asked.isascii() and asked.isdigit() else 1, 1), last)
    return Cards(tuple(sent[(page - 1) * PAGE : page * PAGE]), len(sent), len(rows) - len(sent), page, last)


def _number(text: str | None) -> int | None:
    return int(text[:9]) if text and text.isascii() and text.isdigit() else None
