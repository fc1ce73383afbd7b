"""The page on which a person says which column is which, and how dates and numbers of the file are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from typing import Any

from portal.core.ledger.columns import FIXABLE, LEDGER_COLUMNS
from portal.core.ledger.forms import (
    DATE_EXAMPLES,
    DATE_FORMS,
    TIMES,
    NumberForm,
    number_form_wrong,
    read_date,
    read_number,
)
from portal.core.ledger.mapping import Mapping
from portal.core.problems import Problem
from portal.files.ledger_rules import LEDGER_REQUIRED
from portal.language import N_, say
from portal.language.forms import show_date, show_number
from portal.language.sentences import sentence
from portal.store.ledgers import LedgerIntake, LedgerMapping
from portal.web.staff.pages_estimates import COLUMN_WORDS

FIELD_WORDS = {
    "line_id": N_("Line number"),
    "date": N_("Date of purchase"),
    "supplier_id": N_("Supplier"),
    "product_id": N_("Product"),
    "material": N_("Material"),
    "quantity": N_("Quantity"),
    "unit": N_("Unit"),
    "spend": N_("Spend"),
    "currency": N_("Currency"),
    "country": N_("Country of production"),
    "sector": N_("Sector"),
    "description": N_("Description"),
}
DATE_WORDS = {
    "ymd-": N_("year-month-day"),
    "ymd/": N_("year/month/day"),
    "ymd.": N_("year.month.day"),
    "ymd": N_("eight digits, year first"),
    "zh": N_("year, month, day in Chinese"),
    "dmy/": N_("day/month/year"),
    "dmy.": N_("day.month.year"),
    "dmy-": N_("day-month-year"),
    "mdy/": N_("month/day/year"),
}
# decimal and thousands sign, with a number written so
NUMBER_CHOICES = (
    (".", "", "1234567.89"),
    (".", ",", "1,234,567.89"),
    (".", " ", "1 234 567.89"),
    (".", "'", "1'234'567.89"),
    (",", "", "1234567,89"),
    (",", ".", "1.234.567,89"),
    (",", " ", "1 234 567,89"),
)
MINUS_WORDS = {"before": "−100", "after": "100−", "brackets": "(100)"}
TIMES_WORDS = {
    1: N_("as they stand"),
    1000: N_("in thousands"),
    10000: N_("in ten thousands (万)"),
    1000000: N_("in millions"),
}
SHOWN_VALUES = 3


@dataclass(frozen=True)
class FieldRow:
    """One of our fields: `column` is the place chosen, None for none; `values` are first values of that column."""

    name: str
    words: str
    note: str
    required: bool
    column: int | None
    values: tuple[str, ...]
    fixable: bool
    fixed: str


@dataclass(frozen=True)
class Choice:
    """One way of writing: its `key`, words, and the first values of the file as they would be read (text, reading)."""

    key: str
    words: str
    chosen: bool
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ColumnsPage:
    """The whole page. `columns` are (place, name, first values); `remembered` says by whom and when it was accepted."""

    fields: tuple[FieldRow, ...]
    columns: tuple[tuple[int, str, str], ...]
    dates: tuple[Choice, ...]
    numbers: tuple[Choice, ...]
    minuses: tuple[tuple[str, str, bool], ...]
    times: tuple[tuple[str, str, tuple[tuple[int, str, bool], ...]], ...]
    number_lines: bool
    take_formulas: bool
    asks_formulas: bool
    remembered: LedgerMapping | None
    sheets: tuple[str, ...]
    sheet: str
    rows: int
    header_row: int
    notes: tuple[str, ...]
    preview: tuple[tuple[int, tuple[str, ...]], ...]


def columns_page(
    intake: LedgerIntake, mapping: Mapping, known: LedgerMapping | None, locale: str
) -> ColumnsPage:
    """The page for a file that was read, with what is chosen so far."""
    read = intake.reading or {}
    samples = [cells for _, cells in read["samples"]]
    return ColumnsPage(
        fields=tuple(_field(name, mapping, samples, locale) for name in LEDGER_COLUMNS),
        columns=tuple(
            (place, name or f"({place + 1})", ", ".join(_values(samples, place))[:60])
            for place, name in enumerate(read["header"])
        ),
        dates=_dates(mapping, samples, locale),
        numbers=_numbers(mapping, samples, locale),
        minuses=tuple(
            (key, words, (mapping.numbers or NumberForm()).minus == key) for key, words in MINUS_WORDS.items()
        ),
        times=tuple(
            (name, say(locale, FIELD_WORDS[field]), _times(chosen, locale))
            for name, field, chosen in (
                ("quantity_times", "quantity", mapping.quantity_times),
                ("spend_times", "spend", mapping.spend_times),
            )
        ),
        number_lines=mapping.number_lines,
        take_formulas=mapping.take_formulas,
        asks_formulas=intake.form == "xlsx",
        remembered=known,
        sheets=tuple(read.get("sheets", ())),
        sheet=read.get("sheet", ""),
        rows=read["rows"],
        header_row=read["header_row"],
        notes=tuple(sentence(locale, Problem(p["code"], p["where"], p["values"])) for p in read["notes"]),
        preview=tuple((row, tuple(cells)) for row, cells in read["samples"][:5]),
    )


def _values(samples: Sequence[Sequence[str]], place: int | None) -> tuple[str, ...]:
    if place is None:
        return ()
    found = dict.fromkeys(cells[place] for cells in samples if place < len(cells) and cells[place])
    return tuple(text[:40] for text in list(found)[:SHOWN_VALUES])


def _field(name: str, mapping: Mapping, samples: Sequence[Sequence[str]], locale: str) -> FieldRow:
    place = mapping.columns.get(name)
    return FieldRow(
        name=name,
        words=say(locale, FIELD_WORDS[name]),
        note=say(locale, COLUMN_WORDS[name]),
        required=name in LEDGER_REQUIRED,
        column=place,
        values=_values(samples, place),
        fixable=name in FIXABLE,
        fixed=mapping.fixed.get(name, ""),
    )


def _dates(mapping: Mapping, samples: Sequence[Sequence[str]], locale: str) -> tuple[Choice, ...]:
    """Every way of writing dates; those that read the first values stand first, the readings beside them."""
    values = _values(samples, mapping.columns.get("date"))
    choices = []
    for key in DATE_FORMS:
        read = [(text, read_date(text, key)) for text in values]
        examples = tuple((text, show_date(day, locale)) for text, day in read if day is not None)
        words = f"{DATE_EXAMPLES[key]} · {say(locale, DATE_WORDS[key])}"
        choices.append(Choice(key, words, mapping.date_form == key, examples))
    return tuple(sorted(choices, key=lambda choice: -len(choice.examples)))


def _numbers(mapping: Mapping, samples: Sequence[Sequence[str]], locale: str) -> tuple[Choice, ...]:
    values = _telling(samples, [mapping.columns.get(field) for field in ("quantity", "spend")])
    chosen = mapping.numbers
    choices = []
    for decimal, thousands, written in NUMBER_CHOICES:
        form = NumberForm(decimal, thousands, chosen.minus if chosen else "before")
        read = [(text, read_number(text, form)) for text in values]
        examples = tuple((text, show_number(value, locale)) for text, value in read if value is not None)
        here = chosen is not None and (chosen.decimal, chosen.thousands) == (decimal, thousands)
        choices.append(Choice(f"{decimal}{thousands}", written, here, examples))
    return tuple(choices)


def _telling(samples: Sequence[Sequence[str]], places: Sequence[int | None]) -> list[str]:
    """The values that tell ways of writing apart: those with most signs between the digits."""
    texts = dict.fromkeys(
        cells[place] for cells in samples for place in places if place is not None and cells[place]
    )
    signs = {text: sum(not sign.isdigit() for sign in text) for text in texts}
    return [text[:40] for text in sorted(texts, key=lambda text: -signs[text]) if signs[text]][:SHOWN_VALUES]


def _times(chosen: int, locale: str) -> tuple[tuple[int, str, bool], ...]:
    return tuple((times, say(locale, TIMES_WORDS[times]), times == chosen) for times in TIMES)


def mapping_from_form(form: Dict[str, Any]) -> Mapping:
    """What a person chose. What cannot be understood counts as not said."""
    columns = {}
    for name in LEDGER_COLUMNS:
        place = str(form.get(f"column-{name}", ""))
        if place.isascii() and place.isdigit() and len(place) < 5:
            columns[name] = int(place)
    signs, minus = str(form.get("numbers", "")), str(form.get("minus", "before"))
    numbers = NumberForm(signs[:1], signs[1:], minus) if signs else None
    date_form = str(form.get("date_form", ""))
    return Mapping(
        columns=columns,
        fixed={
            name: text
            for name in FIXABLE
            if name not in columns and (text := str(form.get(f"fixed-{name}", "")).strip()[:100])
        },
        number_lines=bool(form.get("number_lines")) and "line_id" not in columns,
        date_form=date_form if date_form in DATE_FORMS else "",
        numbers=numbers if numbers is None or not number_form_wrong(numbers) else None,
        quantity_times=_chosen_times(form.get("quantity_times")),
        spend_times=_chosen_times(form.get("spend_times")),
        take_formulas=bool(form.get("take_formulas")),
    )


def _chosen_times(given: Any) -> int:
    return next((times for times in TIMES if str(times) == given), 1)


def at_fields(problems: Iterable[Problem], locale: str) -> list[Problem]:
    """Problems of a mapping with our words for the columns they name."""
    return [
        replace(one, where=say(locale, FIELD_WORDS[one.where])) if one.where in FIELD_WORDS else one
        for one in problems
    ]
