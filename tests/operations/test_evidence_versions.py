"""Versions of a document: open answers move, what was sent stays, and the chain survives what is taken out."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.operations.evidence import add_evidence, edit_facts, link_evidence, remove_evidence
from portal.operations.evidence_facts import Facts
from portal.operations.evidence_versions import movable_links, move_answers, newest_version, replace_evidence
from portal.operations.keeping import kept_file
from portal.operations.scoring import submitted_case
from portal.operations.sites import SitePlace, add_site, remove_site
from portal.operations.snapshots import read_snapshot
from portal.operations.submitting import submit_assessment
from portal.store.assessments import Assessment, Decision, Submission
from portal.store.evidence import (
    Evidence,
    EvidenceLink,
    EvidenceVersion,
    current_library_of,
    library_of,
    links_of,
    versions_of,
)
from portal.store.people import User
from portal.store.sites import sites_of
from portal.store.suppliers import Supplier
from tests.make.assessments import close_gaps
from tests.make.examples import examples
from tests.make.files import pdf_bytes
from tests.make.people import AT, actor_of, make_member, make_staff, make_supplier
from tests.make.sent import make_assessment, make_round

LIMIT = 1024 * 1024
PLAIN = Facts()
Put = Callable[..., Evidence]
Renew = Callable[..., tuple[Evidence, int]]


@pytest.fixture
def supplier(session: Session) -> Supplier:
    return make_supplier(session)


@pytest.fixture
def user(session: Session, supplier: Supplier) -> User:
    return make_member(session, supplier)


@pytest.fixture
def lead(user: User, supplier: Supplier) -> Actor:
    return actor_of(user, supplier)


@pytest.fixture
def put(app: Flask, session: Session, lead: Actor) -> Put:
    def store(words: str, facts: Facts = PLAIN) -> Evidence:
        vault = app.extensions["upstream"].vault
        with kept_file(vault, name=f"{words}.pdf", stream=io.BytesIO(pdf_bytes(words)), limit=LIMIT) as kept:
            return add_evidence(session, lead, kept=kept, facts=facts, quota=LIMIT, now=AT)

    return store


@pytest.fixture
def renew(app: Flask, session: Session, lead: Actor) -> Renew:
    def store(older: Evidence, words: str, *, by: Actor = lead, move: bool = True) -> tuple[Evidence, int]:
        vault = app.extensions["upstream"].vault
        with kept_file(vault, name=f"{words}.pdf", stream=io.BytesIO(pdf_bytes(words)), limit=LIMIT) as kept:
            return replace_evidence(
                session, by, evidence_id=older.id, kept=kept, facts=Facts(), move=move, quota=LIMIT, now=AT
            )

    return store


def make_open(session: Session, supplier: Supplier, name: str = "R") -> Assessment:
    """An assessment in progress in a round of its own."""
    campaign = make_round(session, make_staff(session, email=f"{name.lower()}@buyer.example"), name)
    return make_assessment(session, supplier, campaign, "in_progress")


def link(session: Session, lead: Actor, assessment: Assessment, code: str, *rows: Evidence) -> None:
    ids = [row.id for row in rows]
    link_evidence(session, lead, assessment_id=assessment.id, indicator=code, evidence_ids=ids, now=AT)


def behind(session: Session, assessment: Assessment) -> dict[str, list[str]]:
    session.expire_all()
    found = links_of(session, assessment.id)
    return {code: [one.evidence.name for one in links] for code, links in found.items()}


def test_open_answers_move_and_locked_ones_stay(
    session: Session, supplier: Supplier, lead: Actor, put: Put, renew: Renew
) -> None:
    older = put("v1")
    open_, sent = make_open(session, supplier, "a"), make_open(session, supplier, "b")
    for assessment in (open_, sent):
        link(session, lead, assessment, "ENV-02", older)
    sent.state = "submitted"
    session.flush()
    newer, moved = renew(older, "v2")
    assert moved == 1
    assert behind(session, open_) == {"ENV-02": ["v2.pdf"]} and behind(session, sent) == {
        "ENV-02": ["v1.pdf"]
    }
    (moved_link,) = links_of(session, open_.id)["ENV-02"]
    assert moved_link.moved_at == AT and moved_link.evidence_id == newer.id
    assert versions_of(session, supplier.id).newer == {older.id: newer.id}


def test_what_was_sent_keeps_the_version_it_was_sent_with(
    session: Session, supplier: Supplier, user: User, lead: Actor, put: Put, renew: Renew
) -> None:
    assessment, older = make_open(session, supplier), put("v1", Facts(language="zh", pages=3))
    close_gaps(session, lead, assessment, user)
    link(session, lead, assessment, "ENV-02", older)
    submit_assessment(session, lead, assessment=assessment, now=AT)
    newer, moved = renew(older, "v2")
    assert moved == 0
    case = submitted_case(session, assessment)
    assert case is not None
    proof = next(one for one in case.evidence["ENV-02"] if one.id == older.id)
    assert (proof.name, proof.language, proof.pages) == ("v1.pdf", "zh", 3)
    removed = remove_evidence(session, lead, evidence_id=older.id, now=AT)
    assert removed.key is None, "the bytes of what was sent stay"
    assert versions_of(session, supplier.id).newer == {}
    assert newest_version(session, newer) == newer.id


def test_after_a_return_only_reopened_answers_move(
    session: Session, supplier: Supplier, user: User, lead: Actor, put: Put, renew: Renew
) -> None:
    assessment, older = make_open(session, supplier), put("v1")
    close_gaps(session, lead, assessment, user)
    for code in ("ENV-02", "GOV-04"):
        link(session, lead, assessment, code, older)
    submit_assessment(session, lead, assessment=assessment, now=AT)
    reviewer = session.scalars(select(User).where(User.staff_role.is_not(None))).first()
    assert reviewer is not None
    submission = session.scalars(select(Submission)).one()
    session.add(
        Decision(
            assessment_id=assessment.id,
            submission_id=submission.id,
            indicator="ENV-02",
            kind="returned",
            points=None,
            reason="Renew it",
            decided_by_id=reviewer.id,
            decided_at=AT,
        )
    )
    assessment.state = "returned"
    session.flush()
    _newer, moved = renew(older, "v2")
    found = behind(session, assessment)
    assert moved == 1 and "v2.pdf" in found["ENV-02"] and "v1.pdf" in found["GOV-04"]


def test_answers_left_behind_move_later_and_never_twice(
    session: Session, supplier: Supplier, lead: Actor, put: Put, renew: Renew
) -> None:
    assessment, first = make_open(session, supplier), put("v1")
    link(session, lead, assessment, "ENV-02", first)
    link(session, lead, assessment, "GOV-04", first)
    second, moved = renew(first, "v2", move=False)
    assert moved == 0 and len(movable_links(session, first)) == 2
    third, _ = renew(second, "v3")
    link(session, lead, assessment, "GOV-04", third)
    newest, moved = move_answers(session, lead, evidence_id=first.id, now=AT)
    assert (newest.id, moved) == (third.id, 2)
    assert behind(session, assessment) == {"ENV-02": ["v3.pdf"], "GOV-04": ["v3.pdf"]}
    assert move_answers(session, lead, evidence_id=first.id, now=AT) == (third, 0)
    with pytest.raises(NotFound):
        move_answers(session, lead, evidence_id=third.id, now=AT)


def test_a_version_is_replaced_once_and_not_linked_anew(
    session: Session, supplier: Supplier, lead: Actor, put: Put, renew: Renew
) -> None:
    assessment, older = make_open(session, supplier), put("v1")
    newer, _ = renew(older, "v2")
    with pytest.raises(Refused) as caught:
        renew(older, "v3")
    assert caught.value.problem.code == "evidence_replaced"
    assert caught.value.problem.values["evidence"] == newer.id
    with pytest.raises(Refused) as refused:
        link(session, lead, assessment, "ENV-02", older)
    assert refused.value.problem.code == "evidence_outdated"
    assert session.scalars(select(EvidenceLink)).all() == []


def test_strangers_and_hidden_files_are_not_found(
    session: Session, lead: Actor, put: Put, renew: Renew
) -> None:
    other = make_supplier(session, "S-002")
    stranger = actor_of(make_member(session, other), other)
    older = put("v1")
    with pytest.raises(NotFound):
        renew(older, "v2", by=stranger)
    with pytest.raises(NotFound):
        move_answers(session, stranger, evidence_id=older.id, now=AT)
    older.removed_at = AT
    with pytest.raises(NotFound):
        renew(older, "v2")


def test_the_chain_closes_over_a_version_that_is_deleted(
    session: Session, supplier: Supplier, lead: Actor, put: Put, renew: Renew
) -> None:
    first = put("v1")
    second, _ = renew(first, "v2")
    third, _ = renew(second, "v3")
    remove_evidence(session, lead, evidence_id=second.id, now=AT)
    assert versions_of(session, supplier.id).newer == {first.id: third.id}
    remove_evidence(session, lead, evidence_id=third.id, now=AT)
    assert versions_of(session, supplier.id).newer == {}
    assert renew(first, "v4")[0].name == "v4.pdf"


def test_sites_of_a_file_are_the_suppliers_own_and_go_into_the_snapshot(
    session: Session, supplier: Supplier, user: User, lead: Actor, put: Put
) -> None:
    plant = add_site(session, lead, place=SitePlace("Plant Ä", "CN", "CN-AH"), now=AT)
    add_site(session, lead, place=SitePlace("Store", "CN"), now=AT)
    row = put("cert", Facts(sites=frozenset({plant.key}), valid_until=date(2027, 1, 1)))
    with pytest.raises(Invalid):
        edit_facts(session, lead, evidence_id=row.id, facts=Facts(sites=frozenset({"elsewhere"})), now=AT)
    assessment = make_open(session, supplier)
    close_gaps(session, lead, assessment, user)
    link(session, lead, assessment, "ENV-02", row)
    submission = submit_assessment(session, lead, assessment=assessment, now=AT)
    content = json.loads(submission.content)
    assert content["sites"] == [site.name for site in sites_of(session, supplier.id)] == ["Plant Ä", "Store"]
    case = submitted_case(session, assessment)
    assert case is not None
    sent = read_snapshot(case.questionnaire, submission.content)
    assert next(one for one in sent.evidence["ENV-02"] if one.id == row.id).sites == ("Plant Ä",)


def test_a_snapshot_without_the_later_facts_reads_as_before(
    session: Session, supplier: Supplier, user: User, lead: Actor, put: Put
) -> None:
    assessment = make_open(session, supplier)
    close_gaps(session, lead, assessment, user)
    link(session, lead, assessment, "ENV-02", put("plain"))
    submission = submit_assessment(session, lead, assessment=assessment, now=AT)
    content = json.loads(submission.content)
    assert not {"language", "pages", "sites"} & content["evidence"]["ENV-02"][-1].keys()
    del content["sites"]
    case = submitted_case(session, assessment)
    assert case is not None
    assert read_snapshot(case.questionnaire, json.dumps(content)).evidence == case.evidence


def test_a_site_that_left_the_list_stays_with_a_file_until_it_is_unticked(
    session: Session, lead: Actor, put: Put
) -> None:
    plant = add_site(session, lead, place=SitePlace("Plant", "CN"), now=AT)
    row = put("cert", Facts(sites=frozenset({"plant"})))
    remove_site(session, lead, site_id=plant.id, now=AT)
    edit_facts(session, lead, evidence_id=row.id, facts=Facts(sites=frozenset({"plant"}), pages=2), now=AT)
    assert [(one.key, one.name) for one in row.sites] == [("plant", "Plant")]
    edit_facts(session, lead, evidence_id=row.id, facts=Facts(pages=2), now=AT)
    assert row.sites == []
    with pytest.raises(Invalid):
        edit_facts(session, lead, evidence_id=row.id, facts=Facts(sites=frozenset({"plant"})), now=AT)


@settings(
    max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(["renew", "remove"]), st.integers(0, 9)), max_size=12))
def test_versions_stay_lines_whatever_is_replaced_and_removed(
    session: Session, supplier: Supplier, lead: Actor, put: Put, renew: Renew, steps: list[tuple[str, int]]
) -> None:
    session.execute(delete(EvidenceVersion))
    session.execute(delete(Evidence))
    session.expire_all()
    put("0")
    for number, (step, which) in enumerate(steps, start=1):
        rows = library_of(session, supplier.id)
        if not rows:
            break
        row = rows[which % len(rows)]
        if step == "remove":
            remove_evidence(session, lead, evidence_id=row.id, now=AT)
        elif row.id not in versions_of(session, supplier.id).newer:
            renew(row, str(number))
    kept = {row.id for row in library_of(session, supplier.id)}
    newer = versions_of(session, supplier.id).newer
    assert newer.keys() | set(newer.values()) <= kept
    assert len(set(newer.values())) == len(newer)
    assert all(older < later for older, later in newer.items())
    current = {row.id for row in current_library_of(session, supplier.id)}
    assert current == kept - newer.keys() and bool(current) == bool(kept)
    assert all(newest_version(session, row) in current for row in library_of(session, supplier.id))
