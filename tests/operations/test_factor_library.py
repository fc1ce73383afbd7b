"""The factor library on both databases: versions that never change, what is in use, and estimates that keep what they used."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.files.vault import Vault, open_vault
from portal.operations import factor_library
from portal.operations.estimate_register import gathered_at
from portal.operations.estimates import estimate_ledger
from portal.operations.factor_choices import Wish, add_material, confirm_mapping, put_in_use, take_out
from portal.operations.factor_library import bring_in_shipped, in_use, in_use_then, library_of, materials
from portal.operations.factor_uploads import accept_upload, discard_upload, look_at
from portal.operations.factor_use import factors_of
from portal.operations.ledgers import load_ledger
from portal.store.engine import open_engine, writing
from portal.store.estimates import Estimate
from portal.store.factor_reads import all_versions, uses_of_factor, uses_of_version, versions_in_use
from portal.store.factors import FactorRow, FactorVersion
from portal.store.journal import JournalEntry
from tests.make.factors import GLASS, HEADER, OWN_FACTORS, OWN_PRICES, OWN_RATES, own_table, upload_table
from tests.make.people import actor_of, make_staff
from tests.make.purchases import ledger_stream

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
LINES = (
    "L1,2024-03-01,S-001,,glass,1000,kg,9000,CNY,CN,,solar glass",
    "L2,2024-03-02,S-002,,wafer,20,kg,100000,CNY,CN,,wafers",
    "L3,2024-03-03,S-003,,silver_paste,,,700,USD,CN,,paste",
)


@dataclass(frozen=True)
class Desk:
    """A manager over a store and a vault."""

    session: Session
    actor: Actor
    vault: Vault


@pytest.fixture
def any_desk(any_engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    """An empty library on either database."""
    with writing(any_engine) as session:
        yield Desk(session, actor_of(make_staff(session, "manager")), open_vault(tmp_path / "vault"))


@pytest.fixture(scope="module")
def filled(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose library holds the shipped tables, made once."""
    path = tmp_path_factory.mktemp("library") / "upstream.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    with writing(engine) as session:
        bring_in_shipped(session, now=NOW)
        session.commit()
    engine.dispose()
    return path


@pytest.fixture
def desk(filled: Path, tmp_path: Path) -> Iterator[Desk]:
    """A library with the shipped tables."""
    shutil.copy(filled, tmp_path / "filled.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'filled.db'}")
    with writing(engine) as session:
        yield Desk(session, actor_of(make_staff(session, "manager")), open_vault(tmp_path / "vault"))
    engine.dispose()


def estimate(desk: Desk, hours: int = 0) -> Estimate:
    at = NOW + timedelta(hours=hours)
    ledger, _ = load_ledger(
        desk.session, desk.actor, ledger_stream(*LINES), name="ledger.csv", vault=desk.vault, now=at
    )
    made, _ = estimate_ledger(
        desk.session, desk.actor, ledger_id=ledger.id, year=2024, vault=desk.vault, now=at
    )
    return made


def own(desk: Desk, data: bytes = OWN_FACTORS, *, kind: str = "factors", use: bool = True) -> FactorVersion:
    return own_table(desk.session, desk.vault, desk.actor, data, now=NOW, kind=kind, use=use)


def kilograms(made: Estimate, material: str) -> Decimal:
    return Decimal(made.summary["by_material"][material]["tco2e"]) * 1000


def test_the_empty_library_reads_the_shipped_files_as_they_would_be(any_desk: Desk) -> None:
    before = in_use(any_desk.session)
    assert len(bring_in_shipped(any_desk.session, now=NOW)) == 11
    after = in_use(any_desk.session)
    assert (before.factors, before.rates, before.prices) == (after.factors, after.rates, after.prices)
    assert (before.sectors, before.hashes, before.mapping) == (after.sectors, after.hashes, after.mapping)
    assert bring_in_shipped(any_desk.session, now=NOW) == []
    assert any_desk.session.scalar(select(func.count()).select_from(FactorVersion)) == 11


def test_a_changed_shipped_table_waits_and_changes_no_old_estimate(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = estimate(desk)
    folder = tmp_path / "factors"
    folder.mkdir()
    for path in factor_library.shipped("factors").glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        (folder / path.name).write_text(text.replace("1.40276667,kgCO2e/kg", "9.5,kgCO2e/kg"))
    monkeypatch.setattr(factor_library, "shipped", lambda _name: folder)
    factor_library._shipped_lines.cache_clear()
    try:
        changed = bring_in_shipped(desk.session, now=NOW)
    finally:
        factor_library._shipped_lines.cache_clear()
    assert "pv_materials.csv" in changed
    version = next(v for v in all_versions(desk.session) if v.table.key == "pv_materials.csv")
    assert (version.number, version.changed_rows, version.new_rows, version.in_use_at) == (2, 1, 0, None)
    assert estimate(desk, 1).run == made.run
    put_in_use(desk.session, desk.actor, version_id=version.id, now=NOW)
    later = estimate(desk, 2)
    assert later.run != made.run and kilograms(later, "glass") == 9500
    assert kilograms(made, "glass") == Decimal("1402.767")
    assert factors_of(desk.session, made)["UP-GLASS-DESNZ24"].record.value == Decimal("1.40276667")
    assert [u.version.number for u in uses_of_factor(desk.session, "UP-GLASS-DESNZ24")] == [2, 1]
    again = gathered_at(desk.session, made).library
    assert again.hashes == in_use_then(desk.session, library_of(desk.session, made) or {}).hashes
    assert {f"sha256:{t['sha256']}" for t in again.versions["tables"]} <= set(made.summary["inputs"].values())


def test_own_factors_come_before_shipped_ones(any_desk: Desk) -> None:
    desk = any_desk
    bring_in_shipped(desk.session, now=NOW)
    first = estimate(desk)
    version = own(desk)
    second = estimate(desk, 1)
    assert kilograms(second, "glass") == 1100 != kilograms(first, "glass")
    assert [u.estimate_id for u in uses_of_version(desk.session, version.id)] == [second.id]
    take_out(desk.session, desk.actor, table_id=version.table_id, now=NOW)
    assert estimate(desk, 2).run == first.run


def test_rows_of_a_version_are_as_they_were_typed(desk: Desk) -> None:
    version = own(desk)
    row = desk.session.scalars(select(FactorRow).where(FactorRow.factor_id == "OWN-PASTE")).one()
    assert (format(row.value, "f"), row.row, row.cell, row.extra) == ("95.50", 2, "G2", {"colour": "grey"})
    assert (version.number, version.new_rows, version.note) == (1, 2, "")


def test_a_file_is_decided_once_and_the_same_content_is_no_version(any_desk: Desk) -> None:
    desk = any_desk
    bring_in_shipped(desk.session, now=NOW)
    own(desk)
    same = upload_table(desk.session, desk.vault, desk.actor, OWN_FACTORS, now=NOW)
    with pytest.raises(Refused, match="factor_upload_unchanged"), desk.session.begin_nested():
        accept_upload(
            desk.session, desk.actor, upload_id=same.id, vault=desk.vault, note="", use=True, now=NOW
        )
    assert discard_upload(desk.session, desk.actor, upload_id=same.id, now=NOW).state == "discarded"
    with pytest.raises(Refused, match="factor_upload_discarded"):
        accept_upload(
            desk.session, desk.actor, upload_id=same.id, vault=desk.vault, note="", use=True, now=NOW
        )
    with pytest.raises(NotFound):
        discard_upload(desk.session, desk.actor, upload_id=99_999, now=NOW)


def test_ids_of_other_tables_are_refused(desk: Desk) -> None:
    bad = (HEADER + GLASS.replace("OWN-GLASS", "EPA-SC13-327211")).encode()
    row = upload_table(desk.session, desk.vault, desk.actor, bad, now=NOW)
    assert [(p.code, p.where) for p in look_at(desk.session, desk.vault, row).problems] == [
        ("factor_id_taken", "A2")
    ]
    with pytest.raises(Invalid), desk.session.begin_nested():
        accept_upload(
            desk.session, desk.actor, upload_id=row.id, vault=desk.vault, note="", use=True, now=NOW
        )
    assert all(v.table.origin == "shipped" for v in all_versions(desk.session))


def test_rates_are_merged_prices_replaced(desk: Desk) -> None:
    own(desk, OWN_RATES, kind="rates")
    own(desk, OWN_PRICES, kind="prices")
    used = in_use(desk.session)
    assert used.rates["MYR", 2024] == Decimal("4.5") and used.rates["CNY", 2024] == Decimal("7.5")
    assert ("EUR", 2024) in used.rates
    assert used.prices == {2022: Decimal(100), 2024: Decimal(107)}
    prices = next(v for v in versions_in_use(desk.session) if v.table.kind == "prices")
    with pytest.raises(Refused, match="factor_table_needed"):
        take_out(desk.session, desk.actor, table_id=prices.table_id, now=NOW)


def test_a_confirmed_mapping_rules_and_unconfirmed_ones_are_told(any_desk: Desk) -> None:
    desk = any_desk
    bring_in_shipped(desk.session, now=NOW)
    first = estimate(desk)
    told = {w["code"]: w["values"] for w in first.summary["warnings"]}
    assert told["mappings_unconfirmed"]["materials"] == "glass, silver_paste, wafer"
    wish = Wish("glass", ("DESNZ24-MAT-aggregates-primary",), "327211", "poor", "to try", 0)
    row = confirm_mapping(desk.session, desk.actor, wish=wish, now=NOW)
    second = estimate(desk, 1)
    assert kilograms(second, "glass") == Decimal("7.751")
    told = {w["code"]: w["values"] for w in second.summary["warnings"]}
    assert told["mappings_unconfirmed"]["materials"] == "silver_paste, wafer"
    with pytest.raises(Refused, match="mapping_changed_meanwhile"):
        confirm_mapping(desk.session, desk.actor, wish=wish, now=NOW)
    back = Wish("glass", ("UP-GLASS-DESNZ24",), "327211", "proxy", "the old one", row.id)
    confirm_mapping(desk.session, desk.actor, wish=back, now=NOW + timedelta(hours=2))
    then = in_use_then(desk.session, library_of(desk.session, second) or {})
    assert then.mapping["glass"].factor_ids == ("DESNZ24-MAT-aggregates-primary",)
    assert then.hashes["mapping"] == second.summary["inputs"]["mapping"]
    actions = desk.session.scalars(select(JournalEntry.action)).all()
    assert actions.count("mapping.decided") == 2


def test_a_mapping_whose_factors_are_gone_falls_back_and_says_so(desk: Desk) -> None:
    version = own(desk)
    wish = Wish("glass", ("OWN-GLASS",), "327211", "exact", "ours", 0)
    confirm_mapping(desk.session, desk.actor, wish=wish, now=NOW)
    assert in_use(desk.session).mapping["glass"].confirmed
    take_out(desk.session, desk.actor, table_id=version.table_id, now=NOW)
    fallen = in_use(desk.session).mapping["glass"]
    assert (fallen.confirmed, fallen.gone) == (False, ("OWN-GLASS",))
    assert "UP-GLASS-DESNZ24" in fallen.factor_ids
    assert "mapping_factor_gone" in {w["code"] for w in estimate(desk).summary["warnings"]}


def test_own_materials_are_listed_and_unique(desk: Desk) -> None:
    add_material(desk.session, desk.actor, key="eva_film", name_en="EVA film", name_zh="", now=NOW)
    assert [m.key for m in materials(desk.session) if m.own] == ["eva_film"]
    for key in ("eva_film", "glass", "EVA", "1a", "x" * 70):
        with pytest.raises(Invalid):
            add_material(desk.session, desk.actor, key=key, name_en="x", name_zh="", now=NOW)
