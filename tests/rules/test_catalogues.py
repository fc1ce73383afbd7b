"""Every sentence people can see exists in both languages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Formatter

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from portal.language.catalogue import FOLDER, messages
from portal.language.sentences import sentences

PORTAL = Path(__file__).resolve().parents[2] / "portal"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
# Words that are the same in both languages and need no entry.
SAME = {"Upstream"}


@cache
def english_messages() -> dict[str, str]:
    """Every msgid of the portal with the file that uses it."""
    found: dict[str, str] = {}
    for name, _line, message, _comments, _context in extract_from_dir(
        str(PORTAL), METHODS, keywords=KEYWORDS
    ):
        for one in message if isinstance(message, tuple) else (message,):
            found.setdefault(one, name)
    return found


def places(text: str) -> set[str]:
    """The places a message fills: {name} and %(name)s."""
    braces = {name for _t, name, _f, _c in Formatter().parse(text) if name} if "{" in text else set()
    return braces | set(re.findall(r"%\((\w+)\)s", text))


def test_every_message_has_its_chinese() -> None:
    assert "Sign in" in english_messages()
    missing = {
        text: where
        for text, where in english_messages().items()
        if text and text not in messages("zh") and text not in SAME
    }
    assert missing == {}


def test_every_translation_fills_the_same_places() -> None:
    assert places("{where}: %(a)s") == {"where", "a"}
    wrong = {text: zh for text, zh in messages("zh").items() if places(text) != places(zh)}
    assert wrong == {}


def test_chinese_is_chinese() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert not chinese.search("Sign in")
    latin = {
        t: zh
        for t, zh in messages("zh").items()
        if not chinese.search(zh) and re.search(r"[a-z]{3}", zh) and t != zh
    }
    assert latin == {}


def test_no_translation_is_left_over() -> None:
    known = set(english_messages())
    left_over = {text for text in messages("zh") if text not in known}
    assert left_over == set()


def test_rooms_agree_on_a_translation() -> None:
    seen: dict[str, tuple[str, str]] = {}
    clashes = []
    for path in sorted((FOLDER / "zh").glob("*.po")):
        for text, zh in _entries(path):
            if text in seen and seen[text][0] != zh:
                clashes.append((text, seen[text], (zh, path.name)))
            seen.setdefault(text, (zh, path.name))
    assert clashes == []


def _entries(path: Path) -> list[tuple[str, str]]:
    with path.open("rb") as stream:
        return [
            (m.id, m.string) for m in read_po(stream, locale="zh_Hans_CN") if isinstance(m.id, str) and m.id
        ]


def test_every_problem_code_used_has_a_sentence() -> None:
    used: dict[str, str] = {}
    pattern = re.compile(r"""(?:Problem|Refused)\(\s*["']([a-z0-9_]+)["']""")
    assert pattern.findall('Problem("a_b", where)') == ["a_b"]
    for path in PORTAL.rglob("*.py"):
        for code in pattern.findall(path.read_text()):
            used.setdefault(code, path.name)
    assert {code: name for code, name in used.items() if code not in sentences()} == {}
