"""Take-away: every part opens, says what the portal says, and holds nothing of anybody else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli.score import score
from portal.core.questionnaire.kinds import from_json
from portal.core.questionnaire.model import indicator
from portal.core.scoring.sheet import score_text
from portal.files.questionnaires import find_questionnaire
from portal.operations.judging import open_review
from portal.operations.scoring import declared_sheet, open_case
from portal.operations.sites import SitePlace, add_site
from portal.store.assessments import Assessment, Decision, Submission, latest_submission
from portal.store.evidence import Evidence, EvidenceLink
from portal.store.site_answers import AssessmentSite
from portal.web.supplier import take_away
from tests.conftest import NOW
from tests.make.assessments import give
from tests.make.clock import Clock
from tests.make.company import Company, make_company, make_ready
from tests.make.files import seen
from tests.make.people import make_member, make_supplier, signed_in

QUESTIONNAIRE = find_questionnaire("sustainability/2026.1")
OWN, THEIRS = b"%PDF-1.7 own proof", b"%PDF-1.7 somebody else's secret"


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    """A ready draft with one real file behind an answer, and a foreign file of the same name in the vault."""
    company = make_company(app, session)
    make_ready(session, company)
    file_behind(app, session, company, "GOV-02", "许可证: 2026.pdf", OWN)
    other = make_supplier(session, "S-002", name="Other Secret Glass")
    stranger = make_member(session, other)
    kept(app, session, other.id, stranger.id, "许可证: 2026.pdf", THEIRS)
    session.commit()
    return company


def kept(app: Flask, session: Session, supplier_id: int, user_id: int, name: str, data: bytes) -> Evidence:
    file = Evidence(
        supplier_id=supplier_id,
        vault_key=app.extensions["upstream"].vault.put(io.BytesIO(data)),
        name=name,
        media_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        issuer="Invented Certifier",
        standard="ISO 14001",
        uploaded_by_id=user_id,
        uploaded_at=NOW,
    )
    session.add(file)
    session.flush()
    return file


def file_behind(
    app: Flask, session: Session, company: Company, code: str, name: str, data: bytes
) -> Evidence:
    file = kept(app, session, company.supplier.id, company.lead.id, name, data)
    session.add(
        EvidenceLink(
            assessment_id=company.assessment.id,
            indicator=code,
            evidence_id=file.id,
            linked_by_id=company.lead.id,
            linked_at=NOW,
        )
    )
    session.flush()
    return file


def taken(company: Company, part: str) -> bytes:
    answer = company.client.get(f"{company.base}/take-away/{part}")
    assert answer.status_code == 200, (part, answer.status_code)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    data = answer.data
    answer.close()
    return data


def test_the_whole_package_opens_and_its_manifest_holds(company: Company, session: Session) -> None:
    archive = zipfile.ZipFile(io.BytesIO(taken(company, "everything.zip")))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names[:9] == [
        "read-me.txt", "answers.xlsx", "answers.json", "references.xlsx", "references.csv", "score.xlsx",
        "score.json", "evidence/index.xlsx", "evidence/index.csv",
    ]  # fmt: skip
    assert "evidence/许可证_ 2026.pdf" in names and names[-1] == "manifest.json"
    manifest = json.loads(archive.read("manifest.json"))
    assert {f["path"] for f in manifest["files"]} == {*names} - {"manifest.json"}
    for file in manifest["files"]:
        content = archive.read(file["path"])
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    assert archive.read("evidence/许可证_ 2026.pdf") == OWN
    said = archive.read("read-me.txt").decode("utf-8-sig")
    assert "references.xlsx" in said and "scorecard.pdf" not in said and "\r\n" in said
    for name in names:
        if name.endswith(".xlsx"):
            assert CalamineWorkbook.from_filelike(io.BytesIO(archive.read(name))).sheet_names


def test_nothing_of_another_supplier_is_in_it(company: Company, session: Session) -> None:
    # even a link that a fault had laid to a foreign file brings neither its bytes nor its facts
    foreign = session.query(Evidence).filter(Evidence.sha256 == hashlib.sha256(THEIRS).hexdigest()).one()
    session.add(
        EvidenceLink(
            assessment_id=company.assessment.id, indicator="ETH-01", evidence_id=foreign.id,
            linked_by_id=company.lead.id, linked_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    archive = zipfile.ZipFile(io.BytesIO(taken(company, "everything.zip")))
    for name in archive.namelist():
        content = archive.read(name)
        assert THEIRS not in content and b"Other Secret Glass" not in content and b"S-002" not in content, (
            name
        )
    with zipfile.ZipFile(io.BytesIO(taken(company, "evidence.zip"))) as files:
        assert [n for n in files.namelist() if n.endswith(".pdf")] == ["evidence/许可证_ 2026.pdf"] or all(
            files.read(n) != THEIRS for n in files.namelist()
        )
        index = files.read("evidence/index.csv").decode("utf-8-sig")
    assert foreign.sha256 not in index


def test_answers_say_what_stands_and_upstream_score_reads_them(company: Company, session: Session) -> None:
    case = open_case(session, session.get_one(Assessment, company.assessment.id))
    content = json.loads(taken(company, "answers.json"))
    assert content["schema"] == "upstream-answers/1" and content["questionnaire"] == "sustainability/2026.1"
    assert content["about"]["supplier"]["code"] == "S-001" and content["about"]["submission"] is None
    read = {c: from_json(indicator(QUESTIONNAIRE, c), v) for c, v in content["answers"].items()}
    assert read == {c: v for c, v in case.answers.items() if c in case.path.open}
    assert "Lead of S-001" not in json.dumps(content)
    for kind in ("json", "xlsx"):
        assert taken(company, f"score.{kind}")
    scored = CliRunner().invoke(score, ["-"], input=taken(company, "answers.json"))
    assert scored.exit_code == 0, scored.output
    assert json.loads(scored.output)["total"] == score_text(declared_sheet(case).total)
    assert json.loads(scored.output) == json.loads(taken(company, "score.json"))


def test_hidden_answers_stay_at_home(company: Company, session: Session) -> None:
    assessment = session.get_one(Assessment, company.assessment.id)
    give(session, company.actor, assessment, "ETH-05", ["cases_tracked"])
    give(session, company.actor, assessment, "HRT-06", "100")
    give(session, company.actor, assessment, "ETH-05", [], base=1)
    session.commit()
    case = open_case(session, assessment)
    assert "HRT-06" in case.answers and "HRT-06" not in case.path.open
    assert "HRT-06" not in json.loads(taken(company, "answers.json"))["answers"]
    session.rollback()


def test_the_map_has_every_question_with_its_places_and_the_answer(company: Company) -> None:
    rows = list(csv.DictReader(io.StringIO(taken(company, "references.csv").decode("utf-8-sig"))))
    assert {"GRI", "RBA", "SAQ 5.0", "EcoVadis", "SSI", "Other"} == {r["Framework"] for r in rows}
    one = next(r for r in rows if (r["Framework"], r["Reference"], r["Question"]) == ("GRI", "2-9", "GOV-02"))
    assert (
        one["Asked"] == "Yes"
        and "senior" in one["Your answer"].lower()
        and "许可证: 2026.pdf" in one["Evidence"]
    )
    gri = [r["Reference"] for r in rows if r["Framework"] == "GRI"]
    assert gri.index("2-9") < gri.index("2-13") < gri.index("205-1")
    assert all(r["Your answer"] == "" for r in rows if r["Asked"] == "No")
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken(company, "references.xlsx")))
    assert book.sheet_names == ["About", "By question", "By framework"]
    table = book.get_sheet_by_name("By question").to_python()
    assert len(table) == 106 and {r[0] for r in table[1:]} == {
        i.code for t in QUESTIONNAIRE.topics for i in t.indicators
    }
    company.client.post("/language", data={"language": "zh", "back": "/"})
    chinese = CalamineWorkbook.from_filelike(io.BytesIO(taken(company, "references.xlsx")))
    assert chinese.sheet_names[1:] == ["按题目", "按框架"]


def test_the_verified_side_joins_with_the_release_and_not_before(
    company: Company, session: Session, app: Flask
) -> None:
    assert company.client.post(f"{company.base}/check").status_code == 303
    sent = latest_submission(session, company.assessment.id)
    assert sent is not None
    session.add(
        Decision(
            assessment_id=company.assessment.id, submission_id=sent.id, indicator="GOV-02", kind="adjusted",
            points="0.4", reason="Reviewer saw only half of it", decided_by_id=company.staff.id, decided_at=NOW,
        )
    )  # fmt: skip
    assessment = session.get_one(Assessment, company.assessment.id)
    for state in ("submitted", "in_review", "reviewed", "released"):
        assessment.state = state
        session.commit()
        archive = zipfile.ZipFile(io.BytesIO(taken(company, "everything.zip")))
        book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("score.xlsx")))
        cells = " ".join(
            str(c) for n in book.sheet_names for row in book.get_sheet_by_name(n).to_python() for c in row
        )
        shown = state == "released"
        assert ("Reviewer saw only half of it" in cells) is shown, state
        assert ("Verified" in cells) is shown
        assert ("scorecard.pdf" in archive.namelist()) is shown
        review = open_review(session, assessment)
        assert review is not None and review.verified.total != review.declared.total
        sheet = review.verified if shown else review.declared
        assert json.loads(archive.read("score.json"))["total"] == score_text(sheet.total)
        if shown:
            assert PdfReader(io.BytesIO(archive.read("scorecard.pdf"))).pages
        session.commit()


def test_a_file_whose_bytes_changed_stands_in_the_index_without_a_place(
    company: Company, session: Session, app: Flask
) -> None:
    file_behind(app, session, company, "ETH-01", "gone.pdf", b"%PDF-1.7 gone").vault_key = "00/" + "0" * 32
    file_behind(app, session, company, "ETH-01", "changed.pdf", b"%PDF-1.7 was").sha256 = "0" * 64
    session.commit()
    with zipfile.ZipFile(io.BytesIO(taken(company, "evidence.zip"))) as files:
        rows = list(csv.DictReader(io.StringIO(files.read("evidence/index.csv").decode("utf-8-sig"))))
        names = files.namelist()
    places = {r["Name of the file"]: r["File in the package"] for r in rows}
    assert places["gone.pdf"] == places["changed.pdf"] == ""
    assert not any("gone" in n or "changed" in n for n in names)


def test_a_package_beyond_its_bounds_is_refused_on_the_page(company: Company, app: Flask) -> None:
    site = app.extensions["upstream"]
    app.extensions["upstream"] = replace(site, settings=replace(site.settings, supplier_quota=1))
    for part in ("everything.zip", "evidence.zip"):
        answer = company.client.get(f"{company.base}/take-away/{part}")
        assert answer.status_code == 409 and "one package holds at most 0 MB" in answer.text
    page = company.client.get(f"{company.base}/take-away")
    assert page.status_code == 200 and "No package" in page.text


def test_a_large_package_is_put_together_on_disk(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take_away, "IN_MEMORY", 0)
    with zipfile.ZipFile(io.BytesIO(taken(company, "everything.zip"))) as archive:
        assert archive.testzip() is None and archive.read("evidence/许可证_ 2026.pdf") == OWN


def test_staff_and_strangers_find_nothing(company: Company, app: Flask, session: Session) -> None:
    stranger = make_member(session, make_supplier(session, "S-003"))
    session.refresh(company.staff)
    session.commit()
    clients = (signed_in(app, company.staff), signed_in(app, stranger), app.test_client())
    for client in clients:
        for part in (
            "",
            "/answers.json",
            "/everything.zip",
            "/evidence.zip",
            "/score.xlsx",
            "/references.csv",
        ):
            assert client.get(f"{company.base}/take-away{part}").status_code == 404, part
    theirs = company.other.get(f"{company.base}/take-away/everything.zip")
    assert theirs.status_code == 200
    theirs.close()


def test_answers_of_sites_go_home_with_the_arithmetic(app: Flask, session: Session) -> None:
    company = make_company(app, session)
    for name in ("Anhui", "Baoding"):
        add_site(session, company.actor, place=SitePlace(name, "CN"), now=NOW)
    session.commit()
    chosen = {"site": ["anhui", "baoding"], "output-anhui": "3", "output-baoding": "1", "unit": "t"}
    assert company.client.post(f"{company.base}/sites", data=chosen).status_code == 303
    sites = {site.name: site.id for site in session.scalars(select(AssessmentSite))}
    session.rollback()
    for name, value in (("Anhui", "40"), ("Baoding", "80")):
        address = f"{company.base}/answers/EMW-02@{sites[name]}"
        assert company.client.post(address, json={"base": 0, "value": value}).status_code == 200
    content = json.loads(taken(company, "answers.json"))
    assert content["answers"]["EMW-02"] == "50"
    assert content["sites"] == [
        {"name": "Anhui", "output": "3", "unit": "t", "answers": {"EMW-02": "40"}, "inherited": []},
        {"name": "Baoding", "output": "1", "unit": "t", "answers": {"EMW-02": "80"}, "inherited": []},
    ]  # fmt: skip
    rows = csv.DictReader(io.StringIO(taken(company, "references.csv").decode("utf-8-sig")))
    said = next(row["Your answer"] for row in rows if row["Question"] == "EMW-02")
    assert "Mean of 2 sites" in said


def test_the_receipts_of_all_that_was_sent_are_in_the_package(
    company: Company, session: Session, clock: Clock
) -> None:
    names = zipfile.ZipFile(io.BytesIO(taken(company, "everything.zip"))).namelist()
    assert not any(name.startswith("receipts/") for name in names)
    assert "Submission receipts" not in company.client.get(f"{company.base}/take-away").text
    assert company.client.post(f"{company.base}/check").status_code == 303
    with session.begin_nested():
        found = session.get_one(Assessment, company.assessment.id, populate_existing=True)
        found.state = "in_progress"
    session.commit()
    clock.move(minutes=5)
    assert company.client.post(f"{company.base}/check").status_code == 303
    digests = seen(session, select(Submission.sha256).order_by(Submission.number))
    assert len(set(digests)) == 2
    for language, title in (("en", "Submission receipt"), ("zh", "提交回执")):
        company.client.post("/language", data={"language": language})
        archive = zipfile.ZipFile(io.BytesIO(taken(company, "everything.zip")))
        receipts = [name for name in archive.namelist() if name.startswith("receipts/")]
        assert receipts == ["receipts/receipt-1.pdf", "receipts/receipt-2.pdf"]
        said = archive.read("read-me.txt").decode("utf-8-sig")
        assert "receipts/" in said
        pages = [PdfReader(io.BytesIO(archive.read(name))).pages[0].extract_text() for name in receipts]
        assert [title in page for page in pages] == [True, True], pages
        assert [digest[:16] in page for digest, page in zip(digests, pages, strict=True)] == [True, True]
        page = company.client.get(f"{company.base}/take-away").text
        assert f"{company.base}/receipts/1.pdf" in page and f"{company.base}/receipts/2.pdf" in page


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Short set: gating questions"), ("zh", "精简版：红线题")]
)
def test_the_workbook_of_a_short_set_says_so(
    company: Company, session: Session, language: str, said: str
) -> None:
    company.client.post("/language", data={"language": language})

    def first() -> str:
        book = CalamineWorkbook.from_filelike(io.BytesIO(taken(company, "answers.xlsx")))
        return "\n".join(str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)

    assert said not in first()
    session.get_one(Assessment, company.assessment.id).short = True
    session.commit()
    assert said in first()
