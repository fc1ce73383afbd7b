"""Category 1 in the browser: load a ledger, run, look from the total down to a line; bad ledgers; who may see it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.settings import Settings
from portal.store.engine import reading
from portal.store.estimates import Estimate, Ledger, all_estimates, all_ledgers
from portal.store.ledgers import waiting_intakes
from portal.store.people import User
from portal.web.context import Site
from tests.conftest import Prepared
from tests.make.clock import Clock
from tests.make.intakes import place_of, work_off
from tests.make.pages import without_tokens
from tests.make.people import make_member, make_staff, make_supplier, signed_in
from tests.make.purchases import HEADER, LINES, ledger_bytes, make_footprint, make_inventory


@pytest.fixture
def analyst(app: Flask, prepared: Prepared, request: pytest.FixtureRequest) -> FlaskClient:
    """An analyst's browser over a small register, and over a run of it for whoever asks for the estimate too."""
    return signed_in(app, prepared.lay(app, make_run if "estimate" in request.fixturenames else make_analyst))


@pytest.fixture
def estimate(analyst: FlaskClient, engine: Engine) -> Estimate:
    """The estimate of 2024 that was run in the browser."""
    return estimates(engine)[0]


def make_analyst(app: Flask, session: Session) -> User:
    """An analyst; three suppliers, one footprint and one inventory on the register."""
    glass = make_supplier(session, "S-001")
    silicon = make_supplier(session, "S-002", name="Far Silicon (invented)", materials=("polysilicon",))
    make_supplier(session, "S-003", name="Straight Frames (invented)", materials=("aluminium_frame",))
    lead = make_member(session, glass)
    make_footprint(session, glass, lead)
    make_inventory(session, silicon, make_member(session, silicon))
    user = make_staff(session, "analyst")
    session.commit()
    return user


def make_run(app: Flask, session: Session) -> User:
    """The same, a ledger loaded and its estimate run, all in the browser."""
    user = make_analyst(app, session)
    run(signed_in(app, user), app.extensions["upstream"].engine)
    return user


def work(client: FlaskClient) -> None:
    """Do the jobs the pages asked for."""
    site: Site = client.application.extensions["upstream"]
    work_off(place_of(site.engine, site.vault, site.settings, site.clock))


def load(client: FlaskClient, data: bytes, name: str = "ledger.csv") -> TestResponse:
    """Upload a ledger in our own form and accept it."""
    answer = client.post("/staff/category-1/ledgers", data={"file": (io.BytesIO(data), name)})
    if answer.status_code != 303:
        return answer
    work(client)
    with reading(client.application.extensions["upstream"].engine) as session:
        intake = waiting_intakes(session)[0]
    return client.post(f"/staff/category-1/intakes/{intake.id}/accept")


def ask(client: FlaskClient, source: str) -> TestResponse:
    """Ask for an estimate, do it, and follow to where it leads."""
    answer = client.post("/staff/category-1/run", data={"source": source})
    if answer.status_code != 303:
        return answer
    work(client)
    return client.get(answer.location, follow_redirects=True)


def ledgers(engine: Engine) -> list[Ledger]:
    with reading(engine) as session:
        return all_ledgers(session)


def estimates(engine: Engine) -> list[Estimate]:
    with reading(engine) as session:
        return all_estimates(session)


def run_newest(client: FlaskClient, engine: Engine, year: int = 2024) -> Estimate:
    answer = ask(client, f"{ledgers(engine)[0].id}:{year}")
    assert answer.status_code == 200
    return estimates(engine)[0]


def run(client: FlaskClient, engine: Engine) -> Estimate:
    assert load(client, ledger_bytes()).status_code == 303
    return run_newest(client, engine)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements the engine runs meanwhile."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_an_empty_room_says_what_comes_first(analyst: FlaskClient) -> None:
    page = analyst.get("/staff/category-1")
    assert page.status_code == 200
    assert "Load a purchase ledger first" in page.text
    assert "line_id" in page.text


def test_a_ledger_is_loaded_and_its_years_are_offered(analyst: FlaskClient, engine: Engine) -> None:
    answer = load(analyst, ledger_bytes())
    assert answer.status_code == 303
    ledger = ledgers(engine)[0]
    assert (ledger.lines, ledger.years) == (7, {"2023": 1, "2024": 6})
    page = analyst.get("/staff/category-1").text
    assert f'value="{ledger.id}:2024"' in page
    assert f'value="{ledger.id}:2023"' in page
    assert analyst.get(f"/staff/category-1/ledgers/{ledger.id}.csv").data == ledger_bytes()


def test_the_template_has_the_documented_columns(analyst: FlaskClient) -> None:
    assert analyst.get("/staff/category-1/ledger-template.csv").text == HEADER + "\n"


def raw_upload(client: FlaskClient, data: bytes) -> TestResponse:
    """A large file as the bytes a browser sends; the client's own form would leave a temporary file open."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="ledger.csv"\r\n\r\n'
    return client.post(
        "/staff/category-1/ledgers",
        data=head + data + b"\r\n--b--\r\n",
        content_type="multipart/form-data; boundary=b",
    )


def test_no_file_and_a_file_over_the_limit_are_refused_in_words(
    settings: Settings, clock: Clock, session: Session, engine: Engine
) -> None:
    user = make_staff(session, "analyst")
    session.commit()
    small = create_app(replace(settings, ledger_limit=2 * 1024 * 1024), clock)
    small.config["WTF_CSRF_ENABLED"] = False
    analyst = signed_in(small, user)
    assert "Choose the file to load" in analyst.post("/staff/category-1/ledgers", data={}).text
    answer = raw_upload(analyst, b"a,b\n" + b"x" * 2 * 1024 * 1024)
    assert answer.status_code == 422
    assert "2 MB" in words(answer.text)
    answer = raw_upload(analyst, b"x" * 4 * 1024 * 1024)
    assert answer.status_code == 413
    assert len(ledgers(engine)) == 0
    small.extensions["upstream"].engine.dispose()


def test_an_estimate_shows_the_stored_figures(analyst: FlaskClient, estimate: Estimate) -> None:
    summary = estimate.summary
    methods = summary["by_method"]
    # 1000 m2 × 8.4 kg/m2 by the footprint; 2000 kg of 100 t, 5000 t emitted, by the inventory.
    assert Decimal(methods["supplier_specific"]["tco2e"]) == Decimal("8.4")
    assert Decimal(methods["hybrid"]["tco2e"]) == Decimal(100)
    assert [methods[m]["lines"] for m in methods] == [1, 1, 2, 1]
    assert summary["unreached"]["lines"] == 1
    page = analyst.get(f"/staff/category-1/{estimate.id}")
    text = words(page.text)
    assert f"{Decimal(summary['total_tco2e']):.1f}" in text.replace("\u202f", "")
    for low_or_high in summary["interval_95"]:
        assert f"{Decimal(low_or_high):.1f}" in text.replace("\u202f", "")
    assert "1 line has no tonnes" in text
    assert "L5" in text
    assert "2023: 1 line" in text
    run_page = analyst.get(f"/staff/category-1/{estimate.id}/run").text
    assert summary["inputs"]["ledger.csv"].removeprefix("sha256:") in run_page
    assert "Open Government Licence" in text
    assert "GHG Protocol data quality" in text
    assert page.text.count('<svg xmlns="http://www.w3.org/2000/svg" class="bars"') == 3
    assert "Clearlake Glass (invented)" in text


def test_the_same_inputs_give_the_same_run(analyst: FlaskClient, engine: Engine, estimate: Estimate) -> None:
    answer = ask(analyst, f"{estimate.ledger_id}:2024")
    assert "Same inputs, same result" in answer.text
    assert answer.request.path == f"/staff/category-1/{estimate.id}"
    assert len(estimates(engine)) == 1


def test_a_new_footprint_makes_a_new_run(
    analyst: FlaskClient, session: Session, engine: Engine, estimate: Estimate
) -> None:
    glass = ledgers(engine)[0]
    supplier = make_supplier(session, "S-009", name="New (invented)")
    make_footprint(session, supplier, make_member(session, supplier))
    session.commit()
    ask(analyst, f"{glass.id}:2024")
    runs = estimates(engine)[::-1]
    assert len(runs) == 2
    assert runs[0].run == estimate.run != runs[1].run
    # Both suppliers call their footprint PCF-1: each source is told apart by the supplier's code.
    lines = analyst.get(f"/staff/category-1/{runs[1].id}/lines.csv").text
    assert "S-001/PCF-1" in lines
    page = without_tokens(analyst.get(f"/staff/category-1/{runs[1].id}/line?id=L1").text)
    assert page.count("B7") == 1


@pytest.mark.parametrize("source", ["", "x", "999:2024", "1:1999", "-1:2024", "9" * 40 + ":2024"])
def test_a_run_of_nothing_is_refused_in_words(analyst: FlaskClient, source: str, engine: Engine) -> None:
    load(analyst, ledger_bytes())
    answer = ask(analyst, source)
    assert answer.status_code == 422
    assert "Please check" in answer.text
    assert len(estimates(engine)) == 0


def test_a_year_without_exchange_rates_is_refused_with_its_lines(
    analyst: FlaskClient, engine: Engine
) -> None:
    load(analyst, ledger_bytes("L1,1999-03-01,S-001,,glass,,,9,CNY,CN,,"))
    ledger = ledgers(engine)[0]
    answer = ask(analyst, f"{ledger.id}:1999")
    assert "nothing was stored" in answer.text
    assert "line 2, currency" in words(answer.text)


def test_lines_are_filtered_sorted_and_lead_to_their_source(analyst: FlaskClient, estimate: Estimate) -> None:
    base = f"/staff/category-1/{estimate.id}"
    every = words(analyst.get(f"{base}/lines").text)
    assert "6 lines" in every
    assert every.index("L2 Far Silicon") < every.index("L1 Clearlake")
    frames = words(analyst.get(f"{base}/lines?material=aluminium_frame").text)
    assert "2 lines" in frames
    assert "Suppliers of this material" in frames
    assert "1 line" in words(analyst.get(f"{base}/lines?method=unreached").text)
    assert "1 line" in words(analyst.get(f"{base}/lines?material=~").text)
    assert analyst.get(f"{base}/lines?page=99&sort=nonsense&method=nonsense").status_code == 200
    assert "No line fits" in analyst.get(f"{base}/lines?supplier=S-777").text
    own = words(analyst.get(f"{base}/line?id=L1").text)
    assert "glass.xlsx" in own
    assert "B7" in own
    assert "8.4" in own
    assert "ledger.csv, line 2" in own
    shared = words(analyst.get(f"{base}/line?id=L2").text)
    assert "inventory.xlsx" in shared
    assert "C4" in shared
    factor = words(analyst.get(f"{base}/line?id=L3").text)
    assert "Licence" in factor
    assert analyst.get(f"{base}/line?id=L7").status_code == 404
    assert analyst.get(f"{base}/line?id=").status_code == 404


def summed(page: str) -> tuple[list[tuple[str, Decimal]], Decimal]:
    """The signs and figures of a line's sum as shown, and the result shown below them."""
    rows = re.findall(r'<td class="sign">(.?)</td><td class="num">(?:<strong>)?([^<]+)<', page)
    *terms, (sign, result) = [
        (sign, Decimal(text.replace("\u202f", "").replace("−", "-"))) for sign, text in rows
    ]
    assert sign == "="
    return terms, result


@pytest.mark.parametrize(
    "line",
    [
        "L1,2024-03-01,S-001,GLASS-32,glass,1000,m2,9000,CNY,CN,,own footprint",
        "L1,2024-03-02,S-002,,polysilicon,2,t,100000,CNY,CN,,allocated by quantity",
        "L1,2024-03-02,S-002,,,,,100000,EUR,CN,,allocated by revenue in another currency",
        "L1,2024-03-03,S-003,,aluminium_frame,0.5,t,12000,CNY,CN,,average factor",
        "L1,2024-03-04,S-003,,,,,5000,CNY,CN,331318,factor per money",
        "L1,2024-03-06,S-003,,aluminium_frame,-100,kg,-2400,CNY,CN,,credit note",
    ],
)
def test_a_line_shows_the_whole_sum(analyst: FlaskClient, engine: Engine, line: str) -> None:
    load(analyst, ledger_bytes(line))
    estimate = run_newest(analyst, engine)
    page = analyst.get(f"/staff/category-1/{estimate.id}/line?id=L1").text
    terms, result = summed(page)
    assert len(terms) >= 2
    product = Decimal(1)
    for sign, figure in terms:
        product = product / figure if sign == "÷" else product * figure
    assert abs(product - result) < Decimal("0.00001")
    assert abs(result - Decimal(estimate.summary["total_tco2e"]) * 1000) < Decimal("0.001")


def test_downloads_hold_the_figures_of_the_page(analyst: FlaskClient, estimate: Estimate) -> None:
    base = f"/staff/category-1/{estimate.id}"
    assert json.loads(analyst.get(f"{base}/estimate.json").data) == estimate.summary
    answer = analyst.get(f"{base}/lines.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["line_id"] for row in rows] == ["L1", "L2", "L3", "L4", "L5", "L6"]
    total = sum((Decimal(row["kgco2e"]) for row in rows if row["kgco2e"]), Decimal(0))
    assert f"{total / 1000:.6f}" == estimate.summary["total_tco2e"]


def test_formulas_in_a_ledger_are_neutralised_on_the_way_out(analyst: FlaskClient, engine: Engine) -> None:
    load(analyst, ledger_bytes("=1+1,2024-03-01,+S-001,,@glass,1,kg,,,CN,,"))
    ledger = ledgers(engine)[0]
    ask(analyst, f"{ledger.id}:2024")
    estimate = estimates(engine)[0]
    row = list(csv.reader(io.StringIO(analyst.get(f"/staff/category-1/{estimate.id}/lines.csv").text)))[1]
    assert row[:3] == ["'=1+1", "'+S-001", "'@glass"]
    page = analyst.get(f"/staff/category-1/{estimate.id}/line?id==1%2B1")
    assert page.status_code == 200


def test_markup_in_a_ledger_stays_text(analyst: FlaskClient, engine: Engine) -> None:
    load(analyst, ledger_bytes("<b>L1,2024-03-01,<script>x,,<i>glass,1,kg,10,USD,CN,331318,"))
    ledger = ledgers(engine)[0]
    ask(analyst, f"{ledger.id}:2024")
    estimate = estimates(engine)[0]
    for path in ("", "/lines", "/line?id=<b>L1"):
        text = analyst.get(f"/staff/category-1/{estimate.id}{path}").text
        assert "<script>x" not in text
        assert "<i>glass" not in text


def test_pages_speak_chinese(app: Flask, session: Session, estimate: Estimate) -> None:
    reader = make_staff(session, "manager", locale="zh")
    session.commit()
    client = signed_in(app, reader)
    assert "采购台账" in client.get("/staff/category-1").text
    page = client.get(f"/staff/category-1/{estimate.id}").text
    assert "供应商" in page
    for english in ("Lines counted", "By material", "tonnes rest on", "Factors used", "Show the figures"):
        assert english not in page


def test_suppliers_and_strangers_find_nothing(
    app: Flask, analyst: FlaskClient, session: Session, client: FlaskClient, estimate: Estimate
) -> None:
    supplier = make_supplier(session, "S-010", name="Other (invented)")
    people = [make_member(session, supplier, role) for role in ("lead", "contributor")]
    session.commit()
    paths = [
        "",
        "/ledger-template.csv",
        f"/{estimate.id}",
        f"/{estimate.id}/lines",
        f"/{estimate.id}/line?id=L1",
    ]
    paths += [
        f"/{estimate.id}/lines.csv",
        f"/{estimate.id}/estimate.json",
        f"/ledgers/{estimate.ledger_id}.csv",
    ]
    for browser in (client, *(signed_in(app, person) for person in people)):
        for path in paths:
            assert browser.get(f"/staff/category-1{path}").status_code == 404, path
        assert load(browser, ledger_bytes()).status_code == 404
        assert browser.post("/staff/category-1/run", data={"source": "1:2024"}).status_code == 404
    for number in ("999", "9" * 30):
        assert analyst.get(f"/staff/category-1/{number}").status_code == 404
    assert analyst.get("/staff/category-1/ledgers/999.csv").status_code == 404


def test_pages_cost_the_same_number_of_queries(
    analyst: FlaskClient, session: Session, engine: Engine, estimate: Estimate
) -> None:
    paths = ["", f"/{estimate.id}", f"/{estimate.id}/lines"]
    before = []
    for path in paths:
        with counted(engine) as seen:
            analyst.get(f"/staff/category-1{path}")
        before.append(len(seen))
    for number in range(100, 130):
        make_supplier(session, f"S-{number}", name=f"More {number} (invented)")
    session.commit()
    load(analyst, ledger_bytes(LINES[0]), "second.csv")
    run_newest(analyst, engine)
    for path, cost in zip(paths, before, strict=True):
        with counted(engine) as seen:
            analyst.get(f"/staff/category-1{path}")
        assert len(seen) == cost, path
