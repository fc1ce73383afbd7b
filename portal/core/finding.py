"""Find things by words a person types, in either script: width, case and order of the words make no difference."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def folded(text: str) -> str:
    """A text for comparing: full-width and half-width forms alike (ＩＳＯ, ISO), without case, blanks as one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def letters_of(text: str) -> str:
    """A name for comparing by its letters and digits alone: neither width, case, blanks nor marks make another."""
    return "".join(sign for sign in folded(text) if sign.isalnum())


def speaks_of(wanted: str, texts: Iterable[str]) -> bool:
    """Whether every word of `wanted` occurs in one of the texts. Chinese has no blanks between words: a stretch of it is
    one word. Nothing wanted finds everything."""
    whole = "\n".join(folded(text) for text in texts)
    return all(word in whole for word in folded(wanted).split())
