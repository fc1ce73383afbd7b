"""Page objects of ranking and comparison, built from stored sheets: the same few queries for any number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from portal.core.exact import decimal_text
from portal.core.questionnaire.model import Questionnaire, indicators_of, is_scored, text_in
from portal.store.assessments import StoredSheet
from portal.store.carbon import FootprintRow
from portal.store.standings import Standing
from portal.web.staff.listing import Row

MOST = 5
LEAST = 2
DIFFERENCES = 12


@dataclass(frozen=True)
class Ranked:
    """One supplier in the ranking; `place` is shared by equal totals, None without a result."""

    place: int | None
    row: Row
    topics: tuple[str | None, ...]


@dataclass(frozen=True)
class Cell:
    """One value in a comparison: text, the value for its bar (0..1 or 0..100), and whether it is the best."""

    text: str | None
    value: Decimal | None
    best: bool


@dataclass(frozen=True)
class Line:
    """One line of a comparison: what is compared, its weight, one cell per supplier."""

    code: str
    words: str
    weight: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class FootprintCell:
    """One product's footprint in kgCO2e per one declared unit, with its period and whether it was verified."""

    product: str
    value: str
    unit: str
    period: tuple[date, date]
    verified: bool
    primary_share: Decimal | None


@dataclass(frozen=True)
class FootprintLine:
    """Footprints of one material, one tuple of products per supplier."""

    material: str
    cells: tuple[tuple[FootprintCell, ...], ...]


@dataclass(frozen=True)
class Comparison:
    """Two to five suppliers side by side, each on one side of the score (`row.side`), named in words. `mixed_sets`: some were
    asked the short set only."""

    rows: tuple[Row, ...]
    topics: tuple[Line, ...]
    indicators: tuple[Line, ...]
    footprints: tuple[FootprintLine, ...]
    mixed: bool
    mixed_sets: bool


def ranked(rows: Sequence[Row], questionnaire: Questionnaire) -> list[Ranked]:
    """Rows by standing total, best first; equal totals share a place."""
    scored = sorted(
        (row for row in rows if row.standing is not None),
        key=lambda row: (-_total(row), row.name.casefold()),
    )
    found: list[Ranked] = []
    for number, row in enumerate(scored, 1):
        place = found[-1].place if found and _total(found[-1].row) == _total(row) else number
        found.append(Ranked(place, row, _topic_texts(row, questionnaire)))
    rest = sorted((row for row in rows if row.standing is None), key=lambda row: row.name.casefold())
    return found + [Ranked(None, row, _topic_texts(row, questionnaire)) for row in rest]


def comparison(
    standings: Sequence[Standing],
    rows: Sequence[Row],
    questionnaire: Questionnaire,
    footprints: Sequence[FootprintRow],
    locale: str,
) -> Comparison:
    """Suppliers side by side. `rows` belong to `standings`, in the same order; all have a result."""
    sheets = [_sheet(standing) for standing in standings]
    return Comparison(
        rows=tuple(rows),
        topics=tuple(_topic_lines(sheets, questionnaire, locale)),
        indicators=tuple(_differences(sheets, questionnaire, locale)),
        footprints=tuple(_footprint_lines(footprints, [row.supplier_id for row in rows])),
        mixed=len({row.side for row in rows}) > 1,
        mixed_sets=len({row.short for row in rows}) > 1,
    )


def _total(row: Row) -> Decimal:
    return row.standing.total if row.standing else Decimal(0)


def _topic_texts(row: Row, questionnaire: Questionnaire) -> tuple[str | None, ...]:
    topics: Mapping[str, Decimal | None] = row.standing.topics if row.standing else {}
    values = (topics.get(topic.code) for topic in questionnaire.topics)
    return tuple(None if value is None else _rounded(value) for value in values)


def _rounded(value: Decimal) -> str:
    return str(value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def _sheet(standing: Standing) -> StoredSheet:
    found = standing.verified or standing.declared
    if found is None:
        raise ValueError("only suppliers with a result are compared")
    return found


def _topic_lines(sheets: Sequence[StoredSheet], questionnaire: Questionnaire, locale: str) -> list[Line]:
    return [
        Line(
            topic.code,
            text_in(topic.name, locale),
            topic.weight,
            _cells(
                [_decimal(sheet.content["topics"].get(topic.code, {}).get("score")) for sheet in sheets], 1
            ),
        )
        for topic in questionnaire.topics
    ]


def _differences(sheets: Sequence[StoredSheet], questionnaire: Questionnaire, locale: str) -> list[Line]:
    """The indicators whose points lie furthest apart, weighted; the heaviest first."""
    weights = {i.code: topic.weight * i.weight for topic in questionnaire.topics for i in topic.indicators}
    found: list[tuple[Decimal, Line]] = []
    for indicator in indicators_of(questionnaire):
        if not is_scored(indicator):
            continue
        given = [_decimal(_points(sheet, indicator.code)) for sheet in sheets]
        present = [value for value in given if value is not None]
        spread = max(present) - min(present) if len(present) > 1 else Decimal(0)
        if spread:
            words = text_in(indicator.subject, locale)
            line = Line(indicator.code, words, indicator.weight, _cells(given, 100))
            found.append((spread * weights[indicator.code], line))
    found.sort(key=lambda pair: -pair[0])
    return [line for _spread, line in found[:DIFFERENCES]]


def _points(sheet: StoredSheet, code: str) -> str | None:
    points: str | None = sheet.content["indicators"].get(code, {}).get("points")
    return points


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _cells(values: Sequence[Decimal | None], scale: int) -> tuple[Cell, ...]:
    present = [value for value in values if value is not None]
    best = max(present) if len(set(present)) > 1 else None
    return tuple(
        Cell(
            text=None if value is None else decimal_text(round(value, 2)),
            value=None if value is None else value * scale,
            best=value is not None and value == best,
        )
        for value in values
    )


def _footprint_lines(footprints: Sequence[FootprintRow], supplier_ids: Sequence[int]) -> list[FootprintLine]:
    materials = sorted({row.material for row in footprints})
    return [
        FootprintLine(
            material,
            tuple(
                tuple(
                    _footprint(row)
                    for row in footprints
                    if row.material == material and row.supplier_id == supplier_id
                )
                for supplier_id in supplier_ids
            ),
        )
        for material in materials
    ]


def _footprint(row: FootprintRow) -> FootprintCell:
    per_unit = row.pcf_kgco2e / row.declared_amount
    return FootprintCell(
        product=row.product_id,
        value=decimal_text(Decimal(format(per_unit, ".4g"))),
        unit=row.declared_unit,
        period=(row.period_start, row.period_end),
        verified=row.verified,
        primary_share=row.primary_data_share,
    )
