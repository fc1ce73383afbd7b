"""A draft moves to a newer version between a colleague's page and the change it asks for: nothing is judged by the older one.

SQLite's writers wait for each other from the start, so only PostgreSQL can come between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.operations.evidence_answers import place_evidence
from portal.operations.moving import move_version
from portal.operations.rounds import open_round
from portal.operations.submitting import submit_assessment
from portal.operations.versions import allow_version
from portal.store.assessments import Assessment, Submission, assessment_of
from portal.store.engine import writing
from portal.store.evidence import Evidence, EvidenceLink
from tests.conftest import fresh_postgres
from tests.make.assessments import VERSION, close_gaps, give, link_evidence, make_assessment
from tests.make.people import actor_of, make_member, make_staff, make_supplier

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
NEWER = "sustainability/2027.0-draft"
pytestmark = pytest.mark.postgres


class Draft:
    """A finished draft of 2026.1 that may move, by ids, with two sessions that look at it at once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with writing(engine) as session:
            manager = actor_of(make_staff(session))
            opened = open_round(
                session, manager, name="Round", questionnaire=VERSION, period_start=date(2026, 1, 1),
                period_end=date(2026, 12, 31), deadline_on=date(2026, 12, 31), trial=True, now=NOW,
            )  # fmt: skip
            supplier = make_supplier(session, roles=("manufacturing",))
            user = make_member(session, supplier)
            self.lead: Actor = actor_of(user, supplier)
            assessment = make_assessment(session, opened, supplier)
            give(session, self.lead, assessment, "GOV-01", ["glass"])
            give(session, self.lead, assessment, "GOV-02", "senior_executive")
            close_gaps(session, self.lead, assessment, user)
            link_evidence(session, assessment, "ENV-01", user, name="other.pdf")
            allow_version(session, manager, round_id=opened.id, questionnaire=NEWER, now=NOW)
            self.supplier_id, self.id = supplier.id, assessment.id
            session.commit()

    def seen(self, session: Session) -> Assessment:
        found = assessment_of(session, self.supplier_id, self.id)
        assert found is not None and found.questionnaire == VERSION
        return found

    def move(self) -> None:
        with writing(self.engine) as session:
            move_version(session, self.lead, assessment=self.seen(session), to=NEWER, now=NOW)
            session.commit()


@pytest.fixture
def draft(postgres_url: str, migrated_postgres: str) -> Iterator[Draft]:
    engine = fresh_postgres(postgres_url, migrated_postgres)
    yield Draft(engine)
    engine.dispose()


def test_what_is_sent_is_judged_by_the_version_the_draft_has_then(draft: Draft) -> None:
    with writing(draft.engine) as session:
        mine = draft.seen(session)
        draft.move()
        try:
            submit_assessment(session, draft.lead, assessment=mine, now=NOW)
        except Refused as refusal:
            assert refusal.problem.code == "gaps_block"  # the newer version asks more
            session.rollback()
        else:
            session.commit()
    with writing(draft.engine) as session:
        for sent in session.scalars(select(Submission)):
            assert json.loads(sent.content)["questionnaire"] == NEWER


def test_a_file_is_not_put_behind_a_question_that_is_gone(draft: Draft) -> None:
    with writing(draft.engine) as session:
        file = session.scalars(select(Evidence)).first()
        assert file is not None
        mine = draft.seen(session)  # held, as a page holds it
        draft.move()
        with pytest.raises(NotFound):
            place_evidence(
                session,
                draft.lead,
                evidence_id=file.id,
                assessment_id=mine.id,
                wanted=["ZCF-05"],
                seen=[],
                now=NOW,
            )
        session.rollback()
    with writing(draft.engine) as session:
        assert "ZCF-05" not in session.scalars(select(EvidenceLink.indicator)).all()
