"""The translation catalogues. English is the text in the code; 简体中文 comes from one PO file per room."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALES = ("en", "zh")
FOLDER = Path(__file__).parent / "translations"


@cache
def messages(locale: str) -> dict[str, str]:
    """All translated messages of a locale, msgid to text. Empty for English, which is the msgid itself."""
    found: dict[str, str] = {}
    for path in sorted((FOLDER / locale).glob("*.po")):
        found.update(_read(path))
    return found


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as stream:
        catalogue: Catalog = read_po(stream, locale="zh_Hans_CN", charset="utf-8")
    return {
        m.id: m.string
        for m in catalogue
        if isinstance(m.id, str) and isinstance(m.string, str) and m.id and m.string
    }


def translate(locale: str, msgid: str) -> str:
    """`msgid` in the locale, or the English text itself where a locale has no entry."""
    return messages(locale).get(msgid, msgid)


def say(locale: str, msgid: str, **values: object) -> str:
    """Translate `msgid` and fill its `{name}` places from `values`."""
    text = translate(locale, msgid)
    return text.format(**values) if values else text
