"""Reading a whole set of answers, and the complete list of gaps before submission.

The one home of these rules: form, submit page, import, API and command line all come here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from portal.core.problems import Problem
from portal.core.questionnaire.kinds import read
from portal.core.questionnaire.model import (
    ROLES,
    Indicator,
    Questionnaire,
    find_indicator,
    indicators_of,
    is_scored,
)
from portal.core.questionnaire.path import Path
from portal.core.questionnaire.reading import Value, shown
from portal.core.questionnaire.sites import RollUp
from portal.core.scoring.rules import claims_points

NO_ROLL_UPS: Mapping[str, RollUp] = MappingProxyType({})


@dataclass(frozen=True)
class Gap:
    """Something still owed. `code` is a key of the sentence catalogue; a `blocking` gap stops submission.

    In an assessment answered per site `sites` are the keys of the sites that owe the answer, `unweighed` of those whose
    weight is missing: their output, or their answer to `weighed_by`.
    """

    code: str
    indicator: str
    blocking: bool
    sites: tuple[str, ...] = ()
    unweighed: tuple[str, ...] = ()
    weighed_by: str = ""


def read_answers(
    questionnaire: Questionnaire, roles: Collection[str], raw: Mapping[str, object]
) -> tuple[dict[str, Value], list[Problem]]:
    """Read raw answers by code (values in the indicators' own units) into canonical values.

    Nothing answered (null, empty text) is left out, and so is an answer with a problem. Every problem is
    returned: role_unknown, indicator_unknown and those of the kinds, with the indicator's code in `where`.
    """
    problems = check_roles(roles)
    answers: dict[str, Value] = {}
    for code, value in raw.items():
        indicator = find_indicator(questionnaire, code)
        if indicator is None:
            problems.append(Problem("indicator_unknown", shown(code)))
            continue
        reading = read(indicator, value)
        problems += reading.problems
        if reading.value is not None:
            answers[code] = reading.value
    return answers, problems


def check_roles(roles: Collection[str]) -> list[Problem]:
    """role_unknown for each role that does not exist."""
    return [
        Problem("role_unknown", shown(role), {"roles": ", ".join(ROLES)})
        for role in roles
        if role not in ROLES
    ]


def gaps(
    questionnaire: Questionnaire,
    path: Path,
    answers: Mapping[str, object],
    evidence_codes: Collection[str],
    unconfirmed: Collection[str] = (),
    unreadable: Collection[str] = (),
    roll_ups: Mapping[str, RollUp] = NO_ROLL_UPS,
) -> list[Gap]:
    """Everything owed on the indicators in play, in the questionnaire's order.

    `evidence_codes`: indicators with linked evidence; `unconfirmed`: carried over and not confirmed;
    `unreadable`: what was typed has a problem; `roll_ups`: how answers of sites became one. Blocking: gap_unreadable, gap_unconfirmed,
    gap_gating_missing, gap_evidence_missing (evidence is required and the answer claims points). Not
    blocking: gap_missing (counts 0), gap_missing_unscored, gap_evidence_wanted (for an unscored answer).
    """
    found: list[Gap] = []
    for indicator in indicators_of(questionnaire):
        if indicator.code in path.open:
            own = _gaps_of(indicator, answers, evidence_codes, unconfirmed, unreadable)
            made = roll_ups.get(indicator.code)
            if made is not None and made.value is None:
                own = [
                    replace(gap, sites=made.owing, unweighed=made.unweighed, weighed_by=made.weighed_by)
                    for gap in own
                ]
            found += own
    return found


def _gaps_of(
    indicator: Indicator,
    answers: Mapping[str, object],
    evidence_codes: Collection[str],
    unconfirmed: Collection[str],
    unreadable: Collection[str],
) -> list[Gap]:
    code, value = indicator.code, answers.get(indicator.code)
    if code in unreadable:
        return [Gap("gap_unreadable", code, True)]
    if value is None:
        if indicator.gating:
            return [Gap("gap_gating_missing", code, True)]
        return [Gap("gap_missing" if is_scored(indicator) else "gap_missing_unscored", code, False)]
    found = [Gap("gap_unconfirmed", code, True)] if code in unconfirmed else []
    if indicator.evidence == "required" and code not in evidence_codes:
        if claims_points(indicator, value):
            found.append(Gap("gap_evidence_missing", code, True))
        elif not is_scored(indicator):
            found.append(Gap("gap_evidence_wanted", code, False))
    return found
