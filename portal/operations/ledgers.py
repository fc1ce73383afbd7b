"""Purchase ledgers: check a file as a whole, then keep it. A file with any problem leaves nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid
from portal.core.problems import Problem
from portal.files import ledgers as ledger_files
from portal.files.bulk import open_bulk
from portal.files.rates import read_rates
from portal.files.uploads import LIMIT, judge_upload
from portal.files.vault import CHUNK, Vault
from portal.operations.journal import note
from portal.settings import shipped
from portal.store.estimates import Ledger

CSV_ONLY = frozenset({"csv"})
YEARS = range(1990, 2101)
# A year in which no line is dated: rates of exchange are looked at when a year is estimated, not when a file is loaded.
NO_YEAR = 0


@dataclass(frozen=True)
class CheckedLedger:
    """A ledger file that holds: its clean name, hash, size in bytes, lines in all and lines by year."""

    name: str
    sha256: str
    size: int
    lines: int
    years: Mapping[int, int]


def check_ledger(content: BinaryIO, *, name: str, limit: int = LIMIT) -> CheckedLedger:
    """Read a ledger file as a whole and say what it holds; `limit` in bytes.

    Raises Invalid with every problem, each at file, line and column; the last one (problems_not_shown) counts those
    left out. Needs no database, so that a slow check holds nobody up.
    """
    upload = judge_upload(name, content, limit, CSV_ONLY)
    rates, _, _ = read_rates(shipped("factors") / "rates.csv")
    with on_disk(content) as path, open_bulk() as connection:
        read, problems, count = ledger_files.load_ledger(
            connection, path, name=upload.name, year=NO_YEAR, rates=set(rates)
        )
    if read is None or problems:
        left = [Problem("problems_not_shown", values={"count": count - len(problems)})] * (
            count > len(problems)
        )
        raise Invalid([*problems, *left])
    if not read.lines:
        raise Invalid([Problem("ledger_without_lines", upload.name)])
    odd = [year for year in read.other_years if year not in YEARS]
    if odd:
        raise Invalid([Problem("ledger_years_odd", upload.name, {"years": ", ".join(map(str, odd))})])
    return CheckedLedger(upload.name, upload.sha256, upload.size, read.lines, read.other_years)


def keep_ledger(
    session: Session, actor: Actor, content: BinaryIO, *, checked: CheckedLedger, vault: Vault, now: datetime
) -> tuple[Ledger, bool]:
    """Store a checked ledger; the same file under the same name loaded twice is one ledger. Returns it and whether it is new."""
    known = session.scalar(select(Ledger).where(Ledger.sha256 == checked.sha256, Ledger.name == checked.name))
    if known is not None:
        return known, False
    ledger = Ledger(
        name=checked.name,
        vault_key=vault.put(content, checked.sha256),
        size=checked.size,
        sha256=checked.sha256,
        lines=checked.lines,
        years={str(year): lines for year, lines in sorted(checked.years.items())},
        loaded_by_id=actor.user_id,
        loaded_at=now,
    )
    session.add(ledger)
    session.flush()
    note(
        session,
        actor,
        "ledger.loaded",
        thing="ledger",
        thing_id=ledger.id,
        details={"name": ledger.name, "lines": ledger.lines, "sha256": ledger.sha256},
        now=now,
    )
    return ledger, True


def load_ledger(
    session: Session, actor: Actor, content: BinaryIO, *, name: str, vault: Vault, now: datetime
) -> tuple[Ledger, bool]:
    """Check and keep a ledger in one go. Raises as `check_ledger`."""
    checked = check_ledger(content, name=name)
    return keep_ledger(session, actor, content, checked=checked, vault=vault, now=now)


@contextmanager
def on_disk(content: BinaryIO) -> Iterator[Path]:
    """The bytes of a stream as a file under a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="upstream-ledger-") as folder:
        path = Path(folder) / "ledger.csv"
        content.seek(0)
        with path.open("wb") as target:
            while piece := content.read(CHUNK):
                target.write(piece)
        content.seek(0)
        yield path
