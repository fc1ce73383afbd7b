"""Page objects of the review: an answer beside the carbon register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for

from portal.core.questionnaire.facts import Facts
from portal.core.questionnaire.hints import with_figures
from portal.core.questionnaire.kinds import show
from portal.core.questionnaire.model import RegisterEntry, indicator
from portal.core.questionnaire.reading import Value
from portal.operations.register_review import SentBeside
from portal.operations.scoring import Case
from portal.operations.snapshots import SentFigure


@dataclass(frozen=True)
class RegisterSaid:
    """One answer beside the register: `state` as in `SentBeside`; whether and on what it was `taken` over, by whom and
    when; what the register says now; `url` of the record or page behind it. `site` names the site whose answer it is,
    `sites` holds those of an answer that sites gave."""

    state: str
    taken: bool
    basis: str
    by: str
    at: datetime | None
    says: tuple[str, ...]
    url: str
    site: str = ""
    sites: tuple[RegisterSaid, ...] = ()

    @property
    def worth_saying(self) -> bool:
        return self.taken or self.state == "differs" or any(site.worth_saying for site in self.sites)


def register_said(case: Case, beside: Mapping[str, SentBeside], locale: str) -> dict[str, RegisterSaid]:
    """By code, in the reader's language."""
    return {code: _said(case, code, one, locale) for code, one in beside.items()}


def _said(case: Case, code: str, one: SentBeside, locale: str) -> RegisterSaid:
    asked, sent = indicator(case.questionnaire, code), one.sent
    names = case.sites.names if case.sites else {}
    entries = [entry for entry in case.questionnaire.register if entry.indicator == code]
    then = next((entry for entry in entries if sent and entry.take == sent.take), None)
    value: Value | None = one.now if one.state in {"moved", "differs"} else None
    return RegisterSaid(
        state=one.state,
        taken=sent is not None,
        basis=_words(case, then, sent.facts, locale) if sent and then else "",
        by=sent.taken_by if sent else "",
        at=sent.taken_at if sent else None,
        says=tuple(show(asked, value, locale).split("\n")) if value is not None else (),
        url=_url(case, sent),
        sites=tuple(
            replace(_said(case, code, own, locale), site=names[key]) for key, own in one.sites.items()
        ),
    )


def _url(case: Case, sent: SentFigure | None) -> str:
    """The one footprint behind an answer that was taken over, else the carbon register of the supplier."""
    supplier_id = case.assessment.supplier_id
    if sent and len(sent.records) == 1 and sent.records[0][0] == "footprint":
        number = sent.records[0][1]
        return url_for("staff.carbon_registers.footprint", supplier_id=supplier_id, footprint_id=number)
    return url_for("staff.carbon_registers.register", supplier_id=supplier_id)


def _words(case: Case, entry: RegisterEntry, facts: Facts, locale: str) -> str:
    return with_figures(case.questionnaire, entry.text, {}, facts, locale)
