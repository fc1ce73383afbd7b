"""The table by which figures of the buyer's own inventory come in: one row per year and item.

Only the form is judged here; what the values mean is judged by `portal.core.carbon.frame_rows`.
"""

from __future__ import annotations

from dataclasses import replace

from portal.core.carbon.frame import EMISSION_UNITS, ITEMS, POWER_UNITS, SHARE_UNITS
from portal.files.tabular import Column, RawRow, RawRows, locate, read_rows
from portal.files.template_books import TableForm, write_template
from portal.language import LOCALES, N_, say
from portal.language.frame_words import ITEM_WORDS

__all__ = ["FRAME", "RawRow", "frame_template", "locate", "read_frame_rows"]

FRAME = TableForm(
    sheet=N_("Inventory by year"),
    title=N_("Corporate greenhouse gas inventory"),
    columns=(
        Column("year", N_("Year"), N_("Calendar year of the figure."), True, "year"),
        Column(
            "item",
            N_("Item"),
            N_(
                "scope1, scope2_location, scope2_market, scope2_unstated, category_1 to category_15; totals to check against: "
                "stated_scope_1_2, stated_scope_3, stated_total, stated_iso_1 to stated_iso_6, share_scope_1 to share_scope_3; "
                "production. The names the portal shows are accepted too."
            ),
            True,
        ),
        Column(
            "value",
            N_("Value"),
            N_("As printed, with all its digits; the last one tells how far rounding may reach."),
            True,
            "number",
        ),
        Column(
            "unit",
            N_("Unit"),
            N_("Emissions in tCO2e, production in MWp, shares in %."),
            True,
            "choice",
            (*EMISSION_UNITS, *POWER_UNITS, *SHARE_UNITS),
        ),
        Column("source", N_("Source"), N_("Where the figure comes from: report and page, or system."), True),
        Column("note", N_("Note"), N_("Method, boundary, what is estimated.")),
    ),
    example={
        "year": "2025",
        "item": "category_4",
        "value": "86450",
        "unit": "tCO2e",
        "source": "Logistics system, distances × weight",
        "note": "Sea freight with the carriers' own factors",
    },
)


def frame_template(locale: str, file_format: str) -> bytes:
    """An empty table; `file_format` csv or xlsx."""
    return write_template(FRAME, locale, file_format)


def read_frame_rows(data: bytes, name: str) -> RawRows:
    """Rows, problems and notes of a frame file, items by key. Raises Invalid where the file cannot be read at all."""
    read = read_rows(data, name, FRAME.columns)
    names = {_plain(key): key for key in ITEMS}
    names |= {_plain(say(locale, words)): key for locale in LOCALES for key, words in ITEM_WORDS.items()}
    rows = tuple(_with_key(row, names) for row in read.rows)
    return replace(read, rows=rows)


def _with_key(row: RawRow, names: dict[str, str]) -> RawRow:
    item = row.values.get("item", "")
    return replace(row, values={**row.values, "item": names.get(_plain(item), item)})


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
