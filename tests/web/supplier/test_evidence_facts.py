"""Evidence as facts in the browser: sites, what is said about a linked file and where, versions, reminders, guidance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.store.assessments import Assessment, Submission
from portal.store.evidence import Evidence, EvidenceLink
from portal.store.people import User
from portal.store.site_answers import site_answers_of
from portal.store.sites import SupplierSite
from portal.store.suppliers import Supplier
from tests.make.assessments import close_gaps
from tests.make.files import pdf_bytes, post_file, seen
from tests.make.people import actor_of, make_member, make_staff, make_supplier, signed_in
from tests.make.queries import counted
from tests.make.sent import make_assessment, make_round
from tests.operations.test_site_answers import answer_everything

OLD_RESULT = {"covers_from": "2024-01-01", "covers_to": "2024-10-31"}


@dataclass
class Desk:
    """A lead's browser with an assessment in progress over 2025, due on 31 December 2026; today is 21 November 2026."""

    client: FlaskClient
    supplier: Supplier
    user: User
    staff: User
    assessment: Assessment

    def choose(self, code: str) -> str:
        return f"/assessments/{self.assessment.id}/evidence/{code}"

    def topic(self, code: str) -> str:
        return self.client.get(f"/assessments/{self.assessment.id}/topics/{code}").text

    def upload(self, code: str, name: str, **facts: str) -> None:
        answer = post_file(self.client, f"{self.choose(code)}/upload", pdf_bytes(name), name, **facts)
        assert answer.status_code == 303, answer.text

    def name_site(self, name: str) -> None:
        answer = self.client.post("/sites", data={"name": name, "country": "CN", "region": ""})
        assert answer.status_code == 303


@pytest.fixture
def desk(app: Flask, session: Session) -> Iterator[Desk]:
    supplier, staff = make_supplier(session), make_staff(session)
    user = make_member(session, supplier)
    assessment = make_assessment(session, supplier, make_round(session, staff), "in_progress")
    session.commit()
    yield Desk(signed_in(app, user), supplier, user, staff, assessment)


def newest(session: Session) -> Evidence:
    return seen(session, select(Evidence).order_by(Evidence.id))[-1]


def test_sites_are_named_listed_and_taken_out(desk: Desk, session: Session) -> None:
    assert "Your sites will be listed here" in desk.client.get("/sites").text
    desk.name_site("Tempering <hall>")
    page = desk.client.get("/sites").text
    assert "Tempering &lt;hall&gt;" in page and "China" in page and "named here" in page
    again = desk.client.post("/sites", data={"name": "tempering  <HALL>", "country": "CN"})
    assert again.status_code == 409 and "is in the list already" in again.text
    wrong = desk.client.post("/sites", data={"name": "", "country": "Q{", "region": "'; --"})
    assert wrong.status_code == 422 and "Write the name of the site" in wrong.text
    assert "“Q{” is no country" in wrong.text
    (row,) = seen(session, select(SupplierSite))
    assert desk.client.post(f"/sites/{row.id}/remove").status_code == 303
    assert seen(session, select(SupplierSite)) == []


def test_a_file_says_how_many_sites_it_covers_wherever_it_is_linked(desk: Desk, session: Session) -> None:
    for number in range(1, 6):
        desk.name_site(f"Plant {number}")
    data = {"sites": ["plant 1", "plant 2", "plant 4"]}
    desk.upload("ENV-02", "cert.pdf")
    row = newest(session)
    assert desk.client.post(f"/evidence/{row.id}", data=data).status_code == 303
    words = "Covers 3 of 5 sites."
    for page in (
        desk.client.get("/evidence").text,
        desk.client.get(f"/evidence/{row.id}").text,
        desk.client.get(desk.choose("ENV-02")).text,
        desk.client.get(desk.choose("GOV-04")).text,
        desk.topic("ENV"),
        desk.client.get(f"/assessments/{desk.assessment.id}/check").text,
    ):
        assert words in page
    desk.client.post(f"/evidence/{row.id}", data={"sites": [f"plant {n}" for n in range(1, 6)]})
    assert words not in desk.topic("ENV")
    assert desk.client.post(f"/evidence/{row.id}", data={"sites": ["elsewhere"]}).status_code == 422


def test_an_assessment_counts_its_own_sites_and_the_library_all(
    app: Flask, desk: Desk, session: Session
) -> None:
    base, reviewer = f"/assessments/{desk.assessment.id}", signed_in(app, desk.staff)
    for number in range(1, 6):
        desk.name_site(f"Plant {number}")
    desk.upload("ENV-02", "cert.pdf", sites="plant 1")
    row = newest(session)
    assert "Covers 1 of 5 sites." in desk.topic("ENV")
    chosen = {"site": ["plant 1", "plant 2", "plant 3"], "unit": "t"} | {
        f"output-plant {number}": "1" for number in (1, 2, 3)
    }
    assert desk.client.post(f"{base}/sites", data=chosen).status_code == 303
    own, every = "Covers 1 of the 3 sites of this assessment.", "Covers 1 of 5 sites."
    inside = (desk.choose("ENV-02"), desk.choose("GOV-04"), f"{base}/topics/ENV", f"{base}/check")
    for path in inside:
        page = desk.client.get(path).text
        assert own in page and every not in page, path
    for path in ("/evidence", f"/evidence/{row.id}"):
        page = desk.client.get(path).text
        assert every in page and own not in page, path
    whole = {"sites": ["plant 1", "plant 2", "plant 3"]}
    desk.client.post(f"/evidence/{row.id}", data=whole)
    assert "sites of this assessment." not in desk.topic("ENV")
    assert "Covers 3 of 5 sites." in desk.client.get("/evidence").text
    desk.client.post(f"/evidence/{row.id}", data={"sites": ["plant 4"]})
    assert "Covers 0 of the 3 sites of this assessment." in desk.topic("ENV")
    desk.client.post("/language", data={"language": "zh"})
    assert "覆盖本次评估 3 个厂区中的 0 个" in desk.topic("ENV")
    lead, found = actor_of(desk.user, desk.supplier), session.merge(desk.assessment)
    answer_everything(session, found, lead, site_answers_of(session, found.id).sites)
    session.commit()
    assert desk.client.post(f"{base}/check").status_code == 303
    review = reviewer.get(f"/staff/assessments/{desk.assessment.id}?topic=ENV&show=all").text
    assert "Covers 0 of the 3 sites of this assessment." in review


def test_an_old_result_and_a_certificate_that_ends_too_early_are_named(desk: Desk) -> None:
    desk.upload("EMW-04", "test.pdf", **OLD_RESULT)
    desk.upload("ENV-02", "cert.pdf", valid_until="2026-12-30")
    page = desk.topic("EMW")
    assert "Does not cover the reporting period, 1 January 2025 to 31 December 2025." in page
    assert "Ends on 31 October 2024: older than 24 months for a measured result." in page
    check = desk.client.get(f"/assessments/{desk.assessment.id}/check").text
    assert "Expires on 30 December 2026, before the round ends on 31 December 2026." in check
    assert "older than 24 months" in check and 'id="files"' in check
    desk.client.post("/language", data={"language": "zh"})
    assert "作为实测结果已超过 24 个月" in desk.topic("EMW")


def test_reminders_stand_where_a_supplier_starts(desk: Desk) -> None:
    assert "Evidence to renew" not in desk.client.get("/assessments").text
    desk.upload("ENV-02", "gone.pdf", valid_until="2026-11-01")
    desk.upload("ENV-03", "month.pdf", valid_until="2026-12-10")
    desk.upload("GOV-04", "two.pdf", valid_until="2027-01-15")
    desk.upload("OHS-01", "far.pdf", valid_until="2027-06-30")
    for path in ("/assessments", f"/assessments/{desk.assessment.id}", "/evidence"):
        page = desk.client.get(path).text
        part = page[page.index('id="endings"') :].partition("</section>")[0]
        assert "expired on 1 November 2026" in part and "behind ENV-02" in part, path
        assert part.index("gone.pdf") < part.index("month.pdf") < part.index("two.pdf"), path
        assert "far.pdf" not in part, path


def test_a_locked_assessment_reminds_nobody(desk: Desk, session: Session) -> None:
    desk.upload("ENV-02", "gone.pdf", valid_until="2026-11-01")
    assessment = session.get_one(Assessment, desk.assessment.id)
    assessment.state = "submitted"
    session.commit()
    assert "Evidence to renew" not in desk.client.get(f"/assessments/{assessment.id}").text
    assert "Expired on" not in desk.topic("ENV")


def test_a_newer_version_takes_over_open_answers(desk: Desk, session: Session) -> None:
    desk.upload("ENV-02", "cert-2025.pdf", issuer="Invented House", valid_until="2026-11-01")
    older = newest(session)
    form = desk.client.get(f"/evidence/{older.id}/newer").text
    assert 'value="Invented House"' in form and "2026-11-01" not in form
    assert 'name="move"' in form and "checked" in form
    wrong = post_file(desk.client, f"/evidence/{older.id}/newer", b"MZ", "cert.pdf")
    assert wrong.status_code == 422 and newest(session).id == older.id
    same = post_file(desk.client, f"/evidence/{older.id}/newer", pdf_bytes("cert-2025.pdf"), "b.pdf")
    assert same.status_code == 409 and "already in your library" in same.text
    facts = {"valid_until": "2028-11-01", "move": "y"}
    done = post_file(desk.client, f"/evidence/{older.id}/newer", pdf_bytes("n"), "cert-2027.pdf", **facts)
    newer = newest(session)
    assert done.status_code == 303 and done.headers["Location"].endswith(f"/evidence/{newer.id}")
    (link,) = seen(session, select(EvidenceLink))
    assert link.evidence_id == newer.id
    desk.client.get("/sites")  # shows the message of what was done
    page = desk.topic("ENV")
    assert (
        "cert-2027.pdf" in page
        and "cert-2025.pdf" not in page
        and "Newer version since 21 November 2026" in page
    )
    library = desk.client.get("/evidence").text
    assert "cert-2027.pdf" in library and "cert-2025.pdf" not in library and "version 2" in library
    assert f'href="/evidence/{older.id}"' in desk.client.get(f"/evidence/{newer.id}").text
    assert "This is an older version" in desk.client.get(f"/evidence/{older.id}").text
    again = post_file(desk.client, f"/evidence/{older.id}/newer", pdf_bytes("x"), "c.pdf", **facts)
    assert again.status_code == 409
    refused = desk.client.post(desk.choose("ENV-02"), data={"evidence": str(older.id)})
    assert refused.status_code == 409 and "has a newer version" in refused.text


def test_answers_left_with_the_older_version_are_said_and_moved_by_a_click(
    desk: Desk, session: Session
) -> None:
    desk.upload("ENV-02", "v1.pdf")
    older = newest(session)
    post_file(desk.client, f"/evidence/{older.id}/newer", pdf_bytes("2"), "v2.pdf")
    assert "There is a newer version of this file." in desk.topic("ENV")
    assert "Move 1 answer to the newest version" in desk.client.get(f"/evidence/{older.id}").text
    assert desk.client.post(f"/evidence/{older.id}/newer/answers").status_code == 303
    assert "v2.pdf" in desk.topic("ENV") and "There is a newer version" not in desk.topic("ENV")
    assert "Move 1 answer" not in desk.client.get(f"/evidence/{older.id}").text


def test_the_reviewer_sees_what_was_sent_and_downloads_exactly_that(
    app: Flask, desk: Desk, session: Session
) -> None:
    number, reviewer = desk.assessment.id, signed_in(app, desk.staff)
    for name in ("Plant 1", "Plant 2"):
        desk.name_site(name)
    desk.upload("ENV-02", "sent.pdf", sites="plant 1", language="zh", pages="12", valid_until="2026-12-01")
    older = newest(session)
    close_gaps(session, actor_of(desk.user, desk.supplier), session.merge(desk.assessment), desk.user)
    session.commit()
    assert desk.client.post(f"/assessments/{number}/check").status_code == 303
    desk.name_site("Plant 3")
    desk.client.post(f"/evidence/{older.id}", data={"issuer": "Changed later"})
    facts = {"move": "y"}
    post_file(desk.client, f"/evidence/{older.id}/newer", pdf_bytes("later"), "later.pdf", **facts)
    newer = newest(session)
    page = reviewer.get(f"/staff/assessments/{number}?topic=ENV&show=all").text
    assert "Covers 1 of 2 sites." in page and "before the round ends on 31 December 2026" in page
    assert (
        "12 pages" in page and "Chinese" in page and "Changed later" not in page and "later.pdf" not in page
    )
    base = f"/staff/assessments/{number}/evidence"
    assert reviewer.get(f"{base}/{older.id}").data == pdf_bytes("sent.pdf")
    assert reviewer.get(f"{base}/{newer.id}").status_code == 404
    assert seen(session, select(Submission))[0].number == 1


@pytest.mark.parametrize(
    ("code", "accepted", "refused"),
    [
        ("ENV-02", "The certificate with its annex", "A certificate that has expired"),
        ("EMW-04", "meter readings", "more than 24 months ago"),
        ("ETH-01", "The document in force", "A draft, or a template"),
        ("ETH-06", "approved by management", "A wish without a year"),
        ("GOV-02", "Proof that it happened", "A plan, an offer or an order"),
    ],
)
def test_each_kind_of_question_says_what_is_accepted(
    desk: Desk, code: str, accepted: str, refused: str
) -> None:
    page = desk.client.get(desk.choose(code)).text
    assert accepted in page and refused in page
    others = [words for words in ("A draft, or a template", "A wish without a year") if words != refused]
    assert not any(words in page for words in others)


def test_the_question_itself_says_what_is_accepted_in_both_languages(desk: Desk) -> None:
    """On the topic page, at the question, for its kind; nothing where no evidence is asked for."""
    said = {
        "en": {
            "ENV-02": ("The certificate with its annex", "A certificate that has expired"),
            "GOV-02": ("Proof that it happened", "A plan, an offer or an order"),
        },
        "zh": {
            "ENV-02": ("证书及其附件：编号", "证书已过期，或属于其他厂区"),
            "GOV-02": ("能证明已经实施的材料", "计划、报价单或订单"),
        },
    }
    for language, questions in said.items():
        desk.client.post("/language", data={"language": language})
        for code, words in questions.items():
            page = desk.topic(code[:3])
            question = page[page.index(f'id="{code}"') :].partition("</article>")[0]
            assert all(one in question for one in words), (language, code)
    desk.client.post("/language", data={"language": "en"})
    topic = desk.topic("GOV")
    asked = [part.partition("</article>")[0] for part in topic.split("<article ")[1:]]
    for part in asked:
        assert ("Usually sent back" in part) == ('class="question-evidence"' in part)


def test_wrong_facts_keep_what_was_ticked(desk: Desk, session: Session) -> None:
    desk.name_site("Plant 1")
    desk.upload("ENV-02", "a.pdf")
    row = newest(session)
    wrong = {"pages": "1e3", "language": "tlh", "sites": "plant 1"}
    answer = desk.client.post(f"/evidence/{row.id}", data=wrong)
    assert answer.status_code == 422 and "“1e3” is no number of pages" in answer.text
    assert "Choose a language from the list" in answer.text and "checked" in answer.text
    assert newest(session).pages is None
    for pages in ("0", "-1", "5001", "1" * 40, "１２"):
        assert desk.client.post(f"/evidence/{row.id}", data={"pages": pages}).status_code == 422


def test_many_linked_files_cost_what_few_cost(desk: Desk, engine: Engine) -> None:
    desk.upload("ENV-02", "one.pdf", valid_until="2026-12-01")
    paths = (f"/assessments/{desk.assessment.id}/topics/ENV", "/evidence", "/assessments")

    def cost() -> list[int]:
        found = []
        for path in paths:
            desk.client.get(path)
            with counted(engine) as statements:
                desk.client.get(path)
            found.append(len(statements))
        return found

    few = cost()
    for number in range(6):
        desk.upload("ENV-03", f"more-{number}.pdf", valid_until="2026-12-02")
        desk.name_site(f"Plant {number}")
    assert cost() == few


def test_an_older_version_is_offered_nowhere(desk: Desk, session: Session) -> None:
    desk.upload("ENV-02", "v1.pdf")
    older = newest(session)
    assert "v1.pdf" in desk.client.get("/carbon/measures/new").text
    post_file(desk.client, f"/evidence/{older.id}/newer", pdf_bytes("2"), "v2.pdf", move="y")
    desk.client.get("/sites")  # shows the message of what was done
    for path in ("/carbon/measures/new", desk.choose("GOV-04"), "/evidence"):
        page = desk.client.get(path).text
        assert "v2.pdf" in page and "v1.pdf" not in page, path


def test_a_moved_file_is_named_until_it_is_sent(desk: Desk, session: Session) -> None:
    number, actor = desk.assessment.id, actor_of(desk.user, desk.supplier)
    desk.upload("ENV-02", "v1.pdf")
    older = newest(session)
    post_file(desk.client, f"/evidence/{older.id}/newer", pdf_bytes("2"), "v2.pdf", move="y")
    close_gaps(session, actor, session.merge(desk.assessment), desk.user)
    session.commit()
    assert "Newer version since" in desk.client.get(f"/assessments/{number}/check").text
    assert desk.client.post(f"/assessments/{number}/check").status_code == 303
    assessment = session.get_one(Assessment, number, populate_existing=True)
    assessment.state = "in_progress"
    session.commit()
    assert "Newer version since" not in desk.client.get(f"/assessments/{number}/check").text
    assert "Moved here on" not in desk.client.get(f"/assessments/{number}/evidence/ENV-02").text
