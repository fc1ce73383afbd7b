"""Who does what, notes between colleagues, the lead's look: rules, versions, locks. What runs at once is on both databases."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.operations.answering import Given, save_site_answer
from portal.operations.assessment_sites import ChosenSite, choose_sites
from portal.operations.assigning import Wanted, assign_work
from portal.operations.colleague_notes import LONGEST, settle_thread, write_note
from portal.operations.looking import difference, look_at_topic, topic_as_it_stands
from portal.operations.scoring import open_case
from portal.operations.sites import SitePlace, add_site
from portal.operations.supplier_access import end_access, restore_access
from portal.store.assessments import Assessment
from portal.store.engine import reading, writing
from portal.store.journal import JournalEntry
from portal.store.people import Membership, User
from portal.store.standings import journal_of_supplier
from portal.store.together import (
    AMONG_COLLEAGUES,
    ColleagueNote,
    assignment_rows,
    assignments_of,
    looks_of,
    thread_of,
    threads_of,
)
from tests.make.assessments import give, link_evidence, make_assessment, make_round
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.sharing import assign, look

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


class Team:
    """Two leads and a contributor of one supplier, and their assessment."""

    def __init__(self, session: Session) -> None:
        self.supplier = make_supplier(session, roles=("manufacturing",))
        users = [
            make_member(session, self.supplier),
            make_member(session, self.supplier, email="second@s-001.example"),
            make_member(session, self.supplier, "contributor"),
        ]
        users[1].name = "Second Lead"
        self.users: list[User] = users
        self.lead, self.second = (actor_of(user, self.supplier) for user in users[:2])
        self.helper = actor_of(users[2], self.supplier, "contributor")
        self.staff = make_staff(session)
        self.assessment = make_assessment(session, make_round(session, self.staff), self.supplier)


@pytest.fixture
def team(session: Session) -> Team:
    return Team(session)


def codes(caught: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(p.code, p.where) for p in caught.value.problems]


def held(session: Session, team: Team) -> dict[str, tuple[int | None, date | None]]:
    rows = assignments_of(session, team.assessment.id)
    return {subject: (row.person_id, row.due_on) for subject, row in rows.items()}


def test_a_topic_and_a_question_are_given_passed_on_and_taken_back(session: Session, team: Team) -> None:
    helper, second = team.helper.user_id, team.second.user_id
    assign(session, team.lead, team.assessment, "NRG", helper, now=NOW)
    assign(session, team.lead, team.assessment, "NRG-02", second, now=NOW, due="2026-11-30")
    assert held(session, team) == {
        "NRG": (helper, date(2026, 12, 1)),
        "NRG-02": (second, date(2026, 11, 30)),
    }
    assign(session, team.lead, team.assessment, "NRG-02", helper, now=NOW, due="2026-11-30")
    assign(session, team.lead, team.assessment, "NRG", None, now=NOW)
    assert held(session, team) == {"NRG-02": (helper, date(2026, 11, 30))}
    actions = [
        (e.action, e.details["subject"])
        for e in session.scalars(
            select(JournalEntry).where(JournalEntry.thing == "assignment").order_by(JournalEntry.id)
        )
    ]
    assert actions == [
        ("work.assigned", "NRG"), ("work.assigned", "NRG-02"), ("work.assigned", "NRG-02"), ("work.taken_back", "NRG"),
    ]  # fmt: skip


def test_what_stands_already_changes_nothing(session: Session, team: Team) -> None:
    assert assign(session, team.lead, team.assessment, "NRG", team.helper.user_id, now=NOW) == ("NRG",)
    assert assign(session, team.second, team.assessment, "NRG", team.helper.user_id, now=NOW, base=0) == ()
    assert assign(session, team.second, team.assessment, "CDS", None, now=NOW, base=0) == ()
    assert assignment_rows(session, team.assessment.id)["NRG"].version == 1


@pytest.mark.parametrize(
    ("due", "code"),
    [
        ("", "assign_day_missing"),
        ("soon", "assign_day_unreadable"),
        ("2026-11-20", "assign_day_past"),
        ("2026-12-16", "assign_after_deadline"),
    ],
)
def test_a_day_must_be_a_day_to_come_within_the_round(
    session: Session, team: Team, due: str, code: str
) -> None:
    good = Wanted(team.helper.user_id, "2026-11-21", False, 0)
    bad = Wanted(team.helper.user_id, due, False, 0)
    case = open_case(session, team.assessment)
    with pytest.raises(Invalid) as caught:
        assign_work(
            session, team.lead, case=case, wanted={"GOV": good, "NRG": bad}, today=NOW.date(), now=NOW
        )
    assert codes(caught) == [(code, "NRG")]
    assert held(session, team) == {}


def test_a_day_after_the_deadline_stands_when_it_is_meant(session: Session, team: Team) -> None:
    assign(session, team.lead, team.assessment, "NRG", team.helper.user_id, now=NOW, due="2026-12-16", late=True)  # fmt: skip
    assert held(session, team)["NRG"][1] == date(2026, 12, 16)


def test_nobody_of_another_company_and_nothing_unknown(session: Session, team: Team) -> None:
    stranger = make_member(session, make_supplier(session, "S-002"))
    for subject, person in (("NRG", stranger.id), ("NRG", team.staff.id), ("NRG", 10**6), ("XXX-01", 1), ("NRG-08", 1)):  # fmt: skip
        with pytest.raises(NotFound):
            assign(session, team.lead, team.assessment, subject, person, now=NOW)
    assert held(session, team) == {}


def test_a_sent_assessment_is_closed_to_plans_and_looks(session: Session, team: Team) -> None:
    team.assessment.state = "submitted"
    session.flush()
    with pytest.raises(Refused, match="locked_submitted"):
        assign(session, team.lead, team.assessment, "NRG", team.helper.user_id, now=NOW)
    with pytest.raises(Refused, match="locked_submitted"):
        look(session, team.lead, team.assessment, "NRG", now=NOW)


def test_who_saves_second_sees_who_was_first(session: Session, team: Team) -> None:
    assign(session, team.lead, team.assessment, "NRG", team.helper.user_id, now=NOW)
    with pytest.raises(Invalid) as caught:
        assign(session, team.second, team.assessment, "NRG", team.second.user_id, now=NOW, base=0)
    assert codes(caught) == [("assigned_meanwhile", "NRG")]
    assert caught.value.problems[0].values["person"] == team.users[2].name
    assign(session, team.lead, team.assessment, "NRG", None, now=NOW)
    with pytest.raises(Invalid) as caught:
        assign(session, team.second, team.assessment, "NRG", team.second.user_id, now=NOW, base=1)
    assert codes(caught) == [("taken_back_meanwhile", "NRG")]


def test_ended_access_frees_everything_of_that_person_here_only(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        team = Team(session)
        older = make_assessment(session, make_round(session, team.staff, name="Older"), team.supplier)
        elsewhere = make_supplier(session, "S-002", roles=("manufacturing",))
        other = make_assessment(session, make_round(session, team.staff, name="Other"), elsewhere)
        their_lead = actor_of(make_member(session, elsewhere), elsewhere)
        helper = team.helper.user_id or 0
        session.add(Membership(user_id=helper, supplier_id=elsewhere.id, role="contributor", created_at=NOW))
        session.flush()
        for one, subject in ((team.assessment, "NRG"), (team.assessment, "GOV-02"), (older, "GOV")):
            assign(session, team.lead, one, subject, helper, now=NOW)
        assign(session, team.lead, team.assessment, "CDS", team.second.user_id, now=NOW)
        assign(session, their_lead, other, "NRG", helper, now=NOW)
        end_access(session, team.lead, supplier_id=team.supplier.id, user_id=helper, now=NOW)
        session.expire_all()
        assert set(held(session, team)) == {"CDS"} and assignments_of(session, older.id) == {}
        assert set(assignments_of(session, other.id)) == {"NRG"}
        with pytest.raises(Invalid) as caught:
            assign(session, team.lead, team.assessment, "NRG", helper, now=NOW)
        assert codes(caught) == [("colleague_gone", "NRG")]
        restore_access(session, team.lead, supplier_id=team.supplier.id, user_id=helper, now=NOW)
        assert set(held(session, team)) == {"CDS"}
        assign(session, team.lead, team.assessment, "NRG", helper, now=NOW)


def at_once(engine: Engine, *works: Callable[[Session], None]) -> list[Exception | None]:
    """Run each work in its own session at the same moment; what each raised, None for none."""
    start = threading.Barrier(len(works))
    ended: list[Exception | None] = [None] * len(works)

    def run(number: int, work: Callable[[Session], None]) -> None:
        start.wait()
        try:
            with writing(engine) as session:
                work(session)
                session.commit()
        except Exception as error:
            ended[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


@pytest.mark.parametrize("base", [0, 1])
def test_two_leads_at_once_one_wins_and_the_other_is_told(any_engine: Engine, base: int) -> None:
    with writing(any_engine) as session:
        team = Team(session)
        number, helper, second = team.assessment.id, team.helper.user_id, team.second.user_id
        if base:
            assign(session, team.lead, team.assessment, "NRG", helper, now=NOW, due="2026-12-09")
        session.commit()

    def give_to(actor: Actor, person: int | None) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            one = session.get_one(Assessment, number)
            assign(session, actor, one, "NRG", person, now=NOW, base=base)

        return work

    ended = at_once(any_engine, give_to(team.lead, helper), give_to(team.second, second))
    lost = [error for error in ended if error is not None]
    assert len(lost) == 1 and isinstance(lost[0], Invalid)
    assert [p.code for p in lost[0].problems] == ["assigned_meanwhile"]
    with reading(any_engine) as session:
        row = assignment_rows(session, number)["NRG"]
        assert row.person_id == (helper if ended[0] is None else second) and row.version == base + 1


def test_work_given_while_access_ends_never_stays_with_the_one_who_left(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        team = Team(session)
        number, supplier, helper = team.assessment.id, team.supplier.id, team.helper.user_id or 0
        session.commit()

    def give_it(session: Session) -> None:
        assign(session, team.lead, session.get_one(Assessment, number), "NRG", helper, now=NOW)

    def end_it(session: Session) -> None:
        end_access(session, team.second, supplier_id=supplier, user_id=helper, now=NOW)

    for _round in range(3):
        ended = at_once(any_engine, give_it, end_it)
        assert ended[1] is None and (ended[0] is None or isinstance(ended[0], Invalid))
        with writing(any_engine) as session:
            assert assignments_of(session, number) == {}
            restore_access(session, team.lead, supplier_id=supplier, user_id=helper, now=NOW)
            session.commit()


def test_a_thread_is_written_resolved_and_opened_again(session: Session, team: Team) -> None:
    case = open_case(session, team.assessment)
    first = write_note(session, team.helper, case=case, code="GOV-02", text=" Who signs?\r\nThe board? ", now=NOW)  # fmt: skip
    assert (first.number, first.text) == (1, "Who signs?\nThe board?")
    settle_thread(session, team.lead, case=case, code="GOV-02", resolved=True, base=1, now=NOW)
    assert threads_of(session, team.assessment.id)["GOV-02"].open is False
    settle_thread(session, team.helper, case=case, code="GOV-02", resolved=False, base=2, now=NOW)
    settle_thread(session, team.lead, case=case, code="GOV-02", resolved=True, base=3, now=NOW)
    write_note(session, team.helper, case=case, code="GOV-02", text="Still not signed", now=NOW)
    thread = threads_of(session, team.assessment.id)["GOV-02"]
    assert thread.open and thread.notes == 2
    lines = thread_of(session, team.assessment.id, "GOV-02")
    assert [line.kind for line in lines] == ["note", "resolved", "reopened", "resolved", "note"]


def test_the_same_note_twice_is_one_and_settling_twice_too(session: Session, team: Team) -> None:
    case = open_case(session, team.assessment)
    for _press in range(2):
        write_note(session, team.helper, case=case, code="GOV-02", text="Who signs?", now=NOW)
    for _press in range(2):
        settle_thread(session, team.lead, case=case, code="GOV-02", resolved=True, base=1, now=NOW)
    assert len(thread_of(session, team.assessment.id, "GOV-02")) == 2
    write_note(session, team.lead, case=case, code="GOV-02", text="Who signs?", now=NOW)
    assert len(thread_of(session, team.assessment.id, "GOV-02")) == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [(" \n ", "note_missing"), ("x" * (LONGEST + 1), "note_too_long"), ("a\x00b", "text_unprintable")],
)
def test_what_is_no_note_is_refused(session: Session, team: Team, text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        write_note(session, team.helper, case=open_case(session, team.assessment), code="GOV-02", text=text, now=NOW)  # fmt: skip
    assert codes(caught) == [(code, "text")]
    assert threads_of(session, team.assessment.id) == {}


def test_nobody_resolves_what_they_have_not_read(session: Session, team: Team) -> None:
    case = open_case(session, team.assessment)
    write_note(session, team.helper, case=case, code="GOV-02", text="One", now=NOW)
    theirs = write_note(session, team.second, case=case, code="GOV-02", text="Two", now=NOW)
    with pytest.raises(Conflict) as caught:
        settle_thread(session, team.lead, case=case, code="GOV-02", resolved=True, base=1, now=NOW)
    assert caught.value.theirs is theirs
    with pytest.raises(NotFound):
        settle_thread(session, team.lead, case=case, code="GOV-03", resolved=True, base=0, now=NOW)
    with pytest.raises(NotFound):
        write_note(session, team.lead, case=case, code="NRG-08", text="x", now=NOW)


def test_notes_at_once_lose_no_line(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        team = Team(session)
        number = team.assessment.id
        session.commit()

    def noting(actor: Actor, text: str) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            case = open_case(session, session.get_one(Assessment, number))
            write_note(session, actor, case=case, code="GOV-02", text=text, now=NOW)

        return work

    texts = {"a", "b", "c"}
    actors = (team.lead, team.second, team.helper)
    ended = at_once(any_engine, *(noting(a, t) for a, t in zip(actors, sorted(texts), strict=True)))
    assert ended == [None] * 3
    with reading(any_engine) as session:
        lines = session.scalars(select(ColleagueNote).order_by(ColleagueNote.number)).all()
        assert [line.number for line in lines] == [1, 2, 3] and {line.text for line in lines} == texts


def test_a_look_holds_what_stood_and_what_changed_since_is_known(session: Session, team: Team) -> None:
    give(session, team.helper, team.assessment, "GOV-02", "none")
    first = look(session, team.lead, team.assessment, "GOV", now=NOW)
    before = first.seen
    give(session, team.helper, team.assessment, "GOV-02", "senior_executive", base=1)
    link_evidence(session, team.assessment, "GOV-03", team.users[2])
    second = look(session, team.second, team.assessment, "GOV", now=NOW)
    changed = {code for code, mark in second.seen.items() if before.get(code) != mark}
    assert changed == {"GOV-02", "GOV-03"}
    assert looks_of(session, team.assessment.id)["GOV"].looked_by_id == team.second.user_id


def test_a_look_sees_what_each_site_answers_and_says_what_kind_of_change_it_was(
    session: Session, team: Team
) -> None:
    for name in ("Chuzhou", "Hefei"):
        add_site(session, team.lead, place=SitePlace(name, "CN"), now=NOW)
    wanted = [ChosenSite("chuzhou", "3"), ChosenSite("hefei", "1")]
    one = team.assessment
    sites = choose_sites(session, team.lead, assessment=one, chosen=wanted, unit="MWp", now=NOW)

    def at(site: int, raw: str, base: int) -> None:
        case, given = open_case(session, one), Given(raw, None, base)
        save_site_answer(
            session, team.helper, assessment=one, case=case, site_id=sites[site].id, code="EMW-01", given=given, now=NOW
        )  # fmt: skip

    at(0, "100", 0)
    at(1, "20", 0)
    seen = look(session, team.lead, one, "EMW", now=NOW).seen
    assert difference(seen["EMW-01"], topic_as_it_stands(session, one, "EMW")["EMW-01"]) == ""
    at(0, "90", 1)
    at(1, "30", 1)
    stands = topic_as_it_stands(session, one, "EMW")
    assert open_case(session, one).answers["EMW-01"] == 120
    assert difference(seen["EMW-01"], stands["EMW-01"]) == "sites"
    link_evidence(session, one, "EMW-02", team.users[2])
    stands = topic_as_it_stands(session, one, "EMW")
    assert difference(seen["EMW-02"], stands["EMW-02"]) == "files"
    assert difference(None, "") == "new" and difference("1/", "2/") == "answer"


def test_what_nobody_has_seen_is_never_noted_as_looked_at(session: Session, team: Team) -> None:
    with pytest.raises(Conflict):
        look_at_topic(session, team.lead, assessment=team.assessment, code="GOV", shown="", now=NOW)
    with pytest.raises(NotFound):
        look_at_topic(session, team.lead, assessment=team.assessment, code="XXX", shown="", now=NOW)
    assert looks_of(session, team.assessment.id) == {}


def test_the_journal_the_buyer_reads_has_nothing_of_it_and_no_entry_has_the_words(
    session: Session, team: Team
) -> None:
    case = open_case(session, team.assessment)
    write_note(session, team.helper, case=case, code="GOV-02", text="planted heron", now=NOW)
    settle_thread(session, team.lead, case=case, code="GOV-02", resolved=True, base=1, now=NOW)
    assign(session, team.lead, team.assessment, "NRG", team.helper.user_id, now=NOW)
    look(session, team.lead, team.assessment, "GOV", now=NOW)
    end_access(session, team.lead, supplier_id=team.supplier.id, user_id=team.helper.user_id or 0, now=NOW)
    every = session.scalars(select(JournalEntry)).all()
    assert {e.thing for e in every} >= set(AMONG_COLLEAGUES)
    assert all("planted heron" not in json.dumps(e.details) for e in every)
    shown = journal_of_supplier(session, team.supplier.id)
    assert {e.action for e in shown} == {"access.ended"}
