"""A workbook of an assessment answered per site: whose rows are whose, and what changes while the file is away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.questionnaire.model import indicator
from portal.operations.answer_workbook import answer_book
from portal.operations.answering import Given, save_site_answer
from portal.operations.scoring import open_case
from portal.operations.workbook_imports import TakenOver, read_for, read_workbook, site_ids, take_over
from portal.operations.workbook_judging import with_closed
from portal.store.engine import writing
from portal.store.site_answers import AssessmentSite, SiteAnswer, SiteAnswerChange, site_answers_of
from tests.files.test_foreign_workbooks import saved_again
from tests.make.workbooks import address_of, filled, packed, parts, sheet_parts, written_at
from tests.operations.test_workbook_imports import NOW, Desk, desk_of


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return desk_of(session, tmp_path)


@pytest.fixture
def any_desk(any_engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    with writing(any_engine) as session:
        yield desk_of(session, tmp_path)


def sites_of(desk: Desk, *names: str) -> list[AssessmentSite]:
    """Let the assessment be answered for these sites."""
    rows = [
        AssessmentSite(
            assessment_id=desk.assessment.id, key=name.lower(), name=name, chosen_by_id=desk.lead.user_id, chosen_at=NOW
        )
        for name in names
    ]  # fmt: skip
    desk.session.add_all(rows)
    desk.session.flush()
    return rows


def leave_out(desk: Desk, *sites: AssessmentSite) -> None:
    for site in sites:
        site.included = False
    desk.session.flush()


def give_at(desk: Desk, site: AssessmentSite, code: str, raw: object, base: int = 0) -> SiteAnswer | None:
    return save_site_answer(
        desk.session, desk.colleague, assessment=desk.assessment, case=open_case(desk.session, desk.assessment),
        site_id=site.id, code=code, given=Given(raw, None, base), now=NOW,
    )  # fmt: skip


def groups(desk: Desk, data: bytes) -> dict[str, str]:
    case = open_case(desk.session, desk.assessment)
    return {one.key: one.group for one in with_closed(case, desk.judged(data).differences)}


def notes(desk: Desk, data: bytes) -> list[tuple[str, str]]:
    return [(note.code, note.where) for note in desk.judged(data).notes]


def take(desk: Desk, data: bytes, **seen: int) -> TakenOver:
    """Bring a file and take these row keys over; "_" stands for "-", "__" for "@"."""
    row = desk.brought(data)
    book = read_workbook(desk.session, desk.vault, row, open_case(desk.session, desk.assessment))
    wanted = {key.replace("__", "@").replace("_", "-"): version for key, version in seen.items()}
    sites = site_ids(open_case(desk.session, desk.assessment))
    return take_over(desk.session, desk.lead, row=row, book=book, wanted=wanted, sites_seen=sites, now=NOW)


def test_without_sites_the_file_is_the_one_it_was(desk: Desk) -> None:
    desk.answer("OHS-02", "3")
    before = desk.out("zh")
    sites = sites_of(desk, "North", "South")
    assert parts(desk.out("zh")) != parts(before)
    leave_out(desk, *sites)
    assert parts(desk.out("zh")) == parts(before)
    case = open_case(desk.session, desk.assessment)
    assert not [key for key in read_for(desk.session, case, before, "f").cells if "@" in key]


def test_a_site_that_left_is_told_and_its_rows_change_nothing(any_desk: Desk) -> None:
    desk = any_desk
    north, south, east = sites_of(desk, "North", "South", "East")
    give_at(desk, east, "OHS-02", "4")
    out = filled(
        desk.out(), {f"OHS-02@{north.id}": "#2", f"OHS-02@{east.id}": "#9", f"EMW-01@{east.id}": "#5"}
    )
    leave_out(desk, east)
    assert groups(desk, out) == {f"OHS-02@{north.id}": "new"}
    assert notes(desk, out) == [("workbook_site_gone", "East")]
    wanted = {f"OHS_02__{north.id}": 0, f"OHS_02__{east.id}": 1, f"EMW_01__{east.id}": 0}
    assert take(desk, out, **wanted).stored == (f"OHS-02@{north.id}",)
    east.included = True
    desk.session.flush()
    rows = site_answers_of(desk.session, desk.assessment.id).rows
    assert rows[north.id]["OHS-02"].origin == "imported" and not rows[south.id]
    assert {code: row.value for code, row in rows[east.id].items()} == {"OHS-02": "4"}


def test_rows_that_name_no_site_of_the_assessment_are_told_and_not_read(desk: Desk) -> None:
    north, _south = sites_of(desk, "North", "South")
    out = filled(desk.out(), {f"OHS-02@{north.id}": "#2"})
    sheet, cell = address_of(out, f"OHS-02@{north.id}")
    forged = written_at(out, {(sheet, "A" + cell.lstrip("E")): "OHS-02@4711"})
    assert groups(desk, forged) == {}
    assert notes(desk, forged) == [("workbook_rows_left_out", "OHS-02 North"), ("workbook_site_gone", "4711")]


def test_an_outcome_is_never_taken_for_an_answer(desk: Desk) -> None:
    """The line above the sites shows what comes of them; back at one answer for the company, nobody has given that."""
    sites = north, south = sites_of(desk, "North", "South")
    for site in sites:
        give_at(desk, site, "OHS-02", "2")
    out = desk.out()
    assert open_case(desk.session, desk.assessment).answers["OHS-02"] == 4
    give_at(desk, north, "OHS-02", "5", base=1)
    assert groups(desk, out) == {}
    leave_out(desk, *sites)
    assert groups(desk, out) == {}
    assert notes(desk, out) == [("workbook_site_gone", north.name), ("workbook_site_gone", south.name)]


def test_sites_chosen_while_the_file_is_away_are_told(desk: Desk) -> None:
    out = filled(desk.out(), {"OHS-02": "#3", "GOV-05": "#5"})
    sites_of(desk, "North", "South")
    assert groups(desk, out) == {"GOV-05": "new"}
    told = dict(notes(desk, out))
    assert list(told) == ["workbook_answered_per_site"] and "OHS-02" in told["workbook_answered_per_site"]
    later = desk.out()
    sites_of(desk, "West")
    assert notes(desk, later) == [("workbook_site_added", "West")]


def test_a_site_that_differs_has_a_row_of_its_own(any_desk: Desk) -> None:
    """Cleared, and the clearing confirmed, the company's answer holds at the site too."""
    desk = any_desk
    north, south = sites_of(desk, "North", "South")
    desk.answer("HRT-01", "public")
    give_at(desk, south, "HRT-01", "internal")
    key = f"HRT-01@{south.id}"
    out = desk.out("zh")
    case = open_case(desk.session, desk.assessment)
    book = read_for(desk.session, case, out, "f")
    assert address_of(out, key)[0].startswith("HRT") and book.cells[key] != [{}]
    assert address_of(out, f"HRT-01@{north.id}")[0] == "个别厂区不同"
    assert groups(desk, out) == {} and case.answers["HRT-01"] == "internal"
    assert groups(desk, filled(out, {key: "none"})) == {key: "changed"}
    emptied = filled(out, {key: ""})
    assert groups(desk, emptied) == {key: "emptied"}
    done = take(desk, emptied, **{f"HRT_01__{south.id}": 1})
    assert done.stored == (key,) and done.finished
    assert open_case(desk.session, desk.assessment).answers["HRT-01"] == "public"
    assert address_of(desk.out(), key)[0] == "Differs at a site"


def test_what_sites_open_together_is_filled_in_one_go(desk: Desk) -> None:
    """ENV-04 is asked once the worst of the sites' permits allows it; one site without permits closes it for all."""
    north, south = sites_of(desk, "North", "South")
    case = open_case(desk.session, desk.assessment)
    lines = {
        line.indicator.code: line
        for _topic, lines in answer_book(
            desk.session, case, organisation="Example Solar", locale="en", now=NOW, zone=UTC
        ).topics
        for line in lines
    }
    assert "Only asked if ENV-03" in lines["ENV-04"].note and not lines["ENV-04"].editable
    assert lines[f"ENV-04@{south.id}"].editable and lines[f"ENV-04@{south.id}"].site == "South"
    written = {
        f"ENV-03@{north.id}": "all_valid",
        f"ENV-03@{south.id}": "renewal_pending",
        f"ENV-04@{north.id}": "2030-01-31",
        f"ENV-04@{south.id}": "2029-01-31",
    }
    out = filled(desk.out(), written)
    assert groups(desk, out) == dict.fromkeys(written, "new")
    shut = groups(desk, filled(out, {f"ENV-03@{north.id}": "missing_or_expired"}))
    assert shut[f"ENV-03@{north.id}"] == "new"
    assert shut[f"ENV-04@{south.id}"] == shut[f"ENV-04@{north.id}"] == "closed"
    done = take(desk, out, **{key.replace("@", "__").replace("-", "_"): 0 for key in written})
    assert set(done.stored) == set(written) and done.finished
    counted = open_case(desk.session, desk.assessment).answers
    assert str(counted["ENV-04"]) == "2029-01-31"


@pytest.mark.slow
def test_two_copies_meet_at_one_site_and_the_other_site_goes_on(any_desk: Desk) -> None:
    desk = any_desk
    north, south = sites_of(desk, "North", "South")
    keys = f"OHS-02@{north.id}", f"OHS-02@{south.id}"
    first = filled(desk.out(), {keys[0]: "#2"})
    second = filled(desk.out("zh"), {keys[0]: "#3", keys[1]: "#5"})
    assert take(desk, first, **{f"OHS_02__{north.id}": 0}).finished
    assert groups(desk, second) == {keys[0]: "conflict", keys[1]: "new"}
    blind = take(desk, second, **{f"OHS_02__{north.id}": 0, f"OHS_02__{south.id}": 0})
    assert blind.stored == (keys[1],) and blind.overtaken == (keys[0],)
    knowing = take(desk, second, **{f"OHS_02__{north.id}": 1})
    assert knowing.stored == (keys[0],)
    rows = site_answers_of(desk.session, desk.assessment.id).rows
    assert (rows[north.id]["OHS-02"].value, rows[south.id]["OHS-02"].value) == ("3", "5")
    row = rows[north.id]["OHS-02"]
    assert (row.version, row.changed_by_id) == (2, desk.lead.user_id)
    changes = desk.session.scalars(
        select(SiteAnswerChange.version).where(SiteAnswerChange.site_id == north.id)
    )
    assert list(changes) == [1, 2]


def test_what_an_emptied_site_closes_is_left_out(desk: Desk) -> None:
    """Without the permits of one site nobody knows the worst, so the date of the permits is not asked."""
    sites = north, south = sites_of(desk, "North", "South")
    for site in sites:
        give_at(desk, site, "ENV-03", "all_valid")
    out = filled(desk.out(), {f"ENV-03@{north.id}": "", f"ENV-04@{south.id}": "2029-01-31"})
    assert groups(desk, out) == {f"ENV-03@{north.id}": "emptied", f"ENV-04@{south.id}": "new"}
    done = take(desk, out, **{f"ENV_03__{north.id}": 1, f"ENV_04__{south.id}": 0})
    assert done.stored == (f"ENV-03@{north.id}",) and done.closed == (f"ENV-04@{south.id}",)


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_saved_again_by_libreoffice_the_file_changes_nothing(desk: Desk, tmp_path: Path, locale: str) -> None:
    """Sites that answer, one that differs, one answered in part, the company's own answers: not one difference."""
    north, south = sites_of(desk, "North", "South")
    desk.answer("HRT-01", "public")
    desk.answer("GOV-01", ["glass"])
    desk.answer("INF-04", "=own words\n“中文” ")
    give_at(desk, south, "HRT-01", "internal")
    give_at(desk, north, "ENV-03", "all_valid")
    give_at(desk, south, "ENV-03", "renewal_pending")
    give_at(desk, north, "ENV-04", "2030-01-31")
    give_at(desk, south, "OHS-02", "0")
    give_at(desk, south, "NRG-03", [{"source_type": "grid", "mwh": "12.25"}, {"mwh": "7"}])
    again = saved_again(desk.out(locale), tmp_path)
    judged = desk.judged(again)
    assert (judged.differences, judged.notes) == ((), ()) and judged.unchanged == 9
    changed = filled(desk.out(locale), {f"OHS-02@{south.id}": "#3", f"HRT-01@{south.id}": "none"})
    (tmp_path / "more").mkdir()
    found = groups(desk, saved_again(changed, tmp_path / "more"))
    assert found == {f"OHS-02@{south.id}": "changed", f"HRT-01@{south.id}": "changed"}


@pytest.mark.parametrize("locale", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_a_site_can_be_said_to_differ_in_the_file_and_to_differ_no_more(desk: Desk, locale: str) -> None:
    """Out and in is identity before and after; a kind of answer that takes several lines included."""
    north, south = sites_of(desk, "North", "South")
    desk.answer("HRT-01", "public")
    questionnaire = open_case(desk.session, desk.assessment).questionnaire
    options = [o.key for o in indicator(questionnaire, "ETH-01").options]
    desk.answer("ETH-01", options[:3])
    out = desk.out(locale)
    assert (desk.judged(out).differences, desk.judged(out).notes) == ((), ())
    one, several = f"HRT-01@{north.id}", f"ETH-01@{south.id}"
    written = {one: "internal", f"{several}/option/{options[0]}": "Yes", "HRT-01": "public"}
    data = filled(out, written)
    assert groups(desk, data) == {one: "new", several: "new"}
    done = take(desk, data, **{f"HRT_01__{north.id}": 0, f"ETH_01__{south.id}": 0})
    assert set(done.stored) == {one, several} and done.finished
    counted = open_case(desk.session, desk.assessment).answers
    assert (counted["HRT-01"], counted["ETH-01"]) == ("internal", (options[0],))
    again = desk.out(locale)
    assert groups(desk, again) == {} and notes(desk, again) == []
    emptied = filled(again, {one: "", f"{several}/option/{options[0]}": ""})
    assert groups(desk, emptied) == {one: "emptied", several: "emptied"}
    take(desk, emptied, **{f"HRT_01__{north.id}": 1, f"ETH_01__{south.id}": 1})
    assert open_case(desk.session, desk.assessment).answers["HRT-01"] == "public"
    last = desk.out(locale)
    assert groups(desk, last) == {} and address_of(last, one)[0] == address_of(last, several)[0]


def test_two_who_let_one_site_differ_meet(desk: Desk) -> None:
    north, _south = sites_of(desk, "North", "South")
    desk.answer("HRT-01", "public")
    data = filled(desk.out(), {f"HRT-01@{north.id}": "none"})
    untouched = desk.out()
    give_at(desk, north, "HRT-01", "internal")
    assert groups(desk, data) == {f"HRT-01@{north.id}": "conflict"}
    assert groups(desk, untouched) == {}, "an empty line of an older file takes nothing away"
    done = take(desk, data, **{f"HRT_01__{north.id}": 0})
    assert done.stored == () and done.overtaken == (f"HRT-01@{north.id}",)


@pytest.mark.slow
def test_without_its_sheet_nothing_is_missed_and_many_sites_have_none(desk: Desk) -> None:
    names = [f"Works {number:02}" for number in range(12)]
    north = sites_of(desk, *names)[0]
    give_at(desk, north, "HRT-01", "internal")
    full = desk.out()
    assert "Differs at a site" in sheet_parts(full)
    renamed = parts(full)
    part = sheet_parts(full)["Differs at a site"]
    emptied = packed(
        renamed | {part: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", renamed[part], flags=re.S)}
    )
    judged = desk.judged(emptied)
    assert judged.differences == () and "HRT-01" not in str(judged.notes)
    sites_of(desk, "One more")
    assert "Differs at a site" not in sheet_parts(desk.out())
    assert groups(desk, desk.out()) == {}
