"""YAML bytes to plain nodes that know their line. Every scalar stays text; nothing is resolved or executed.

Built straight from the parser's events: no anchors, aliases or tags, a limit on depth and size, and duplicate
keys reported one by one, so that no file can hang or crash the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from portal.core.problems import Problem

MOST_BYTES = 1024 * 1024
DEEPEST = 16


@dataclass
class Node:
    """One value of a file. `kind` is text, list or map; `text` for scalars, `quoted` tells "0.5" from 0.5.

    `file` and `inside` say where it was written when it was laid together from several files, "" otherwise.
    """

    kind: str
    line: int
    text: str = ""
    quoted: bool = False
    items: list[Node] = field(default_factory=list)
    fields: dict[str, Node] = field(default_factory=dict)
    file: str = ""
    inside: str = ""


class _Broken(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_yaml(path: Path, shown_as: str) -> tuple[Node | None, list[Problem]]:
    """The root node of a file and every problem with it, `where` as "topics/01-GOV.yaml:37 key".

    No node is returned with definition_file_missing, definition_file_too_large, yaml_not_text, yaml_broken,
    yaml_alias, yaml_tag, yaml_too_deep, yaml_empty, yaml_several_documents; one is with yaml_key_twice and
    yaml_key_not_text.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            return None, [Problem("definition_file_too_large", shown_as, {"most": MOST_BYTES // 1024})]
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        return None, [Problem("definition_file_missing", shown_as)]
    except UnicodeDecodeError:
        return None, [Problem("yaml_not_text", shown_as)]
    root, found = _parse(text)
    return root and _copy(root), [replace(each, where=f"{shown_as}{each.where}") for each in found]


# A version made by inheritance reads the files of the one below again, and parsing is what takes long.
@lru_cache(maxsize=64)
def _parse(text: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The root node of a text and its problems, `where` without the name of the file."""
    problems: list[Problem] = []
    try:
        root = _build(YAML(typ="safe", pure=True).parse(text), problems)
    except _Broken as broken:
        return None, (*problems, broken.problem)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        cause = " ".join(str(error.problem or error.context or "").split())
        return None, (*problems, Problem("yaml_broken", f":{line}", {"cause": cause}))
    except (YAMLError, ValueError) as error:
        cause = " ".join(str(error).split())[:200]
        return None, (*problems, Problem("yaml_broken", ":1", {"cause": cause}))
    if root is None:
        return None, (Problem("yaml_empty"),)
    return root, tuple(problems)


def _copy(node: Node) -> Node:
    """A tree of its own, for readers that write into it where a value came from."""
    items = [_copy(item) for item in node.items]
    fields = {key: _copy(below) for key, below in node.fields.items()}
    return Node(node.kind, node.line, node.text, node.quoted, items, fields, node.file, node.inside)


@dataclass
class _Open:
    node: Node
    key: Node | None = None


def _build(events: Iterator[Event], problems: list[Problem]) -> Node | None:
    root: Node | None = None
    stack: list[_Open] = []
    documents = 0
    for event in events:
        where = f":{event.start_mark.line + 1}"
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Broken(Problem("yaml_several_documents", where))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            stack.pop()
        elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
            node = _node(event, where)
            root = node if root is None else root
            if stack:
                _place(stack[-1], node, problems)
            if node.kind != "text":
                stack.append(_Open(node))
                if len(stack) > DEEPEST:
                    raise _Broken(Problem("yaml_too_deep", where, {"most": DEEPEST}))
    return root


def _node(event: Event, where: str) -> Node:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise _Broken(Problem("yaml_alias", where))
    tag = getattr(event, "tag", None) or getattr(event, "ctag", None)
    if tag and str(tag) != "!":
        raise _Broken(Problem("yaml_tag", where, {"found": str(tag)[:60]}))
    line = event.start_mark.line + 1
    if isinstance(event, ScalarEvent):
        return Node("text", line, text=event.value, quoted=event.style in {"'", '"'})
    return Node("map" if isinstance(event, MappingStartEvent) else "list", line)


def _place(parent: _Open, node: Node, problems: list[Problem]) -> None:
    if parent.node.kind == "list":
        parent.node.items.append(node)
    elif parent.key is None:
        parent.key = node
    else:
        key, parent.key = parent.key, None
        if key.kind != "text":
            problems.append(Problem("yaml_key_not_text", f":{key.line}"))
        elif key.text in parent.node.fields:
            problems.append(Problem("yaml_key_twice", f":{key.line} {key.text}", {"key": key.text}))
        else:
            node.line = key.line
            parent.node.fields[key.text] = node
