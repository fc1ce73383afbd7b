"""Does a run come out again, bit for bit? Made once more from the same inputs, its files are compared by hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.files.vault import Vault
from portal.operations import estimating
from portal.operations.estimate_register import gathered_at
from portal.operations.estimates import computed, estimate_by_id
from portal.operations.estimating.writing import FILES, summary_text
from portal.operations.jobs import ask
from portal.operations.journal import note
from portal.operations.working import Change, Place, Task
from portal.store.engine import reading
from portal.store.estimates import Estimate
from portal.store.jobs import Job

KIND = "estimate_check"
# manifest.json names the versions of the software, which may be newer today: it is not part of the results
RESULTS = tuple(name for name in FILES if name != "manifest.json")


@dataclass(frozen=True)
class FileCheck:
    """One file of results: its hash as kept and as made again ("" when it is missing)."""

    name: str
    kept: str
    again: str

    @property
    def same(self) -> bool:
        """Whether both are there and have the same bytes."""
        return bool(self.kept) and self.kept == self.again


@dataclass(frozen=True)
class Reproduced:
    """A run made again. `inputs` names inputs that are no longer what they were: then the files cannot be the same."""

    run: str
    files: tuple[FileCheck, ...]
    inputs: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every file came out the same."""
        return all(check.same for check in self.files)


def compare_folders(kept: Path, again: Path) -> tuple[FileCheck, ...]:
    """The files of results in two folders of runs, by hash."""
    return tuple(FileCheck(name, _hash_of(kept / name), _hash_of(again / name)) for name in RESULTS)


def changed_inputs(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Names of inputs that one run has and the other has not, or with another hash; both as in estimate.json."""
    names = sorted(before.keys() | after.keys())
    return tuple(name for name in names if before.get(name) != after.get(name))


def hashes_kept(vault: Vault, estimate: Estimate) -> dict[str, str]:
    """SHA-256 of each file of results as it lies in the portal, "" for one that is gone.

    Of a file the portal does not keep, the hash its manifest recorded when the run was made; none where it did not.
    """
    text = summary_text(estimate.summary).encode()
    keys = {"lines.parquet": estimate.parquet_key, "lines.csv": estimate.csv_key}
    found = {
        name: digest.removeprefix("sha256:")
        for name, digest in (estimate.manifest or {}).get("files", {}).items()
    }
    found["estimate.json"] = hashlib.sha256(text).hexdigest()
    for name, key in keys.items():
        try:
            with vault.open(key) as stored:
                found[name] = _digest(stored)
        except NotFound:
            found[name] = ""
    return {name: found[name] for name in RESULTS if name in found}


def reproduces(
    session: Session,
    estimate: Estimate,
    *,
    vault: Vault,
    engine: str = "duckdb",
    progress: estimating.Progress | None = None,
) -> Reproduced:
    """Make a run again from its ledger, the register as it stood, and the tables in use; nothing is stored.

    estimate.json names the engine: a run of DuckDB is made again by DuckDB, any other by the one at `engine`.

    Raises Invalid, Refused as `estimates.computed`.
    """
    gathered, kept = gathered_at(session, estimate), hashes_kept(vault, estimate)
    again_by = "duckdb" if estimate.summary["engine"] == "duckdb" else engine
    with computed(gathered, vault=vault, engine=again_by, progress=progress) as result:
        files = tuple(FileCheck(name, kept[name], _hash_of(result.folder / name)) for name in kept)
        changed = changed_inputs(estimate.summary["inputs"], result.summary["inputs"])
    return Reproduced(result.run, files, changed)


def ask_check(session: Session, actor: Actor, *, estimate_id: int, now: datetime) -> Job:
    """Ask for the check as a job. Raises NotFound."""
    found = estimate_by_id(session, estimate_id)
    return ask(session, actor, kind=KIND, subject_id=found.id, arguments={}, now=now)


@contextmanager
def check_work(place: Place, task: Task) -> Iterator[Change]:
    """The job: make the run again, and keep in its outcome what came out."""
    with reading(place.engine) as session:
        estimate = estimate_by_id(session, task.subject_id)
        found = reproduces(
            session,
            estimate,
            vault=place.vault,
            engine=place.settings.estimate_engine,
            progress=task.tell,
        )

    def change(session: Session) -> dict[str, object]:
        note(
            session,
            task.actor,
            "estimate.checked",
            thing="estimate",
            thing_id=task.subject_id,
            details={"run": estimate.run, "same": found.same},
            now=place.clock(),
        )
        return {
            "same": found.same,
            "run": found.run,
            "files": [asdict(check) for check in found.files],
            "inputs": list(found.inputs),
        }

    yield change


def _hash_of(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return _digest(stream)


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(1 << 18):
        digest.update(piece)
    return digest.hexdigest()
