"""Answers carried over in the browser: the offer with its preview, marks and confirming on the topic page, without
scripts; the change in per cent; a newer version; what procurement sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.operations.submitting import submit_assessment
from portal.operations.versions import allow_version
from portal.store.answers import Answer
from portal.store.assessments import Assessment, Round
from portal.store.engine import writing
from portal.store.people import User
from portal.store.suppliers import Supplier
from tests.conftest import NOW
from tests.make.assessments import close_gaps, give, link_evidence, make_assessment, make_round
from tests.make.files import seen
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in
from tests.make.queries import counted

NEWER = "sustainability/2027.0-draft"


@dataclass
class Desk:
    """A lead's browser: the assessment of 2025 with answers, that of 2026 empty, in a trial round."""

    client: FlaskClient
    lead: Actor
    user: User
    staff: User
    supplier: Supplier
    before: Assessment
    now: Assessment

    def url(self, rest: str = "") -> str:
        return f"/assessments/{self.now.id}{rest}"

    def get(self, rest: str = "") -> str:
        answer = self.client.get(self.url(rest))
        assert answer.status_code == 200
        return answer.text

    def start(self) -> None:
        assert self.client.post(self.url("/start")).status_code == 303


@pytest.fixture
def desk(app: Flask, session: Session) -> Iterator[Desk]:
    supplier, staff = make_supplier(session), make_staff(session)
    user = make_member(session, supplier)
    lead = actor_of(user, supplier)
    first, second = make_round(session, staff, name="Assessment 2025"), make_round(session, staff)
    second.period_start, second.period_end, second.trial = date(2026, 1, 1), date(2026, 12, 31), True
    session.flush()
    before, now = (make_assessment(session, r, supplier) for r in (first, second))
    for code, raw in (
        ("GOV-02", "senior_executive"),
        ("GOV-06", "public"),
        ("GOV-05", "4"),
        ("NRG-01", "1200"),
        ("NRG-02", "40"),
        ("OHS-07", "own_inspection"),
    ):
        give(session, lead, before, code, raw)
    link_evidence(session, before, "GOV-02", user)
    session.commit()
    yield Desk(signed_in(app, user), lead, user, staff, supplier, before, now)


def answers(session: Session, desk: Desk) -> dict[str, Answer]:
    return {a.indicator: a for a in seen(session, select(Answer).where(Answer.assessment_id == desk.now.id))}


def test_the_offer_the_preview_and_the_start(desk: Desk, session: Session) -> None:
    hub = desk.get()
    assert "Start from Assessment 2025" in hub and "3 answers can be carried over" in hub
    preview = desk.get("/start")
    assert (
        "3 answers carried over, to be confirmed" in preview
        and "3 earlier answers beside the field" in preview
    )
    assert "A measured result is given anew each time" in preview and "1200" in preview
    assert answers(session, desk) == {}
    desk.start()
    hub = desk.get()
    assert "3 carried answers to confirm" in hub and "Start from Assessment 2025" not in hub
    assert "Started from Assessment 2025" in hub and "0 / " in hub
    rows = re.findall(r'<li class="task">.*?</li>', hub, re.S)
    assert [
        re.findall(r"(\d+) carried answers? to confirm", row) for row in rows if "/topics/GOV" in row
    ] == [["2"]]
    assert sum(int(n) for row in rows for n in re.findall(r"(\d+) carried answers? to confirm", row)) == 3
    assert "There is no earlier assessment to start from" in desk.get("/start")
    rows = answers(session, desk)
    assert set(rows) == {"GOV-02", "GOV-06", "OHS-07"} and not any(r.confirmed for r in rows.values())
    desk.start()
    assert len(answers(session, desk)) == 3


def test_one_answer_is_confirmed_and_the_page_saved_with_it(desk: Desk, session: Session) -> None:
    desk.start()
    page = desk.get("/topics/GOV")
    assert page.count("Carried over from Assessment 2025, to confirm.") == 2
    assert "Confirm all 2 carried answers of this topic" in page and "0 of " in page
    answer = desk.client.post(
        desk.url("/topics/GOV"),
        data={"confirm": "GOV-02", "GOV-02": "senior_executive", "GOV-02-version": "1", "GOV-06-version": "1",
              "GOV-06": "public", "GOV-05": "3", "GOV-05-version": "0"},
    )  # fmt: skip
    assert answer.status_code == 303 and answer.headers["Location"].endswith("#GOV-02")
    rows = answers(session, desk)
    assert (rows["GOV-02"].confirmed, rows["GOV-02"].origin, rows["GOV-02"].version) == (True, "carried", 2)
    assert not rows["GOV-06"].confirmed and rows["GOV-05"].value == "3"
    page = desk.get("/topics/GOV")
    assert "Carried over from Assessment 2025 and confirmed." in page and "2 of " in page
    # last year's 4 stands beside this year's 3
    assert "−25.0\xa0%" in page


def test_all_carried_of_a_topic_at_once_but_not_what_a_colleague_changed(
    desk: Desk, session: Session
) -> None:
    desk.start()
    give(session, desk.lead, session.get_one(Assessment, desk.now.id), "GOV-06", "internal_only", base=1)
    row = session.scalars(select(Answer).where(Answer.indicator == "GOV-02", ~Answer.confirmed)).one()
    row.version = 5
    session.commit()
    data = {
        "confirm": "all",
        "GOV-02": "senior_executive",
        "GOV-02-version": "1",
        "GOV-06-version": "1",
        "GOV-06": "public",
    }
    answer = desk.client.post(desk.url("/topics/GOV"), data=data, follow_redirects=True)
    assert "Changed meanwhile and not confirmed: GOV-02" in answer.text
    assert not answers(session, desk)["GOV-02"].confirmed
    assert answers(session, desk)["GOV-06"].value == "internal_only"
    answer = desk.client.post(
        desk.url("/topics/GOV"), data=data | {"GOV-02-version": "5"}, follow_redirects=True
    )
    assert "1 carried answers are confirmed" in answer.text
    assert answers(session, desk)["GOV-02"].confirmed


def test_changing_a_carried_answer_makes_it_ones_own(desk: Desk, session: Session) -> None:
    desk.start()
    data = {"GOV-02": "none", "GOV-02-version": "1"}
    assert desk.client.post(desk.url("/topics/GOV"), data=data).status_code == 303
    row = answers(session, desk)["GOV-02"]
    assert (row.value, row.origin, row.confirmed) == ("none", "typed", True)


def test_the_script_gets_the_mark_anew(desk: Desk) -> None:
    desk.start()
    saved = desk.client.post(desk.url("/answers/NRG-01"), json={"value": "1500", "unit": "MWh", "base": 0})
    assert saved.status_code == 200 and "+25.0\xa0%" in saved.json["carried"]
    share = desk.client.post(desk.url("/answers/NRG-02"), json={"value": "44", "base": 0})
    assert "+4.0 percentage points (+10.0\xa0%)" in share.json["carried"]
    kept = desk.client.post(desk.url("/answers/GOV-02"), json={"value": "none", "base": 1})
    assert "to confirm" not in kept.json["carried"]


def test_the_check_page_counts_what_waits(desk: Desk) -> None:
    assert "carried over and not confirmed" not in desk.get("/check")
    desk.start()
    page = desk.get("/check")
    assert "3 answers are carried over and not confirmed yet" in page
    assert "The answer was carried over from the last round" in page or "was carried over" in page


def test_strangers_and_the_sent(desk: Desk, app: Flask, session: Session) -> None:
    user = make_member(session, make_supplier(session, "S-002"))
    session.commit()
    stranger = signed_in(app, user)
    for rest in ("/start", "/version", "/changes"):
        assert stranger.get(desk.url(rest)).status_code == 404
    assert stranger.post(desk.url("/start")).status_code == 404
    session.get_one(Assessment, desk.now.id).state = "submitted"
    session.commit()
    assert "Start from" not in desk.get()
    assert desk.client.post(desk.url("/start")).status_code == 409
    assert (
        desk.client.post(desk.url("/topics/GOV"), data={"confirm": "all", "GOV-02-version": "1"}).status_code
        == 409
    )


def test_moving_to_a_version_the_buyer_opened(desk: Desk, engine: Engine, session: Session) -> None:
    desk.start()
    assert "there is no newer version it may move to now" in desk.get("/version")
    with writing(engine) as own:
        manager = actor_of(desk.staff)
        allow_version(own, manager, round_id=desk.now.round_id, questionnaire=NEWER, now=NOW)
        own.commit()
    assert "The buyer has opened version 2027.0-draft for this round" in desk.get()
    preview = desk.get("/version")
    assert "goes to OHS-08, to be confirmed" in preview and "is asked again as OHS-09" in preview
    assert "The newer version is a draft" in preview and "no longer asked" in preview
    assert desk.client.post(desk.url("/version"), data={"to": NEWER}).status_code == 303
    assert desk.client.post(desk.url("/version"), data={"to": NEWER}).status_code == 409
    assert set(answers(session, desk)) == {"GOV-02", "GOV-06", "OHS-08"}
    hub = desk.get()
    assert "Moved here from version 2026.1" in hub and "Trial round" in hub
    page = desk.get("/topics/OHS")
    assert "Carried over from version 2026.1, to confirm." in page and "Changed since version 2026.1" in page
    assert "How are canteens and the food served to workers checked?" in page
    assert "“Use of offsets” is no longer asked." in desk.get("/changes")


def test_procurement_sees_where_a_confirmed_answer_comes_from(
    desk: Desk, app: Flask, session: Session
) -> None:
    buyer = signed_in(app, desk.staff)
    desk.start()
    for topic, code in (("GOV", "GOV-02"), ("OHS", "OHS-07")):
        desk.client.post(
            desk.url(f"/topics/{topic}"),
            data={"confirm": code, f"{code}-version": "1", code: answers(session, desk)[code].value},
        )
    now = session.get_one(Assessment, desk.now.id)
    give(session, desk.lead, now, "GOV-06", "none", base=1)
    close_gaps(session, desk.lead, now, desk.user)
    submit_assessment(session, desk.lead, assessment=now, now=NOW)
    session.commit()
    page = buyer.get(f"/staff/assessments/{now.id}?show=all&topic=GOV").text
    assert page.count("Carried over from Assessment 2025, confirmed by Lead of S-001.") == 1


def test_pages_in_chinese_and_a_fixed_number_of_queries(desk: Desk, engine: Engine) -> None:
    desk.start()
    with counted(engine) as few:
        desk.get("/topics/COM")
    with counted(engine) as many:
        desk.get("/topics/GOV")
    assert len(many) == len(few)
    desk.client.post("/language", data={"language": "zh"})
    page = desk.get("/topics/GOV")
    assert "沿用自“Assessment 2025”，待确认。" in page and "确认本主题的全部 2 个沿用答案" in page
    assert "试用轮次" in desk.get()


def test_a_round_opens_with_a_draft_only_as_a_trial_and_opens_newer_versions(
    desk: Desk, app: Flask, session: Session
) -> None:
    buyer = signed_in(app, desk.staff)
    page = buyer.get("/staff/rounds/open").text
    assert "Supplier sustainability assessment (draft) · sustainability/2027.0-draft" in page
    form = {
        "name": "Trial 2027", "questionnaire": NEWER, "period_start": "2026-01-01", "period_end": "2026-12-31",
        "deadline_on": "2027-01-31",
    }  # fmt: skip
    refused = buyer.post("/staff/rounds/open", data=form)
    assert refused.status_code == 422 and "Use it in a trial round" in refused.text
    assert buyer.post("/staff/rounds/open", data=form | {"trial": "y"}).status_code == 302
    opened = seen(session, select(Round).where(Round.name == "Trial 2027"))[0]
    assert opened.trial and "Trial round" in buyer.get(f"/staff/rounds/{opened.id}").text
    versions = f"/staff/rounds/{desk.now.round_id}/versions"
    page = buyer.get(versions).text
    assert "Open 2027.0-draft for this round" in page and "9 differences" in page
    assert buyer.post(versions, data={"version": "sustainability/2026.1"}).status_code == 409
    assert buyer.post(versions, data={"version": NEWER}).status_code == 303
    assert "Open for this round" in buyer.get(versions).text
    real = f"/staff/rounds/{desk.before.round_id}/versions"
    assert "it can be used in a trial round only" in buyer.get(real).text
    assert buyer.post(real, data={"version": NEWER}).status_code == 409


def test_everything_carried_is_read_on_one_page_and_confirmed_topic_by_topic(
    desk: Desk, engine: Engine
) -> None:
    desk.start()
    text = desk.get("/confirm")
    topics = re.findall(r'name="topic" value="([A-Z]+)"', text)
    assert len(topics) == len(set(topics)) > 1
    form = dict(re.findall(r'name="([A-Z]+-[0-9]+-version)" value="([0-9]+)"', text))
    with Session(engine) as session:
        waiting = {a.indicator for a in session.scalars(select(Answer)) if not a.confirmed}
    assert {name.removesuffix("-version") for name in form} == waiting
    answer = desk.client.post(desk.url("/confirm"), data={"topic": topics[0], **form})
    assert answer.status_code == 303
    with Session(engine) as session:
        left = {a.indicator for a in session.scalars(select(Answer)) if not a.confirmed}
    assert waiting - left == {code for code in waiting if code.startswith(topics[0])}
    assert f'value="{topics[0]}"' not in desk.get("/confirm")
    rest = dict(re.findall(r'name="([A-Z]+-[0-9]+-version)" value="([0-9]+)"', desk.get("/confirm")))
    answer = desk.client.post(desk.url("/confirm"), data={"everything": "1", **rest})
    assert answer.location == desk.url()
    assert "No carried answer waits for you." in desk.get("/confirm")
