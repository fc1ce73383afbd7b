"""Lists of suppliers with their results: one row object, its filters, its sorting and its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from portal.core.lifecycle import STATES, is_expired
from portal.core.questionnaire.model import ROLES
from portal.store.assessments import StoredSheet
from portal.store.standings import Standing
from portal.store.suppliers import Supplier, material_keys, role_keys

PAGE = 25
GRADES = ("A", "B", "C", "D")


@dataclass(frozen=True)
class Result:
    """One stored sheet in brief. `total` on 0..100; `red_flags` are indicator codes; `short`: of the short set."""

    total: Decimal
    grade: str
    red_flags: tuple[str, ...]
    topics: Mapping[str, Decimal | None]
    short: bool = False


@dataclass(frozen=True)
class Row:
    """One supplier with its place in a round; without an assessment `state` is empty.

    `standing` is the verified result, or the declared one as long as none is verified; `side` says which.
    `scored_in` names the round of the result where it is an earlier one than `round_name`; `short`: the assessment
    asks the short set only.
    """

    supplier_id: int
    assessment_id: int | None
    code: str
    name: str
    roles: tuple[str, ...]
    materials: tuple[str, ...]
    country: str
    state: str
    round_name: str
    declared: Result | None
    verified: Result | None
    side: str
    submitted_at: datetime | None
    valid_until: date | None
    lead: str
    scored_in: str = ""
    short: bool = False

    @property
    def standing(self) -> Result | None:
        return self.verified or self.declared

    @property
    def flags(self) -> int:
        return len(self.standing.red_flags) if self.standing else 0


@dataclass(frozen=True)
class Filters:
    """What a person asked to see; an empty text asks for everything."""

    state: str = ""
    grade: str = ""
    flags: str = ""
    role: str = ""
    material: str = ""
    text: str = ""

    @property
    def any(self) -> bool:
        return any((self.state, self.grade, self.flags, self.role, self.material, self.text))


@dataclass(frozen=True)
class Listing:
    """One page of a list: the rows to show, how many there are in all, and how they are sorted."""

    rows: tuple[Row, ...]
    found: int
    total: int
    page: int
    last: int
    sort: str
    descending: bool
    filters: Filters
    states: tuple[str, ...]
    roles: tuple[str, ...]
    materials: tuple[str, ...]


def supplier_name(supplier: Supplier, locale: str) -> str:
    """The supplier's name in the reader's language, as far as it has one."""
    return supplier.name_zh if locale == "zh" and supplier.name_zh else supplier.name


def result_of(sheet: StoredSheet | None) -> Result | None:
    """A stored sheet in short."""
    if sheet is None:
        return None
    topics = {
        code: None if topic["score"] is None else Decimal(topic["score"])
        for code, topic in sheet.content["topics"].items()
    }
    return Result(
        Decimal(sheet.total), sheet.grade, tuple(sheet.content["red_flags"]), topics, is_short(sheet)
    )


def is_short(sheet: StoredSheet) -> bool:
    """Whether a stored sheet was worked out on the short set."""
    return bool(sheet.content.get("short", False))


def row_of(standing: Standing, locale: str, today: date, lead: str = "") -> Row:
    """The row of one assessment."""
    assessment = standing.assessment
    supplier = assessment.supplier
    expired = is_expired(assessment.state, assessment.valid_until, today)
    return Row(
        supplier_id=supplier.id,
        assessment_id=assessment.id,
        code=supplier.code,
        name=supplier_name(supplier, locale),
        roles=role_keys(supplier),
        materials=material_keys(supplier),
        country=supplier.country,
        state="expired" if expired else assessment.state,
        round_name=assessment.round.name,
        declared=result_of(standing.declared),
        verified=result_of(standing.verified),
        side="verified" if standing.verified else "declared" if standing.declared else "",
        submitted_at=assessment.submitted_at,
        valid_until=assessment.valid_until,
        lead=lead,
        short=assessment.short,
    )


def with_last_score(row: Row, scored: Row | None) -> Row:
    """`row` with the result of an earlier assessment where it has none of its own yet."""
    if scored is None or row.standing is not None:
        return row
    return replace(
        row,
        declared=scored.declared,
        verified=scored.verified,
        side=scored.side,
        scored_in=scored.round_name,
    )


def row_without_assessment(supplier: Supplier, locale: str) -> Row:
    """The row of a supplier that is in no round yet."""
    return Row(
        supplier_id=supplier.id,
        assessment_id=None,
        code=supplier.code,
        name=supplier_name(supplier, locale),
        roles=role_keys(supplier),
        materials=material_keys(supplier),
        country=supplier.country,
        state="",
        round_name="",
        declared=None,
        verified=None,
        side="",
        submitted_at=None,
        valid_until=None,
        lead="",
    )


def read_filters(args: Mapping[str, str]) -> Filters:
    """Filters from a query; values we do not know ask for everything."""

    def known(name: str, allowed: Iterable[str]) -> str:
        given = args.get(name, "")
        return given if given in allowed else ""

    return Filters(
        state=known("state", (*STATES, "expired")),
        grade=known("grade", GRADES),
        flags=known("flags", ("yes", "no")),
        role=known("role", ROLES),
        material=args.get("material", "")[:60],
        text=args.get("q", "").strip()[:100],
    )


def list_rows(rows: Sequence[Row], args: Mapping[str, str], default: str = "name") -> Listing:
    """Filter, sort and page `rows` as the query `args` asks (state, grade, flags, role, material, q, sort, order)."""
    filters = read_filters(args)
    kept = matching(rows, filters)
    sort = args.get("sort", default) if args.get("sort", default) in _KEYS else default
    descending = args.get("order") == "down"
    ordered = sort_rows(kept, sort, descending)
    last = max(1, -(-len(ordered) // PAGE))
    asked = args.get("page", "1")
    page = min(max(int(asked) if asked.isascii() and asked.isdigit() else 1, 1), last)
    return Listing(
        rows=tuple(ordered[(page - 1) * PAGE : page * PAGE]),
        found=len(ordered),
        total=len(rows),
        page=page,
        last=last,
        sort=sort,
        descending=descending,
        filters=filters,
        states=tuple(s for s in (*STATES, "expired") if any(row.state == s for row in rows)),
        roles=ROLES,
        materials=tuple(sorted({m for row in rows for m in row.materials})),
    )


def matching(rows: Sequence[Row], filters: Filters) -> list[Row]:
    """The rows a person asked to see."""
    return [row for row in rows if _matches(row, filters)]


def sort_rows(rows: Sequence[Row], sort: str, descending: bool) -> list[Row]:
    """Rows by one column; those without a value stand last either way."""
    key = _KEYS[sort]
    by_name = sorted(rows, key=lambda row: (row.name.casefold(), row.code))
    valued = [row for row in by_name if key(row) is not None]
    return sorted(valued, key=key, reverse=descending) + [row for row in by_name if key(row) is None]


def _total(result: Result | None) -> Decimal | None:
    return result.total if result else None


_KEYS: dict[str, Callable[[Row], object]] = {
    "name": lambda row: row.name.casefold(),
    "state": lambda row: (*STATES, "expired").index(row.state) if row.state else None,
    "declared": lambda row: _total(row.declared),
    "verified": lambda row: _total(row.verified),
    "standing": lambda row: _total(row.standing),
    "grade": lambda row: row.standing.grade if row.standing else None,
    "flags": lambda row: row.flags if row.standing else None,
    "sent": lambda row: row.submitted_at,
}


def _matches(row: Row, filters: Filters) -> bool:
    standing = row.standing
    wanted = filters.text.casefold()
    return (
        (not filters.state or row.state == filters.state)
        and (not filters.grade or (standing is not None and standing.grade == filters.grade))
        and (not filters.flags or (standing is not None and bool(row.flags) == (filters.flags == "yes")))
        and (not filters.role or filters.role in row.roles)
        and (not filters.material or filters.material in row.materials)
        and (not wanted or wanted in row.name.casefold() or wanted in row.code.casefold())
    )
