"""The purchasing review: what a purchasing round table decides on, as one workbook and as a CSV of the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from portal.language import N_, say
from portal.language.forms import show_datetime, show_number, show_percent
from portal.reports.columns import Column
from portal.reports.csv_out import csv_bytes
from portal.reports.frame_tables import PATH, PathRow
from portal.reports.xlsx_out import FactSheet, Sheet, xlsx_bytes


@dataclass(frozen=True)
class RankingRow:
    """One assessed supplier. Scores on 0..100; None where nothing is verified yet. `state` is a msgid; `short`: asked
    the short set only."""

    rank: int | None
    supplier_code: str
    supplier: str
    materials: str
    country: str
    state: str
    declared_total: Decimal | None
    declared_grade: str
    verified_total: Decimal | None
    verified_grade: str
    red_flags: int
    on_hold: bool
    commitments: int
    released_on: date | None
    valid_until: date | None
    tco2e: Decimal | None = None
    short: bool = False


@dataclass(frozen=True)
class TopicRow:
    """One topic of one supplier. Scores on 0..100, None when the topic drops out; `weight` of 100."""

    supplier_code: str
    supplier: str
    topic_code: str
    topic: str
    weight: Decimal
    declared: Decimal | None
    verified: Decimal | None
    short: bool = False


@dataclass(frozen=True)
class FlagRow:
    """One red flag of one supplier, with the reason in words."""

    supplier_code: str
    supplier: str
    indicator: str
    subject: str
    answer: str
    reason: str
    closed: bool


@dataclass(frozen=True)
class CommitmentRow:
    """One commitment. `state` is a msgid; effects are points of the total and tCO2e a year."""

    supplier_code: str
    supplier: str
    indicator: str
    subject: str
    action: str
    owner: str
    due_on: date | None
    state: str
    overdue: bool
    effect_points: Decimal | None = None
    effect_tco2e: Decimal | None = None


@dataclass(frozen=True)
class EmissionRow:
    """One method, material or supplier of an estimate. `name` is text in the reader's language."""

    name: str
    lines: int
    spend_usd: Decimal | None
    tco2e: Decimal


@dataclass(frozen=True)
class Category1:
    """The totals of one category 1 run. Tonnes CO2 equivalent; `primary_data_share` on 0..100."""

    run: str
    year: int
    total_tco2e: Decimal
    interval: tuple[Decimal, Decimal] | None
    primary_data_share: Decimal | None
    unreached_lines: int
    unreached_spend_usd: Decimal | None
    by_method: tuple[EmissionRow, ...]
    by_material: tuple[EmissionRow, ...]
    by_supplier: tuple[EmissionRow, ...]


@dataclass(frozen=True)
class PurchasingReview:
    """Everything the workbook shows. `sources` are pairs of a name and a text (factor tables, ledgers …)."""

    organisation: str
    round: str
    period: str
    questionnaire: str
    method: str
    generated_at: datetime
    zone: tzinfo
    generated_by: str
    ranking: tuple[RankingRow, ...]
    topics: tuple[TopicRow, ...]
    flags: tuple[FlagRow, ...]
    commitments: tuple[CommitmentRow, ...]
    category1: Category1 | None = None
    sources: tuple[tuple[str, str], ...] = ()
    target_path: tuple[PathRow, ...] = ()


@dataclass(frozen=True)
class _Emission:
    group: str
    row: EmissionRow
    share: Decimal | None


def _yes(value: bool) -> str:
    return N_("Yes") if value else N_("No")


def _set(short: bool) -> str:
    return N_("Short set") if short else N_("Full set")


_SUPPLIER = (
    Column("supplier_code", N_("Supplier code"), lambda r: r.supplier_code, width=14),
    Column("supplier", N_("Supplier"), lambda r: r.supplier, width=34),
)
_INDICATOR = (
    *_SUPPLIER,
    Column("indicator", N_("Indicator"), lambda r: r.indicator, width=11),
    Column("subject", N_("Subject"), lambda r: r.subject, width=40),
)
RANKING = (
    Column("rank", N_("Rank"), lambda r: r.rank, "integer", width=8),
    *_SUPPLIER,
    Column("materials", N_("Materials"), lambda r: r.materials, width=24),
    Column("country", N_("Country"), lambda r: r.country, width=10),
    Column("state", N_("State"), lambda r: r.state, "word"),
    Column("set", N_("Set of questions"), lambda r: _set(r.short), "word", width=12),
    Column("verified_total", N_("Verified score"), lambda r: r.verified_total, "decimal", "0–100", 12),
    Column("verified_grade", N_("Verified grade"), lambda r: r.verified_grade, width=10),
    Column("declared_total", N_("Declared score"), lambda r: r.declared_total, "decimal", "0–100", 12),
    Column("declared_grade", N_("Declared grade"), lambda r: r.declared_grade, width=10),
    Column("red_flags", N_("Open red flags"), lambda r: r.red_flags, "integer", width=10),
    Column("on_hold", N_("Purchasing on hold"), lambda r: _yes(r.on_hold), "word", width=12),
    Column("commitments", N_("Commitments"), lambda r: r.commitments, "integer", width=13),
    Column("tco2e", N_("Category 1 emissions"), lambda r: r.tco2e, "decimal", "tCO₂e", 18),
    Column("released_on", N_("Released on"), lambda r: r.released_on, "date", width=12),
    Column("valid_until", N_("Valid until"), lambda r: r.valid_until, "date", width=12),
)
TOPICS = (
    *_SUPPLIER,
    Column("set", N_("Set of questions"), lambda r: _set(r.short), "word", width=12),
    Column("topic_code", N_("Topic code"), lambda r: r.topic_code, width=9),
    Column("topic", N_("Topic"), lambda r: r.topic, width=36),
    Column("weight", N_("Weight"), lambda r: r.weight, "percent", "%", 10),
    Column("declared", N_("Declared score"), lambda r: r.declared, "decimal", "0–100", 12),
    Column("verified", N_("Verified score"), lambda r: r.verified, "decimal", "0–100", 12),
)
FLAGS = (
    *_INDICATOR,
    Column("answer", N_("Answer"), lambda r: r.answer, width=30),
    Column("reason", N_("Reason"), lambda r: r.reason, width=46),
    Column("closed", N_("State"), lambda r: N_("Closed with proof") if r.closed else N_("Open"), "word"),
)
COMMITMENTS = (
    *_INDICATOR,
    Column("action", N_("Action"), lambda r: r.action, width=46),
    Column("owner", N_("Owner"), lambda r: r.owner, width=18),
    Column("due_on", N_("Due on"), lambda r: r.due_on, "date", width=12),
    Column("state", N_("State"), lambda r: r.state, "word"),
    Column("overdue", N_("Overdue"), lambda r: _yes(r.overdue), "word", width=10),
    Column("effect_points", N_("Expected effect"), lambda r: r.effect_points, "decimal", "0–100", 12),
    Column("effect_tco2e", N_("Expected reduction a year"), lambda r: r.effect_tco2e, "decimal", "tCO₂e", 16),
)
CATEGORY_1 = (
    Column("group", N_("Grouped by"), lambda r: r.group, "word", width=16),
    Column("name", N_("Name"), lambda r: r.row.name, width=38),
    Column("lines", N_("Purchase lines"), lambda r: r.row.lines, "integer", width=12),
    Column("spend", N_("Spend"), lambda r: r.row.spend_usd, "decimal", "USD", 18),
    Column("tco2e", N_("Emissions"), lambda r: r.row.tco2e, "decimal", "tCO₂e", 18),
    Column("share", N_("Share of emissions"), lambda r: r.share, "percent", "%", 12),
)


def purchasing_review_xlsx(review: PurchasingReview, locale: str) -> bytes:
    """The workbook: About, Ranking, Topics, Red flags, Commitments, Category 1 and, with a target, its path."""
    title = say(locale, N_("Purchasing review: {round}"), round=review.round)
    sheets: tuple[Sheet | FactSheet, ...] = (
        FactSheet(N_("About"), title, _facts(review, locale)),
        Sheet(N_("Ranking"), RANKING, review.ranking, frozen=3),
        Sheet(N_("Topics"), TOPICS, review.topics, frozen=2),
        Sheet(N_("Red flags"), FLAGS, review.flags, frozen=2),
        Sheet(N_("Commitments"), COMMITMENTS, review.commitments, frozen=2),
        Sheet(N_("Category 1"), CATEGORY_1, _emissions(review.category1), frozen=2),
    )
    if review.target_path:
        sheets += (Sheet(N_("Target path"), PATH, review.target_path),)
    return xlsx_bytes(title, review.organisation, review.generated_at, sheets, locale)


def purchasing_review_csv(review: PurchasingReview, locale: str, *, bom: bool = True) -> bytes:
    """The ranking as CSV, with the columns of the workbook."""
    return csv_bytes(RANKING, review.ranking, locale, bom=bom)


def _facts(review: PurchasingReview, locale: str) -> tuple[tuple[str, str], ...]:
    facts = [
        (N_("Organisation"), review.organisation),
        (N_("Round"), review.round),
        (N_("Reporting period"), review.period),
        (N_("Questionnaire version"), review.questionnaire),
        (N_("Scoring method"), review.method),
        (N_("Made at"), f"{show_datetime(review.generated_at, review.zone, locale)} ({review.zone})"),
        (N_("Made by"), review.generated_by),
        (N_("Suppliers in the ranking"), str(len(review.ranking))),
        (
            N_("How to read the scores"),
            say(
                locale,
                N_("Declared: as the supplier answered. Verified: only what evidence and review support."),
            ),
        ),
        *_short_facts(review.ranking, locale),
        *_category1_facts(review.category1, locale),
        *review.sources,
    ]
    return tuple(facts)


def _short_facts(ranking: Sequence[RankingRow], locale: str) -> tuple[tuple[str, str], ...]:
    short = sum(1 for row in ranking if row.short)
    if not short:
        return ()
    words = say(
        locale,
        N_(
            "{count} suppliers were asked the short set only; the column “Set of questions” says which. Their scores rest "
            "on fewer questions."
        ),
        count=short,
    )
    return ((N_("Short set"), words),)


def _category1_facts(run: Category1 | None, locale: str) -> list[tuple[str, str]]:
    if run is None:
        return [(N_("Category 1"), say(locale, N_("No estimate has been run for this review.")))]
    tonnes = f"{show_number(run.total_tco2e, locale, 0)} tCO₂e"
    if run.interval:
        low, high = (show_number(end, locale, 0) for end in run.interval)
        tonnes = say(
            locale, N_("{tonnes} (95 % interval {low} to {high})"), tonnes=tonnes, low=low, high=high
        )
    facts = [
        (N_("Category 1 estimate"), f"{run.run} · {run.year}"),
        (N_("Category 1 emissions"), tonnes),
        (N_("Purchase lines no method reaches"), show_number(run.unreached_lines, locale, 0)),
    ]
    if run.unreached_spend_usd is not None:
        facts.append(
            (N_("Spend no method reaches"), f"{show_number(run.unreached_spend_usd, locale, 0)} USD")
        )
    if run.primary_data_share is not None:
        facts.append((N_("Share from suppliers' own data"), show_percent(run.primary_data_share, locale)))
    return facts


def _emissions(run: Category1 | None) -> tuple[_Emission, ...]:
    if run is None:
        return ()
    groups = (
        (N_("Method"), run.by_method),
        (N_("Material"), run.by_material),
        (N_("Supplier"), run.by_supplier),
    )
    total = run.total_tco2e
    return tuple(
        _Emission(group, row, row.tco2e / total * 100 if total else None)
        for group, rows in groups
        for row in rows
    )
