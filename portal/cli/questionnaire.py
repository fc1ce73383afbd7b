"""`upstream questionnaire`: check folders, show a version, tell two versions apart, freeze a release."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from portal.cli.questionnaire_shown import indicator_panel, topics_table
from portal.core.errors import Invalid, NotFound
from portal.core.problems import Problem
from portal.core.questionnaire.diff import Difference, differences
from portal.core.questionnaire.model import (
    Questionnaire,
    Topic,
    find_indicator,
    find_topic,
    questionnaire_id,
    text_in,
)
from portal.files.questionnaires import (
    FRAME,
    check_folder,
    check_published,
    find_questionnaire,
    freeze,
    shipped_folders,
)
from portal.language import LOCALES, N_, say
from portal.language.sentences import sentence
from portal.language.version_words import difference_sentence
from portal.settings import shipped

_language = click.option("--language", type=click.Choice(LOCALES), default="en", show_default=True)


@click.group()
def questionnaire() -> None:
    """Questionnaires: check, show, diff, freeze."""


@questionnaire.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@_language
def check(folder: Path | None, language: str) -> None:
    """Check every version in FOLDER, or all shipped ones: shape, then sense.

    Prints every problem with file, line and key; exit status 1 on any.
    """
    root = shipped("questionnaires") if folder is None else folder
    versions = sorted(path.parent for path in root.rglob(FRAME)) or [root]
    count = 0
    for version in versions:
        problems = check_folder(version)
        count += len(problems)
        name = version.resolve().parent.name + "/" + version.resolve().name
        if not problems:
            click.echo(say(language, N_("{id}: no problems found."), id=name))
            continue
        click.echo(f"{name}:")
        for problem in problems:
            click.echo("  " + sentence(language, problem))
    count += _print_lock(root, language)
    if count:
        click.echo(say(language, N_("{count} problems found."), count=count), err=True)
        sys.exit(1)


def _print_lock(root: Path, language: str) -> int:
    if not (root / "published.lock").is_file():
        return 0
    try:
        check_published(root)
    except Invalid as invalid:
        for problem in invalid.problems:
            click.echo(sentence(language, problem))
        return len(invalid.problems)
    return 0


@questionnaire.command()
@click.argument("name", metavar="ID")
@click.option("--indicator", "code", default="", help="Show everything about one indicator, e.g. GOV-02.")
@_language
def show(name: str, code: str, language: str) -> None:
    """Show the version ID, for example sustainability/2026.1: its topics and indicators."""
    found = _found(name, language)
    console = Console()
    if not code:
        for table in topics_table(found, language):
            console.print(table)
        return
    indicator = find_indicator(found, code.upper())
    if indicator is None:
        click.echo(sentence(language, Problem("indicator_unknown", code)), err=True)
        sys.exit(2)
    console.print(indicator_panel(indicator, language))


@questionnaire.command()
@click.argument("older", metavar="OLDER")
@click.argument("newer", metavar="NEWER")
@_language
def diff(older: str, newer: str, language: str) -> None:
    """Tell in words what differs from OLDER to NEWER, for example: 2026.1 2027.0-draft."""
    before, now = _found(_full_id(older), language), _found(_full_id(newer), language)
    found = differences(before, now)
    names = {"older": questionnaire_id(before), "newer": questionnaire_id(now)}
    if not found:
        click.echo(say(language, N_("{older} and {newer} do not differ."), **names))
        return
    count = len(found)
    click.echo(say(language, N_("From {older} to {newer}: {count} differences."), count=count, **names))
    topic: str | None = None
    for difference in found:
        if difference.topic != topic:
            topic = difference.topic
            click.echo(f"\n{_heading(find_topic(now, topic) or find_topic(before, topic), language)}")
        click.echo("  " + _line(difference, language))


def _full_id(name: str) -> str:
    """A version alone ("2026.1") is enough where only one questionnaire has it."""
    known = shipped_folders()
    same = [one for one in known if one.split("/", 1)[1] == name]
    return same[0] if name not in known and len(same) == 1 else name


def _heading(topic: Topic | None, language: str) -> str:
    if topic is None:
        return say(language, N_("Questionnaire as a whole"))
    return f"{topic.code} {text_in(topic.name, language)}"


def _line(difference: Difference, language: str) -> str:
    words = difference_sentence(language, difference)
    return f"{difference.indicator}: {words}" if difference.indicator else words


@questionnaire.command("freeze")
@click.argument("name", metavar="ID")
@_language
def freeze_version(name: str, language: str) -> None:
    """Freeze the published version ID: record its hash in published.lock."""
    try:
        click.echo(f"{name} {freeze(name)}")
    except NotFound:
        _unknown(name, language)
    except Invalid as invalid:
        for problem in invalid.problems:
            click.echo(sentence(language, problem), err=True)
        sys.exit(1)


def _found(name: str, language: str) -> Questionnaire:
    try:
        return find_questionnaire(name)
    except NotFound:
        _unknown(name, language)
    except Invalid as invalid:
        for problem in invalid.problems:
            click.echo(sentence(language, problem), err=True)
        sys.exit(1)


def _unknown(name: str, language: str) -> NoReturn:
    values = {"found": name, "known": ", ".join(shipped_folders())}
    click.echo(sentence(language, Problem("questionnaire_unknown", "ID", values)), err=True)
    sys.exit(2)
