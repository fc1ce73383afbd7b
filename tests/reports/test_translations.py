"""Every text of the reports has its Chinese, with the same places to fill."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import portal.reports
from portal.language.catalogue import messages


def marked() -> set[str]:
    found = set()
    for path in Path(portal.reports.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_every_marked_text_is_translated() -> None:
    chinese = messages("zh")
    assert len(marked()) > 80
    assert not sorted(text for text in marked() if text not in chinese)
    places = re.compile(r"\{(\w+)\}")
    assert not [t for t in marked() if set(places.findall(t)) != set(places.findall(chinese[t]))]
