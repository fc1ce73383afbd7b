"""Makes rounds and assessments that were sent, with answers, evidence and a real snapshot."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import Indicator, Questionnaire, find_indicator, indicators_of
from portal.core.questionnaire.path import walk
from portal.core.questionnaire.reading import Value
from portal.files.questionnaires import find_questionnaire
from portal.operations.scoring import declared_sheet, store_sheet, submitted_case
from portal.operations.snapshots import proofs, write_snapshot
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment, Round, Submission
from portal.store.evidence import Evidence, EvidenceLink, links_of
from portal.store.people import User
from portal.store.suppliers import Supplier, role_keys

QUESTIONNAIRE = "sustainability/2026.1"
SENT_AT = datetime(2026, 11, 10, 8, 0, tzinfo=UTC)


def make_round(session: Session, by: User, name: str = "Round 2026") -> Round:
    """An open round."""
    found = Round(
        name=name,
        questionnaire=QUESTIONNAIRE,
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        deadline_on=date(2026, 12, 31),
        opened_by_id=by.id,
        opened_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    session.add(found)
    session.flush()
    return found


def make_assessment(
    session: Session, supplier: Supplier, round_: Round, state: str = "invited", *, short: bool = False
) -> Assessment:
    """A supplier in a round."""
    found = Assessment(
        round_id=round_.id,
        supplier_id=supplier.id,
        questionnaire=round_.questionnaire,
        roles=list(role_keys(supplier)),
        short=short,
        state=state,
        state_at=SENT_AT,
        invited_at=SENT_AT,
        round=round_,
        supplier=supplier,
    )
    session.add(found)
    session.flush()
    return found


def best_answers(questionnaire: Questionnaire, roles: tuple[str, ...]) -> dict[str, Value]:
    """The best option of every choice in play; other kinds stay unanswered."""
    answers: dict[str, Value] = {}
    for indicator in indicators_of(questionnaire):
        if indicator.code in walk(questionnaire, roles, answers).open and indicator.options:
            if indicator.kind == "multiple":
                answers[indicator.code] = tuple(o.key for o in indicator.options if o.points > 0) or (
                    indicator.options[0].key,
                )
            elif indicator.kind in {"single", "yes_no"}:
                answers[indicator.code] = max(indicator.options, key=lambda o: o.points).key
    return answers


def worst_key(indicator: Indicator) -> str:
    """The option of a choice that earns least."""
    return min(indicator.options, key=lambda o: o.points).key


def first_gate(questionnaire: Questionnaire, answers: dict[str, Value]) -> Indicator:
    """A gating choice that is answered."""
    return next(i for i in indicators_of(questionnaire) if i.gating and i.options and i.code in answers)


def put_answers(session: Session, assessment: Assessment, by: User, answers: dict[str, Value]) -> None:
    """Store answers as typed by `by`, over what was there."""
    questionnaire = find_questionnaire(assessment.questionnaire)
    present = answers_of(session, assessment.id)
    for code, value in answers.items():
        indicator = find_indicator(questionnaire, code)
        assert indicator is not None
        stored = to_json(indicator, value)
        if code in present:
            present[code].value, present[code].version = stored, present[code].version + 1
            continue
        session.add(
            Answer(
                assessment_id=assessment.id,
                indicator=code,
                value=stored,
                typed=stored,
                changed_by_id=by.id,
                changed_at=SENT_AT,
            )
        )
    session.flush()


def prove_claims(session: Session, assessment: Assessment, by: User, vault_key: str = "") -> Evidence:
    """One evidence file behind every answer that claims points and needs proof."""
    questionnaire = find_questionnaire(assessment.questionnaire)
    file = Evidence(
        supplier_id=assessment.supplier_id,
        vault_key=vault_key or f"key-{assessment.id}",
        name="Proof 证明.pdf",
        media_type="application/pdf",
        size=100,
        sha256="0" * 64,
        issuer="Invented Certifier",
        standard="ISO 14001",
        uploaded_by_id=by.id,
        uploaded_at=SENT_AT,
    )
    session.add(file)
    session.flush()
    case_answers = answers_of(session, assessment.id)
    for indicator in indicators_of(questionnaire):
        if indicator.evidence == "required" and indicator.code in case_answers:
            session.add(
                EvidenceLink(
                    assessment_id=assessment.id,
                    indicator=indicator.code,
                    evidence_id=file.id,
                    linked_by_id=by.id,
                    linked_at=SENT_AT,
                )
            )
    session.flush()
    return file


def send(session: Session, assessment: Assessment, by: User, number: int = 1) -> Submission:
    """Freeze the present answers as a submission, without asking whether all are there."""
    rows, files = answers_of(session, assessment.id), proofs(links_of(session, assessment.id))
    text, digest = write_snapshot(assessment, rows, files, by=by.name, now=SENT_AT)
    submission = Submission(
        assessment_id=assessment.id,
        number=number,
        content=text,
        sha256=digest,
        submitted_by_id=by.id,
        submitted_at=SENT_AT,
    )
    session.add(submission)
    assessment.state, assessment.submitted_at = "submitted", SENT_AT
    session.flush()
    case = submitted_case(session, assessment)
    assert case is not None
    store_sheet(session, assessment, "declared", declared_sheet(case), SENT_AT)
    return submission


def make_sent(
    session: Session,
    supplier: Supplier,
    round_: Round,
    by: User,
    changes: dict[str, Value] | None = None,
    *,
    short: bool = False,
) -> Assessment:
    """An assessment answered as well as choices allow, with proof, and sent; `changes` replace single answers."""
    assessment = make_assessment(session, supplier, round_, "in_progress", short=short)
    questionnaire = find_questionnaire(round_.questionnaire)
    put_answers(session, assessment, by, best_answers(questionnaire, role_keys(supplier)) | (changes or {}))
    prove_claims(session, assessment, by)
    send(session, assessment, by)
    return assessment
