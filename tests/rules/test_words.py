"""One thing, one word: the words docs/words.md sets aside stand nowhere people read."""

from __future__ import annotations

import re
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
GLOSSARY = TREE / "docs" / "words.md"
READ_BY_PEOPLE = (
    "portal/language/translations/zh/*.po",
    "portal/demo/*.py",
    "questionnaires/**/*.yaml",
    "factors/*.csv",
    "docs/*-zh.md",
)


def set_aside(glossary: str) -> dict[str, str]:
    """Each word that is not used, with the word used instead, from the table's rows."""
    rows = re.findall(r"^\| (?!English)([^|-][^|]*) \| ([^|]+) \|([^|]*)\|$", glossary, flags=re.MULTILINE)
    return {word.strip(): used for _en, used, others in rows for word in others.split("、") if word.strip()}


def offending(text: str, words: dict[str, str]) -> list[str]:
    """Where a word set aside stands, one sentence per line and word."""
    return [
        f"line {number}: {word}, use {used}"
        for number, line in enumerate(text.splitlines(), start=1)
        for word, used in words.items()
        if word in line
    ]


def test_the_words_set_aside_are_not_used() -> None:
    words = set_aside(GLOSSARY.read_text())
    assert words["厂址"] == "厂区" and words["碳登记"] == "碳数据登记册" and len(words) > 10
    assert offending("# ok\nzh: 全部厂址", words) == ["line 2: 厂址, use 厂区"]
    files = [path for pattern in READ_BY_PEOPLE for path in sorted(TREE.glob(pattern))]
    assert len(files) > 60
    found = {str(path.relative_to(TREE)): offending(path.read_text(), words) for path in files}
    assert {name: lines for name, lines in found.items() if lines} == {}
