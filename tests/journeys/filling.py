"""What a test does behind the browser: fills the rest of a long assessment on the same database and vault, looks ids up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.questionnaire.model import indicators_of
from portal.demo.answering import answers_for
from portal.demo.companies import Company
from portal.operations.answering import Given, save_page
from portal.operations.evidence import link_evidence
from portal.operations.judging import open_review
from portal.operations.reviewing import decide
from portal.operations.scoring import open_case
from portal.settings import Settings
from portal.store.answers import answers_of
from portal.store.assessments import Assessment
from portal.store.engine import open_engine, reading, writing
from portal.store.people import user_by_email

# Answers of a middling company without a red flag; only glass, so that the other materials' questions stay closed.
GLASSWORKS = Company(
    "GL-77",
    "Lanternfield Glass (invented)",
    "灯野玻璃（虚构）",
    "CN",
    ("manufacturing",),
    ("glass",),
    ("glass",),
    0.62,
    "submitted",
)


@dataclass(frozen=True)
class Draft:
    """The draft to be filled: assessment, and the lead who answers."""

    assessment_id: int
    email: str


@contextmanager
def looking(settings: Settings) -> Iterator[Session]:
    """A reading session on the running portal's database."""
    engine = open_engine(settings.database_url)
    with reading(engine) as session:
        yield session
    engine.dispose()


@contextmanager
def changing(settings: Settings) -> Iterator[Session]:
    """A writing session on the running portal's database, committed at the end; keep it short."""
    engine = open_engine(settings.database_url)
    with writing(engine) as session:
        yield session
        session.commit()
    engine.dispose()


def answer_the_rest(settings: Settings, draft: Draft) -> None:
    """Answer every open question that has no answer yet; what was answered in the browser stays."""
    while True:
        with changing(settings) as session:
            lead, assessment = _who_and_what(session, draft)
            case = open_case(session, assessment)
            raw = answers_for(case.questionnaire, GLASSWORKS, year=2025)
            there = answers_of(session, assessment.id)
            missing = {code: Given(raw[code], None, 0) for code in case.path.open if code not in there}
            if not missing:
                return
            save_page(session, lead, assessment=assessment, case=case, given=missing, now=datetime.now(UTC))


def link_everywhere(settings: Settings, draft: Draft, evidence_id: int) -> None:
    """Put a file of the library behind every answer that asks for evidence and has none yet."""
    with changing(settings) as session:
        lead, assessment = _who_and_what(session, draft)
        case = open_case(session, assessment)
        for indicator in indicators_of(case.questionnaire):
            open_ = indicator.evidence == "required" and indicator.code in case.path.open
            if open_ and indicator.code not in case.evidence:
                link_evidence(
                    session,
                    lead,
                    assessment_id=assessment.id,
                    indicator=indicator.code,
                    evidence_ids=[evidence_id],
                    now=datetime.now(UTC),
                )


def accept_what_is_left(settings: Settings, assessment_id: int, email: str) -> None:
    """Decide the rest of a review the way the buttons do: accept everything that still needs a judgement."""
    with changing(settings) as session:
        user = user_by_email(session, email)
        assert user is not None
        manager = Actor(user_id=user.id, name=user.name, role="manager")
        review = open_review(session, session.get_one(Assessment, assessment_id))
        assert review is not None
        for code in review.undecided:
            decide(
                session,
                manager,
                assessment_id=assessment_id,
                indicator=code,
                kind="accepted",
                reason="",
                now=datetime.now(UTC),
            )


def pdf_file(title: str, lines: int = 3) -> bytes:
    """A real PDF of one page."""
    stream = BytesIO()
    page = Canvas(stream, pagesize=(595, 842))
    for number in range(lines):
        page.drawString(
            72, 760 - 20 * number, f"{title}: line {number + 1}, made for a test, certifies nothing"
        )
    page.save()
    return stream.getvalue()


def _who_and_what(session: Session, draft: Draft) -> tuple[Actor, Assessment]:
    assessment = session.get_one(Assessment, draft.assessment_id)
    user = user_by_email(session, draft.email)
    assert user is not None
    lead = Actor(user_id=user.id, name=user.name, role="lead", supplier_id=assessment.supplier_id)
    return lead, assessment
