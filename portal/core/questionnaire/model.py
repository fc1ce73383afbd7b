"""The definition of a questionnaire as plain values.

A version differs in data only: code knows kinds of answer, not questions. Points, bounds and limits are
Decimal and exact; weights and minutes are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.core.questionnaire.hint_rule import Rule

ROLES = ("manufacturing", "minerals", "logistics", "services")
KIND_NAMES = ("yes_no", "single", "multiple", "number", "percentage", "date", "text", "table")
CHOICE_KINDS = ("yes_no", "single", "multiple")
COLUMN_KINDS = ("text", "number", "percentage", "year", "yes_no")
NATURES = ("result", "action", "policy", "commitment", "certification")
RULES = ("option", "ratio", "bands", "unscored")
BAND_OPERATORS = ("<", "<=", ">", ">=", "else")
EVIDENCE_RULES = ("none", "optional", "required")
STATUSES = ("draft", "published")
EFFORTS = ("hours", "days", "weeks", "months")
CARRY_WAYS = ("same", "renamed_from", "ask_again", "dropped")
LEVELS = ("group", "site")
ROLL_UPS = ("worst", "sum", "output_weighted_mean", "weighted_mean")
WHOSE = ("company", "site", "sites")
WORST_ENDS = ("lowest", "highest")


@dataclass(frozen=True)
class Text:
    """One text in both languages: English and 简体中文."""

    en: str
    zh: str


@dataclass(frozen=True)
class Option:
    """One option of a choice; `points` 0..1."""

    key: str
    points: Decimal
    label: Text


@dataclass(frozen=True)
class Suggestion:
    """A ready-made value offered in a text column; other values may be written too."""

    value: str
    label: Text


@dataclass(frozen=True)
class Column:
    """One column of a table; `points` 0..1 is what a filled cell is worth. `kind` is one of COLUMN_KINDS."""

    key: str
    points: Decimal
    label: Text
    help: Text
    kind: str
    unit: str
    minimum: Decimal | None
    maximum: Decimal | None
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class Band:
    """`points` where `value op bound` holds; `op` is one of BAND_OPERATORS, `else` has no bound."""

    op: str
    bound: Decimal | None
    points: Decimal


@dataclass(frozen=True)
class Condition:
    """The indicator is in play when any of the options `any_of` of `indicator` is chosen."""

    indicator: str
    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Indicator:
    """One question with everything that decides how it is asked, read, supported and scored.

    `unit` is the unit values are kept in, `units` the other units of the same class a person may type in;
    `minimum` and `maximum` are inclusive, None where there is no limit; `whole` asks for whole numbers.
    `applies_to` names supplier roles; an indicator for all roles names all of them.
    `minutes` is a rough time to answer, for the progress display only; `effort`, one of EFFORTS, is what it usually
    takes to improve the answer, "" where the version does not say.

    `level`, one of LEVELS, says where it is answered in an assessment per site, "" where the version knows no sites;
    `roll_up`, one of ROLL_UPS, makes one answer of those of the sites, "" where a site can have none of its own.
    `worst_end`, one of WORST_ENDS, says which end of an unscored number or date is the worst; `weighed_by` names the
    indicator whose answers weigh the sites in a weighted mean.
    """

    code: str
    number: int
    topic: str
    subject: Text
    question: Text
    help: Text
    nature: str
    kind: str
    unit: str
    units: tuple[str, ...]
    minimum: Decimal | None
    maximum: Decimal | None
    whole: bool
    options: tuple[Option, ...]
    columns: tuple[Column, ...]
    rule: str
    bands: tuple[Band, ...]
    weight: int
    evidence: str
    evidence_help: Text | None
    gating: bool
    depends_on: Condition | None
    applies_to: frozenset[str]
    standards: tuple[str, ...]
    hint: Text
    minutes: int
    effort: str = ""
    level: str = ""
    roll_up: str = ""
    worst_end: str = ""
    weighed_by: str = ""


@dataclass(frozen=True)
class Topic:
    """A group of indicators with its weight in the total; the weights of all topics sum to 100."""

    code: str
    number: int
    name: Text
    intro: Text
    dimension: Text
    weight: int
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Grade:
    """`letter` is given from `from_score` upwards, on 0..100."""

    letter: str
    from_score: Decimal


@dataclass(frozen=True)
class Hint:
    """A contradiction between answers, or between answers and the carbon register, worth a word to the supplier.

    `when` is the rule as written, `rule` as read; `indicators` the answers it concerns. The text may name figures:
    {NRG-02}, {register.certificates}.
    """

    id: str
    when: str
    rule: Rule
    indicators: tuple[str, ...]
    text: Text


@dataclass(frozen=True)
class CarryRule:
    """What becomes of an earlier answer in a newer version; `way` is one of CARRY_WAYS.

    `code` names the indicator of the newer version, for "dropped" that of the older one. `source` is the older
    indicator the answer comes from ("renamed_from") or is shown from ("ask_again"), "" where there is none.
    """

    code: str
    way: str
    source: str


@dataclass(frozen=True)
class FilledColumn:
    """One column of a table that a row of the register fills: from `field` of the row, by the words of `words` where
    the register's key is not what people write."""

    key: str
    field: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class RegisterEntry:
    """What the carbon register knows about one answer, as long as `rule` certainly holds.

    `whose` is one of WHOSE: the company's answer, the answer of each site where an assessment is answered per site, or
    something to tell beside the answers of all sites.

    `take` names the fact or the rows that make the answer, "" where the register can only tell something: `text` then
    says it, and otherwise what the figure rests on (year, sites). `columns` are filled in a table; rows whose cells in
    `same_row` agree keep what a person wrote in the other columns. `page` is the page of the register, `note` what
    is left to the person.
    """

    indicator: str
    page: str
    take: str
    columns: tuple[FilledColumn, ...]
    same_row: tuple[str, ...]
    when: str
    rule: Rule | None
    text: Text
    note: Text | None
    whose: str = "company"


@dataclass(frozen=True)
class ShortSet:
    """Which indicators small suppliers are asked: the gating ones (`gating`) and those of at least that weight in
    their topic. What they depend on is asked too (`core.questionnaire.short`)."""

    gating: bool
    weight_at_least: int


@dataclass(frozen=True)
class Questionnaire:
    """One version; `grades` from best to worst, `red_flag_grade` is the best grade under a red flag.

    `inherits` is the version whose files it changes, "" for one written in full. `carry` says what becomes of answers
    to that version, `carry_others` that every indicator not named there is the same in both. `short_set` is the rule
    of the short set for small suppliers, None where the version has none.
    """

    name: str
    version: str
    status: str
    title: Text
    topics: tuple[Topic, ...]
    grades: tuple[Grade, ...]
    red_flag_grade: str
    hints: tuple[Hint, ...] = ()
    inherits: str = ""
    carry: tuple[CarryRule, ...] = ()
    carry_others: bool = False
    register: tuple[RegisterEntry, ...] = ()
    short_set: ShortSet | None = None


def text_in(text: Text, locale: str) -> str:
    """`text` in the locale "en" or "zh"."""
    return text.zh if locale == "zh" else text.en


def questionnaire_id(questionnaire: Questionnaire) -> str:
    """Name and version as one id, for example ``sustainability/2026.1``."""
    return f"{questionnaire.name}/{questionnaire.version}"


def indicators_of(questionnaire: Questionnaire) -> Iterator[Indicator]:
    """All indicators in the order they are asked."""
    for topic in questionnaire.topics:
        yield from topic.indicators


def find_indicator(questionnaire: Questionnaire, code: str) -> Indicator | None:
    """The indicator with this code, or None."""
    return next((i for i in indicators_of(questionnaire) if i.code == code), None)


def indicator(questionnaire: Questionnaire, code: str) -> Indicator:
    """The indicator with this code. Raises KeyError for an unknown code."""
    found = find_indicator(questionnaire, code)
    if found is None:
        raise KeyError(code)
    return found


def find_topic(questionnaire: Questionnaire, code: str) -> Topic | None:
    """The topic with this code, or None."""
    return next((t for t in questionnaire.topics if t.code == code), None)


def option_of(indicator: Indicator, key: str) -> Option | None:
    """The option of a choice with this key, or None."""
    return next((o for o in indicator.options if o.key == key), None)


def is_scored(indicator: Indicator) -> bool:
    """Whether the indicator can earn points at all."""
    return indicator.rule != "unscored"
