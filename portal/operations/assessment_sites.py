"""Choose once which sites an assessment is answered for, with the output that weighs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.model import Questionnaire, indicators_of
from portal.core.questionnaire.reading import is_blank, read_number
from portal.core.questionnaire.sites import asked_per_site
from portal.files.questionnaires import find_questionnaire
from portal.operations.journal import note
from portal.store.assessments import Assessment, hold
from portal.store.site_answers import AssessmentSite, chosen_sites
from portal.store.sites import sites_of

MOST_SITES = 50
UNITS = ("t", "kg", "piece", "m2", "m3", "Wp", "kWp", "MWp", "GWp", "MWh", "t.km")
CHOOSABLE = ("invited", "in_progress")


@dataclass(frozen=True)
class ChosenSite:
    """A site as it was chosen: its key and its output as typed, "" for none."""

    key: str
    output: str = ""


def knows_sites(questionnaire: Questionnaire) -> bool:
    """Whether the version says what is answered per site."""
    return any(asked_per_site(indicator) for indicator in indicators_of(questionnaire))


def sites_to_choose(session: Session, assessment: Assessment) -> dict[str, str]:
    """Name by key: the supplier's sites as they are now, and those that were chosen before under the name they had."""
    known = {site.key: site.name for site in sites_of(session, assessment.supplier_id)}
    return {site.key: site.name for site in chosen_sites(session, assessment.id)} | known


def choose_sites(
    session: Session,
    actor: Actor,
    *,
    assessment: Assessment,
    chosen: Sequence[ChosenSite],
    unit: str,
    now: datetime,
) -> list[AssessmentSite]:
    """Let the assessment be answered for exactly these sites; for none, by the group alone as without sites. Either is a
    choice that stands (`as_a_whole`), so that nobody is asked or given sites again.

    Answers of a site taken out are kept and count for nothing. `unit` is that of all outputs. Raises NotFound (a site
    the supplier does not have), Refused (sites_fixed, sites_not_in_version), Invalid (sites_two_needed, sites_too_many,
    site_unit_unknown, site_output_not_positive and those of numbers, `where` "output-<key>").
    """
    hold(session, assessment)
    if assessment.state not in CHOOSABLE:
        raise Refused("sites_fixed")
    if not knows_sites(find_questionnaire(assessment.questionnaire)):
        raise Refused("sites_not_in_version")
    names = sites_to_choose(session, assessment)
    outputs = _outputs(chosen, unit, names)
    before = {site.key: site for site in chosen_sites(session, assessment.id)}
    assessment.as_a_whole = not outputs
    for key, site in before.items():
        site.included = key in outputs
    for key, output in outputs.items():
        row = before.get(key) or AssessmentSite(assessment_id=assessment.id, key=key)
        row.name, row.included = names[key], True
        row.output, row.unit = output, unit if output is not None else ""
        row.chosen_by_id, row.chosen_at = actor.user_id or 0, now
        session.add(row)
    session.flush()
    note(
        session,
        actor,
        "assessment.sites_chosen" if outputs else "assessment.sites_dropped",
        thing="assessment",
        thing_id=assessment.id,
        supplier_id=assessment.supplier_id,
        details={"names": ", ".join(names[key] for key in sorted(outputs))[:500]},
        now=now,
    )
    return [site for site in chosen_sites(session, assessment.id) if site.included]


def _outputs(chosen: Sequence[ChosenSite], unit: str, names: dict[str, str]) -> dict[str, Decimal | None]:
    """Output by key of the sites chosen. Raises NotFound, Invalid."""
    found: dict[str, Decimal | None] = {}
    problems: list[Problem] = []
    for one in chosen:
        if one.key not in names:
            raise NotFound
        found[one.key] = None
        if is_blank(one.output):
            continue
        number = read_number(one.output, f"output-{one.key}")
        if isinstance(number, Problem):
            problems.append(number)
        elif number <= 0:
            problems.append(
                Problem("site_output_not_positive", f"output-{one.key}", {"name": names[one.key]})
            )
        else:
            found[one.key] = number
    if len(found) == 1:
        problems.append(Problem("sites_two_needed", "sites"))
    if len(found) > MOST_SITES:
        problems.append(Problem("sites_too_many", "sites", {"most": MOST_SITES}))
    if any(output is not None for output in found.values()) and unit not in UNITS:
        problems.append(Problem("site_unit_unknown", "unit", {"units": ", ".join(UNITS)}))
    if problems:
        raise Invalid(problems)
    return found
