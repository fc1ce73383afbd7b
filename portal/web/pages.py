"""What every template can use: translation, local forms of numbers and dates, navigation, status words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from flask import Flask, request
from wtforms import Field
from wtforms.widgets import Select

from portal.core.access import may
from portal.core.problems import Problem
from portal.core.questionnaire.model import Text, text_in
from portal.core.questionnaire.unit_words import unit_choice, unit_one
from portal.language import forms, say
from portal.language.catalogue import translate
from portal.language.sentences import sentence
from portal.web.context import actor, locale, site, today, zone
from portal.web.journal_words import action_word
from portal.web.navigation import entries
from portal.web.words import STATE_WORDS, material_word, minutes_words, role_word, state_mark


def install_pages(app: Flask) -> None:
    """Teach the templates of `app` our language and forms."""
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        lambda text: translate(locale(), text),
        lambda one, many, n: translate(locale(), one if n == 1 else many),
        newstyle=True,
    )
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(
        number=_number,
        percent=_percent,
        tonnes=_tonnes,
        day=_day,
        moment=_moment,
        clock=lambda value: forms.show_time(value, zone(), locale()),
        size=forms.show_size,
        text=lambda value: text_in(value, locale()) if isinstance(value, Text) else value,
        state=lambda key: say(locale(), STATE_WORDS.get(key, key)),
        state_mark=state_mark,
        material=lambda key: material_word(locale(), key),
        role=lambda key: role_word(locale(), key),
        minutes=lambda count: minutes_words(locale(), count),
        action=lambda key: action_word(locale(), key),
        sentence=_sentence,
        unit=lambda unit: unit_choice(unit, locale()),
        per_unit=lambda unit: unit_one(unit, locale()),
    )
    env.filters.update(field_attributes=_field_attributes, sort_query=_sort_query, page_query=_page_query)
    app.context_processor(_everywhere)


def _everywhere() -> dict[str, object]:
    person = actor()
    return {
        "actor": person,
        "can": lambda right: may(person, right),
        "locale": locale(),
        "other_language": "中文" if locale() == "en" else "English",
        "organisation": site().settings.organisation,
        "navigation": entries(person, request.endpoint or ""),
        "today": today(),
    }


def _number(value: Decimal | int | str | None, places: int | None = None) -> str:
    return "–" if value is None or value == "" else forms.show_number(Decimal(value), locale(), places)


def _percent(value: Decimal | str | None, places: int = 1) -> str:
    return "–" if value is None or value == "" else forms.show_percent(Decimal(value), locale(), places)


def _tonnes(value: Decimal | str | None, places: int = 0) -> str:
    return "–" if value is None or value == "" else forms.show_number(Decimal(value), locale(), places)


def _day(value: date | datetime | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(zone()).date()
    return forms.show_date(value, locale())


def _moment(value: datetime | None) -> str:
    return "–" if value is None else forms.show_datetime(value, zone(), locale())


def _sentence(problem: Problem) -> str:
    """A problem in words; a material among its values is named as people name it."""
    if isinstance(key := problem.values.get("material"), str):
        word = material_word(locale(), key)
        word = word if locale() == "zh" else word[:1].lower() + word[1:]
        problem = replace(problem, values={**problem.values, "material": word})
    return sentence(locale(), problem)


def _field_attributes(field: Field, hint: str, kind: str | None, autocomplete: str | None) -> dict[str, str]:
    described = [f"{field.id}-hint"] if hint else []
    described += [f"{field.id}-error-{n}" for n in range(1, len(field.errors) + 1)]
    attributes = {"class": "form-select" if isinstance(field.widget, Select) else "form-control"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    if kind:
        attributes["type"] = kind
    if autocomplete:
        attributes["autocomplete"] = autocomplete
    return attributes


def _sort_query(args: dict[str, str], key: str, sort: str, descending: bool) -> str:
    """The query that sorts by `key`: a second click on the same column turns the order round."""
    kept = {k: v for k, v in args.items() if k not in {"sort", "order", "page"}}
    order = "up" if sort == key and descending else "down" if sort == key else "up"
    return urlencode({**kept, "sort": key, "order": order})


def _page_query(args: dict[str, str], number: int) -> str:
    return urlencode({**args, "page": number})
