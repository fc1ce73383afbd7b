"""A page holds random tokens: a test that a few letters are absent, or how often they occur, fails sooner or later."""

from __future__ import annotations

import ast
import re

from tests.rules.test_house import TREE, parsed, python_files

SHORT = re.compile(r"[A-Za-z0-9_-]{1,5}")
PAGE = re.compile(r"\b(page|html|body)\b|\.text\b")


def few_letters(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SHORT.fullmatch(node.value) is not None
    )


def _names(function: ast.FunctionDef, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(function))


def gambles(source: str) -> list[int]:
    """Lines of functions that look for a few letters in a whole page without taking its tokens off."""
    found = []
    for function in ast.walk(parsed(source)):
        if not isinstance(function, ast.FunctionDef) or _names(function, "without_tokens"):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotIn):
                text, page = node.left, node.comparators[0]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                text, page = node.args[0], node.func.value
                if node.func.attr != "count":
                    continue
            else:
                continue
            if few_letters(text) and PAGE.search(ast.unparse(page)):
                found.append(node.lineno)
    return found


def test_no_test_gambles_on_a_random_token() -> None:
    planted = 'def test():\n    assert "F2" not in page\n    assert answer.text.count("B7") == 1\n    assert ">F2<" not in page\n'
    assert gambles(planted) == [2, 3]
    assert gambles('def test():\n    page = without_tokens(answer.text)\n    assert "F2" not in page\n') == []
    offenders = {
        str(path.relative_to(TREE)): lines
        for path in python_files("tests")
        if (lines := gambles(path.read_text(encoding="utf-8")))
    }
    assert offenders == {}
