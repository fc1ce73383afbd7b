"""Nodes of questionnaire files to the model: which keys, which types. Sense is `core.questionnaire.soundness`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

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
    ShortSet,
    Suggestion,
    Topic,
)
from portal.files.questionnaire_spots import (
    NOTHING,
    Spot,
    check_keys,
    exact,
    flag,
    get,
    label_of,
    list_of,
    one_of,
    text_of,
    whole,
    word,
    wrong,
)

HUNDRED = Decimal(100)


def _option(spot: Spot) -> Option:
    check_keys(spot, "key points en zh")
    return Option(get(spot, "key", word, ""), get(spot, "points", exact, Decimal(0)), label_of(spot))


def _suggestion(spot: Spot) -> Suggestion:
    check_keys(spot, "value en zh")
    return Suggestion(get(spot, "value", word, ""), label_of(spot))


def _column(spot: Spot) -> Column:
    check_keys(spot, "key points kind label help", "unit minimum maximum suggestions")
    kind = get(spot, "kind", one_of(COLUMN_KINDS), "text")
    low, high = _limits(spot, kind)
    return Column(
        key=get(spot, "key", word, ""),
        points=get(spot, "points", exact, Decimal(0)),
        label=get(spot, "label", text_of, NOTHING),
        help=get(spot, "help", text_of, NOTHING),
        kind=kind,
        unit=get(spot, "unit", word, ""),
        minimum=low,
        maximum=high,
        suggestions=get(spot, "suggestions", list_of(_suggestion), ()),
    )


def _limits(spot: Spot, kind: str) -> tuple[Decimal | None, Decimal | None]:
    """Inclusive limits; a percentage is 0..100 unless the file says otherwise."""
    share = kind == "percentage"
    low = get(spot, "minimum", exact, Decimal(0) if share else None)
    return low, get(spot, "maximum", exact, HUNDRED if share else None)


def _band(spot: Spot) -> Band:
    check_keys(spot, "op points", "bound")
    op = get(spot, "op", one_of(BAND_OPERATORS), "else")
    bound = get(spot, "bound", exact, None)
    if spot.node.kind == "map" and (bound is None) != (op == "else"):
        wrong(spot, "band_bound_missing" if bound is None else "band_else_with_bound")
    return Band(op, bound, get(spot, "points", exact, Decimal(0)))


def _condition(spot: Spot) -> Condition:
    check_keys(spot, "indicator any_of")
    return Condition(get(spot, "indicator", word, ""), get(spot, "any_of", list_of(word), ()))


def _roles(spot: Spot) -> frozenset[str]:
    if spot.node.kind == "text" and spot.node.text == "all":
        return frozenset(ROLES)
    return frozenset(list_of(one_of(ROLES))(spot))


def _indicator(topic: str) -> Callable[[Spot], Indicator]:
    def read(spot: Spot) -> Indicator:
        check_keys(
            spot,
            "code number nature kind weight rule evidence applies_to standards minutes subject question help hint",
            "unit units minimum maximum whole gating depends_on evidence_help options columns bands",
        )
        kind = get(spot, "kind", one_of(KIND_NAMES), "text")
        low, high = _limits(spot, kind)
        return Indicator(
            code=get(spot, "code", word, ""),
            number=get(spot, "number", whole, 0),
            topic=topic,
            subject=get(spot, "subject", text_of, NOTHING),
            question=get(spot, "question", text_of, NOTHING),
            help=get(spot, "help", text_of, NOTHING),
            nature=get(spot, "nature", one_of(NATURES), NATURES[0]),
            kind=kind,
            unit=get(spot, "unit", word, ""),
            units=get(spot, "units", list_of(word), ()),
            minimum=low,
            maximum=high,
            whole=get(spot, "whole", flag, False),
            options=get(spot, "options", list_of(_option), ()),
            columns=get(spot, "columns", list_of(_column), ()),
            rule=get(spot, "rule", one_of(RULES), "unscored"),
            bands=get(spot, "bands", list_of(_band), ()),
            weight=get(spot, "weight", whole, 1),
            evidence=get(spot, "evidence", one_of(EVIDENCE_RULES), "none"),
            evidence_help=get(spot, "evidence_help", text_of, None),
            gating=get(spot, "gating", flag, False),
            depends_on=get(spot, "depends_on", _condition, None),
            applies_to=get(spot, "applies_to", _roles, frozenset(ROLES)),
            standards=get(spot, "standards", list_of(word), ()),
            hint=get(spot, "hint", text_of, NOTHING),
            minutes=get(spot, "minutes", whole, 1),
        )

    return read


def shape_topic(spot: Spot) -> Topic:
    """One topic from the root of its file."""
    check_keys(spot, "code number name dimension weight intro indicators")
    code = get(spot, "code", word, "")
    return Topic(
        code=code,
        number=get(spot, "number", whole, 0),
        name=get(spot, "name", text_of, NOTHING),
        intro=get(spot, "intro", text_of, NOTHING),
        dimension=get(spot, "dimension", text_of, NOTHING),
        weight=get(spot, "weight", whole, 1),
        indicators=get(spot, "indicators", list_of(_indicator(code)), ()),
    )


def _grade(spot: Spot) -> Grade:
    check_keys(spot, "letter from")
    return Grade(get(spot, "letter", word, ""), get(spot, "from", exact, Decimal(0)))


def _short_set(spot: Spot) -> ShortSet | None:
    check_keys(spot, "gating weight_at_least")
    return ShortSet(get(spot, "gating", flag, False), get(spot, "weight_at_least", whole, 1))


def shape_questionnaire(spot: Spot) -> tuple[Questionnaire, tuple[Spot, ...]]:
    """The questionnaire without its topics, and the spots that name the topic files."""
    check_keys(spot, "name version status title red_flag_grade grades topics", "inherits short_set")
    frame = Questionnaire(
        name=get(spot, "name", word, ""),
        version=get(spot, "version", word, ""),
        status=get(spot, "status", one_of(STATUSES), STATUSES[0]),
        title=get(spot, "title", text_of, NOTHING),
        topics=(),
        grades=get(spot, "grades", list_of(_grade), ()),
        red_flag_grade=get(spot, "red_flag_grade", word, ""),
        inherits=get(spot, "inherits", word, ""),
        short_set=get(spot, "short_set", _short_set, None),
    )
    return frame, get(spot, "topics", list_of(_itself), ())


def _itself(spot: Spot) -> Spot:
    return spot
