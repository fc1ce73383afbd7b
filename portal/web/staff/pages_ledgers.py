"""What the check of a ledger found, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.core.ledger.mapping import from_json
from portal.core.problems import Problem
from portal.core.questionnaire.unit_words import unit_choice
from portal.files.ledger_plain import UNREADABLE
from portal.files.ledger_rules import product_units
from portal.language import N_, say
from portal.language.forms import show_number
from portal.language.sentences import sentence
from portal.operations.factor_library import materials
from portal.operations.ledger_intake import check_of
from portal.store.ledgers import LedgerIntake
from portal.store.suppliers import Supplier
from portal.web.staff.pages_estimates import in_place
from portal.web.staff.pages_ledger_columns import FIELD_WORDS
from portal.web.words import material_word

SHOWN_PROBLEMS = 200
SHOWN_WORDS = 200
# Below this share of words in common a proposal is offered but not filled in.
FILLED_FROM = 0.6

KIND_WORDS = {
    "supplier": (
        N_("Suppliers not on our list under this text"),
        N_("Supplier code"),
        N_(
            "Give the supplier each text means; it is remembered for the next file. What stays open keeps the file's text and finds no figures of a supplier."
        ),
    ),
    "material": (
        N_("Materials not on our list under this text"),
        N_("Our material"),
        N_(
            "Give the material each text means; it is remembered for the next file. What stays open finds no factor of a material."
        ),
    ),
    "unit": (
        N_("Units we do not know"),
        N_("Unit"),
        N_("Give each its unit, and how many of that unit one is (a pallet of 31 pieces: piece, 31)."),
    ),
    "currency": (
        N_("Currencies we do not know"),
        N_("Currency"),
        N_("Give each its code of three letters."),
    ),
    "country": (
        N_("Countries we do not know"),
        N_("Country"),
        N_("Give each its code of two letters."),
    ),
}
NEARNESS = {
    "name": N_("same name"),
    "similar": N_("{percent} % of the words in common"),
    "": N_("nothing similar found"),
}
HOW_WORDS = {
    "exact": N_("as on our list"),
    "remembered": N_("confirmed earlier"),
    "known": N_("well-known word"),
}


@dataclass(frozen=True)
class OpenWord:
    """A text nobody gave a meaning yet, with what it may be and how near that comes."""

    written: str
    lines: int
    filled: str
    nearness: str


@dataclass(frozen=True)
class WordGroup:
    """The texts of one kind: those `open` to confirm, how many more there are, and those `read` (text, meaning, how, lines)."""

    kind: str
    title: str
    label: str
    hint: str
    open: tuple[OpenWord, ...]
    more: int
    read: tuple[tuple[str, str, str, int], ...]


@dataclass(frozen=True)
class Row:
    """A problem at its place: row, our field and the file's column, what was found, what is wrong."""

    row: str
    column: str
    found: str
    said: str


@dataclass(frozen=True)
class CheckPage:
    """What the check found; `ready` when nothing stands in the way of accepting. `choices` are lists for inputs by kind.

    `preview` has rows of the file with, for each of `shown_columns`, what was read (None: unreadable) and what was written.
    """

    lines: int
    problems: int
    rows: tuple[Row, ...]
    years: Mapping[str, int]
    totals: tuple[tuple[str, str, str], ...]
    duplicates: int
    duplicate_rows: Sequence[Mapping[str, Any]]
    decided: str
    credits: Mapping[str, Any]
    zeros: int
    groups: tuple[WordGroup, ...]
    choices: Mapping[str, tuple[tuple[str, str], ...]]
    units: Sequence[tuple[str, str]]
    preview: Sequence[tuple[int, Sequence[tuple[str | None, str]]]]
    shown_columns: tuple[str, ...]
    as_it_is: bool
    ready: bool


def check_page(session: Session, intake: LedgerIntake, locale: str) -> CheckPage:
    """The page object of a checked file."""
    checked = check_of(intake) or {}
    read = intake.reading or {"header": []}
    mapping = from_json(intake.mapping or {})
    names = {f: read["header"][place] for f, place in mapping.columns.items()}
    duplicates = checked["duplicates"]
    used = [f for f in LEDGER_COLUMNS if f in mapping.columns or f in mapping.fixed]
    if mapping.number_lines:
        used = ["line_id", *used]
    places = {f: LEDGER_COLUMNS.index(f) for f in used}
    return CheckPage(
        lines=checked["lines"],
        problems=checked["problems"],
        rows=tuple(_row(p, names, locale) for p in checked["listed"][:SHOWN_PROBLEMS]),
        years=checked["years"],
        totals=tuple(
            (say(locale, FIELD_WORDS[amount]), show_number(Decimal(value), locale), word)
            for amount in ("spend", "quantity")
            for word, value in checked[amount].items()
        ),
        duplicates=duplicates,
        duplicate_rows=checked["duplicate_examples"],
        decided=mapping.duplicates,
        credits=checked["credits"],
        zeros=checked.get("zeros", 0),
        groups=tuple(g for kind in KIND_WORDS if (g := _group(kind, checked["words"][kind], locale))),
        choices=_choices(session, locale),
        units=[(unit, unit_choice(unit, locale)) for unit in product_units()],
        preview=[_previewed(row, places, locale) for row in checked["preview"]],
        shown_columns=tuple(say(locale, FIELD_WORDS[f]) for f in places),
        as_it_is=checked.get("as_it_is", False),
        ready=not checked["problems"]
        and checked["lines"] > 0
        and not (duplicates and not mapping.duplicates),
    )


def _row(stored: Mapping[str, Any], names: Mapping[str, str], locale: str) -> Row:
    problem = Problem(stored["code"], stored["where"], stored["values"])
    parts = problem.where.rsplit(":", 2)
    field = parts[-1] if parts[-1] in FIELD_WORDS else ""
    row = parts[-2] if field and len(parts) > 2 else parts[-1] if len(parts) > 1 else ""
    column = say(locale, FIELD_WORDS[field]) if field else ""
    if field in names and names[field] != field:
        column = f"{names[field]} ({column})"
    found = str(problem.values.get("found", ""))
    if not field:
        return Row(row, column, found, in_place(locale, problem))
    # row and column stand beside the sentence; here it begins with our word for the column
    return Row(row, column, found, sentence(locale, replace(problem, where=say(locale, FIELD_WORDS[field]))))


def _previewed(
    row: Mapping[str, Any], places: Mapping[str, int], locale: str
) -> tuple[int, Sequence[tuple[str | None, str]]]:
    cells: list[tuple[str | None, str]] = []
    for field, place in places.items():
        read, written = row["plain"][place], row["told"][place]
        if read == UNREADABLE or (field == "date" and read and not _is_a_day(read)):
            cells.append((None, written))
        else:
            cells.append((material_word(locale, read) if field == "material" and read else read, written))
    return row["row"], cells


def _is_a_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _group(kind: str, words: Sequence[Mapping[str, Any]], locale: str) -> WordGroup | None:
    title, label, hint = KIND_WORDS[kind]
    if not words:
        return None
    still = [w for w in words if w["how"] == "open"]
    return WordGroup(
        kind=kind,
        title=say(locale, title),
        label=say(locale, label),
        hint=say(locale, hint),
        open=tuple(
            OpenWord(
                w["written"],
                w["lines"],
                w["proposal"] if w["nearness"] == "name" or w["share"] >= FILLED_FROM else "",
                _nearness(kind, w, locale),
            )
            for w in still[:SHOWN_WORDS]
        ),
        more=max(len(still) - SHOWN_WORDS, 0),
        read=tuple(
            (
                w["written"],
                _meaning(kind, w["value"], locale) if w["times"] == "1" else f"{w['times']} {w['value']}",
                say(locale, HOW_WORDS[w["how"]]),
                w["lines"],
            )
            for w in words
            if w["how"] != "open"
        )[:SHOWN_WORDS],
    )


def _meaning(kind: str, value: str, locale: str) -> str:
    return f"{material_word(locale, value)} ({value})" if kind == "material" and value else value


def _nearness(kind: str, word: Mapping[str, Any], locale: str) -> str:
    said = say(locale, NEARNESS[word["nearness"]], percent=round(100 * word["share"]))
    return f"{_meaning(kind, word['proposal'], locale)} · {said}" if word["proposal"] else said


def _choices(session: Session, locale: str) -> dict[str, tuple[tuple[str, str], ...]]:
    suppliers = session.scalars(select(Supplier).order_by(Supplier.code))
    return {
        "supplier": tuple(
            (row.code, row.name_zh if locale == "zh" and row.name_zh else row.name) for row in suppliers
        ),
        "material": tuple((m.key, m.name_zh if locale == "zh" else m.name_en) for m in materials(session)),
    }
