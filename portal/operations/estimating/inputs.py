"""What a run is made from: the tables in use, read and hashed, from files or from rows already in memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from portal.core.carbon.factors import Factor
from portal.core.carbon.inventory import Inventory
from portal.core.carbon.money import Money
from portal.core.carbon.pcf import Footprint
from portal.core.problems import Problem
from portal.files.factors import SHIPPED_FACTORS, read_factors, read_sectors
from portal.files.footprints import read_footprints
from portal.files.inventories import read_inventories
from portal.files.rates import read_prices, read_rates
from portal.files.tables import Source
from portal.settings import shipped

T = TypeVar("T")
# Names under which rows of tables are hashed that may come from a library instead.
OF_TABLES = frozenset({"factors", "sectors", "rates", "prices", "mapping"})


@dataclass(frozen=True)
class Inputs:
    """The inputs of one run.

    `ledger` is a CSV or Parquet file; `ledger_name` the name people know it by, when it is stored under another. The
    other tables are files or rows; None means no footprints and inventories, and for factors, rates and prices those
    shipped with Upstream, with their default sector of each material. Given ones replace the shipped: only those are in
    use. `mapping` names for a material the factor ids that alone may serve it. `cautions` are told with the warnings,
    and of the materials `unconfirmed` those whose lines took a factor. `hashes` names the tables that given rows of
    factors, sectors, rates, prices and mapping come from; it then stands in place of hashes of the rows themselves.
    """

    ledger: Path
    ledger_name: str = ""
    footprints: Path | Sequence[Footprint] | None = None
    inventories: Path | Sequence[Inventory] | None = None
    factors: Sequence[Path] | Sequence[Factor] | None = None
    sectors: Mapping[str, str] | None = None
    rates: Path | Mapping[tuple[str, int], Decimal] | None = None
    prices: Path | Mapping[int, Decimal] | None = None
    mapping: Mapping[str, Collection[str]] | None = None
    cautions: Sequence[Problem] = ()
    unconfirmed: Collection[str] = ()
    hashes: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Tables:
    """The tables of a run, read: everything but the ledger, with the SHA-256 of each by name."""

    footprints: Sequence[Footprint]
    inventories: Sequence[Inventory]
    factors: Sequence[Factor]
    sectors: Mapping[str, str]
    mapping: Mapping[str, Collection[str]]
    money: Money
    hashes: Mapping[str, str]


def read_inputs(inputs: Inputs) -> tuple[Tables, list[Problem]]:
    """Read all tables but the ledger. With problems the tables are incomplete and must not be used."""
    folder = shipped("factors")
    hashes: dict[str, str] = {}
    footprints, problems = _rows(inputs.footprints, "footprints", read_footprints, hashes)
    inventories, wrong = _rows(inputs.inventories, "inventories", read_inventories, hashes)
    problems += wrong
    factors, sectors, wrong = _factors(inputs, folder, hashes)
    problems += wrong
    rates, wrong = _figures(inputs.rates, folder / "rates.csv", "rates", read_rates, hashes)
    problems += wrong
    prices, wrong = _figures(inputs.prices, folder / "prices.csv", "prices", read_prices, hashes)
    problems += wrong
    mapping = {material: sorted(ids) for material, ids in (inputs.mapping or {}).items()}
    if mapping:
        hashes["mapping"] = _hash_rows(sorted(mapping.items()))
    if inputs.hashes is not None:
        hashes = {name: text for name, text in hashes.items() if name not in OF_TABLES} | dict(inputs.hashes)
    return Tables(footprints, inventories, factors, sectors, mapping, Money(rates, prices), hashes), problems


Key = TypeVar("Key", bound=Hashable)


def _figures(
    given: Path | Mapping[Key, Decimal] | None,
    usual: Path,
    name: str,
    read: Callable[[Path], tuple[dict[Key, Decimal], Source | None, list[Problem]]],
    hashes: dict[str, str],
) -> tuple[Mapping[Key, Decimal], list[Problem]]:
    if isinstance(given, Mapping):
        hashes[name] = _hash_rows(sorted(given.items(), key=str))
        return given, []
    figures, source, problems = read(given or usual)
    _note(hashes, source)
    return figures, problems


Reader = Callable[[Path], tuple[list[T], Source | None, list[Problem]]]


def _rows(
    given: Path | Sequence[T] | None, name: str, read: Reader[T], hashes: dict[str, str]
) -> tuple[Sequence[T], list[Problem]]:
    if given is None:
        return [], []
    if isinstance(given, Path):
        rows, source, problems = read(given)
        _note(hashes, source)
        return rows, problems
    hashes[name] = _hash_rows(given)
    return list(given), []


def _factors(
    inputs: Inputs, folder: Path, hashes: dict[str, str]
) -> tuple[Sequence[Factor], Mapping[str, str], list[Problem]]:
    given = inputs.factors
    if given is not None and not all(isinstance(each, Path) for each in given):
        rows = [each for each in given if isinstance(each, Factor)]
        sectors = dict(inputs.sectors or {})
        if inputs.hashes is None:
            hashes["factors"] = _hash_rows(rows)
            hashes["sectors"] = _hash_rows(sorted(sectors.items()))
        return rows, sectors, []
    paths = [folder / name for name in SHIPPED_FACTORS] if given is None else [Path(str(p)) for p in given]
    factors, sources, problems = read_factors(paths)
    for source in sources:
        _note(hashes, source)
    if given is not None or inputs.sectors is not None:
        return factors, dict(inputs.sectors or {}), problems
    sectors, found, wrong = read_sectors(folder / "sectors.csv")
    _note(hashes, found)
    return factors, sectors, problems + wrong


def _note(hashes: dict[str, str], source: Source | None) -> None:
    if source is not None:
        add_hash(hashes, source.name, source.sha256)


def add_hash(hashes: dict[str, str], name: str, sha256: str) -> None:
    """Note a file's hash under its name; a second file of the same name is told apart by a number."""
    free, number = name, 2
    while free in hashes:
        free, number = f"{name} ({number})", number + 1
    hashes[free] = f"sha256:{sha256}"


def _hash_rows(rows: Sequence[object]) -> str:
    plain = [asdict(row) if hasattr(row, "__dataclass_fields__") else row for row in rows]  # type: ignore[call-overload]
    text = json.dumps(plain, sort_keys=True, default=str, ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
