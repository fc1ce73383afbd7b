"""The guides name buttons and headings exactly as the pages do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.language.catalogue import messages

DOCS = Path(__file__).resolve().parents[3] / "docs"


def bold(name: str) -> list[str]:
    """Bold words of a guide. The questions at its end, which begin a line, are its own."""
    text = (DOCS / name).read_text(encoding="utf-8").split("## Common questions")[0].split("## 常见问题")[0]
    return [words.removeprefix("⚑ ").replace("\n", " ") for words in re.findall(r"\*\*([^*]+)\*\*", text)]


def stands(words: str, shown: set[str]) -> bool:
    """Whether a page shows `words`; an ellipsis stands for what a page fills in."""
    pattern = re.escape(words).replace("…", ".*")
    return any(re.fullmatch(pattern, one) for one in shown)


@pytest.mark.parametrize("name", ["guide-supplier-en.md", "guide-supplier-zh.md"])
def test_bold_words_stand_on_the_page(name: str) -> None:
    found = messages("zh")
    shown = {words.rstrip(":：") for words in (found if name.endswith("-en.md") else found.values())}
    used = bold(name)
    assert len(used) > 40
    assert [words for words in used if not stands(words, shown)] == []
