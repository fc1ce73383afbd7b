"""Page objects of the rounds: what the list of rounds and one round show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.lifecycle import STATES
from portal.language import N_
from portal.store.assessments import Assessment, Round, all_rounds, assessments_in
from portal.store.standings import leads_of, open_links, standings_of, state_counts
from portal.web.staff.listing import Row, row_of

SENT = ("submitted", "in_review", "returned", "reviewed", "released")

# How the lead of an invited supplier stands; the key is shown in these words.
LEAD_WORDS = {
    "joined": N_("Account"),
    "link_open": N_("Link open"),
    "link_expired": N_("Link expired"),
    "nobody": N_("Nobody invited"),
}


@dataclass(frozen=True)
class RoundLine:
    """One round with the number of its suppliers by state."""

    id: int
    name: str
    questionnaire: str
    period_start: date
    period_end: date
    deadline_on: date
    days_left: int
    suppliers: int
    sent: int
    released: int
    states: tuple[tuple[str, int], ...]
    trial: bool = False


def round_line(found: Round, counts: dict[str, int], today: date) -> RoundLine:
    """One round in short, from its counts by state."""
    return RoundLine(
        id=found.id,
        name=found.name,
        questionnaire=found.questionnaire,
        period_start=found.period_start,
        period_end=found.period_end,
        deadline_on=found.deadline_on,
        days_left=(found.deadline_on - today).days,
        suppliers=sum(counts.values()),
        sent=sum(counts.get(state, 0) for state in SENT),
        released=counts.get("released", 0),
        states=tuple((state, counts[state]) for state in STATES if counts.get(state)),
        trial=found.trial,
    )


def round_lines(session: Session, today: date) -> list[RoundLine]:
    """Every round, newest first. Two queries."""
    counts = state_counts(session)
    return [round_line(found, counts.get(found.id, {}), today) for found in all_rounds(session)]


def rows_of_round(session: Session, round_id: int, locale: str, today: date, now: datetime) -> list[Row]:
    """The suppliers of a round with results and how their leads stand. The same few queries for any number."""
    assessments = assessments_in(session, round_id)
    leads = _lead_states(session, assessments, now)
    return [
        row_of(standing, locale, today, leads[standing.assessment.supplier_id])
        for standing in standings_of(session, assessments)
    ]


def _lead_states(session: Session, assessments: list[Assessment], now: datetime) -> dict[int, str]:
    ids = [a.supplier_id for a in assessments]
    joined, links = leads_of(session, ids), open_links(session, ids)
    found = {}
    for supplier_id in ids:
        link = links.get(supplier_id)
        if supplier_id in joined:
            found[supplier_id] = "joined"
        elif link is None:
            found[supplier_id] = "nobody"
        else:
            found[supplier_id] = "link_open" if link.expires_at > now else "link_expired"
    return found
