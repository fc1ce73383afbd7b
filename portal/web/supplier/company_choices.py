"""Choices the forms of the company register offer: files of the library, commitments, sites, provinces."""

from __future__ import annotations

from wtforms import SelectField, SelectMultipleField

from portal.core.errors import NotFound
from portal.files.grid_factors import chinese_regions
from portal.language import N_, say
from portal.store.commitments import findings_of
from portal.store.electricity import electricity_of
from portal.store.evidence import current_library_of, library_of
from portal.web.context import db, locale, tenant


def offer_files(field: SelectField | SelectMultipleField) -> None:
    """The newest files of the company's library and those chosen already; a single choice may be none."""
    many = isinstance(field, SelectMultipleField)
    chosen = set(field.data or ()) if many else {field.data}
    newest = {file.id for file in current_library_of(db(), tenant())}
    files = [
        (str(file.id), file.name)
        for file in library_of(db(), tenant())
        if file.id in newest or str(file.id) in chosen
    ]
    none = [] if many else [("", say(locale(), N_("no file")))]
    field.choices = [*none, *files]


def offer_commitments(field: SelectMultipleField) -> None:
    """The company's commitments, by what they say."""
    field.choices = [
        (str(one.id), f"{finding.indicator} · {one.action[:70]}")
        for finding in findings_of(db(), tenant())
        for one in finding.commitments
        if one.state != "withdrawn"
    ]


def offer_sites(field: SelectField) -> None:
    """The sites electricity was entered for."""
    names = sorted({row.site for row in electricity_of(db(), tenant())})
    field.choices = [("", say(locale(), N_("the whole company"))), *((name, name) for name in names)]


def offer_regions(field: SelectField) -> None:
    """The provinces of China with a grid factor."""
    known = [(code, zh if locale() == "zh" else en) for code, en, zh in chinese_regions()]
    field.choices = [("", say(locale(), N_("not in China, or not listed"))), *known]


def region_name(code: str) -> str:
    """A province of China in words; "" for any other region."""
    zh_reader = locale() == "zh"
    return next((zh if zh_reader else en for place, en, zh in chinese_regions() if place == code), "")


def chosen_id(given: str | None) -> int | None:
    """The id of a chosen row, None for none. Raises NotFound for anything else."""
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or not 0 < int(given[:12]) < 2**31 or len(given) > 10:
        raise NotFound
    return int(given)


def chosen_ids(given: list[str] | None) -> list[int]:
    """The ids of chosen rows. Raises NotFound for anything else."""
    return [number for one in given or [] if (number := chosen_id(one)) is not None]
