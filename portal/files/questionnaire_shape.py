"""Nodes of questionnaire files to the model: which keys, which types. Sense is `core.questionnaire.soundness`.

Every problem is noted and reading goes on with a stand-in, so that one run reports everything; what hangs on a
stand-in is remembered in `broken` so that no problem is reported twice under two names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from portal.core.problems import Problem
from portal.core.questionnaire.model import (
    BAND_OPERATORS,
    COLUMN_KINDS,
    EVIDENCE_RULES,
    KIND_NAMES,
    NATURES,
    ROLES,
    RULES,
    STATUSES,
    Band,
    Column,
    Condition,
    Grade,
    Indicator,
    Option,
    Questionnaire,
    Suggestion,
    Text,
    Topic,
)
from portal.files.questionnaire_yaml import Node

T = TypeVar("T")
NOTHING = Text("", "")
HUNDRED = Decimal(100)
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)


@dataclass
class Notes:
    """What was found while reading: problems, and the model paths whose value is only a stand-in."""

    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Spot:
    """A node with its place: `inside` is its key path in `file`, `prefix` the model path of the file's root."""

    node: Node
    file: str
    inside: str
    prefix: str
    notes: Notes

    @property
    def where(self) -> str:
        return f"{self.file}:{self.node.line} {self.inside}".rstrip()

    @property
    def path(self) -> str:
        return joined(self.prefix, self.inside)


def joined(prefix: str, inside: str) -> str:
    """One model path from the path of a file's root and the key path in the file."""
    return f"{prefix}.{inside}" if prefix and inside else prefix or inside


def places(spot: Spot) -> Iterable[tuple[str, str]]:
    """Model path and `where` of a spot and everything below it."""
    yield spot.path, spot.where
    for key in spot.node.fields:
        yield from places(_below(spot, key))
    for number, _ in enumerate(spot.node.items):
        yield from places(_item(spot, number))


def _below(spot: Spot, key: str) -> Spot:
    inside = f"{spot.inside}.{key}" if spot.inside else key
    return Spot(spot.node.fields[key], spot.file, inside, spot.prefix, spot.notes)


def _item(spot: Spot, number: int) -> Spot:
    return Spot(spot.node.items[number], spot.file, f"{spot.inside}[{number}]", spot.prefix, spot.notes)


def _wrong(spot: Spot, code: str, **values: object) -> None:
    spot.notes.problems.append(Problem(code, spot.where, values))
    spot.notes.broken.add(spot.path)


def _keys(spot: Spot, required: str, optional: str = "") -> bool:
    """Report unknown and missing keys; whether the node is a map at all."""
    if spot.node.kind != "map":
        _wrong(spot, "shape_map_expected")
        return False
    known = {*required.split(), *optional.split()}
    for key in spot.node.fields:
        if key not in known:
            where = _below(spot, key).where
            values = {"key": key, "known": ", ".join(sorted(known))}
            spot.notes.problems.append(Problem("key_unknown", where, values))
    for key in required.split():
        if key not in spot.node.fields:
            _wrong(spot, "key_missing", key=key)
    return True


def _get(spot: Spot, key: str, read: Callable[[Spot], T], default: T) -> T:
    return read(_below(spot, key)) if key in spot.node.fields else default


def _word(spot: Spot) -> str:
    if spot.node.kind != "text":
        _wrong(spot, "shape_text_expected")
        return ""
    return spot.node.text.strip()


def _one_of(words: Iterable[str]) -> Callable[[Spot], str]:
    allowed = tuple(words)

    def read(spot: Spot) -> str:
        word = _word(spot)
        if word not in allowed:
            if spot.node.kind == "text":
                _wrong(spot, "word_unknown", found=word[:60], allowed=", ".join(allowed))
            return allowed[0]
        return word

    return read


def _whole(spot: Spot) -> int:
    if spot.node.kind != "text" or not _WHOLE.fullmatch(spot.node.text):
        _wrong(spot, "shape_whole_expected", found=spot.node.text[:60])
        return 1
    return int(spot.node.text)


def _exact(spot: Spot) -> Decimal:
    if spot.node.kind != "text" or not _DECIMAL.fullmatch(spot.node.text):
        _wrong(spot, "shape_number_expected", found=spot.node.text[:60])
        return Decimal(0)
    if not spot.node.quoted:
        _wrong(spot, "number_not_quoted", found=spot.node.text)
    return Decimal(spot.node.text)


def _flag(spot: Spot) -> bool:
    return _one_of(("false", "true"))(spot) == "true"


def _list(read: Callable[[Spot], T]) -> Callable[[Spot], tuple[T, ...]]:
    def read_all(spot: Spot) -> tuple[T, ...]:
        if spot.node.kind != "list":
            _wrong(spot, "shape_list_expected")
            return ()
        return tuple(read(_item(spot, number)) for number in range(len(spot.node.items)))

    return read_all


def _text(spot: Spot) -> Text:
    if not _keys(spot, "en zh"):
        return NOTHING
    return Text(_get(spot, "en", _word, ""), _get(spot, "zh", _word, ""))


def _label(spot: Spot) -> Text:
    """The texts of an option or suggestion stand beside its key."""
    return Text(_get(spot, "en", _word, ""), _get(spot, "zh", _word, ""))


def _option(spot: Spot) -> Option:
    _keys(spot, "key points en zh")
    return Option(_get(spot, "key", _word, ""), _get(spot, "points", _exact, Decimal(0)), _label(spot))


def _suggestion(spot: Spot) -> Suggestion:
    _keys(spot, "value en zh")
    return Suggestion(_get(spot, "value", _word, ""), _label(spot))


def _column(spot: Spot) -> Column:
    _keys(spot, "key points kind label help", "unit minimum maximum suggestions")
    kind = _get(spot, "kind", _one_of(COLUMN_KINDS), "text")
    low, high = _limits(spot, kind)
    return Column(
        key=_get(spot, "key", _word, ""),
        points=_get(spot, "points", _exact, Decimal(0)),
        label=_get(spot, "label", _text, NOTHING),
        help=_get(spot, "help", _text, NOTHING),
        kind=kind,
        unit=_get(spot, "unit", _word, ""),
        minimum=low,
        maximum=high,
        suggestions=_get(spot, "suggestions", _list(_suggestion), ()),
    )


def _limits(spot: Spot, kind: str) -> tuple[Decimal | None, Decimal | None]:
    """Inclusive limits; a percentage is 0..100 unless the file says otherwise."""
    share = kind == "percentage"
    low = _get(spot, "minimum", _exact, Decimal(0) if share else None)
    return low, _get(spot, "maximum", _exact, HUNDRED if share else None)


def _band(spot: Spot) -> Band:
    _keys(spot, "op points", "bound")
    op = _get(spot, "op", _one_of(BAND_OPERATORS), "else")
    bound = _get(spot, "bound", _exact, None)
    if spot.node.kind == "map" and (bound is None) != (op == "else"):
        _wrong(spot, "band_bound_missing" if bound is None else "band_else_with_bound")
    return Band(op, bound, _get(spot, "points", _exact, Decimal(0)))


def _condition(spot: Spot) -> Condition:
    _keys(spot, "indicator any_of")
    return Condition(_get(spot, "indicator", _word, ""), _get(spot, "any_of", _list(_word), ()))


def _roles(spot: Spot) -> frozenset[str]:
    if spot.node.kind == "text" and spot.node.text == "all":
        return frozenset(ROLES)
    return frozenset(_list(_one_of(ROLES))(spot))


def _indicator(topic: str) -> Callable[[Spot], Indicator]:
    def read(spot: Spot) -> Indicator:
        _keys(
            spot,
            "code number nature kind weight rule evidence applies_to standards minutes subject question help hint",
            "unit units minimum maximum whole gating depends_on evidence_help options columns bands",
        )
        kind = _get(spot, "kind", _one_of(KIND_NAMES), "text")
        low, high = _limits(spot, kind)
        return Indicator(
            code=_get(spot, "code", _word, ""),
            number=_get(spot, "number", _whole, 0),
            topic=topic,
            subject=_get(spot, "subject", _text, NOTHING),
            question=_get(spot, "question", _text, NOTHING),
            help=_get(spot, "help", _text, NOTHING),
            nature=_get(spot, "nature", _one_of(NATURES), NATURES[0]),
            kind=kind,
            unit=_get(spot, "unit", _word, ""),
            units=_get(spot, "units", _list(_word), ()),
            minimum=low,
            maximum=high,
            whole=_get(spot, "whole", _flag, False),
            options=_get(spot, "options", _list(_option), ()),
            columns=_get(spot, "columns", _list(_column), ()),
            rule=_get(spot, "rule", _one_of(RULES), "unscored"),
            bands=_get(spot, "bands", _list(_band), ()),
            weight=_get(spot, "weight", _whole, 1),
            evidence=_get(spot, "evidence", _one_of(EVIDENCE_RULES), "none"),
            evidence_help=_get(spot, "evidence_help", _text, None),
            gating=_get(spot, "gating", _flag, False),
            depends_on=_get(spot, "depends_on", _condition, None),
            applies_to=_get(spot, "applies_to", _roles, frozenset(ROLES)),
            standards=_get(spot, "standards", _list(_word), ()),
            hint=_get(spot, "hint", _text, NOTHING),
            minutes=_get(spot, "minutes", _whole, 1),
        )

    return read


def shape_topic(spot: Spot) -> Topic:
    """One topic from the root of its file."""
    _keys(spot, "code number name dimension weight intro indicators")
    code = _get(spot, "code", _word, "")
    return Topic(
        code=code,
        number=_get(spot, "number", _whole, 0),
        name=_get(spot, "name", _text, NOTHING),
        intro=_get(spot, "intro", _text, NOTHING),
        dimension=_get(spot, "dimension", _text, NOTHING),
        weight=_get(spot, "weight", _whole, 1),
        indicators=_get(spot, "indicators", _list(_indicator(code)), ()),
    )


def _grade(spot: Spot) -> Grade:
    _keys(spot, "letter from")
    return Grade(_get(spot, "letter", _word, ""), _get(spot, "from", _exact, Decimal(0)))


def shape_questionnaire(spot: Spot) -> tuple[Questionnaire, tuple[Spot, ...]]:
    """The questionnaire without its topics, and the spots that name the topic files."""
    _keys(spot, "name version status title red_flag_grade grades topics")
    frame = Questionnaire(
        name=_get(spot, "name", _word, ""),
        version=_get(spot, "version", _word, ""),
        status=_get(spot, "status", _one_of(STATUSES), STATUSES[0]),
        title=_get(spot, "title", _text, NOTHING),
        topics=(),
        grades=_get(spot, "grades", _list(_grade), ()),
        red_flag_grade=_get(spot, "red_flag_grade", _word, ""),
    )
    return frame, _get(spot, "topics", _list(_itself), ())


def _itself(spot: Spot) -> Spot:
    return spot
