"""The topic page: answer, save as you go, choose when two people answered at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Conflict, NotFound, Refused
from portal.core.lifecycle import EDITABLE, may_edit
from portal.core.questionnaire.model import Indicator, Topic, find_indicator, find_topic, text_in
from portal.core.questionnaire.path import is_never_asked
from portal.core.questionnaire.progress import progress
from portal.language import N_, forms, say
from portal.language.sentences import sentence
from portal.operations.answering import reopened, returned_reasons
from portal.operations.hints import raised_hints
from portal.operations.looking import marks_of
from portal.operations.register_facts import Known, known_for
from portal.operations.scoring import Case, live_case, submitted_case
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment, assessment_of
from portal.store.evidence import EvidenceLink, links_of
from portal.store.site_answers import AnyAnswer, SiteAnswers, site_answers_of
from portal.store.together import looks_of
from portal.web.context import actor, db, locale, tenant, today, zone
from portal.web.forms.answers import given_in_form, given_in_json
from portal.web.guard import needs
from portal.web.site_words import rolled_view
from portal.web.supplier.carrying import confirm_pressed, earlier_marks
from portal.web.supplier.evidence_notes import files_behind
from portal.web.supplier.field_names import code_and_site, field_of
from portal.web.supplier.filling import fill_pressed
from portal.web.supplier.pages_answering import (
    Asking,
    File,
    Neighbour,
    Question,
    TopicPage,
    not_asked,
    question_of,
    topic_questions,
    trouble_of,
)
from portal.web.supplier.pages_hints import HintLine, hint_lines, hints_by_code
from portal.web.supplier.pages_sites import (
    flat,
    site_fields,
    site_of_field,
    site_question,
    with_sites,
)
from portal.web.supplier.pages_together import Debt, LookLine, look_of, next_after
from portal.web.supplier.pressed import over_theirs, pressed, rows_query, rows_wanted
from portal.web.supplier.register_clicks import clicked, not_written_at, register_lookup, take_clicked
from portal.web.supplier.site_saving import save_field, save_fields
from portal.web.supplier.todo import debts_now, marks_now, own_todo

pages = Blueprint("answering", __name__, url_prefix="/assessments/<int:assessment_id>")

LARGEST_BODY = 1024 * 1024


@dataclass(frozen=True)
class Desk:
    """What answering works on: the live case with its answer rows and links, and what a return reopened."""

    assessment: Assessment
    case: Case
    answers: Mapping[str, Answer]
    links: Mapping[str, Sequence[EvidenceLink]]
    at_sites: SiteAnswers
    reasons: Mapping[str, str]
    editable: frozenset[str]


@pages.get("/topics/<topic>")
@needs("supplier:answers:write")
def topic(assessment_id: int, topic: str) -> str:
    """One topic with its open questions."""
    desk = _desk(_mine(assessment_id))
    return _topic_page(desk, _topic_of(desk, topic), {}, rows_wanted())


@pages.post("/topics/<topic>")
@needs("supplier:answers:write")
def save_topic(assessment_id: int, topic: str) -> AnyResponse | str:
    """Save the whole page at once: the road without scripts. Good answers are stored whatever the others are."""
    desk = _desk(_mine(assessment_id))
    shown = _topic_of(desk, topic)
    asked = (*shown.indicators, *site_fields(desk.case, shown.indicators))
    form, extra, focus = pressed(asked)
    given = {i.code: one for i in asked if (one := given_in_form(i, form)) is not None}
    chosen = request.form.get("mine", "")
    if chosen in given:
        given[chosen] = over_theirs(given[chosen], form.get(f"{chosen}-theirs", ""))
    given.pop(request.form.get("theirs", ""), None)
    if clicks := not_written_at(clicked(request.form), given, asked, desk.at_sites):
        for click in clicks:
            given.pop(field_of(click.code, click.site_id), None)
        focus = take_clicked(desk.assessment, clicks)
    result = save_fields(desk.assessment, desk.case, given)
    focus = fill_pressed(desk.assessment, shown, request.form) or focus
    focus = confirm_pressed(desk.assessment, shown, request.form) or focus
    if result.conflicts or result.problems:
        trouble = frozenset(result.conflicts) | frozenset(result.problems)
        return _topic_page(_desk(desk.assessment), shown, result.conflicts, extra, trouble)
    go = request.form.get("go", "")
    if go == "next":
        return redirect(_next_url(desk, shown), 303)
    if go.startswith("yours:"):
        return redirect(_next_of_yours(_desk(desk.assessment), go.removeprefix("yours:")), 303)
    return redirect(
        url_for(
            "supplier.answering.topic",
            assessment_id=assessment_id,
            topic=topic,
            **rows_query(extra),
            _anchor=focus,
        ),
        303,
    )


@pages.get("/answers/<code>")
@needs("supplier:answers:write")
def question(assessment_id: int, code: str) -> str:
    """One question as it stands now, for the page's scripts: a colleague's answer was kept."""
    desk = _desk(_mine(assessment_id))
    return _question_html(desk, _indicator(desk, code), code, {})


@pages.post("/answers/<code>")
@needs("supplier:answers:write")
def answer(assessment_id: int, code: str) -> tuple[Response, int]:
    """Save one answer as it is given. 409 with both versions where a colleague was faster."""
    desk = _desk(_mine(assessment_id))
    indicator = _indicator(desk, code)
    given = given_in_json(indicator, _body())
    if given is None:
        return jsonify(
            error="bad_request", sentences=[say(locale(), N_("This could not be read. Load the page again."))]
        ), 400
    try:
        save_field(desk.assessment, desk.case, code, given)
    except Conflict as conflict:
        html = _question_html(_desk(desk.assessment), indicator, code, {code: conflict})
        return jsonify(error="conflict", html=html), 409
    return jsonify(_state_now(_desk(desk.assessment), indicator, code)), 200


def _mine(assessment_id: int) -> Assessment:
    found = assessment_of(db(), tenant(), assessment_id)
    if found is None:
        raise NotFound
    return found


def _desk(assessment: Assessment) -> Desk:
    answers = answers_of(db(), assessment.id)
    links = links_of(db(), assessment.id)
    at_sites = site_answers_of(db(), assessment.id)
    case = live_case(assessment, answers, links, at_sites)
    reasons: dict[str, str] = {}
    editable: frozenset[str] = frozenset()
    if assessment.state == "returned":
        reasons = returned_reasons(db(), assessment)
        editable = reopened(case, submitted_case(db(), assessment), reasons)
    return Desk(assessment, case, answers, links, at_sites, reasons, editable)


def _topic_of(desk: Desk, code: str) -> Topic:
    found = find_topic(desk.case.questionnaire, code)
    if found is None:
        raise NotFound
    return found


def _indicator(desk: Desk, field: str) -> Indicator:
    """The indicator that a field of the company or of one of its sites asks."""
    code, site_id = code_and_site(field)
    if site_id is not None and field not in {f.code for f in site_fields(desk.case, _indicators(desk, code))}:
        raise NotFound
    found = find_indicator(desk.case.questionnaire, code)
    closed = desk.case.path.closed.get(code)
    if found is None or is_never_asked(closed):
        raise NotFound
    return found


def _indicators(desk: Desk, code: str) -> tuple[Indicator, ...]:
    found = find_indicator(desk.case.questionnaire, code)
    return (found,) if found is not None else ()


def _body() -> Any:
    if (request.content_length or 0) > LARGEST_BODY:
        return None
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _next_url(desk: Desk, shown: Topic) -> str:
    after = _neighbours(desk, shown)[1]
    if after is None:
        return url_for("supplier.sending.check", assessment_id=desk.assessment.id)
    return url_for("supplier.answering.topic", assessment_id=desk.assessment.id, topic=after.code)


def _next_of_yours(desk: Desk, code: str) -> str:
    """The reader's next open question after `code`; the reader's own list when none is open."""
    todo = own_todo(desk.case, desk.answers, desk.links, debts_now(desk.case))
    following = next_after(todo, code)
    number = desk.assessment.id
    if following is None or following.code == code:
        return url_for("supplier.yours.yours", assessment_id=number)
    return url_for(
        "supplier.answering.topic", assessment_id=number, topic=following.topic, _anchor=following.code
    )


def _look(desk: Desk, shown: Topic) -> LookLine | None:
    """What the leads have looked at in this topic; None once the answers are locked."""
    if desk.assessment.state not in EDITABLE:
        return None
    look = looks_of(db(), desk.assessment.id).get(shown.code)
    stands = marks_of(desk.case, desk.answers, desk.links)
    return look_of(shown, desk.case.path.open, stands, look, actor().user_id, locale())


def _neighbours(desk: Desk, shown: Topic) -> tuple[Neighbour | None, Neighbour | None]:
    """The topics before and after that ask this supplier anything; after a return, that have something reopened."""
    asking = desk.case.path.open
    if desk.assessment.state == "returned":
        asking &= desk.editable
    topics = desk.case.questionnaire.topics
    asked = [t for t in topics if t is shown or any(i.code in asking for i in t.indicators)]
    at = asked.index(shown)
    named = [Neighbour(t.code, text_in(t.name, locale())) for t in asked]
    return (named[at - 1] if at else None), (named[at + 1] if at + 1 < len(named) else None)


def _hints(desk: Desk, known: Known | None) -> Mapping[str, tuple[HintLine, ...]]:
    """The hints that stand, by the codes they concern; none once the answers are locked: what was sent is on the check page."""
    if known is None:
        return {}
    return hints_by_code(hint_lines(desk.case, raised_hints(db(), desk.case, known), locale()))


def _asking(
    desk: Desk,
    clashes: Mapping[str, Conflict],
    rows: Mapping[str, int],
    debts: Mapping[str, Debt] | None = None,
) -> Asking:
    notes = url_for("supplier.notes.thread", assessment_id=desk.assessment.id, code="CODE")
    known = known_for(db(), desk.assessment) if desk.assessment.state in EDITABLE else None
    return Asking(
        locale=locale(),
        when=saved_words,
        choose=lambda code: evidence_url(desk.assessment.id, code),
        editable=lambda code: may_edit(desk.assessment.state, code, desk.editable),
        reasons=desk.reasons,
        clashes=clashes,
        rows=rows,
        hints=_hints(desk, known),
        files=_files(desk),
        marks=marks_now(desk.case, debts_now(desk.case) if debts is None else debts, notes),
        register=register_lookup(desk.case, desk.answers, desk.editable, known),
        carried=earlier_marks(desk.assessment, desk.case, desk.answers),
    )


def _files(desk: Desk) -> Mapping[str, tuple[File, ...]]:
    """What the portal says about the linked files, by code; once the answers are locked only their names stand."""
    if desk.assessment.state not in EDITABLE:
        return {}
    return files_behind(db(), desk.case, desk.links, today(), locale())


def saved_words(answer: AnyAnswer) -> str:
    """When and by whom an answer was saved: "Saved 14:03 by Li Na", with the day when it was not today."""
    same_day = answer.changed_at.astimezone(zone()).date() == today()
    show = forms.show_time if same_day else forms.show_datetime
    return say(
        locale(),
        N_("Saved {time} by {name}"),
        time=show(answer.changed_at, zone(), locale()),
        name=answer.changed_by.name,
    )


def evidence_url(assessment_id: int, code: str) -> str:
    """Where evidence for an answer is added, empty in a portal without the evidence room."""
    endpoint = "supplier.evidence.choose"
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, assessment_id=assessment_id, code=code)


def _topic_page(
    desk: Desk,
    shown: Topic,
    clashes: Mapping[str, Conflict],
    rows: Mapping[str, int],
    trouble: frozenset[str] = frozenset(),
) -> str:
    case, state = desk.case, desk.assessment.state
    before, after = _neighbours(desk, shown)
    own = progress(case.questionnaire, case.path, case.answers, case.unconfirmed).topics[shown.code]
    debts = debts_now(case)
    asking = _asking(desk, clashes, rows, debts)
    questions = with_sites(topic_questions(case, shown, desk.answers, asking), case, desk.at_sites, asking)
    page = TopicPage(
        assessment_id=desk.assessment.id,
        round=desk.assessment.round.name,
        code=shown.code,
        number=shown.number,
        of=len(case.questionnaire.topics),
        name=text_in(shown.name, locale()),
        intro=text_in(shown.intro, locale()),
        state=state,
        progress=own,
        questions=questions,
        not_asked=not_asked(case, shown, locale()),
        before=before,
        after=after,
        locked="" if state in EDITABLE else sentence(locale(), Refused(f"locked_{state}").problem),
        trouble=trouble_of(flat(questions), trouble, locale()),
        answers_url=url_for("supplier.answering.answer", assessment_id=desk.assessment.id, code="CODE"),
        debt=debts.get(shown.code),
        look=_look(desk, shown),
    )
    return render_template("supplier/answering/topic.html", topic=page)


def _question_html(desk: Desk, indicator: Indicator, field: str, clashes: Mapping[str, Conflict]) -> str:
    asked = _asked(desk, indicator, field, _asking(desk, clashes, {}))
    if code_and_site(field)[1] is not None:
        return render_template(
            "supplier/per_site/field.html", question=asked, site=site_of_field(desk.case, field)
        )
    return render_template("supplier/answering/question.html", question=asked)


def _asked(desk: Desk, indicator: Indicator, field: str, asking: Asking) -> Question:
    """The question of a field as it stands now."""
    site_id = code_and_site(field)[1]
    if site_id is not None:
        return site_question(desk.case, indicator, site_id, desk.at_sites, asking)
    asked = question_of(desk.case, indicator, desk.answers.get(indicator.code), asking)
    return with_sites([asked], desk.case, desk.at_sites, asking)[0]


def _state_now(desk: Desk, indicator: Indicator, field: str) -> dict[str, Any]:
    """What the page's scripts show after a save: the field's state, which questions are open, the topic's progress."""
    case = desk.case
    asking = _asking(desk, {}, {})
    asked = _asked(desk, indicator, field, asking)
    own = progress(case.questionnaire, case.path, case.answers, case.unconfirmed).topics[indicator.topic]
    shown = _topic_of(desk, indicator.topic)
    return {
        "version": asked.version,
        "saved": asked.saved.words if asked.saved else "",
        "problems": list(asked.problems),
        "open": [i.code for i in shown.indicators if i.code in case.path.open],
        "hints": {
            i.code: render_template("supplier/answering/hints.html", hints=asking.hints[i.code])
            for i in shown.indicators
            if i.code in asking.hints
        },
        "register": {
            i.code: render_template("supplier/answering/register_note.html", note=found)
            for i in (*shown.indicators, *site_fields(case, shown.indicators))
            if (found := asking.register(i.code)) is not None
        },
        "rolled": {
            i.code: render_template("supplier/per_site/rolled.html", view=rolled_view(case, i.code, locale()))
            for i in shown.indicators
            if case.sites is not None
        },
        "carried": render_template("supplier/carrying/mark.html", mark=asking.carried.get(indicator.code)),
        "progress": {
            "answered": own.answered,
            "open": own.open,
            "words": say(locale(), N_("{answered} of {open} answered"), answered=own.answered, open=own.open),
        },
    }
