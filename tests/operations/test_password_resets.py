"""Links for a forgotten password: who may make one for whom, and what ends a link. On both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.operations.accounts import check_password, open_session, token_hash
from portal.operations.password_resets import make_reset_link, set_new_password, usable_reset
from portal.operations.staff_accounts import disable_account
from portal.operations.supplier_access import end_access
from portal.store.engine import writing
from portal.store.journal import JournalEntry
from portal.store.password_resets import PasswordReset
from portal.store.people import Membership, SignInAttempt, User, WebSession
from portal.store.suppliers import Supplier
from tests.make.people import AT, actor_of, make_member, make_staff, make_supplier

NEW = "copper meadow violin 7"
TOKEN = "r" * 32


@pytest.fixture
def session(any_engine: Engine) -> Iterator[Session]:
    with writing(any_engine) as opened:
        yield opened


@pytest.fixture
def supplier(session: Session) -> Supplier:
    return make_supplier(session)


@pytest.fixture
def lead(session: Session, supplier: Supplier) -> Actor:
    return actor_of(make_member(session, supplier), supplier)


@pytest.fixture
def colleague(session: Session, supplier: Supplier) -> User:
    return make_member(session, supplier, "contributor")


def make(session: Session, actor: Actor, user: User, token: str = TOKEN) -> PasswordReset:
    return make_reset_link(session, actor, user_id=user.id, token=token, now=AT)


def why(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.problem.code


def test_the_new_password_works_the_old_sessions_do_not(
    session: Session, lead: Actor, colleague: User
) -> None:
    colleague.password_hash = "x"
    kept = open_session(session, colleague, token="cookie", now=AT)
    session.add_all([SignInAttempt(subject=colleague.email, at=AT) for _ in range(8)])
    made = make(session, lead, colleague)
    assert made.expires_at - made.created_at == timedelta(hours=24)
    assert made.token_hash == token_hash(TOKEN) and TOKEN not in made.token_hash
    assert colleague.password_hash == "x" and kept.ended_at is None
    set_new_password(session, token=TOKEN, password=NEW, now=AT)
    session.expire_all()
    assert session.get_one(WebSession, kept.id).ended_at == AT
    found = check_password(session, email=colleague.email, password=NEW, address="a", now=AT)
    assert found is not None and found.id == colleague.id
    assert why(lambda: set_new_password(session, token=TOKEN, password=NEW, now=AT)) == "reset_used"


def test_a_poor_password_is_refused_and_the_link_stays(
    session: Session, lead: Actor, colleague: User
) -> None:
    make(session, lead, colleague)
    with pytest.raises(Invalid):
        set_new_password(session, token=TOKEN, password="short", now=AT)
    with pytest.raises(Invalid):
        set_new_password(session, token=TOKEN, password="contributor1", now=AT)
    assert colleague.password_hash is None
    assert usable_reset(session, TOKEN, now=AT).user_id == colleague.id


def test_a_link_ends_after_a_day_and_by_a_newer_one(session: Session, lead: Actor, colleague: User) -> None:
    make(session, lead, colleague)
    assert usable_reset(session, TOKEN, now=AT + timedelta(hours=23, minutes=59))
    assert why(lambda: usable_reset(session, TOKEN, now=AT + timedelta(hours=24))) == "reset_expired"
    make(session, lead, colleague, "n" * 32)
    assert why(lambda: usable_reset(session, TOKEN, now=AT)) == "reset_withdrawn"
    assert usable_reset(session, "n" * 32, now=AT)
    with pytest.raises(NotFound):
        usable_reset(session, "never made", now=AT)


def test_a_lead_reaches_only_its_own_people(session: Session, lead: Actor, supplier: Supplier) -> None:
    foreign = make_member(session, make_supplier(session, "S-002"))
    staff = make_staff(session)
    for user in (foreign, staff):
        with pytest.raises(NotFound):
            make(session, lead, user)
    with pytest.raises(NotFound):
        make_reset_link(session, lead, user_id=99_999, token=TOKEN, now=AT)
    assert why(lambda: make(session, lead, session.get_one(User, lead.user_id))) == "reset_yourself"
    assert session.scalars(select(PasswordReset)).all() == []


def test_a_lead_cannot_take_over_rights_it_does_not_have(
    session: Session, lead: Actor, supplier: Supplier, colleague: User
) -> None:
    """A colleague who also answers elsewhere, or works for the buyer, is helped by the administrator alone."""
    elsewhere = make_supplier(session, "S-002")
    session.add(Membership(user_id=colleague.id, supplier_id=elsewhere.id, role="lead", created_at=AT))
    both = make_staff(session, "manager")
    session.add(Membership(user_id=both.id, supplier_id=supplier.id, role="contributor", created_at=AT))
    session.flush()
    for user in (colleague, both):
        assert why(lambda user=user: make(session, lead, user)) == "reset_by_administrator"
        assert make(
            session,
            actor_of(make_staff(session, "admin", email=f"{user.id}@buyer.example")),
            user,
            f"{user.id}" * 9,
        )


def test_a_leads_link_ends_when_the_colleague_gains_other_rights(
    session: Session, lead: Actor, colleague: User
) -> None:
    make(session, lead, colleague)
    elsewhere = make_supplier(session, "S-002")
    session.add(Membership(user_id=colleague.id, supplier_id=elsewhere.id, role="lead", created_at=AT))
    session.flush()
    assert why(lambda: set_new_password(session, token=TOKEN, password=NEW, now=AT)) == "reset_withdrawn"
    assert colleague.password_hash is None


def test_links_end_with_the_access_of_the_person_or_the_maker(
    session: Session, lead: Actor, supplier: Supplier, colleague: User
) -> None:
    second = actor_of(make_member(session, supplier, email="second@s-001.example"), supplier)
    make(session, second, colleague)
    end_access(session, lead, supplier_id=supplier.id, user_id=second.user_id or 0, now=AT)
    session.expire_all()
    assert why(lambda: usable_reset(session, TOKEN, now=AT)) == "reset_withdrawn"
    make(session, lead, colleague, "n" * 32)
    end_access(session, lead, supplier_id=supplier.id, user_id=colleague.id, now=AT)
    session.expire_all()
    assert why(lambda: usable_reset(session, "n" * 32, now=AT)) == "reset_withdrawn"
    assert why(lambda: make(session, lead, colleague)) == "reset_without_access"


def test_a_switched_off_account_gets_no_link_and_keeps_none(session: Session) -> None:
    admin, other = (make_staff(session, "admin", email=f"{name}@buyer.example") for name in ("one", "two"))
    make(session, actor_of(admin), other)
    make(session, actor_of(other), admin, "n" * 32)
    disable_account(session, actor_of(admin), user_id=other.id, now=AT)
    session.expire_all()
    assert why(lambda: usable_reset(session, TOKEN, now=AT)) == "reset_withdrawn"
    assert why(lambda: usable_reset(session, "n" * 32, now=AT)) == "reset_withdrawn"
    assert why(lambda: make(session, actor_of(admin), other)) == "reset_without_access"


def test_the_journal_says_who_and_for_whom_and_no_secret(
    session: Session, lead: Actor, colleague: User, supplier: Supplier
) -> None:
    make(session, lead, colleague)
    set_new_password(session, token=TOKEN, password=NEW, now=AT)
    session.flush()
    made, done = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    assert (made.action, made.user_id, made.thing_id) == (
        "password.reset_link_made",
        lead.user_id,
        colleague.id,
    )
    assert (done.action, done.user_id, done.supplier_id) == ("password.reset", colleague.id, supplier.id)
    written = " ".join(str(vars(entry)) for entry in (made, done))
    assert TOKEN not in written and token_hash(TOKEN) not in written and NEW not in written
