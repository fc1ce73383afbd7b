"""Published is frozen: `published.lock` holds the hash of every released version, one line each.

A line reads ``sustainability/2026.1 sha256:…``. The hash covers the path and content of every YAML file of the
version; line ends are unified first so that a checkout on another system gives the same hash.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from portal.core.errors import Invalid
from portal.core.problems import Problem

LOCK = "published.lock"


def folder_hash(folder: Path) -> str:
    """The hash of one version's folder, ``sha256:`` and 64 hex digits."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml"), key=lambda p: p.relative_to(folder).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(folder).as_posix().encode()
        digest.update(len(name).to_bytes(8) + name + len(content).to_bytes(8) + content)
    return f"sha256:{digest.hexdigest()}"


def read_lock(root: Path) -> dict[str, str]:
    """Hash by questionnaire id. Raises Invalid (lock_broken) for a line of another form; no file, no versions."""
    path = root / LOCK
    if not path.is_file():
        return {}
    hashes: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        parts = line.split()
        if len(parts) != 2 or parts[0].count("/") != 1 or not parts[1].startswith("sha256:"):
            raise Invalid([Problem("lock_broken", f"{LOCK}:{number}", {"found": line[:80]})])
        hashes[parts[0]] = parts[1]
    return hashes


def lock_problems(root: Path, published: dict[str, Path]) -> list[Problem]:
    """Differences between the lock and the folders of published versions (by id).

    lock_changed: a released version is not what was released; lock_missing: published but never frozen;
    lock_gone: released, but its folder is gone or calls itself a draft again.
    """
    try:
        locked = read_lock(root)
    except Invalid as invalid:
        return list(invalid.problems)
    problems: list[Problem] = []
    for name in sorted({*locked, *published}):
        if name not in published:
            problems.append(Problem("lock_gone", LOCK, {"id": name}))
        elif name not in locked:
            problems.append(Problem("lock_missing", LOCK, {"id": name}))
        elif folder_hash(published[name]) != locked[name]:
            problems.append(Problem("lock_changed", LOCK, {"id": name}))
    return problems


def write_lock(root: Path, name: str, folder: Path) -> str:
    """Freeze one version: add its line to the lock and return the hash.

    Raises Invalid (lock_changed) when the version is frozen already with other content: published versions are
    never updated in place.
    """
    locked, now = read_lock(root), folder_hash(folder)
    if locked.get(name, now) != now:
        raise Invalid([Problem("lock_changed", LOCK, {"id": name})])
    locked[name] = now
    lines = [f"{known} {value}\n" for known, value in sorted(locked.items())]
    (root / LOCK).write_text("".join(lines), encoding="utf-8", newline="\n")
    return now
