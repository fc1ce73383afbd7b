"""A JSON document as a flat list of leaves by JSON pointer, numbers as they were written; and back again.

The flat form gives every value its address, as cells have in a sheet, and keeps what no field of ours models.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

OBJECT, ARRAY, TEXT, NUMBER, TRUE, FALSE, NULL = (
    "object",
    "array",
    "text",
    "number",
    "true",
    "false",
    "null",
)


@dataclass(frozen=True)
class Leaf:
    """One value: `kind` is object, array, text, number, true, false or null; `text` as written, "" for containers."""

    kind: str
    text: str = ""


@dataclass(frozen=True)
class Number:
    """A JSON number with the very digits it was written with."""

    text: str


Document = Mapping[str, Leaf]
Tree = dict[str, "Tree"] | list["Tree"] | str | bool | Number | None


def step(key: str | int) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")


def below(document: Document, base: str) -> dict[str, Leaf]:
    """The part of a document at and below `base`, with pointers relative to it, in document order."""
    start = base + "/"
    return {
        pointer[len(base) :]: leaf
        for pointer, leaf in document.items()
        if pointer == base or pointer.startswith(start)
    }


def items(document: Document, pointer: str) -> list[str]:
    """The pointers of an array's items, in order; empty where there is no array."""
    if document.get(pointer, Leaf(NULL)).kind != ARRAY:
        return []
    found: list[str] = []
    while (one := pointer + step(len(found))) in document:
        found.append(one)
    return found


def tree_of(document: Document, base: str = "") -> Tree:
    """The value at `base` with everything in it, as dicts, lists, texts, bools, None and Numbers."""
    built: dict[str, Tree] = {}
    for pointer, leaf in document.items():
        if pointer != base and not pointer.startswith(base + "/"):
            continue
        value = _value(leaf)
        if pointer != base:
            parent, _, last = pointer.rpartition("/")
            within = built[parent]
            if isinstance(within, dict):
                within[last.replace("~1", "/").replace("~0", "~")] = value
            elif isinstance(within, list):
                within.append(value)
        built[pointer] = value
    return built[base]


def _value(leaf: Leaf) -> Tree:
    if leaf.kind == OBJECT:
        return {}
    if leaf.kind == ARRAY:
        return []
    if leaf.kind == NUMBER:
        return Number(leaf.text)
    if leaf.kind == TEXT:
        return leaf.text
    return {TRUE: True, FALSE: False}.get(leaf.kind)


def json_text(value: Tree) -> str:
    """A tree as indented JSON text; numbers keep their digits."""
    return "".join(_pieces(value, "\n"))


def _pieces(value: Tree, line: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        inner = line + "  "
        for number, (key, one) in enumerate(value.items()):
            yield f"{'{' if number == 0 else ','}{inner}{json.dumps(key, ensure_ascii=False)}: "
            yield from _pieces(one, inner)
        yield line + "}"
    elif isinstance(value, list) and value:
        inner = line + "  "
        for number, one in enumerate(value):
            yield f"{'[' if number == 0 else ','}{inner}"
            yield from _pieces(one, inner)
        yield line + "]"
    elif isinstance(value, Number):
        yield value.text
    else:
        yield json.dumps(value, ensure_ascii=False)


def written_out(number: str) -> str:
    """A JSON number in digits, 1E+3 as 1000; what would become absurdly long stays as it is, for the checks to refuse."""
    try:
        value = Decimal(number)
    except InvalidOperation:  # an exponent beyond what any number has
        return number
    return format(value, "f") if abs(value.adjusted()) < 40 else number


def stored(document: Document) -> dict[str, list[str]]:
    """The document as plain JSON for the database."""
    return {pointer: [leaf.kind, leaf.text] for pointer, leaf in document.items()}


def restored(plain: Mapping[str, list[str]]) -> dict[str, Leaf]:
    """The document as it was before `stored`."""
    return {pointer: Leaf(kind, text) for pointer, (kind, text) in plain.items()}
