"""One row of a carbon file as it would be stored, and the doubts about it that want a reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from portal.core.carbon.details import Details
from portal.core.carbon.doubts import Doubt, doubt_of
from portal.core.carbon.pact_tree import Document
from portal.core.problems import Problem

Value = TypeVar("Value")


@dataclass(frozen=True)
class Taken(Generic[Value]):
    """One row that can be stored: its `value`, and for each column the `cells` address and the text `typed` there.

    `about` names the row to people (a footprint's number, a year). Of footprints only: `details` beyond the short
    form, the PACT `document` as it came, and `guessed` columns that were filled in from what is known already.
    """

    number: int
    value: Value
    cells: Mapping[str, str]
    typed: Mapping[str, str]
    doubts: tuple[Problem, ...] = ()
    about: str = ""
    details: Details = field(default_factory=Details)
    document: Document | None = None
    guessed: frozenset[str] = frozenset()


def doubts_in(taken: Iterable[Taken[Any]]) -> list[Doubt]:
    """Every doubt about the rows with its key, in their order."""
    return [doubt for one in taken for doubt in doubts_on(one)]


def doubts_on(one: Taken[Any]) -> list[Doubt]:
    """The doubts about one row with their keys."""
    return [doubt_of(one.about, problem) for problem in one.doubts]
