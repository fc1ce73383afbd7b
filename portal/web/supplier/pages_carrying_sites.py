"""What starting from an earlier assessment says of sites: in words, and at the field of each site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.questionnaire.kinds import from_json, show
from portal.core.questionnaire.model import find_indicator
from portal.files.questionnaires import find_questionnaire
from portal.language import N_, say
from portal.operations.carrying_sites import SitesPlan
from portal.operations.filling import filled_from_company
from portal.operations.scoring import Case
from portal.store.carrying import CarriedSiteAnswer
from portal.web.supplier.field_names import field_of
from portal.web.supplier.pages_carrying import FROM_COMPANY, CarriedMark

WORDS = {
    "same": N_(
        "It was answered for {sites}. This assessment will be answered for the same sites, and each brings its answers. Production output is measured for each period: enter it anew; the earlier one stands beside the field."
    ),
    "chosen": N_(
        "Sites in both assessments bring their answers: {sites}. Which sites are in does not change, nor their outputs."
    ),
    "company_then": N_(
        "It was answered for the company as a whole, and this one is answered per site. Where each site answers, the company’s earlier answer stands beside the question; it is not copied to the sites."
    ),
    "few": N_(
        "It was answered per site, but fewer than two of those sites can be chosen here. What counted then stands beside the question."
    ),
    "whole": N_(
        "It was answered per site, and this one is answered for the company as a whole. What counted then stands beside the question. If you choose sites and start again, their answers come along."
    ),
    "lead": N_(
        "It was answered for {sites}. Only a lead can choose sites: what the sites answered waits until a lead starts from there."
    ),
}
# Where the answers come from a file of another portal, and its sites were matched on this page.
FILE_WORDS = WORDS | {
    "same": N_(
        "This assessment will be answered for {sites}, and each brings its answers. Production output does not come along: it is measured for each period."
    ),
    "few": N_(
        "The file was answered per site, but fewer than two of its sites are matched with yours. What counted there stands beside the question, marked as rolled up from its sites."
    ),
    "whole": N_(
        "The file was answered per site, and this assessment is answered for the company as a whole. What counted there stands beside the question, marked as rolled up from its sites."
    ),
    "lead": N_(
        "The file was answered for {sites}. Only a lead can choose sites: the file waits here until a lead carries over what the sites answered."
    ),
}


@dataclass(frozen=True)
class SitesPreview:
    """What is said of sites before starting: in words, per site how many answers come along, and who stays behind."""

    words: str
    lines: tuple[tuple[str, int], ...]
    missing: str


def sites_preview(plan: SitesPlan, locale: str, in_words: Mapping[str, str] = WORDS) -> SitesPreview | None:
    """What is said of sites, `in_words` by the way of the plan; None where neither assessment is answered per site."""
    if not plan.way:
        return None
    comma = say(locale, N_(", "))
    words = in_words[plan.way]
    if plan.way == "chosen" and not plan.sites:
        words = N_(
            "None of the sites of then is in this assessment. What counted then stands beside the question."
        )
    return SitesPreview(
        words=say(locale, words, sites=comma.join(site.name for site in plan.sites)),
        lines=tuple(
            (site.name, sum(1 for step in plan.steps[site.key] if step.outcome == "carried"))
            for site in plan.sites
            if site.key in plan.steps
        ),
        missing=comma.join(plan.missing) if plan.way != "few" else "",
    )


def site_marks(
    case: Case, carried: Mapping[tuple[str, str], CarriedSiteAnswer], locale: str
) -> dict[str, CarriedMark]:
    """What is said at the fields of sites, by field: whether a carried answer waits there, and the earlier answer where
    it stands beside."""
    if case.sites is None:
        return {}
    found = {}
    waiting = {
        (row.site_id, code)
        for code, rows in case.sites.rows.items()
        for row in rows
        if row.value is not None and not row.confirmed
    }
    for number, code in filled_from_company(case, carried) & waiting:
        origin = say(locale, FROM_COMPANY)
        found[field_of(code, number)] = CarriedMark(code, True, origin, "", "", "", "", (), "")
    for (key, code), row in carried.items():
        number = case.sites.ids.get(key)
        if number is None:
            continue
        past = _past(row, locale) if row.outcome == "beside" else ""
        if field_of(code, number) not in found and (past or (number, code) in waiting):
            found[field_of(code, number)] = CarriedMark(
                code=code,
                to_confirm=(number, code) in waiting,
                origin=row.carrying.said,
                reason="",
                past_from=row.carrying.said if past else "",
                past=past,
                change="",
                changes=(),
                changed_from="",
            )
    return found


@dataclass(frozen=True)
class WaitingSite:
    """What one site says to a question that waits, in which version its field was seen."""

    field: str
    site: str
    said: str
    version: int


def waiting_at_sites(case: Case, locale: str) -> dict[str, tuple[WaitingSite, ...]]:
    """The sites' answers behind each question that waits, by code."""
    if case.sites is None:
        return {}
    names = {number: case.sites.names[key] for key, number in case.sites.ids.items()}
    found: dict[str, tuple[WaitingSite, ...]] = {}
    for code in case.unconfirmed:
        one = find_indicator(case.questionnaire, code)
        for row in case.sites.rows.get(code, ()):
            value = from_json(one, row.value) if one is not None and row.value is not None else None
            if one is not None and value is not None and not row.confirmed:
                said = show(one, value, locale)
                line = WaitingSite(field_of(code, row.site_id), names[row.site_id], said, row.version)
                found[code] = (*found.get(code, ()), line)
    return found


def _past(row: CarriedSiteAnswer, locale: str) -> str:
    old = find_indicator(find_questionnaire(row.carrying.questionnaire), row.source_indicator)
    value = from_json(old, row.value) if old is not None and row.value is not None else None
    return show(old, value, locale) if old is not None and value is not None else ""
