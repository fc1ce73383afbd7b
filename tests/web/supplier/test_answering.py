"""The topic page: with scripts and without, alone and with colleagues."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from portal.core.questionnaire.model import Indicator, find_indicator, indicators_of
from portal.files.questionnaires import find_questionnaire
from portal.store.answers import Answer, answers_of
from portal.store.assessments import Assessment, Decision, Submission
from tests.make.assessments import VERSION, best, give
from tests.make.clock import Clock
from tests.make.company import Company, make_company
from tests.make.people import make_member, make_staff, make_supplier, signed_in


@pytest.fixture
def company(app: Flask, session: Session) -> Company:
    return make_company(app, session)


@pytest.fixture
def answers(engine: Engine, company: Company) -> Iterator[object]:
    def now() -> dict[str, Answer]:
        with Session(engine) as own:
            return answers_of(own, company.assessment.id)

    yield now


def page(client: FlaskClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.text


def question(html: str, code: str) -> str:
    found = re.search(rf'<article class="question[^>]*id="{code}".*?</article>', html, re.S)
    assert found, f"{code} is not on the page"
    return found[0]


def indicator(code: str) -> Indicator:
    found = find_indicator(find_questionnaire(VERSION), code)
    assert found is not None
    return found


def as_fields(one: Indicator, raw: object, version: int = 0) -> dict[str, object]:
    """What a browser without scripts sends for one question."""
    fields: dict[str, object] = {f"{one.code}-version": str(version)}
    if one.kind == "table":
        assert isinstance(raw, list)
        for number, row in enumerate(raw):
            fields |= {f"{one.code}-{number}-{key}": cell for key, cell in row.items()}
        fields |= {f"{one.code}-{len(raw)}-{column.key}": "" for column in one.columns}
    else:
        fields[one.code] = raw
    return fields


def one_of_each_kind() -> list[Indicator]:
    """One indicator of each kind, open for everybody or opening on its own page."""
    found: dict[str, Indicator] = {}
    for one in indicators_of(find_questionnaire(VERSION)):
        elsewhere = one.depends_on and not one.depends_on.indicator.startswith(one.topic)
        if not elsewhere and one.applies_to != frozenset({"logistics"}):
            found.setdefault(one.kind, one)
    assert len(found) == 8
    return list(found.values())


def test_every_kind_is_saved_by_the_pages_button(company: Company, answers) -> None:  # type: ignore[no-untyped-def]
    for one in one_of_each_kind():
        url = f"{company.base}/topics/{one.topic}"
        assert one.code in page(company.client, url)
        response = company.client.post(url, data=as_fields(one, best(one)))
        assert response.status_code == 303, one.code
        stored = answers()[one.code]
        assert stored.value is not None and stored.problem is None
        shown = question(page(company.client, url), one.code)
        assert "Saved 14:00 by Lead of S-001" in shown


def test_every_kind_is_saved_as_it_is_given(company: Company, answers) -> None:  # type: ignore[no-untyped-def]
    for one in one_of_each_kind():
        response = company.client.post(
            f"{company.base}/answers/{one.code}", json={"base": 0, "value": best(one), "unit": None}
        )
        assert response.status_code == 200, one.code
        assert response.json is not None
        assert (response.json["version"], response.json["problems"]) == (1, [])
        assert response.json["saved"] == "Saved 14:00 by Lead of S-001"
        assert answers()[one.code].value is not None


def test_a_day_later_the_page_names_the_day(company: Company, clock: Clock) -> None:
    company.client.post(f"{company.base}/answers/GOV-02", json={"base": 0, "value": "none"})
    clock.move(minutes=119)
    shown = page(company.client, f"{company.base}/topics/GOV")
    assert "Saved 14:00 by Lead of S-001" in shown
    clock.move(hours=9)
    again = signed_in(company.client.application, company.lead)
    shown = page(again, f"{company.base}/topics/GOV")
    assert "Saved 21 November 2026 14:00 by Lead of S-001" in shown


def test_what_cannot_be_read_stays_in_its_field_with_a_sentence(company: Company, answers) -> None:  # type: ignore[no-untyped-def]
    url = f"{company.base}/topics/GOV"
    response = company.client.post(
        url, data={"GOV-05-version": "0", "GOV-05": "1,234", "GOV-02-version": "0", "GOV-02": "none"}
    )
    assert response.status_code == 200
    assert "can be read in two ways" in response.text
    again = question(page(company.client, url), "GOV-05")
    assert 'value="1,234"' in again and 'aria-invalid="true"' in again and "can be read in two ways" in again
    assert answers()["GOV-05"].value is None and answers()["GOV-02"].value == "none"


def test_autosave_says_what_is_wrong_and_keeps_it(company: Company, answers) -> None:  # type: ignore[no-untyped-def]
    response = company.client.post(
        f"{company.base}/answers/NRG-01", json={"base": 0, "value": "much", "unit": "kWh"}
    )
    assert response.status_code == 200
    assert "write a number" in response.json["problems"][0]
    assert (answers()["NRG-01"].typed, answers()["NRG-01"].unit) == ("much", "kWh")
    shown = question(page(company.client, f"{company.base}/topics/NRG"), "NRG-01")
    assert '<option value="kWh" selected>' in shown


def test_a_problem_in_a_table_names_row_and_column(company: Company) -> None:
    company.client.post(f"{company.base}/answers/CDS-01", json={"base": 0, "value": "scope1_2_site"})
    rows = [{"year": "2025"}, {"year": "soon"}]
    response = company.client.post(f"{company.base}/answers/CDS-03", json={"base": 0, "value": rows})
    assert response.json["problems"] == [
        "Row 2, “Reporting year”: write a year with four digits, for example 2025. Found “soon”."
    ]


def test_two_people_on_one_answer_with_scripts(company: Company, answers) -> None:  # type: ignore[no-untyped-def]
    url = f"{company.base}/answers/GOV-02"
    company.other.post(url, json={"base": 0, "value": "senior_executive"})
    response = company.client.post(url, json={"base": 0, "value": "none"})
    assert response.status_code == 409
    html = response.json["html"]
    assert "Contributor of S-001" in html and indicator("GOV-02").options[2].label.en in html
    assert re.search(r'value="none" checked', html)
    assert answers()["GOV-02"].value == "senior_executive"
    kept = company.client.get(url)
    assert re.search(r'value="senior_executive" checked', kept.text)
    assert company.client.post(url, json={"base": 1, "value": "none"}).status_code == 200
    assert answers()["GOV-02"].value == "none"


def test_two_people_on_one_answer_without_scripts(company: Company, answers) -> None:  # type: ignore[no-untyped-def]
    url = f"{company.base}/topics/GOV"
    company.other.post(url, data={"GOV-02-version": "0", "GOV-02": "senior_executive"})
    mine = {"GOV-02-version": "0", "GOV-02": "none", "GOV-06-version": "0", "GOV-06": "public"}
    response = company.client.post(url, data=mine)
    assert response.status_code == 200
    shown = question(response.text, "GOV-02")
    assert "A colleague saved another answer first" in shown and re.search(r'value="none" checked', shown)
    assert 'name="GOV-02-version" value="0"' in shown and 'name="GOV-02-theirs" value="1"' in shown
    assert (answers()["GOV-02"].value, answers()["GOV-06"].value) == ("senior_executive", "public")
    company.client.post(url, data={"GOV-02-version": "0", "GOV-02-theirs": "1", "GOV-02": "none"})
    assert answers()["GOV-02"].value == "senior_executive"
    assert (
        company.client.post(
            url, data={"GOV-02-version": "0", "GOV-02": "none", "theirs": "GOV-02"}
        ).status_code
        == 303
    )
    assert answers()["GOV-02"].value == "senior_executive"
    company.client.post(
        url, data={"GOV-02-version": "0", "GOV-02-theirs": "1", "GOV-02": "none", "mine": "GOV-02"}
    )
    assert answers()["GOV-02"].value == "none"


def test_rows_are_added_removed_and_cleared_without_scripts(company: Company, answers) -> None:  # type: ignore[no-untyped-def]
    url = f"{company.base}/topics/TRC"
    rows = {
        "TRC-06-version": "0",
        "TRC-06-0-material": "Silver",
        "TRC-06-1-material": "Tin",
        "add_row": "TRC-06",
    }
    response = company.client.post(url, data=rows)
    assert response.status_code == 303 and response.location.endswith("?rows=TRC-06:3#TRC-06")
    shown = question(page(company.client, response.location), "TRC-06")
    assert shown.count('<tr data-row="') == 4  # three rows and the template
    company.client.post(url, data={**rows, "TRC-06-version": "1", "add_row": "", "remove_row": "TRC-06-0"})
    assert answers()["TRC-06"].value == [{"material": "tin"}]
    company.client.post(url, data={"TRC-06-version": "2", "TRC-06-0-material": " ", "TRC-06-none": "1"})
    assert answers()["TRC-06"].value == []
    assert 'name="TRC-06-none" id="TRC-06-none" value="1" checked' in page(company.client, url)


def test_none_of_these_and_a_cleared_choice(company: Company, answers) -> None:  # type: ignore[no-untyped-def]
    url = f"{company.base}/topics/GOV"
    company.client.post(
        url, data={"GOV-01-version": "0", "GOV-01-none": "1", "GOV-02-version": "0", "GOV-02": "none"}
    )
    assert answers()["GOV-01"].value == []
    company.client.post(
        url,
        data={
            "GOV-01-version": "1",
            "GOV-01-none": "1",
            "GOV-02-version": "1",
            "GOV-02": "none",
            "clear": "GOV-02",
        },
    )
    assert (answers()["GOV-02"].value, answers()["GOV-02"].version) == (None, 2)


def test_a_branch_opens_and_closes_and_keeps_what_was_typed(company: Company, answers) -> None:  # type: ignore[no-untyped-def]
    url = f"{company.base}/topics/CDS"
    closed = question(page(company.client, url), "CDS-05")
    assert re.match(r'<article[^>]* data-depends-on="CDS-01" data-any-of="[^"]+" hidden>', closed)
    first = company.client.post(f"{company.base}/answers/CDS-01", json={"base": 0, "value": "scope1_2_site"})
    assert "CDS-05" in first.json["open"]
    company.client.post(f"{company.base}/answers/CDS-05", json={"base": 0, "value": "internal_review"})
    second = company.client.post(f"{company.base}/answers/CDS-01", json={"base": 1, "value": "none"})
    assert "CDS-05" not in second.json["open"]
    hidden = question(page(company.client, url), "CDS-05")
    assert " hidden>" in hidden and re.search(r'value="internal_review" checked', hidden)
    company.client.post(url, data={"CDS-01-version": "2", "CDS-01": "scope1_2_site"})
    assert answers()["CDS-05"].value == "internal_review"


def test_questions_closed_elsewhere_say_why(company: Company) -> None:
    shown = page(company.client, f"{company.base}/topics/TRC")
    assert 'id="TRC-04"' not in shown and 'id="TRC-05"' not in shown
    assert re.search(r"TRC-05.*?topics/GOV#GOV-01", shown, re.S)


def test_a_supplier_is_not_asked_about_other_roles(company: Company) -> None:
    logistics = next(
        i for i in indicators_of(find_questionnaire(VERSION)) if i.applies_to == frozenset({"logistics"})
    )
    assert logistics.code not in page(company.client, f"{company.base}/topics/{logistics.topic}")
    url = f"{company.base}/answers/{logistics.code}"
    assert company.client.post(url, json={"base": 0, "value": "1"}).status_code == 404


def test_a_sent_assessment_is_shown_and_refuses_with_who_can_help(company: Company, session: Session) -> None:
    session.get_one(Assessment, company.assessment.id).state = "submitted"
    session.commit()
    shown = page(company.client, f"{company.base}/topics/GOV")
    assert "its answers are locked" in shown and "<textarea" not in shown and "Save</button>" not in shown
    refused = company.client.post(
        f"{company.base}/answers/GOV-02",
        json={"base": 0, "value": "none"},
        headers={"Accept": "application/json"},
    )
    assert refused.status_code == 409 and "ask the buyer’s reviewer" in refused.json["sentences"][0]
    form = company.client.post(f"{company.base}/topics/GOV", data={"GOV-02-version": "0", "GOV-02": "none"})
    assert form.status_code == 409 and "ask the buyer’s reviewer" in form.text


def test_a_returned_assessment_opens_only_what_was_returned(company: Company, session: Session) -> None:
    give(session, company.actor, session.get_one(Assessment, company.assessment.id), "GOV-02", "none")
    assessment = session.get_one(Assessment, company.assessment.id)
    content = '{"answers":{"GOV-02":"none"},"evidence":{},"questionnaire":"","roles":["manufacturing","minerals"],"supplier":"","submitted_at":"","submitted_by":""}'
    sent = Submission(
        assessment_id=assessment.id,
        number=1,
        content=content,
        sha256="0" * 64,
        submitted_by_id=company.lead.id,
        submitted_at=assessment.state_at,
    )
    session.add(sent)
    session.flush()
    decision = Decision(
        assessment_id=assessment.id,
        submission_id=sent.id,
        indicator="GOV-02",
        kind="returned",
        reason="Name the executive.",
        decided_by_id=company.staff.id,
        decided_at=assessment.state_at,
    )
    session.add(decision)
    assessment.state = "returned"
    session.commit()
    shown = page(company.client, f"{company.base}/topics/GOV")
    assert "Name the executive." in question(shown, "GOV-02")
    assert 'id="GOV-06"' not in shown
    assert (
        company.client.post(
            f"{company.base}/answers/GOV-02", json={"base": 1, "value": "senior_executive"}
        ).status_code
        == 200
    )
    assert (
        company.client.post(f"{company.base}/answers/GOV-06", json={"base": 0, "value": "public"}).status_code
        == 409
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"value": "none"}',
        b'{"base": "0", "value": "none"}',
        b'{"base": true, "value": "none"}',
        b"[" * 100_000,
        b'{"base": 0, "value": "none", "unit": 3}',
    ],
)
def test_unreadable_requests_change_nothing(company: Company, answers, body: bytes) -> None:  # type: ignore[no-untyped-def]
    response = company.client.post(
        f"{company.base}/answers/GOV-02", data=body, content_type="application/json"
    )
    assert response.status_code == 400
    assert answers() == {}


def test_numbers_beyond_any_column_are_no_fault(company: Company) -> None:
    huge = "9" * 30
    assert company.client.get(f"/assessments/{huge}/topics/GOV").status_code == 404
    assert (
        company.client.post(
            f"{company.base}/answers/GOV-02", json={"base": int(huge), "value": "none"}
        ).status_code
        == 409
    )
    company.client.post(f"{company.base}/topics/GOV", data={"GOV-02-version": huge, "GOV-02": "none"})
    assert company.client.get(f"{company.base}/topics/GOV?rows=TRC-06:99999999").status_code == 200


def test_nobody_else_reaches_an_answer(
    app: Flask, session: Session, company: Company, client: FlaskClient
) -> None:
    stranger = make_member(session, make_supplier(session, "S-002"))
    analyst = make_staff(session, "analyst")
    session.commit()
    for who in (client, signed_in(app, stranger), signed_in(app, analyst)):
        for url in (f"{company.base}/topics/GOV", f"{company.base}/answers/GOV-02"):
            assert who.get(url).status_code == 404
        assert (
            who.post(f"{company.base}/answers/GOV-02", json={"base": 0, "value": "none"}).status_code == 404
        )
        assert (
            who.post(f"{company.base}/topics/GOV", data={"GOV-02-version": "0", "GOV-02": "none"}).status_code
            == 404
        )
    assert session.scalars(select(Answer)).all() == []


def test_answers_are_shown_as_text(company: Company) -> None:
    company.client.post(f"{company.base}/answers/INF-04", json={"base": 0, "value": "</textarea><b>bold</b>"})
    assert "<b>bold</b>" not in page(company.client, f"{company.base}/topics/INF")


def count_queries(engine: Engine, client: FlaskClient, url: str) -> int:
    """SQL statements one request costs."""
    counted = []

    def count(*arguments: object) -> None:
        counted.append(arguments[2])

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(counted)


@pytest.mark.parametrize("place", ["", "/check", "/score", "/topics/GOV", "/topics/CDS"])
def test_pages_cost_the_same_however_much_was_answered(
    company: Company, session: Session, engine: Engine, place: str
) -> None:
    url = company.base + place
    page(company.client, url)
    empty = count_queries(engine, company.client, url)
    assessment = session.get_one(Assessment, company.assessment.id)
    for code, raw in (
        ("GOV-01", ["glass"]),
        ("GOV-02", "none"),
        ("CDS-01", "scope1_2_site"),
        ("CDS-05", "limited_assurance"),
        ("GOV-05", "x"),
    ):
        give(session, company.actor, assessment, code, raw)
    session.commit()
    assert count_queries(engine, company.client, url) == empty <= 27
