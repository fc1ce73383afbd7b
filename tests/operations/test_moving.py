"""Moving a draft to a newer version: only where the buyer allows it, previewed, nothing typed lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.files.questionnaires import find_questionnaire
from portal.operations.answering import Given, save_answer, save_site_answer
from portal.operations.carrying import Source, carry_answers
from portal.operations.confirming import confirm_answers
from portal.operations.moving import move_version, offered_versions, preview_move
from portal.operations.reviewing import release_assessment
from portal.operations.rounds import open_round
from portal.operations.scoring import open_case
from portal.operations.versions import allow_version, newer_versions, versions_between
from portal.store.answers import Answer, AnswerChange, answers_of
from portal.store.assessments import Assessment, Round
from portal.store.carrying import carried_of, carryings_of
from portal.store.engine import writing
from portal.store.evidence import links_of
from portal.store.journal import entries_about
from portal.store.people import User
from portal.store.site_answers import AssessmentSite, SiteAnswer, SiteAnswerChange
from portal.store.together import ColleagueNote
from tests.make.assessments import VERSION, give, link_evidence, make_assessment
from tests.make.people import actor_of, make_member, make_staff, make_supplier

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
NEWER = "sustainability/2027.0-draft"


class Draft:
    """A supplier's draft in a trial round over 2026.1."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.manager = actor_of(make_staff(session))
        self.round = _open(session, self.manager, trial=True)
        supplier = make_supplier(session)
        self.user: User = make_member(session, supplier)
        self.lead: Actor = actor_of(self.user, supplier)
        self.assessment: Assessment = make_assessment(session, self.round, supplier)

    def give(self, code: str, raw: object) -> None:
        give(self.session, self.lead, self.assessment, code, raw)

    def allow(self) -> None:
        allow_version(self.session, self.manager, round_id=self.round.id, questionnaire=NEWER, now=NOW)


def _open(session: Session, manager: Actor, *, trial: bool, questionnaire: str = VERSION) -> Round:
    return open_round(
        session, manager, name=f"Round {trial} {questionnaire}", questionnaire=questionnaire,
        period_start=date(2026, 1, 1), period_end=date(2026, 12, 31), deadline_on=date(2026, 12, 31),
        trial=trial, now=NOW,
    )  # fmt: skip


@pytest.fixture
def draft(session: Session) -> Draft:
    return Draft(session)


@pytest.fixture
def both(any_engine: Engine) -> Iterator[Draft]:
    with writing(any_engine) as session:
        yield Draft(session)


def test_each_answer_goes_where_the_version_says(both: Draft) -> None:
    session, assessment = both.session, both.assessment
    for code, raw in (
        ("GOV-02", "senior_executive"),
        ("GOV-06", "public"),
        ("OHS-07", "own_inspection"),
        ("ZCF-05", "no_offsets"),
        ("NRG-02", "72"),
        ("INF-02", ["policy"]),
    ):
        both.give(code, raw)
    file = link_evidence(session, assessment, "OHS-07", both.user)
    link_evidence(session, assessment, "ZCF-05", both.user, name="offsets.pdf")
    session.add(
        ColleagueNote(
            assessment_id=assessment.id, indicator="OHS-07", number=1, kind="note", text="Ask Li.",
            written_by_id=both.user.id, written_at=NOW,
        )
    )  # fmt: skip
    both.allow()
    told = {m.code: m.outcome for m in preview_move(session, assessment=assessment, to=NEWER)}
    assert list(told) == ["GOV-02", "GOV-06", "INF-02", "OHS-08", "OHS-09", "NRG-02", "ZCF-05"]
    assert told == {
        "GOV-02": "kept",
        "GOV-06": "to_confirm",
        "INF-02": "to_confirm",
        "OHS-08": "renamed",
        "OHS-09": "again",
        "NRG-02": "kept",
        "ZCF-05": "dropped",
    }
    assert assessment.questionnaire == VERSION and "OHS-07" in answers_of(session, assessment.id)
    done = move_version(session, both.lead, assessment=assessment, to=NEWER, now=NOW)
    assert {m.code: m.outcome for m in done} == told
    rows = answers_of(session, assessment.id)
    assert set(rows) == {"GOV-02", "GOV-06", "INF-02", "OHS-08", "NRG-02"}
    assert {c for c, r in rows.items() if not r.confirmed} == {"GOV-06", "INF-02", "OHS-08"}
    assert (rows["NRG-02"].value, rows["NRG-02"].typed, rows["OHS-08"].value) == (
        "72",
        "72",
        "own_inspection",
    )
    assert [link.evidence_id for link in links_of(session, assessment.id)["OHS-08"]] == [file.id]
    assert set(links_of(session, assessment.id)) == {"OHS-08"}
    assert session.scalars(select(ColleagueNote.indicator)).all() == ["OHS-08"]
    beside = carried_of(session, assessment.id)["OHS-09"]
    assert (beside.outcome, beside.value, beside.source_indicator) == ("beside", "own_inspection", "OHS-07")
    assert carried_of(session, assessment.id)["ZCF-05"].outcome == "dropped"
    assert carryings_of(session, assessment.id)[0].kind == "version"
    # what left is still in the history
    kept = session.scalars(select(AnswerChange.value).where(AnswerChange.indicator == "ZCF-05")).all()
    assert kept == ["no_offsets"]
    assert "assessment.version_moved" in {
        e.action for e in entries_about(session, "assessment", assessment.id)
    }
    assert open_case(session, assessment).questionnaire == find_questionnaire(NEWER)


def test_a_draft_is_pinned_until_the_buyer_allows_and_only_while_a_draft(draft: Draft) -> None:
    session, assessment = draft.session, draft.assessment
    draft.give("GOV-02", "none")

    def refused() -> str:
        with pytest.raises(Refused) as error:
            move_version(session, draft.lead, assessment=assessment, to=NEWER, now=NOW)
        return error.value.problem.code

    assert refused() == "version_not_allowed" and offered_versions(session, assessment) == []
    draft.allow()
    draft.allow()
    assert offered_versions(session, assessment) == [NEWER]
    for state, code in (("submitted", "locked_submitted"), ("returned", "carry_draft_only")):
        assessment.state = state
        session.flush()
        assert refused() == code and offered_versions(session, assessment) == []
    assessment.state = "in_progress"
    session.flush()
    move_version(session, draft.lead, assessment=assessment, to=NEWER, now=NOW)
    assert refused() == "version_not_allowed" and offered_versions(session, assessment) == []


def test_a_save_made_from_the_old_version_is_refused(draft: Draft) -> None:
    session, assessment = draft.session, draft.assessment
    stale = open_case(session, assessment)
    draft.allow()
    move_version(session, draft.lead, assessment=assessment, to=NEWER, now=NOW)
    with pytest.raises(Refused) as refused:
        save_answer(
            session, draft.lead, assessment=assessment, case=stale, code="OHS-07",
            given=Given("own_inspection", None, 0), now=NOW,
        )  # fmt: skip
    assert refused.value.problem.code == "version_moved"
    assert answers_of(session, assessment.id) == {}


def test_what_cannot_be_read_stays_as_typed(draft: Draft) -> None:
    session, assessment = draft.session, draft.assessment
    draft.give("NRG-02", "about 70")
    draft.give("GOV-06", "public")
    row = answers_of(session, assessment.id)["GOV-06"]
    row.value, row.typed, row.problem = (
        None,
        "pub",
        [{"code": "option_unknown", "where": "GOV-06", "values": {}}],
    )
    session.flush()
    draft.allow()
    move_version(session, draft.lead, assessment=assessment, to=NEWER, now=NOW)
    rows = answers_of(session, assessment.id)
    assert (rows["NRG-02"].typed, rows["GOV-06"].typed) == ("about 70", "pub")


def test_answers_of_the_year_before_arrive_in_the_newer_version_too(draft: Draft) -> None:
    session, assessment = draft.session, draft.assessment
    draft.allow()
    move_version(session, draft.lead, assessment=assessment, to=NEWER, now=NOW)
    source = Source(
        "Round 2025",
        VERSION,
        ("manufacturing",),
        {"OHS-07": "own_inspection", "ZCF-05": "no_offsets", "NRG-02": "40"},
    )
    done = carry_answers(session, draft.lead, assessment=assessment, source=source, now=NOW)
    assert (done.carried, done.beside, done.dropped) == (("OHS-08",), ("OHS-09", "NRG-02"), ("ZCF-05",))


def test_versions_and_trial_rounds(draft: Draft) -> None:
    session = draft.session
    assert [q.version for q in versions_between(VERSION, NEWER) or ()] == ["2026.1", "2027.0-draft"]
    assert versions_between(NEWER, VERSION) is None and versions_between("x/1", NEWER) is None
    assert [q.version for q in newer_versions(VERSION, drafts=True)] == ["2027.0-draft"]
    assert newer_versions(VERSION, drafts=False) == []
    with pytest.raises(Refused) as refused:
        _open(session, draft.manager, trial=False, questionnaire=NEWER)
    assert refused.value.problem.code == "version_draft_only_trial"
    assert _open(session, draft.manager, trial=True, questionnaire=NEWER).trial
    real = _open(session, draft.manager, trial=False)
    for version, code in ((NEWER, "version_draft_only_trial"), (VERSION, "version_not_newer")):
        with pytest.raises(Refused) as refused:
            allow_version(session, draft.manager, round_id=real.id, questionnaire=version, now=NOW)
        assert refused.value.problem.code == code
    with pytest.raises(NotFound):
        allow_version(session, draft.manager, round_id=999, questionnaire=NEWER, now=NOW)
    with pytest.raises(NotFound):
        allow_version(
            session, draft.manager, round_id=real.id, questionnaire="sustainability/1999.1", now=NOW
        )


def test_nothing_of_a_trial_is_released(draft: Draft) -> None:
    draft.assessment.state = "reviewed"
    draft.session.flush()
    with pytest.raises(Refused) as refused:
        release_assessment(
            draft.session, draft.manager, assessment_id=draft.assessment.id, today=NOW.date(), now=NOW
        )
    assert refused.value.problem.code == "trial_not_released"
    assert draft.session.scalars(select(Answer)).all() == []


def test_what_sites_answered_moves_along(draft: Draft) -> None:
    session, assessment = draft.session, draft.assessment
    site = AssessmentSite(
        assessment_id=assessment.id, key="hefei", name="Hefei", chosen_by_id=draft.user.id, chosen_at=NOW
    )
    session.add(site)
    session.flush()
    for code, raw in (("OHS-07", "own_inspection"), ("ZCF-05", "no_offsets")):
        save_site_answer(
            session, draft.lead, assessment=assessment, case=open_case(session, assessment), site_id=site.id,
            code=code, given=Given(raw, None, 0), now=NOW,
        )  # fmt: skip
    draft.allow()
    told = {(m.site, m.code): m.outcome for m in preview_move(session, assessment=assessment, to=NEWER)}
    assert told == {
        ("Hefei", "OHS-08"): "renamed", ("Hefei", "OHS-09"): "again", ("Hefei", "ZCF-05"): "dropped",
    }  # fmt: skip
    move_version(session, draft.lead, assessment=assessment, to=NEWER, now=NOW)
    rows = session.scalars(select(SiteAnswer)).all()
    assert [(r.indicator, r.value, r.confirmed, r.site_id) for r in rows] == [
        ("OHS-08", "own_inspection", False, site.id)
    ]
    kept = session.scalars(select(SiteAnswerChange.indicator).order_by(SiteAnswerChange.id)).all()
    assert kept == ["OHS-07", "ZCF-05", "OHS-08"]
    confirm_answers(session, draft.lead, assessment=assessment, seen={"OHS-08": 0}, now=NOW)
    assert session.scalars(select(SiteAnswer.confirmed)).all() == [True]
    assert open_case(session, assessment).unconfirmed == frozenset()
