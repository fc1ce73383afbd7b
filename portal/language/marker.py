"""Marks a string for the catalogues without translating it where it stands."""

from __future__ import annotations


def N_(msgid: str) -> str:  # the conventional gettext name
    """Return `msgid` unchanged; the extractor sees it, `say` translates it later."""
    return msgid
