"""Small indicators and questionnaires for tests: everything has a default, a test names only what it is about."""

from __future__ import annotations

from decimal import Decimal

from portal.core.questionnaire.model import (
    ROLES,
    Band,
    Column,
    Condition,
    Grade,
    Indicator,
    Option,
    Questionnaire,
    Text,
    Topic,
)

WORDS = Text("A question", "一个问题")


def option(key: str, points: str = "0") -> Option:
    return Option(key, Decimal(points), Text(f"Option {key}", f"选项{key}"))


def options(spec: str) -> tuple[Option, ...]:
    """Options from "none:0;all:1"."""
    return tuple(option(*part.split(":")) for part in spec.split(";"))


def bands(spec: str) -> tuple[Band, ...]:
    """Bands from ">=95:1;>0:0.4;else:0"."""
    found = []
    for part in spec.split(";"):
        condition, points = part.rsplit(":", 1)
        if condition == "else":
            found.append(Band("else", None, Decimal(points)))
        else:
            op = condition[:2] if condition[1] == "=" else condition[0]
            found.append(Band(op, Decimal(condition[len(op) :]), Decimal(points)))
    return tuple(found)


def column(key: str, points: str, kind: str = "text", unit: str = "") -> Column:
    share = kind == "percentage"
    low = Decimal(0) if kind in {"number", "percentage"} else Decimal(1990) if kind == "year" else None
    high = Decimal(100) if share else Decimal(2100) if kind == "year" else None
    return Column(key, Decimal(points), Text(key, f"列{key}"), WORDS, kind, unit, low, high, ())


def indicator(code: str, kind: str = "single", **given: object) -> Indicator:
    """An indicator; a choice without options gets none:0 and all:1."""
    if kind in {"single", "multiple", "yes_no"} and "options" not in given:
        given["options"] = options("yes:1;no:0" if kind == "yes_no" else "none:0;all:1")
    values: dict[str, object] = {
        "code": code,
        "number": int(code[-2:]),
        "topic": code[:3],
        "subject": WORDS,
        "question": WORDS,
        "help": WORDS,
        "nature": "action",
        "kind": kind,
        "unit": {"percentage": "%", "number": "count"}.get(kind, ""),
        "units": (),
        "minimum": Decimal(0) if kind in {"number", "percentage"} else None,
        "maximum": Decimal(100) if kind == "percentage" else None,
        "whole": False,
        "options": (),
        "columns": (),
        "rule": {"number": "unscored", "percentage": "ratio", "date": "unscored", "text": "unscored"}.get(
            kind, "ratio" if kind == "table" else "option"
        ),
        "bands": (),
        "weight": 1,
        "evidence": "none",
        "evidence_help": None,
        "gating": False,
        "depends_on": None,
        "applies_to": frozenset(ROLES),
        "standards": (),
        "hint": WORDS,
        "minutes": 2,
    }
    return Indicator(**{**values, **given})  # type: ignore[arg-type]


def when(code: str, *keys: str) -> Condition:
    return Condition(code, keys)


def topic(code: str, *indicators: Indicator, weight: int = 100) -> Topic:
    return Topic(code, 1, WORDS, WORDS, WORDS, weight, indicators)


def questionnaire(*topics: Topic) -> Questionnaire:
    grades = tuple(Grade(letter, Decimal(n)) for letter, n in (("A", 85), ("B", 70), ("C", 55), ("D", 0)))
    return Questionnaire("small", "1", "draft", WORDS, topics, grades, "D")
