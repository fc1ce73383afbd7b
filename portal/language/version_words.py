"""What differs between two versions of a questionnaire, in words."""

from __future__ import annotations

from portal.core.questionnaire.diff import Difference, Said
from portal.core.questionnaire.model import Text, text_in
from portal.language.catalogue import say
from portal.language.marker import N_
from portal.language.sentences import sentences

NONE = "–"
WORDS = {
    "diff_nature": {
        "result": N_("a measured result"),
        "action": N_("an action"),
        "policy": N_("a policy"),
        "commitment": N_("a commitment"),
        "certification": N_("a certificate"),
    },
    "diff_kind": {
        "yes_no": N_("yes/no"),
        "single": N_("single choice"),
        "multiple": N_("multiple choice"),
        "number": N_("number"),
        "percentage": N_("percentage"),
        "date": N_("date"),
        "text": N_("text"),
        "table": N_("table"),
    },
    "diff_rule": {
        "option": N_("by option"),
        "ratio": N_("by share"),
        "bands": N_("by band"),
        "unscored": N_("not at all"),
    },
    "diff_evidence": {"none": N_("not asked for"), "optional": N_("optional"), "required": N_("required")},
    "diff_effort": {
        "hours": N_("hours"),
        "days": N_("days"),
        "weeks": N_("weeks"),
        "months": N_("months"),
    },
    "diff_applies_to": {
        "manufacturing": N_("manufacturing"),
        "minerals": N_("minerals"),
        "logistics": N_("logistics"),
        "services": N_("services"),
    },
}


def difference_sentence(locale: str, difference: Difference) -> str:
    """One difference in the reader's language, without the code of the indicator."""
    words = WORDS.get(difference.code, {})
    values = {name: _said(locale, value, words) for name, value in difference.values.items()}
    return say(locale, sentences()[difference.code], **values)


def _said(locale: str, value: Said, words: dict[str, str]) -> str:
    if isinstance(value, Text):
        return text_in(value, locale) or NONE
    if isinstance(value, tuple):
        parts = [_said(locale, part, words) for part in value]
        return ("、" if locale == "zh" else ", ").join(parts) or NONE
    if isinstance(value, str):
        return say(locale, words[value]) if value in words else value or NONE
    return str(value)
