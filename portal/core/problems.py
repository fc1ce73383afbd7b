"""What is wrong, as data. Core and files name a problem by code; the doors turn it into a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One thing wrong with something a person gave us.

    `code` names the rule (for example ``number_expected``) and is a key of the sentence catalogue
    `portal.language.sentences.SENTENCES`; `where` says in which place (an indicator code, ``B7``,
    ``ledger.csv:12:quantity``), empty when the sentence needs no place; `values` fill the sentence.
    """

    code: str
    where: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
