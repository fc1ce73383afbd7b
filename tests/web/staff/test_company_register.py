"""What staff see of a company register: every figure with who, when and file; both sides of a refused claim; nothing more."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.carbon.certificates import read_certificates
from portal.operations.certificates import Claim, enter_certificates
from portal.store.electricity import ElectricityUpload
from portal.store.engine import reading, writing
from portal.store.evidence import Evidence
from portal.store.people import User
from portal.store.suppliers import Supplier
from portal.web.context import Site
from tests.conftest import NOW, Prepared, portal_on, settings_in
from tests.make.clock import Clock
from tests.make.company_register import CERTIFICATE
from tests.make.people import AT, actor_of, signed_in
from tests.make.world import World, world_of


@pytest.fixture(scope="module")
def world_app(
    built_app: Flask, prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, World]]:
    """One world for the whole file: its tests look, and add what the others do not read."""
    folder = tmp_path_factory.mktemp("register")
    with portal_on(built_app, settings_in(folder), Clock(NOW)) as app:
        yield app, prepared.lay(app, world_of)


@pytest.fixture
def app(world_app: tuple[Flask, World]) -> Flask:
    """The portal of that world."""
    return world_app[0]


@pytest.fixture
def world(world_app: tuple[Flask, World]) -> World:
    """The world."""
    return world_app[1]


@pytest.fixture
def staff(app: Flask, world: World) -> FlaskClient:
    return signed_in(app, world.people["analyst"])


def test_the_carbon_page_shows_every_part(staff: FlaskClient, world: World) -> None:
    page = staff.get(f"/staff/suppliers/{world.things['supplier']}/carbon").text
    for words in (
        "Operational control",
        "Process emissions",
        "Limited assurance",
        "Example Verification Body",
        "Plant 1",
        "typed on the page",
        "kwh.csv",
        "G2",
        "1001",
        "Heat recovery",
        "not answered yet",
        "Lead of GLS-01",
        "÷",
    ):
        assert words in page, words


def test_files_waiting_or_not_behind_a_figure_are_not_there(
    app: Flask, staff: FlaskClient, world: World
) -> None:
    site: Site = app.extensions["upstream"]
    at = f"/staff/suppliers/{world.things['supplier']}/register"
    assert staff.get(f"{at}/files/{world.things['electricity_accepted']}").data.startswith(b"site,")
    assert staff.get(f"{at}/files/{world.things['electricity_file']}").status_code == 404
    assert staff.get(f"{at}/evidence/{world.things['evidence']}").status_code == 200
    with reading(site.engine) as session:
        others = session.scalars(select(Evidence.id).where(Evidence.id != world.things["evidence"])).all()
        assert others and session.scalars(select(ElectricityUpload)).all()
    assert {staff.get(f"{at}/evidence/{number}").status_code for number in others} == {404}
    foreign = f"/staff/suppliers/{world.things['foreign_supplier']}/register"
    assert staff.get(f"{foreign}/evidence/{world.things['evidence']}").status_code == 404


def test_both_sides_of_a_refused_claim(app: Flask, staff: FlaskClient, world: World) -> None:
    site: Site = app.extensions["upstream"]
    with writing(site.engine) as session:
        foreign = session.get_one(Supplier, world.things["foreign_supplier"])
        other = actor_of(session.get_one(User, world.people["other"].id), foreign)
        value, _problems = read_certificates(CERTIFICATE | {"serial_from": "1050", "serial_to": "1149"})
        assert value is not None
        rows, problems = enter_certificates(session, other, claims=[Claim("A2", value, {}, {})], now=AT)
        assert rows == [] and problems
        session.commit()
    page = staff.get("/staff/certificates").text
    assert "Clearlake Glass" in page and "Vientos Frames" in page and "1050" in page and "1001" in page
    for supplier in ("supplier", "foreign_supplier"):
        assert "Refused second claims" in staff.get(f"/staff/suppliers/{world.things[supplier]}/carbon").text
    theirs = signed_in(app, world.people["other"])
    for path in ("overview", "electricity", "measures", "inventories"):
        assert "Clearlake" not in theirs.get(f"/carbon/{path}").text


def test_measures_stand_beside_the_commitment_they_serve(
    app: Flask, staff: FlaskClient, world: World
) -> None:
    where = world.things["commitment"]
    assert "Heat recovery" in staff.get(f"/staff/commitments/{where}").text
    lead = signed_in(app, world.people["lead"])
    page = lead.get(f"/commitments/{where}").text
    assert "Heat recovery" in page and f"/carbon/measures/new?commitment={where}" in page


def test_a_proof_of_the_register_is_hidden_not_deleted(app: Flask, world: World) -> None:
    lead = signed_in(app, world.people["lead"])
    number = world.things["evidence"]
    assert lead.post(f"/evidence/{number}/remove").status_code == 303
    staff = signed_in(app, world.people["analyst"])
    at = f"/staff/suppliers/{world.things['supplier']}/register/evidence/{number}"
    assert staff.get(at).status_code == 200
    assert io.BytesIO(staff.get(at).data).read(5) == b"%PDF-"
