"""Sites in starting from an earlier assessment: whether the same sites are chosen, and what each of them brings along.

Outputs never come along: they are measured in their period, and a weight nobody looked at would decide means unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.carry import Past, Step, decide
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import Questionnaire, find_indicator
from portal.core.questionnaire.sites import asked_per_site, may_differ
from portal.core.questionnaire.unit_words import quantity_text
from portal.files.questionnaires import find_questionnaire
from portal.operations.assessment_sites import ChosenSite, choose_sites, knows_sites
from portal.operations.carry_source import Source, SourceSite, source_of
from portal.operations.shelves import add_carried, site_shelf
from portal.store.answers import answers_of
from portal.store.assessments import Assessment
from portal.store.carrying import CarriedSiteAnswer, Carrying, carried_at_sites, carryings_of
from portal.store.site_answers import chosen_sites, site_answers_of
from portal.store.sites import sites_of

PER_SITE = ("same", "chosen", "company_then")


@dataclass(frozen=True)
class SitesPlan:
    """What sites have to do with a carrying. `way`:
    same (the draft will be answered for the sites of then), chosen (it is answered for sites already), company_then (it
    is, and the earlier one was not), few (fewer than two of the sites are left, or the version knows none), whole (the
    draft is answered for the company as a whole), lead (only a lead may choose sites; what they answered waits), "" (no
    sites then or now). `sites` bring their answers; `missing` are the names of those that stay behind; `steps` what
    becomes of each answer by site key."""

    way: str
    sites: tuple[SourceSite, ...] = ()
    missing: tuple[str, ...] = ()
    steps: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def per_site(self) -> bool:
        return self.way in PER_SITE

    @property
    def carried(self) -> int:
        """How many answers of sites come along."""
        return sum(1 for steps in self.steps.values() for step in steps if step.outcome == "carried")

    @property
    def does(self) -> bool:
        """Whether anything of sites would be written."""
        return self.way == "same" or any(self.steps.values())


def plan_sites(
    session: Session,
    assessment: Assessment,
    source: Source,
    versions: Sequence[Questionnaire],
    *,
    may_choose: bool,
) -> SitesPlan:
    """What sites have to do with carrying `source` over; nothing is written. `versions` lead from the source's to the
    assessment's."""
    rows = chosen_sites(session, assessment.id)
    included = {row.key for row in rows if row.included}
    if not source.sites:
        return SitesPlan("company_then" if included else "")
    known = included or {site.key for site in sites_of(session, assessment.supplier_id)}
    there = tuple(site for site in source.sites if site.key in known)
    missing = tuple(site.name for site in source.sites if site.key not in known)
    if included:
        way = "chosen"
    elif len(there) < 2 or not knows_sites(versions[-1]):
        return SitesPlan("few", missing=missing)
    elif rows or assessment.as_a_whole or _answered_as_a_whole(session, assessment, versions[-1]):
        return SitesPlan("whole")
    elif not may_choose:
        return SitesPlan("lead", there, missing)
    else:
        way = "same"
    return SitesPlan(way, there, missing, _steps(session, assessment, source, there, versions))


def _answered_as_a_whole(session: Session, assessment: Assessment, newer: Questionnaire) -> bool:
    """Whether the company answers a question of sites already: choosing sites would make that answer count for nothing."""
    return any(
        row.typed is not None or row.value is not None
        for code, row in answers_of(session, assessment.id).items()
        if (one := find_indicator(newer, code)) is not None and asked_per_site(one)
    )


def _steps(
    session: Session,
    assessment: Assessment,
    source: Source,
    sites: Sequence[SourceSite],
    versions: Sequence[Questionnaire],
) -> dict[str, tuple[Step, ...]]:
    """What becomes of each site's answers that was not decided before."""
    decided = carried_at_sites(session, assessment.id)
    at_sites = site_answers_of(session, assessment.id)
    answered = {site.key: at_sites.rows[site.id].keys() for site in at_sites.sites}
    found = {}
    for site in sites:
        past = Past(source.roles, site.answers, short=source.short, opening=source.answers)
        steps = decide(versions, past, assessment.roles, short=assessment.short)
        found[site.key] = tuple(
            _at_site(step, versions[-1], step.code in answered.get(site.key, ()))
            for step in steps
            if (site.key, step.code) not in decided
        )
    return found


def _at_site(step: Step, newer: Questionnaire, answered: bool) -> Step:
    if step.outcome != "carried":
        return step
    new = find_indicator(newer, step.code)
    if new is None or not (asked_per_site(new) or may_differ(new)):
        return replace(step, outcome="dropped", reason="carry_not_at_sites", value=None)
    return replace(step, outcome="beside", reason="carry_answered", value=None) if answered else step


def groups_answers(source: Source, plan: SitesPlan, older: Questionnaire) -> dict[str, object]:
    """What is decided as the company's: what counted, but where sites differed and will do so again, its own answer."""
    answers = dict(source.answers)
    for code in source.rolled - rolled_up(source, plan, older):
        answers.pop(code, None)
        if code in source.group:
            answers[code] = source.group[code]
    return answers


def rolled_up(source: Source, plan: SitesPlan, older: Questionnaire) -> frozenset[str]:
    """The codes whose earlier answer is taken as what sites made together, not as the company's own."""
    found = {code: find_indicator(older, code) for code in source.rolled}
    own = {
        code
        for code, old in found.items()
        if plan.per_site and old is not None and may_differ(old) and old.nature != "result"
    }
    return frozenset(found.keys() - own)


def beside_sites(
    step: Step, source: Source, plan: SitesPlan, older: Questionnaire, newer: Questionnaire
) -> Step | None:
    """The step of the company's answer where sites have a part: it stands beside; None where it waits for a lead."""
    old, new = find_indicator(older, step.source), find_indicator(newer, step.code)
    rolled, here = step.source in source.rolled, new is not None and asked_per_site(new)
    if plan.way == "lead" and (rolled or here):
        return None
    if step.outcome != "carried":
        return step
    if plan.per_site and here:
        reason = "carry_sites_own" if rolled else "carry_sites_answer"
        return replace(step, outcome="beside", reason=reason, value=None)
    if rolled and not (plan.per_site and old is not None and may_differ(old)):
        return replace(step, outcome="beside", reason="carry_sites_then", value=None)
    return step


def bring_sites(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    source: Source,
    plan: SitesPlan,
    carrying: Carrying,
    now: datetime,
) -> dict[str, tuple[str, ...]]:
    """Choose the sites where the plan says so, write down what became of each answer and add those carried. Returns the
    codes added by the site's name."""
    if plan.way == "same":
        chosen = [ChosenSite(site.key) for site in plan.sites]
        choose_sites(session, actor, assessment=assessment, chosen=chosen, unit="", now=now)
    ids = {site.key: site.id for site in chosen_sites(session, assessment.id)}
    older, newer = find_questionnaire(source.questionnaire), find_questionnaire(assessment.questionnaire)
    added: dict[str, tuple[str, ...]] = {}
    for site in plan.sites:
        for step in plan.steps.get(site.key, ()):
            session.add(_kept(carrying, site, step, older))
            if step.outcome == "carried" and _insert(session, actor, ids[site.key], step, newer, now):
                added[site.name] = (*added.get(site.name, ()), step.code)
    session.flush()
    return added


def _kept(carrying: Carrying, site: SourceSite, step: Step, older: Questionnaire) -> CarriedSiteAnswer:
    old = find_indicator(older, step.source)
    return CarriedSiteAnswer(
        carrying_id=carrying.id,
        site_key=site.key,
        site=site.name,
        indicator=step.code[:12],
        source_indicator=step.source[:12],
        outcome=step.outcome,
        reason=step.reason,
        value=to_json(old, step.past) if old and step.past is not None else None,
        unit=step.past_unit or None,
    )


def _insert(
    session: Session, actor: Actor, site_id: int, step: Step, newer: Questionnaire, now: datetime
) -> bool:
    indicator = find_indicator(newer, step.code)
    assert indicator is not None and step.value is not None
    return add_carried(session, actor, site_shelf(site_id), indicator, step.value, now)


def earlier_outputs(session: Session, assessment: Assessment, locale: str) -> tuple[str, dict[str, str]]:
    """Where the draft was last started from, and each site's output then in words by key; "" and nothing where it was not."""
    for one in carryings_of(session, assessment.id):
        earlier = (
            session.get(Assessment, one.source_assessment_id)
            if one.source_assessment_id is not None
            else None
        )
        if one.kind == "earlier" and earlier is not None:
            sites = source_of(session, earlier).sites
            return one.said, {
                s.key: quantity_text(s.output, s.unit, locale) for s in sites if s.output is not None
            }
    return "", {}
