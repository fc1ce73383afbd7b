"""Our own inventory, target path and what-ifs in the browser: looked at, written, overtaken, brought in, taken out."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.operations.estimates import estimate_ledger
from portal.operations.ledgers import load_ledger
from portal.operations.rounds import open_round
from portal.store.engine import reading
from portal.store.frame import Frame, FrameFigure, figures_in_force, history_of
from portal.store.people import User
from portal.store.targets import WhatIf
from tests.conftest import NOW, Prepared
from tests.make.files import pdf_bytes
from tests.make.frames import TARGET, make_frame
from tests.make.people import actor_of, make_staff, make_supplier, signed_in
from tests.make.purchases import ledger_stream

LINES = (
    "L1,2024-03-01,S-001,,polysilicon,10,t,9000,CNY,CN,,Siemens",
    "L2,2024-03-03,S-002,,glass,5000,kg,12000,CNY,CN,,glass",
)
BASE = "/staff/footprint"


@pytest.fixture
def manager(app: Flask, prepared: Prepared) -> FlaskClient:
    """A manager's browser over an estimate of 2024, its frame, a target and a what-if."""
    return signed_in(app, prepared.lay(app, make_year))


def make_year(app: Flask, session: Session) -> User:
    make_supplier(session, "S-001", name="Grey Silicon (invented)")
    user = make_staff(session)
    actor, vault = actor_of(user), app.extensions["upstream"].vault
    ledger, _new = load_ledger(session, actor, ledger_stream(*LINES), name="l.csv", vault=vault, now=NOW)
    estimate, _new = estimate_ledger(session, actor, ledger_id=ledger.id, year=2024, vault=vault, now=NOW)
    make_frame(session, vault, actor, estimate, now=NOW)
    session.commit()
    return user


def figures(engine: Engine) -> dict[str, FrameFigure]:
    with reading(engine) as session:
        frame = session.scalars(select(Frame).where(Frame.subject == "", Frame.year == 2024)).one()
        return figures_in_force(session, [frame.id])[frame.id]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_year_shows_sums_classes_and_where_category_1_comes_from(
    manager: FlaskClient, engine: Engine
) -> None:
    page = words(manager.get(f"{BASE}/1").text)
    category_1 = figures(engine)["category_1"]
    assert "Estimate of 21 November 2026" in page
    assert "2 of 2 purchase lines; 0 USD not reached by any method" in page
    assert f"Scope 1 and 2 38 420 = 38 420" in page.replace("\u202f", " ")  # noqa: F541
    assert "Category 3 is class 4" in page
    assert category_1.estimate is not None
    assert "Invented Body" in page


def test_a_figure_is_written_in_versions_and_an_overtaken_one_keeps_its_text(
    manager: FlaskClient, engine: Engine
) -> None:
    url = f"{BASE}/1/figures/category_6"
    good = {"value": "118.0", "unit": "tCO2e", "source": "Travel agency", "note": "", "base": "0"}
    assert manager.post(url, data=good | {"value": "1,180"}).status_code == 422
    assert manager.post(url, data=good).status_code == 303
    late = manager.post(url, data=good | {"value": "119", "source": "My own list"})
    assert late.status_code == 409
    assert "Manager Person wrote 118.0 tCO2e while you were typing." in late.text
    assert 'value="My own list"' in late.text
    base = re.search(r'name="base"[^>]*value="(\d+)"', late.text)
    assert base is not None and base[1] == "1"
    assert manager.post(url, data=good | {"value": "119", "base": base[1]}).status_code == 303
    assert figures(engine)["category_6"].version == 2
    assert words(manager.get(url).text).count("Travel agency") >= 2
    assert manager.get(f"{BASE}/1/figures/scope9").status_code == 404
    assert manager.post(f"{url}/back", data={"note": "Counted twice", "base": "2"}).status_code == 303
    assert "category_6" not in figures(engine)


def test_a_published_example_comes_in_by_file_and_stays_apart(manager: FlaskClient, engine: Engine) -> None:
    rows = "year,item,value,unit,source\n2023,scope1,10,tCO2e,p. 3\n2023,scope2_unstated,20,tCO2e,p. 3\n2023,stated_scope_1_2,33,tCO2e,p. 3\n"
    form = {
        "whose": "example",
        "subject": "Some Maker",
        "source": "Report 2023",
        "file": (io.BytesIO(rows.encode()), "e.csv"),
    }
    sent = manager.post(f"{BASE}/files", data=form)
    assert sent.status_code == 303
    preview = manager.get(sent.location)
    seen = re.search(r'name="seen" value="(\w+)"', preview.text)
    assert seen is not None and "Take these 3 figures over" in preview.text
    assert manager.post(f"{sent.location}/accept", data={"seen": "old"}).status_code == 409
    assert manager.post(f"{sent.location}/accept", data={"seen": seen[1]}).status_code == 303
    overview = words(manager.get(BASE).text)
    assert "Some Maker, 2023 Report 2023" in overview
    with reading(engine) as session:
        frame = session.scalars(select(Frame).where(Frame.subject == "Some Maker")).one()
    page = words(manager.get(f"{BASE}/{frame.id}").text)
    assert "These are figures another company published, not ours" in page
    assert "33 30 3 ±1.5 Does not agree" in page
    assert f'href="{BASE}/{frame.id}"' not in manager.get(f"{BASE}/target").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Say whose figures these are"),
        ({"whose": "example", "subject": "", "source": ""}, "Say who published these figures."),
        ({"whose": "own", "file": (b"", "e.csv")}, "empty"),
        ({"whose": "own", "file": (b"%PDF-1.4", "e.csv")}, "e.csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_at_its_field(
    manager: FlaskClient, form: dict[str, object], said: str
) -> None:
    if isinstance(form.get("file"), tuple):
        data, name = form["file"]  # type: ignore[misc]
        form = form | {"file": (io.BytesIO(data), name)}
    answer = manager.post(f"{BASE}/files", data=form)
    assert answer.status_code == 422
    assert said in answer.text


def test_problems_of_rows_are_told_by_cell_and_nothing_is_stored(
    manager: FlaskClient, engine: Engine
) -> None:
    rows = 'year,item,value,unit,source\n2024,category_4,"28,4",kg,p. 3\n'
    sent = manager.post(f"{BASE}/files", data={"whose": "own", "file": (io.BytesIO(rows.encode()), "f.csv")})
    page = words(manager.get(sent.location).text)
    assert "2 problems: nothing was stored" in page
    assert "C2: write a plain number such as 1200.5" in page
    assert manager.post(f"{sent.location}/accept", data={"seen": ""}).status_code == 422
    assert "category_4" not in figures(engine)


def test_statements_need_their_facts(manager: FlaskClient) -> None:
    given = {
        "covers": "scope1",
        "standard": "ISO 14064-3",
        "level": "limited",
        "verifier": "B",
        "number": "",
        "issued_on": "2026-05-13",
    }
    assert manager.post(f"{BASE}/1/statements", data=given | {"level": "high"}).status_code == 422
    wrong = manager.post(f"{BASE}/1/statements", data=given | {"file": (io.BytesIO(b"MZ"), "s.pdf")})
    assert wrong.status_code == 422
    right = given | {"file": (io.BytesIO(pdf_bytes()), "s.pdf"), "number": "N-77"}
    assert manager.post(f"{BASE}/1/statements", data=right).status_code == 303
    assert "N-77" in manager.get(f"{BASE}/1").text


def test_the_target_page_says_where_we_stand_and_draws_it(manager: FlaskClient) -> None:
    page = manager.get(f"{BASE}/target")
    said = words(page.text)
    assert re.search(r"[\d.]+ % below the path in 2024\.", said)
    assert "With “A fifth less glass” as well" in said
    assert page.text.count('stroke-dasharray="9 4 2 4"') > 5
    assert "Actual, with the estimate" in re.search(r"<desc[^>]*>(.*?)</desc>", page.text, re.S)[1]  # type: ignore[index]
    without = manager.get(f"{BASE}/target?what_if=none")
    assert "9 4 2 4" not in without.text
    assert manager.get(f"{BASE}/target?what_if=999").status_code == 200


def test_setting_the_target_keeps_versions_and_refuses_what_cannot_be(manager: FlaskClient) -> None:
    assert manager.get(f"{BASE}/target/set").status_code == 200
    late = manager.post(f"{BASE}/target/set", data=TARGET | {"base": "0"})
    assert late.status_code == 409 and "Manager Person set the target" in late.text
    bad = manager.post(
        f"{BASE}/target/set", data=TARGET | {"base": "1", "reduction": "100", "path": "constant_rate"}
    )
    assert bad.status_code == 422 and "A constant yearly rate never reaches zero" in bad.text
    good = manager.post(f"{BASE}/target/set", data=TARGET | {"base": "1", "path": "constant_rate"})
    assert good.status_code == 303
    assert "Constant rate: 8.82" in manager.get(f"{BASE}/target").text


WHAT_IF = {
    "name": "Granular", "from_year": "2028", "estimate": "1", "switch-anchor": "PVE-POLY-FBR MEE-PCF-CN-2024",
    "promise-1-bought": "S-001|polysilicon", "promise-1-value": "20.5", "promise-1-unit": "kg", "promise-1-source": "Letter",
    "cut-2-material": "glass", "cut-2-percent": "10",
}  # fmt: skip


def test_a_what_if_is_tried_then_saved(manager: FlaskClient, engine: Engine) -> None:
    assert (
        "Grey Silicon (invented), Polysilicon: 41.59 kgCO₂e/kg today"
        in manager.get(f"{BASE}/what-ifs/new").text
    )
    tried = manager.post(f"{BASE}/what-ifs/try", data=WHAT_IF)
    assert tried.status_code == 200 and "Nothing is stored yet." in tried.text
    assert "no tonne is counted twice" in tried.text
    with reading(engine) as session:
        assert len(session.scalars(select(WhatIf)).all()) == 1
    saved = manager.post(f"{BASE}/what-ifs", data=WHAT_IF)
    assert saved.status_code == 303
    page = words(manager.get(saved.location).text)
    assert "33 kWh/kg × 0.5777 kgCO2e/kWh" in page
    assert "Anchor, not a supplier" in page
    assert manager.post(f"{saved.location}/remove").status_code == 303
    assert manager.get(saved.location).status_code == 404


def test_units_of_a_what_if_stand_in_the_readers_words(
    app: Flask, manager: FlaskClient, session: Session
) -> None:
    chinese = make_staff(session, "manager", email="zh@buyer.example", locale="zh")
    session.commit()
    typed = WHAT_IF | {"promise-1-unit": "piece"}
    for client, offered, each in (
        (manager, ("m²", "pieces"), "kgCO₂e/piece"),
        (signed_in(app, chinese), ("m²", "件"), "kgCO₂e/件"),
    ):
        tried = client.post(f"{BASE}/what-ifs/try", data=typed).text
        assert f'<option value="m2">{offered[0]}</option>' in tried
        assert f'<option value="piece" selected>{offered[1]}</option>' in tried
        assert each in tried


def test_every_problem_of_a_what_if_stands_at_its_field(manager: FlaskClient) -> None:
    wrong = WHAT_IF | {
        "name": "",
        "promise-1-value": "28,4",
        "cut-2-percent": "101",
        "switch-anchor": "made up",
    }
    answer = manager.post(f"{BASE}/what-ifs", data=wrong)
    assert answer.status_code == 422
    for field in ("name", "promise-1-value", "cut-2-percent", "switch-anchor"):
        assert f'<a href="#{field}">' in answer.text
        assert f'id="{field}-error-1"' in answer.text
    assert 'value="28,4"' in answer.text
    assert manager.post(f"{BASE}/what-ifs", data=WHAT_IF | {"estimate": "99"}).status_code == 422


def test_exports_carry_units_and_cannot_run(manager: FlaskClient) -> None:
    manager.post(
        f"{BASE}/1/figures/category_2",
        data={"value": "5", "unit": "ktCO2e", "source": "=HYPERLINK(1)", "note": "", "base": "0"},
    )
    rows = list(csv.DictReader(io.StringIO(manager.get(f"{BASE}/1/inventory.csv").data.decode("utf-8-sig"))))
    found = {row["Key"]: row for row in rows}
    assert (found["category_2"]["Value"], found["category_2"]["Unit"]) == ("5000", "tCO₂e")
    assert (found["category_2"]["As written"], found["category_2"]["Unit as written"]) == ("5", "ktCO2e")
    assert found["category_2"]["Source"] == "'=HYPERLINK(1)"
    assert (found["production"]["Unit"], found["category_1"]["Origin"]) == ("MWp", "From an estimate")
    path = list(csv.DictReader(io.StringIO(manager.get(f"{BASE}/target/path.csv").data.decode("utf-8-sig"))))
    assert [row["Year"] for row in path] == [str(year) for year in range(2023, 2035)]
    assert path[-1]["Target path (tCO₂e/MWp)"] == "145.7412"
    for url in (f"{BASE}/1/inventory.xlsx", f"{BASE}/target/path.xlsx", f"{BASE}/files/template.xlsx"):
        assert manager.get(url).data[:2] == b"PK"


def test_the_purchasing_review_carries_the_path(
    manager: FlaskClient, session: Session, engine: Engine
) -> None:
    found = open_round(
        session, actor_of(session.scalars(select(User)).one()), name="R", questionnaire="sustainability/2026.1",
        period_start=date(2024, 1, 1), period_end=date(2024, 12, 31), deadline_on=date(2026, 12, 31), now=NOW,
    )  # fmt: skip
    session.commit()
    form = {"round": str(found.id), "estimate": "none", "language": "en"}
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(manager.post("/staff/exports/purchasing-review.xlsx", data=form).data)
    )
    rows = book.get_sheet_by_name("Target path").to_python()
    assert rows[0][:2] == ["Year", "Category 1 (tCO₂e)"]
    assert [row[0] for row in rows[1:]] == [float(year) for year in range(2023, 2035)]


def test_claims_show_what_they_imply(manager: FlaskClient) -> None:
    page = words(manager.get(f"{BASE}/claims").text).replace("\u202f", " ")
    assert "18.0" in page and "21 428.6" in page
    assert "one tree is worth 1 188 times as much" in page
    asked = words(manager.get(f"{BASE}/claims?tonnes=100&trees=4000").text)
    assert "It gives every tree 25.00 kg" in asked
    assert "Write plain numbers above zero" in manager.get(f"{BASE}/claims?tonnes=0&trees=x").text


def test_analysts_look_and_do_not_write(
    app: Flask, manager: FlaskClient, session: Session, engine: Engine
) -> None:
    user = make_staff(session, "analyst", locale="zh")
    session.commit()
    analyst = signed_in(app, user)
    page = analyst.get(f"{BASE}/1")
    assert page.status_code == 200 and "添加核查声明" not in page.text
    assert "低于路径" in words(analyst.get(f"{BASE}/target").text)
    assert analyst.post(f"{BASE}/1/figures/scope1", data={}).status_code == 404
    with reading(engine) as opened:
        assert len(history_of(opened, 1, "scope1")) == 1
