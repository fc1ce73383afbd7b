"""Page objects of answers beside the carbon register, on the supplier's side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from portal.core.exact import decimal_text
from portal.core.questionnaire.hints import with_figures
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import Text, text_in
from portal.core.questionnaire.reading import Value
from portal.language import N_, forms, say
from portal.operations.register_beside import Beside, standing_at
from portal.operations.scoring import Case
from portal.web.context import zone
from portal.web.supplier.field_names import field_of
from portal.web.supplier.register_urls import register_url

_SAYS = {
    "offered": N_("The carbon register says {value}"),
    "moved": N_("The register now says {value}"),
    "same": N_("The carbon register says the same as your answer"),
    "differs": N_("The carbon register says {value}; your answer stays as you wrote it"),
    "silent": N_("The register no longer has a figure for this."),
    "sites": N_("The carbon register says {value} for the whole company; here each site answers itself"),
}
_ROWS = {
    "offered": N_("The carbon register has rows for this table"),
    "moved": N_("The register now has other rows"),
    "same": N_("The rows agree with the carbon register"),
    "differs": N_("The carbon register has other rows; yours stay as you wrote them"),
    "silent": N_("The register no longer has rows for this."),
    "sites": N_("The carbon register has rows for the whole company; here each site answers itself"),
}
_BUTTONS = {
    "offered": N_("Take it over"),
    "moved": N_("Take over what the register says now"),
    "same": N_("Mark as from the register"),
    "differs": N_("Use what the register says"),
}


# A share in per cent is said to these places; sites keep more, so that together they come out at the company's.
PLACES = 2

# States in which one click for all takes an answer over: what a person answered otherwise is never among them.
WAITING = ("offered", "moved")
BETWEEN_CLICKS = ","


@dataclass(frozen=True)
class RegisterNote:
    """What the register says beside one answer, in words. `taken` says since when the answer is from the register, ""
    where it is not; `lines` are proposed rows; `told` what is to be said of all sites; `take` is what the button sends,
    "" without one. `code` is the field's: that of a site names it too. `url` leads to the record where one stands behind
    it (`one_record`), else to the page of the register."""

    code: str
    state: str
    says: str
    basis: str
    note: str
    lines: tuple[str, ...]
    taken: str
    take: str
    button: str
    url: str
    one_record: bool
    told: tuple[str, ...] = ()

    @property
    def says_nothing(self) -> bool:
        return not (self.says or self.told or self.take or self.taken)


@dataclass(frozen=True)
class FigureLine:
    """One answer on the page of all of them; `site` names the site whose answer it is."""

    code: str
    topic: str
    site: str
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
    field = field_of(code, one.site_id)
    table = one.indicator.kind == "table"
    value, exactly = _in_short(one, locale) if not table else ("", "")
    basis = _figures(case, entry.text if entry else None, one, locale)
    told, silent = one.state == "told", one.state == "silent"
    says = _ROWS if table else _SAYS
    can = one.can_take and editable(code)
    version = one.answer.version if one.answer else 0
    shows_rows = table and one.state in {"offered", "moved", "differs", "sites"} and one.proposed is not None
    nothing = told or one.state not in says or (one.state == "sites" and one.proposed is None)
    words = "" if nothing else say(locale, says[one.state], value=value)
    speaking = [entry.page] if entry else [page_of(case, code)]
    told_on = [said.entry.page for said in one.told if said.entry.page not in speaking]
    url, one_record = register_url((told_on or speaking)[0], one)
    return RegisterNote(
        code=field,
        state=one.state,
        says=basis if told else words,
        basis="" if told or silent else say(locale, N_("; ")).join(part for part in (basis, exactly) if part),
        note=basis if silent else _note(case, one, locale),
        lines=tuple(_value(one, one.proposed, locale).split("\n")) if shows_rows else (),
        taken=_taken(one, locale),
        take=f"{field} {version} {one.seen}" if can else "",
        button=say(locale, _BUTTONS[one.state]) if can else "",
        url=url,
        one_record=one_record,
        told=tuple(
            with_figures(case.questionnaire, said.entry.text, {}, said.facts, locale) for said in one.told
        ),
    )


def note_of_all_sites(
    case: Case, of_all: Beside, sites: Sequence[Beside], locale: str, editable: Callable[[str], bool]
) -> RegisterNote:
    """What the register says beside the answers of all sites; its button takes over those that wait, all at once."""
    note = register_note(case, of_all, locale, editable)
    waiting = [
        one.take
        for one in (register_note(case, site, locale, editable) for site in sites)
        if one.take and one.state in WAITING
    ]
    if len(waiting) < 2:
        return note
    words = say(locale, N_("Take over for {count} sites"), count=len(waiting))
    return replace(note, take=BETWEEN_CLICKS.join(waiting), button=words)


def page_of(case: Case, code: str) -> str:
    """The page of the register where an indicator's figures stand."""
    return next(entry.page for entry in case.questionnaire.register if entry.indicator == code)


def figure_line(case: Case, one: Beside, locale: str, editable: Callable[[str], bool]) -> FigureLine:
    """One line of the page of all answers."""
    code = one.indicator.code
    standing = case.answers.get(code) if one.site_id is None else _standing_at(case, one)
    note = register_note(case, one, locale, editable)
    return FigureLine(
        code=note.code,
        site=one.site,
        topic=one.indicator.topic,
        subject=text_in(one.indicator.subject, locale),
        shown=show(one.indicator, standing, locale) if standing is not None else "",
        register=note,
        waiting=bool(note.take) and one.state in WAITING,
    )


def _standing_at(case: Case, one: Beside) -> Value | None:
    keys = {number: key for key, number in case.sites.ids.items()} if case.sites else {}
    return standing_at(case, one.indicator.code, keys.get(one.site_id or 0, ""))


def _note(case: Case, one: Beside, locale: str) -> str:
    """What is left to the person; nothing beside a figure of all sites, which nobody takes over."""
    entry = one.entry if one.state != "sites" else None
    return _figures(case, entry.note if entry else None, one, locale)


def _value(one: Beside, value: Value | None, locale: str) -> str:
    return show(one.indicator, value, locale) if value is not None else ""


def _in_short(one: Beside, locale: str) -> tuple[str, str]:
    """A proposed value as it is said, and where that is a share in short what it is exactly: that is what is stored."""
    value = one.proposed
    if isinstance(value, Decimal) and one.indicator.unit == "%" and round(value, PLACES) != value:
        short = _value(one, Decimal(decimal_text(round(value, PLACES))), locale)
        exactly = say(
            locale, N_("exactly {value}, which is what is stored"), value=_value(one, value, locale)
        )
        return say(locale, N_("about {value}"), value=short), exactly
    return _value(one, value, locale), ""


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
