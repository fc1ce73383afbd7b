"""Whoever asks what is in play or what it scores says which set of questions is meant: a forgotten word would ask everything."""

from __future__ import annotations

import ast
import re

from tests.rules.test_house import PORTAL, TREE, parsed, python_files

# Functions of the core by the module that owns them.
DECIDE = {
    "portal.core.questionnaire.path": {"walk"},
    "portal.core.scoring.roll_up": {"score"},
    "portal.core.scoring.what_if": {"what_if"},
    "portal.core.scoring.next_steps": {"next_steps", "best_opened"},
}


def forgetful(source: str) -> list[int]:
    """Lines that call one of these functions without `short`."""
    if not any(module in source for module in DECIDE):
        return []
    tree = parsed(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in DECIDE
        for alias in node.names
        if alias.name in DECIDE[node.module or ""]
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in names
        and not any(keyword.arg == "short" for keyword in node.keywords)
    ]


def test_every_call_says_which_set_is_asked() -> None:
    planted = "from portal.core.questionnaire.path import walk as go\ngo(q, r, a)\ngo(q, r, a, short=s)\n"
    assert forgetful(planted) == [2]
    assert python_files("portal")[0].is_relative_to(PORTAL)
    found = {
        str(path.relative_to(TREE)): lines
        for path in python_files("portal")
        if (lines := forgetful(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_only_the_path_knows_why_an_indicator_is_never_asked() -> None:
    offence = re.compile(r"""\.reason [!=]= ["']role["']""")
    assert offence.search('closed.reason == "role"')
    found = [
        str(path.relative_to(TREE))
        for path in python_files("portal")
        if offence.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
