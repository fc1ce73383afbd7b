"""A JSON file with PACT footprints: one, a list of them, or the listing {"data": [...]} of the PACT interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.core.carbon.pact import PactRow, read_pact_row
from portal.core.carbon.pact_tree import ARRAY, NULL, OBJECT, Document, Leaf, items
from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files.boxes import ask_child
from portal.files.uploads import LIMIT, judge_upload

CHILD = Path(__file__).with_name("json_child.py")
LIMITS = {
    "input": LIMIT,
    "depth": 24,
    "values": 400_000,
    "text": 20_000,
    "digits": 60,
    "problems": 200,
    "memory": 768 * 1024 * 1024,
    "seconds": 15,
    "output": 128 * 1024 * 1024,
}
MOST_FOOTPRINTS = 5_000


@dataclass(frozen=True)
class PactRows:
    """The footprints of a file, each with its number (from 1). `problems` hinder acceptance, `notes` do not."""

    rows: tuple[tuple[int, PactRow], ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def read_json(data: bytes, name: str, limits: Mapping[str, int] = LIMITS) -> tuple[Document, list[Problem]]:
    """Every value of a JSON file by its pointer, and what is wrong with the file as JSON; read in the box.

    Raises Invalid (json_too_heavy, json_damaged, upload_*) where there is no answer at all.
    Codes: json_not_utf8, json_broken (line, column), json_too_deep, json_too_many_values, json_text_too_long,
    json_text_unsound, json_number_too_long, json_key_twice, json_not_a_number.
    """
    upload = judge_upload(name, data, allowed=frozenset({"json"}))
    answer = ask_child(CHILD, data, limits, upload.name, heavy="json_too_heavy", damaged="json_damaged")
    problems = [Problem(p["code"], p["where"] or upload.name, p["values"]) for p in answer["problems"]]
    return {pointer: Leaf(kind, text) for pointer, kind, text in answer["leaves"]}, problems


def read_pact(data: bytes, name: str) -> PactRows:
    """All footprints of a PACT file with every problem of its form, at its pointer; never raises."""
    try:
        document, problems = read_json(data, name)
    except Invalid as invalid:
        return PactRows((), invalid.problems, ())
    if not document:
        return PactRows((), tuple(problems), ())
    bases, trouble = _footprints(document, name)
    if trouble:
        return PactRows((), (*problems, trouble), ())
    reported = {problem.where for problem in problems}
    rows: list[tuple[int, PactRow]] = []
    notes: list[Problem] = []
    for number, (base, part) in enumerate(_parts(document, bases).items(), start=1):
        row = read_pact_row(part, base)
        problems += [problem for problem in row.problems if problem.where not in reported]
        notes += row.notes
        rows.append((number, row))
    return PactRows(tuple(rows), tuple(problems), tuple(notes))


def _footprints(document: Document, name: str) -> tuple[list[str], Problem | None]:
    """Where the footprints stand: {"data": [...]}, {"data": {...}}, a list, or the whole file."""
    top = "/data" if "/data" in document else ""
    kind = document.get(top, Leaf(NULL)).kind
    if kind == ARRAY:
        bases = items(document, top)
        if not bases:
            return [], Problem("pact_list_empty", top or name)
        if len(bases) > MOST_FOOTPRINTS:
            return [], Problem("pact_too_many", top or name, {"limit": MOST_FOOTPRINTS})
        return bases, None
    if kind == OBJECT and (top or "/pcf" in document or "/specVersion" in document):
        return [top], None
    return [], Problem("pact_no_footprint", name)


def _parts(document: Document, bases: list[str]) -> Mapping[str, Document]:
    """The document cut into its footprints, each with pointers of its own; one pass, whatever their number."""
    parts: dict[str, dict[str, Leaf]] = {base: {} for base in bases}
    depth = bases[0].count("/")
    for pointer, leaf in document.items():
        base = "/".join(pointer.split("/", depth + 1)[: depth + 1])
        if base in parts:
            parts[base][pointer[len(base) :]] = leaf
    return parts
