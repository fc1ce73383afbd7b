"""Start from an earlier assessment, confirm what was carried, move a draft to a newer version, see what a version changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Refused
from portal.core.lifecycle import EDITABLE
from portal.core.questionnaire.model import Topic, find_topic, indicators_of, questionnaire_id, text_in
from portal.files.questionnaires import find_questionnaire
from portal.language import N_, say
from portal.operations.carrying import carry_answers, earlier_source
from portal.operations.carrying_sites import rolled_up
from portal.operations.confirming import confirm_answers
from portal.operations.moving import move_version, offered_versions, preview_move
from portal.operations.scoring import Case, open_case
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment
from portal.store.carrying import carried_at_sites, carried_of
from portal.store.site_answers import site_answers_of
from portal.web.context import actor, db, locale, now
from portal.web.guard import needs
from portal.web.messages import tell, warn
from portal.web.supplier.carrying_panel import offer_of
from portal.web.supplier.field_names import field_of
from portal.web.supplier.hub import mine
from portal.web.supplier.pages_carrying import (
    CarriedMark,
    carried_marks,
    move_lines,
    preview_lines,
)
from portal.web.supplier.pages_carrying_sites import site_marks, sites_preview
from portal.web.supplier.pages_confirming import confirming_page
from portal.web.version_changes import changes_by_topic

pages = Blueprint("carrying", __name__, url_prefix="/assessments/<int:assessment_id>")


@pages.get("/start")
@needs("supplier:answers:write")
def starting(assessment_id: int) -> str:
    """What starting from the newest earlier assessment would bring, before anything is written."""
    found = mine(assessment_id)
    source, steps, plan = offer_of(found)
    lines = {}
    if source:
        older, newer = find_questionnaire(source.questionnaire), find_questionnaire(found.questionnaire)
        rolled = dict.fromkeys(rolled_up(source, plan, older), len(source.sites))
        lines = preview_lines(steps, older, newer, locale(), rolled)
    return render_template(
        "supplier/carrying/start.html",
        assessment=found,
        said=source.said if source else "",
        lines=lines,
        sites=sites_preview(plan, locale()),
    )


@pages.post("/start")
@needs("supplier:answers:write")
def start(assessment_id: int) -> AnyResponse:
    """Bring the answers of the newest earlier assessment into this draft."""
    found = mine(assessment_id)
    source = earlier_source(db(), found)
    if source is None:
        raise Refused("carry_nothing")
    done = carry_answers(db(), actor(), assessment=found, source=source, now=now())
    if done.carried:
        tell(
            N_("{count} answers are carried over from {round}. Look at each and confirm it, or change it."),
            count=len(done.carried),
            round=source.said,
        )
    if done.at_sites:
        tell(
            N_("{count} answers of {sites} are carried over with them, to be confirmed."),
            count=sum(len(codes) for codes in done.at_sites.values()),
            sites=say(locale(), N_(", ")).join(sorted(done.at_sites)),
        )
    if done.carried or done.at_sites:
        return redirect(url_for(".confirming", assessment_id=assessment_id), 303)
    tell(N_("Nothing more was carried over from {round}."), round=source.said)
    return redirect(url_for("supplier.hub.assessment", assessment_id=assessment_id), 303)


@pages.get("/version")
@needs("supplier:assessment:move")
def moving(assessment_id: int) -> str:
    """What moving this draft to a newer version would do to each answer; or that it stays where it is."""
    found = mine(assessment_id)
    offered = offered_versions(db(), found)
    to = request.args.get("to", "")
    chosen = to if to in offered else (offered[-1] if offered else "")
    older = find_questionnaire(found.questionnaire)
    moves = preview_move(db(), assessment=found, to=chosen) if chosen else ()
    newer = find_questionnaire(chosen) if chosen else older
    return render_template(
        "supplier/carrying/version.html",
        assessment=found,
        present=older.version,
        chosen=newer if chosen else None,
        chosen_id=chosen,
        offered=offered,
        kept=sum(1 for one in moves if one.outcome == "kept"),
        lines=move_lines(moves, older, newer, locale()),
        groups=changes_by_topic(found.questionnaire, chosen, locale()) if chosen else (),
    )


@pages.post("/version")
@needs("supplier:assessment:move")
def move(assessment_id: int) -> AnyResponse:
    """Move this draft to the newer version that was previewed."""
    found = mine(assessment_id)
    to = request.form.get("to", "")[:80]
    move_version(db(), actor(), assessment=found, to=to, now=now())
    tell(N_("The assessment now follows the version {version}."), version=to.rpartition("/")[2])
    return redirect(url_for("supplier.hub.assessment", assessment_id=assessment_id), 303)


@pages.get("/changes")
@needs("supplier:assessment:see")
def changes(assessment_id: int) -> str:
    """What the questionnaire of this assessment changed against the version before it."""
    found = mine(assessment_id)
    questionnaire = find_questionnaire(found.questionnaire)
    older = f"{questionnaire.name}/{questionnaire.inherits}" if questionnaire.inherits else ""
    return render_template(
        "supplier/carrying/changes.html",
        assessment=found,
        title=text_in(questionnaire.title, locale()),
        version=questionnaire.version,
        older=questionnaire.inherits,
        groups=changes_by_topic(older, questionnaire_id(questionnaire), locale()) if older else (),
    )


@pages.get("/confirm")
@needs("supplier:answers:write")
def confirming(assessment_id: int) -> str:
    """Everything carried over that waits, topic by topic, to be confirmed where it is right."""
    found = mine(assessment_id)
    case = open_case(db(), found)
    page = confirming_page(
        case,
        answers_of(db(), found.id),
        carried_of(db(), found.id),
        carried_at_sites(db(), found.id),
        locale(),
    )
    return render_template("supplier/carrying/confirm.html", assessment=found, waiting=page)


@pages.post("/confirm")
@needs("supplier:answers:write")
def confirm(assessment_id: int) -> AnyResponse:
    """Confirm the carried answers of one topic, or all that the page showed, as they were seen."""
    found = mine(assessment_id)
    questionnaire = find_questionnaire(found.questionnaire)
    topic = find_topic(questionnaire, request.form.get("topic", ""))
    everything = "everything" in request.form
    codes = [
        i.code for i in (indicators_of(questionnaire) if everything else topic.indicators if topic else ())
    ]
    _confirm(found, codes, request.form)
    case = open_case(db(), found)
    if case.unconfirmed & case.path.open:
        return redirect(url_for(".confirming", assessment_id=assessment_id), 303)
    return redirect(url_for("supplier.hub.assessment", assessment_id=assessment_id), 303)


def confirm_pressed(found: Assessment, topic: Topic, form: Mapping[str, str]) -> str:
    """Confirm what a button of the topic page asks for: one question, or all carried of the topic, as they were seen.

    Returns where on the page to land, "" when no such button was pressed.
    """
    pressed = form.get("confirm", "")
    codes = [i.code for i in topic.indicators if pressed in (i.code, "all")]
    if not codes:
        return ""
    _confirm(found, codes, form, told=pressed == "all")
    return pressed if pressed != "all" else ""


def earlier_marks(found: Assessment, case: Case, answers: Mapping[str, Answer]) -> Mapping[str, CarriedMark]:
    """What is said of earlier answers, by code; nothing once the answers are locked. One query."""
    if found.state not in EDITABLE:
        return {}
    codes = [i.code for i in indicators_of(case.questionnaire)]
    carried = carried_of(db(), found.id)
    if case.sites is None:
        return carried_marks(case, codes, answers, carried, locale())
    at_sites = carried_at_sites(db(), found.id)
    marks = carried_marks(case, codes, answers, carried, locale(), at_sites)
    return {**marks, **site_marks(case, at_sites, locale())}


def _confirm(found: Assessment, codes: Sequence[str], form: Mapping[str, str], told: bool = True) -> None:
    """Confirm `codes` in the versions the form was made from, and say what became of them."""
    seen = {code: _version(form.get(f"{code}-version", "")) for code in codes if f"{code}-version" in form}
    seen_at = {
        (site.id, code): _version(form[name])
        for site in site_answers_of(db(), found.id).sites
        for code in codes
        if (name := f"{field_of(code, site.id)}-version") in form
    }
    seen |= {code: 0 for _site, code in seen_at if code not in seen}
    done = confirm_answers(db(), actor(), assessment=found, seen=seen, seen_at=seen_at, now=now())
    if told and done.confirmed:
        tell(N_("{count} carried answers are confirmed."), count=len(done.confirmed))
    if done.changed:
        warn(N_("Changed meanwhile and not confirmed: {codes}. Look again."), codes=", ".join(done.changed))


def _version(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0
