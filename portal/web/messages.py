"""Short messages shown on the next page, and problems as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash

from portal.core.problems import Problem
from portal.language import say
from portal.language.sentences import sentence
from portal.web.context import locale


def tell(msgid: str, **values: object) -> None:
    """Show a success message on the next page; `msgid` is English marked with N_, placeholders in braces."""
    flash(say(locale(), msgid, **values), "success")


def warn(msgid: str, **values: object) -> None:
    """Show a warning on the next page."""
    flash(say(locale(), msgid, **values), "warning")


def refuse(problem: Problem) -> None:
    """Show a refusal on the next page."""
    flash(sentence(locale(), problem), "danger")


def in_words(problems: Iterable[Problem]) -> list[str]:
    """Problems as sentences in the reader's language."""
    return [sentence(locale(), problem) for problem in problems]
