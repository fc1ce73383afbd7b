"""What an answer workbook holds, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.questionnaire.model import Indicator, Topic
from portal.core.workbook.identity import Identity


@dataclass(frozen=True)
class AnswerLine:
    """One question: `raw` and `unit` as they stand, `editable` whether its cells can be filled, `note` what a person
    should know first (why it is closed or locked, why it was returned), `waits` whether it opens by an answer that
    nobody has given yet. `site` names the site that answers, then the indicator is that of `at_site`; an `outcome` of
    sites is shown, not asked. A `heading` stands above the lines of sites that may differ: `raw` is then the company's
    answer in words."""

    indicator: Indicator
    raw: Any
    unit: str | None
    editable: bool
    note: str
    waits: bool
    site: str = ""
    outcome: bool = False
    heading: bool = False


@dataclass(frozen=True)
class AnswerBook:
    """A whole workbook. All but `topics` are texts for people; `locked` says why nothing can be filled in, or "";
    `sites` are the names of those it is answered for, none where the company answers for itself alone; `short`:
    only the short set is asked; `differing` are the lines where a site can say otherwise than the company and has not,
    question by question below a heading."""

    identity: Identity
    organisation: str
    company: str
    round: str
    period: str
    questionnaire: str
    made: str
    made_at: datetime
    locked: str
    topics: tuple[tuple[Topic, tuple[AnswerLine, ...]], ...]
    sites: tuple[str, ...] = ()
    short: bool = False
    differing: tuple[AnswerLine, ...] = ()


@dataclass(frozen=True)
class TopicSheet:
    """A sheet of questions as laid out, one per topic and that of differing sites: `places` are zero-based rows by row
    key, for a table the row of its first line."""

    title: str
    intro: str
    name: str
    lines: tuple[AnswerLine, ...]
    places: Mapping[str, int]
