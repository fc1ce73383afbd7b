"""Ranking and comparison: order, shared places, who may be compared, constant queries."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.operations.scoring import store_sheet, submitted_case, verified_sheet
from portal.store.assessments import Assessment
from portal.store.carbon import CarbonUpload, FootprintRow
from tests.conftest import NOW
from tests.make.people import make_member, make_staff, make_supplier, signed_in
from tests.make.queries import counted
from tests.make.sent import make_assessment, make_round, make_sent


@pytest.fixture
def analyst(app: Flask, session: Session) -> FlaskClient:
    """Four suppliers: two declared alike, one lower, one verified lowest; and one that sent nothing."""
    user = make_staff(session, "analyst")
    found = make_round(session, user)
    for number, (name, fines) in enumerate((("Alder", 0), ("Birch", 0), ("Cedar", 3), ("Dogwood", 0))):
        supplier = make_supplier(
            session, f"S-{number}", name=name, materials=("glass" if number else "cell",)
        )
        make_sent(session, supplier, found, make_member(session, supplier), {"GOV-05": Decimal(fines)})
    make_assessment(session, make_supplier(session, "S-9", name="Elder"), found)
    _verify(session, session.get_one(Assessment, 4))
    session.commit()
    return signed_in(app, user)


def _verify(session: Session, assessment: Assessment) -> None:
    case = submitted_case(session, assessment)
    assert case is not None
    store_sheet(session, assessment, "verified", verified_sheet(case, {}), NOW)


def ranking(client: FlaskClient, query: str = "") -> list[tuple[str, str]]:
    page = client.get(f"/staff/rounds/1/ranking?{query}").get_data(as_text=True)
    rows = re.findall(r'<td class="num">(\d+|–)</td>\s*<th scope="row"><a [^>]*>(\w+)</a>', page)
    return [(name, place) for place, name in rows]


def test_the_ranking_goes_by_score_and_equal_scores_share_a_place(analyst: FlaskClient) -> None:
    assert ranking(analyst) == [
        ("Alder", "1"),
        ("Birch", "1"),
        ("Cedar", "3"),
        ("Dogwood", "4"),
        ("Elder", "–"),
    ]
    assert ranking(analyst, "material=cell") == [("Alder", "1")]


def test_the_side_of_each_score_is_said(analyst: FlaskClient) -> None:
    page = analyst.get("/staff/rounds/1/ranking").get_data(as_text=True)
    assert page.count('class="side side-declared"') == 3
    assert page.count('class="side side-verified"') == 1


def test_two_to_five_suppliers_with_a_score_are_compared(analyst: FlaskClient) -> None:
    for query in (
        "",
        "supplier=1",
        "supplier=1&supplier=5",
        "supplier=x&supplier=1",
        "supplier=1&supplier=99",
    ):
        answer = analyst.get(f"/staff/rounds/1/compare?{query}")
        assert answer.status_code == 422, query
        assert "Choose 2 to 5 suppliers" in answer.get_data(as_text=True)
    page = analyst.get("/staff/rounds/1/compare?supplier=1&supplier=3&supplier=4").get_data(as_text=True)
    assert "others only declared" in page
    alike = analyst.get("/staff/rounds/1/compare?supplier=1&supplier=3").get_data(as_text=True)
    assert "GOV-05" in alike
    assert "others only declared" not in alike
    assert page.count("best-word") > 2


def test_footprints_stand_side_by_side_per_declared_unit(analyst: FlaskClient, session: Session) -> None:
    upload = CarbonUpload(
        supplier_id=1, kind="footprints", state="accepted", vault_key="k", name="f.csv", size=1, sha256="0" * 64,
        uploaded_by_id=1, uploaded_at=NOW,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    session.add(
        FootprintRow(
            supplier_id=1, upload_id=upload.id, footprint_id="fp", product_id="C-1", material="cell",
            declared_unit="piece", declared_amount=Decimal(10), pcf_kgco2e=Decimal("5.5"), period_start=date(2025, 1, 1),
            period_end=date(2025, 12, 31), cells={}, typed={}, accepted_by_id=1, accepted_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    page = analyst.get("/staff/rounds/1/compare?supplier=1&supplier=2").get_data(as_text=True)
    assert "0.55 kgCO<sub>2</sub>e/piece" in page


def test_a_comparison_costs_the_same_for_two_and_for_five(
    analyst: FlaskClient, session: Session, engine: Engine
) -> None:
    counts = []
    for query in ("supplier=1&supplier=2", "supplier=1&supplier=2&supplier=3&supplier=4"):
        with counted(engine) as seen:
            assert analyst.get(f"/staff/rounds/1/compare?{query}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_unknown_round_is_not_found(analyst: FlaskClient) -> None:
    assert analyst.get("/staff/rounds/99/ranking").status_code == 404
    assert analyst.get("/staff/rounds/99/compare").status_code == 404
