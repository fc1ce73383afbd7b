"""A footprint handed on and brought back is the same footprint; what comes before what; whose it is."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.details import text_of
from portal.files.footprint_form import FOOTPRINTS
from portal.files.vault import Vault
from portal.operations.carbon_reading import CarbonFile, read_carbon_file
from portal.operations.footprint_context import footprint_of
from portal.operations.footprint_export import export_pact
from portal.operations.footprint_reading import Known
from portal.store.carbon import FootprintRow, footprints_in_force
from tests.make.files import FOOTPRINT, csv_bytes
from tests.make.footprints import keep_footprints
from tests.make.pact import as_json, full, version_2
from tests.make.people import AT, actor_of, make_member, make_supplier

# Everything the form on the page can hold, with marks that separate and digits that count.
TYPED = FOOTPRINTS.example | {
    "product_id": "AF-40/银:1",
    "pcf_kgco2e": "9.85012345678901234567890",
    "classifications": "urn:pact:productclassification:example:1; urn:x:2",
    "comment": "Two lines\nof text; with, marks",
    "valid_from": "2026-01-01",
    "boundary": "Sand to sheet",
    "land_use_change": "0.00",
    "biogenic_uptake": "-0.6234",
    "biogenic_non_co2": "0.02",
    "outbound_logistics": "3",
    "packaging_included": "yes",
    "packaging": "0.150",
    "recycled_carbon": "1.50",
    "gas_basis": "AR6; AR5",
    "product_rules": "EPD International: PCR 2019-14, X; Example body: Y",
    "secondary_sources": "ecoinvent: 3.10; GaBi: 2023: b",
    "allocation": "mass; 1:1",
    "exempted_reason": "small parts",
    "verification_comment": "two visits",
}


def keep(session: Session, vault: Vault, actor: Actor, data: bytes, name: str = "pact.json") -> None:
    keep_footprints(session, vault, actor, data, name=name, now=AT)


def in_force(session: Session, actor: Actor) -> list[FootprintRow]:
    session.expire_all()
    return footprints_in_force(session, actor.supplier_id)


def read(data: bytes, name: str = "pact.json", known: Known | None = None) -> CarbonFile:
    return read_carbon_file(data, name, kind="footprints", supplier_code="S-001", known=known)


def out(session: Session, actor: Actor) -> bytes:
    return export_pact(in_force(session, actor)).text.encode()


def test_everything_the_form_holds_comes_back_the_same(session: Session, vault: Vault, lead: Actor) -> None:
    keep(session, vault, lead, csv_bytes(TYPED), "typed.csv")
    (before,) = in_force(session, lead)
    figures, details = footprint_of(before), dict(before.details)
    keep(session, vault, lead, out(session, lead))
    (after,) = in_force(session, lead)
    assert footprint_of(after) == figures  # its own number too: it is known again
    changed = {key for key, value in details.items() if after.details.get(key) != value}
    assert changed == {"classifications"}
    assert set(details["classifications"]) <= set(after.details["classifications"])
    assert after.replaced_at is None and before.replaced_by_id == after.id


def test_a_typed_footprint_can_be_named_as_predecessor_by_the_number_it_was_handed_on_under(
    session: Session, vault: Vault, lead: Actor
) -> None:
    keep(session, vault, lead, csv_bytes(TYPED), "typed.csv")
    number = json.loads(out(session, lead))["data"][0]["id"]
    newer = full() | {"id": str(uuid.uuid4()), "precedingPfIds": [number.upper()]}
    keep(session, vault, lead, as_json(newer))
    assert [row.footprint_id for row in in_force(session, lead)] == [newer["id"]]


def numbered(number: int, *before: int) -> dict[str, Any]:
    ids = [str(uuid.UUID(int=2**120 + n)) for n in (number, *before)]
    return full() | {"id": ids[0], "precedingPfIds": ids[1:]}


@pytest.mark.parametrize(
    ("chain", "wrong"),
    [
        ([(1, 2), (2, 3), (3,)], 0),
        ([(1, 1)], 1),
        ([(1, 2), (2, 1)], 2),
        ([(1, 2), (2, 3), (3, 1), (4, 1)], 3),
    ],
)
def test_nothing_comes_before_itself(chain: list[tuple[int, ...]], wrong: int) -> None:
    found = read(as_json(*(numbered(*one) for one in chain)))
    assert [p.code for p in found.problems] == ["footprint_precedes_itself"] * wrong
    assert all(p.where.endswith("/precedingPfIds") for p in found.problems)


def test_a_chain_leaves_the_newest_in_force_in_any_order(session: Session, vault: Vault, lead: Actor) -> None:
    keep(session, vault, lead, as_json(numbered(1, 2), numbered(3), numbered(2, 3)))
    assert [row.footprint_id for row in in_force(session, lead)] == [numbered(1)["id"]]


def test_verified_without_a_word_more_stays_verified(session: Session, vault: Vault, lead: Actor) -> None:
    bare = {key: text for key, text in TYPED.items() if not key.startswith("verif") or key == "verified"}
    keep(session, vault, lead, csv_bytes(bare), "typed.csv")
    (taken,) = read(out(session, lead)).footprints
    assert taken.value.verified


@pytest.mark.parametrize(("written", "region"), [("CHN", "Eastern Asia"), ("cn", ""), ("CN", "Eastern Asia")])
def test_a_country_is_handed_on_however_it_was_written(
    session: Session, vault: Vault, lead: Actor, written: str, region: str
) -> None:
    given = TYPED | {"geography": written, "subdivision": "", "region": region}
    keep(session, vault, lead, csv_bytes(given), "typed.csv")
    (row,) = in_force(session, lead)
    assert row.typed["geography"] == written
    (taken,) = read(out(session, lead)).footprints
    assert taken.value.geography == "CN"
    assert region in text_of(taken.details, "comment")  # PACT takes one place; the other is not lost


def test_another_company_is_told_once_for_each_name() -> None:
    known = Known(company="Clearlake Glass Works")
    same = full() | {"companyName": "clearlake  ＧＬＡＳＳ-works"}
    other = [numbered(n) | {"companyName": "Another Works"} for n in (1, 2)]
    found = read(as_json(same, *other), known=known)
    assert found.problems == ()
    assert [(note.code, note.where) for note in found.notes] == [
        ("footprint_of_other_company", "/data/1/companyName")
    ]


@pytest.mark.parametrize(
    ("code", "expected"), [("", []), ("s-001", []), ("S-002", [("carbon_supplier_differs", "A2")])]
)
def test_a_row_of_another_supplier_is_refused(code: str, expected: list[tuple[str, str]]) -> None:
    found = read(csv_bytes({"supplier_id": code} | FOOTPRINT), "pcf.csv")
    assert [(p.code, p.where) for p in found.problems] == expected


def test_a_period_may_be_under_way_and_not_years_ahead() -> None:
    known = Known(today=date(2026, 11, 21))
    under_way = FOOTPRINT | {"period_end": "2027-11-21", "valid_until": ""}
    assert read(csv_bytes(under_way), "pcf.csv", known).problems == ()
    far = read(csv_bytes(under_way | {"period_end": "2205-12-31"}), "pcf.csv", known)
    assert [p.code for p in far.problems] == ["footprint_period_end_ahead"]


@pytest.mark.parametrize(("share", "asked"), [("0.7", True), ("0", False), ("1", False), ("70", False)])
def test_a_share_that_looks_like_a_part_of_one_is_asked_about(share: str, asked: bool) -> None:
    (taken,) = read(csv_bytes(FOOTPRINT | {"primary_data_share": share}), "pcf.csv").footprints
    meant = [d.values["percent"] for d in taken.doubts if d.code == "footprint_share_of_one"]
    assert meant == ["70"] * asked


def test_one_supplier_never_meets_the_numbers_of_another(session: Session, vault: Vault, lead: Actor) -> None:
    keep(session, vault, lead, csv_bytes(TYPED), "typed.csv")
    data = out(session, lead)
    other = make_supplier(session, code="S-777")
    stranger = actor_of(make_member(session, other), other)
    keep(session, vault, stranger, data)
    assert [row.footprint_id for row in in_force(session, lead)] == [TYPED["footprint_id"]]
    assert [row.footprint_id for row in in_force(session, stranger)] == [json.loads(data)["data"][0]["id"]]
    assert session.scalars(select(FootprintRow).where(FootprintRow.replaced_at.is_not(None))).all() == []


def test_a_column_that_is_not_there_is_told_once_and_not_at_another_cell() -> None:
    missing = {key: text for key, text in FOOTPRINT.items() if key != "pcf_kgco2e"}
    found = read(csv_bytes(missing, missing | {"footprint_id": "P-2"}), "pcf.csv")
    assert [(p.code, p.where) for p in found.problems] == [("column_missing", "pcf.csv")]
    rated = read(csv_bytes(FOOTPRINT | {"rating_temporal": "1"}), "pcf.csv")
    assert [(p.code, p.where) for p in rated.problems] == [("detail_scale_missing", "2:rating_scale")]


@pytest.mark.parametrize(
    ("unit", "code"), [("hour", "pact_unit_not_used"), ("kg", "pact_unit_unknown"), (None, "pact_missing")]
)
def test_a_unit_of_version_2_is_wrong_once(unit: str | None, code: str) -> None:
    made = version_2()
    made["pcf"]["declaredUnit"] = unit
    assert [(p.code, p.where) for p in read(as_json(made)).problems] == [(code, "/data/0/pcf/declaredUnit")]
