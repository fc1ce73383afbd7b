"""Every shared piece of a page in every state, in both languages: the first page to look at after a change."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from wtforms import PasswordField, SelectField, TextAreaField

from portal.language import LOCALES, N_, say
from portal.web.context import locale
from portal.web.forms.base import Form, Lazy, TextField, at_most, required
from portal.web.guard import needs
from portal.web.words import MATERIAL_WORDS, ROLE_WORDS, STATE_WORDS, state_mark

pages = Blueprint("style_guide", __name__)


@dataclass(frozen=True)
class Word:
    """One status word in both languages, with the signal it is shown with."""

    key: str
    mark: str
    said: tuple[tuple[str, str], ...]


class SampleForm(Form):
    """One field of each look."""

    name = TextField(Lazy(N_("Name")), [required(N_("Write your name.")), at_most(120)])
    reason = TextAreaField(Lazy(N_("Reason")))
    password = PasswordField(Lazy(N_("Password")))
    role = SelectField(Lazy(N_("Role")), validate_choice=False)


@pages.get("/style-guide")
@needs("staff:style:see")
def style_guide() -> str:
    """The style guide."""
    plain, wrong = SampleForm(formdata=None, prefix="plain"), SampleForm(formdata=None, prefix="wrong")
    for form in (plain, wrong):
        form.role.choices = [(key, say(locale(), words)) for key, words in ROLE_WORDS.items()]
    wrong.validate()
    return render_template(
        "staff/style_guide/style_guide.html",
        plain=plain,
        wrong=wrong,
        states=[_word(key, words) for key, words in STATE_WORDS.items()],
        materials=[_word(key, words) for key, words in MATERIAL_WORDS.items() if key],
        locales=LOCALES,
    )


def _word(key: str, words: str) -> Word:
    return Word(key, state_mark(key), tuple((tongue, say(tongue, words)) for tongue in LOCALES))
