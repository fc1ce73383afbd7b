"""Whose workbook a file is, what it was made from, and the checksum over both."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from portal.core.problems import Problem
from portal.core.questionnaire.reading import shown

FORMAT = "upstream answers 1"
_VERSION = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True)
class Identity:
    """All texts. `assessment` is its id, `asked_at` and `made_at` moments in ISO form (UTC); `asked_at` tells two
    portals with the same ids apart. `versions` holds, by row key, the version of each answer that the file shows, "0"
    where nothing was answered."""

    company: str
    round: str
    assessment: str
    asked_at: str
    questionnaire: str
    language: str
    made_at: str
    versions: Mapping[str, str]


FIELDS = ("company", "round", "assessment", "asked_at", "questionnaire", "language", "made_at")


def checksum(identity: Identity) -> str:
    """SHA-256 over everything the identity says, as canonical JSON."""
    content = {"format": FORMAT} | asdict(identity) | {"versions": dict(identity.versions)}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def identity_rows(identity: Identity) -> list[tuple[str, str]]:
    """What the identity sheet holds: name and text in each row, the checksum, then row keys with versions."""
    named = [("format", FORMAT), *((name, str(getattr(identity, name))) for name in FIELDS)]
    return [
        *named,
        ("checksum", checksum(identity)),
        ("answers", str(len(identity.versions))),
        *identity.versions.items(),
    ]


def read_identity(rows: list[tuple[str, str]], where: str) -> Identity | Problem:
    """The identity that the rows of the sheet state. Problems: workbook_not_ours (no such rows at all),
    workbook_format_unknown, workbook_identity_changed (incomplete, or the checksum does not fit)."""
    names = [name for name, _text in rows]
    if not rows or names[0] != "format":
        return Problem("workbook_not_ours", where)
    if rows[0][1] != FORMAT:
        return Problem("workbook_format_unknown", where)
    changed = Problem("workbook_identity_changed", where)
    if names[1 : len(FIELDS) + 3] != [*FIELDS, "checksum", "answers"]:
        return changed
    stated = dict(rows[1 : len(FIELDS) + 1])
    listed = rows[len(FIELDS) + 3 :]
    versions = dict(listed)
    counted = rows[len(FIELDS) + 2][1] == str(len(listed))
    identity = Identity(versions=versions, **stated)
    whole = len(versions) == len(listed) and all(_VERSION.fullmatch(t) for t in versions.values())
    fits = checksum(identity) == rows[len(FIELDS) + 1][1]
    return identity if counted and whole and fits else changed


def mismatch(found: Identity, here: Identity, where: str) -> Problem | None:
    """Why a workbook does not belong to the assessment it was uploaded to; None when it does."""
    if found.company != here.company:
        return Problem("workbook_other_company", where, {"found": shown(found.company), "here": here.company})
    if found.round != here.round:
        return Problem("workbook_other_round", where, {"found": shown(found.round), "here": here.round})
    if found.questionnaire != here.questionnaire:
        values = {"found": shown(found.questionnaire), "here": here.questionnaire}
        return Problem("workbook_other_version", where, values)
    if (found.assessment, found.asked_at) != (here.assessment, here.asked_at):
        return Problem("workbook_other_assessment", where)
    return None
