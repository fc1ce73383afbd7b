"""What the target page shows: where we stand in words, the path as a picture, and the years behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup

from portal.core.carbon.targets import Effect, Outlook, added_since, target_value, yearly_rate
from portal.language import N_, say
from portal.language.forms import show_number, show_percent
from portal.operations.target_progress import Progress, Year, supplier_shares
from portal.reports.line_chart import Line, LineChart, line_svg
from portal.store.commitments import Commitment
from portal.web.forms.footprint import PATH_WORDS

PLACES = 1
UNIT = "tCO₂e/MWp"


@dataclass(frozen=True)
class PathYear:
    """One year of the page's table: what is known of it and what is drawn into it."""

    year: Year
    outlook: Outlook | None


@dataclass(frozen=True)
class CommitmentLine:
    """One agreed commitment and what of it counts in the target year; `bound` where its supplier's tonnes are fewer."""

    row: Commitment
    supplier: str
    counts_from: int
    bound: bool


@dataclass(frozen=True)
class TargetPage:
    """Everything the page shows; `said` is the finding in words, `picture` the chart (None without a path)."""

    progress: Progress
    said: str
    certainty: str
    goal: Decimal | None
    rate: Decimal | None
    rule: str
    picture: Markup | None
    caption: str
    years: Sequence[PathYear]
    commitments: Sequence[CommitmentLine]
    promised: Decimal
    ahead: Sequence[str]


def target_page(progress: Progress, names: Mapping[str, str], locale: str) -> TargetPage:
    """The page object; `names` are suppliers' names in the reader's language by code."""
    path = progress.path
    drawn = {one.year: one for one in progress.outlook}
    said, certainty = standing_words(progress, locale)
    ahead = _ahead(progress, locale)
    caption = ("" if locale == "zh" else " ").join([said, *ahead])
    return TargetPage(
        progress=progress,
        said=said,
        certainty=certainty,
        goal=target_value(path) if path else None,
        rate=yearly_rate(path) if path else None,
        rule=_rule(progress, locale),
        picture=_picture(progress, caption, locale) if path else None,
        caption=caption,
        years=[PathYear(year, drawn.get(year.year)) for year in progress.years],
        commitments=_commitments(progress, names),
        promised=progress.outlook[-1].commitments if progress.outlook else Decimal(0),
        ahead=ahead,
    )


def standing_words(progress: Progress, locale: str) -> tuple[str, str]:
    """Where we stand, and how sure that is: "6.2 % above the path in 2025"."""
    latest = progress.latest
    if progress.path is None:
        return say(locale, N_("No target is set yet.")), ""
    if latest is None or latest.status is None:
        return say(locale, N_("No year on the path has both category 1 and production yet.")), ""
    status = latest.status
    words = {
        "above": N_("{percent} above the path in {year}."),
        "below": N_("{percent} below the path in {year}."),
        "on": N_("Exactly on the path in {year}."),
    }[status.state]
    said = say(locale, words, percent=show_percent(abs(status.percent), locale), year=status.year)
    if status.certain is None:
        return said, say(locale, N_("The figure of the year is typed, so no interval is known."))
    if status.certain:
        return said, say(
            locale, N_("The path lies outside the estimate's 95 % interval: the difference is real.")
        )
    return said, say(
        locale,
        N_(
            "The path lies inside the estimate's 95 % interval: the difference is smaller than what we do not know."
        ),
    )


def path_facts(page: TargetPage, locale: str) -> tuple[tuple[str, str], ...]:
    """What an export says above its years."""
    target = page.progress.target
    facts = [(N_("Where we stand"), f"{page.said} {page.certainty}".strip())]
    if target is not None:
        facts += [
            (N_("Base year"), f"{target.base_year}: {show_number(target.base_value, locale)} {UNIT}"),
            (N_("Target"), f"{target.target_year}: −{show_percent(target.reduction, locale)}"),
            (N_("Path"), page.rule),
            (N_("Source"), target.source),
        ]
    if page.progress.what_if is not None:
        facts.append((N_("What-if drawn"), page.progress.what_if.name))
    return tuple(facts)


def _rule(progress: Progress, locale: str) -> str:
    path = progress.path
    if path is None:
        return ""
    words = {
        "linear": N_("Linear: {rate} of the base year off every year."),
        "constant_rate": N_("Constant rate: {rate} of the year before off every year."),
    }[path.kind]
    return say(locale, words, rate=show_percent(yearly_rate(path), locale, 2))


def _ahead(progress: Progress, locale: str) -> list[str]:
    """What the last year of the outlook says of commitments and what-if."""
    path = progress.path
    if path is None or not progress.outlook:
        return []
    last, goal = progress.outlook[-1], target_value(path)
    found = [
        say(
            locale,
            N_("With the agreed commitments alone, {year} stands at {value} against a target of {goal}."),
            year=last.year,
            value=show_number(last.with_commitments, locale, PLACES),
            goal=show_number(goal, locale, PLACES),
        )
    ]
    if last.with_what_if is not None and progress.what_if is not None:
        found.append(
            say(
                locale,
                N_("With “{name}” as well: {value}."),
                name=progress.what_if.name,
                value=show_number(last.with_what_if, locale, PLACES),
            )
        )
    return found


def _picture(progress: Progress, caption: str, locale: str) -> Markup:
    years = tuple(year.year for year in progress.years)
    drawn = {one.year: one for one in progress.outlook}
    actual = tuple(year.intensity for year in progress.years)
    kind = progress.path.kind if progress.path else "linear"
    start = progress.latest.year if progress.latest else 0
    lines = [
        Line(
            say(locale, N_("Actual, with the estimate's 95 % interval")),
            actual,
            "strong",
            "solid",
            True,
            tuple(year.interval for year in progress.years),
        ),
        Line(
            say(locale, N_("Target path: {kind}"), kind=say(locale, PATH_WORDS[kind])),
            tuple(year.path for year in progress.years),
            "quiet",
            "dashed",
        ),
    ]
    if drawn:
        # Both start at the last actual, so that the eye follows them from there.
        lines.append(
            Line(
                say(locale, N_("With agreed commitments")),
                tuple(
                    at if y == start else drawn[y].with_commitments if y in drawn else None
                    for y, at in zip(years, actual, strict=True)
                ),
                "strong",
                "dotted",
            )
        )
    if progress.what_if is not None and drawn:
        lines.append(
            Line(
                say(locale, N_("With commitments and “{name}”"), name=progress.what_if.name),
                tuple(
                    at if y == start else drawn[y].with_what_if if y in drawn else None
                    for y, at in zip(years, actual, strict=True)
                ),
                "plan",
                "chain",
            )
        )
    chart = LineChart(
        key="target-path",
        title=say(locale, N_("Category 1 per MWp: actual, path and outlook")),
        caption=caption,
        years=years,
        lines=tuple(lines),
        unit=UNIT,
        places=PLACES,
    )
    return line_svg(chart, locale)


def _commitments(progress: Progress, names: Mapping[str, str]) -> list[CommitmentLine]:
    """Each commitment; bound where its supplier's commitments together exceed the tonnes the supplier has with us."""
    latest = progress.latest
    if latest is None or latest.tonnes is None:
        return [
            CommitmentLine(c, names.get(c.supplier.code, c.supplier.name), c.due_on.year, False)
            for c in progress.commitments
        ]
    last = progress.outlook[-1].year if progress.outlook else latest.year
    effects = [Effect(c.supplier.code, c.due_on, c.effect_tco2e or Decimal(0)) for c in progress.commitments]
    added = added_since(effects, last, latest.year)
    shares = supplier_shares(progress.capped_by) if progress.capped_by else None
    total = Fraction(latest.tonnes.value or 0)
    return [
        CommitmentLine(
            c,
            names.get(c.supplier.code, c.supplier.name),
            c.due_on.year if c.due_on.month < 12 or c.due_on.day < 31 else c.due_on.year + 1,
            shares is not None and added[c.supplier.code] > shares.get(c.supplier.code, Fraction(0)) * total,
        )
        for c in progress.commitments
    ]
