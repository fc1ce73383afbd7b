"""answers.json of another portal's take-away package: read in the box, judged whole, all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from portal.core.carbon.pact_tree import Number, Tree, tree_of
from portal.core.errors import Invalid, NotFound
from portal.core.problems import Problem
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import Questionnaire, indicator
from portal.core.questionnaire.reading import Value, shown
from portal.core.questionnaire.validate import read_answers
from portal.files.package_sites import PackageSite, plain, read_at_sites, read_sites
from portal.files.pact import read_json
from portal.files.questionnaire_answers import ASIDE, KEYS
from portal.files.questionnaires import find_questionnaire, shipped_folders

SCHEMA = "upstream-answers/1"
MOST_BYTES = 5 * 1024 * 1024
LONGEST_NAME = 120
LIMITS = {
    "input": MOST_BYTES,
    "depth": 12,
    "values": 60_000,
    "text": 20_000,
    "digits": 60,
    "problems": 100,
    "memory": 512 * 1024 * 1024,
    "seconds": 10,
    "output": 32 * 1024 * 1024,
}


@dataclass(frozen=True)
class AnswersPackage:
    """Answers that all fit their questionnaire. `answers` are JSON forms by code, in the indicators' own units, without
    those nobody had confirmed; `supplier` and `round` are whose and which, as the file says, "" where it does not.
    `sites` are those it was answered for, with their own answers; `group` what the company itself answered to questions
    sites had a part in."""

    questionnaire: str
    roles: tuple[str, ...]
    short: bool
    answers: Mapping[str, object]
    supplier: str
    round: str
    sites: tuple[PackageSite, ...] = ()
    group: Mapping[str, object] = field(default_factory=dict)

    @property
    def rolled(self) -> frozenset[str]:
        """The codes whose answers sites made together."""
        return frozenset(code for site in self.sites for code in (*site.answers, *site.inherited))


def read_answers_package(data: bytes, name: str) -> AnswersPackage:
    """The answers of a file. Raises Invalid with every problem found.

    Codes: those of `read_json`; package_not_answers, package_schema_unknown, package_questionnaire_unknown,
    package_part_form, answers_key_unknown; and those of `read_answers` and `read_sites`.
    """
    document, problems = read_json(data, name, LIMITS)
    if problems or not document:
        raise Invalid(problems or [Problem("package_not_answers", name)])
    content = tree_of(document)
    if not isinstance(content, dict) or "schema" not in content or "answers" not in content:
        raise Invalid([Problem("package_not_answers", name)])
    if content["schema"] != SCHEMA:
        raise Invalid(
            [Problem("package_schema_unknown", name, {"found": _said(content["schema"]), "known": SCHEMA})]
        )
    wrong = [*_keys(content, name), *_forms(content)]
    questionnaire = _questionnaire(content.get("questionnaire"), name, wrong)
    if wrong or questionnaire is None:
        raise Invalid(wrong)
    return _package(content, questionnaire)


def _package(content: Mapping[str, Tree], questionnaire: Questionnaire) -> AnswersPackage:
    roles: Any = [plain(role) for role in _list(content["roles"])]
    raw = {code: plain(value) for code, value in _map(content["answers"]).items()}
    answers, problems = read_answers(questionnaire, roles, raw)
    sites, at_sites = read_sites(_list(content.get("sites")), questionnaire)
    group, of_group = read_at_sites(_map(content.get("group")), questionnaire)
    if wrong := [*problems, *at_sites, *of_group]:
        raise Invalid(wrong)
    waiting = {code for code in _list(content.get("unconfirmed")) if isinstance(code, str)}
    about = _map(content.get("about"))
    return AnswersPackage(
        questionnaire=str(content["questionnaire"]),
        roles=tuple(roles),
        short=content.get("short") is True,
        answers=_confirmed(questionnaire, answers, waiting),
        supplier=_name(_map(about.get("supplier")).get("name")),
        round=_name(about.get("round")),
        sites=tuple(
            replace(site, answers={c: v for c, v in site.answers.items() if c not in waiting})
            for site in sites
        ),
        group=_confirmed(questionnaire, group, waiting),
    )


def _confirmed(
    questionnaire: Questionnaire, answers: Mapping[str, Value], waiting: Collection[str]
) -> dict[str, object]:
    """JSON forms of the answers that waited for nobody."""
    return {
        code: to_json(indicator(questionnaire, code), value)
        for code, value in answers.items()
        if code not in waiting
    }


def _keys(content: Mapping[str, Tree], name: str) -> list[Problem]:
    known = (*KEYS, *ASIDE)
    return [
        Problem("answers_key_unknown", name, {"key": shown(key), "known": ", ".join(known)})
        for key in content
        if key not in known
    ]


# What each part must be, in JSON's own words.
_PARTS = {
    "roles": (list, "[…]"),
    "answers": (dict, "{…}"),
    "unconfirmed": (list, "[…]"),
    "sites": (list, "[…]"),
    "group": (dict, "{…}"),
    "about": (dict, "{…}"),
}


def _forms(content: Mapping[str, Tree]) -> list[Problem]:
    found = [
        Problem("package_part_form", f"/{key}", {"wanted": words})
        for key, (kind, words) in _PARTS.items()
        if (key in content or key in ("roles", "answers")) and not isinstance(content.get(key), kind)
    ]
    if not isinstance(content.get("short", False), bool):
        found.append(Problem("package_part_form", "/short", {"wanted": "true, false"}))
    return found


def _questionnaire(named: Tree, name: str, wrong: list[Problem]) -> Questionnaire | None:
    try:
        return find_questionnaire(named if isinstance(named, str) else "")
    except NotFound:
        values = {"found": _said(named), "known": ", ".join(shipped_folders())}
        wrong.append(Problem("package_questionnaire_unknown", name, values))
        return None


def _map(value: Tree) -> Mapping[str, Tree]:
    return value if isinstance(value, dict) else {}


def _list(value: Tree) -> list[Tree]:
    return value if isinstance(value, list) else []


def _name(value: Tree) -> str:
    return " ".join(value.split())[:LONGEST_NAME] if isinstance(value, str) else ""


def _said(value: Tree) -> str:
    return shown(value.text if isinstance(value, Number) else value)
