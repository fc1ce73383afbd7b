"""What every reader of a questionnaire's files needs: a node with its place, its keys, and strict readers of plain values.

Every problem is noted and reading goes on with a stand-in, so that one run reports everything; what hangs on a
stand-in is remembered in `broken` so that no problem is reported twice under two names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from portal.core.problems import Problem
from portal.core.questionnaire.model import Text
from portal.files.questionnaire_yaml import Node

T = TypeVar("T")
NOTHING = Text("", "")
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)


@dataclass
class Notes:
    """What was found while reading: problems, and the model paths whose value is only a stand-in."""

    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Spot:
    """A node with its place: `inside` is its key path in `file`, `prefix` the model path of the file's root."""

    node: Node
    file: str
    inside: str
    prefix: str
    notes: Notes

    @property
    def where(self) -> str:
        file, inside = (self.node.file, self.node.inside) if self.node.file else (self.file, self.inside)
        return f"{file}:{self.node.line} {inside}".rstrip()

    @property
    def path(self) -> str:
        return joined(self.prefix, self.inside)


def joined(prefix: str, inside: str) -> str:
    """One model path from the path of a file's root and the key path in the file."""
    return f"{prefix}.{inside}" if prefix and inside else prefix or inside


def places(spot: Spot) -> Iterable[tuple[str, str]]:
    """Model path and `where` of a spot and everything below it."""
    yield spot.path, spot.where
    for key in spot.node.fields:
        yield from places(below(spot, key))
    for number, _ in enumerate(spot.node.items):
        yield from places(item(spot, number))


def below(spot: Spot, key: str) -> Spot:
    """The value of a key of a map."""
    inside = f"{spot.inside}.{key}" if spot.inside else key
    return Spot(spot.node.fields[key], spot.file, inside, spot.prefix, spot.notes)


def item(spot: Spot, number: int) -> Spot:
    """One item of a list."""
    return Spot(spot.node.items[number], spot.file, f"{spot.inside}[{number}]", spot.prefix, spot.notes)


def wrong(spot: Spot, code: str, **values: object) -> None:
    """Note a problem with a spot, and that its value is a stand-in."""
    spot.notes.problems.append(Problem(code, spot.where, values))
    spot.notes.broken.add(spot.path)


def check_keys(spot: Spot, required: str, optional: str = "") -> bool:
    """Report unknown and missing keys; whether the node is a map at all."""
    if spot.node.kind != "map":
        wrong(spot, "shape_map_expected")
        return False
    known = {*required.split(), *optional.split()}
    for key in spot.node.fields:
        if key not in known:
            where = below(spot, key).where
            values = {"key": key, "known": ", ".join(sorted(known))}
            spot.notes.problems.append(Problem("key_unknown", where, values))
    for key in required.split():
        if key not in spot.node.fields:
            wrong(spot, "key_missing", key=key)
    return True


def get(spot: Spot, key: str, read: Callable[[Spot], T], default: T) -> T:
    """The value of a key as `read` reads it, `default` where it is absent."""
    return read(below(spot, key)) if key in spot.node.fields else default


def word(spot: Spot) -> str:
    """A single value as text."""
    if spot.node.kind != "text":
        wrong(spot, "shape_text_expected")
        return ""
    return spot.node.text.strip()


def one_of(words: Iterable[str]) -> Callable[[Spot], str]:
    """A reader of one of the allowed `words`."""
    allowed = tuple(words)

    def read(spot: Spot) -> str:
        found = word(spot)
        if found not in allowed:
            if spot.node.kind == "text":
                wrong(spot, "word_unknown", found=found[:60], allowed=", ".join(allowed))
            return allowed[0]
        return found

    return read


def whole(spot: Spot) -> int:
    """A whole number."""
    if spot.node.kind != "text" or not _WHOLE.fullmatch(spot.node.text):
        wrong(spot, "shape_whole_expected", found=spot.node.text[:60])
        return 1
    return int(spot.node.text)


def exact(spot: Spot) -> Decimal:
    """A decimal number, written in quotes."""
    if spot.node.kind != "text" or not _DECIMAL.fullmatch(spot.node.text):
        wrong(spot, "shape_number_expected", found=spot.node.text[:60])
        return Decimal(0)
    if not spot.node.quoted:
        wrong(spot, "number_not_quoted", found=spot.node.text)
    return Decimal(spot.node.text)


def flag(spot: Spot) -> bool:
    """true or false."""
    return one_of(("false", "true"))(spot) == "true"


def list_of(read: Callable[[Spot], T]) -> Callable[[Spot], tuple[T, ...]]:
    """A reader of a list of what `read` reads."""

    def read_all(spot: Spot) -> tuple[T, ...]:
        if spot.node.kind != "list":
            wrong(spot, "shape_list_expected")
            return ()
        return tuple(read(item(spot, number)) for number in range(len(spot.node.items)))

    return read_all


def text_of(spot: Spot) -> Text:
    """A text in both languages."""
    if not check_keys(spot, "en zh"):
        return NOTHING
    return Text(get(spot, "en", word, ""), get(spot, "zh", word, ""))


def label_of(spot: Spot) -> Text:
    """The texts of an option or suggestion stand beside its key."""
    return Text(get(spot, "en", word, ""), get(spot, "zh", word, ""))
