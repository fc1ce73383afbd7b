"""Sites of a supplier: named by itself, beside those its electricity was entered for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.operations import sites as operations
from portal.operations.sites import SitePlace, add_site, read_site, remove_site
from portal.store.electricity import ElectricityUse
from portal.store.people import User
from portal.store.sites import sites_of
from portal.store.suppliers import Supplier
from tests.make.people import AT, actor_of, make_member, make_supplier
from tests.make.queries import counted


@pytest.fixture
def supplier(session: Session) -> Supplier:
    return make_supplier(session)


@pytest.fixture
def user(session: Session, supplier: Supplier) -> User:
    return make_member(session, supplier)


@pytest.fixture
def lead(user: User, supplier: Supplier) -> Actor:
    return actor_of(user, supplier)


def use(session: Session, supplier: Supplier, user: User, site: str, *, replaced: bool = False) -> None:
    """Electricity of one site in the register."""
    session.add(
        ElectricityUse(
            supplier_id=supplier.id,
            upload_id=None,
            site=site,
            country="CN",
            region="CN-JS",
            year=2025,
            month=None,
            source="grid",
            mwh=Decimal(10),
            cells={},
            typed={},
            entered_by_id=user.id,
            entered_at=AT,
            replaced_at=AT if replaced else None,
        )
    )
    session.flush()


def names(session: Session, supplier: Supplier) -> list[tuple[str, bool, bool]]:
    return [(one.name, one.id is not None, one.in_electricity) for one in sites_of(session, supplier.id)]


def test_a_site_is_read_with_all_its_problems() -> None:
    assert read_site({"name": "  Plant   1 ", "country": "cn", "region": "cn-ah"}) == SitePlace(
        "Plant 1", "CN", "CN-AH"
    )
    for given, expected in (
        ({"country": "XX"}, {("site_name_missing", "name"), ("site_country_unknown", "country")}),
        ({"name": "x" * 121, "country": "CN"}, {("fact_too_long", "name")}),
        ({"name": "ß" * 70, "country": "CN"}, {("fact_too_long", "name")}),
        ({"name": "a\x07", "country": "CN"}, {("fact_unprintable", "name")}),
        ({"name": "A", "country": "DE", "region": "CN-AH"}, {("site_region_elsewhere", "region")}),
    ):
        with pytest.raises(Invalid) as caught:
            read_site(given)
        assert {(one.code, one.where) for one in caught.value.problems} == expected


def test_both_lists_meet_and_a_site_both_know_stands_once(
    session: Session, supplier: Supplier, user: User, lead: Actor
) -> None:
    use(session, supplier, user, "Works A")
    use(session, supplier, user, "gone", replaced=True)
    add_site(session, lead, place=SitePlace("works  a", "CN", "CN-AH"), now=AT)
    row = add_site(session, lead, place=SitePlace("Store", "CN"), now=AT)
    assert names(session, supplier) == [("Store", True, False), ("works  a", True, True)]
    assert remove_site(session, lead, site_id=row.id, now=AT) == "Store"
    assert names(session, supplier) == [("works  a", True, True)]


def test_a_name_counts_once_and_the_list_has_an_end(
    session: Session, lead: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_site(session, lead, place=SitePlace("Plant", "CN"), now=AT)
    with pytest.raises(Refused) as caught:
        add_site(session, lead, place=SitePlace("PLANT", "CN"), now=AT)
    assert caught.value.problem.code == "site_known"
    monkeypatch.setattr(operations, "MOST_SITES", 1)
    with pytest.raises(Refused) as full:
        add_site(session, lead, place=SitePlace("Store", "CN"), now=AT)
    assert full.value.problem.code == "sites_full"


def test_another_suppliers_site_is_not_found(session: Session, lead: Actor) -> None:
    row = add_site(session, lead, place=SitePlace("Plant", "CN"), now=AT)
    other = make_supplier(session, "S-002")
    stranger = actor_of(make_member(session, other), other)
    with pytest.raises(NotFound):
        remove_site(session, stranger, site_id=row.id, now=AT)
    assert sites_of(session, other.id) == ()


def test_one_site_costs_what_many_cost(session: Session, supplier: Supplier, lead: Actor) -> None:
    session.flush()
    with counted(session.get_bind()) as few:
        sites_of(session, supplier.id)
    for number in range(12):
        add_site(session, lead, place=SitePlace(f"Plant {number}", "CN"), now=AT)
    session.flush()
    with counted(session.get_bind()) as many:
        sites_of(session, supplier.id)
    assert len(many) == len(few) == 2
