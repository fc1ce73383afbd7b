"""A filled workbook comes back: what it would change, what is taken over, and that nobody is overwritten unseen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.core.questionnaire.model import indicator
from portal.core.workbook.identity import identity_rows, read_identity
from portal.files.vault import Vault, open_vault
from portal.operations.answer_workbook import workbook_bytes
from portal.operations.answering import Given, save_site_answer
from portal.operations.keeping import Kept, kept_file
from portal.operations.scoring import open_case
from portal.operations.workbook_imports import (
    TakenOver,
    add_workbook,
    read_for,
    read_workbook,
    set_aside,
    site_ids,
    take_over,
)
from portal.operations.workbook_judging import Difference, Judged, judge, with_closed
from portal.store.answers import Answer, answer_to, answers_of
from portal.store.assessments import Assessment
from portal.store.engine import writing
from portal.store.journal import JournalEntry
from portal.store.site_answers import AssessmentSite, site_answers_of
from portal.store.workbooks import ImportedAnswer, WorkbookImport, imported_answers_of
from tests.make.assessments import give, make_assessment, make_round
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.workbooks import filled

NOW = datetime(2026, 11, 21, 6, 3, tzinfo=UTC)
QUOTA = 10**9


@dataclass
class Desk:
    """An open assessment with two colleagues, on a database, and a vault beside it."""

    session: Session
    vault: Vault
    assessment: Assessment
    lead: Actor
    colleague: Actor

    def out(self, locale: str = "en") -> bytes:
        case = open_case(self.session, self.assessment)
        return workbook_bytes(
            self.session, case, organisation="Example Solar", locale=locale, now=NOW, zone=UTC
        )

    def answer(
        self, code: str, raw: object, base: int = 0, unit: str | None = None, by: Actor | None = None
    ) -> Answer:
        found = give(self.session, by or self.lead, self.assessment, code, raw, base=base, unit=unit)
        assert found is not None
        return found

    def judged(self, data: bytes) -> Judged:
        case = open_case(self.session, self.assessment)
        return judge(self.session, case, read_for(self.session, case, data, "answers.xlsx"))

    def groups(self, data: bytes) -> dict[str, str]:
        case = open_case(self.session, self.assessment)
        return {d.code: d.group for d in with_closed(case, self.judged(data).differences)}

    def one(self, data: bytes, code: str) -> Difference:
        return next(d for d in self.judged(data).differences if d.code == code)

    def brought(self, data: bytes) -> WorkbookImport:
        with kept(self, data) as one:
            return add_workbook(
                self.session, self.lead, assessment=self.assessment, kept=one, quota=QUOTA, now=NOW
            )

    def take(self, row: WorkbookImport, *codes: str, **seen: int) -> TakenOver:
        book = read_workbook(self.session, self.vault, row, open_case(self.session, self.assessment))
        versions = {code: r.version for code, r in answers_of(self.session, self.assessment.id).items()}
        wanted = {code: versions.get(code, 0) for code in codes} | {
            c.replace("_", "-"): v for c, v in seen.items()
        }
        sites = site_ids(open_case(self.session, self.assessment))
        return take_over(
            self.session, self.lead, row=row, book=book, wanted=wanted, sites_seen=sites, now=NOW
        )

    def value(self, code: str) -> object:
        row = answer_to(self.session, self.assessment.id, code)
        return row.value if row is not None else None


def kept(desk: Desk, data: bytes) -> AbstractContextManager[Kept]:
    """The bytes as an upload that waits in the vault."""
    stream = io.BytesIO(data)
    return kept_file(desk.vault, name="answers.xlsx", stream=stream, limit=QUOTA, allowed=frozenset({"xlsx"}))


def desk_of(session: Session, folder: Path) -> Desk:
    supplier = make_supplier(session, roles=("manufacturing", "minerals"))
    assessment = make_assessment(session, make_round(session, make_staff(session)), supplier)
    lead = actor_of(make_member(session, supplier), supplier)
    colleague = actor_of(make_member(session, supplier, "contributor"), supplier, "contributor")
    return Desk(session, open_vault(folder / "vault"), assessment, lead, colleague)


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return desk_of(session, tmp_path)


@pytest.fixture
def any_desk(any_engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    with writing(any_engine) as session:
        yield desk_of(session, tmp_path)


def test_the_file_as_it_was_downloaded_changes_nothing(desk: Desk) -> None:
    desk.answer("GOV-01", ["cell", "glass"])
    desk.answer("NRG-01", "1200", unit="kWh")
    desk.answer("NRG-02", "1,5")
    desk.answer("ENV-01", [])
    for locale in ("en", "zh"):
        judged = desk.judged(desk.out(locale))
        assert judged.differences == () and judged.notes == ()
        assert (
            judged.unchanged == 4
        )  # a question without an answer in the file and here is no answer that agrees


def test_answers_of_either_language_are_taken_over_with_their_trace(any_desk: Desk) -> None:
    desk = any_desk
    desk.answer("GOV-05", "3")
    out = filled(
        desk.out("zh"),
        {
            "GOV-02": "senior_executive",
            "GOV-05": "#4",
            "NRG-01": "1200",
            "NRG-01|1": "kWh",
            "GOV-01/option/glass": "是",
            "NRG-03/row": "grid",
            "NRG-03/row|1": "#12.5",
        },
    )
    assert desk.groups(out) == {
        "GOV-01": "new", "GOV-02": "new", "GOV-05": "changed", "NRG-01": "new", "NRG-03": "new",
    }  # fmt: skip
    row = desk.brought(out)
    done = desk.take(row, "GOV-02", "GOV-05", "NRG-01", "GOV-01")
    assert done.stored == ("GOV-01", "GOV-02", "GOV-05", "NRG-01") and not done.finished
    assert [desk.value(c) for c in ("GOV-01", "GOV-02", "GOV-05", "NRG-01", "NRG-03")] == [
        ["glass"], "senior_executive", "4", "1.2", None,
    ]  # fmt: skip
    stored = answer_to(desk.session, desk.assessment.id, "NRG-01")
    assert stored is not None and (stored.typed, stored.unit, stored.origin) == ("1200", "kWh", "imported")
    trace = {t.row_key: (t.version, t.cells) for t in imported_answers_of(desk.session, row.id)}
    assert trace["GOV-05"] == (2, ["GOV 可持续治理!E25"])
    assert row.state == "waiting" and desk.assessment.state == "in_progress"
    assert desk.take(row, "NRG-03").finished and row.state == "taken"
    actions = list(desk.session.scalars(select(JournalEntry.action).order_by(JournalEntry.id)))
    assert (
        actions[-3:] == ["workbook.uploaded", "workbook.taken", "workbook.taken"]
        or "workbook.taken" in actions
    )
    with pytest.raises(Refused, match="workbook_taken"):
        desk.take(row, "NRG-03")


def test_a_colleagues_answer_is_kept_unless_somebody_who_saw_it_says_otherwise(any_desk: Desk) -> None:
    desk = any_desk
    desk.answer("GOV-05", "3")
    out = filled(desk.out(), {"GOV-05": "#4", "GOV-02": "senior_executive", "OHS-02": "#1"})
    desk.answer("GOV-05", "7", base=1, by=desk.colleague)
    desk.answer("OHS-02", "1", by=desk.colleague)
    assert desk.groups(out) == {"GOV-05": "conflict", "GOV-02": "new"}
    row = desk.brought(out)
    assert desk.take(row, "GOV-02").stored == ("GOV-02",)
    assert desk.value("GOV-05") == "7" and row.state == "waiting"
    desk.answer("GOV-05", "8", base=2, by=desk.colleague)
    assert desk.take(row, GOV_05=2).overtaken == ("GOV-05",)
    assert desk.value("GOV-05") == "8"
    assert desk.take(row, GOV_05=3).stored == ("GOV-05",)
    assert desk.value("GOV-05") == "4" and row.state == "taken"


def test_a_colleague_who_answers_between_preview_and_acceptance_is_not_overwritten(desk: Desk) -> None:
    desk.answer("GOV-05", "3")
    out = filled(desk.out(), {"GOV-05": "#4"})
    row = desk.brought(out)
    assert desk.groups(out) == {"GOV-05": "changed"}
    desk.answer("GOV-05", "5", base=1, by=desk.colleague)
    done = desk.take(row, GOV_05=1)
    assert (done.stored, done.overtaken, desk.value("GOV-05")) == ((), ("GOV-05",), "5")


def test_an_emptied_cell_is_asked_about_and_never_applied_by_itself(desk: Desk) -> None:
    desk.answer("GOV-05", "3")
    desk.answer("GOV-01", ["glass"])
    out = filled(desk.out(), {"GOV-05": "", "GOV-01/option/glass": ""})
    assert desk.groups(out) == {"GOV-01": "emptied", "GOV-05": "emptied"}
    row = desk.brought(out)
    desk.take(row, "GOV-05")
    assert (desk.value("GOV-05"), desk.value("GOV-01")) == (None, ["glass"])
    set_aside(desk.session, desk.lead, row=row, assessment=desk.assessment, now=NOW)
    assert row.state == "taken" and desk.value("GOV-01") == ["glass"]


def test_a_file_of_which_nothing_was_taken_is_discarded(desk: Desk) -> None:
    row = desk.brought(filled(desk.out(), {"GOV-05": "#4"}))
    set_aside(desk.session, desk.lead, row=row, assessment=desk.assessment, now=NOW)
    assert row.state == "discarded" and desk.value("GOV-05") is None
    with pytest.raises(Refused, match="workbook_discarded"):
        set_aside(desk.session, desk.lead, row=row, assessment=desk.assessment, now=NOW)


def test_questions_that_would_not_be_asked_are_left_out(desk: Desk) -> None:
    """PQS-03 is asked where PQS-02 names a certificate: both may come from one file."""
    questionnaire = open_case(desk.session, desk.assessment).questionnaire
    keys = indicator(questionnaire, "PQS-03").depends_on
    assert keys is not None
    out = filled(desk.out(), {"PQS-02": keys.any_of[0], "PQS-03": "2027-01-31"})
    assert desk.groups(out) == {"PQS-02": "new", "PQS-03": "new"}
    alone = filled(desk.out(), {"PQS-03": "2027-01-31"})
    assert desk.groups(alone) == {"PQS-03": "closed"}
    row = desk.brought(out)
    assert desk.take(row, "PQS-03").closed == ("PQS-03",) and desk.value("PQS-03") is None
    assert desk.take(row, "PQS-02", "PQS-03").stored == ("PQS-02", "PQS-03")


def test_what_cannot_be_read_is_told_with_its_cell_and_hinders_no_other(desk: Desk) -> None:
    out = filled(
        desk.out(),
        {
            "GOV-05": "=1+1",
            "NRG-02": "1.234,5",
            "OHS-02": "１２３",
            "PQS-02": "perhaps",
            "ENV-01/none": "often",
        },
    )
    assert desk.groups(out) == {
        "GOV-05": "unreadable", "NRG-02": "unreadable", "OHS-02": "new", "PQS-02": "unreadable", "ENV-01": "unreadable",
    }  # fmt: skip
    (problem,) = desk.one(out, "GOV-05").problems
    assert (problem.code, problem.where) == ("cell_formula", "GOV Sustainability!E25")
    (problem,) = desk.one(out, "NRG-02").problems
    assert problem.code == "ambiguous_number" and problem.where.startswith("NRG Energy and green!E")
    row = desk.brought(out)
    assert desk.take(row, "GOV-05", "NRG-02", "OHS-02", "PQS-02", "ENV-01").stored == ("OHS-02",)
    assert desk.value("OHS-02") == "123"


def test_locked_answers_stay_locked(desk: Desk) -> None:
    desk.answer("GOV-05", "3")
    out = filled(desk.out(), {"GOV-05": "#4"})
    row = desk.brought(out)
    desk.assessment.state = "submitted"
    desk.session.flush()
    assert desk.groups(out) == {"GOV-05": "locked"}
    with pytest.raises(Refused, match="locked_submitted"):
        desk.take(row, "GOV-05")
    assert desk.value("GOV-05") == "3"
    assert b'locked="0"' not in desk.out()


def test_a_file_of_another_company_round_version_or_portal_is_refused(desk: Desk) -> None:
    session, mine = desk.session, desk.assessment
    other = make_supplier(session, "S-002", roles=("manufacturing", "minerals"))
    theirs = make_assessment(session, mine.round, other)
    later = make_round(session, make_staff(session, "admin"), name="Assessment 2027")
    next_year = make_assessment(session, later, mine.supplier)
    out = desk.out()

    def refusal(assessment: Assessment) -> str:
        with pytest.raises(Invalid) as told:
            read_for(session, open_case(session, assessment), out, "answers.xlsx")
        return told.value.problems[0].code

    assert refusal(theirs) == "workbook_other_company"
    assert refusal(next_year) == "workbook_other_round"
    mine.invited_at += timedelta(seconds=1)
    session.flush()
    assert refusal(mine) == "workbook_other_assessment"
    assert list(session.scalars(select(ImportedAnswer))) == []


def test_a_file_is_kept_for_the_own_company_alone(desk: Desk) -> None:
    other = make_supplier(desk.session, "S-002", roles=("manufacturing", "minerals"))
    theirs = make_assessment(desk.session, desk.assessment.round, other)
    with kept(desk, desk.out()) as one, pytest.raises(NotFound):
        add_workbook(desk.session, desk.lead, assessment=theirs, kept=one, quota=QUOTA, now=NOW)
    with kept(desk, desk.out()) as one, pytest.raises(Refused, match="quota_full"):
        add_workbook(desk.session, desk.lead, assessment=desk.assessment, kept=one, quota=10, now=NOW)


def test_a_forged_identity_does_no_harm(desk: Desk) -> None:
    """Whoever works out the checksum can name other versions and questions; that is no more than a form can post."""
    case = open_case(desk.session, desk.assessment)
    book = read_for(desk.session, case, desk.out(), "answers.xlsx")
    for versions in ({"GOV-05": "999999999"}, {f"ZZZ-{n:02}": "7" for n in range(100)}, {"GOV-05": "1"}):
        forged = replace(book, identity=replace(book.identity, versions=versions))
        assert [d.group for d in judge(desk.session, case, forged).differences] in ([], ["conflict"])
    rows = identity_rows(replace(book.identity, versions={"GOV-05": "9" * 30}))
    assert read_identity(rows, "f") == Problem("workbook_identity_changed", "f")


def test_sites_answer_in_the_workbook_too(any_desk: Desk) -> None:
    """Where sites answer a question each has rows of its own; what comes of them together is shown and not read."""
    desk, session = any_desk, any_desk.session
    sites = [
        AssessmentSite(
            assessment_id=desk.assessment.id, key=name.lower(), name=name, chosen_by_id=desk.lead.user_id, chosen_at=NOW
        )
        for name in ("North", "South")
    ]  # fmt: skip
    session.add_all(sites)
    session.flush()
    north, south = (site.id for site in sites)
    give_at(desk, north, "OHS-02", "1")
    assert desk.judged(desk.out("zh")).differences == ()
    out = filled(
        desk.out("zh"),
        {
            "OHS-02": "#9",
            f"OHS-02@{north}": "#2",
            f"OHS-02@{south}": "#3",
            f"EMW-01@{north}": "#1500",
            f"EMW-01@{north}|1": "l",
            f"NRG-03@{south}/row|1": "#12.5",
            f"LAB-02@{south}": "1,234",
        },
    )
    give_at(desk, south, "OHS-02", "0", by=desk.colleague)
    found = {d.key: d.group for d in desk.judged(out).differences}
    assert found == {
        f"OHS-02@{north}": "changed", f"OHS-02@{south}": "conflict", f"EMW-01@{north}": "new",
        f"NRG-03@{south}": "new", f"LAB-02@{south}": "unreadable",
    }  # fmt: skip
    row = desk.brought(out)
    wanted = {
        f"OHS-02@{north}": 1,
        f"EMW-01@{north}": 0,
        f"NRG-03@{south}": 0,
        f"OHS-02@{south}": 0,
        "OHS-02": 0,
    }
    case = open_case(session, desk.assessment)
    book = read_workbook(session, desk.vault, row, case)
    done = take_over(
        session, desk.lead, row=row, book=book, wanted=wanted, sites_seen=site_ids(case), now=NOW
    )
    assert done.stored == (f"OHS-02@{north}", f"EMW-01@{north}", f"NRG-03@{south}")
    assert done.overtaken == (f"OHS-02@{south}",) and not done.finished
    rows = site_answers_of(session, desk.assessment.id).rows
    taken = rows[north]["EMW-01"]
    assert (taken.value, taken.typed, taken.unit, taken.origin) == ("1.5", "1500", "l", "imported")
    assert (rows[north]["OHS-02"].value, rows[south]["OHS-02"].value) == ("2", "0")
    assert open_case(session, desk.assessment).answers["OHS-02"] == 2
    assert {t.row_key for t in imported_answers_of(session, row.id)} == set(done.stored)


def give_at(desk: Desk, site_id: int, code: str, raw: object, by: Actor | None = None) -> None:
    """One site answers one question on the form."""
    save_site_answer(
        desk.session, by or desk.lead, assessment=desk.assessment, case=open_case(desk.session, desk.assessment),
        site_id=site_id, code=code, given=Given(raw, None, 0), now=NOW,
    )  # fmt: skip
