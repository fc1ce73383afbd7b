"""`upstream score`: answers.json in, score.json out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from portal.core.errors import Invalid, NotFound
from portal.core.problems import Problem
from portal.core.questionnaire.model import Questionnaire
from portal.core.questionnaire.validate import read_answers
from portal.core.scoring.roll_up import score as score_of
from portal.core.scoring.sheet import score_json
from portal.files.questionnaire_answers import AnswersFile, read_answers_file
from portal.files.questionnaires import check_published, find_questionnaire, shipped_folders
from portal.language import LOCALES
from portal.language.reasons import reason_sentence
from portal.language.sentences import sentence


@click.command()
@click.argument("answers", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--questionnaire", "asked", default="", help="For example sustainability/2026.1.")
@click.option("--language", type=click.Choice(LOCALES), default="en", show_default=True)
def score(answers: Path, asked: str, language: str) -> None:
    """Score ANSWERS (a JSON file, - for standard input) and print the score sheet as JSON.

    Exit status 2 when anything in the file cannot be read; every problem is named on standard error.
    """
    where = "standard input" if str(answers) == "-" else answers.name
    file, problems = read_answers_file(_bytes(answers, where, language), where)
    if file is None:
        _refuse(problems, language)
    questionnaire = _questionnaire(file, asked, where, problems)
    if questionnaire is None:
        _refuse(problems, language)
    roles = [role for role in file.roles if isinstance(role, str)]
    values, wrong = read_answers(questionnaire, file.roles, file.answers)  # type: ignore[arg-type]
    problems += wrong
    if problems:
        _refuse(problems, language)
    sheet = score_of(questionnaire, roles, values, short=file.short)
    printed = score_json(sheet, lambda reason: reason_sentence(language, reason))
    text = json.dumps(printed, ensure_ascii=False, indent=2) + "\n"
    sys.stdout.buffer.write(text.encode())


def _bytes(path: Path, where: str, language: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError:
        _refuse([Problem("answers_file_missing", where)], language)


def _questionnaire(
    file: AnswersFile, asked: str, where: str, problems: list[Problem]
) -> Questionnaire | None:
    name = asked or file.questionnaire
    if not name:
        problems.append(Problem("questionnaire_not_named", where))
        return None
    if asked and file.questionnaire and asked != file.questionnaire:
        values = {"found": file.questionnaire, "asked": asked}
        problems.append(Problem("questionnaire_differs", where, values))
    try:
        check_published()
        return find_questionnaire(name)
    except NotFound:
        known = ", ".join(shipped_folders())
        problems.append(Problem("questionnaire_unknown", where, {"found": name, "known": known}))
    except Invalid as invalid:
        problems += invalid.problems
    return None


def _refuse(problems: list[Problem], language: str) -> NoReturn:
    for problem in problems:
        click.echo(sentence(language, problem), err=True)
    sys.exit(2)
