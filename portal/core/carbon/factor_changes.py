"""What is new, changed and gone between two versions of a table, row by row and column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

Rows = Mapping[str, Mapping[str, str]]
# A value that moved by more than this factor between two versions is worth a second look.
JUMP = Decimal(5)


@dataclass(frozen=True)
class Change:
    """One row that stayed but differs: by column, the text before and after (empty where the cell is)."""

    key: str
    columns: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Changes:
    """From one version to the next, each list ordered by key; `same` counts the rows that did not change."""

    new: Rows
    changed: tuple[Change, ...]
    removed: tuple[str, ...]
    same: int

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def difference(old: Rows, new: Rows) -> Changes:
    """What turns `old` into `new`. Rows are cells by column under a key that is unique in each version."""
    changed = []
    for key in sorted(old.keys() & new.keys()):
        before, after = _filled(old[key]), _filled(new[key])
        columns = {
            c: (before.get(c, ""), after.get(c, ""))
            for c in sorted(before.keys() | after.keys())
            if before.get(c, "") != after.get(c, "")
        }
        if columns:
            changed.append(Change(key, columns))
    return Changes(
        new={key: _filled(new[key]) for key in sorted(new.keys() - old.keys())},
        changed=tuple(changed),
        removed=tuple(sorted(old.keys() - new.keys())),
        same=len(old.keys() & new.keys()) - len(changed),
    )


def applied(old: Rows, changes: Changes) -> dict[str, dict[str, str]]:
    """`old` with the changes made: `applied(old, difference(old, new))` is `new`, empty cells left out."""
    rows = {key: _filled(cells) for key, cells in old.items() if key not in changes.removed}
    for change in changes.changed:
        after = {column: text for column, (_, text) in change.columns.items()}
        rows[change.key] = _filled({**rows[change.key], **after})
    rows |= {key: _filled(cells) for key, cells in changes.new.items()}
    return rows


def jumps(changes: Changes, column: str) -> list[Change]:
    """Changed rows whose number in `column` moved by more than JUMP times, up or down."""
    found = []
    for change in changes.changed:
        before, after = change.columns.get(column, ("", ""))
        if before and after:
            low, high = sorted((Decimal(before), Decimal(after)))
            if high > 0 and (low <= 0 or high / low > JUMP):
                found.append(change)
    return found


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {column: text for column, text in cells.items() if text}
