"""The Excel round trip in the browser: download, upload, preview, taking over, and every file that is refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.core.questionnaire.model import indicators_of
from portal.operations.answering import Given, save_site_answer
from portal.operations.scoring import open_case
from portal.settings import Settings
from portal.store.answers import Answer, AnswerChange
from portal.store.assessments import Assessment
from portal.store.people import User
from portal.store.site_answers import AssessmentSite
from portal.store.suppliers import Supplier
from portal.store.workbooks import WorkbookImport
from tests.conftest import NOW
from tests.make.assessments import give, make_assessment, make_round
from tests.make.files import post_file, seen
from tests.make.pages import without_tokens
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in
from tests.make.workbooks import changed, filled, packed, parts


@dataclass
class Desk:
    """A lead's browser with an open assessment; `stranger` is the lead of another company asked the same."""

    client: FlaskClient
    stranger: FlaskClient
    supplier: Supplier
    user: User
    assessment: Assessment
    theirs: Assessment

    @property
    def url(self) -> str:
        return f"/assessments/{self.assessment.id}/workbook"

    def out(self, language: str = "en") -> bytes:
        return self.client.get(f"{self.url}/answers-{language}.xlsx").data

    def bring(self, data: bytes, name: str = "answers.xlsx") -> TestResponse:
        return post_file(self.client, self.url, data, name)

    def brought(self, data: bytes) -> str:
        answer = self.bring(data)
        assert answer.status_code == 303, told(answer)
        return answer.headers["Location"]

    def answers(self, session: Session) -> dict[str, object]:
        rows = seen(session, select(Answer).where(Answer.assessment_id == self.assessment.id))
        return {row.indicator: row.value for row in rows}


def told(answer: TestResponse) -> str:
    """What the page's error summary says."""
    found = re.search(r'<div class="error-summary".*?</div>', answer.text, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


@pytest.fixture
def desk(app: Flask, session: Session) -> Iterator[Desk]:
    roles = ("manufacturing", "minerals")
    supplier, other = make_supplier(session, roles=roles), make_supplier(session, "S-002", roles=roles)
    user, stranger = make_member(session, supplier), make_member(session, other)
    asked = make_round(session, make_staff(session))
    mine, theirs = make_assessment(session, asked, supplier), make_assessment(session, asked, other)
    give(session, actor_of(user, supplier), mine, "GOV-05", "3")
    give(session, actor_of(user, supplier), mine, "INF-04", "Own words.")
    session.commit()
    yield Desk(signed_in(app, user), signed_in(app, stranger), supplier, user, mine, theirs)


def in_chinese(desk: Desk) -> None:
    desk.client.post("/language", data={"language": "zh"})


def test_the_page_offers_both_languages_and_the_hub_leads_there(desk: Desk) -> None:
    assert f'href="{desk.url}"' in desk.client.get(f"/assessments/{desk.assessment.id}").text
    page = desk.client.get(desk.url).text
    assert "answers-en.xlsx" in page and "answers-zh.xlsx" in page and "Upload and compare" in page
    answer = desk.client.get(f"{desk.url}/answers-zh.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.data[:2] == b"PK"
    assert desk.client.get(f"{desk.url}/answers-de.xlsx").status_code == 404
    in_chinese(desk)
    assert "用 Excel 填写" in desk.client.get(desk.url).text


def test_the_head_of_the_workbook_tells_the_time_as_the_pages_do(desk: Desk, app: Flask) -> None:
    settings: Settings = app.extensions["upstream"].settings
    local = NOW.astimezone(ZoneInfo(settings.time_zone))
    strings = parts(desk.out("zh"))["xl/sharedStrings.xml"].decode()
    assert f"{local:%H:%M} ({settings.time_zone})" in strings and "(UTC)" not in strings
    named = desk.client.get(f"{desk.url}/answers-en.xlsx").headers["Content-Disposition"]
    assert f"{local:%Y%m%d-%H%M}" in named


def test_from_file_to_answers(desk: Desk, session: Session) -> None:
    data = filled(
        desk.out("zh"), {"GOV-02": "senior_executive", "GOV-05": "#4", "INF-04": "", "NRG-02": "1,5"}
    )
    preview = desk.brought(data)
    page = desk.client.get(preview).text
    assert "1 new answer" in page and "1 changed answer" in page
    assert "1 answer would be emptied" in page and "1 answer cannot be read" in page
    assert "can be read in two ways" in page and "NRG 能源与绿色电力!E6" in page
    assert desk.answers(session) == {"GOV-05": "3", "INF-04": "Own words."}
    assert without_tokens(desk.client.get(preview).text) == without_tokens(page), "a reload shows the same"
    assert page.count(" checked") == 2
    take = {"take": ["GOV-02", "GOV-05"], "seen-GOV-02": "0", "seen-GOV-05": "1", "seen-INF-04": "1"}
    answer = desk.client.post(f"{preview}/take", data=take)
    assert answer.status_code == 303
    assert desk.answers(session) == {"GOV-02": "senior_executive", "GOV-05": "4", "INF-04": "Own words."}
    after = desk.client.get(answer.headers["Location"]).text
    assert (
        "2 answers are taken over." in after
        and "GOV 可持续治理!E25" in after
        and "Set the rest aside" in after
    )
    assert desk.client.get(f"{preview}/file").data == data
    assert desk.client.post(f"{preview}/set-aside").status_code == 303
    assert desk.client.post(f"{preview}/take", data=take).status_code == 409
    assert "Taken over from this file" in desk.client.get(preview).text


def test_many_new_answers_are_folded_by_topic_and_conflicts_never(desk: Desk, session: Session) -> None:
    found = session.get_one(Assessment, desk.assessment.id)
    case = open_case(session, found)
    chosen = {
        one.code: one.options[0].key
        for one in indicators_of(case.questionnaire)
        if one.kind == "single" and one.code in case.path.open
    }
    data = filled(desk.out(), {**chosen, "GOV-05": "#4", "NRG-02": "1,5"})
    give(session, actor_of(desk.user, desk.supplier), found, "GOV-05", "5", base=1)
    session.commit()
    page = desk.client.get(desk.brought(data)).text
    sections = dict(
        re.findall(r'<section class="difference-group" aria-labelledby="(\w+)">(.*?)</section>', page, re.S)
    )
    assert list(sections)[:2] == ["conflict", "unreadable"]
    assert "<details" not in sections["conflict"] + sections["unreadable"]
    folded = re.findall(r"<details[^>]*>(.*?)</details>", sections["new"], re.S)
    assert len(folded) > 5 and " open" not in " ".join(re.findall(r"<details[^>]*>", sections["new"]))
    ticks = [len(re.findall(r'name="take"', part)) for part in folded]
    said = [int(re.search(r"(\d+) answers?<", part)[1]) for part in folded]  # type: ignore[index]
    assert ticks == said and sum(ticks) == len(re.findall(r'name="take"', sections["new"])) > 10
    assert all((n > 1) is ('data-tick="none"' in part) for n, part in zip(ticks, folded, strict=True))


def test_a_few_differences_stand_open(desk: Desk) -> None:
    page = desk.client.get(
        desk.brought(filled(desk.out(), {"GOV-02": "senior_executive", "GOV-05": "#4"}))
    ).text
    assert re.findall(r'<details class="difference-topic"([^>]*)>', page) == [" open", " open"]


def test_nothing_ticked_is_told_and_a_discarded_file_is_gone(desk: Desk, session: Session) -> None:
    preview = desk.brought(filled(desk.out(), {"GOV-05": "#4"}))
    answer = desk.client.post(f"{preview}/take", data={"seen-GOV-05": "1"})
    assert answer.status_code == 409 and "Nothing is ticked" in answer.text
    assert desk.client.post(f"{preview}/set-aside").status_code == 303
    assert desk.client.get(f"{preview}/file").status_code == 404
    assert "Nothing of it was stored" in desk.client.get(preview).text
    assert desk.answers(session)["GOV-05"] == "3"


def test_a_colleague_meanwhile(desk: Desk, session: Session) -> None:
    preview = desk.brought(filled(desk.out(), {"GOV-05": "#4"}))
    give(session, actor_of(desk.user, desk.supplier), desk.assessment, "GOV-05", "7", base=1)
    session.commit()
    answer = desk.client.post(f"{preview}/take", data={"take": "GOV-05", "seen-GOV-05": "1"})
    page = desk.client.get(answer.headers["Location"]).text
    assert "a colleague answered meanwhile" in page and "1 answer changed here after the download" in page
    assert desk.answers(session)["GOV-05"] == "7" and " checked" not in page


def test_two_companies_see_nothing_of_each_other(desk: Desk, session: Session) -> None:
    preview = desk.brought(filled(desk.out(), {"GOV-05": "#4"}))
    for way in ("", "/file"):
        assert desk.stranger.get(preview + way).status_code == 404
    for way in ("/take", "/set-aside"):
        assert desk.stranger.post(preview + way).status_code == 404
    assert desk.stranger.get(f"{desk.url}/answers-en.xlsx").status_code == 404
    answer = post_file(desk.stranger, f"/assessments/{desk.theirs.id}/workbook", desk.out(), "answers.xlsx")
    assert answer.status_code == 422 and "downloaded for another company (S-001)" in told(answer)
    elsewhere = preview.replace(f"/{desk.assessment.id}/", f"/{desk.theirs.id}/")
    assert desk.stranger.get(elsewhere).status_code == 404
    assert desk.answers(session)["GOV-05"] == "3"


# Each takes a downloaded workbook and leaves it as a person might; the words are the beginning of what is told.
def _as_xlsm(data: bytes) -> bytes:
    return changed(data, "[Content_Types].xml", lambda xml: xml.replace("spreadsheetml.sheet.main+xml", "x", 1).replace(
        "application/vnd.openxmlformats-officedocument.x", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"))  # fmt: skip


def _with_vba(data: bytes) -> bytes:
    return packed(parts(data) | {"xl/vbaProject.bin": b"macro"})


def _encrypted(_data: bytes) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 600
    )


def _old_xls(_data: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600


def _zip(_data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("answers.txt", "GOV-05: 4")
    return out.getvalue()


def _million_rows(data: bytes) -> bytes:
    rows = "".join(f'<row r="{n}" ht="15"/>' for n in range(1000, 1_001_000))
    return changed(data, "GOV", lambda xml: xml.replace("</sheetData>", rows + "</sheetData>"))


def _without_identity(data: bytes) -> bytes:
    return changed(data, "xl/workbook.xml", lambda xml: xml.replace('name="upstream"', 'name="mine"'))


def _identity_bent(data: bytes) -> bytes:
    return changed(data, "xl/sharedStrings.xml", lambda xml: xml.replace("<t>S-001</t>", "<t>S-002</t>"))


def _column_deleted(data: bytes) -> bytes:
    return changed(data, "GOV", lambda xml: re.sub(r'<c r="F\d+"[^>]*?(/>|>.*?</c>)', "", xml, flags=re.S))


def _bomb(data: bytes) -> bytes:
    return packed(parts(data) | {"xl/media/image1.png": b"\0" * 150_000_000})


@pytest.mark.parametrize(
    ("spoil", "name", "words"),
    [
        (_as_xlsm, "answers.xlsm", "contains macros"),
        (_with_vba, "answers.xlsx", "contains macros"),
        (_encrypted, "answers.xlsx", "protected with a password"),
        (_old_xls, "answers.xls", "old Excel file"),
        (_zip, "answers.xlsx", "Upload a real file of one of: XLSX"),
        (lambda _data: b"GOV-05,4\nGOV-06,none\n", "answers.csv", "Upload one of: XLSX"),
        (lambda data: data[: len(data) // 2], "answers.xlsx", "damaged or incomplete"),
        (lambda _data: b"", "answers.xlsx", "is empty"),
        (_bomb, "answers.xlsx", "unpacks to far more"),
        pytest.param(
            _million_rows, "answers.xlsx", "has more than 20000 rows", marks=pytest.mark.slow
        ),
        (_without_identity, "answers.xlsx", "is not a workbook downloaded from this portal"),
        (_identity_bent, "answers.xlsx", "the hidden sheet “upstream” was changed"),
        (_column_deleted, "answers.xlsx", "a column of the workbook was deleted"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_in_both_languages_and_change_nothing(
    desk: Desk, session: Session, spoil: object, name: str, words: str
) -> None:
    data = spoil(filled(desk.out(), {"GOV-05": "#4"}))  # type: ignore[operator]
    answer = desk.bring(data, name)
    assert answer.status_code == 422 and words in told(answer), told(answer)
    in_chinese(desk)
    chinese = told(desk.bring(data, name))
    assert re.search("[\u4e00-\u9fff]{4}", chinese) and not re.search(
        r"[a-z]{4,} [a-z]{3,} [a-z]{3,}", chinese
    ), chinese
    assert seen(session, select(WorkbookImport)) == []
    assert desk.answers(session) == {"GOV-05": "3", "INF-04": "Own words."}
    assert len(seen(session, select(AnswerChange))) == 2


def test_without_a_file_or_with_locked_answers_nothing_is_read(desk: Desk, session: Session) -> None:
    assert "Choose a file first" in told(desk.client.post(desk.url))
    data = filled(desk.out(), {"GOV-05": "#4"})
    session.get_one(Assessment, desk.assessment.id).state = "submitted"
    session.commit()
    answer = desk.bring(data)
    assert answer.status_code == 422 and "was sent to the buyer" in answer.text
    assert desk.client.get(f"{desk.url}/answers-en.xlsx").status_code == 200


def _merged(data: bytes) -> bytes:
    area = '<mergeCells count="1"><mergeCell ref="E21:E25"/></mergeCells>'
    return changed(data, "GOV", lambda xml: xml.replace("</sheetData>", "</sheetData>", 1).replace(
        "<conditionalFormatting", area + "<conditionalFormatting", 1) if "<conditionalFormatting" in xml else
        re.sub(r"(<sheetProtection[^>]*/>)", r"\1" + area, xml, count=1))  # fmt: skip


def _hidden(data: bytes) -> bytes:
    return changed(
        data, "xl/workbook.xml", lambda xml: re.sub(r'(<sheet name="GOV[^"]*")', r'\1 state="hidden"', xml)
    )


def _sheet_deleted(data: bytes) -> bytes:
    return changed(data, "xl/workbook.xml", lambda xml: re.sub(r'<sheet name="ENV[^>]*/>', "", xml))


def _row_deleted(data: bytes) -> bytes:
    return changed(data, "GOV", lambda xml: re.sub(r'<row r="8" .*?</row>', "", xml, flags=re.S))


@pytest.mark.parametrize(
    ("spoil", "written", "words"),
    [
        (_merged, {"GOV-05": "#4"}, "these cells are merged"),
        (_hidden, {"GOV-05": "#4"}, "is hidden in your file and was read all the same"),
        (_sheet_deleted, {"GOV-05": "#4"}, "questions are not in the file any more"),
        (_row_deleted, {"GOV-01/option/glass": "yes"}, "a line of this question was deleted"),
        (None, {"GOV-05": "=2+2"}, "holds a formula"),
        (None, {"GOV-05": "1,234"}, "can be read in two ways"),
        (None, {"GOV-05": "1.234,5"}, "can be read in two ways"),
        (None, {"ENV-03": "outside_option"}, "is not one of the answers offered"),
        (None, {"NRG-01": "12", "NRG-01|1": "horsepower"}, "is not a unit offered here"),
        (None, {"GOV-05": "#3.5"}, "whole number"),
    ],
)  # fmt: skip
def test_what_is_wrong_inside_is_told_with_its_place_in_both_languages(
    desk: Desk, session: Session, spoil: object, written: dict[str, str], words: str
) -> None:
    data = filled(desk.out(), written)
    preview = desk.brought(spoil(data) if spoil else data)  # type: ignore[operator]
    assert words in desk.client.get(preview).text
    in_chinese(desk)
    assert words not in desk.client.get(preview).text
    assert desk.answers(session) == {"GOV-05": "3", "INF-04": "Own words."}


def test_a_site_is_named_on_the_preview_and_in_the_trace(desk: Desk, session: Session) -> None:
    site = AssessmentSite(
        assessment_id=desk.assessment.id, key="north", name="North", chosen_by_id=desk.user.id, chosen_at=NOW
    )
    session.add(site)
    session.commit()
    preview = desk.brought(filled(desk.out(), {f"OHS-02@{site.id}": "#2"}))
    page = desk.client.get(preview).text
    key = f"OHS-02@{site.id}"
    assert ", site: North" in page and f'value="{key}"' in page
    answer = desk.client.post(
        f"{preview}/take", data={"take": key, f"seen-{key}": "0", "sites": f"{site.id}"}
    )
    assert answer.status_code == 303 and "1 answer is taken over." in desk.client.get(preview).text
    assert ", site: North" in desk.client.get(preview).text


def test_a_site_is_named_where_a_colleague_was_faster_and_where_it_left(desk: Desk, session: Session) -> None:
    sites = [
        AssessmentSite(
            assessment_id=desk.assessment.id, key=name.lower(), name=name, chosen_by_id=desk.user.id, chosen_at=NOW
        )
        for name in ("North", "South")
    ]  # fmt: skip
    session.add_all(sites)
    session.commit()
    north, south = (f"OHS-02@{site.id}" for site in sites)
    preview = desk.brought(filled(desk.out(), {north: "#2", south: "#3"}))
    assert f"#{south}" in desk.client.get(preview).text
    save_site_answer(
        session, actor_of(desk.user, desk.supplier), assessment=desk.assessment,
        case=open_case(session, desk.assessment), site_id=sites[0].id, code="OHS-02", given=Given("7", None, 0), now=NOW,
    )  # fmt: skip
    session.commit()
    data = {"take": [north, south], f"seen-{north}": "0", f"seen-{south}": "0"}
    data |= {"sites": ",".join(str(site.id) for site in sites)}
    assert desk.client.post(f"{preview}/take", data=data).status_code == 303
    page = desk.client.get(preview).text
    assert (
        "because a colleague answered meanwhile: OHS-02 North." in page and "1 answer is taken over." in page
    )
    sites[1].included = False
    session.commit()
    page = desk.client.get(preview).text
    assert "The site “South” is not among the sites of this assessment any more." in page
    assert ", site: South" in page.partition("Taken over from this file")[2]
    in_chinese(desk)
    assert "本次评估已不包含厂区“South”" in desk.client.get(preview).text
