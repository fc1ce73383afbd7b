"""Footprints in the browser: JSON in, doubts with replies, the typed form, everything a footprint says, PACT out."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.store.carbon import CarbonUpload, FootprintRow
from portal.store.carbon_doubts import CarbonDoubt
from tests.make.files import FOOTPRINT, csv_bytes, post_file, seen
from tests.make.pact import as_json, full
from tests.make.pages import without_tokens
from tests.make.people import make_member, make_staff, make_supplier, signed_in

TYPED = FOOTPRINT | {
    "product_name": "Solar glass",
    "standards": "ISO14067",
    "comment": "Two lines\nof text; with, marks",
}


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    user = make_member(session, make_supplier(session), "contributor")
    session.commit()
    return signed_in(app, user)


def bring(client: FlaskClient, data: bytes, name: str = "pact.json") -> TestResponse:
    return post_file(client, "/carbon/uploads", data, name, kind="footprints")


def keys(page: str) -> list[str]:
    """The names of the reply fields on a page."""
    return re.findall(r'name="(doubt-[0-9a-f]{16})"', page)


def test_a_pact_file_is_looked_at_then_taken_over(client: FlaskClient, session: Session) -> None:
    path = bring(client, as_json(full())).headers["Location"]
    page = client.get(path).text
    assert "/data/0/pcf/pcfExcludingBiogenicUptake" in page and "PACT 3: 1 (best) to 5" in page
    assert "Invented Verification Body" in page and keys(page) == []
    assert client.post(f"{path}/accept").status_code == 303
    (row,) = seen(session, select(FootprintRow))
    page = client.get(f"/carbon/footprints/{row.id}").text
    assert "Patterned solar glass" in page and "/data/0/pcf/dqi/temporalDQR" in page
    out = client.get(f"/carbon/footprints/{row.id}/pact.json")
    assert out.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(out.data)["data"] == [full()]
    assert json.loads(client.get("/carbon/footprints/pact.json").data)["data"] == [full()]
    assert client.get(f"{path}/file").headers["Content-Type"].startswith("application/json")


def test_schema_and_rules_stand_apart(client: FlaskClient) -> None:
    made = full(declaredUnitAmount="28,4", primaryDataShare="172")
    page = client.get(bring(client, as_json(made)).headers["Location"]).text
    form = page.index("Form of the file: refused")
    rule = page.index("Rule broken: refused")
    assert (
        form
        < page.index("/data/0/pcf/declaredUnitAmount")
        < rule
        < page.index("/data/0/pcf/primaryDataShare")
    )
    assert "layer-file" in page and "layer-rule" in page and "Take this footprint over" not in page


def test_a_doubt_wants_a_reply_and_the_reply_stays(client: FlaskClient, session: Session) -> None:
    path = bring(client, csv_bytes(FOOTPRINT | {"pcf_kgco2e": "9850"}), "pcf.csv").headers["Location"]
    page = client.get(path).text
    assert "Did you mean tCO2e" not in page and "Did you mean gCO2e instead of kgCO2e?" in page
    (key,) = keys(page)
    refused = client.post(f"{path}/accept", data={key: "ok"})
    assert (
        refused.status_code == 422 and "says too little" in refused.text and ">ok</textarea>" in refused.text
    )
    assert seen(session, select(FootprintRow)) == []
    assert (
        client.post(f"{path}/accept", data={key: "Measured <b>twice</b>, a trial melt."}).status_code == 303
    )
    (row,) = seen(session, select(FootprintRow))
    for address in (f"/carbon/footprints/{row.id}",):
        page = client.get(address).text
        assert "Measured &lt;b&gt;twice&lt;/b&gt;, a trial melt." in page and "Did you mean gCO2e" in page
    assert "1 question answered" in client.get("/carbon").text


def test_a_reply_to_another_question_does_not_count(client: FlaskClient, session: Session) -> None:
    path = bring(client, csv_bytes(FOOTPRINT | {"pcf_kgco2e": "9850"}), "pcf.csv").headers["Location"]
    answer = client.post(f"{path}/accept", data={"doubt-0123456789abcdef": "A fine reason in words"})
    assert answer.status_code == 422 and seen(session, select(CarbonDoubt)) == []


def test_a_material_is_chosen_where_the_file_names_none(client: FlaskClient, session: Session) -> None:
    made = full(productClassifications=None)
    path = bring(client, as_json(made)).headers["Location"]
    page = client.get(path).text
    assert '<option value="glass" selected>' in page
    refused = client.post(f"{path}/accept", data={"material-1": "polysilicon"})
    assert refused.status_code == 422 and "footprint" in refused.text
    assert client.post(f"{path}/accept", data={"material-1": "glass"}).status_code == 303
    assert [row.material for row in seen(session, select(FootprintRow))] == ["glass"]


def test_typing_goes_through_the_same_gate(client: FlaskClient, session: Session) -> None:
    assert "Further fields of PACT 3.0" in client.get("/carbon/footprints/new").text
    wrong = client.post(
        "/carbon/footprints/new", data=TYPED | {"pcf_kgco2e": "9,85", "geography": "", "rating_temporal": "2"}
    )
    assert wrong.status_code == 422
    assert (
        'href="#pcf_kgco2e"' in wrong.text and 'href="#rating_scale"' in wrong.text and "9,85" in wrong.text
    )
    assert seen(session, select(CarbonUpload)) == []
    path = client.post("/carbon/footprints/new", data=TYPED).headers["Location"]
    page = client.get(path).text
    assert (
        "Typed on the page" in page and "Take this footprint over" in page and "of text; with, marks" in page
    )
    again = client.get("/carbon/footprints/new?again=" + path.rpartition("/")[2]).text
    assert 'value="9.85"' in again and "of text; with, marks" in again
    assert client.post(f"{path}/accept").status_code == 303
    (row,) = seen(session, select(FootprintRow))
    assert (str(row.pcf_kgco2e), row.details["standards"], row.details["product_name"]) == (
        "9.85",
        ["ISO14067"],
        "Solar glass",
    )
    newer = client.get(f"/carbon/footprints/new?from={row.id}").text
    assert 'value="PCF-1"' in newer


@pytest.mark.parametrize("text", ["=1+2", "a\x07b", "x" * 5000, "9" * 40, "NaN", "١٢"])
def test_strange_text_in_the_form_is_a_sentence(client: FlaskClient, session: Session, text: str) -> None:
    answer = client.post("/carbon/footprints/new", data=TYPED | {"pcf_kgco2e": text})
    assert answer.status_code == 422 and 'id="problems"' in answer.text
    assert seen(session, select(CarbonUpload)) == []


def test_no_other_supplier_sees_any_of_it(app: Flask, client: FlaskClient, session: Session) -> None:
    path = bring(client, as_json(full())).headers["Location"]
    client.post(f"{path}/accept")
    (row,) = seen(session, select(FootprintRow))
    other = make_member(session, make_supplier(session, "OTH-1", name="Other (invented)"))
    session.commit()
    stranger = signed_in(app, other)
    for address in (f"/carbon/footprints/{row.id}", f"/carbon/footprints/{row.id}/pact.json", f"/carbon/footprints/new?from={row.id}",
                    "/carbon/footprints/new?again=" + path.rpartition("/")[2]):  # fmt: skip
        assert stranger.get(address).status_code == 404, address
    assert json.loads(stranger.get("/carbon/footprints/pact.json").data) == {"data": []}


def test_staff_see_what_was_accepted_with_questions_and_replies(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    staff = make_staff(session, "analyst")
    session.commit()
    analyst = signed_in(app, staff)
    path = bring(client, csv_bytes(FOOTPRINT | {"pcf_kgco2e": "9850"}), "pcf.csv").headers["Location"]
    (upload,) = seen(session, select(CarbonUpload))
    register = f"/staff/suppliers/{upload.supplier_id}/carbon"
    assert "has not accepted any footprint" in analyst.get(register).text
    assert analyst.get(f"{register}/files/{upload.id}").status_code == 404
    (key,) = keys(client.get(path).text)
    client.post(f"{path}/accept", data={key: "A trial melt with a cold furnace"})
    (row,) = seen(session, select(FootprintRow))
    for address in (register, f"{register}/footprints/{row.id}"):
        page = analyst.get(address).text
        assert "A trial melt with a cold furnace" in page and "Did you mean gCO2e" in page and "F2" in page
    assert analyst.get(f"{register}/files/{upload.id}").status_code == 200
    assert json.loads(analyst.get(f"{register}/pact.json").data) == {"data": []}
    assert (
        analyst.get(f"/staff/suppliers/{upload.supplier_id + 1}/carbon/footprints/{row.id}").status_code
        == 404
    )


def test_problems_of_the_form_name_its_fields_as_the_page_does(client: FlaskClient) -> None:
    wrong = client.post(
        "/carbon/footprints/new", data=TYPED | {"pcf_kgco2e": "28,4", "product_id": "x" * 200}
    )
    assert "Footprint, cradle to gate (kgCO2e): write a plain number" in wrong.text
    assert "Product number: Product number may have at most 120 characters" in wrong.text
    assert "pcf_kgco2e:" not in wrong.text
    client.post("/language", data={"language": "zh", "next": "/"})
    wrong = client.post("/carbon/footprints/new", data=TYPED | {"pcf_kgco2e": "28,4"})
    assert "从摇篮到大门的碳足迹（kgCO2e）：请填写数字" in wrong.text and "pcf_kgco2e：" not in wrong.text


def test_a_period_to_come_and_a_place_nobody_knows_are_refused(client: FlaskClient) -> None:
    ahead = {"period_start": "2027-01-01", "period_end": "2027-12-31", "valid_until": "2029-12-31"}
    for change, words in ((ahead, "lies in the future"), ({"geography": "XX"}, "not a country we know")):
        wrong = client.post("/carbon/footprints/new", data=TYPED | change)
        assert wrong.status_code == 422 and words in wrong.text
        page = client.get(bring(client, csv_bytes(FOOTPRINT | change), "p.csv").headers["Location"]).text
        assert words in page and "footprint over" not in page
    for known in ("CN", "RER", "CHN", "GLO", "Asia", ""):
        assert client.post("/carbon/footprints/new", data=TYPED | {"geography": known}).status_code == 303


def test_what_was_typed_names_no_cells_and_nothing_empty_is_offered(
    client: FlaskClient, session: Session
) -> None:
    path = client.post("/carbon/footprints/new", data=FOOTPRINT | {"product_name": "Solar glass"}).headers[
        "Location"
    ]
    page = client.get(path).text
    assert "Exactly these values are stored." in page and ">F2<" not in page and "stands its cell" not in page
    answer = client.post(f"{path}/accept", follow_redirects=True).text
    assert "1 footprint is in the register." in answer and ">F2<" not in answer
    assert "Download all as PACT" not in answer and "lacks what PACT 3.0 requires" in answer
    (row,) = seen(session, select(FootprintRow))
    page = without_tokens(client.get(f"/carbon/footprints/{row.id}").text)
    assert "typed on the page" in page and "Solar glass" in page and "F2" not in page and ">M2<" not in page


def test_a_material_may_be_named_in_words_and_an_unknown_one_is_asked_for(
    client: FlaskClient, session: Session
) -> None:
    rows = [
        FOOTPRINT | {"footprint_id": f"M-{number}", "product_id": f"P-{number}", "material": words}
        for number, words in enumerate(("玻璃", "Glass", " GLASS ", "aluminium_frame", "unobtainium"))
    ]
    rows[3] |= {"declared_unit": "kg"}
    path = bring(client, csv_bytes(*rows), "p.csv").headers["Location"]
    page = client.get(path).text
    assert "C6: the material “unobtainium” is not on the buyer’s list" in page
    assert re.findall(r'name="(material-[0-9]+)"', page) == ["material-6"]
    replies = dict.fromkeys(keys(page), "A different plant with a cold furnace")
    assert client.post(f"{path}/accept", data=replies | {"material-6": "wafer"}).status_code == 303
    stored = {row.footprint_id: row.material for row in seen(session, select(FootprintRow))}
    assert stored == {
        "M-0": "glass",
        "M-1": "glass",
        "M-2": "glass",
        "M-3": "aluminium_frame",
        "M-4": "wafer",
    }


def test_the_same_figure_once_more_brings_its_reply_along(client: FlaskClient, session: Session) -> None:
    row, said = FOOTPRINT | {"pcf_kgco2e": "9850"}, "Measured twice, a trial melt."
    first = bring(client, csv_bytes(row), "pcf.csv").headers["Location"]
    (key,) = keys(client.get(first).text)
    assert client.post(f"{first}/accept", data={key: said}).status_code == 303
    again = client.get(bring(client, csv_bytes(row), "again.csv").headers["Location"]).text
    assert f">{said}</textarea>" in again and "You gave this reply to the same figure before." in again
    other = client.get(
        bring(client, csv_bytes(row | {"footprint_id": "P-9"}), "other.csv").headers["Location"]
    ).text
    changed = client.get(
        bring(client, csv_bytes(row | {"pcf_kgco2e": "9851"}), "new.csv").headers["Location"]
    ).text
    assert keys(other) and keys(changed) and said not in other + changed


def test_a_predecessor_is_named_where_it_is_replaced(client: FlaskClient) -> None:
    before = bring(client, as_json(full())).headers["Location"]
    client.post(f"{before}/accept")
    newer = full() | {"id": str(uuid.uuid4()), "precedingPfIds": [full()["id"].upper()]}
    page = client.get(bring(client, as_json(newer)).headers["Location"]).text
    assert (
        f'<span class="cell-source">{full()["id"]}</span>' in page
        and "still in force for this product" not in page
    )
