"""A year of the inventory in the form the reports write."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.carbon.frame import PARTS
from portal.language import N_, say
from portal.reports.frame_tables import CheckRow, ClassRow, FigureRow, FrameExport, StatementRow
from portal.store.frame import Frame, FrameStatement
from portal.web.context import zone
from portal.web.forms.footprint import COVER_WORDS, LEVEL_WORDS
from portal.web.staff.pages_frame import STATE_WORDS, TEXT_UNITS, Line, YearPage, year_page

ORIGIN_WORDS = {
    "typed": N_("Typed"),
    "imported": N_("From a file"),
    "estimate": N_("From an estimate"),
}


def export_of(session: Session, frame: Frame, locale: str) -> FrameExport:
    """Everything of a year: figures with their units, classes, checks, statements."""
    page = year_page(session, frame, locale)
    given = [line for line in (*page.lines, *page.others) if line.figure]
    return FrameExport(
        title=title_of(frame, locale),
        facts=_facts(page, locale),
        figures=tuple(_figure(line) for line in given),
        classes=tuple(ClassRow(c.number, c.words, c.arithmetic, c.total) for c in page.classes),
        checks=tuple(
            CheckRow(
                name=line.words,
                stated=line.check.stated,
                computed=line.check.computed,
                difference=line.check.difference,
                explains=line.check.explains,
                unit=line.unit,
                state=STATE_WORDS[line.check.state],
                missing=line.missing,
            )
            for line in page.checks
        ),
        statements=tuple(_statement(row, locale) for row in page.statements),
    )


def title_of(frame: Frame, locale: str) -> str:
    """The heading of a year."""
    if frame.is_own:
        return say(locale, N_("Greenhouse gas inventory {year}"), year=frame.year)
    return say(locale, N_("Published example: {subject}, {year}"), subject=frame.subject, year=frame.year)


def _facts(page: YearPage, locale: str) -> tuple[tuple[str, str], ...]:
    facts = [(name, f"{sum_} = {total:f} tCO₂e") for name, sum_, total in page.sums]
    if page.frame.source:
        facts.insert(0, (N_("Source"), page.frame.source))
    if page.missing:
        facts.append((N_("Without a figure"), page.missing))
    return tuple(facts)


def _figure(line: Line) -> FigureRow:
    figure = line.figure
    assert figure is not None
    low, high = line.interval or (None, None)
    return FigureRow(
        key=line.item,
        name=line.words,
        iso=str(line.iso) if line.item in PARTS else "",
        value=figure.value if figure.value is not None else Decimal(0),
        unit=TEXT_UNITS.get(line.item, "tCO₂e"),
        low=low,
        high=high,
        typed=figure.typed,
        typed_unit=figure.unit,
        origin=ORIGIN_WORDS[figure.origin],
        source=figure.source,
        note=figure.note,
        file=figure.file.name if figure.file else "",
        cell=figure.cell,
        entered_by=figure.entered_by.name,
        entered_on=figure.entered_at.astimezone(zone()).date(),
        statements="; ".join(f"{s.verifier}, {s.standard}" for s in line.verified),
    )


def _statement(row: FrameStatement, locale: str) -> StatementRow:
    return StatementRow(
        covers=", ".join(say(locale, COVER_WORDS[key]) for key in row.covers),
        standard=row.standard,
        level=LEVEL_WORDS[row.level],
        verifier=row.verifier,
        number=row.number,
        issued_on=row.issued_on,
        file=row.file_name,
    )
