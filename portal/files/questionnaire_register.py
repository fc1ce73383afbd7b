"""register.yaml beside the topics: which answers the carbon register knows."""

from __future__ import annotations

from portal.core.problems import Problem
from portal.core.questionnaire.hint_rule import Rule, parse_rule
from portal.core.questionnaire.model import WHOSE, FilledColumn, RegisterEntry
from portal.core.questionnaire.soundness_register import PAGES
from portal.files.questionnaire_spots import (
    NOTHING,
    Spot,
    below,
    check_keys,
    get,
    list_of,
    one_of,
    text_of,
    word,
    wrong,
)

REGISTER = "register.yaml"


def shape_register(spot: Spot) -> tuple[RegisterEntry, ...]:
    """The entries of register.yaml, in the order of the file."""
    check_keys(spot, "register")
    return get(spot, "register", list_of(_entry), ())


def _entry(spot: Spot) -> RegisterEntry:
    check_keys(spot, "indicator page text", "for take columns same_row when note")
    return RegisterEntry(
        indicator=get(spot, "indicator", word, ""),
        page=get(spot, "page", one_of(PAGES), PAGES[0]),
        take=get(spot, "take", word, ""),
        columns=get(spot, "columns", _columns, ()),
        same_row=get(spot, "same_row", list_of(word), ()),
        when=get(spot, "when", lambda s: s.node.text.strip(), ""),
        rule=get(spot, "when", _rule, None),
        text=get(spot, "text", text_of, NOTHING),
        note=get(spot, "note", text_of, None),
        whose=get(spot, "for", one_of(WHOSE), WHOSE[0]),
    )


def _rule(spot: Spot) -> Rule | None:
    text = word(spot)
    read = parse_rule(text) if spot.node.kind == "text" else None
    if isinstance(read, Problem):
        wrong(spot, read.code, **read.values)
        return None
    return read


def _columns(spot: Spot) -> tuple[FilledColumn, ...]:
    if spot.node.kind != "map":
        wrong(spot, "shape_map_expected")
        return ()
    return tuple(_column(key, below(spot, key)) for key in spot.node.fields)


def _column(key: str, spot: Spot) -> FilledColumn:
    if spot.node.kind != "map":
        return FilledColumn(key, word(spot), {})
    check_keys(spot, "field words")
    return FilledColumn(key, get(spot, "field", word, ""), get(spot, "words", _words, {}))


def _words(spot: Spot) -> dict[str, str]:
    if spot.node.kind != "map":
        wrong(spot, "shape_map_expected")
        return {}
    return {key: word(below(spot, key)) for key in spot.node.fields}
