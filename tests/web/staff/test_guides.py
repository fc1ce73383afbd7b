"""The guides for procurement name buttons and headings exactly as the pages do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.language.catalogue import messages

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize(("locale", "least"), [("en", 60), ("zh", 60)])
def test_bold_words_of_a_guide_stand_on_the_pages(locale: str, least: int) -> None:
    text = (DOCS / f"guide-procurement-{locale}.md").read_text(encoding="utf-8")
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*([^*]+)\*\*", text)}
    # Questions and answers are sentences; a name with an ellipsis leaves out a number.
    names = {words for words in bold if words[-1] not in ".?。？" and "…" not in words}
    known = set(messages("zh").values() if locale == "zh" else messages("zh"))
    assert len(names) >= least
    assert names - known == set()
