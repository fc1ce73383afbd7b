"""Words of a workbook's cells, recognised in both languages and by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.core.finding import folded
from portal.core.questionnaire.model import Column, Indicator, Text, text_in
from portal.core.questionnaire.tables import YES_NO
from portal.core.questionnaire.unit_words import unit_choice

LOCALES = ("en", "zh")
MARKS = {
    "yes": ("yes", "y", "true", "x", "1", "✓", "✔", "√", "☑", "是", "对", "有"),
    "no": ("no", "n", "false", "0", "✗", "✘", "×", "☐", "否", "不", "无"),
}
_MARKS = {word: key for key, words in MARKS.items() for word in words}


def mark_of(text: str) -> str | None:
    """ "yes" or "no" for a mark in any usual form, None for anything else."""
    return _MARKS.get(folded(text))


def mark_word(key: str, locale: str) -> str:
    """ "yes" or "no" as a drop-down offers it."""
    word = text_in(YES_NO[key], locale)
    return word.capitalize() if locale == "en" else word


def option_words(indicator: Indicator, locale: str) -> dict[str, str]:
    """What the drop-down offers for each option by key; the key stands behind words that two options share."""
    return _told_apart({option.key: text_in(option.label, locale) for option in indicator.options})


def option_key(indicator: Indicator, text: str) -> str | None:
    """The option meant by `text`: its words in either language, its key; plain yes and no where they are keys."""
    keys = {option.key for option in indicator.options}
    if text.strip() in keys:
        return text.strip()
    offered = _keys_by_words(option_words(indicator, locale) for locale in LOCALES)
    found = offered.get(folded(text))
    if found is None and indicator.kind == "yes_no":
        found = mark_of(text)
    return found if found in keys else None


def unit_words(indicator: Indicator, locale: str) -> dict[str, str]:
    """What the drop-down offers for each unit an answer may be given in, by unit."""
    return {unit: unit_choice(unit, locale) for unit in (indicator.unit, *indicator.units)}


def unit_key(indicator: Indicator, text: str) -> str | None:
    """The unit meant by `text` among those offered, None for any other."""
    words = _keys_by_words(unit_words(indicator, locale) for locale in LOCALES)
    exact = {unit for unit in (indicator.unit, *indicator.units) if unit == text.strip()}
    return next(iter(exact), None) or words.get(folded(text))


def cell_words(column: Column, locale: str) -> dict[str, str]:
    """What the drop-down of a table column offers, by value: suggestions, or yes and no."""
    if column.kind == "yes_no":
        return {key: mark_word(key, locale) for key in YES_NO}
    return _told_apart({s.value: text_in(s.label, locale) for s in column.suggestions})


def cell_value(column: Column, text: str) -> str:
    """The value meant by the words of a suggestion or of yes and no; any other text as it is."""
    if column.kind == "yes_no":
        return mark_of(text) or text
    if any(s.value == text for s in column.suggestions):
        return text
    words = _keys_by_words(cell_words(column, locale) for locale in LOCALES)
    return words.get(folded(text), text)


def label(text: Text, locale: str) -> str:
    """A text in the reader's language on one line."""
    return " ".join(text_in(text, locale).split())


def _told_apart(words: Mapping[str, str]) -> dict[str, str]:
    spoken = [folded(text) for text in words.values()]
    return {
        key: text if spoken.count(folded(text)) == 1 else f"{text} [{key}]" for key, text in words.items()
    }


def _keys_by_words(all_words: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Words to key; words that mean different keys in the two languages mean none."""
    found: dict[str, str] = {}
    unclear: set[str] = set()
    for words in all_words:
        for key, text in words.items():
            if found.setdefault(folded(text), key) != key:
                unclear.add(folded(text))
    return {text: key for text, key in found.items() if text not in unclear}
