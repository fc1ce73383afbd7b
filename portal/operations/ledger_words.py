"""What the words of a ledger mean here: what people confirmed before, then what is known of old, then proposals to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.cells import is_product_unit
from portal.core.carbon.geography import COUNTRIES
from portal.core.errors import Invalid
from portal.core.finding import folded
from portal.core.ledger.matching import Known, index_of, match
from portal.core.ledger.words import BUILT_IN, Meaning
from portal.core.problems import Problem
from portal.operations.factor_library import materials
from portal.operations.journal import note
from portal.store.ledgers import LedgerWord, words_of
from portal.store.suppliers import Supplier

MOST_TIMES = Decimal(1_000_000)
MOST_PROPOSED = 300


@dataclass(frozen=True)
class Read:
    """How one text is read: `value` and `times`, `how` (exact, remembered, known, open), `lines` it stands on.

    For an open one `proposal` is what it may mean, "" where nothing comes near, `nearness` name, similar or "" and
    `share` the share of words in common.
    """

    written: str
    lines: int
    value: str
    times: str
    how: str
    proposal: str = ""
    nearness: str = ""
    share: float = 0.0


def read_words(
    session: Session, kind: str, written: Sequence[tuple[str, int]]
) -> tuple[dict[str, Meaning], list[Read]]:
    """The meaning of every text that has one, and how each was read; `written` are texts with their lines."""
    remembered = words_of(session, kind)
    known = _known(session, kind)
    index = index_of(known) if known else None
    keys = {one.key for one in known}
    meanings: dict[str, Meaning] = {}
    reads = []
    proposed = 0
    for text, lines in written:
        meaning, how = _meaning(kind, text, remembered, keys)
        if meaning is not None:
            meanings[text] = meaning
            value = meaning.value or text
            reads.append(Read(text, lines, value, format(meaning.times.normalize(), "f"), how))
            continue
        proposed += 1
        found = match(text, index) if index and proposed <= MOST_PROPOSED else None
        reads.append(
            Read(text, lines, text, "1", "open", found.key, found.how, found.share)
            if found
            else Read(text, lines, text, "1", "open")
        )
    return meanings, reads


def _meaning(
    kind: str, text: str, remembered: Mapping[str, LedgerWord], keys: Iterable[str]
) -> tuple[Meaning | None, str]:
    if _is_ours(kind, text, keys):
        return Meaning(text), "exact"
    word = remembered.get(folded(text))
    if word is not None:
        return Meaning(word.meaning or text, word.times), "remembered"
    # a material's other names are proposals, not facts: “frame” may be steel
    table = _countries() if kind == "country" else BUILT_IN.get(kind, {}) if kind != "material" else {}
    found = table.get(folded(text))
    return (found, "known") if found else (None, "open")


def _is_ours(kind: str, text: str, keys: Iterable[str]) -> bool:
    if kind == "unit":
        return is_product_unit(text)
    if kind == "currency":
        return (
            len(text) == 3
            and text.isascii()
            and text.isalpha()
            and text.isupper()
            and text not in ("RMB", "CNH")
        )
    if kind == "country":
        return text in COUNTRIES
    return text in keys


def _known(session: Session, kind: str) -> list[Known]:
    """Ours with their names, for proposals; units, currencies and countries are known or not."""
    if kind == "supplier":
        return [
            Known(row.code, (row.name, row.name_zh))
            for row in session.scalars(select(Supplier).order_by(Supplier.code))
        ]
    if kind == "material":
        other: dict[str, list[str]] = {}
        for text, meaning in BUILT_IN["material"].items():
            other.setdefault(meaning.value, []).append(text)
        return [
            Known(m.key, (m.name_en, m.name_zh, m.key.replace("_", " "), *other.get(m.key, ())))
            for m in materials(session)
        ]
    return []


@cache
def _countries() -> dict[str, Meaning]:
    """Names of countries in English and Chinese, and codes people write for others."""
    found = {folded("UK"): Meaning("GB"), folded("USA"): Meaning("US"), folded("PRC"): Meaning("CN")}
    for tag in ("en", "zh_Hans"):
        for code, name in Locale.parse(tag).territories.items():
            if code in COUNTRIES:
                found.setdefault(folded(str(name)), Meaning(code))
    return found


def remember_words(
    session: Session, actor: Actor, *, kind: str, given: Mapping[str, tuple[str, str]], now: datetime
) -> int:
    """Keep what a person said texts mean: text → (meaning, times). "" as meaning says it is none of ours.

    Raises Invalid with every one that cannot be: word_unit_unknown, word_currency_unknown, word_supplier_unknown …
    """
    keys = {one.key for one in _known(session, kind)}
    problems = [p for text, said in given.items() if (p := _wrong(kind, text, said, keys))]
    if problems:
        raise Invalid(problems)
    remembered = words_of(session, kind)
    changed = {}
    for text, (meaning, times) in given.items():
        word = remembered.get(folded(text))
        amount = Decimal(times or 1)
        if word is not None and (word.meaning, word.times) == (meaning, amount):
            continue
        if word is None:
            word = LedgerWord(kind=kind, written=folded(text)[:500])
            session.add(word)
            remembered[folded(text)] = word
        word.meaning, word.times = meaning, amount
        word.confirmed_by_id, word.confirmed_at = actor.user_id or 0, now
        changed[text[:80]] = meaning
    session.flush()
    if changed:
        note(
            session,
            actor,
            "ledger.words_confirmed",
            thing="ledger_words",
            thing_id=None,
            details={"kind": kind, "words": dict(list(changed.items())[:50]), "count": len(changed)},
            now=now,
        )
    return len(changed)


def _wrong(kind: str, text: str, said: tuple[str, str], keys: set[str]) -> Problem | None:
    meaning, times = said
    try:
        amount = Decimal(times or 1)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or not 0 < amount <= MOST_TIMES or -int(amount.as_tuple().exponent) > 8:
        return Problem("word_times_wrong", text, {"found": times})
    if kind == "unit":
        fine = is_product_unit(meaning)
    elif kind == "currency":
        fine = len(meaning) == 3 and meaning.isascii() and meaning.isalpha() and meaning.isupper()
    elif kind == "country":
        fine = meaning in COUNTRIES
    else:
        fine = not meaning or meaning in keys
    return None if fine else Problem(f"word_{kind}_unknown", text, {"found": meaning})
