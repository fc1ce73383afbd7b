"""Page objects of the register of commitments: who has committed on a day, and every commitment with its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.commitments import (
    STATES,
    CommittedShare,
    Promise,
    committed_share,
    committed_suppliers,
    is_overdue,
)
from portal.core.questionnaire.model import Text, find_indicator
from portal.files.questionnaires import find_questionnaire
from portal.language import N_, say
from portal.reports.charts import BarChart, Series
from portal.store.commitments import Commitment, CommitmentNote
from portal.store.releases import releases
from portal.store.suppliers import Supplier, all_suppliers
from portal.web.commitment_words import Step, percent_of, step_of
from portal.web.staff.listing import supplier_name

PAGE = 25
MONTHS = 12


@dataclass(frozen=True)
class RegisterLine:
    """One commitment in the register; `state` is overdue where it is agreed and past its day."""

    id: int
    supplier_id: int
    supplier: str
    code: str
    subject: Text
    kind: str
    action: str
    owner: str
    state: str
    due_on: date
    percent: int
    effect_points: Decimal | None
    effect_tco2e: Decimal | None


@dataclass(frozen=True)
class RegisterPage:
    """One page of the register with its filters."""

    lines: tuple[RegisterLine, ...]
    found: int
    total: int
    page: int
    last: int
    sort: str
    descending: bool
    state: str
    supplier: int
    states: tuple[str, ...]
    suppliers: tuple[tuple[int, str], ...]
    tonnes: Decimal


@dataclass(frozen=True)
class Waiting:
    """A supplier that has not committed; `proposed` says whether a proposal waits for the buyer now."""

    id: int
    name: str
    code: str
    proposed: bool


@dataclass(frozen=True)
class SharePage:
    """Who had committed on a day, and how the share came about month by month."""

    share: CommittedShare
    waiting: tuple[Waiting, ...]
    months: tuple[CommittedShare, ...]

    @property
    def percent(self) -> Decimal | None:
        return None if self.share.share is None else self.share.share * 100


@dataclass(frozen=True)
class CommitmentPage:
    """One commitment as the buyer sees it. `points` of the finding 0..1, `gain` points of the total."""

    id: int
    state: str
    line: RegisterLine
    assessment_id: int
    round_name: str
    points: Decimal
    gain: Decimal
    hint: Text
    closed_at: datetime | None
    steps: tuple[Step, ...]


def register_page(
    rows: Sequence[Commitment], args: Mapping[str, str], locale: str, today: date
) -> RegisterPage:
    """Filter, sort and page commitments as a query asks (state, supplier, sort, order, page)."""
    lines = [_line(row, locale, today) for row in rows]
    shown = (*STATES, "overdue")
    state = args.get("state", "") if args.get("state", "") in shown else ""
    supplier = _whole(args.get("supplier", ""))
    kept = [
        line
        for line in lines
        if (not state or line.state == state or (state == "agreed" and line.state == "overdue"))
        and (not supplier or line.supplier_id == supplier)
    ]
    sort = args.get("sort", "due") if args.get("sort", "due") in _KEYS else "due"
    descending = args.get("order") == "down"
    ordered = sorted(kept, key=lambda line: line.id)
    ordered.sort(key=_KEYS[sort], reverse=descending)
    last = max(1, -(-len(ordered) // PAGE))
    page = min(max(_whole(args.get("page", "1")), 1), last)
    suppliers = {line.supplier_id: line.supplier for line in lines}
    return RegisterPage(
        lines=tuple(ordered[(page - 1) * PAGE : page * PAGE]),
        found=len(ordered),
        total=len(lines),
        page=page,
        last=last,
        sort=sort,
        descending=descending,
        state=state,
        supplier=supplier,
        states=tuple(s for s in shown if any(line.state == s for line in lines)),
        suppliers=tuple(sorted(suppliers.items(), key=lambda pair: pair[1].casefold())),
        tonnes=_sum(line.effect_tco2e for line in ordered),
    )


def share_page(
    session: Session, rows: Sequence[Commitment], on: date, locale: str, zone: tzinfo
) -> SharePage:
    """Which assessed suppliers had committed on a day. Two queries, whatever their number."""
    assessed_on = [(supplier, moment.astimezone(zone).date()) for supplier, moment in releases(session)]
    promises = [_promise(row, zone) for row in rows]
    assessed, committed = committed_suppliers(assessed_on, promises, on)
    proposed = {row.supplier_id for row in rows if row.state == "proposed"}
    waiting = [s for s in all_suppliers(session) if s.id in assessed - committed]
    return SharePage(
        share=committed_share(assessed_on, promises, on),
        waiting=tuple(_waiting(s, proposed, locale) for s in waiting),
        months=tuple(committed_share(assessed_on, promises, day) for day in _months(assessed_on, on)),
    )


def share_chart(seen: SharePage, locale: str, day_words: Callable[[date], str]) -> BarChart | None:
    """The share month by month as bars; None while there is nothing to compare."""
    months = [month for month in seen.months if month.share is not None]
    if len(months) < 2:
        return None
    values = tuple(share * 100 for month in months if (share := month.share) is not None)
    labels = tuple(
        f"{value:.0f} % ({m.committed}/{m.assessed})" for value, m in zip(values, months, strict=True)
    )
    return BarChart(
        key="committed",
        title=say(locale, N_("Committed suppliers by month")),
        caption=say(
            locale,
            N_("{committed} of {assessed} assessed suppliers had committed on {day}."),
            committed=seen.share.committed,
            assessed=seen.share.assessed,
            day=day_words(seen.share.on),
        ),
        categories=tuple(day_words(month.on) for month in months),
        series=(Series("", values, labels=labels),),
        unit="%",
        maximum=Decimal(100),
    )


def commitment_page(
    row: Commitment, locale: str, today: date, proof_url: Callable[[CommitmentNote], str]
) -> CommitmentPage:
    """One commitment with its way; `proof_url` is the address of a note's file."""
    finding = row.finding
    indicator = find_indicator(find_questionnaire(finding.assessment.questionnaire), finding.indicator)
    return CommitmentPage(
        id=row.id,
        state=row.state,
        line=_line(row, locale, today),
        assessment_id=finding.assessment_id,
        round_name=finding.assessment.round.name,
        points=Decimal(finding.points),
        gain=finding.gain,
        hint=indicator.hint if indicator else Text("", ""),
        closed_at=finding.closed_at,
        steps=tuple(
            step_of(note, note.by.name, proof_url(note) if note.evidence else "") for note in row.notes
        ),
    )


def _line(row: Commitment, locale: str, today: date) -> RegisterLine:
    finding = row.finding
    indicator = find_indicator(find_questionnaire(finding.assessment.questionnaire), finding.indicator)
    return RegisterLine(
        id=row.id,
        supplier_id=row.supplier_id,
        supplier=supplier_name(row.supplier, locale),
        code=finding.indicator,
        subject=indicator.subject if indicator else Text(finding.indicator, finding.indicator),
        kind=finding.kind,
        action=row.action,
        owner=row.owner,
        state="overdue" if is_overdue(row.state, row.due_on, today) else row.state,
        due_on=row.due_on,
        percent=percent_of(row),
        effect_points=row.effect_points,
        effect_tco2e=row.effect_tco2e,
    )


_KEYS: dict[str, Callable[[RegisterLine], tuple[object, ...]]] = {
    "due": lambda line: (line.due_on,),
    "supplier": lambda line: (line.supplier.casefold(), line.due_on),
    "state": lambda line: ((*STATES, "overdue").index(line.state), line.due_on),
    "progress": lambda line: (line.percent, line.due_on),
    "points": lambda line: (line.effect_points or Decimal(0), line.due_on),
    "tonnes": lambda line: (line.effect_tco2e or Decimal(0), line.due_on),
}


def _promise(row: Commitment, zone: tzinfo) -> Promise:
    def day(moment: datetime | None) -> date | None:
        return None if moment is None else moment.astimezone(zone).date()

    return Promise(row.supplier_id, day(row.agreed_at), day(row.withdrawn_at))


def _waiting(supplier: Supplier, proposed: set[int], locale: str) -> Waiting:
    return Waiting(supplier.id, supplier_name(supplier, locale), supplier.code, supplier.id in proposed)


def _months(assessed_on: Sequence[tuple[int, date]], on: date) -> list[date]:
    """The last days of the months since the first release, twelve at most, and the day itself."""
    days = [on]
    first = min((day for _supplier, day in assessed_on), default=on)
    while len(days) < MONTHS:
        before = days[-1].replace(day=1) - timedelta(days=1)
        if before < first:
            break
        days.append(before)
    return days[::-1]


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
