"""Page objects of one footprint, the same facts for both audiences: figure, PACT fields with their places, doubts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from portal.core.carbon.details import Details, Value, restored
from portal.core.carbon.pact_fields import FIELDS, GROUPS, NUMBERS, Field
from portal.core.carbon.pcf import last_valid_day
from portal.language import say
from portal.language.forms import show_date, show_number
from portal.language.pact_words import CHOICE_WORDS, FIELD_WORDS, GROUP_WORDS
from portal.operations.footprint_context import footprint_of
from portal.operations.footprint_export import missing_for_pact
from portal.store.carbon import FootprintRow
from portal.store.carbon_doubts import CarbonDoubt
from portal.web.doubt_lines import AnsweredDoubt, answered


@dataclass(frozen=True)
class DetailLine:
    """One further field in words; `place` is its cell or JSON pointer, `typed` the original where it differs."""

    words: str
    value: str
    place: str
    typed: str


@dataclass(frozen=True)
class DetailGroup:
    """Fields that belong together."""

    words: str
    lines: tuple[DetailLine, ...]


@dataclass(frozen=True)
class Neighbour:
    """Another footprint this one replaced or was replaced by."""

    id: int
    footprint_id: str


@dataclass(frozen=True)
class FootprintRecord:
    """One stored footprint: kgCO2e per `amount` of `unit`, with file and place, everything it says, and its doubts."""

    id: int
    footprint_id: str
    product_id: str
    material: str
    pcf: Decimal
    place: str
    typed: str
    amount: Decimal
    unit: str
    period_start: date
    period_end: date
    valid_until: date
    ended: bool
    share: Decimal | None
    verified: bool
    geography: str
    upload_id: int
    file: str
    typed_on_page: bool
    accepted_by: str
    accepted_at: datetime
    replaced_at: datetime | None
    replaced_by: Neighbour | None
    replaces: tuple[Neighbour, ...]
    groups: tuple[DetailGroup, ...]
    doubts: tuple[AnsweredDoubt, ...] = ()
    missing: tuple[str, ...] = field(default=())


def detail_groups(
    details: Details, cells: Mapping[str, str], typed: Mapping[str, str], locale: str
) -> tuple[DetailGroup, ...]:
    """Every further field that is stated, group by group."""
    groups = []
    for name in GROUPS:
        lines = tuple(
            _line(one, details.values[one.key], cells, typed, locale)
            for one in FIELDS
            if one.group == name and one.key in details.values
        )
        if lines:
            groups.append(DetailGroup(say(locale, GROUP_WORDS[name]), lines))
    return tuple(groups)


def _line(
    one: Field, value: Value, cells: Mapping[str, str], typed: Mapping[str, str], locale: str
) -> DetailLine:
    shown = _shown(one, value, locale)
    given = typed.get(one.key, "")
    differs = one.kind == "day" and given and given != value
    return DetailLine(
        say(locale, FIELD_WORDS[one.key]), shown, cells.get(one.key, ""), given if differs else ""
    )


def _shown(one: Field, value: Value, locale: str) -> str:
    if isinstance(value, tuple):
        return "\n".join(value)
    if one.kind in NUMBERS:
        return show_number(Decimal(value), locale)
    if one.kind == "day":
        return show_date(date.fromisoformat(value), locale)
    return say(locale, CHOICE_WORDS[value]) if value in CHOICE_WORDS else value


def footprint_record(
    row: FootprintRow,
    doubts: list[CarbonDoubt],
    *,
    replaced_by: FootprintRow | None,
    replaces: list[FootprintRow],
    locale: str,
    today: date,
) -> FootprintRecord:
    """A stored footprint for its page."""
    until = last_valid_day(footprint_of(row))
    typed_on_page = row.upload.origin == "form"
    # The small table kept of what was typed is ours: nobody has seen its cells.
    cells = {} if typed_on_page else row.cells
    return FootprintRecord(
        id=row.id,
        footprint_id=row.footprint_id,
        product_id=row.product_id,
        material=row.material,
        pcf=row.pcf_kgco2e,
        place=cells.get("pcf_kgco2e", ""),
        typed=row.typed.get("pcf_kgco2e", ""),
        amount=row.declared_amount,
        unit=row.declared_unit,
        period_start=row.period_start,
        period_end=row.period_end,
        valid_until=until,
        ended=until < today,
        share=row.primary_data_share,
        verified=row.verified,
        geography=row.geography,
        upload_id=row.upload_id,
        file=row.upload.name,
        typed_on_page=typed_on_page,
        accepted_by=row.accepted_by.name,
        accepted_at=row.accepted_at,
        replaced_at=row.replaced_at,
        replaced_by=Neighbour(replaced_by.id, replaced_by.footprint_id) if replaced_by else None,
        replaces=tuple(Neighbour(one.id, one.footprint_id) for one in replaces),
        groups=detail_groups(restored(row.details or {}), cells, row.typed, locale),
        doubts=answered(doubts),
        missing=tuple(say(locale, FIELD_WORDS[key]) for key in missing_for_pact(row)),
    )
