"""The pages behind a total: from material to line and file, quality, whom to ask, what changed, the run made again."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.carbon.comparing import EFFECTS
from portal.operations.estimates import estimate_ledger
from portal.operations.ledgers import load_ledger
from portal.operations.work_kinds import KINDS
from portal.operations.working import Place, work_on
from portal.store.engine import reading, writing
from portal.store.estimates import Estimate
from portal.store.jobs import newest_job
from portal.store.people import User
from portal.web.context import Site
from portal.web.staff.pages_estimates import result_of
from tests.conftest import NOW, portal_on, settings_in
from tests.make.clock import Clock
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in
from tests.make.purchases import LINES, ledger_stream, make_footprint, make_inventory

LAST_YEAR = tuple(
    line.replace("2024-", "2023-").replace("L", "K", 1)
    for line in (*LINES[:3], "L8,2024-05-01,S-010,,glass,50,kg,,,CN,,someone no longer bought from")
)


@dataclass(frozen=True)
class Desk:
    client: FlaskClient
    app: Flask
    first: int
    second: int


@pytest.fixture(scope="module")
def desk(built_app: Flask, tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Desk]:
    """An analyst's browser, a run of 2023 and one of 2024 over a small register; nothing here changes them."""
    folder = tmp_path_factory.mktemp("analysis")
    shutil.copy(migrated_file, folder / "upstream.db")
    with portal_on(built_app, settings_in(folder), Clock(NOW)) as app:
        user, runs = _two_years(app.extensions["upstream"])
        yield Desk(signed_in(app, user), app, *runs)


def _two_years(site: Site) -> tuple[User, list[int]]:
    """A run of each year, and the analyst who made them."""
    found = []
    with writing(site.engine) as session:
        glass = make_supplier(session, "S-001")
        silicon = make_supplier(session, "S-002", name="Far Silicon (invented)", materials=("polysilicon",))
        make_supplier(session, "S-003", name="Straight <Frames> (invented)", materials=("aluminium_frame",))
        make_footprint(session, glass, make_member(session, glass))
        make_inventory(session, silicon, make_member(session, silicon))
        user = make_staff(session, "analyst")
        person = actor_of(user)
        for year, lines in ((2023, LAST_YEAR), (2024, LINES)):
            ledger, _ = load_ledger(
                session, person, ledger_stream(*lines), name=f"bought-{year}.csv", vault=site.vault, now=NOW
            )
            run, _ = estimate_ledger(
                session, person, ledger_id=ledger.id, year=year, vault=site.vault, now=NOW
            )
            found.append(run.id)
        session.commit()
    return user, found


def words(html: str) -> str:
    """The text of a page in one line, with plain spaces in numbers."""
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2212", "-")


def page(desk: Desk, path: str) -> str:
    answer = desk.client.get(f"/staff/category-1/{path}")
    assert answer.status_code == 200, answer.text[:400]
    return answer.text


def estimate(desk: Desk, number: int) -> Estimate:
    with reading(desk.app.extensions["upstream"].engine) as session:
        return session.get_one(Estimate, number)


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_person_clicks_from_the_total_down_to_the_suppliers_file(desk: Desk) -> None:
    top = page(desk, str(desk.second))
    assert f"/staff/category-1/{desk.second}/lines?material=glass" in top
    material = page(desk, f"{desk.second}/lines?material=glass")
    assert "material=glass&amp;supplier=S-001" in material
    supplier = page(desk, f"{desk.second}/lines?material=glass&supplier=S-001")
    assert "PCF-1" in supplier
    assert "Clearlake Glass (invented)" in words(supplier)
    line = page(desk, f"{desk.second}/line?id=L1")
    assert "glass.xlsx" in line
    assert "B7" in line
    assert f"/staff/category-1/{desk.second}/line/file?id=L1" in line
    assert "lines?material=glass&amp;supplier=S-001" in line


def test_each_level_shows_tonnes_share_lines_spend_quality_and_interval(desk: Desk) -> None:
    said = words(page(desk, f"{desk.second}/lines?supplier=S-003"))
    for head in (
        "tCO 2 e",
        "Share, %",
        "95 % interval",
        "Lines",
        "Spend, USD",
        "Primary data, %",
        "Grade, 1–4",
    ):
        assert head in said
    assert "Straight &lt;Frames&gt;" in said
    assert "3 lines" in said


def test_a_line_says_what_would_improve_it(desk: Desk) -> None:
    said = words(page(desk, f"{desk.second}/line?id=L3"))
    assert "Name the product in the ledger (product_id) and ask Straight &lt;Frames&gt; (invented)" in said
    assert re.search(r"Its spread would fall from 0\.\d+ to 0\.0535", said)
    assert "Nothing for now" in words(page(desk, f"{desk.second}/line?id=L1"))
    assert "Give the sector of the line" in words(page(desk, f"{desk.second}/line?id=L5"))


def test_the_suppliers_file_is_handed_out_only_where_a_figure_of_the_run_was_read_from_it(desk: Desk) -> None:
    base = f"/staff/category-1/{desk.second}/line/file"
    assert desk.client.get(f"{base}?id=L3").status_code == 404
    assert desk.client.get(f"{base}?id=no-such-line").status_code == 404
    assert desk.client.get(base).status_code == 404


def test_a_part_without_lines_is_told_calmly(desk: Desk) -> None:
    assert "No line fits this filter" in page(desk, f"{desk.second}/lines?material=unheard&supplier=S-999")


def test_quality_names_its_scales_and_the_simulation_agrees(desk: Desk) -> None:
    said = words(page(desk, f"{desk.second}/quality"))
    summary = estimate(desk, desk.second).summary
    assert f"{Decimal(summary['primary_data_share']):.1f} %" in said
    assert "they agree" in said
    assert "seed 20260115, 10 000 draws" in said
    assert "Pedigree table of the GHG Protocol" in said
    assert said == words(page(desk, f"{desk.second}/quality"))


def test_whom_to_ask_comes_with_worth_cost_and_standing(desk: Desk) -> None:
    text = page(desk, f"{desk.second}/ask")
    said = words(text)
    assert "would narrow the interval by" in said
    assert "Not in the portal yet." not in said  # the only stranger's line was not reached
    assert "1 line has no tonnes yet" in said
    rows = rows_of(desk.client.get(f"/staff/category-1/{desk.second}/ask.csv").data)
    gains = [Decimal(row["Narrowing (tCO2e)"]) for row in rows]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] > 0
    assert "S-001" not in {row["Supplier code"] for row in rows}  # its footprint is verified
    for row in rows:
        assert Decimal(row["Width before (tCO2e)"]) - Decimal(row["Width after (tCO2e)"]) == pytest.approx(
            Decimal(row["Narrowing (tCO2e)"]), abs=Decimal("0.000002")
        )


def test_the_change_between_two_runs_adds_up_on_the_page_and_in_the_file(desk: Desk) -> None:
    said = words(page(desk, "compare"))
    assert "From, 2023" in said
    assert "To, 2024" in said
    data = desk.client.get(f"/staff/category-1/compare/{desk.first}/{desk.second}/changes.csv").data
    rows = rows_of(data)
    numbers = [[Decimal(value) for name, value in row.items() if name.endswith("(kgCO2e)")] for row in rows]
    for before, after, *effects in numbers:
        assert len(effects) == len(EFFECTS)
        assert sum(effects) == after - before
    totals = [Decimal(estimate(desk, n).summary["total_tco2e"]) * 1000 for n in (desk.first, desk.second)]
    assert abs(sum(row[0] for row in numbers) - totals[0]) < Decimal("0.001")
    assert abs(sum(row[1] for row in numbers) - totals[1]) < Decimal("0.001")
    back = rows_of(desk.client.get(f"/staff/category-1/compare/{desk.second}/{desk.first}/changes.csv").data)
    total = {name: sum(Decimal(row[name]) for row in rows) for name in rows[0] if "(kgCO2e)" in name}
    turned = {name: sum(Decimal(row[name]) for row in back) for name in back[0] if "(kgCO2e)" in name}
    assert turned["Volume (kgCO2e)"] == -total["Volume (kgCO2e)"]
    assert (
        turned["Suppliers newly bought from (kgCO2e)"] == -total["Suppliers no longer bought from (kgCO2e)"]
    )


def test_the_pages_of_a_run_speak_chinese(desk: Desk) -> None:
    with writing(desk.app.extensions["upstream"].engine) as session:
        reader = make_staff(session, "manager", locale="zh")
        session.commit()
        client = signed_in(desk.app, reader)
    compared = words(client.get("/staff/category-1/compare").text)
    for word in ("前一次", "后一次", "变化", "不再采购的供应商"):
        assert word in compared, word
    for word in ("实施前", "实施后", "修改", "新供应商数"):  # words of measures, forms and rounds
        assert word not in compared, word


def test_a_warning_of_a_run_names_materials_as_people_do(desk: Desk) -> None:
    told = {
        "code": "mappings_unconfirmed",
        "where": "",
        "values": {"materials": "glass, silver_paste", "count": "2"},
    }
    gone = {"code": "mapping_factor_gone", "where": "silver_paste", "values": {"factors": "X-1"}}
    summary = {**estimate(desk, desk.second).summary, "warnings": [told, gone]}
    run = Estimate(id=1, run="r", year=2024, summary=summary)
    english, chinese = (
        [said.text for said in result_of(run, {}, tongue).warnings] for tongue in ("en", "zh")
    )
    assert ": glass, silver paste." in english[0]
    assert english[1].startswith("Silver paste: ")
    assert "玻璃、银浆" in chinese[0]
    assert chinese[1].startswith("银浆")


def test_a_run_beside_itself_does_not_differ(desk: Desk) -> None:
    said = words(page(desk, f"compare?from={desk.second}&to={desk.second}"))
    assert "The two estimates do not differ." in said
    for address in ("compare?from=99999", "compare?to=abc"):
        assert desk.client.get(f"/staff/category-1/{address}").status_code == 404


def test_a_run_is_made_again_on_demand_and_the_page_says_what_came_out(desk: Desk) -> None:
    path = f"{desk.second}/run"
    assert "have it made once more" in words(page(desk, path))
    assert desk.client.post(f"/staff/category-1/{desk.second}/check").status_code == 303
    assert "being made again" in words(page(desk, path))
    site = desk.app.extensions["upstream"]
    with reading(site.engine) as session:
        job = newest_job(session, desk.second, "estimate_check")
    assert job is not None
    assert work_on(Place(site.engine, site.vault, site.settings, site.clock), job.id, KINDS)
    said = words(page(desk, path))
    assert "every file came out the same, bit for bit" in said
    assert "Analyst Person" in said


def test_the_inputs_of_a_run_can_be_taken_along(desk: Desk) -> None:
    said = page(desk, f"{desk.second}/run")
    for digest in estimate(desk, desk.second).summary["inputs"].values():
        assert digest.removeprefix("sha256:") in said
    base = f"/staff/category-1/{desk.second}"
    (footprint,) = rows_of(desk.client.get(f"{base}/footprints.csv").data)
    assert (footprint["footprint_id"], footprint["pcf_kgco2e"], footprint["verified"]) == (
        "PCF-1",
        "8.4",
        "yes",
    )
    (inventory,) = rows_of(desk.client.get(f"{base}/inventories.csv").data)
    assert (inventory["supplier_id"], inventory["scope2_market_tco2e"]) == ("S-002", "3000")
    assert desk.client.get(f"{base}/people.csv").status_code == 404
    assert desk.client.get(f"{base}/lines.parquet").data[:4] == b"PAR1"
