"""The scorecard of one supplier: what it scored, why, and what was agreed. Holds nobody else's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal


@dataclass(frozen=True)
class Result:
    """Total on 0..100 with its grade."""

    total: Decimal
    grade: str


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator. `state` as in the score sheet; points 0..1, None where nothing is scored; `reason` in words.

    `verified` is None where nothing is verified; `reviewer_words` is the reason in words of the verified points,
    where they differ.
    """

    code: str
    subject: str
    answer: str
    state: str
    weight: int
    declared: Decimal | None
    verified: Decimal | None
    reason: str
    reviewer_words: str = ""
    red_flag: bool = False


@dataclass(frozen=True)
class TopicPart:
    """One topic with its indicators. Scores on 0..100, None when it drops out; `weight` of 100, in per cent."""

    code: str
    name: str
    weight: Decimal
    declared: Decimal | None
    verified: Decimal | None
    indicators: tuple[IndicatorLine, ...]


@dataclass(frozen=True)
class RedFlag:
    """One red flag with its reason in words."""

    code: str
    subject: str
    reason: str
    closed: bool


@dataclass(frozen=True)
class CommitmentPart:
    """One commitment. `state` is a msgid; effects are points of the total and tCO2e a year."""

    code: str
    action: str
    owner: str
    due_on: date | None
    state: str
    overdue: bool = False
    effect_points: Decimal | None = None
    effect_tco2e: Decimal | None = None


@dataclass(frozen=True)
class FootprintPart:
    """One product carbon footprint: kgCO2e per declared unit ("1 kg")."""

    product: str
    material: str
    kgco2e: Decimal
    per: str
    period: str
    valid_until: date | None
    verified: bool


@dataclass(frozen=True)
class InventoryPart:
    """The company's emissions of one year, tCO2e."""

    year: int
    scope1: Decimal | None
    scope2_location: Decimal | None
    scope2_market: Decimal | None
    scope3_upstream: Decimal | None
    verified: bool


@dataclass(frozen=True)
class Scorecard:
    """Everything on the card. `verified` is None before review; `profile` are pairs of msgid and text (materials,
    country, sites …); times are aware."""

    organisation: str
    supplier: str
    supplier_code: str
    profile: tuple[tuple[str, str], ...]
    round: str
    period: str
    questionnaire: str
    method: str
    generated_at: datetime
    zone: tzinfo
    generated_by: str
    released_on: date | None
    valid_until: date | None
    declared: Result
    verified: Result | None
    capped_by_red_flag: bool
    topics: tuple[TopicPart, ...]
    red_flags: tuple[RedFlag, ...] = ()
    commitments: tuple[CommitmentPart, ...] = ()
    footprints: tuple[FootprintPart, ...] = ()
    inventories: tuple[InventoryPart, ...] = ()
