"""A questionnaire on a terminal: tables of topics and indicators, one indicator in full."""

from __future__ import annotations

from collections.abc import Iterator

from rich.markup import escape
from rich.table import Table

from portal.core.questionnaire.model import Indicator, Questionnaire, questionnaire_id, text_in
from portal.core.questionnaire.unit_words import number_text, unit_text
from portal.language import N_, say

KINDS = {
    "yes_no": N_("yes/no"),
    "single": N_("single choice"),
    "multiple": N_("multiple choice"),
    "number": N_("number"),
    "percentage": N_("percentage"),
    "date": N_("date"),
    "text": N_("text"),
    "table": N_("table"),
}
RULES = {
    "option": N_("by option"),
    "ratio": N_("by share"),
    "bands": N_("by band"),
    "unscored": N_("unscored"),
}
EVIDENCE = {"none": N_("not asked for"), "optional": N_("optional"), "required": N_("required")}
ROLE_NAMES = {
    "manufacturing": N_("manufacturing"),
    "minerals": N_("minerals"),
    "logistics": N_("logistics"),
    "services": N_("services"),
}


def topics_table(questionnaire: Questionnaire, locale: str) -> Iterator[Table]:
    """One table per topic with its indicators; the first is titled with the questionnaire."""
    heading = f"{text_in(questionnaire.title, locale)} · {questionnaire_id(questionnaire)}"
    for topic in questionnaire.topics:
        name = f"{topic.number}. {topic.code} {text_in(topic.name, locale)}"
        table = Table(
            title=escape(f"{heading}\n{name}" if topic.number == 1 else name),
            caption=say(locale, N_("Weight {weight} %"), weight=topic.weight),
            title_justify="left",
            expand=True,
        )
        table.add_column(say(locale, N_("Code")), no_wrap=True)
        table.add_column(say(locale, N_("Question")), ratio=1)
        table.add_column(say(locale, N_("Kind")))
        table.add_column(say(locale, N_("Weight")), justify="right")
        table.add_column(say(locale, N_("Evidence")))
        table.add_column(say(locale, N_("Red flag")))
        for indicator in topic.indicators:
            table.add_row(
                indicator.code,
                escape(text_in(indicator.question, locale)),
                say(locale, KINDS[indicator.kind]),
                str(indicator.weight),
                say(locale, EVIDENCE[indicator.evidence]),
                say(locale, N_("yes")) if indicator.gating else "",
            )
        yield table


def indicator_panel(indicator: Indicator, locale: str) -> Table:
    """Everything about one indicator."""
    table = Table(
        title=escape(f"{indicator.code} {text_in(indicator.subject, locale)}"),
        show_header=False,
        title_justify="left",
        expand=True,
    )
    table.add_column(no_wrap=True, style="bold")
    table.add_column(ratio=1)
    for label, text in _rows(indicator, locale):
        if text:
            table.add_row(say(locale, label), escape(text))
    return table


def _rows(indicator: Indicator, locale: str) -> Iterator[tuple[str, str]]:
    yield N_("Question"), text_in(indicator.question, locale)
    yield N_("Help"), text_in(indicator.help, locale)
    yield N_("Kind"), say(locale, KINDS[indicator.kind])
    units = [unit_text(unit, locale) for unit in (indicator.unit, *indicator.units) if unit]
    yield N_("Unit"), ", ".join(filter(None, units))
    yield N_("Allowed range"), _range(indicator)
    yield N_("Scoring"), say(locale, RULES[indicator.rule])
    yield N_("Weight"), str(indicator.weight)
    yield (
        N_("Options"),
        "\n".join(f"{o.key} ({o.points:f}) {text_in(o.label, locale)}" for o in indicator.options),
    )
    yield (
        N_("Columns"),
        "\n".join(f"{c.key} ({c.points:f}) {text_in(c.label, locale)}" for c in indicator.columns),
    )
    yield N_("Bands"), "\n".join(_bands(indicator, locale))
    yield N_("Evidence"), say(locale, EVIDENCE[indicator.evidence])
    if indicator.evidence_help:
        yield "", text_in(indicator.evidence_help, locale)
    yield N_("Red flag"), say(locale, N_("yes")) if indicator.gating else ""
    if indicator.depends_on:
        options = ", ".join(indicator.depends_on.any_of)
        named = indicator.depends_on.indicator
        yield (
            N_("Open when"),
            say(locale, N_("{indicator} is one of: {options}"), indicator=named, options=options),
        )
    yield (
        N_("Asked of"),
        ", ".join(say(locale, name) for role, name in ROLE_NAMES.items() if role in indicator.applies_to),
    )
    yield N_("Standards"), "; ".join(indicator.standards)
    yield N_("Hint"), text_in(indicator.hint, locale)


def _range(indicator: Indicator) -> str:
    low, high = indicator.minimum, indicator.maximum
    if low is None and high is None:
        return ""
    if high is None:
        return f"≥ {number_text(low)}" if low is not None else ""
    return f"{number_text(low)} … {number_text(high)}" if low is not None else f"≤ {number_text(high)}"


def _bands(indicator: Indicator, locale: str) -> Iterator[str]:
    for band in indicator.bands:
        bound = say(locale, N_("else")) if band.bound is None else f"{band.op} {number_text(band.bound)}"
        yield f"{bound}: {band.points:f}"
