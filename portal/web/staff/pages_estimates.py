"""What the pages on category 1 show, worked out before any template runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from portal.core.carbon.category1 import METHODS, UNREACHED
from portal.core.ledger.columns import LEDGER_COLUMNS
from portal.core.problems import Problem
from portal.files.ledger_rules import LEDGER_REQUIRED
from portal.language import N_, say
from portal.language.sentences import sentence, sentences
from portal.store.estimates import Estimate, Ledger
from portal.web.words import material_word, materials_in_words

METHOD_WORDS = {
    "supplier_specific": N_("Supplier's own footprint"),
    "hybrid": N_("Share of the supplier's emissions"),
    "average_data": N_("Average factor of the material"),
    "spend_based": N_("Factor per money spent"),
    "unreached": N_("Not reached"),
}
QUALITY_WORDS = {
    "GHG Protocol data quality, mean of five grades, 1 very good to 4 poor": N_(
        "GHG Protocol data quality: mean of five grades, 1 very good to 4 poor"
    ),
}
SPREAD_WORDS = {
    "GHG Protocol pedigree uncertainty factors, basic factor 1.05": N_(
        "Pedigree table of the GHG Protocol's uncertainty guidance, basic factor 1.05"
    ),
}
TOP = 10
_PLACE = re.compile(r"(?P<file>.+):(?P<line>[0-9]+)(?::(?P<column>\w+))?", re.S)


@dataclass(frozen=True)
class Share:
    """One part of the total: `percent` of the tonnes, None where a share has no meaning (a total of zero or below).

    `filters` are the query arguments that show its lines; empty for the rest of a list.
    """

    key: str
    words: str
    lines: int
    tco2e: Decimal
    percent: Decimal | None
    filters: Mapping[str, str]


@dataclass(frozen=True)
class MethodRow:
    """Coverage of one method, in lines, spend and tonnes; `tco2e` is None for lines no method reached."""

    key: str
    words: str
    lines: int
    lines_percent: Decimal | None
    spend_usd: Decimal
    spend_percent: Decimal | None
    tco2e: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True)
class Doubt:
    """A warning of a run in words; `foreign` when it is only there in English and the reader reads Chinese."""

    text: str
    foreign: bool


@dataclass(frozen=True)
class Result:
    """An estimate in short: figures in tCO2e; `places` is how many decimals fit the size of the total."""

    id: int
    run: str
    year: int
    total: Decimal
    low: Decimal
    high: Decimal
    primary: Decimal
    places: int
    lines: int
    unreached: int
    unreached_usd: Decimal
    other_years: Mapping[str, int]
    methods: Sequence[MethodRow]
    materials: Sequence[Share]
    suppliers: Sequence[Share]
    quality_scale: str
    uncertainty: str
    reasons: Sequence[tuple[str, int]]
    warnings: Sequence[Doubt]
    inputs: Mapping[str, str]


def method_word(locale: str, key: str) -> str:
    """A method of the cascade in words."""
    return say(locale, METHOD_WORDS[key])


def reason_words(locale: str, reason: str) -> list[str]:
    """The reason of a line: why this method, then what stood in the way of a better one."""
    return [
        sentence(locale, Problem(code)) if code in sentences() else code
        for code in reason.split("; ")
        if code
    ]


def places_for(total: Decimal) -> int:
    """Decimals to show: whole tonnes for large totals, more for small ones."""
    size = abs(total)
    return 0 if size >= 1000 else 1 if size >= 100 else 3


def percent_of(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """`part` in per cent of `whole`; None when the whole is zero or below."""
    return 100 * Decimal(part) / Decimal(whole) if whole > 0 else None


def result_of(estimate: Estimate, names: Mapping[str, str], locale: str) -> Result:
    """The page object of an estimate; `names` are suppliers' names in the reader's language by code."""
    summary = estimate.summary
    total = Decimal(summary["total_tco2e"])
    low, high = (Decimal(bound) for bound in summary["interval_95"])
    unreached = summary["unreached"]
    other = summary.get("not_in_year", {})
    return Result(
        id=estimate.id,
        run=estimate.run,
        year=estimate.year,
        total=total,
        low=low,
        high=high,
        primary=Decimal(summary["primary_data_share"]),
        places=places_for(total),
        lines=sum(m["lines"] for m in summary["by_method"].values()) + unreached["lines"],
        unreached=unreached["lines"],
        unreached_usd=Decimal(unreached["spend_usd"]),
        other_years=other.get("by_year", {}),
        methods=_methods(summary, total, locale),
        materials=_shares(summary["by_material"], total, "material", lambda k: material_word(locale, k)),
        suppliers=_shares(summary["by_supplier"], total, "supplier", lambda k: names.get(k, k)),
        quality_scale=_scale(QUALITY_WORDS, summary.get("quality_scale", ""), locale),
        uncertainty=_scale(SPREAD_WORDS, summary.get("uncertainty_table", ""), locale),
        reasons=_reasons(summary.get("reasons", {}), locale),
        warnings=[_warning(stored, locale) for stored in summary.get("warnings", [])],
        inputs=summary["inputs"],
    )


def _methods(summary: Mapping[str, Any], total: Decimal, locale: str) -> list[MethodRow]:
    entries = {**{name: summary["by_method"][name] for name in METHODS}, UNREACHED: summary["unreached"]}
    lines = sum(entry["lines"] for entry in entries.values())
    spend = sum((Decimal(entry["spend_usd"]) for entry in entries.values()), Decimal(0))
    rows = []
    for name, entry in entries.items():
        tonnes = Decimal(entry["tco2e"]) if "tco2e" in entry else None
        rows.append(
            MethodRow(
                key=name,
                words=method_word(locale, name),
                lines=entry["lines"],
                lines_percent=percent_of(entry["lines"], lines),
                spend_usd=Decimal(entry["spend_usd"]),
                spend_percent=percent_of(Decimal(entry["spend_usd"]), spend),
                tco2e=tonnes,
                percent=None if tonnes is None else percent_of(tonnes, total),
            )
        )
    return rows


def _shares(entries: Mapping[str, Any], total: Decimal, filter_name: str, words: Any) -> list[Share]:
    return [
        Share(
            key=key,
            words=words(key),
            lines=entry["lines"],
            tco2e=Decimal(entry["tco2e"]),
            percent=percent_of(Decimal(entry["tco2e"]), total),
            filters={filter_name: key or NONE_GIVEN},
        )
        for key, entry in entries.items()
    ]


NONE_GIVEN = "~"


def top_and_rest(shares: Sequence[Share], locale: str, most: int = TOP) -> list[Share]:
    """The largest `most` parts and, where there are more, one part for all the others together."""
    if len(shares) <= most + 1:
        return list(shares)
    rest = shares[most:]
    known = [s.percent for s in rest if s.percent is not None]
    others = Share(
        key="",
        words=say(locale, N_("{count} others"), count=len(rest)),
        lines=sum(s.lines for s in rest),
        tco2e=sum((s.tco2e for s in rest), Decimal(0)),
        percent=sum(known, Decimal(0)) if known else None,
        filters={},
    )
    return [*shares[:most], others]


def _warning(stored: Mapping[str, Any], locale: str) -> Doubt:
    if stored["code"] in sentences() and "values" in stored:
        return Doubt(
            in_place(locale, _named(Problem(stored["code"], stored["where"], stored["values"]), locale)),
            False,
        )
    return Doubt(stored["text"], locale != "en")


def _named(told: Problem, locale: str) -> Problem:
    """What a run said of materials, with their names in place of their keys."""
    if told.code == "mapping_factor_gone":
        return replace(told, where=material_word(locale, told.where))
    if told.code == "mappings_unconfirmed":
        words = materials_in_words(locale, str(told.values["materials"]))
        return replace(told, values={**told.values, "materials": words})
    return told


def _scale(words: Mapping[str, str], name: str, locale: str) -> str:
    return say(locale, words[name]) if name in words else name


def _reasons(reasons: Mapping[str, Any], locale: str) -> list[tuple[str, int]]:
    said = [(" ".join(reason_words(locale, code)), entry["lines"]) for code, entry in reasons.items()]
    return sorted(said, key=lambda pair: (-pair[1], pair[0]))


def in_place(locale: str, problem: Problem) -> str:
    """A problem in words with its place as people say it: file, line, column."""
    return sentence(locale, Problem(problem.code, place_words(locale, problem.where), problem.values))


def place_words(locale: str, where: str) -> str:
    """`ledger.csv:12:quantity` as words: ledger.csv, line 12, quantity."""
    found = _PLACE.fullmatch(where)
    if found is None:
        return where
    if found["column"]:
        values = {"file": found["file"], "line": found["line"], "column": found["column"]}
        return say(locale, N_("{file}, line {line}, {column}"), **values)
    return say(locale, N_("{file}, line {line}"), file=found["file"], line=found["line"])


def alike_in_words(locale: str, problems: Iterable[Problem]) -> list[str]:
    """Problems of a ledger as sentences; those that say the same of other lines are counted, not repeated."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        found = _PLACE.fullmatch(problem.where)
        column = found["column"] or "" if found else problem.where
        groups.setdefault((problem.code, column, repr(sorted(problem.values.items()))), []).append(problem)
    return [_with_count(in_place(locale, alike[0]), len(alike) - 1, locale) for alike in groups.values()]


def _with_count(said: str, others: int, locale: str) -> str:
    if not others:
        return said
    one, many = N_("{said} One more line has the same."), N_("{said} {count} more lines have the same.")
    return say(locale, one if others == 1 else many, said=said, count=others)


COLUMN_WORDS = {
    "line_id": N_("A number of your own for the line; each stands once."),
    "date": N_("Day of purchase, for example 2025-12-31."),
    "supplier_id": N_("The supplier's code, as in the list of suppliers."),
    "product_id": N_("The supplier's product, as in its footprint."),
    "material": N_("Our material key, for example polysilicon, glass, aluminium_frame."),
    "quantity": N_("How much was bought, for example 1200.5; negative for a credit note."),
    "unit": N_("kg, t, m2, m3, l, kWh, MWh, MJ, t.km, piece, kWp or MWp."),
    "spend": N_("Purchaser price without VAT."),
    "currency": N_("Three letters, for example CNY."),
    "country": N_("Country of production, two letters, for example CN."),
    "sector": N_("NAICS 2017, six digits; only used where nothing better is known."),
    "description": N_("Free text; kept, not used."),
}


def columns_of_a_ledger(locale: str) -> list[tuple[str, bool, str]]:
    """The documented columns: name, whether required, what to write."""
    return [(name, name in LEDGER_REQUIRED, say(locale, COLUMN_WORDS[name])) for name in LEDGER_COLUMNS]


def years_offered(ledgers: Sequence[Ledger], locale: str) -> list[tuple[str, str]]:
    """What can be estimated: `<ledger id>:<year>` with words, newest ledger first, its largest year first."""
    return [
        (
            f"{ledger.id}:{year}",
            say(locale, N_("{year} · {name} ({lines} lines)"), year=year, name=ledger.name, lines=lines),
        )
        for ledger in ledgers
        for year, lines in sorted(ledger.years.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
