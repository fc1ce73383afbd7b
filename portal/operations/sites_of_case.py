"""Answers of sites in a case: which count, how they became one, and their place in a submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.core.exact import decimal_text, fraction_text
from portal.core.questionnaire.kinds import from_json, to_json
from portal.core.questionnaire.model import Indicator, Questionnaire, find_indicator, indicators_of
from portal.core.questionnaire.reading import Value
from portal.core.questionnaire.sites import (
    RollUp,
    Site,
    SitePart,
    asked_per_site,
    effective_answers,
    may_differ,
    roll_up,
    weights_in,
)
from portal.core.scoring.rules import points_of
from portal.core.units import convert
from portal.store.answers import Answer
from portal.store.site_answers import AnyAnswer, AssessmentSite, SiteAnswer, SiteAnswers


@dataclass(frozen=True)
class SitesOfCase:
    """The sites of a case by key, with output in `unit` ("" where none is given), and how the answers that count came
    about. `ids` are the sites' rows, empty for a case read from a submission; `group` what the group answered to
    the indicators sites had a part in; `rows` the sites' answers by code, in the order of the sites, none of a submission.
    """

    sites: tuple[Site, ...]
    unit: str
    ids: Mapping[str, int]
    roll_ups: Mapping[str, RollUp]
    group: Mapping[str, Value]
    rows: Mapping[str, tuple[SiteAnswer, ...]] = field(default_factory=dict)

    @property
    def names(self) -> Mapping[str, str]:
        return {site.key: site.name for site in self.sites}


def answers_with_sites(
    questionnaire: Questionnaire, group: Mapping[str, Value], at_sites: SiteAnswers
) -> tuple[Mapping[str, Value], SitesOfCase | None]:
    """The answers that count, and how; without sites the group's answers and None."""
    if not at_sites.sites:
        return group, None
    unit = next((site.unit for site in at_sites.sites if site.unit), "")
    sites = tuple(Site(site.key, site.name, _output(site, unit)) for site in at_sites.sites)
    by_code: dict[str, dict[str, Value | None]] = {}
    for site in at_sites.sites:
        for code, row in at_sites.rows[site.id].items():
            indicator = find_indicator(questionnaire, code)
            if indicator is not None and says_something(row):
                value = from_json(indicator, row.value) if row.value is not None else None
                by_code.setdefault(code, {})[site.key] = value
    made = effective_answers(questionnaire, sites, group, by_code)
    ids = {site.key: site.id for site in at_sites.sites}
    before = {code: group[code] for code in made.roll_ups if code in group}
    rows: dict[str, tuple[SiteAnswer, ...]] = {}
    for own in at_sites.rows.values():
        for code, row in own.items():
            rows[code] = (*rows.get(code, ()), row)
    return made.answers, SitesOfCase(sites, unit, ids, made.roll_ups, before, rows)


def _output(site: AssessmentSite, unit: str) -> Decimal | None:
    return None if site.output is None else convert(site.output, site.unit, unit)


def says_something(row: SiteAnswer) -> bool:
    """Whether a site has an answer of its own, readable or not; a cleared one is none."""
    return row.value is not None or bool(row.problem)


def counting_rows(
    questionnaire: Questionnaire, rows: Mapping[str, Answer], at_sites: SiteAnswers
) -> dict[str, list[AnyAnswer]]:
    """The rows behind each answer that counts: of the sites where each answers, else the group's and of those that differ."""
    found: dict[str, list[AnyAnswer]] = {}
    for indicator in indicators_of(questionnaire):
        code = indicator.code
        here: list[AnyAnswer] = [own[code] for own in at_sites.rows.values() if code in own]
        if at_sites.sites and asked_per_site(indicator):
            found[code] = here
            continue
        group: list[AnyAnswer] = [rows[code]] if code in rows else []
        found[code] = group + (here if may_differ(indicator) else [])
    return found


def per_site_json(questionnaire: Questionnaire, sites: SitesOfCase, at_sites: SiteAnswers) -> dict[str, Any]:
    """The part of a submission that says how the answers that count came about, with what was typed at each site."""
    keys = {site.id: site.key for site in at_sites.sites}
    by_code = {i.code: i for i in indicators_of(questionnaire)}
    typed: dict[str, dict[str, Any]] = {}
    for site_id, own in at_sites.rows.items():
        for code, row in own.items():
            if code in sites.roll_ups and row.typed is not None:
                typed.setdefault(code, {})[keys[site_id]] = {"typed": row.typed, "unit": row.unit}
    return {
        "sites": [
            {"key": s.key, "name": s.name, "output": None if s.output is None else decimal_text(s.output)}
            for s in sites.sites
        ],
        "unit": sites.unit,
        "group": {code: to_json(by_code[code], value) for code, value in sites.group.items()},
        "roll_ups": {code: _roll_up_json(by_code[code], made) for code, made in sites.roll_ups.items()},
        "typed": typed,
    }


def _roll_up_json(indicator: Indicator, made: RollUp) -> dict[str, Any]:
    return {
        "how": made.how,
        "value": None if made.value is None else to_json(indicator, made.value),
        "decided_by": made.decided_by,
        "parts": [
            {
                "site": part.site,
                "value": None if part.value is None else to_json(indicator, part.value),
                "inherited": part.inherited,
                "points": None if part.points is None else fraction_text(part.points),
            }
            for part in made.parts
        ],
    }


def per_site_from(questionnaire: Questionnaire, data: Mapping[str, Any] | None) -> SitesOfCase | None:
    """The sites of a stored submission; None where it was not answered per site. Raises Invalid where it does not fit."""
    if data is None:
        return None
    sites = tuple(
        Site(one["key"], one["name"], None if one["output"] is None else Decimal(one["output"]))
        for one in data["sites"]
    )
    by_code = {i.code: i for i in indicators_of(questionnaire)}
    outputs = {site.key: site.output for site in sites}
    return SitesOfCase(
        sites=sites,
        unit=data["unit"],
        ids={},
        roll_ups={
            code: roll_up(by_code[code], _parts(by_code, code, data["roll_ups"], outputs))
            for code, one in data["roll_ups"].items()
        },
        group={
            code: value
            for code, one in data["group"].items()
            if (value := from_json(by_code[code], one)) is not None
        },
    )


def _parts(
    by_code: Mapping[str, Indicator],
    code: str,
    stored: Mapping[str, Any],
    outputs: Mapping[str, Decimal | None],
) -> list[SitePart]:
    indicator, weights = by_code[code], outputs
    if indicator.weighed_by:
        given = stored.get(indicator.weighed_by, {"parts": ()})["parts"]
        answers = {one["site"]: from_json(by_code[indicator.weighed_by], one["value"]) for one in given}
        weights = weights_in(answers, outputs)
    return [
        SitePart(
            one["site"],
            value := None if one["value"] is None else from_json(indicator, one["value"]),
            one["inherited"],
            weights[one["site"]],
            None if value is None else points_of(indicator, value).points,
        )
        for one in stored[code]["parts"]
    ]
