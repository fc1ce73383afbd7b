"""Page objects of the Excel round trip: what a filled workbook would change, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.questionnaire.kinds import read, show
from portal.core.questionnaire.model import Indicator, find_indicator, indicator, text_in
from portal.core.questionnaire.unit_words import unit_text
from portal.core.workbook.cells import code_of, site_of
from portal.language import N_, say
from portal.language.sentences import sentence
from portal.operations.answering import shown_raw
from portal.operations.scoring import Case
from portal.operations.workbook_judging import Difference, Judged
from portal.store.site_answers import AnyAnswer
from portal.store.workbooks import ImportedAnswer, WorkbookImport

# In the order in which they want a person's eye.
GROUPS = ("conflict", "unreadable", "emptied", "changed", "new", "locked", "closed")
TICKED = ("new", "changed")
DECIDED = (*TICKED, "conflict", "emptied")
# To be looked at one by one: never folded away.
UNFOLDED = ("conflict", "unreadable")
# More lines than this are folded by topic.
MOST_UNFOLDED = 10


@dataclass(frozen=True)
class DifferenceLine:
    """One answer in words: what the file says and where, what stands and who said so; `stands` is "" for nothing."""

    key: str
    code: str
    topic: str
    subject: str
    version: int
    said: str
    place: str
    stands: str
    saved: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class DifferenceTopic:
    """The lines of a group that belong to one topic."""

    code: str
    name: str
    lines: tuple[DifferenceLine, ...]


@dataclass(frozen=True)
class DifferenceGroup:
    """The answers that meet the file in one way. `decided` groups have a box each; `ticked` says how it starts.
    `topics` are the same lines by topic, none where they are always shown in a row; `folded` where there are many."""

    name: str
    lines: tuple[DifferenceLine, ...]
    topics: tuple[DifferenceTopic, ...]
    folded: bool
    decided: bool
    ticked: bool


@dataclass(frozen=True)
class TraceLine:
    """One answer taken from the file: its cells, who took it. `topic` is "" where it is not asked any more."""

    key: str
    code: str
    topic: str
    subject: str
    version: int
    cells: str
    by: str


@dataclass(frozen=True)
class PreviewPage:
    """A workbook looked through. `refused` are reasons for which nothing of it can be taken, `locked` says why nothing
    can be changed; `sites` are the ids of the sites it was worked out with; `taken` is what stands from it."""

    assessment_id: int
    round: str
    upload: WorkbookImport
    groups: tuple[DifferenceGroup, ...]
    unchanged: int
    notes: tuple[str, ...]
    refused: tuple[str, ...]
    locked: str
    sites: str
    taken: tuple[TraceLine, ...]

    @property
    def taken_folded(self) -> bool:
        return len(self.taken) > MOST_UNFOLDED

    @property
    def to_decide(self) -> int:
        return sum(len(group.lines) for group in self.groups if group.decided)


def groups_of(
    case: Case, differences: Iterable[Difference], when: Callable[[AnyAnswer], str], locale: str
) -> tuple[DifferenceGroup, ...]:
    """The differences by group, empty groups left out. `when(answer)` says when and by whom an answer was saved."""
    listed = list(differences)
    found = []
    for name in GROUPS:
        lines = tuple(_line(case, one, when, locale) for one in listed if one.group == name)
        if lines:
            topics = () if name in UNFOLDED else _by_topic(case, lines, locale)
            folded = bool(topics) and len(lines) > MOST_UNFOLDED
            found.append(DifferenceGroup(name, lines, topics, folded, name in DECIDED, name in TICKED))
    return tuple(found)


def _by_topic(case: Case, lines: Sequence[DifferenceLine], locale: str) -> tuple[DifferenceTopic, ...]:
    """The lines by topic, in the questionnaire's order."""
    return tuple(
        DifferenceTopic(topic.code, f"{topic.number}. {text_in(topic.name, locale)}", own)
        for topic in case.questionnaire.topics
        if (own := tuple(line for line in lines if line.topic == topic.code))
    )


def notes_of(judged: Judged, locale: str) -> tuple[str, ...]:
    """What a person should see before taking anything over."""
    return tuple(sentence(locale, note) for note in judged.notes)


def trace_lines(
    case: Case, taken: Sequence[ImportedAnswer], sites: Mapping[str, str], locale: str
) -> tuple[TraceLine, ...]:
    """What stands from a workbook. `sites` are the names of all sites that are or were in the assessment, by number."""
    lines = []
    for one in taken:
        code = code_of(one.row_key)
        asked = find_indicator(case.questionnaire, code)
        named = text_in(asked.subject, locale) if asked else say(locale, N_("not asked any more"))
        topic = asked.topic if asked else ""
        cells = [str(cell) for cell in one.cells]
        words = cells[0] if len(cells) == 1 else f"{cells[0]} … {cells[-1]}" if cells else ""
        subject = _at_site(named, sites.get(site_of(one.row_key), ""), locale)
        lines.append(TraceLine(one.row_key, code, topic, subject, one.version, words, one.taken_by.name))
    return tuple(lines)


def _line(case: Case, one: Difference, when: Callable[[AnyAnswer], str], locale: str) -> DifferenceLine:
    asked = indicator(case.questionnaire, one.code)
    return DifferenceLine(
        key=one.key,
        code=one.code,
        topic=asked.topic,
        subject=_at_site(text_in(asked.subject, locale), one.site, locale),
        version=one.version,
        said=_words(asked, one.given.raw, one.given.unit, locale),
        place=one.place,
        stands=_words(asked, shown_raw(one.stands), one.stands.unit, locale) if one.stands else "",
        saved=when(one.stands) if one.stands else "",
        problems=tuple(sentence(locale, problem) for problem in one.problems),
    )


def _at_site(subject: str, site: str, locale: str) -> str:
    return say(locale, N_("{subject}, site: {site}"), subject=subject, site=site) if site else subject


def _words(asked: Indicator, raw: Any, unit: str | None, locale: str) -> str:
    """A raw answer as people read it; as it was typed too where another unit was chosen. "" for nothing given."""
    reading = read(asked, raw, unit)
    if reading.value is None:
        return raw if isinstance(raw, str) else ""
    words = show(asked, reading.value, locale)
    if raw == []:
        return say(locale, N_("Nothing of it"))
    if unit and unit != asked.unit and isinstance(raw, str):
        return f"{raw} {unit_text(unit, locale)} = {words}"
    return words
