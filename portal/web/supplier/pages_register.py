"""Page objects of answers beside the carbon register, on the supplier's side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.core.questionnaire.hints import with_figures
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import Text, text_in
from portal.core.questionnaire.reading import Value
from portal.language import N_, forms, say
from portal.operations.scoring import Case
from portal.operations.taking import Beside
from portal.web.context import zone

_SAYS = {
    "offered": N_("The carbon register says {value}"),
    "moved": N_("The register now says {value}"),
    "same": N_("The carbon register says the same as your answer"),
    "differs": N_("The carbon register says {value}; your answer stays as you wrote it"),
    "silent": N_("The register no longer has a figure for this."),
    "sites": N_("The carbon register says {value} for all sites together; here each site answers itself"),
}
_ROWS = {
    "offered": N_("The carbon register has rows for this table"),
    "moved": N_("The register now has other rows"),
    "same": N_("The rows agree with the carbon register"),
    "differs": N_("The carbon register has other rows; yours stay as you wrote them"),
    "silent": N_("The register no longer has rows for this."),
    "sites": N_("The carbon register has rows for all sites together; here each site answers itself"),
}
_BUTTONS = {
    "offered": N_("Take it over"),
    "moved": N_("Take over what the register says now"),
    "same": N_("Mark as from the register"),
    "differs": N_("Use what the register says"),
}


@dataclass(frozen=True)
class RegisterNote:
    """What the register says beside one answer, in words. `taken` says since when the answer is from the register, ""
    where it is not; `lines` are proposed rows; `take` is what the button sends, "" without one."""

    code: str
    state: str
    says: str
    basis: str
    note: str
    lines: tuple[str, ...]
    taken: str
    take: str
    button: str
    page: str


@dataclass(frozen=True)
class FigureLine:
    """One answer on the page of all of them."""

    code: str
    topic: str
    subject: str
    shown: str
    register: RegisterNote
    waiting: bool


@dataclass(frozen=True)
class FiguresPage:
    """All answers that the register knows something of. `waiting` counts those one click takes over."""

    assessment_id: int
    round: str
    lines: tuple[FigureLine, ...]
    waiting: int
    locked: str


def register_note(case: Case, one: Beside, locale: str, editable: Callable[[str], bool]) -> RegisterNote:
    """One answer beside the register in words."""
    code, entry = one.indicator.code, one.entry
    table = one.indicator.kind == "table"
    value = _value(one, one.proposed, locale) if not table else ""
    basis = _figures(case, entry.text if entry else None, one, locale)
    told, silent = one.state == "told", one.state == "silent"
    says = _ROWS if table else _SAYS
    can = one.can_take and editable(code)
    version = one.answer.version if one.answer else 0
    shows_rows = table and one.state in {"offered", "moved", "differs", "sites"} and one.proposed is not None
    words = "" if told or one.state not in says else say(locale, says[one.state], value=value)
    return RegisterNote(
        code=code,
        state=one.state,
        says=basis if told else words,
        basis="" if told or silent else basis,
        note=basis if silent else _figures(case, entry.note if entry else None, one, locale),
        lines=tuple(_value(one, one.proposed, locale).split("\n")) if shows_rows else (),
        taken=_taken(one, locale),
        take=f"{code} {version} {one.seen}" if can else "",
        button=say(locale, _BUTTONS[one.state]) if can else "",
        page=entry.page if entry else page_of(case, code),
    )


def page_of(case: Case, code: str) -> str:
    """The page of the register where an indicator's figures stand."""
    return next(entry.page for entry in case.questionnaire.register if entry.indicator == code)


def figure_line(case: Case, one: Beside, locale: str, editable: Callable[[str], bool]) -> FigureLine:
    """One line of the page of all answers."""
    standing = case.answers.get(one.indicator.code)
    note = register_note(case, one, locale, editable)
    return FigureLine(
        code=one.indicator.code,
        topic=one.indicator.topic,
        subject=text_in(one.indicator.subject, locale),
        shown=show(one.indicator, standing, locale) if standing is not None else "",
        register=note,
        waiting=bool(note.take) and one.state in {"offered", "moved"},
    )


def _value(one: Beside, value: Value | None, locale: str) -> str:
    return show(one.indicator, value, locale) if value is not None else ""


def _figures(case: Case, text: Text | None, one: Beside, locale: str) -> str:
    return with_figures(case.questionnaire, text, {}, one.facts, locale) if text else ""


def _taken(one: Beside, locale: str) -> str:
    if one.taken is None or one.answer is None:
        return ""
    return say(
        locale,
        N_("Taken over by {name}, {time}"),
        name=one.answer.changed_by.name,
        time=forms.show_datetime(one.answer.changed_at, zone(), locale),
    )
