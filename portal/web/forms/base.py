"""The form every page uses: CSRF-protected, labels and messages in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import escape
from wtforms import Field, StringField, ValidationError
from wtforms.validators import Length, StopValidation

from portal.core.problems import Problem
from portal.core.questionnaire.unit_words import unit_choice
from portal.language import N_, say
from portal.web.context import locale
from portal.web.messages import in_words


class Lazy:
    """A message that is translated when a page shows it, not when the form class is read."""

    def __init__(self, msgid: str) -> None:
        self.msgid = msgid

    def __str__(self) -> str:
        return say(locale(), self.msgid)

    def __html__(self) -> str:
        return str(escape(str(self)))


class LazyUnit:
    """A unit as the reader chooses it from a list, in the language of the page that shows it."""

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def __str__(self) -> str:
        return unit_choice(self.unit, locale())

    def __html__(self) -> str:
        return str(escape(str(self)))


def required(message: str) -> Callable[[Any, Field], None]:
    """Refuse an empty field with `message` (English, marked with N_)."""

    def check(_form: Any, field: Field) -> None:
        data = field.data
        if data is None or data == [] or (isinstance(data, str) and not data.strip()):
            field.errors = []
            raise StopValidation(say(locale(), message))

    check.field_flags = {"required": True}  # type: ignore[attr-defined]  # read by WTForms
    return check


def at_most(length: int) -> Callable[[Any, Field], None]:
    """Refuse text longer than `length` characters."""
    inner = Length(max=length)

    def check(form: Any, field: Field) -> None:
        if field.data is not None and len(field.data) > length:
            raise ValidationError(say(locale(), N_("Write at most {most} characters."), most=length))

    check.field_flags = inner.field_flags  # type: ignore[attr-defined]  # read by WTForms
    return check


def email_address(_form: Any, field: Field) -> None:
    """Refuse what cannot be an e-mail address."""
    text = (field.data or "").strip()
    local, _, domain = text.rpartition("@")
    if not local or "." not in domain or " " in text or len(text) > 254 or not text.isprintable():
        raise ValidationError(say(locale(), N_("Write an e-mail address like name@example.com.")))


class Form(FlaskForm):
    """A plain form. Our own messages are already in the reader's language, WTForms' own are not used."""

    class Meta:
        locales: Iterable[str] = ()


def add_problems(field: Field, problems: Iterable[Problem]) -> None:
    """Show core problems beside a field."""
    field.errors = [*field.errors, *in_words(problems)]


class TextField(StringField):
    """One line of text with outer blanks removed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([v.strip() for v in valuelist])
