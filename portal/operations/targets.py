"""The target: set in versions, and how far we are, from the frame, the estimates and the commitments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon import cells
from portal.core.carbon.targets import PATHS, Path
from portal.core.errors import Conflict, Invalid
from portal.core.problems import Problem
from portal.operations.journal import note
from portal.store.targets import Target

MOST_YEARS = 60


@dataclass(frozen=True)
class TargetFacts:
    """A target as given: its path, the base value as typed, where it was decided, and a note."""

    path: Path
    base_typed: str
    source: str
    note: str


def read_target(given: Mapping[str, str]) -> TargetFacts:
    """A target from form text (base_year, base_value, target_year, reduction, path, source, note).

    `base_value` in tCO2e per MWp, `reduction` in per cent. Raises Invalid with `where` naming the field: the codes of
    `portal.core.carbon.cells`, target_years_order, target_far, target_reduction_range, target_rate_whole,
    target_path_missing.
    """
    row = cells.Row(given)
    base_year = cells.year(row, "base_year", required=True)
    target_year = cells.year(row, "target_year", required=True)
    base_value = cells.positive(row, "base_value", required=True)
    reduction = cells.positive(row, "reduction", required=True)
    source = cells.text(row, "source", required=True)
    words = cells.text(row, "note")
    kind = given.get("path", "")
    if kind not in PATHS:
        cells.add_problem(row, "path", "target_path_missing")
    if base_year and target_year and target_year <= base_year:
        cells.add_problem(row, "target_year", "target_years_order", base=base_year)
    elif base_year and target_year and target_year - base_year > MOST_YEARS:
        cells.add_problem(row, "target_year", "target_far", most=MOST_YEARS)
    if reduction is not None and reduction > 100:
        cells.add_problem(row, "reduction", "target_reduction_range")
    elif reduction == 100 and kind == "constant_rate":
        cells.add_problem(row, "path", "target_rate_whole")
    if row.problems or not (base_year and target_year and base_value and reduction):
        raise Invalid(row.problems or [Problem("target_path_missing", "path")])
    path = Path(base_year, base_value, target_year, reduction, kind)
    return TargetFacts(path, cells.text(row, "base_value"), source, words)


def set_target(session: Session, actor: Actor, *, facts: TargetFacts, base: int, now: datetime) -> Target:
    """A new version of the target; `base` is the version the person saw (0: none). Older versions are kept.

    Raises Conflict when somebody else set it since.
    """
    newest = session.scalar(select(Target).order_by(Target.version.desc()).limit(1))
    if (newest.version if newest else 0) != base:
        raise Conflict(mine=facts, theirs=newest)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    path = facts.path
    made = session.execute(
        insert(Target)
        .values(
            version=base + 1,
            base_year=path.base_year,
            base_value=path.base_value,
            base_typed=facts.base_typed,
            target_year=path.target_year,
            reduction=path.reduction,
            path=path.kind,
            source=facts.source,
            note=facts.note,
            set_by_id=actor.user_id,
            set_at=now,
        )
        .on_conflict_do_nothing(index_elements=["version"])
        .execution_options(preserve_rowcount=True)
    )
    row = session.scalars(select(Target).where(Target.version == base + 1)).one()
    if made.rowcount != 1:  # type: ignore[attr-defined]  # a changing statement has a row count
        raise Conflict(mine=facts, theirs=row)
    details = {"version": row.version, "target_year": row.target_year, "reduction": str(row.reduction)}
    note(session, actor, "target.set", thing="target", thing_id=row.id, details=details, now=now)
    return row


def path_of(row: Target) -> Path:
    """The path a stored target draws."""
    return Path(row.base_year, Decimal(row.base_value), row.target_year, Decimal(row.reduction), row.path)
