"""Reasons of a score sheet in words."""

from __future__ import annotations

from fractions import Fraction

from portal.core.exact import decimal_text, fraction_text, rounded
from portal.core.questionnaire.model import Text, text_in
from portal.core.questionnaire.unit_words import quantity_text
from portal.core.scoring.sheet import Quantity, Reason, ReasonValue
from portal.language.catalogue import say
from portal.language.sentences import sentences

LONGEST = 8


def reason_sentence(locale: str, reason: Reason) -> str:
    """Why a line of the score sheet earns what it earns, in the reader's language."""
    values = {name: _said(locale, value) for name, value in reason.values.items()}
    return say(locale, sentences()[reason.code], **values)


def _said(locale: str, value: ReasonValue) -> str:
    if isinstance(value, Text):
        return text_in(value, locale)
    if isinstance(value, tuple):
        return ("、" if locale == "zh" else "; ").join(text_in(text, locale) for text in value)
    if isinstance(value, Quantity):
        return quantity_text(value.number, value.unit, locale)
    if isinstance(value, Fraction):
        text = fraction_text(value)
        return text if len(text) <= LONGEST else f"≈{decimal_text(rounded(value, 4))}"
    return str(value)
