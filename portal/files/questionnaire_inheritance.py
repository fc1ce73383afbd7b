"""A version made by inheritance: its folder holds only what differs, laid over the version it names.

``questionnaire.yaml`` says ``inherits: 2026.1``, a version of the same questionnaire. Any other file may be left out,
or hold only its changes. Maps are laid over key by key. Lists of things with a name of their own (indicators by
``code``, options and columns by ``key``, hints by ``id``) are laid over thing by thing: a known name changes the keys
written, a new one is added at the end or ``after`` another, ``retire: true`` takes one out and ``without: [key]``
takes keys out. Every other list is replaced as a whole. Each value remembers the file, line and key it was written in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from portal.core.problems import Problem
from portal.files.questionnaire_yaml import Node, read_yaml

FRAME = "questionnaire.yaml"
INHERITS = "inherits"
# What a version must say of itself.
_OWN = ("version", "status", INHERITS)
_NAMES = {"indicators": "code", "options": "key", "columns": "key", "hints": "id"}
_MOST_BACK = 20

Layers = Sequence[tuple[Path, str]]


def layers_of(folder: Path) -> tuple[list[tuple[Path, str]], list[Problem]]:
    """The folder and those it inherits from, newest first, each with how its files are named in problems.

    Problems: inherits_unknown, inherits_circle.
    """
    layers = [(folder, "")]
    while (named := _inherited(layers[-1][0])) is not None:
        where = inherits_place(layers[-1])
        base = folder.parent / named.text.strip()
        known = named.kind == "text" and base.parent == folder.parent and (base / FRAME).is_file()
        if not known or base.name in {".", ".."}:
            return layers, [Problem("inherits_unknown", where, {"found": named.text[:80]})]
        if any(base.resolve() == path.resolve() for path, _ in layers) or len(layers) > _MOST_BACK:
            return layers, [Problem("inherits_circle", where, {"found": named.text[:80]})]
        layers.append((base, f"../{base.name}/"))
    return layers, []


def inherits_place(layer: tuple[Path, str]) -> str:
    """File, line and key where a folder names the version it inherits from."""
    named = _inherited(layer[0])
    return f"{layer[1]}{FRAME}:{named.line if named else 1} {INHERITS}"


def _inherited(folder: Path) -> Node | None:
    root, _ = read_yaml(folder / FRAME, FRAME)
    return root.fields.get(INHERITS) if root is not None and root.kind == "map" else None


def exists(layers: Layers, file: str) -> bool:
    """Whether the version or one it inherits from has the file."""
    return any((folder / file).is_file() for folder, _ in layers)


def read_layered(
    layers: Layers, file: str, retired: Collection[str] = ()
) -> tuple[Node | None, list[Problem]]:
    """One file of a version as if it were written out in full. Inherited keys named in `retired` are left out.

    Problems are those of `read_yaml`, and after_unknown, retire_unknown, retire_with_more, without_unknown.
    """
    present = [(folder, shown) for folder, shown in layers if (folder / file).is_file()] or list(layers[:1])
    merged: Node | None = None
    problems: list[Problem] = []
    for folder, shown in reversed(present):
        root, found = read_yaml(folder / file, f"{shown}{file}")
        problems += found
        if root is None:
            return None, problems
        _stamp(root, f"{shown}{file}", "")
        if merged is None:
            merged = root
            continue
        base = replace(merged, fields=_kept(merged, _OWN)) if file == FRAME else _living(merged, retired)
        merged = _lay(base, root, "", problems)
    if merged is not None and len(present) == 1 and present[0][1]:
        merged = _living(merged, retired)
    return merged, problems


def retired_codes(layers: Layers, files: Iterable[str]) -> set[str]:
    """The indicators that a newer layer takes out, by the topic files of the version."""
    found: set[str] = set()
    for file in files:
        for folder, _ in layers[:-1]:
            root, _problems = (
                read_yaml(folder / file, file) if (folder / file).is_file() else (None, list[Problem]())
            )
            items = root.fields.get("indicators") if root is not None else None
            found |= {
                item.fields["code"].text
                for item in (items.items if items else ())
                if _retires(item) and "code" in item.fields
            }
    return found


def _stamp(node: Node, file: str, inside: str) -> None:
    node.file, node.inside = file, inside
    for key, below in node.fields.items():
        _stamp(below, file, f"{inside}.{key}" if inside else key)
    for number, item in enumerate(node.items):
        _stamp(item, file, f"{inside}[{number}]")


def _kept(node: Node, left_out: Collection[str]) -> dict[str, Node]:
    return {key: below for key, below in node.fields.items() if key not in left_out}


def _living(root: Node, retired: Collection[str]) -> Node:
    """Maps by indicator code, one level below the root, without those that are retired."""
    if not retired:
        return root
    fields = {
        key: replace(below, fields=_kept(below, retired)) if below.kind == "map" else below
        for key, below in root.fields.items()
    }
    return replace(root, fields=fields)


def _lay(base: Node, change: Node, key: str, problems: list[Problem]) -> Node:
    """`change` laid over `base`; `key` is the key both stand under."""
    if base.kind == change.kind == "map":
        fields = dict(base.fields)
        for name, below in change.fields.items():
            fields[name] = _lay(fields[name], below, name, problems) if name in fields else below
        return replace(change, fields=fields)
    name = _NAMES.get(key, "")
    if base.kind == change.kind == "list" and name and _all_named(base, name):
        return _lay_list(base, change, name, problems)
    return change


def _all_named(node: Node, name: str) -> bool:
    return bool(node.items) and all(item.kind == "map" and name in item.fields for item in node.items)


def _retires(item: Node) -> bool:
    return "retire" in item.fields and item.fields["retire"].text == "true"


def _where(node: Node) -> str:
    return f"{node.file}:{node.line} {node.inside}"


def _lay_list(base: Node, change: Node, name: str, problems: list[Problem]) -> Node:
    items = list(base.items)
    for item in change.items:
        if name not in item.fields:
            code = "key_missing" if item.kind == "map" else "shape_map_expected"
            problems.append(Problem(code, _where(item), {"key": name}))
            continue
        own = item.fields[name].text
        place = next((n for n, known in enumerate(items) if known.fields[name].text == own), None)
        if _retires(item):
            _retire(items, item, place, own, name, problems)
            continue
        laid = replace(item, fields=_kept(item, ("after", "without")))
        if place is not None:
            known = items.pop(place)
            laid = _lay(_without(known, item, problems), laid, "", problems)
        at = len(items) if place is None else place
        if "after" in item.fields:
            at = _after(items, item.fields["after"], name, at, problems)
        items.insert(at, laid)
    return replace(change, items=items)


def _retire(
    items: list[Node], item: Node, place: int | None, own: str, name: str, problems: list[Problem]
) -> None:
    if place is None:
        problems.append(Problem("retire_unknown", _where(item), {"found": own[:80]}))
        return
    if set(item.fields) != {name, "retire"}:
        problems.append(Problem("retire_with_more", _where(item), {"found": own[:80]}))
    items.pop(place)


def _after(items: list[Node], after: Node, name: str, at: int, problems: list[Problem]) -> int:
    for number, item in enumerate(items):
        if item.fields[name].text == after.text:
            return number + 1
    problems.append(Problem("after_unknown", _where(after), {"found": after.text[:80]}))
    return at


def _without(known: Node, item: Node, problems: list[Problem]) -> Node:
    if "without" not in item.fields:
        return known
    gone = item.fields["without"]
    for key in gone.items:
        if key.text not in known.fields:
            problems.append(Problem("without_unknown", _where(gone), {"found": key.text[:80]}))
    return replace(known, fields=_kept(known, {key.text for key in gone.items}))
