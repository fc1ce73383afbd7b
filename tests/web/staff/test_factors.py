"""The factor library in the browser: search, tables coming in, what is in use, materials confirmed, rates that are missing."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.store.engine import open_engine, reading, writing
from portal.store.factor_reads import all_versions, decisions_in_force, versions_in_use
from portal.store.factors import FactorUpload, FactorVersion
from tests.conftest import NOW
from tests.make.factors import GLASS, HEADER, OWN_FACTORS, OWN_PRICES, OWN_RATES, fill_library
from tests.make.pages import without_tokens
from tests.make.people import make_staff, signed_in

ROOM = "/staff/category-1/factors"


@pytest.fixture(scope="module")
def migrated_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose library holds the shipped tables, made once for these tests."""
    path = tmp_path_factory.mktemp("library") / "upstream.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    with writing(engine) as session:
        fill_library(session, now=NOW)
        session.commit()
    engine.dispose()
    return path


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    """A manager's browser."""
    user = make_staff(session, "manager")
    session.commit()
    return signed_in(app, user)


@pytest.fixture
def analyst(app: Flask, session: Session, manager: FlaskClient) -> FlaskClient:
    """An analyst's browser on the same portal."""
    user = make_staff(session, "analyst")
    session.commit()
    return signed_in(app, user)


def bring(client: FlaskClient, data: bytes, name: str = "own.csv", kind: str = "factors", table: str = "Own"):
    given = {"kind": kind, "table": table, "file": (io.BytesIO(data), name)}
    return client.post(f"{ROOM}/uploads", data=given)


def take_over(client: FlaskClient, data: bytes, **more: str):
    answer = bring(client, data, **more)
    assert answer.status_code == 303, answer.text
    preview = answer.location
    assert client.get(preview).status_code == 200
    answer = client.post(f"{preview}/accept", data={"use": "y", "note": "first"})
    assert answer.status_code == 303, answer.text
    return client.get(answer.location)


def found(client: FlaskClient, query: str) -> list[str]:
    page = client.get(f"{ROOM}?{query}")
    assert page.status_code == 200
    return re.findall(r"<code>([^<]+)</code></th>", page.text)


def test_search_finds_words_of_both_languages(manager: FlaskClient) -> None:
    assert "UP-GLASS-DESNZ24" in found(manager, "q=solar+glass")
    assert "UP-POLYSILICON-EL-CN-2024" in found(manager, "q=中国多晶硅")
    assert "EPA-SC13-327211" in found(manager, "q=玻璃&unit=spend")
    assert found(manager, "q=327211") == ["EPA-SC13-327211"]
    assert found(manager, "q=nosuchword") == []
    assert set(found(manager, "q=electricity&place=TH")) == {"EMBER-THA-2024"}
    second = found(manager, "page=2")
    assert len(second) == 50 and not set(second) & set(found(manager, ""))


def test_a_derived_factor_shows_its_arithmetic(manager: FlaskClient) -> None:
    page = manager.get(f"{ROOM}/factor?id=UP-POLYSILICON-EL-CN-2024").text
    assert "0.5777" in page and "MEE-PCF-CN-2024" in page and "41.5944" in page
    assert manager.get(f"{ROOM}/factor?id=nobody").status_code == 404


def test_own_table_in_preview_then_in_use(manager: FlaskClient, engine: Engine) -> None:
    page = take_over(manager, OWN_FACTORS).text
    assert "version 1 is in use" in page
    assert found(manager, "q=银浆")[0] == "OWN-PASTE"
    answer = bring(manager, (HEADER + GLASS.replace("1.1,", "11,")).encode())
    preview = manager.get(answer.location).text
    assert "OWN-PASTE" in preview and "1.1 becomes 11" in preview
    assert "1 unchanged" not in preview
    manager.post(f"{answer.location}/accept", data={})
    with reading(engine) as session:
        own = [v for v in all_versions(session) if v.table.origin == "own"]
        assert [(v.number, v.in_use_at is not None) for v in own] == [(2, False), (1, True)]
        second = own[0].id
    assert manager.post(f"{ROOM}/versions/{second}/use").status_code == 303
    assert manager.post(f"{ROOM}/versions/{second}/use").status_code == 409
    with reading(engine) as session:
        assert [v.number for v in versions_in_use(session) if v.table.origin == "own"] == [2]
    history = manager.get(f"{ROOM}/factor?id=OWN-GLASS").text
    assert "1.1 → 11" in history.replace("<code>value</code>: ", "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (HEADER.encode(), "no rows"),
        ((HEADER + GLASS.replace("1.1,", '"1,1",')).encode(), "G2"),
        ((HEADER + GLASS.replace("kgCO2e/kg", "kg")).encode(), "H2"),
        ((HEADER + GLASS + GLASS).encode(), "A3"),
        ((HEADER + GLASS.replace("OWN-GLASS", "UP-GLASS-DESNZ24")).encode(), "pv_materials.csv"),
        ((HEADER + GLASS.replace("OWN-GLASS", "x" * 300)).encode(), "A2"),
        ((HEADER + GLASS.replace("1.1,", "NaN,")).encode(), "G2"),
        ((HEADER + GLASS.replace("1.1,", "-1,")).encode(), "G2"),
    ],
    ids=["no rows", "comma", "unit", "twice", "taken", "long", "nan", "negative"],
)
def test_bad_tables_are_told_by_cell_and_nothing_is_stored(
    manager: FlaskClient, engine: Engine, data: bytes, said: str
) -> None:
    answer = bring(manager, data)
    page = manager.get(answer.location)
    assert page.status_code == 200 and said in page.text
    assert "Take over" not in page.text
    assert manager.post(f"{answer.location}/accept", data={"use": "y"}).status_code == 422
    with reading(engine) as session:
        assert [v for v in all_versions(session) if v.table.origin == "own"] == []
        assert session.scalars(select(FactorUpload)).one().state == "waiting"
    assert manager.post(f"{answer.location}/discard").status_code == 303


def test_a_filled_template_comes_in_as_workbook(manager: FlaskClient) -> None:
    assert manager.get(f"{ROOM}/templates/factors.xlsx").data.startswith(b"PK")
    assert manager.get(f"{ROOM}/templates/rates.csv").text.endswith("currency,year,per_usd,source\r\n")
    assert manager.get(f"{ROOM}/templates/sectors.csv").status_code == 404
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(
            0, 0, ["Factor number", "名称", "name_en", "geography", "year", "value", "unit", "source"]
        )
        sheet.write_row(1, 0, ["X-1", "银浆", "Paste", "CN", 2025, 95.5, "kgCO2e/kg", "own"])
        sheet.write_row(2, 0, ["X-2", "", "Ribbon", "CN", 2025, "9,5", "kgCO2e/kg", "own"])
    page = without_tokens(manager.get(bring(manager, out.getvalue(), name="own.xlsx").location).text)
    assert "F3" in page and "F2" not in page


def test_a_nul_is_refused_at_the_gate(manager: FlaskClient) -> None:
    assert manager.get(f"{ROOM}/factor?id=%00").status_code == 400
    assert manager.get(f"{ROOM}?q=%01&table=%01&place=%01&year=%01&unit=%01&page=%01").status_code == 200
    assert bring(manager, OWN_FACTORS, table="a\x00b").status_code == 400


def test_uploads_need_a_kind_a_name_and_a_file(manager: FlaskClient) -> None:
    assert manager.post(f"{ROOM}/uploads").status_code == 422
    assert bring(manager, OWN_FACTORS, table="").status_code == 422
    assert bring(manager, OWN_FACTORS, table="rates.csv").status_code == 422
    assert bring(manager, b"%PDF-1.4", name="x.pdf").status_code == 422
    assert bring(manager, b"hello\n").status_code == 422


def test_own_rates_fill_gaps_and_own_prices_replace(manager: FlaskClient, engine: Engine) -> None:
    page = manager.get(f"{ROOM}/money").text
    assert "(MYR): 2024, 2025" in page and "(AUD): 2025" in page and "(VND): 2023, 2024, 2025" in page
    take_over(manager, OWN_RATES, kind="rates")
    assert "(MYR): 2025" in manager.get(f"{ROOM}/money").text
    take_over(manager, OWN_PRICES, kind="prices")
    with reading(engine) as session:
        used = [v.table.key for v in versions_in_use(session) if v.table.kind in ("rates", "prices")]
    assert sorted(used) == ["own-prices", "own-rates", "rates.csv"]
    assert "2023" in manager.get(f"{ROOM}/money").text


def test_a_person_confirms_a_material(manager: FlaskClient, analyst: FlaskClient, engine: Engine) -> None:
    url = f"{ROOM}/materials/glass"
    assert "Confirm what serves" in manager.get(url).text
    assert "Confirm what serves" not in analyst.get(url).text
    assert analyst.post(url, data={}).status_code == 404
    wish = {"factors": ["UP-GLASS-DESNZ24"], "sector": "327211", "confidence": "proxy", "seen": "0"}
    assert "Write why" in manager.post(url, data=wish).text
    assert manager.post(url, data=wish | {"note": "we buy by weight"}).status_code == 303
    with reading(engine) as session:
        row = decisions_in_force(session)[0]
        assert (row.material, row.factor_ids, row.note) == ("glass", ["UP-GLASS-DESNZ24"], "we buy by weight")
    late = manager.post(url, data=wish | {"note": "again"})
    assert late.status_code == 409 and "while you had the page open" in late.text
    for wrong in (
        {"factors": ["nobody"]},
        {"sector": "000000"},
        {"confidence": "sure"},
        {"factors": [], "sector": ""},
    ):
        assert manager.post(url, data=wish | {"seen": str(row.id), "note": "x"} | wrong).status_code == 422
    assert manager.get(f"{ROOM}/materials/nothing_such").status_code == 404


def test_own_materials(manager: FlaskClient) -> None:
    room = f"{ROOM}/materials"
    assert manager.post(room, data={"key": "EVA film", "name_en": "x"}).status_code == 422
    assert manager.post(room, data={"key": "glass", "name_en": "x"}).status_code == 422
    answer = manager.post(room, data={"key": "eva_film", "name_en": "EVA film", "name_zh": "EVA 胶膜"})
    assert answer.status_code == 303
    assert "EVA film" in manager.get(answer.location).text


def test_versions_can_be_downloaded_and_taken_out(manager: FlaskClient, engine: Engine) -> None:
    with reading(engine) as session:
        versions = {v.table.key: v for v in all_versions(session)}
    for version in versions.values():
        assert manager.get(f"{ROOM}/versions/{version.id}").status_code == 200
        assert manager.get(f"{ROOM}/versions/{version.id}.csv").status_code == 200
        assert manager.get(f"{ROOM}/tables/{version.table_id}").status_code == 200
    out = "{}/tables/{}/take-out"
    assert manager.post(out.format(ROOM, versions["rates.csv"].table_id)).status_code == 409
    assert manager.post(out.format(ROOM, versions["grid_world_ember.csv"].table_id)).status_code == 409
    assert manager.post(f"{ROOM}/versions/{versions['grid_world_ember.csv'].id}/use").status_code == 409
    assert manager.post(out.format(ROOM, versions["desnz_2024_material_use.csv"].table_id)).status_code == 303
    with reading(engine) as session:
        assert session.get_one(FactorVersion, versions["desnz_2024_material_use.csv"].id).in_use_at is None
