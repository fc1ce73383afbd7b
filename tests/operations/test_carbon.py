"""Carbon files: every problem with its cell, nothing stored before acceptance, each figure with its source."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.files.uploads import TABLES
from portal.files.vault import Vault
from portal.language.sentences import sentence
from portal.operations.carbon import accept_upload, add_upload, discard_upload
from portal.operations.carbon_reading import CarbonFile, read_carbon_file
from portal.operations.keeping import kept_file
from portal.store.carbon import CarbonUpload, FootprintRow, footprints_in_force, inventories_in_force
from tests.make.files import FOOTPRINT, INVENTORY, csv_bytes, xlsx_bytes
from tests.make.people import AT, actor_of, make_member, make_supplier
from tests.make.queries import counted


def read(data: bytes, kind: str = "footprints", name: str = "file.csv") -> CarbonFile:
    return read_carbon_file(data, name, kind=kind, supplier_code="S-001")


def bring(
    session: Session,
    vault: Vault,
    actor: Actor,
    data: bytes,
    kind: str = "footprints",
    name: str = "file.csv",
) -> CarbonUpload:
    with kept_file(vault, name=name, stream=io.BytesIO(data), limit=10**7, allowed=TABLES) as kept:
        return add_upload(session, actor, kind=kind, kept=kept, quota=10**8, now=AT)


def places(found: CarbonFile) -> set[str]:
    return {problem.where for problem in found.problems}


def test_a_good_file_is_read_with_the_cell_of_each_figure() -> None:
    found = read(csv_bytes(FOOTPRINT, FOOTPRINT | {"footprint_id": "PCF-2", "pcf_kgco2e": "10.10"}))
    assert found.problems == () and found.count == 2
    second = found.footprints[1]
    assert second.value.pcf_kgco2e == Decimal("10.10")
    assert (second.cells["pcf_kgco2e"], second.typed["pcf_kgco2e"]) == ("F3", "10.10")


@pytest.mark.parametrize(
    ("column", "text", "cell"),
    [
        ("pcf_kgco2e", "-3", "F2"),
        ("pcf_kgco2e", "ten", "F2"),
        ("pcf_kgco2e", "1,234", "F2"),
        ("pcf_kgco2e", "９.８", "F2"),
        ("declared_unit", "lbs", "D2"),
        ("declared_amount", "0", "E2"),
        ("period_end", "2025-13-01", "H2"),
        ("period_end", "2024-12-31", "H2"),
        ("primary_data_share", "172", "J2"),
        ("verified", "perhaps", "K2"),
        ("product_id", "x" * 130, "B2"),
        ("product_id", "", "B2"),
    ],
)
def test_each_wrong_cell_is_named(column: str, text: str, cell: str) -> None:
    found = read(csv_bytes(FOOTPRINT | {column: text}))
    assert places(found) == {cell} and found.count == 0
    for locale in ("en", "zh"):
        assert all(cell in sentence(locale, problem) for problem in found.problems)


def test_every_problem_comes_at_once() -> None:
    rows = [
        FOOTPRINT | {"pcf_kgco2e": "-1", "declared_unit": "stone"},
        FOOTPRINT | {"footprint_id": "PCF-2", "period_start": "soon"},
        FOOTPRINT | {"footprint_id": "PCF-3"},
        FOOTPRINT | {"footprint_id": "PCF-3"},
    ]
    assert places(read(csv_bytes(*rows))) == {"F2", "D2", "G3", "A5"}


def test_inventory_problems_are_named() -> None:
    wrong = INVENTORY | {"year": "twenty", "scope1_tco2e": "-5", "output_unit": "bags"}
    found = read(csv_bytes(wrong), "inventory")
    assert places(found) == {"A2", "B2", "H2"}
    twice = read(csv_bytes(INVENTORY, INVENTORY), "inventory")
    assert places(twice) == {"A3"}


def test_formulas_and_errors_in_a_workbook_are_refused() -> None:
    values = [float(v) if k == "pcf_kgco2e" else v for k, v in FOOTPRINT.items()]
    values[5] = "=4+5"
    found = read(xlsx_bytes(list(FOOTPRINT), values), name="file.xlsx")
    assert places(found) == {"F2"} and found.problems[0].code == "cell_formula"


@pytest.mark.parametrize(
    "data", [b'a,b\n"open', b"\xff\xfea\x00,\x00", b"x,y,z\n1,2,3\n", b"PK\x03\x04 not a zip"]
)
def test_hostile_and_broken_files_end_in_problems(data: bytes) -> None:
    found = read(data)
    assert found.problems and found.count == 0
    assert all(sentence("en", problem) for problem in found.problems)


def test_an_unlikely_figure_is_doubted_not_refused() -> None:
    found = read(csv_bytes(FOOTPRINT | {"pcf_kgco2e": "9850"}))
    assert found.problems == () and [d.where for d in found.footprints[0].doubts] == ["F2"]


def test_nothing_is_stored_before_acceptance(session: Session, vault: Vault, lead: Actor) -> None:
    upload = bring(session, vault, lead, csv_bytes(FOOTPRINT))
    assert session.scalars(select(FootprintRow)).all() == []
    accepted, count = accept_upload(session, lead, upload_id=upload.id, vault=vault, now=AT)
    assert (accepted.state, count) == ("accepted", 1)
    row = footprints_in_force(session, lead.supplier_id)[0]
    assert (row.pcf_kgco2e, row.cells["pcf_kgco2e"], row.typed["pcf_kgco2e"]) == (
        Decimal("9.85"),
        "F2",
        "9.85",
    )
    assert row.upload_id == upload.id


def test_a_newer_footprint_replaces_the_older_and_both_are_kept(
    session: Session, vault: Vault, lead: Actor
) -> None:
    for pcf in ("9.85", "9.10"):
        upload = bring(session, vault, lead, csv_bytes(FOOTPRINT | {"pcf_kgco2e": pcf}))
        accept_upload(session, lead, upload_id=upload.id, vault=vault, now=AT)
    session.expire_all()
    assert [r.pcf_kgco2e for r in footprints_in_force(session, lead.supplier_id)] == [Decimal("9.10")]
    assert len(session.scalars(select(FootprintRow)).all()) == 2


def test_the_register_is_asked_as_often_for_many_footprints_as_for_few(
    engine: Engine, session: Session, vault: Vault, lead: Actor
) -> None:
    asked = []
    for count in (3, 12):
        rows = [FOOTPRINT | {"footprint_id": f"{count}-{n}", "product_id": f"P{n}"} for n in range(count)]
        upload = bring(session, vault, lead, csv_bytes(*rows))
        with counted(engine) as statements:
            accept_upload(session, lead, upload_id=upload.id, vault=vault, now=AT)
        asked.append(sum("FROM footprints" in statement for statement in statements))
    assert asked[0] == asked[1]


def test_inventory_years_replace_each_other(session: Session, vault: Vault, lead: Actor) -> None:
    for scope1 in ("1250.5", "1300"):
        upload = bring(session, vault, lead, csv_bytes(INVENTORY | {"scope1_tco2e": scope1}), "inventory")
        accept_upload(session, lead, upload_id=upload.id, vault=vault, now=AT)
    session.expire_all()
    (row,) = inventories_in_force(session, lead.supplier_id)
    assert (row.scope1_tco2e, row.scope3) == (Decimal(1300), {"1": "41000", "4": "2100"})
    assert row.cells["scope3_category_1_tco2e"] == "E2"


def test_a_second_acceptance_is_refused(session: Session, vault: Vault, lead: Actor) -> None:
    upload = bring(session, vault, lead, csv_bytes(FOOTPRINT))
    accept_upload(session, lead, upload_id=upload.id, vault=vault, now=AT)
    for again in (accept_upload, discard_upload):
        with pytest.raises(Refused) as caught:
            if again is accept_upload:
                accept_upload(session, lead, upload_id=upload.id, vault=vault, now=AT)
            else:
                discard_upload(session, lead, upload_id=upload.id, now=AT)
        assert caught.value.problem.code == "carbon_upload_accepted"
    assert len(session.scalars(select(FootprintRow)).all()) == 1


def test_a_file_with_problems_stores_nothing(session: Session, vault: Vault, lead: Actor) -> None:
    upload = bring(
        session, vault, lead, csv_bytes(FOOTPRINT, FOOTPRINT | {"footprint_id": "B", "pcf_kgco2e": "-1"})
    )
    session.commit()
    with pytest.raises(Invalid):
        accept_upload(session, lead, upload_id=upload.id, vault=vault, now=AT)
    session.rollback()
    session.refresh(upload)
    assert upload.state == "waiting" and session.scalars(select(FootprintRow)).all() == []


def test_bytes_changed_in_the_vault_are_not_taken_over(session: Session, vault: Vault, lead: Actor) -> None:
    upload = bring(session, vault, lead, csv_bytes(FOOTPRINT))
    assert vault.folder is not None
    (vault.folder / upload.vault_key).write_bytes(csv_bytes(FOOTPRINT | {"pcf_kgco2e": "1"}))
    with pytest.raises(Refused) as caught:
        accept_upload(session, lead, upload_id=upload.id, vault=vault, now=AT)
    assert caught.value.problem.code == "vault_content_changed"


def test_a_foreign_file_is_not_there(session: Session, vault: Vault, lead: Actor) -> None:
    upload = bring(session, vault, lead, csv_bytes(FOOTPRINT))
    other = make_supplier(session, "S-002")
    stranger = actor_of(make_member(session, other), other)
    with pytest.raises(NotFound):
        accept_upload(session, stranger, upload_id=upload.id, vault=vault, now=AT)
    with pytest.raises(NotFound):
        discard_upload(session, stranger, upload_id=upload.id, now=AT)
