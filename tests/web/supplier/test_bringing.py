"""Answers of one portal brought into another: to be confirmed, never over an answer, results only beside the field."""

from __future__ import annotations

import io
import json

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.operations.scoring import open_case
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment
from portal.store.people import User
from tests.make.assessments import give, make_assessment, make_round
from tests.make.company import Company, make_company, make_ready
from tests.make.people import actor_of, make_member, make_supplier, signed_in


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


def upload(company: Company, data: bytes, name: str = "answers.json") -> TestResponse:
    return company.client.post(f"{company.base}/bring", data={"file": (io.BytesIO(data), name)})


def package_of(app: Flask, session: Session, company: Company) -> bytes:
    """What another supplier takes home, as if from another portal."""
    other = make_supplier(session, "FOREIGN", roles=("manufacturing", "minerals"))
    lead = make_member(session, other)
    staff = session.get_one(User, company.staff.id)
    assessment = make_assessment(session, make_round(session, staff, name="There"), other)
    session.commit()
    client = signed_in(app, lead)
    actor = actor_of(lead, other)
    give(session, actor, assessment, "GOV-02", "senior_executive")
    give(session, actor, assessment, "NRG-02", "28.5")
    session.commit()
    answer = client.get(f"/assessments/{assessment.id}/take-away/answers.json")
    data = answer.data
    answer.close()
    return data


def test_a_package_of_another_portal_waits_to_be_confirmed(
    app: Flask, session: Session, company: Company
) -> None:
    data = package_of(app, session, company)
    assert upload(company, data).status_code == 303
    rows = answers_of(session, company.assessment.id)
    assert (rows["GOV-02"].value, rows["GOV-02"].origin, rows["GOV-02"].confirmed) == (
        "senior_executive", "carried", False,
    )  # fmt: skip
    assert "NRG-02" not in rows
    case = open_case(session, session.get_one(Assessment, company.assessment.id))
    assert case.unconfirmed == {"GOV-02"}
    session.rollback()
    assert "28.5" in company.client.get(f"{company.base}/topics/NRG").text
    assert upload(company, data).status_code == 303
    assert len(answers_of(session, company.assessment.id)) == 1
    assert session.scalars(select(Answer).where(Answer.confirmed.is_(False))).one().indicator == "GOV-02"


def test_an_answer_that_stands_is_never_touched(app: Flask, session: Session, company: Company) -> None:
    give(session, company.actor, session.get_one(Assessment, company.assessment.id), "GOV-02", "none")
    session.commit()
    assert upload(company, package_of(app, session, company)).status_code == 303
    row = answers_of(session, company.assessment.id)["GOV-02"]
    assert (row.value, row.origin, row.confirmed) == ("none", "typed", True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b'{"schema": "upstream-answers/9", "answers": {}}', "upstream-answers/9"),
        (
            b'{"schema": "upstream-answers/1", "questionnaire": "x/1", "roles": [], "answers": {}}',
            "does not have",
        ),
        (
            b'{"schema": "upstream-answers/1", "questionnaire": "sustainability/2026.1", "roles": ["services"],'
            b' "answers": {"GOV-02": "senior_executive", "ZZZ-99": "<script>alert(1)</script>"}}',
            "ZZZ-99",
        ),
        (b"[" * 9000, "nested"),
    ],
)
def test_a_file_with_a_mistake_stores_nothing_and_says_why(
    company: Company, session: Session, data: bytes, said: str
) -> None:
    answer = upload(company, data)
    assert answer.status_code == 422 and said in answer.text and "<script>alert" not in answer.text
    assert answers_of(session, company.assessment.id) == {}
    assert session.get_one(Assessment, company.assessment.id).state == "invited"


def test_a_sent_assessment_takes_nothing_in(company: Company, session: Session) -> None:
    make_ready(session, company)
    assert company.client.post(f"{company.base}/check").status_code == 303
    good = {"schema": "upstream-answers/1", "questionnaire": "sustainability/2026.1", "roles": ["services"],
            "answers": {"GOV-04": "none"}}  # fmt: skip
    assert upload(company, json.dumps(good).encode()).status_code == 409
    page = company.client.get(f"{company.base}/bring").text
    assert 'type="file"' not in page
    assert "Bring answers from another portal" not in company.client.get(company.base).text
