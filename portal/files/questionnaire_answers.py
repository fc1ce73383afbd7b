"""answers.json to plain Python: the shape of the file only; what the values mean is `core.questionnaire.validate`.

Numbers are read as Decimal, never float; duplicate keys, NaN and infinity are refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from portal.core.problems import Problem
from portal.core.questionnaire.model import ROLES
from portal.core.questionnaire.reading import shown

MOST_BYTES = 32 * 1024 * 1024
KEYS = ("questionnaire", "roles", "short", "answers")
# Of the take-away package; they decide no score.
ASIDE = ("schema", "about", "sites", "group", "unconfirmed", "evidence")


@dataclass(frozen=True)
class AnswersFile:
    """The parts of answers.json; `questionnaire` is "" where the file names none, `short`: the short set is asked."""

    questionnaire: str
    roles: tuple[object, ...]
    answers: Mapping[str, object]
    short: bool = False


def read_answers_file(data: bytes, where: str) -> tuple[AnswersFile | None, list[Problem]]:
    """The file and every problem with its shape; no file where it is not JSON at all.

    Problems: answers_too_large, answers_not_text, answers_not_json, answers_key_twice,
    answers_object_expected, answers_key_unknown, answers_map_expected, answers_missing, roles_not_given,
    roles_list_expected, answers_short_form.
    """
    if len(data) > MOST_BYTES:
        return None, [Problem("answers_too_large", where, {"most": MOST_BYTES // 1024**2})]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [Problem("answers_not_text", where)]
    problems: list[Problem] = []

    def object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            if key in found:
                problems.append(Problem("answers_key_twice", where, {"key": shown(key)}))
            found[key] = value
        return found

    try:
        content = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=object_of,
        )
    except RecursionError:
        return None, [Problem("answers_not_json", where, {"cause": "nested too deeply"})]
    except ValueError as error:
        return None, [Problem("answers_not_json", where, {"cause": shown(error)})]
    return _parts(content, where, problems)


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is not a number in JSON")


def _parts(content: object, where: str, problems: list[Problem]) -> tuple[AnswersFile | None, list[Problem]]:
    if not isinstance(content, dict):
        return None, [*problems, Problem("answers_object_expected", where)]
    for key in content:
        if key not in (*KEYS, *ASIDE):
            values = {"key": shown(key), "known": ", ".join(KEYS)}
            problems.append(Problem("answers_key_unknown", where, values))
    known_roles = {"roles": ", ".join(ROLES)}
    roles, answers = content.get("roles"), content.get("answers")
    if roles is None:
        problems.append(Problem("roles_not_given", where, known_roles))
    elif not isinstance(roles, list):
        problems.append(Problem("roles_list_expected", where, known_roles))
    if answers is None:
        problems.append(Problem("answers_missing", where))
    elif not isinstance(answers, dict):
        problems.append(Problem("answers_map_expected", where))
    short = content.get("short", False)
    if not isinstance(short, bool):
        problems.append(Problem("answers_short_form", where, {"found": shown(short)}))
    named = content.get("questionnaire")
    return AnswersFile(
        questionnaire="" if named is None else str(named),
        roles=tuple(roles) if isinstance(roles, list) else (),
        answers=answers if isinstance(answers, dict) else {},
        short=short is True,
    ), problems
