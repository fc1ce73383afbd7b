"""Finding factors by words: several words in any order, Chinese without word boundaries, any spelling of width and case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from portal.core.carbon.factor_words import other_words

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_SHORTEST_PIECE = 2
LONGEST_QUERY = 100
# A longer run of Chinese is looked for as a whole only: cutting it takes time that grows with the square of its length.
LONGEST_RUN = 40


def normalised(text: str) -> str:
    """Text as it is compared: full-width letters made plain, no case, accents off, punctuation as blanks."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+|_", " ", kept).split())


def haystack(name_en: str, others: Iterable[str]) -> str:
    """What a search looks through for one factor: its names, id, keys and places, with Chinese for English words."""
    parts = (name_en, *others, other_words(name_en))
    return " ".join(dict.fromkeys(" ".join(normalised(part) for part in parts).split()))


def terms(query: str) -> tuple[str, ...]:
    """The words of a query, Chinese runs apart from other letters: "CN多晶硅 grid" → cn, 多晶硅, grid."""
    found = []
    for word in normalised(query[:LONGEST_QUERY]).split():
        found += [piece for piece in re.split(f"({_CHINESE.pattern})", word) if piece]
    return tuple(dict.fromkeys(found))


def matches(words: Sequence[str], text: str) -> bool:
    """Whether every word of a query occurs in `text` (both normalised); no words match everything.

    A run of up to LONGEST_RUN Chinese signs also matches when it can be cut into pieces of two or more signs that
    each occur somewhere: 中国多晶硅 finds 多晶硅（中国电网）.
    """
    return all(_occurs(word, text) for word in words)


def closeness(words: Sequence[str], name: str) -> int:
    """How well a match fits, lower is closer: 0 the name is the query, 1 begins with it, 2 holds all of it, 3 else."""
    plain, query = normalised(name), " ".join(words)
    if plain == query:
        return 0
    if plain.startswith(query):
        return 1
    return 2 if all(word in plain for word in words) else 3


def _occurs(word: str, text: str) -> bool:
    if word in text:
        return True
    if len(word) > LONGEST_RUN or not _CHINESE.fullmatch(word) or word[-_SHORTEST_PIECE:] not in text:
        return False
    reachable = {0}
    for start in range(len(word)):
        if start in reachable:
            # a piece that does not occur cannot become one that does by growing
            for end in range(start + _SHORTEST_PIECE, len(word) + 1):
                if word[start:end] not in text:
                    break
                reachable.add(end)
    return len(word) in reachable
