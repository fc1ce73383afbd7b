"""What the page on an estimate's run shows: what it was made from and with, its files, and whether it comes out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.carbon.inventory import SCOPE3_COLUMNS, Inventory
from portal.core.carbon.pcf import FOOTPRINT_COLUMNS, Footprint
from portal.core.problems import Problem
from portal.files.vault import Vault
from portal.language import N_, say
from portal.language.sentences import sentence
from portal.operations.estimate_reproducing import KIND, hashes_kept
from portal.operations.factor_use import library_of
from portal.reports.columns import Cell, Column
from portal.store.estimates import Estimate
from portal.store.jobs import newest_job

INPUT_WORDS = {
    "footprints": N_("Footprints of the register, as they stood"),
    "inventories": N_("Inventories of the register, as they stood"),
    "mapping": N_("Materials matched to factors"),
    "factors": N_("Factors in use"),
    "sectors": N_("Sector of each material"),
    "rates": N_("Exchange rates in use"),
    "prices": N_("Price levels in use"),
}
SOFTWARE_WORDS = {"upstream-portal": "Upstream", "duckdb": "DuckDB"}


@dataclass(frozen=True)
class InputRow:
    """One input by hash; `url` is where it can be downloaded, "" where it cannot."""

    name: str
    words: str
    sha256: str
    url: str


@dataclass(frozen=True)
class FileRow:
    """One file of results; `recorded` is whether its hash is the one the manifest of the run holds, None without one."""

    name: str
    sha256: str
    url: str
    recorded: bool | None


@dataclass(frozen=True)
class CheckRow:
    """One file of the last check: the same bytes again, or not."""

    name: str
    same: bool


@dataclass(frozen=True)
class Check:
    """The last check of the run; `state` is that of its job, "" when there was none yet."""

    state: str
    asked_at: datetime | None
    asked_by: str
    finished_at: datetime | None
    same: bool
    files: Sequence[CheckRow]
    changed: Sequence[str]
    problems: Sequence[str]


@dataclass(frozen=True)
class ManifestPage:
    """Everything on the page; `software` pairs a program with its version."""

    engine: str
    software: Sequence[tuple[str, str]]
    inputs: Sequence[InputRow]
    files: Sequence[FileRow]
    check: Check


def manifest_page(session: Session, vault: Vault, estimate: Estimate, locale: str) -> ManifestPage:
    """The page object. Hashes of the kept files are worked out now, not read from a record."""
    manifest: Mapping[str, Any] = estimate.manifest or {}
    engine = manifest.get("engine", {"name": estimate.summary["engine"], "version": ""})
    recorded = manifest.get("files", {})
    used = library_of(session, estimate) or {"tables": ()}
    tables = {table["table"]: table["version_id"] for table in used["tables"]}
    urls = {
        "lines.csv": url_for("staff.estimates.lines_csv", estimate_id=estimate.id),
        "lines.parquet": url_for("staff.estimate_manifest.lines_parquet", estimate_id=estimate.id),
        "estimate.json": url_for("staff.estimates.summary_json", estimate_id=estimate.id),
    }
    return ManifestPage(
        engine=f"{engine['name']} {engine['version']}".strip(),
        software=[
            (SOFTWARE_WORDS.get(k, k), v)
            for k, v in manifest.get("software", {}).items()
            if k != engine["name"]
        ],
        inputs=[
            _input(name, digest, estimate, tables, locale)
            for name, digest in estimate.summary["inputs"].items()
        ],
        files=[
            FileRow(name, digest, urls.get(name, ""), _recorded(recorded.get(name), digest))
            for name, digest in hashes_kept(vault, estimate).items()
        ],
        check=_check(session, estimate, locale),
    )


def _recorded(hash_text: str | None, digest: str) -> bool | None:
    return None if hash_text is None else hash_text == f"sha256:{digest}"


def _input(
    name: str, digest: str, estimate: Estimate, tables: Mapping[str, int | None], locale: str
) -> InputRow:
    url = ""
    if tables.get(name) is not None:
        url = url_for("staff.factor_tables.version_csv", version_id=tables[name])
    elif name == estimate.ledger.name:
        url = url_for("staff.ledgers.ledger_csv", ledger_id=estimate.ledger_id)
    elif name in ("footprints", "inventories"):
        url = url_for("staff.estimate_manifest.register_csv", estimate_id=estimate.id, kind=name)
    words = say(locale, INPUT_WORDS[name]) if name in INPUT_WORDS else name
    return InputRow(name, words, digest.removeprefix("sha256:"), url)


def _check(session: Session, estimate: Estimate, locale: str) -> Check:
    job = newest_job(session, estimate.id, KIND)
    if job is None:
        return Check("", None, "", None, False, (), (), ())
    outcome = job.outcome or {}
    return Check(
        state=job.state,
        asked_at=job.asked_at,
        asked_by=job.asked_by.name,
        finished_at=job.finished_at,
        same=bool(outcome.get("same")),
        files=[
            CheckRow(f["name"], bool(f["kept"]) and f["kept"] == f["again"]) for f in outcome.get("files", ())
        ],
        changed=[say(locale, INPUT_WORDS.get(name, name)) for name in outcome.get("inputs", ())],
        problems=[sentence(locale, Problem(p["code"], p["where"], p["values"])) for p in job.problems or ()],
    )


def footprint_columns() -> list[Column]:
    """footprints.csv, as `upstream estimate` reads it."""
    return [Column(name, name, _footprint_cell(name)) for name in FOOTPRINT_COLUMNS]


def _footprint_cell(name: str) -> Any:
    def cell(footprint: Footprint) -> Cell:
        return _text(getattr(footprint, name))

    return cell


_INVENTORY_FIELDS = {
    "supplier_id": "supplier_id",
    "year": "year",
    "scope1_tco2e": "scope1",
    "scope2_market_tco2e": "scope2_market",
    "scope2_location_tco2e": "scope2_location",
    "scope3_upstream_tco2e": "scope3_upstream",
    "output_quantity": "output_quantity",
    "output_unit": "output_unit",
    "revenue": "revenue",
    "currency": "currency",
    "verified": "verified",
}


def inventory_columns() -> list[Column]:
    """inventories.csv, as `upstream estimate` reads it."""
    plain = [Column(name, name, _inventory_cell(field)) for name, field in _INVENTORY_FIELDS.items()]
    return plain + [Column(name, name, _category_cell(n)) for n, name in enumerate(SCOPE3_COLUMNS, start=1)]


def _inventory_cell(field: str) -> Any:
    def cell(inventory: Inventory) -> Cell:
        return _text(getattr(inventory, field))

    return cell


def _category_cell(number: int) -> Any:
    def cell(inventory: Inventory) -> Cell:
        return _text(inventory.scope3.get(number))

    return cell


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
