"""The first page of the buyer's side: where things stand and what waits for me."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from portal.core.access import may
from portal.core.commitments import CommittedShare, Promise, committed_share
from portal.store.standings import (
    agreed_promises,
    commitment_counts,
    latest_estimate,
    released_days,
    state_counts,
)
from portal.web.context import actor, db, locale, today, zone
from portal.web.guard import needs
from portal.web.staff.listing import Row
from portal.web.staff.pages_rounds import RoundLine, round_lines
from portal.web.staff.pages_suppliers import rows_scored

pages = Blueprint("overview", __name__)


@dataclass(frozen=True)
class Waiting:
    """How many things wait for this person; `to_release` only for those who may release."""

    to_take_up: int
    to_review: int
    to_release: int
    to_agree: int
    to_verify: int

    @property
    def total(self) -> int:
        return self.to_take_up + self.to_review + self.to_release + self.to_agree + self.to_verify


@dataclass(frozen=True)
class EstimateLine:
    """The newest estimate in one line, in tCO2e."""

    id: int
    year: int
    total: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Overview:
    """Everything on the first page. `talk_to`: the three suppliers in the worst position, worst first."""

    current: RoundLine | None
    rounds: int
    waiting: Waiting
    flagged: int
    flags: int
    scored: int
    talk_to: tuple[Row, ...]
    committed: CommittedShare
    estimate: EstimateLine | None


@pages.get("")
@needs("staff:assessments:see")
def overview() -> str:
    """The living picture: numbers first."""
    return render_template("staff/overview/overview.html", seen=_overview(db()))


def _overview(session: Session) -> Overview:
    lines = round_lines(session, today())
    scored = rows_scored(session, locale(), today())
    worst = sorted(scored, key=lambda row: (-row.flags, row.standing.total if row.standing else 0, row.name))
    share = committed_share(
        [(supplier, moment.astimezone(zone()).date()) for supplier, moment in released_days(session)],
        [
            Promise(supplier, agreed.astimezone(zone()).date())
            for supplier, agreed in agreed_promises(session)
        ],
        today(),
    )
    return Overview(
        current=lines[0] if lines else None,
        rounds=len(lines),
        waiting=_waiting(session),
        flagged=sum(1 for row in scored if row.flags),
        flags=sum(row.flags for row in scored),
        scored=len(scored),
        talk_to=tuple(worst[:3]),
        committed=share,
        estimate=_estimate(session),
    )


def _waiting(session: Session) -> Waiting:
    states: dict[str, int] = {}
    for counts in state_counts(session).values():
        for state, count in counts.items():
            states[state] = states.get(state, 0) + count
    promises = commitment_counts(session)
    return Waiting(
        to_take_up=states.get("submitted", 0),
        to_review=states.get("in_review", 0),
        to_release=states.get("reviewed", 0) if may(actor(), "staff:assessments:release") else 0,
        to_agree=promises.get("proposed", 0),
        to_verify=promises.get("done", 0),
    )


def _estimate(session: Session) -> EstimateLine | None:
    found = latest_estimate(session)
    if found is None:
        return None
    summary: dict[str, Any] = found.summary
    interval = summary.get("interval_95") or (None, None)
    low, high = (Decimal(bound) if bound else None for bound in interval)
    return EstimateLine(found.id, found.year, Decimal(summary["total_tco2e"]), low, high)
