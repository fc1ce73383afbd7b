"""Footprints in a file of the supplier, as table or as PACT JSON: rows as they would be stored, problems, doubts."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from portal.core.carbon.details import Details, read_details, text_of
from portal.core.carbon.footprint_doubts import NOTHING_KNOWN, Context, all_doubts
from portal.core.carbon.footprint_rules import broken_rules, unknown_place
from portal.core.carbon.geography import COUNTRIES, canonical
from portal.core.carbon.pact_tree import Document
from portal.core.carbon.pcf import Footprint, read_footprint
from portal.core.errors import Invalid
from portal.core.finding import letters_of
from portal.core.problems import Problem
from portal.files.footprint_form import FOOTPRINTS
from portal.files.pact import read_pact
from portal.files.supplier_column import SUPPLIER, other_supplier
from portal.files.tabular import RawRow, locate, read_rows
from portal.operations.carbon_rows import Taken
from portal.operations.footprint_numbers import preceding_numbers

# What the database's columns hold; longer text is refused before it gets there.
LONGEST = {"footprint_id": 120, "product_id": 120, "material": 60, "geography": 60}


@dataclass(frozen=True)
class Known:
    """What the portal knows when it reads a supplier's file.

    `materials` are choices made on the page by row number; `usual` is the one material the supplier delivers, ""
    when there are several. `context` is what doubts are measured against. Without `today` nothing is ahead.
    `names` are the materials by every word for them (`material_name`); without any, each material is taken as it stands.
    `numbers` are the supplier's own footprint numbers by PACT number, so that a footprint handed on and brought back
    is known again; `company` is the supplier's name.
    """

    context: Context = NOTHING_KNOWN
    materials: Mapping[int, str] = field(default_factory=dict)
    usual: str = ""
    today: date | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    company: str = ""


@dataclass(frozen=True)
class FootprintFile:
    """What was read. With any of `problems` nothing can be taken over."""

    taken: tuple[Taken[Footprint], ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class _Given:
    """One footprint as given: single values and lists by column, and its PACT document where it has one."""

    row: RawRow
    lists: Mapping[str, tuple[str, ...]]
    document: Document | None = None


def read_footprint_file(
    data: bytes, name: str, *, supplier_code: str, known: Known | None = None
) -> FootprintFile:
    """Read CSV, XLSX or PACT JSON bytes; the name's ending decides. Never raises Invalid.

    Each problem's `where` is the address of its cell (B7) or its JSON pointer (/data/0/pcf/declaredUnitAmount).
    """
    known = known or Known()
    try:
        given, problems, notes = _json(data, name) if name.lower().endswith(".json") else _table(data, name)
    except Invalid as invalid:
        return FootprintFile((), invalid.problems, ())
    taken: list[Taken[Footprint]] = []
    seen: dict[str, str] = {}
    for one in given:
        read, wrong = _read(one, supplier_code, known)
        problems += [problem for problem in wrong if problem.values.get("column") not in one.row.refused]
        if read is None or one.row.refused or wrong:
            continue
        here = read.cells.get("footprint_id", str(one.row.number))
        # A PACT number is the same in capitals.
        same = read.about.lower() if one.document is not None else read.about
        if same in seen:
            problems.append(
                Problem("carbon_row_twice", here, {"found": read.about, "first": seen[same], "column": ""})
            )
        seen.setdefault(same, here)
        taken.append(read)
    problems += _precede_each_other(taken)
    unknown = [note for one in taken for note in _unknown_material(one)]
    others = _other_companies(taken, known.company)
    return FootprintFile(tuple(taken), tuple(problems), (*notes, *others, *unknown))


def _precede_each_other(taken: Sequence[Taken[Footprint]]) -> list[Problem]:
    """Footprints of a file that come before themselves, at once or over others: all would replace each other."""
    before = {
        one.document["/id"].text.lower(): preceding_numbers(one.details)
        for one in taken
        if one.document is not None
    }
    problems = []
    for one in taken:
        own = one.document["/id"].text.lower() if one.document is not None else ""
        reached, ahead = set[str](), [*before.get(own, ())]
        while ahead:
            number = ahead.pop()
            if number not in reached:
                reached.add(number)
                ahead += before.get(number, ())
        if own and own in reached:
            where = one.cells["preceding_ids"]
            problems.append(Problem("footprint_precedes_itself", where, {"found": own, "column": ""}))
    return problems


def _other_companies(taken: Sequence[Taken[Footprint]], company: str) -> list[Problem]:
    """A note for each name of a company in the file that is not the supplier's, at the first footprint that has it."""
    seen = {company_name(company), ""}
    notes = []
    for one in taken:
        found = text_of(one.details, "company_name")
        if company and company_name(found) not in seen:
            seen.add(company_name(found))
            values = {"found": found[:200], "company": company}
            notes.append(Problem("footprint_of_other_company", one.cells["company_name"], values))
    return notes


def company_name(words: str) -> str:
    """A company's name for comparing: width, case, blanks and marks make no other company."""
    return letters_of(words)


def material_name(words: str) -> str:
    """A material's key or name for comparing: width, case, blanks and underscores make no other material."""
    return "".join(unicodedata.normalize("NFKC", words).casefold().replace("_", " ").split())


def _unknown_material(one: Taken[Footprint]) -> list[Problem]:
    """A material that is on no list is asked for beside the product; the note says which cell it is about."""
    found = one.typed.get("material", "")
    if not found or "material" not in one.guessed:
        return []
    return [Problem("footprint_material_unknown", one.cells["material"], {"found": found[:80]})]


def read_one(values: Mapping[str, str], *, supplier_code: str, known: Known | None = None) -> list[Problem]:
    """Judge one footprint typed on a page; each problem's `where` is its field."""
    addresses = {column.key: column.key for column in FOOTPRINTS.columns}
    row = RawRow(1, {key: values.get(key, "") for key in addresses}, addresses)
    return _read(_Given(row, {}), supplier_code, known or Known())[1]


def _table(data: bytes, name: str) -> tuple[list[_Given], list[Problem], Sequence[Problem]]:
    raw = read_rows(data, name, (*FOOTPRINTS.columns, SUPPLIER))
    return [_Given(row, {}) for row in raw.rows], list(raw.problems), raw.notes


def _json(data: bytes, name: str) -> tuple[list[_Given], list[Problem], Sequence[Problem]]:
    pact = read_pact(data, name)
    given = [
        _Given(RawRow(number, row.values, row.addresses, row.refused), row.lists, row.document)
        for number, row in pact.rows
        if row.values
    ]
    return given, list(pact.problems), pact.notes


def _read(one: _Given, supplier_code: str, known: Known) -> tuple[Taken[Footprint] | None, list[Problem]]:
    values = {**one.row.values, "supplier_id": supplier_code}
    if one.document is not None:
        values["footprint_id"] = _own_number(values.get("footprint_id", ""), known)
    value, wrong = read_footprint(values)
    wrong += other_supplier(one.row, supplier_code)
    details, more = read_details({**values, **one.lists})
    wrong += more
    wrong += [
        Problem("carbon_text_too_long", column, {"column": column, "most": most})
        for column, most in LONGEST.items()
        if len(values.get(column, "")) > most
    ]
    guessed: frozenset[str] = frozenset()
    if value is not None:
        value, guessed = _with_material(value, one.row.number, known)
        if (country := canonical(value.geography)) in COUNTRIES:  # CHN and cn are CN
            value = replace(value, geography=country)
        if one.document is None:
            wrong += unknown_place(value)
        if not wrong:
            wrong = broken_rules(value, details, known.today)
    wrong = [locate(problem, one.row) for problem in wrong]
    if value is None or wrong:
        return None, wrong
    return _taken(one, value, details, guessed, known), []


def _own_number(number: str, known: Known) -> str:
    return known.numbers.get(number.lower(), number)


def _with_material(value: Footprint, number: int, known: Known) -> tuple[Footprint, frozenset[str]]:
    """The row's own material, else the one chosen on the page, else that of the last footprint of the product."""
    own = known.names.get(material_name(value.material), "") if known.names else value.material
    if own:
        return replace(value, material=own), frozenset()
    if number in known.materials:
        return replace(value, material=known.materials[number]), frozenset({"material"})
    before = known.context.previous.get(value.product_id)
    material = before.material if before and before.material else known.usual
    return replace(value, material=material), frozenset({"material"})


def _taken(
    one: _Given, value: Footprint, details: Details, guessed: frozenset[str], known: Known
) -> Taken[Footprint]:
    filled = {column: text for column, text in one.row.values.items() if text and column in one.row.addresses}
    typed = {**filled, **{column: "; ".join(items) for column, items in one.lists.items()}}
    if one.document is not None:
        typed |= _as_written(one, filled)
    return Taken(
        number=one.row.number,
        value=value,
        cells={column: one.row.addresses[column] for column in typed},
        typed=typed,
        doubts=tuple(locate(problem, one.row) for problem in all_doubts(value, details, known.context)),
        about=value.footprint_id,
        details=details,
        document=one.document,
        guessed=guessed,
    )


def _as_written(one: _Given, filled: Mapping[str, str]) -> dict[str, str]:
    """The text that stands in the document at each single value's place."""
    document = one.document or {}
    base = one.row.addresses["footprint_id"].removesuffix("/id")
    leaves = {column: document.get(one.row.addresses[column].removeprefix(base)) for column in filled}
    return {column: leaf.text for column, leaf in leaves.items() if leaf is not None and leaf.text}
