"""Page objects of findings and commitments on the supplier's side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.core.commitments import is_overdue
from portal.core.questionnaire.model import Text, find_indicator
from portal.core.scoring.sheet import Line
from portal.files.questionnaires import find_questionnaire
from portal.language.reasons import reason_sentence
from portal.operations.findings import STANDING
from portal.operations.judging import open_review
from portal.store.assessments import Assessment
from portal.store.commitments import Commitment, Finding, findings_of
from portal.web.commitment_words import Step, percent_of, step_of


@dataclass(frozen=True)
class CommitmentLine:
    """One commitment in short; `state` is overdue where it is agreed and past its day."""

    id: int
    state: str
    action: str
    owner: str
    due_on: date
    percent: int


@dataclass(frozen=True)
class FindingLine:
    """One gap of a released result. `points` 0..1, `gain` points of the total that full marks would add.

    `why` is the line of the released score sheet in words; `open` while nothing has closed it, `free` while
    no commitment is under way.
    """

    id: int
    code: str
    subject: Text
    hint: Text
    kind: str
    points: Decimal
    gain: Decimal
    why: str
    round_name: str
    closed_at: datetime | None
    commitments: tuple[CommitmentLine, ...]
    free: bool

    @property
    def open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class FindingsPage:
    """All findings of a supplier, open ones first."""

    open: tuple[FindingLine, ...]
    closed: tuple[FindingLine, ...]

    @property
    def flags(self) -> int:
        return sum(1 for line in self.open if line.kind == "red_flag")

    @property
    def gain(self) -> Decimal:
        return sum((line.gain for line in self.open), Decimal(0))

    @property
    def under_way(self) -> tuple[FindingLine, ...]:
        return tuple(line for line in self.open if not line.free)

    @property
    def uncommitted(self) -> tuple[FindingLine, ...]:
        return tuple(line for line in self.open if line.free)


@dataclass(frozen=True)
class CommitmentPage:
    """One commitment with its finding and everything that happened. `moves` are those its state allows."""

    id: int
    state: str
    shown_state: str
    action: str
    owner: str
    due_on: date
    effect_points: Decimal | None
    effect_tco2e: Decimal | None
    percent: int
    finding: FindingLine
    steps: tuple[Step, ...]


def findings_page(session: Session, supplier_id: int, locale: str, today: date) -> FindingsPage:
    """Every finding of the supplier with its commitments."""
    rows = findings_of(session, supplier_id)
    lines = finding_lines(session, rows, locale, today)
    return FindingsPage(
        tuple(line for line in lines if line.open), tuple(line for line in lines if not line.open)
    )


def finding_lines(session: Session, rows: Sequence[Finding], locale: str, today: date) -> list[FindingLine]:
    """Findings in words. The released sheet is read once per assessment."""
    sheets = {row.assessment_id: row.assessment for row in rows}
    lines = {key: _released_lines(session, assessment) for key, assessment in sheets.items()}
    return [_finding_line(row, lines[row.assessment_id], locale, today) for row in rows]


def commitment_page(
    session: Session,
    row: Commitment,
    locale: str,
    today: date,
    *,
    organisation: str,
    file_url: Callable[[int], str],
) -> CommitmentPage:
    """One commitment; the buyer's people appear as the buyer. `file_url` is the address of an evidence file."""
    overdue = is_overdue(row.state, row.due_on, today)
    return CommitmentPage(
        id=row.id,
        state=row.state,
        shown_state="overdue" if overdue else row.state,
        action=row.action,
        owner=row.owner,
        due_on=row.due_on,
        effect_points=row.effect_points,
        effect_tco2e=row.effect_tco2e,
        percent=percent_of(row),
        finding=finding_lines(session, [row.finding], locale, today)[0],
        steps=tuple(
            step_of(
                note,
                organisation if note.by.staff_role else note.by.name,
                file_url(note.evidence.id) if note.evidence else "",
            )
            for note in row.notes
        ),
    )


def _finding_line(row: Finding, lines: Mapping[str, Line], locale: str, today: date) -> FindingLine:
    indicator = find_indicator(find_questionnaire(row.assessment.questionnaire), row.indicator)
    line = lines.get(row.indicator)
    return FindingLine(
        id=row.id,
        code=row.indicator,
        subject=indicator.subject if indicator else Text(row.indicator, row.indicator),
        hint=indicator.hint if indicator else Text("", ""),
        kind=row.kind,
        points=Decimal(row.points),
        gain=row.gain,
        why=reason_sentence(locale, line.reason) if line else "",
        round_name=row.assessment.round.name,
        closed_at=row.closed_at,
        commitments=tuple(_commitment_line(c, today) for c in row.commitments),
        free=row.closed_at is None and not any(c.state in STANDING for c in row.commitments),
    )


def _released_lines(session: Session, assessment: Assessment) -> Mapping[str, Line]:
    if assessment.state != "released":
        return {}
    review = open_review(session, assessment)
    return review.verified.lines if review else {}


def _commitment_line(row: Commitment, today: date) -> CommitmentLine:
    return CommitmentLine(
        id=row.id,
        state="overdue" if is_overdue(row.state, row.due_on, today) else row.state,
        action=row.action,
        owner=row.owner,
        due_on=row.due_on,
        percent=percent_of(row),
    )
