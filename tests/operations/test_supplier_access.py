"""Ending and restoring the access of a supplier's people. On both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.operations.accounts import HASHER, accept_invitation, invite, open_session, usable_invitation
from portal.operations.supplier_access import end_access, restore_access
from portal.store.engine import reading, writing
from portal.store.people import Membership, WebSession, membership_of, people_of
from tests.make.people import AT, actor_of, make_member, make_staff, make_supplier


def test_access_ends_and_comes_back_in_the_same_role(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        lead, colleague = make_member(session, supplier), make_member(session, supplier, "contributor")
        actor = actor_of(lead, supplier)
        web = open_session(session, colleague, token="cookie", now=AT)
        mine = open_session(session, lead, token="other", now=AT)
        end_access(session, actor, supplier_id=supplier.id, user_id=colleague.id, now=AT)
        session.expire_all()
        assert session.get_one(WebSession, web.id).ended_at == AT
        assert session.get_one(WebSession, mine.id).ended_at is None
        assert membership_of(session, colleague.id, supplier.id) is None
        with pytest.raises(Refused, match="access_ended"):
            open_session(session, colleague, token="again", now=AT)
        restore_access(session, actor, supplier_id=supplier.id, user_id=colleague.id, now=AT)
        back = membership_of(session, colleague.id, supplier.id)
        assert back is not None and back.role == "contributor"
        assert open_session(session, colleague, token="again", now=AT).supplier_id == supplier.id


def test_only_the_session_in_that_supplier_ends(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        first, second = make_supplier(session), make_supplier(session, "S-002")
        make_member(session, first)
        user = make_member(session, first, "contributor")
        session.add(Membership(user_id=user.id, supplier_id=second.id, role="lead", created_at=AT))
        web = open_session(session, user, token="first", now=AT)
        elsewhere = open_session(session, user, token="second", now=AT)
        elsewhere.supplier_id = second.id
        session.flush()
        end_access(
            session, actor_of(make_staff(session, "admin")), supplier_id=first.id, user_id=user.id, now=AT
        )
        session.expire_all()
        assert session.get_one(WebSession, web.id).ended_at == AT
        assert session.get_one(WebSession, elsewhere.id).ended_at is None


def test_the_last_lead_stays(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        lead = make_member(session, supplier)
        admin = actor_of(make_staff(session, "admin"))
        for actor, code in ((admin, "end_last_lead"), (actor_of(lead, supplier), "end_yourself")):
            with pytest.raises(Refused, match=code):
                end_access(session, actor, supplier_id=supplier.id, user_id=lead.id, now=AT)
        second = make_member(session, supplier, email="second@s-001.example")
        end_access(session, admin, supplier_id=supplier.id, user_id=lead.id, now=AT)
        with pytest.raises(Refused, match="end_last_lead"):
            end_access(session, admin, supplier_id=supplier.id, user_id=second.id, now=AT)


def test_two_leads_who_end_each_other_at_once_leave_one(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        leads = [make_member(session, supplier, email=f"{n}@s-001.example") for n in range(2)]
        actors = [actor_of(user, supplier) for user in leads]
        supplier_id, ids = supplier.id, [user.id for user in leads]
        session.commit()
    start, refused = threading.Barrier(2), []

    def end(actor: Actor, target: int) -> None:
        with writing(any_engine) as session:
            start.wait()
            try:
                end_access(session, actor, supplier_id=supplier_id, user_id=target, now=AT)
                session.commit()
            except Refused as refusal:
                refused.append(refusal.problem.code)

    for _ in range(5):
        both = [
            threading.Thread(target=end, args=(actor, target))
            for actor, target in zip(actors, reversed(ids), strict=True)
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()
        with reading(any_engine) as session:
            assert len(people_of(session, supplier_id)) == 1
        with writing(any_engine) as session:
            for place in session.scalars(select(Membership)):
                place.ended_at = None
            session.commit()
    assert refused == ["end_last_lead"] * 5


def test_open_links_of_the_person_end_too(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        lead = make_member(session, supplier)
        second = make_member(session, supplier, email="second@s-001.example")

        def invited(by: Actor, email: str, token: str) -> None:
            invite(
                session, by, email=email, role="lead", supplier_id=supplier.id, token=token * 32, valid_days=14, now=AT
            )  # fmt: skip

        invited(actor_of(second, supplier), "private@mail.example", "a")
        invited(actor_of(lead, supplier), "second@s-001.example", "b")
        invited(actor_of(lead, supplier), "new@s-001.example", "c")
        end_access(session, actor_of(lead, supplier), supplier_id=supplier.id, user_id=second.id, now=AT)
        session.expire_all()
        for token in "ab":
            with pytest.raises(Refused, match="invitation_replaced"):
                usable_invitation(session, token * 32, now=AT)
        assert usable_invitation(session, "c" * 32, now=AT)


def test_an_invitation_lets_a_former_colleague_in_again(any_engine: Engine) -> None:
    """One person has one place in a supplier: it is opened again, in the role invited to."""
    with writing(any_engine) as session:
        supplier = make_supplier(session)
        lead, colleague = make_member(session, supplier), make_member(session, supplier, "contributor")
        colleague.password_hash = HASHER.hash("copper meadow violin 7")
        actor = actor_of(lead, supplier)
        end_access(session, actor, supplier_id=supplier.id, user_id=colleague.id, now=AT)
        later = AT + timedelta(days=1)
        invite(
            session, actor, email=colleague.email, role="lead", supplier_id=supplier.id, token="t" * 32, valid_days=14, now=later
        )  # fmt: skip
        accept_invitation(
            session, token="t" * 32, name="", password="copper meadow violin 7", locale="en", now=later
        )
        back = membership_of(session, colleague.id, supplier.id)
        assert back is not None and back.role == "lead"
        assert open_session(session, colleague, token="c", now=later).supplier_id == supplier.id


def test_people_of_other_suppliers_are_out_of_reach(session: Session) -> None:
    mine, theirs = make_supplier(session), make_supplier(session, "S-002")
    lead, foreign = make_member(session, mine), make_member(session, theirs)
    make_member(session, theirs, email="second@s-002.example")
    actor = actor_of(lead, mine)
    for user_id in (foreign.id, 99_999):
        for act in (end_access, restore_access):
            with pytest.raises(NotFound):
                act(session, actor, supplier_id=mine.id, user_id=user_id, now=AT)
    assert membership_of(session, foreign.id, theirs.id) is not None
