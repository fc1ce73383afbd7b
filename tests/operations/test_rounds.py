"""Opening rounds, moving deadlines, adding suppliers and inviting their leads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.files.supplier_lists import read_suppliers
from portal.language.sentences import sentence
from portal.operations.accounts import usable_invitation
from portal.operations.rounds import add_listed, invite_supplier, move_deadline, open_round, renew_link
from portal.operations.staff_accounts import disable_account, invite_staff
from portal.operations.suppliers import SupplierFacts, add_supplier, change_supplier, revoke_link
from portal.store.assessments import Assessment, Round
from portal.store.journal import entries_about
from portal.store.people import User, WebSession
from portal.store.suppliers import Supplier, role_keys
from tests.make.people import actor_of, make_member, make_staff, make_supplier
from tests.make.sent import QUESTIONNAIRE, make_round

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@pytest.fixture
def manager(session: Session) -> Actor:
    return actor_of(make_staff(session, "manager"))


@pytest.fixture
def opened(session: Session, manager: Actor) -> Round:
    return make_round(session, session.get_one(User, manager.user_id))


def codes(caught: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [p.code for p in caught.value.problems]


def invite_to(
    session: Session, manager: Actor, found: Round, supplier: Supplier, email: str = "", token: str = "t"
):  # type: ignore[no-untyped-def]
    return invite_supplier(
        session,
        manager,
        round_id=found.id,
        supplier_id=supplier.id,
        email=email,
        token=token,
        valid_days=14,
        now=NOW,
    )


def test_a_round_says_everything_wrong_with_it_at_once(
    session: Session, manager: Actor, opened: Round
) -> None:
    with pytest.raises(Invalid) as caught:
        open_round(
            session,
            manager,
            name=opened.name,
            questionnaire=QUESTIONNAIRE,
            period_start=date(2026, 1, 1),
            period_end=date(2025, 1, 1),
            deadline_on=date(2026, 11, 1),
            now=NOW,
        )
    assert codes(caught) == ["round_name_taken", "period_reversed", "deadline_past"]
    late = caught.value.problems[-1]
    assert "1 November 2026" in sentence("en", late) and "2026年11月1日" in sentence("zh", late)
    assert session.scalar(select(func.count()).select_from(Round)) == 1


def test_a_deadline_moves_only_later_and_with_a_reason(
    session: Session, manager: Actor, opened: Round
) -> None:
    for day, reason, expected in (
        (opened.deadline_on, "Holidays.", ["deadline_not_later"]),
        (date(2026, 1, 1), "", ["deadline_not_later", "reason_missing"]),
        (date(2027, 1, 31), " ", ["reason_missing"]),
        (date(2027, 1, 31), "x" * 1001, ["reason_long"]),
    ):
        with pytest.raises(Invalid) as caught:
            move_deadline(session, manager, round_id=opened.id, deadline_on=day, reason=reason, now=NOW)
        assert codes(caught) == expected
        assert "-01-" not in sentence("en", caught.value.problems[0])
    move_deadline(
        session, manager, round_id=opened.id, deadline_on=date(2027, 1, 31), reason="Holidays.", now=NOW
    )
    assert opened.deadline_on == date(2027, 1, 31)
    assert entries_about(session, "round", opened.id)[0].details["reason"] == "Holidays."


def test_an_invited_supplier_is_pinned_to_version_and_roles(
    session: Session, manager: Actor, opened: Round
) -> None:
    supplier = make_supplier(session, roles=("manufacturing", "minerals"))
    invited = invite_to(session, manager, opened, supplier, "lead@new.example", "secret-token")
    assert invited.token == "secret-token"
    assert usable_invitation(session, "secret-token", now=NOW).supplier_id == supplier.id
    assert invited.assessment.questionnaire == QUESTIONNAIRE
    change_supplier(
        session,
        manager,
        supplier_id=supplier.id,
        facts=SupplierFacts(supplier.code, "New name", "", "DE", ("services",), ("glass", "cell")),
        now=NOW,
    )
    session.refresh(supplier)
    assert role_keys(supplier) == ("services",)
    assert sorted(invited.assessment.roles) == ["manufacturing", "minerals"]
    with pytest.raises(Refused) as caught:
        invite_to(session, manager, opened, supplier, "lead@new.example")
    assert caught.value.problem.code == "supplier_in_round"


def test_a_lead_with_an_account_is_not_invited_again(session: Session, manager: Actor, opened: Round) -> None:
    supplier = make_supplier(session)
    with pytest.raises(Refused) as caught:
        invite_to(session, manager, opened, supplier)
    assert caught.value.problem.code == "lead_missing"
    lead = make_member(session, supplier)
    invited = invite_to(session, manager, opened, supplier, lead.email.upper())
    assert invited.token is None
    with pytest.raises(Refused) as caught:
        renew_link(
            session, manager, supplier_id=supplier.id, email=lead.email, token="x", valid_days=1, now=NOW
        )
    assert caught.value.problem.code == "lead_has_account"


def test_a_colleague_cannot_be_a_suppliers_lead(session: Session, manager: Actor, opened: Round) -> None:
    supplier = make_supplier(session)
    with pytest.raises(Refused) as caught:
        invite_to(session, manager, opened, supplier, "manager@buyer.example")
    assert caught.value.problem.code == "email_of_staff"
    with pytest.raises(Invalid) as invalid:
        invite_to(session, manager, opened, supplier, "not an address")
    assert codes(invalid) == ["supplier_email_form"]


def test_a_new_link_replaces_the_old_one_and_can_be_revoked(
    session: Session, manager: Actor, opened: Round
) -> None:
    supplier, stranger = make_supplier(session), make_supplier(session, "S-002")
    invite_to(session, manager, opened, supplier, "lead@new.example", "first")
    made = renew_link(
        session,
        manager,
        supplier_id=supplier.id,
        email="lead@new.example",
        token="next",
        valid_days=1,
        now=NOW,
    )
    with pytest.raises(Refused) as caught:
        usable_invitation(session, "first", now=NOW)
    assert caught.value.problem.code == "invitation_replaced"
    with pytest.raises(NotFound):
        revoke_link(session, manager, supplier_id=stranger.id, invitation_id=made.id, now=NOW)
    revoke_link(session, manager, supplier_id=supplier.id, invitation_id=made.id, now=NOW)
    with pytest.raises(Refused):
        usable_invitation(session, "next", now=NOW)


def test_a_list_adds_new_and_known_suppliers_once(session: Session, manager: Actor, opened: Round) -> None:
    known = make_supplier(session, "S-001", name="Kept name")
    text = (
        "code,name,name_zh,country,email,roles,materials\n"
        "S-001,Other name,,CN,a@one.example,manufacturing,glass\n"
        "S-002,Second,第二公司,CN,b@two.example,manufacturing;minerals,cell\n"
    )
    rows = read_suppliers(text.encode(), "list.csv").suppliers
    tokens = iter(("t1", "t2", "t3"))
    for expected in (2, 0):
        added = add_listed(
            session,
            manager,
            round_id=opened.id,
            rows=rows,
            new_token=lambda: next(tokens),
            valid_days=14,
            now=NOW,
        )
        assert len(added) == expected
    assert known.name == "Kept name"
    assert session.scalar(select(func.count()).select_from(Assessment)) == 2


def test_facts_are_judged_and_the_code_is_fixed(session: Session, manager: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        add_supplier(session, manager, facts=SupplierFacts("ä b", "", "", "XX", (), ("No Key",)), now=NOW)
    assert [(p.code, p.where) for p in caught.value.problems] == [
        ("supplier_code_form", "code"),
        ("supplier_value_missing", "name"),
        ("supplier_country_unknown", "country"),
        ("supplier_value_missing", "roles"),
        ("supplier_material_form", "materials"),
    ]
    facts = SupplierFacts("S-9", "Nine", "", "CN", ("services",), ())
    supplier = add_supplier(session, manager, facts=facts, now=NOW)
    with pytest.raises(Refused):
        add_supplier(session, manager, facts=facts, now=NOW)
    with pytest.raises(Refused) as refused:
        moved = SupplierFacts("S-10", "Nine", "", "CN", ("services",), ())
        change_supplier(session, manager, supplier_id=supplier.id, facts=moved, now=NOW)
    assert refused.value.problem.code == "supplier_code_fixed"


def test_switching_off_an_account_ends_its_sessions(session: Session) -> None:
    admin, analyst = make_staff(session, "admin"), make_staff(session, "analyst")
    row = WebSession(token_hash="h", user_id=analyst.id, signed_in_at=NOW, seen_at=NOW)
    session.add(row)
    session.flush()
    disable_account(session, actor_of(admin), user_id=analyst.id, now=NOW + timedelta(minutes=1))
    session.refresh(row)
    assert row.ended_at is not None
    assert analyst.disabled_at is not None
    for actor, expected in ((admin, "disable_yourself"), (analyst, "disable_last_admin")):
        with pytest.raises(Refused) as caught:
            disable_account(session, actor_of(actor), user_id=admin.id, now=NOW)
        assert caught.value.problem.code == expected


def test_a_person_with_an_account_is_not_invited_as_staff(session: Session) -> None:
    admin = make_staff(session, "admin")
    member = make_member(session, make_supplier(session))
    for email, raised in ((member.email, Refused), ("nonsense", Invalid)):
        with pytest.raises(raised):
            invite_staff(
                session, actor_of(admin), email=email, role="analyst", token="x", valid_days=1, now=NOW
            )
    with pytest.raises(NotFound):
        invite_staff(
            session, actor_of(admin), email="a@b.example", role="lead", token="x", valid_days=1, now=NOW
        )
