"""A question in both languages side by side, as it stands in the questionnaire."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.questionnaire.model import Indicator, Text
from portal.core.questionnaire.tables import YES_NO


@dataclass(frozen=True)
class BothRow:
    """One text of a question in both languages: `part` is question, help, evidence, improve, option or column."""

    part: str
    en: str
    zh: str


def both_of(indicator: Indicator) -> tuple[BothRow, ...]:
    """Every text of a question in the order it is read; the help of a column stands with its name."""
    rows = [_row("question", indicator.question)]
    rows += [_row("option", option.label) for option in indicator.options]
    for column in indicator.columns:
        rows.append(
            BothRow(
                "column",
                _told(column.label.en, ". ", column.help.en),
                _told(column.label.zh, "：", column.help.zh),
            )
        )
        rows += [_row("option", suggestion.label) for suggestion in column.suggestions]
        rows += [_row("option", words) for words in YES_NO.values() if column.kind == "yes_no"]
    rows.append(_row("help", indicator.help))
    if indicator.evidence_help is not None:
        rows.append(_row("evidence", indicator.evidence_help))
    rows.append(_row("improve", indicator.hint))
    return tuple(row for row in rows if row.en or row.zh)


def _row(part: str, text: Text) -> BothRow:
    return BothRow(part, text.en, text.zh)


def _told(label: str, between: str, help_text: str) -> str:
    return f"{label}{between}{help_text}" if help_text else label
