"""The evidence library: facts, reuse, quota, removal, locks, and no half-stored file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.files.vault import Vault
from portal.operations.evidence import (
    add_evidence,
    edit_facts,
    link_evidence,
    remove_evidence,
    unlink_evidence,
)
from portal.operations.evidence_facts import Facts, read_facts
from portal.operations.keeping import Kept, kept_file, stored_bytes
from portal.operations.scoring import open_case
from portal.settings import Settings
from portal.store.assessments import Decision
from portal.store.evidence import Evidence, library_of, links_of
from portal.store.suppliers import Supplier
from tests.make.files import pdf_bytes, vault_files
from tests.make.people import AT, actor_of, make_member, make_staff, make_supplier
from tests.make.sent import make_assessment, make_round, send

MEGABYTE = 1024 * 1024


@contextmanager
def kept(vault: Vault, data: bytes, name: str = "cert.pdf") -> Iterator[Kept]:
    with kept_file(vault, name=name, stream=io.BytesIO(data), limit=30 * MEGABYTE) as found:
        yield found


def put(session: Session, vault: Vault, actor: Actor, words: str = "a", quota: int = MEGABYTE) -> Evidence:
    with kept(vault, pdf_bytes(words)) as found:
        return add_evidence(session, actor, kept=found, facts=Facts(), quota=quota, now=AT)


def codes(invalid: Invalid) -> set[tuple[str, str]]:
    return {(p.code, p.where) for p in invalid.problems}


def test_facts_are_read_and_all_their_problems_named() -> None:
    facts = read_facts(
        {"issuer": "  Assay  Institute ", "covers_from": "2025-01-01", "covers_to": "2025-12-31"}
    )
    assert facts == Facts("Assay Institute", "", date(2025, 1, 1), date(2025, 12, 31), None)
    with pytest.raises(Invalid) as caught:
        read_facts(
            {
                "issuer": "x" * 201,
                "covers_from": "2025-02-30",
                "valid_until": "2150-01-01",
                "standard": "a\x01b",
            }
        )
    assert codes(caught.value) == {
        ("fact_too_long", "issuer"),
        ("fact_date_unreadable", "covers_from"),
        ("fact_date_far", "valid_until"),
        ("fact_unprintable", "standard"),
    }
    with pytest.raises(Invalid) as caught:
        read_facts({"covers_from": "2025-06-01", "covers_to": "2025-05-31", "valid_until": "2025-05-01"})
    assert codes(caught.value) == {("covers_reversed", "covers_to"), ("valid_before_covers", "valid_until")}


def test_the_same_bytes_are_stored_once_per_supplier_and_never_compared_across(
    session: Session, vault: Vault, lead: Actor, settings: Settings
) -> None:
    first = put(session, vault, lead)
    with pytest.raises(Refused) as caught:
        put(session, vault, lead)
    assert caught.value.problem.values["evidence"] == first.id
    assert len(vault_files(settings.vault_dir)) == 1
    other = make_supplier(session, "S-002")
    stranger = actor_of(make_member(session, other), other)
    assert put(session, vault, stranger).id != first.id
    assert len(vault_files(settings.vault_dir)) == 2


def test_a_failed_row_leaves_no_bytes(
    session: Session, vault: Vault, lead: Actor, settings: Settings
) -> None:
    class Boom(Exception):
        pass

    with pytest.raises(Boom), kept(vault, pdf_bytes()) as found:
        assert vault.size(found.key) > 0
        raise Boom
    assert vault_files(settings.vault_dir) == []


def test_the_quota_counts_hidden_files_too(
    session: Session, vault: Vault, lead: Actor, settings: Settings
) -> None:
    row = put(session, vault, lead, "one", quota=100)
    with pytest.raises(Refused) as caught:
        put(session, vault, lead, "two", quota=row.size + 10)
    assert caught.value.problem.code == "quota_full"
    assert len(vault_files(settings.vault_dir)) == 1
    assert stored_bytes(session, lead.supplier_id or 0) == row.size


def test_files_link_to_many_answers_and_come_off_one_by_one(
    session: Session, vault: Vault, lead: Actor
) -> None:
    staff = make_staff(session)
    assessment = make_assessment(
        session, session.get_one(Supplier, lead.supplier_id), make_round(session, staff), "in_progress"
    )
    row = put(session, vault, lead)
    for code in ("ENV-02", "GOV-02", "GOV-02"):
        link_evidence(
            session, lead, assessment_id=assessment.id, indicator=code, evidence_ids=[row.id], now=AT
        )
    assert {c: len(files) for c, files in links_of(session, assessment.id).items()} == {
        "ENV-02": 1,
        "GOV-02": 1,
    }
    unlink_evidence(
        session, lead, assessment_id=assessment.id, indicator="ENV-02", evidence_id=row.id, now=AT
    )
    assert set(links_of(session, assessment.id)) == {"GOV-02"}
    with pytest.raises(NotFound):
        unlink_evidence(
            session, lead, assessment_id=assessment.id, indicator="ENV-02", evidence_id=row.id, now=AT
        )
    with pytest.raises(NotFound):
        link_evidence(
            session, lead, assessment_id=assessment.id, indicator="XXX-99", evidence_ids=[row.id], now=AT
        )


def test_foreign_files_and_assessments_are_not_there(session: Session, vault: Vault, lead: Actor) -> None:
    staff = make_staff(session)
    assessment = make_assessment(
        session, session.get_one(Supplier, lead.supplier_id), make_round(session, staff), "in_progress"
    )
    row = put(session, vault, lead)
    other = make_supplier(session, "S-002")
    stranger = actor_of(make_member(session, other), other)
    theirs = put(session, vault, stranger)
    for actor, evidence in ((stranger, theirs), (lead, theirs), (stranger, row)):
        with pytest.raises(NotFound):
            link_evidence(
                session,
                actor,
                assessment_id=assessment.id,
                indicator="ENV-02",
                evidence_ids=[evidence.id],
                now=AT,
            )
    with pytest.raises(NotFound):
        edit_facts(session, stranger, evidence_id=row.id, facts=Facts(), now=AT)
    with pytest.raises(NotFound):
        remove_evidence(session, stranger, evidence_id=row.id, now=AT)


def test_an_unsent_file_is_deleted_with_its_links(session: Session, vault: Vault, lead: Actor) -> None:
    staff = make_staff(session)
    assessment = make_assessment(
        session, session.get_one(Supplier, lead.supplier_id), make_round(session, staff), "in_progress"
    )
    row = put(session, vault, lead)
    link_evidence(
        session, lead, assessment_id=assessment.id, indicator="ENV-02", evidence_ids=[row.id], now=AT
    )
    removed = remove_evidence(session, lead, evidence_id=row.id, now=AT)
    assert removed.key == row.vault_key
    assert session.get(Evidence, row.id) is None and links_of(session, assessment.id) == {}


def test_a_sent_file_is_hidden_and_stays_behind_locked_answers(
    session: Session, vault: Vault, lead: Actor
) -> None:
    """Returned: only GOV-02 is open again, so hiding takes the file from GOV-02 and leaves it behind ENV-02."""
    staff = make_staff(session)
    supplier = session.get_one(Supplier, lead.supplier_id)
    assessment = make_assessment(session, supplier, make_round(session, staff), "in_progress")
    row = put(session, vault, lead)
    for code in ("ENV-02", "GOV-02"):
        link_evidence(
            session, lead, assessment_id=assessment.id, indicator=code, evidence_ids=[row.id], now=AT
        )
    submission = send(session, assessment, make_member(session, supplier, email="second@s.example"))
    session.add(
        Decision(
            assessment_id=assessment.id,
            submission_id=submission.id,
            indicator="GOV-02",
            kind="returned",
            reason="Which site?",
            decided_by_id=staff.id,
            decided_at=AT,
        )
    )
    assessment.state = "returned"
    session.flush()
    removed = remove_evidence(session, lead, evidence_id=row.id, now=AT)
    session.expire_all()
    assert removed.key is None and row.removed_at == AT
    assert set(links_of(session, assessment.id)) == {"ENV-02"}
    assert library_of(session, supplier.id) == []
    assert set(open_case(session, assessment).evidence) == {"ENV-02"}


def test_locks_hold_for_links(session: Session, vault: Vault, lead: Actor) -> None:
    staff = make_staff(session)
    supplier = session.get_one(Supplier, lead.supplier_id)
    assessment = make_assessment(session, supplier, make_round(session, staff), "in_progress")
    row = put(session, vault, lead)
    link_evidence(
        session, lead, assessment_id=assessment.id, indicator="ENV-02", evidence_ids=[row.id], now=AT
    )
    send(session, assessment, make_member(session, supplier, email="second@s.example"))
    with pytest.raises(Refused) as caught:
        unlink_evidence(
            session, lead, assessment_id=assessment.id, indicator="ENV-02", evidence_id=row.id, now=AT
        )
    assert caught.value.problem.code == "locked_submitted"
    with pytest.raises(Refused):
        link_evidence(
            session, lead, assessment_id=assessment.id, indicator="GOV-02", evidence_ids=[row.id], now=AT
        )


def test_changed_facts_do_not_change_what_was_sent(session: Session, vault: Vault, lead: Actor) -> None:
    staff = make_staff(session)
    supplier = session.get_one(Supplier, lead.supplier_id)
    assessment = make_assessment(session, supplier, make_round(session, staff), "in_progress")
    row = put(session, vault, lead)
    link_evidence(
        session, lead, assessment_id=assessment.id, indicator="ENV-02", evidence_ids=[row.id], now=AT
    )
    submission = send(session, assessment, make_member(session, supplier, email="second@s.example"))
    edit_facts(session, lead, evidence_id=row.id, facts=Facts(issuer="Somebody else"), now=AT)
    assert row.issuer == "Somebody else" and "Somebody else" not in submission.content
