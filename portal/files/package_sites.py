"""The sites of a file of answers: their names, outputs and own answers, judged like everything else in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portal.core.carbon.electricity import LONGEST_SITE, site_key
from portal.core.carbon.pact_tree import Number, Tree
from portal.core.problems import Problem
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import Questionnaire, find_indicator, indicator
from portal.core.questionnaire.reading import Value, read_number, shown, unprintable
from portal.core.questionnaire.sites import asked_per_site, may_differ
from portal.core.questionnaire.validate import read_answers

MOST_SITES = 50
LONGEST_UNIT = 20
KEYS = ("name", "output", "unit", "answers", "inherited")


@dataclass(frozen=True)
class PackageSite:
    """A site of a file. `answers` are its own, JSON forms by code; `inherited` names what the company's answer decided
    there; `output` as decimal text in `unit`, both "" where none is given."""

    name: str
    output: str = ""
    unit: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    inherited: tuple[str, ...] = ()


def read_sites(raw: list[Tree], questionnaire: Questionnaire) -> tuple[list[PackageSite], list[Problem]]:
    """The sites of a file and every problem with them: package_part_form, answers_key_unknown, package_sites_many,
    package_site_again, package_not_at_sites, number_expected and those of `read_answers`, at the site's name."""
    if len(raw) > MOST_SITES:
        return [], [Problem("package_sites_many", "/sites", {"most": MOST_SITES})]
    found: list[PackageSite] = []
    problems: list[Problem] = []
    for number, one in enumerate(raw):
        at = f"/sites/{number}"
        wrong = _form(one, at)
        if wrong or not isinstance(one, dict):
            problems += wrong
            continue
        site, wrong = _site(one, questionnaire)
        if site_key(site.name) in {site_key(other.name) for other in found}:
            wrong.append(Problem("package_site_again", at, {"name": site.name}))
        found.append(site)
        problems += wrong
    return found, problems


def _form(one: Tree, at: str) -> list[Problem]:
    if not isinstance(one, dict):
        return [Problem("package_part_form", at, {"wanted": "{…}"})]
    known = ", ".join(KEYS)
    wrong = [
        Problem("answers_key_unknown", at, {"key": shown(k), "known": known}) for k in one if k not in KEYS
    ]
    name, output = one.get("name"), one.get("output")
    if not isinstance(name, str) or not site_key(name) or unprintable(name):
        wrong.append(Problem("package_part_form", f"{at}/name", {"wanted": "“…”"}))
    elif max(len(name), len(site_key(name))) > LONGEST_SITE:
        wrong.append(Problem("package_part_form", f"{at}/name", {"wanted": f"“…” ({LONGEST_SITE})"}))
    if not isinstance(one.get("answers"), dict):
        wrong.append(Problem("package_part_form", f"{at}/answers", {"wanted": "{…}"}))
    inherited = one.get("inherited", [])
    if not isinstance(inherited, list) or not all(isinstance(code, str) for code in inherited):
        wrong.append(Problem("package_part_form", f"{at}/inherited", {"wanted": "[“…”]"}))
    if output is not None and not isinstance(output, str | Number):
        wrong.append(Problem("package_part_form", f"{at}/output", {"wanted": "“1200.5”, null"}))
    unit = one.get("unit", "")
    if not isinstance(unit, str) or len(unit) > LONGEST_UNIT or unprintable(unit):
        wrong.append(Problem("package_part_form", f"{at}/unit", {"wanted": "“t”"}))
    return wrong


def _site(one: Mapping[str, Tree], questionnaire: Questionnaire) -> tuple[PackageSite, list[Problem]]:
    name = " ".join(str(one["name"]).split())
    raw, inherited = one["answers"], one.get("inherited") or []
    assert isinstance(raw, dict) and isinstance(inherited, list)
    own, wrong = read_at_sites(raw, questionnaire)
    problems = [Problem(p.code, f"{name}: {p.where}", p.values) for p in wrong]
    output = one.get("output")
    text = "" if output is None else output.text if isinstance(output, Number) else str(output)
    number = read_number(text, f"{name}: output") if text else None
    if isinstance(number, Problem):
        problems.append(number)
    elif number is not None and number <= 0:
        problems.append(Problem("package_part_form", f"{name}: output", {"wanted": "> 0"}))
    site = PackageSite(
        name=name,
        output=format(number, "f") if isinstance(number, Decimal) else "",
        unit=str(one.get("unit") or "") if isinstance(number, Decimal) else "",
        answers={
            code: to_json(indicator(questionnaire, code), value)
            for code, value in own.items()
            if code not in inherited
        },
        inherited=tuple(str(code) for code in inherited if code in raw),
    )
    return site, problems


def read_at_sites(
    raw: Mapping[str, Tree], questionnaire: Questionnaire
) -> tuple[dict[str, Value], list[Problem]]:
    """Answers to questions sites have a part in. Problems: package_not_at_sites and those of `read_answers`."""
    answers, problems = read_answers(questionnaire, (), {code: plain(value) for code, value in raw.items()})
    for code in raw:
        one = find_indicator(questionnaire, code)
        if one is not None and not (asked_per_site(one) or may_differ(one)):
            problems.append(Problem("package_not_at_sites", code))
    return answers, problems


def plain(value: Tree) -> object:
    """A value with its numbers as Decimal, as the kinds of answers read them."""
    if isinstance(value, Number):
        return Decimal(value.text)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value
