"""What an indicator corresponds to in other frameworks, from the words of its `standards`.

A reference names where a neighbouring question stands; it does not say that both ask the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.questionnaire.model import Indicator

# The frameworks other customers ask by, with the first word of a reference to each.
FRAMEWORKS = ("GRI", "RBA", "SAQ 5.0", "EcoVadis", "SSI")
OTHER = "other"
_FIRST_WORDS = {"GRI": "GRI", "RBA": "RBA", "SAQ5": "SAQ 5.0", "EcoVadis": "EcoVadis", "SSI": "SSI"}


@dataclass(frozen=True)
class Reference:
    """One place in a framework: "GRI" and "2-9"; in "other" the whole text, such as "ISO 14001"."""

    framework: str
    place: str


def references_of(indicator: Indicator) -> tuple[Reference, ...]:
    """The references of an indicator in the order of its `standards`, each once."""
    return tuple(dict.fromkeys(read_reference(text) for text in indicator.standards))


def read_reference(text: str) -> Reference:
    """One entry of `standards`: a first word that names a framework, the rest the place in it."""
    words = " ".join(text.split())
    first, _, rest = words.partition(" ")
    framework = _FIRST_WORDS.get(first)
    return Reference(framework, rest) if framework and rest else Reference(OTHER, words)


def places_in(indicator: Indicator, framework: str) -> tuple[str, ...]:
    """The places of one framework that an indicator refers to."""
    return tuple(one.place for one in references_of(indicator) if one.framework == framework)
