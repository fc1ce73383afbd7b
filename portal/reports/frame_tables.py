"""A year of the inventory and the target path as CSV and XLSX, every figure with its unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.language import N_, say
from portal.reports.columns import Column
from portal.reports.csv_out import csv_bytes
from portal.reports.xlsx_out import FactSheet, Sheet, xlsx_bytes


@dataclass(frozen=True)
class FigureRow:
    """One figure. `value` in `unit`; `low` and `high` are the 95 % interval of an estimate. `origin` is a msgid."""

    key: str
    name: str
    iso: str
    value: Decimal
    unit: str
    low: Decimal | None
    high: Decimal | None
    typed: str
    typed_unit: str
    origin: str
    source: str
    note: str
    file: str
    cell: str
    entered_by: str
    entered_on: date
    statements: str


@dataclass(frozen=True)
class ClassRow:
    """One class of ISO 14064-1, tCO2e; None where no figure is given."""

    number: int
    name: str
    parts: str
    total: Decimal | None


@dataclass(frozen=True)
class CheckRow:
    """A stated figure beside its parts, all in `unit`. `state` is a msgid."""

    name: str
    stated: Decimal
    computed: Decimal
    difference: Decimal
    explains: Decimal
    unit: str
    state: str
    missing: str


@dataclass(frozen=True)
class StatementRow:
    """A verification statement. `level` is a msgid."""

    covers: str
    standard: str
    level: str
    verifier: str
    number: str
    issued_on: date
    file: str


@dataclass(frozen=True)
class FrameExport:
    """One year of an inventory with everything about it."""

    title: str
    facts: tuple[tuple[str, str], ...]
    figures: tuple[FigureRow, ...]
    classes: tuple[ClassRow, ...]
    checks: tuple[CheckRow, ...]
    statements: tuple[StatementRow, ...]


@dataclass(frozen=True)
class PathRow:
    """One year of the target path: tCO2e, MWp and tCO2e per MWp; None where nothing is known or drawn."""

    year: int
    tonnes: Decimal | None
    produced: Decimal | None
    intensity: Decimal | None
    low: Decimal | None
    high: Decimal | None
    path: Decimal | None
    percent: Decimal | None
    with_commitments: Decimal | None
    with_what_if: Decimal | None


FIGURES = (
    Column("key", N_("Key"), lambda r: r.key, width=18),
    Column("name", N_("Item"), lambda r: r.name, width=44),
    Column("iso", N_("ISO 14064-1 class"), lambda r: r.iso, width=10),
    Column("value", N_("Value"), lambda r: r.value, "number", width=18),
    Column("unit", N_("Unit"), lambda r: r.unit, width=9),
    Column("low", N_("95 % interval from"), lambda r: r.low, "number", width=18),
    Column("high", N_("95 % interval to"), lambda r: r.high, "number", width=18),
    Column("typed", N_("As written"), lambda r: r.typed, width=16),
    Column("typed_unit", N_("Unit as written"), lambda r: r.typed_unit, width=10),
    Column("origin", N_("Origin"), lambda r: r.origin, "word", width=14),
    Column("source", N_("Source"), lambda r: r.source, width=40),
    Column("note", N_("Note"), lambda r: r.note, width=40),
    Column("file", N_("File"), lambda r: r.file, width=24),
    Column("cell", N_("Cell"), lambda r: r.cell, width=9),
    Column("entered_by", N_("Entered by"), lambda r: r.entered_by, width=20),
    Column("entered_on", N_("Entered on"), lambda r: r.entered_on, "date", width=12),
    Column("statements", N_("Verified by"), lambda r: r.statements, width=34),
)
CLASSES = (
    Column("number", N_("ISO 14064-1 class"), lambda r: r.number, "integer", width=10),
    Column("name", N_("Name"), lambda r: r.name, width=44),
    Column("parts", N_("Made up of"), lambda r: r.parts, width=70),
    Column("total", N_("Emissions"), lambda r: r.total, "number", "tCO₂e", 18),
)
CHECKS = (
    Column("name", N_("Stated figure"), lambda r: r.name, width=40),
    Column("stated", N_("Stated"), lambda r: r.stated, "number", width=18),
    Column("computed", N_("From its parts"), lambda r: r.computed, "number", width=18),
    Column("difference", N_("Difference"), lambda r: r.difference, "number", width=14),
    Column("explains", N_("Rounding explains"), lambda r: r.explains, "number", width=14),
    Column("unit", N_("Unit"), lambda r: r.unit, width=9),
    Column("state", N_("Result"), lambda r: r.state, "word", width=26),
    Column("missing", N_("Parts without a figure"), lambda r: r.missing, width=40),
)
STATEMENTS = (
    Column("covers", N_("What it covers"), lambda r: r.covers, width=24),
    Column("standard", N_("Standard"), lambda r: r.standard, width=28),
    Column("level", N_("Level of assurance"), lambda r: r.level, "word", width=22),
    Column("verifier", N_("Verified by"), lambda r: r.verifier, width=34),
    Column("number", N_("Number of the statement"), lambda r: r.number, width=24),
    Column("issued_on", N_("Date of the statement"), lambda r: r.issued_on, "date", width=14),
    Column("file", N_("File"), lambda r: r.file, width=28),
)
_PER_MW = "tCO₂e/MWp"
PATH = (
    Column("year", N_("Year"), lambda r: r.year, "integer", width=8),
    Column("tonnes", N_("Category 1"), lambda r: r.tonnes, "number", "tCO₂e", 18),
    Column("produced", N_("Production"), lambda r: r.produced, "number", "MWp", 14),
    Column("intensity", N_("Category 1 per MWp"), lambda r: r.intensity, "number", _PER_MW, 20),
    Column("low", N_("95 % interval from"), lambda r: r.low, "number", _PER_MW, 20),
    Column("high", N_("95 % interval to"), lambda r: r.high, "number", _PER_MW, 20),
    Column("path", N_("Target path"), lambda r: r.path, "number", _PER_MW, 20),
    Column("percent", N_("Above the path"), lambda r: r.percent, "percent", "%", 12),
    Column("commitments", N_("With agreed commitments"), lambda r: r.with_commitments, "number", _PER_MW, 22),
    Column(
        "what_if", N_("With commitments and the what-if"), lambda r: r.with_what_if, "number", _PER_MW, 22
    ),
)


def frame_csv(export: FrameExport, locale: str) -> bytes:
    """Every figure of the year as CSV."""
    return csv_bytes(FIGURES, export.figures, locale)


def frame_xlsx(export: FrameExport, author: str, made_at: datetime, locale: str) -> bytes:
    """The year as a workbook: about, figures, ISO classes, checks, statements."""
    sheets = (
        FactSheet(N_("About"), export.title, export.facts),
        Sheet(N_("Figures of the year"), FIGURES, export.figures, frozen=2),
        Sheet(N_("ISO 14064-1 classes"), CLASSES, export.classes, frozen=2),
        Sheet(N_("Stated totals"), CHECKS, export.checks),
        Sheet(N_("Verification statements"), STATEMENTS, export.statements),
    )
    return xlsx_bytes(export.title, author, made_at, sheets, locale)


def path_csv(rows: tuple[PathRow, ...], locale: str) -> bytes:
    """The target path by year as CSV."""
    return csv_bytes(PATH, rows, locale)


def path_xlsx(
    rows: tuple[PathRow, ...], facts: tuple[tuple[str, str], ...], author: str, made_at: datetime, locale: str
) -> bytes:
    """The target path as a workbook: what it says, then year by year."""
    title = say(locale, N_("Target path of category 1 per MWp"))
    sheets = (FactSheet(N_("About"), title, facts), Sheet(N_("Target path"), PATH, rows))
    return xlsx_bytes(title, author, made_at, sheets, locale)
