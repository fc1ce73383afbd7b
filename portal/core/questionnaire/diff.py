"""What differs between two versions of a questionnaire, as data; the doors say it in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.core.exact import decimal_text
from portal.core.questionnaire.model import (
    Band,
    Indicator,
    Option,
    Questionnaire,
    Text,
    Topic,
    indicators_of,
)
from portal.core.questionnaire.short import short_codes

Said = Text | str | int | tuple[Text | str, ...]
_TEXTS = (
    ("question", "diff_question"),
    ("subject", "diff_subject"),
    ("help", "diff_help"),
    ("evidence_help", "diff_evidence_help"),
    ("hint", "diff_advice"),
)
_PLAIN = ("nature", "kind", "unit", "rule", "weight", "evidence", "minutes", "effort")
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
NOTHING = Text("", "")
# What makes a person read a question again before an earlier answer stands.
_ASKED = frozenset(
    "diff_question diff_help diff_kind diff_unit diff_limits diff_nature diff_option_new diff_option_gone "
    "diff_option_words diff_column_new diff_column_gone diff_column_changed".split()
)
# What concerns nobody who answers.
_QUIET = frozenset("diff_minutes diff_effort diff_standards diff_advice diff_topic_intro".split())


@dataclass(frozen=True)
class Difference:
    """One thing that differs. `code` is a key of the sentence catalogue, `topic` and `indicator` name what it is
    about ("" for the whole questionnaire or a whole topic); texts among `values` are in both languages."""

    code: str
    topic: str
    indicator: str
    values: Mapping[str, Said]


def differences(older: Questionnaire, newer: Questionnaire) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the newer version, what is gone at the end of its topic."""
    found = [*_whole(older, newer)]
    before = {t.code: t for t in older.topics}
    rules = {r.code: r for r in newer.carry}
    old = {i.code: i for i in indicators_of(older)}
    for topic in newer.topics:
        if topic.code not in before:
            found.append(_said("diff_topic_new", topic.code, name=topic.name, weight=topic.weight))
        else:
            found += _topic(before[topic.code], topic)
        for indicator in topic.indicators:
            if indicator.code in old:
                found += indicator_differences(old[indicator.code], indicator)
            else:
                rule = rules.get(indicator.code)
                found.append(_new(indicator, rule.source if rule else ""))
        found += _gone(topic.code, older, newer)
    kept = {t.code for t in newer.topics}
    for topic in older.topics:
        if topic.code not in kept:
            found.append(_said("diff_topic_gone", topic.code, name=topic.name))
            found += _gone(topic.code, older, newer)
    return (*found, *_hints(older, newer))


def differences_of(found: Iterable[Difference], code: str) -> tuple[Difference, ...]:
    """Those about one indicator."""
    return tuple(d for d in found if d.indicator == code)


def asks_otherwise(old: Indicator, new: Indicator) -> bool:
    """Whether `new` asks for something else than `old`, or in other words; other points alone do not count."""
    return any(d.code in _ASKED for d in indicator_differences(old, new))


def notable(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """Those that concern somebody who answers."""
    return tuple(d for d in found if d.code not in _QUIET)


def _said(code: str, topic: str = "", indicator: str = "", **values: Said) -> Difference:
    return Difference(code, topic, indicator, values)


def _whole(older: Questionnaire, newer: Questionnaire) -> Iterator[Difference]:
    if older.title != newer.title:
        yield _said("diff_title", before=older.title, now=newer.title)
    before, now = _grades(older), _grades(newer)
    if before != now:
        yield _said("diff_grades", before=before, now=now)
    if older.red_flag_grade != newer.red_flag_grade:
        yield _said("diff_red_flag_grade", before=older.red_flag_grade, now=newer.red_flag_grade)
    if short_codes(older) != short_codes(newer):
        gone = sorted(short_codes(older) - short_codes(newer))
        new = sorted(short_codes(newer) - short_codes(older))
        yield _said("diff_short_set", gone=", ".join(gone) or "–", new=", ".join(new) or "–")


def _grades(questionnaire: Questionnaire) -> tuple[str, ...]:
    return tuple(f"{g.letter} ≥ {decimal_text(g.from_score)}" for g in questionnaire.grades)


def _topic(old: Topic, new: Topic) -> Iterator[Difference]:
    if old.weight != new.weight:
        yield _said("diff_topic_weight", new.code, name=new.name, before=old.weight, now=new.weight)
    for part, code in (("name", "diff_topic_name"), ("intro", "diff_topic_intro")):
        before, now = getattr(old, part), getattr(new, part)
        if before != now:
            yield _said(code, new.code, name=new.name, before=before, now=now)


def _gone(topic: str, older: Questionnaire, newer: Questionnaire) -> Iterator[Difference]:
    now = {i.code for i in indicators_of(newer)}
    for indicator in indicators_of(older):
        if indicator.topic == topic and indicator.code not in now:
            followers = tuple(r.code for r in newer.carry if r.source == indicator.code)
            code = "diff_followed" if followers else "diff_retired"
            yield _said(code, topic, indicator.code, subject=indicator.subject, followers=followers)


def _new(new: Indicator, source: str) -> Difference:
    code = "diff_new_from" if source else "diff_new"
    return _said(code, new.topic, new.code, subject=new.subject, source=source, question=new.question)


def indicator_differences(old: Indicator, new: Indicator) -> Iterator[Difference]:
    """What differs between one indicator and its successor, the codes apart."""

    def told(code: str, **values: Said) -> Difference:
        return _said(code, new.topic, new.code, subject=new.subject, **values)

    for part, code in _TEXTS:
        before, now = getattr(old, part) or NOTHING, getattr(new, part) or NOTHING
        if before != now:
            yield told(code, before=before, now=now)
    yield from _options(old, new, told)
    yield from _columns(old, new, told)
    for part, was, is_now in (
        ("bands", _bands(old), _bands(new)),
        ("depends_on", _condition(old), _condition(new)),
        ("limits", _limits(old), _limits(new)),
    ):
        if was != is_now:
            yield told(f"diff_{part}", before=was, now=is_now)
    for part in _PLAIN:
        before, now = getattr(old, part), getattr(new, part)
        if before != now:
            yield told(f"diff_{part}", before=before, now=now)
    for part in ("units", "standards", "applies_to"):
        before, now = tuple(sorted(getattr(old, part))), tuple(sorted(getattr(new, part)))
        if before != now:
            yield told(f"diff_{part}", before=before, now=now)
    if old.gating != new.gating:
        yield told("diff_gating_now" if new.gating else "diff_gating_no_more")


def _options(old: Indicator, new: Indicator, told: Callable[..., Difference]) -> Iterator[Difference]:
    before, now = {o.key: o for o in old.options}, {o.key: o for o in new.options}
    for key, option in now.items():
        if key not in before:
            yield told("diff_option_new", option=option.label, points=_points(option))
            continue
        if before[key].label != option.label:
            yield told("diff_option_words", before=before[key].label, now=option.label)
        if before[key].points != option.points:
            values = {"before": _points(before[key]), "now": _points(option)}
            yield told("diff_option_points", option=option.label, **values)
    for key, option in before.items():
        if key not in now:
            yield told("diff_option_gone", option=option.label)


def _columns(old: Indicator, new: Indicator, told: Callable[..., Difference]) -> Iterator[Difference]:
    before, now = {c.key: c for c in old.columns}, {c.key: c for c in new.columns}
    for key, column in now.items():
        if key not in before:
            yield told("diff_column_new", column=column.label)
        elif before[key] != column:
            yield told("diff_column_changed", column=column.label)
    for key, column in before.items():
        if key not in now:
            yield told("diff_column_gone", column=column.label)


def _points(part: Option) -> str:
    return decimal_text(part.points)


def _bands(indicator: Indicator) -> tuple[Text | str, ...]:
    return tuple(_band(b) for b in indicator.bands)


def _band(band: Band) -> Text | str:
    points = decimal_text(band.points)
    if band.bound is None:
        return Text(f"otherwise {points}", f"其余 {points} 分")
    bound = f"{_SIGNS[band.op]} {decimal_text(band.bound)}"
    return Text(f"{bound}: {points}", f"{bound}：{points} 分")


def _condition(indicator: Indicator) -> tuple[str, ...]:
    condition = indicator.depends_on
    return () if condition is None else (f"{condition.indicator} = {' | '.join(condition.any_of)}",)


def _limits(indicator: Indicator) -> tuple[str, ...]:
    low, high = indicator.minimum, indicator.maximum
    if low is None and high is None:
        return ()
    return (f"{'' if low is None else decimal_text(low)} … {'' if high is None else decimal_text(high)}",)


def _hints(older: Questionnaire, newer: Questionnaire) -> Iterator[Difference]:
    before, now = {h.id: h for h in older.hints}, {h.id: h for h in newer.hints}
    for id, hint in now.items():
        if id not in before:
            yield _said("diff_hint_new", id=id, text=hint.text)
        elif before[id].when != hint.when:
            yield _said("diff_hint_rule", id=id, before=before[id].when, now=hint.when)
        elif before[id].text != hint.text:
            yield _said("diff_hint_text", id=id, before=before[id].text, now=hint.text)
    for id, hint in before.items():
        if id not in now:
            yield _said("diff_hint_gone", id=id, text=hint.text)
