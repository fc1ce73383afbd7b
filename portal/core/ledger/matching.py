"""Whom or what a text of a ledger means: exact, by a known other name, or by words in common; a person confirms the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.finding import folded

# Below this share of words in common nothing is proposed.
LEAST_SHARE = 0.5
# Words of company names that say nothing of which company it is.
_EMPTY = frozenset(
    "co company ltd limited inc corp corporation group gmbh ag sa srl bv as llc plc the of and invented 有限 公司 股份 集团 责任 科技 虚构".split()
)
_CJK = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Known:
    """One of ours: its `key` and every name it goes by."""

    key: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A proposal: the `key`, how it was found (exact, name, similar), and for similar the share of words in common."""

    key: str
    how: str
    share: float = 1.0


@dataclass(frozen=True)
class Index:
    """Names of ours prepared for many look-ups."""

    keys: Mapping[str, str]
    names: Mapping[str, str]
    words: Mapping[str, frozenset[str]]
    owners: Mapping[str, str]


def index_of(known: Sequence[Known]) -> Index:
    """Prepare `known`; a name that two of them share proposes neither."""
    names: dict[str, str] = {}
    shared: set[str] = set()
    words: dict[str, frozenset[str]] = {}
    owners: dict[str, str] = {}
    for one in known:
        for name in one.names:
            text = folded(name)
            if not text:
                continue
            if names.setdefault(text, one.key) != one.key:
                shared.add(text)
            words[text], owners[text] = words_of(text), one.key
    for text in shared:
        del names[text]
    return Index({folded(one.key): one.key for one in known}, names, words, owners)


def words_of(text: str) -> frozenset[str]:
    """What two names are compared by: Latin words, and pairs of Chinese characters, without legal forms."""
    plain = folded(text)
    found = {word for word in _LATIN.findall(plain) if word not in _EMPTY}
    for run in _CJK.findall(plain):
        for empty in _EMPTY:
            run = run.replace(empty, "")
        found |= {run[i : i + 2] for i in range(len(run) - 1)} or ({run} if run else set())
    return frozenset(found)


def match(text: str, index: Index) -> Match | None:
    """The best proposal for a text, None when nothing comes near.

    `exact`: our own key. `name`: a whole name of ours, or our key but for case. `similar`: by words in common,
    their number doubled over all words of both.
    """
    plain = folded(text)
    if plain in index.keys:
        key = index.keys[plain]
        return Match(key, "exact" if key == text.strip() else "name")
    if plain in index.names:
        return Match(index.names[plain], "name")
    mine = words_of(text)
    best, share = "", 0.0
    for name, words in index.words.items():
        common = len(mine & words)
        if common:
            found = 2 * common / (len(mine) + len(words))
            # of equal ones the name that is wholly in the text, then the longer one
            if (found, name in plain, len(name)) > (share, best in plain, len(best)):
                best, share = name, found
    contained = [name for name in index.words if len(name) >= 2 and name in plain and bool(_CJK.search(name))]
    if contained and share < LEAST_SHARE:
        best, share = max(contained, key=len), LEAST_SHARE
    if share < LEAST_SHARE:
        return None
    return Match(index.owners[best], "similar", round(share, 2))
