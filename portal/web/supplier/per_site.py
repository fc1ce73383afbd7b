"""Choose which sites an assessment is answered for, and the outputs that weigh them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.access import may
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.exact import decimal_text
from portal.core.problems import Problem
from portal.files.questionnaires import find_questionnaire
from portal.language import N_
from portal.language.sentences import sentence
from portal.operations.assessment_sites import (
    CHOOSABLE,
    UNITS,
    ChosenSite,
    choose_sites,
    knows_sites,
    sites_to_choose,
)
from portal.operations.carrying_sites import earlier_outputs
from portal.operations.scoring import Case
from portal.store.assessments import Assessment, assessment_of
from portal.store.site_answers import chosen_sites
from portal.web.context import actor, db, locale, now, tenant
from portal.web.guard import needs
from portal.web.messages import refuse, tell

pages = Blueprint("per_site", __name__, url_prefix="/assessments/<int:assessment_id>/sites")


@dataclass(frozen=True)
class Line:
    """One site to choose, with its output as typed or as stored; `before` is that of the assessment started from."""

    key: str
    name: str
    chosen: bool
    output: str
    problem: str = ""
    before: str = ""


@pages.get("")
@needs("supplier:sites:choose")
def choose(assessment_id: int) -> str:
    """The sites to choose from."""
    found = _mine(assessment_id)
    return _page(found, _lines(found), _unit(found), "")


@pages.post("")
@needs("supplier:sites:choose")
def put(assessment_id: int) -> AnyResponse | tuple[str, int]:
    """Answer for the sites ticked, or for the company as a whole."""
    found = _mine(assessment_id)
    whole = request.form.get("go") == "whole"
    keys = [] if whole else list(dict.fromkeys(request.form.getlist("site")))
    given = [ChosenSite(key, request.form.get(f"output-{key}", "")) for key in keys]
    unit = request.form.get("unit", "")
    try:
        if not whole and not given:
            raise Invalid([Problem("sites_two_needed", "sites")])
        rows = choose_sites(db(), actor(), assessment=found, chosen=given, unit=unit, now=now())
    except Refused as refusal:
        refuse(refusal.problem)
        return redirect(url_for("supplier.hub.assessment", assessment_id=assessment_id), 303)
    except Invalid as invalid:
        said = {problem.where: sentence(locale(), problem) for problem in invalid.problems}
        lines = [
            Line(
                key,
                name,
                key in keys,
                request.form.get(f"output-{key}", "")[:60],
                said.get(f"output-{key}", ""),
            )
            for key, name in sorted(sites_to_choose(db(), found).items())
        ]
        return _page(found, lines, unit, said.get("sites", "") or said.get("unit", "")), 422
    if rows:
        tell(N_("Questions about plants are now answered for each of {count} sites."), count=len(rows))
    elif chosen_sites(db(), found.id):
        tell(N_("This assessment is answered for the company as a whole. What sites answered is kept."))
    else:
        tell(N_("This assessment is answered for the company as a whole."))
    return redirect(url_for("supplier.hub.assessment", assessment_id=assessment_id), 303)


def may_choose_sites(found: Assessment, case: Case) -> bool:
    """Whether the reader can choose sites for the assessment now, and there are some to choose from."""
    if found.state not in CHOOSABLE or not may(actor(), "supplier:sites:choose"):
        return False
    return case.sites is not None or (
        knows_sites(case.questionnaire) and len(sites_to_choose(db(), found)) > 1
    )


def _mine(assessment_id: int) -> Assessment:
    found = assessment_of(db(), tenant(), assessment_id)
    if found is None or not knows_sites(find_questionnaire(found.questionnaire)):
        raise NotFound
    return found


def _lines(found: Assessment) -> list[Line]:
    rows = {site.key: site for site in chosen_sites(db(), found.id)}
    return [
        Line(
            key,
            name,
            key in rows and rows[key].included,
            decimal_text(output) if key in rows and (output := rows[key].output) is not None else "",
        )
        for key, name in sorted(sites_to_choose(db(), found).items())
    ]


def _unit(found: Assessment) -> str:
    return next((site.unit for site in chosen_sites(db(), found.id) if site.unit), "")


def _page(found: Assessment, lines: list[Line], unit: str, problem: str) -> str:
    said, before = earlier_outputs(db(), found, locale())
    return render_template(
        "supplier/per_site/choose.html",
        assessment=found,
        lines=[replace(line, before=before.get(line.key, "")) for line in lines],
        said=said,
        unit=unit,
        units=UNITS,
        problem=problem,
        fixed=found.state not in CHOOSABLE,
        on=any(site.included for site in chosen_sites(db(), found.id)),
    )
