"""What the pages of the inventory frame show, worked out before any template runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.carbon.frame import (
    CATEGORIES,
    ISO_OF,
    PARTS,
    PRODUCTION,
    SCOPE_2,
    SHARES,
    STATED,
    Check,
    IsoClass,
    Totals,
    checks_of,
    iso_classes,
    totals_of,
)
from portal.core.carbon.targets import per_mw
from portal.core.exact import decimal_text
from portal.language import N_, say
from portal.language.forms import show_number
from portal.language.frame_words import ISO_WORDS, ITEM_WORDS
from portal.operations.target_progress import interval_of
from portal.store.estimates import Estimate, all_estimates
from portal.store.frame import (
    Frame,
    FrameFigure,
    FrameStatement,
    all_frames,
    figures_in_force,
    printed_of,
    statements_of,
)

STATE_WORDS = {
    "equal": N_("Agrees to the last digit"),
    "rounding": N_("Agrees within rounding"),
    "differs": N_("Does not agree"),
}
CHECK_MARKS = {"equal": "good", "rounding": "good", "differs": "act"}
TEXT_UNITS = {PRODUCTION: "MWp", **dict.fromkeys(SHARES, "%")}


@dataclass(frozen=True)
class Line:
    """One figure of a year. `counted` is False for a scope 2 basis that stands beside the one that counts."""

    item: str
    words: str
    iso: int | None
    figure: FrameFigure | None
    places: int
    counted: bool
    interval: tuple[Decimal, Decimal] | None
    coverage: str
    newer: Estimate | None
    verified: Sequence[FrameStatement]


@dataclass(frozen=True)
class ClassLine:
    """One class of ISO 14064-1: its name, the sum written out, and the sum in tCO2e."""

    number: int
    words: str
    arithmetic: str
    total: Decimal | None


@dataclass(frozen=True)
class CheckLine:
    """A stated figure beside its parts; `unit` of all four numbers, `missing` in words."""

    words: str
    check: Check
    unit: str
    places: int
    state: str
    mark: str
    parts: int
    missing: str


@dataclass(frozen=True)
class YearPage:
    """One year: every line, sums written out, both classifications, checks, statements."""

    frame: Frame
    lines: Sequence[Line]
    others: Sequence[Line]
    totals: Totals
    sums: Sequence[tuple[str, str, Decimal]]
    missing: str
    classes: Sequence[ClassLine]
    checks: Sequence[CheckLine]
    statements: Sequence[FrameStatement]
    intensity: Decimal | None
    given: int


@dataclass(frozen=True)
class Row:
    """One row of the years side by side: a figure per year, None where there is none."""

    words: str
    iso: str
    values: Sequence[Decimal | None]
    strong: bool
    places: int = 0
    unit: str = ""


@dataclass(frozen=True)
class YearsPage:
    """Our own years, oldest first, with their rows; and the published examples."""

    frames: Sequence[Frame]
    rows: Sequence[Row]
    examples: Sequence[Frame]
    differing: Mapping[int, int]


def item_word(locale: str, item: str) -> str:
    """A figure in words."""
    return say(locale, ITEM_WORDS[item])


def years_page(session: Session, locale: str) -> YearsPage:
    """The years side by side. Two queries, however many years."""
    frames = all_frames(session)
    own = sorted((f for f in frames if f.is_own), key=lambda f: f.year)
    figures = figures_in_force(session, [f.id for f in own])
    printed = [printed_of(figures[f.id]) for f in own]
    totals = [totals_of(p) for p in printed]
    made = [p[PRODUCTION].value if PRODUCTION in p else None for p in printed]
    first = [p["category_1"].value if "category_1" in p else None for p in printed]
    each = [per_mw(c, m) if c is not None and m else None for c, m in zip(first, made, strict=True)]
    rows = [
        Row(item_word(locale, "scope1"), "1", [t.scope1 for t in totals], False),
        Row(say(locale, N_("Scope 2: the basis that counts")), "2", [t.scope2 for t in totals], False),
        *(
            Row(
                item_word(locale, item),
                str(ISO_OF[item]),
                [p[item].value if item in p else None for p in printed],
                False,
            )
            for item in CATEGORIES
        ),
        Row(say(locale, N_("Scope 1 and 2")), "", [t.scope12 for t in totals], True),
        Row(say(locale, N_("Scope 3")), "", [t.scope3 for t in totals], True),
        Row(say(locale, N_("All scopes")), "", [t.total for t in totals], True),
        Row(item_word(locale, PRODUCTION), "", made, False, 0, "MWp"),
        Row(say(locale, N_("Category 1 per MWp")), "", each, True, 1, "tCO₂e/MWp"),
    ]
    differing = {
        f.id: sum(1 for check in checks_of(p) if check.state == "differs")
        for f, p in zip(own, printed, strict=True)
    }
    return YearsPage(own, rows, [f for f in frames if not f.is_own], differing)


def year_page(session: Session, frame: Frame, locale: str) -> YearPage:
    """Everything about one year."""
    figures = figures_in_force(session, [frame.id])[frame.id]
    printed = printed_of(figures)
    totals = totals_of(printed)
    statements = statements_of(session, frame.id)
    newest = _newest_estimate(session, frame)
    lines = [_line(item, figures, totals, statements, newest, locale) for item in PARTS]
    empty = "scope2_market" if totals.scope2_item is None else ""
    shown = [line for line in lines if line.item not in SCOPE_2 or line.figure or line.item == empty]
    others = [_line(item, figures, totals, [], None, locale) for item in (PRODUCTION, *STATED, *SHARES)]
    made = figures.get(PRODUCTION)
    first = figures.get("category_1")
    return YearPage(
        frame=frame,
        lines=shown,
        others=others,
        totals=totals,
        sums=_sums(printed_of(figures), totals, locale),
        missing=_listed(locale, totals.missing),
        classes=[_class(one, figures, locale) for one in iso_classes(printed)],
        checks=[_check(check, locale) for check in checks_of(printed)],
        statements=statements,
        intensity=per_mw(first.value, made.value)
        if first and first.value is not None and made and made.value
        else None,
        given=len(figures),
    )


def places_of(figure: FrameFigure | None) -> int:
    """Decimals that show a figure as it was printed; whole tonnes for an estimate's exact total."""
    if figure is None or figure.value is None or figure.origin == "estimate":
        return 0
    text = decimal_text(figure.step)
    return len(text.partition(".")[2])


def _line(
    item: str,
    figures: Mapping[str, FrameFigure],
    totals: Totals,
    statements: Iterable[FrameStatement],
    newest: Estimate | None,
    locale: str,
) -> Line:
    figure = figures.get(item)
    estimate = figure.estimate if figure else None
    scope = "scope3" if item in CATEGORIES else item[:6]
    newer = newest if item == "category_1" and newest and estimate and newest.id > estimate.id else None
    return Line(
        item=item,
        words=item_word(locale, item),
        iso=ISO_OF.get(item),
        figure=figure,
        places=places_of(figure),
        counted=item not in SCOPE_2 or item == totals.scope2_item or figure is None,
        interval=interval_of(estimate) if estimate else None,
        coverage=coverage_words(estimate, locale) if estimate else "",
        newer=newer,
        verified=[s for s in statements if figure and scope in s.covers],
    )


def coverage_words(estimate: Estimate, locale: str) -> str:
    """What an estimate's total covers: lines reached of all lines, and the spend no method reached."""
    summary = estimate.summary
    reached = sum(entry["lines"] for entry in summary["by_method"].values())
    left = summary["unreached"]
    return say(
        locale,
        N_("{reached} of {lines} purchase lines; {spend} USD not reached by any method"),
        reached=show_number(reached, locale),
        lines=show_number(reached + left["lines"], locale),
        spend=show_number(Decimal(left["spend_usd"]), locale, 0),
    )


def _newest_estimate(session: Session, frame: Frame) -> Estimate | None:
    if not frame.is_own:
        return None
    return next((e for e in all_estimates(session) if e.year == frame.year and e.summary), None)


def _sums(printed: Mapping[str, object], totals: Totals, locale: str) -> list[tuple[str, str, Decimal]]:
    """Scope 1+2, scope 3 and all together: name, the sum written out, the result."""
    found = []
    if totals.scope12 is not None:
        parts = [value for value in (totals.scope1, totals.scope2) if value is not None]
        found.append((say(locale, N_("Scope 1 and 2")), _written(parts, locale), totals.scope12))
    if totals.scope3 is not None:
        parts = [getattr(printed[item], "value") for item in CATEGORIES if item in printed]  # noqa: B009
        found.append((say(locale, N_("Scope 3")), _written(parts, locale), totals.scope3))
    if totals.total is not None:
        parts = [value for value in (totals.scope12, totals.scope3) if value is not None]
        found.append((say(locale, N_("All scopes")), _written(parts, locale), totals.total))
    return found


def _written(parts: Sequence[Decimal], locale: str) -> str:
    return " + ".join(show_number(value, locale) for value in parts)


def _class(one: IsoClass, figures: Mapping[str, FrameFigure], locale: str) -> ClassLine:
    parts = [
        _named(show_number(value, locale), _short(locale, item), locale)
        for item in one.parts
        if (figure := figures.get(item)) is not None and (value := figure.value) is not None
    ]
    return ClassLine(one.number, say(locale, ISO_WORDS[one.number]), " + ".join(parts), one.total)


def _check(check: Check, locale: str) -> CheckLine:
    unit = TEXT_UNITS.get(check.item, "tCO₂e")
    return CheckLine(
        words=item_word(locale, check.item),
        check=check,
        unit=unit,
        places=3 if unit == "%" else 1 if check.explains % 1 else 0,
        state=say(locale, STATE_WORDS[check.state]),
        mark=CHECK_MARKS[check.state],
        parts=len(check.parts) - len(check.missing),
        missing=_listed(locale, check.missing),
    )


def _listed(locale: str, items: Iterable[str]) -> str:
    return ("、" if locale == "zh" else ", ").join(_short(locale, item) for item in items)


def _short(locale: str, item: str) -> str:
    """A figure's short name: "Category 4", "Scope 1"."""
    words = item_word(locale, item)
    return words.partition("：" if "：" in words else ":")[0]


def _named(number: str, name: str, locale: str) -> str:
    """A number with what it is behind it, in the brackets of the language."""
    return f"{number}（{name}）" if locale == "zh" else f"{number} ({name})"
