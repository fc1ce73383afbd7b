"""What invented suppliers take over from their carbon register, and what they correct there afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.demo.delivering import correct_deliveries
from portal.demo.registering import correct_electricity
from portal.files.vault import Vault
from portal.operations.answering import Given, save_answer
from portal.operations.register_beside import beside_register
from portal.operations.scoring import open_case
from portal.operations.taking import Click, take_all
from portal.store.answers import answers_of
from portal.store.assessments import Assessment

# Which answers come from the register, by supplier; what is not named stays as typed, beside what the register says.
_TAKEN = {
    "ALU-02": ("CDS-02", "CDS-03", "CDS-08"),
    "GLS-01": ("CDS-02", "NRG-01", "PCF-01"),
    "CEL-01": ("CDS-02", "NRG-01", "PCF-01"),
}
# Answers typed first: one that opens the questions of emissions, and one that differs from the register and stays.
_TYPED = {"ALU-02": {"CDS-01": "scope1_2_site", "NRG-01": "41000"}}
# Which answers of sites come from the register; what is not named waits for a click.
_TAKEN_AT_SITES = {"ALU-02": ("NRG-01", "NRG-02"), "CEL-01": ("NRG-01", "NRG-02")}
# Whose meters were read again afterwards, and at which site; at all of them where none is named.
_CORRECTED = {"ALU-02": "Vientos anodising", "CEL-01": ""}


def take_figures(session: Session, lead: Actor, assessment: Assessment, code: str, *, now: datetime) -> None:
    """Take over the named answers of a supplier's draft, as the page of all figures does."""
    for name, raw in _TYPED.get(code, {}).items():
        case, rows = open_case(session, assessment), answers_of(session, assessment.id)
        given = Given(raw, None, rows[name].version if name in rows else 0)
        save_answer(session, lead, assessment=assessment, case=case, code=name, given=given, now=now)
    case = open_case(session, assessment)
    shown = beside_register(session, case, answers_of(session, assessment.id))
    clicks = [
        Click(name, one.answer.version if one.answer else 0, one.seen)
        for (name, _site), one in shown.items()
        if name in _TAKEN.get(code, ()) and one.can_take
    ]
    take_all(session, lead, assessment=assessment, clicks=clicks, now=now)


def take_at_sites(session: Session, lead: Actor, assessment: Assessment, code: str, *, now: datetime) -> None:
    """Take over the named answers of the sites that the register knows."""
    shown = beside_register(session, open_case(session, assessment), answers_of(session, assessment.id))
    clicks = [
        Click(name, one.answer.version if one.answer else 0, one.seen, site)
        for (name, site), one in shown.items()
        if name in _TAKEN_AT_SITES.get(code, ()) and site is not None and one.can_take
    ]
    take_all(session, lead, assessment=assessment, clicks=clicks, now=now)


def correct_register(
    session: Session, vault: Vault, lead: Actor, code: str, *, year: int, now: datetime
) -> None:
    """Correct the electricity and the deliveries of those who found a mistake after answering."""
    correct_deliveries(session, lead, code, year=year, now=now + timedelta(hours=1))
    if code in _CORRECTED:
        correct_electricity(
            session, vault, lead, code, site=_CORRECTED[code], year=year, now=now + timedelta(hours=2)
        )
