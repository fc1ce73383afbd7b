"""Page objects of the carbon register: figures with the file and cell each was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.carbon.details import text_of
from portal.core.carbon.footprint_rules import RULE_CODES
from portal.core.carbon.inventory import SCOPE3_COLUMNS
from portal.core.carbon.inventory_record import InventoryRecord, same_inventory
from portal.core.carbon.pcf import Footprint, last_valid_day
from portal.core.problems import Problem
from portal.operations.carbon_reading import CarbonFile, Taken
from portal.operations.carbon_rows import doubts_in
from portal.operations.doubts import replies_before
from portal.operations.footprint_context import footprint_of
from portal.operations.footprint_export import missing_for_pact
from portal.operations.footprint_numbers import pact_number, preceding_numbers
from portal.store.carbon import (
    CarbonUpload,
    FootprintRow,
    InventoryRow,
    footprints_in_force,
    footprints_replaced,
    inventories_in_force,
    standing_of,
    uploads_of,
)
from portal.store.carbon_doubts import CarbonDoubt, doubts_about
from portal.web.doubt_lines import AnsweredDoubt, AskedDoubt, answered, asked
from portal.web.footprint_lines import DetailGroup, detail_groups


@dataclass(frozen=True)
class Figure:
    """One number with the cell it was read from and the text that stood there; None where nothing was given."""

    value: Decimal | None
    cell: str
    typed: str


@dataclass(frozen=True)
class Source:
    """The file a row came from."""

    upload_id: int
    name: str
    day: datetime


@dataclass(frozen=True)
class FootprintLine:
    """One footprint: kgCO2e per `amount` of `unit`. `before` is the figure it replaces, in a preview only.

    `id` is that of the stored row, 0 in a preview; `guessed` when the material may be chosen on the page; `beside`
    are the numbers of other footprints of the product that stay in force, `precedes` of those named as coming before
    this one, which it replaces.
    """

    footprint_id: str
    product_id: str
    material: str
    amount: Decimal
    unit: str
    pcf: Figure
    period_start: date
    period_end: date
    valid_until: date
    ended: bool
    share: Decimal | None
    verified: bool
    geography: str
    row: int
    source: Source | None = None
    before: Decimal | None = None
    id: int = 0
    guessed: bool = False
    deprecated: bool = False
    beside: tuple[str, ...] = ()
    precedes: tuple[str, ...] = ()
    groups: tuple[DetailGroup, ...] = ()
    doubts: tuple[AnsweredDoubt, ...] = ()


@dataclass(frozen=True)
class InventoryLine:
    """One company inventory, figures in tCO2e; `categories` pairs the scope 3 category with its figure."""

    year: int
    scope1: Figure
    market: Figure
    location: Figure
    upstream: Figure
    categories: tuple[tuple[int, Figure], ...]
    output: Figure
    output_unit: str
    revenue: Figure
    currency: str
    verified: bool
    row: int
    source: Source | None = None
    before: Decimal | None = None
    replaces: bool = False


@dataclass(frozen=True)
class RegisterPage:
    """What is in force, what was replaced and is kept, and every file that came in."""

    footprints: tuple[FootprintLine, ...]
    replaced: tuple[FootprintLine, ...]
    inventories: tuple[InventoryLine, ...]
    uploads: tuple[CarbonUpload, ...]
    lacking: int = 0

    @property
    def waiting(self) -> int:
        return sum(1 for upload in self.uploads if standing_of(upload) == "waiting")


@dataclass(frozen=True)
class PreviewPage:
    """One file before it is taken over: every problem by its layer, every doubt, every row as it would be stored."""

    upload: CarbonUpload
    form_problems: tuple[Problem, ...]
    rule_problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    doubts: tuple[AskedDoubt, ...]
    footprints: tuple[FootprintLine, ...]
    inventories: tuple[InventoryLine, ...]

    @property
    def problems(self) -> int:
        return len(self.form_problems) + len(self.rule_problems)

    @property
    def missing_replies(self) -> bool:
        return any(doubt.wrong for doubt in self.doubts)

    @property
    def count(self) -> int:
        return len(self.footprints) + len(self.inventories)

    @property
    def can_accept(self) -> bool:
        return self.upload.state == "waiting" and not self.problems and self.count > 0


def register_page(session: Session, supplier_id: int, today: date) -> RegisterPage:
    """The register of a supplier. Six queries."""
    rows = footprints_in_force(session, supplier_id)
    older = footprints_replaced(session, supplier_id)
    doubts = doubts_about(session, "footprint", [row.id for row in (*rows, *older)], supplier_id)
    return RegisterPage(
        tuple(_stored_footprint(row, today, doubts.get(row.id, [])) for row in rows),
        tuple(_stored_footprint(row, today, doubts.get(row.id, [])) for row in older),
        tuple(_stored_inventory(row) for row in inventories_in_force(session, supplier_id)),
        tuple(uploads_of(session, supplier_id)),
        sum(1 for row in rows if missing_for_pact(row)),
    )


@dataclass(frozen=True)
class Answers:
    """What a person wrote below a preview: replies by the key of the doubt, and what is missing in them."""

    replies: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def preview_page(
    session: Session, upload: CarbonUpload, found: CarbonFile, today: date, locale: str, answers: Answers
) -> PreviewPage:
    """One file as read, beside what it would replace."""
    footprints = {row.footprint_id: row for row in footprints_in_force(session, upload.supplier_id)}
    inventories = inventories_in_force(session, upload.supplier_id)
    waiting = upload.state == "waiting"
    subject = "footprint" if upload.kind == "footprints" else "inventory"
    doubts = doubts_in([*found.footprints, *found.inventories]) if waiting else []
    return PreviewPage(
        upload=upload,
        form_problems=tuple(p for p in found.problems if p.code not in RULE_CODES),
        rule_problems=tuple(p for p in found.problems if p.code in RULE_CODES),
        notes=found.notes,
        doubts=asked(
            doubts,
            answers.replies,
            answers.problems,
            replies_before(session, upload.supplier_id, subject, doubts),
        ),
        footprints=tuple(
            _read_footprint(_without_cells(taken, upload), footprints, today, locale)
            for taken in found.footprints
        ),
        inventories=tuple(_read_inventory(taken, inventories) for taken in found.inventories),
    )


def _without_cells(taken: Taken[Footprint], upload: CarbonUpload) -> Taken[Footprint]:
    """What was typed on the page has no cells anybody has seen; the small table we keep is ours."""
    return replace(taken, cells={}) if upload.origin == "form" else taken


def _read_footprint(
    taken: Taken[Footprint], stored: Mapping[str, FootprintRow], today: date, locale: str
) -> FootprintLine:
    value = taken.value
    before = stored.get(value.footprint_id)
    preceding = preceding_numbers(taken.details)
    until = last_valid_day(value)
    return FootprintLine(
        footprint_id=value.footprint_id,
        product_id=value.product_id,
        material=value.material,
        amount=value.declared_amount,
        unit=value.declared_unit,
        pcf=_figure(value.pcf_kgco2e, "pcf_kgco2e", taken.cells, taken.typed),
        period_start=value.period_start,
        period_end=value.period_end,
        valid_until=until,
        ended=until < today,
        share=value.primary_data_share,
        verified=value.verified,
        geography=value.geography,
        row=taken.number,
        before=before.pcf_kgco2e if before else None,
        precedes=tuple(
            row.footprint_id
            for row in stored.values()
            if preceding and row.footprint_id != value.footprint_id and pact_number(row) in preceding
        ),
        guessed="material" in taken.guessed,
        deprecated=text_of(taken.details, "status") == "Deprecated",
        beside=tuple(
            row.footprint_id
            for row in stored.values()
            if row.product_id == value.product_id
            and row.footprint_id != value.footprint_id
            and pact_number(row) not in preceding
        ),
        groups=detail_groups(taken.details, taken.cells, taken.typed, locale),
    )


def _stored_footprint(row: FootprintRow, today: date, doubts: list[CarbonDoubt]) -> FootprintLine:
    until = last_valid_day(footprint_of(row))
    return FootprintLine(
        footprint_id=row.footprint_id,
        product_id=row.product_id,
        material=row.material,
        amount=row.declared_amount,
        unit=row.declared_unit,
        pcf=_figure(
            row.pcf_kgco2e, "pcf_kgco2e", {} if row.upload.origin == "form" else row.cells, row.typed
        ),
        period_start=row.period_start,
        period_end=row.period_end,
        valid_until=until,
        ended=until < today,
        share=row.primary_data_share,
        verified=row.verified,
        geography=row.geography,
        row=0,
        source=Source(row.upload_id, row.upload.name, row.accepted_at),
        id=row.id,
        doubts=answered(doubts),
    )


def _read_inventory(taken: Taken[InventoryRecord], stored: Sequence[InventoryRow]) -> InventoryLine:
    value, cells, typed = taken.value.figures, taken.cells, taken.typed
    before = next(
        (
            row
            for row in stored
            if row.year == value.year and same_inventory(row.boundary, taken.value.boundary)
        ),
        None,
    )
    return InventoryLine(
        year=value.year,
        scope1=_figure(value.scope1, "scope1_tco2e", cells, typed),
        market=_figure(value.scope2_market, "scope2_market_tco2e", cells, typed),
        location=_figure(value.scope2_location, "scope2_location_tco2e", cells, typed),
        upstream=_figure(value.scope3_upstream, "scope3_upstream_tco2e", cells, typed),
        categories=_categories(value.scope3, cells, typed),
        output=_figure(value.output_quantity, "output_quantity", cells, typed),
        output_unit=value.output_unit,
        revenue=_figure(value.revenue, "revenue", cells, typed),
        currency=value.currency,
        verified=value.verified,
        row=taken.number,
        before=before.scope1_tco2e if before else None,
        replaces=before is not None,
    )


def _stored_inventory(row: InventoryRow) -> InventoryLine:
    cells, typed = row.cells, row.typed
    scope3 = {int(category): Decimal(tonnes) for category, tonnes in row.scope3.items()}
    return InventoryLine(
        year=row.year,
        scope1=_figure(row.scope1_tco2e, "scope1_tco2e", cells, typed),
        market=_figure(row.scope2_market_tco2e, "scope2_market_tco2e", cells, typed),
        location=_figure(row.scope2_location_tco2e, "scope2_location_tco2e", cells, typed),
        upstream=_figure(row.scope3_upstream_tco2e, "scope3_upstream_tco2e", cells, typed),
        categories=_categories(scope3, cells, typed),
        output=_figure(row.output_quantity, "output_quantity", cells, typed),
        output_unit=row.output_unit,
        revenue=_figure(row.revenue, "revenue", cells, typed),
        currency=row.currency,
        verified=row.verified,
        row=0,
        source=Source(row.upload.id, row.upload.name, row.accepted_at) if row.upload else None,
    )


def _categories(
    scope3: Mapping[int, Decimal], cells: Mapping[str, str], typed: Mapping[str, str]
) -> tuple[tuple[int, Figure], ...]:
    return tuple(
        (number, _figure(scope3[number], column, cells, typed))
        for number, column in enumerate(SCOPE3_COLUMNS, start=1)
        if number in scope3
    )


def _figure(value: Decimal | None, column: str, cells: Mapping[str, str], typed: Mapping[str, str]) -> Figure:
    return Figure(value, cells.get(column, ""), typed.get(column, ""))
