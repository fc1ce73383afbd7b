"""PACT footprints in and out: nothing lost, nothing invented, every problem at its pointer, the schema kept."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.carbon.details import list_of, text_of
from portal.core.errors import Invalid
from portal.files.uploads import CARBON
from portal.files.vault import Vault
from portal.language.sentences import sentence
from portal.operations.carbon import accept_upload, add_upload
from portal.operations.carbon_reading import CarbonFile, read_carbon_file
from portal.operations.footprint_export import export_pact, missing_for_pact
from portal.operations.keeping import kept_file
from portal.store.carbon import CarbonUpload, FootprintRow, footprints_in_force
from portal.store.carbon_doubts import CarbonDoubt
from portal.store.engine import reading, writing
from tests.make.files import FOOTPRINT, csv_bytes
from tests.make.footprints import keep_footprints
from tests.make.json_schema import faults, schemas
from tests.make.pact import as_json, full, short, version_2
from tests.make.people import AT, actor_of, make_member, make_supplier


def read(data: bytes, name: str = "pact.json") -> CarbonFile:
    return read_carbon_file(data, name, kind="footprints", supplier_code="S-001")


def bring(session: Session, vault: Vault, actor: Actor, data: bytes, name: str = "pact.json") -> CarbonUpload:
    with kept_file(vault, name=name, stream=io.BytesIO(data), limit=10**7, allowed=CARBON) as kept:
        return add_upload(session, actor, kind="footprints", kept=kept, quota=10**8, now=AT)


def accept(
    session: Session, vault: Vault, actor: Actor, data: bytes, name: str = "pact.json"
) -> CarbonUpload:
    """Upload and accept with a reply to every doubt."""
    return keep_footprints(session, vault, actor, data, name=name, now=AT)


def against_schema(name: str, footprint: dict[str, Any]) -> list[str]:
    known = schemas(name)
    return faults(footprint, known["ProductFootprint"], known)


def test_our_samples_and_the_checker_agree_with_the_schema() -> None:
    assert against_schema("openapi_v3_0.yaml", full()) == []
    assert against_schema("openapi_v3_0.yaml", short()) == []
    assert against_schema("openapi_v2_3.yaml", json.loads(json.dumps(version_2()), parse_float=Decimal)) == []
    broken = full(declaredUnitAmount="28,4", referencePeriodEnd="2026", geographyCountry="CN")
    assert set(against_schema("openapi_v3_0.yaml", broken)) == {
        "/pcf: oneOf", "/pcf/declaredUnitAmount: format", "/pcf/referencePeriodEnd: format"
    }  # fmt: skip


def test_every_field_of_version_3_is_read_with_its_pointer() -> None:
    found = read(as_json(full()))
    assert found.problems == () and found.notes == ()
    (taken,) = found.footprints
    value = taken.value
    assert (value.product_id, value.material, value.geography) == ("GL-32", "glass", "CN")
    assert (value.declared_unit, value.declared_amount, value.pcf_kgco2e) == (
        "m2",
        Decimal("1.0"),
        Decimal("9.850"),
    )
    assert [str(d) for d in (value.period_start, value.period_end, value.valid_until)] == [
        "2025-01-01", "2025-12-31", "2027-12-31"
    ]  # fmt: skip
    assert value.verified and value.primary_data_share == Decimal("72.0")
    details = taken.details
    assert text_of(details, "rating_technological") == "1.5" and text_of(details, "rating_scale") == "pact-3"
    assert list_of(details, "product_rules")[1] == "Invented rules board: Flat glass 1"
    assert taken.cells["pcf_kgco2e"] == "/data/0/pcf/pcfExcludingBiogenicUptake"
    assert taken.typed["pcf_kgco2e"] == "9.850" and taken.typed["period_end"] == "2026-01-01T00:00:00Z"
    stated = {key for key in details.values if key != "rating_scale"}
    assert len(stated) >= 50


def test_version_2_is_per_one_declared_unit_and_keeps_its_scale() -> None:
    found = read(as_json(version_2(), listing=False))
    assert found.problems == ()
    (taken,) = found.footprints
    assert (taken.value.declared_amount, taken.value.pcf_kgco2e) == (Decimal(1), Decimal("7.5"))
    assert taken.value.primary_data_share == Decimal("55.5") and taken.value.verified
    assert text_of(taken.details, "rating_scale") == "pact-2"
    assert text_of(taken.details, "unitary_amount") == "2.5"
    assert text_of(taken.details, "verification_level") == "limited"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"declaredUnitAmount": "28,4"}, "/data/0/pcf/declaredUnitAmount", "row_number_expected"),
        ({"declaredUnitAmount": "0"}, "/data/0/pcf/declaredUnitAmount", "row_not_above_zero"),
        ({"declaredUnitAmount": None}, "/data/0/pcf/declaredUnitAmount", "pact_missing"),
        ({"declaredUnitOfMeasurement": "stone"}, "/data/0/pcf/declaredUnitOfMeasurement", "pact_unit_unknown"),
        ({"declaredUnitOfMeasurement": "hour"}, "/data/0/pcf/declaredUnitOfMeasurement", "pact_unit_not_used"),
        ({"declaredUnitOfMeasurement": "kilowatt hour"}, "/data/0/pcf/declaredUnitOfMeasurement", "footprint_unit_class"),
        ({"pcfExcludingBiogenicUptake": "-3"}, "/data/0/pcf/pcfExcludingBiogenicUptake", "row_too_small"),
        ({"pcfExcludingBiogenicUptake": True}, "/data/0/pcf/pcfExcludingBiogenicUptake", "pact_number_expected"),
        ({"fossilGhgEmissions": "-1"}, "/data/0/pcf/fossilGhgEmissions", "row_too_small"),
        ({"fossilGhgEmissions": None}, "/data/0/pcf/fossilGhgEmissions", "pact_missing"),
        ({"biogenicCO2Uptake": "0.5"}, "/data/0/pcf/biogenicCO2Uptake", "detail_above_zero"),
        ({"referencePeriodEnd": "2026-01-01"}, "/data/0/pcf/referencePeriodEnd", "pact_moment_expected"),
        ({"referencePeriodEnd": "2024-01-01T00:00:00Z"}, "/data/0/pcf/referencePeriodEnd", "footprint_period_order"),
        ({"validityPeriodEnd": "2029-01-02T00:00:00Z"}, "/data/0/validityPeriodEnd", "footprint_valid_too_long"),
        ({"validityPeriodStart": "2028-06-01T00:00:00Z"}, "/data/0/validityPeriodStart", "footprint_valid_from_late"),
        ({"primaryDataShare": "172"}, "/data/0/pcf/primaryDataShare", "footprint_share_over_100"),
        ({"exemptedEmissionsPercent": "101"}, "/data/0/pcf/exemptedEmissionsPercent", "footprint_share_over_100"),
        ({"dqi": {"technologicalDQR": "6", "geographicalDQR": "1", "temporalDQR": "1"}}, "/data/0/pcf/dqi/technologicalDQR", "detail_off_scale"),
        ({"packagingEmissionsIncluded": False}, "/data/0/pcf/packagingGhgEmissions", "detail_packaging_not_included"),
        ({"packagingEmissionsIncluded": "yes"}, "/data/0/pcf/packagingEmissionsIncluded", "pact_flag_expected"),
        ({"geographyCountry": "CN"}, "/data/0/pcf/geographyCountrySubdivision", "pact_geography_several"),
        ({"ipccCharacterizationFactors": "AR6"}, "/data/0/pcf/ipccCharacterizationFactors", "pact_list_expected"),
        ({"ipccCharacterizationFactors": ["GWP100"]}, "/data/0/pcf/ipccCharacterizationFactors", "detail_gas_basis_expected"),
        ({"secondaryEmissionFactorSources": [{"name": "x"}]}, "/data/0/pcf/secondaryEmissionFactorSources/0/version", "pact_missing"),
        ({"specVersion": "1.0.0"}, "/data/0/specVersion", "pact_version_unknown"),
        ({"id": "PCF-1"}, "/data/0/id", "detail_uuid_expected"),
        ({"companyIds": ["S-001"]}, "/data/0/companyIds", "detail_urn_expected"),
        ({"status": "Old"}, "/data/0/status", "detail_choice_unknown"),
        ({"productIds": []}, "/data/0/productIds", "pact_missing"),
        ({"productIds": ["urn:gtin:%00%ff"]}, "/data/0/productIds/0", "json_text_unsound"),
        ({"dqi": [1, 2]}, "/data/0/pcf/dqi", "pact_object_expected"),
    ],
)  # fmt: skip
def test_each_problem_is_told_at_its_pointer_in_both_languages(
    change: dict[str, Any], pointer: str, code: str
) -> None:
    found = read(as_json(full(**change)))
    assert [(p.code, p.where) for p in found.problems] == [(code, pointer)]
    assert found.count == 0
    words = [sentence(locale, found.problems[0]) for locale in ("en", "zh")]
    assert all(pointer in text for text in words) and words[0] != words[1]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"pcf": NaN, "specVersion": "3.0.0"}', "json_not_a_number"),
        (b'{"pcf": {"x": -Infinity}, "specVersion": "3.0.0"}', "json_not_a_number"),
        (b'{"specVersion": "3.0.0", "specVersion": "2.0.0", "pcf": {}}', "json_key_twice"),
        (b"[" * 30 + b"]" * 30, "json_too_deep"),
        (b"[" * 100_000, "json_too_deep"),
        (b'{"data": [', "json_broken"),
        (b"", "upload_empty"),
        (b'{"pcf": "\xff"}', "json_not_utf8"),
        (b'{"pcf": {"x": "\\u0000"}, "specVersion": "3.0.0"}', "json_text_unsound"),
        (b'{"pcf": {"x": "\\ud800"}, "specVersion": "3.0.0"}', "json_text_unsound"),
        (b'{"pcf": {"x": 1' + b"0" * 5000 + b'}, "specVersion": "3.0.0"}', "json_number_too_long"),
        (b'{"data": []}', "pact_list_empty"),
        (b'{"ledger": 1}', "pact_no_footprint"),
        (b'["a"]', "pact_object_expected"),
        (b"null", "pact_no_footprint"),
    ],
)  # fmt: skip
def test_hostile_and_strange_json_ends_in_sentences(data: bytes, code: str) -> None:
    found = read(data)
    assert code in [p.code for p in found.problems] and found.count == 0
    for problem in found.problems:
        assert sentence("en", problem) != sentence("zh", problem)


@pytest.mark.parametrize("written", ["1e999", "-1e-999", "1e99999999999999999999", "1e-99999999999999999999"])
def test_a_number_beyond_all_bounds_is_told_where_it_stands(written: str) -> None:
    found = read(as_json(full()).replace(b'"9.850"', written.encode()))
    (problem,) = found.problems
    assert (problem.code, problem.where) == ("row_number_expected", "/data/0/pcf/pcfExcludingBiogenicUptake")
    assert written in sentence("zh", problem) and found.count == 0


def test_a_number_in_capitals_is_the_same_number() -> None:
    found = read(as_json(full(), full(id=str(full()["id"]).upper())))
    assert [(p.code, p.where) for p in found.problems] == [("carbon_row_twice", "/data/1/id")]


def test_the_same_number_twice_is_told_once() -> None:
    found = read(as_json(full(), full()))
    assert [(p.code, p.where) for p in found.problems] == [("carbon_row_twice", "/data/1/id")]


def test_an_unknown_field_is_noted_and_kept() -> None:
    made = full(pcfExcludingBiogenicUptakes="1")
    found = read(as_json(made))
    assert [(p.code, p.where) for p in found.notes] == [
        ("pact_field_unknown", "/data/0/pcf/pcfExcludingBiogenicUptakes")
    ]
    assert found.problems == ()


@pytest.mark.parametrize("made", [full(), short(), full(geographyCountrySubdivision=None)])
def test_version_3_in_is_version_3_out(
    session: Session, vault: Vault, lead: Actor, made: dict[str, Any]
) -> None:
    accept(session, vault, lead, as_json(made))
    export = export_pact(footprints_in_force(session, lead.supplier_id))
    assert (export.count, export.lacking) == (1, ())
    (out,) = json.loads(export.text, parse_float=Decimal)["data"]
    assert out == json.loads(json.dumps(made), parse_float=Decimal)
    assert list(out) == list(made)
    assert against_schema("openapi_v3_0.yaml", out) == []
    again = read(export.text.encode())
    assert again.problems == () and again.footprints[0].details == read(as_json(made)).footprints[0].details


def test_digits_survive_as_they_were_written(session: Session, vault: Vault, lead: Actor) -> None:
    data = as_json(full()).replace(b'"weight": 10.5', b'"weight": 10.500000000000000000001')
    data = data.replace(b'"primaryDataShare": "72.0"', b'"primaryDataShare": 72.00')
    accept(session, vault, lead, data)
    text = export_pact(footprints_in_force(session, lead.supplier_id)).text
    assert '"weight": 10.500000000000000000001' in text and '"primaryDataShare": "72.00"' in text


def test_binary_numbers_written_out_and_powers_of_ten_are_read_exactly(
    session: Session, vault: Vault, lead: Actor
) -> None:
    long = "0.0001234567890123456789012345678901234567"
    data = as_json(full(primaryDataShare=long, recycledCarbonContent="?", landAreaOccupation="!"))
    data = data.replace(b'"?"', b"1.2345678901234567e-05").replace(b'"!"', b"4E+1")
    accept(session, vault, lead, data)
    (row,) = footprints_in_force(session, lead.supplier_id)
    assert row.primary_data_share == Decimal(long)
    (out,) = json.loads(export_pact([row]).text)["data"]
    pcf = out["pcf"]
    assert (pcf["primaryDataShare"], pcf["recycledCarbonContent"]) == (long, "0.000012345678901234567")
    assert pcf["landAreaOccupation"] == "40"
    assert against_schema("openapi_v3_0.yaml", out) == []


def test_what_only_version_2_can_say_is_not_lost(session: Session, vault: Vault, lead: Actor) -> None:
    rules = [
        {"operator": "PEF", "ruleNames": ["Flat glass, tempered; thin", "B"]},
        {"operator": "Other", "otherOperatorName": "Board: A", "ruleNames": ["C"]},
    ]
    sources = [{"name": "Invented data", "version": "3:10"}]
    made = version_2(productOrSectorSpecificRules=rules, secondaryEmissionFactorSources=sources)
    made["pcf"] |= {
        "characterizationFactors": "AR6",
        "assurance": {"assurance": False, "providerName": "Not yet", "comments": "planned"},
    }
    accept(session, vault, lead, as_json(made))
    (out,) = json.loads(export_pact(footprints_in_force(session, lead.supplier_id)).text)["data"]
    assert against_schema("openapi_v3_0.yaml", out) == []
    assert out["pcf"]["productOrSectorSpecificRules"] == rules
    assert out["pcf"]["secondaryEmissionFactorSources"] == sources
    assert "verification" not in out["pcf"]
    said = out["comment"].splitlines()
    wanted = {
        "unitary_amount: 2.5",
        "gas_basis_v2: AR6",
        "verifier: Not yet",
        "verification_comment: planned",
    }
    assert wanted <= set(said)


def test_version_2_goes_out_as_valid_version_3(session: Session, vault: Vault, lead: Actor) -> None:
    accept(session, vault, lead, as_json(version_2()))
    export = export_pact(footprints_in_force(session, lead.supplier_id))
    (out,) = json.loads(export.text)["data"]
    assert against_schema("openapi_v3_0.yaml", out) == []
    pcf = out["pcf"]
    assert (pcf["declaredUnitAmount"], pcf["pcfExcludingBiogenicUptake"]) == ("1", "7.5")
    assert "dqi" not in pcf and "rating_technological (PACT 2, 1 to 3): 1.5" in out["comment"]
    assert (
        pcf["crossSectoralStandards"] == ["ISO14067"] and "level: limited" in pcf["verification"]["comments"]
    )
    assert pcf["referencePeriodEnd"] == "2025-01-01T00:00:00Z"


def test_a_table_row_goes_out_when_it_says_enough(session: Session, vault: Vault, lead: Actor) -> None:
    accept(session, vault, lead, csv_bytes(FOOTPRINT), "f.csv")
    (row,) = footprints_in_force(session, lead.supplier_id)
    assert set(missing_for_pact(row)) == {
        "product_name", "product_description", "mass_kg", "pcf_including_uptake", "fossil_emissions", "fossil_carbon",
        "gas_basis", "standards", "exempted_percent",
    }  # fmt: skip
    more = FOOTPRINT | {
        "product_name": "Glass", "product_description": "3.2 mm", "mass_kg": "8", "pcf_including_uptake": "9.85",
        "fossil_emissions": "9.85", "fossil_carbon": "0", "gas_basis": "AR5; AR6", "standards": "iso 14067; PACT-3.0",
        "exempted_percent": "0", "product_rules": "EPD International: PCR 2019:14", "secondary_sources": "ecoinvent: 3.10",
        "subdivision": "CN-AH", "cpc": "37113", "rating_scale": "pact-3", "rating_temporal": "1",
        "rating_geographical": "2", "rating_technological": "1.5", "verifier": "Invented Body", "verified_on": "2026-02-01",
    }  # fmt: skip
    accept(session, vault, lead, csv_bytes(more), "g.csv")
    (row,) = footprints_in_force(session, lead.supplier_id)
    (out,) = json.loads(export_pact([row]).text)["data"]
    assert against_schema("openapi_v3_0.yaml", out) == []
    assert out["pcf"]["crossSectoralStandards"] == ["ISO14067", "PACT-3.0"]
    assert out["pcf"]["productOrSectorSpecificRules"] == [
        {"operator": "EPD International", "ruleNames": ["PCR 2019:14"]}
    ]
    assert out["productIds"] == ["urn:pact:product:customcode:vendor-assigned:GL-32"]
    again = read(as_json(out)).footprints[0].value
    assert (again.product_id, again.material, again.valid_until) == ("GL-32", "glass", row.valid_until)


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ({"geography": "CN", "region": "Eastern Asia"}, {"geographyCountry": "CN"}),
        ({"geography": "", "region": "Eastern Asia"}, {"geographyRegionOrSubregion": "Eastern Asia"}),
        ({"geography": "CN", "region": "Asia", "subdivision": "CN-AH"}, {"geographyCountrySubdivision": "CN-AH"}),
        ({"geography": "Asia"}, {"geographyRegionOrSubregion": "Asia"}),
    ],
)  # fmt: skip
def test_one_place_goes_out_as_version_3_wants(
    session: Session, vault: Vault, lead: Actor, place: dict[str, str], wanted: dict[str, str]
) -> None:
    more = FOOTPRINT | place | {
        "product_name": "Glass", "product_description": "3.2 mm", "mass_kg": "8", "pcf_including_uptake": "9.85",
        "fossil_emissions": "9.85", "fossil_carbon": "0", "gas_basis": "AR6", "standards": "PACT-3.0",
        "exempted_percent": "0",
    }  # fmt: skip
    accept(session, vault, lead, csv_bytes(more), "g.csv")
    (out,) = json.loads(export_pact(footprints_in_force(session, lead.supplier_id)).text)["data"]
    assert against_schema("openapi_v3_0.yaml", out) == []
    assert {k: v for k, v in out["pcf"].items() if k.startswith("geography")} == wanted
    assert read(as_json(out)).problems == ()


def test_a_newer_footprint_replaces_what_it_names_whatever_comes_first(
    session: Session, vault: Vault, lead: Actor
) -> None:
    old = full(id="7b1b6f7e-4d0a-4a55-8f0c-1c2d3e4f5a6b", precedingPfIds=None)
    for order in ((old, full()), (full(), old)):
        for made in order:
            accept(session, vault, lead, as_json(made))
        (row,) = footprints_in_force(session, lead.supplier_id)
        assert row.pact_id == full()["id"]
        replaced = session.scalars(select(FootprintRow).where(FootprintRow.replaced_by_id == row.id)).all()
        assert old["id"] in {one.pact_id for one in replaced}


def test_a_deprecated_footprint_is_kept_and_never_in_force(
    session: Session, vault: Vault, lead: Actor
) -> None:
    accept(session, vault, lead, as_json(full(status="Deprecated")))
    assert footprints_in_force(session, lead.supplier_id) == []
    assert len(session.scalars(select(FootprintRow)).all()) == 1


def test_without_a_reply_nothing_is_stored(session: Session, vault: Vault, lead: Actor) -> None:
    upload = bring(
        session, vault, lead, as_json(full(pcfExcludingBiogenicUptake="9850", fossilGhgEmissions="9850"))
    )
    session.commit()
    with pytest.raises(Invalid) as refused:
        accept_upload(session, lead, upload_id=upload.id, vault=vault, replies={}, now=AT)
    assert {p.code for p in refused.value.problems} == {"doubt_reply_missing"}
    session.rollback()
    assert (
        session.scalars(select(FootprintRow)).all() == []
        and session.get_one(CarbonUpload, upload.id).state == "waiting"
    )
    assert session.scalars(select(CarbonDoubt)).all() == []


def test_both_databases_give_back_the_document_as_it_came(any_engine: Engine, vault: Vault) -> None:
    made = full(comment="玻璃 “3.2” ½ \u2028 end")
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        lead = actor_of(make_member(session, supplier), supplier)
        keep_footprints(session, vault, lead, as_json(made), now=AT)
        session.commit()
    with reading(any_engine) as session:
        (row,) = footprints_in_force(session, lead.supplier_id)
        assert json.loads(export_pact([row]).text)["data"] == [made]
        assert row.details["mass_kg"] == "8.00"
