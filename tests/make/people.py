"""Makes suppliers, people and signed-in browsers."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.operations.accounts import open_session
from portal.store.engine import writing
from portal.store.people import Membership, User
from portal.store.suppliers import Supplier, SupplierMaterial, SupplierRole

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def make_supplier(
    session: Session,
    code: str = "S-001",
    *,
    name: str = "Clearlake Glass (invented)",
    country: str = "CN",
    roles: tuple[str, ...] = ("manufacturing",),
    materials: tuple[str, ...] = ("glass",),
) -> Supplier:
    """A supplier with roles and materials."""
    supplier = Supplier(
        code=code,
        name=name,
        country=country,
        created_at=AT,
        roles=[SupplierRole(role=r) for r in roles],
        materials=[SupplierMaterial(material=m) for m in materials],
    )
    session.add(supplier)
    session.flush()
    return supplier


def make_staff(
    session: Session, role: str = "manager", *, email: str | None = None, locale: str = "en"
) -> User:
    """One of the buyer's people."""
    user = User(
        email=email or f"{role}@buyer.example",
        name=f"{role.title()} Person",
        staff_role=role,
        locale=locale,
        created_at=AT,
    )
    session.add(user)
    session.flush()
    return user


def make_member(
    session: Session, supplier: Supplier, role: str = "lead", *, email: str | None = None, locale: str = "en"
) -> User:
    """A supplier's lead or contributor."""
    user = User(
        email=email or f"{role}@{supplier.code.lower()}.example",
        name=f"{role.title()} of {supplier.code}",
        locale=locale,
        created_at=AT,
    )
    session.add(user)
    session.flush()
    session.add(Membership(user_id=user.id, supplier_id=supplier.id, role=role, created_at=AT))
    session.flush()
    return user


def actor_of(user: User, supplier: Supplier | None = None, role: str | None = None) -> Actor:
    """The actor operations see for this user."""
    return Actor(
        user_id=user.id,
        name=user.name,
        role=role or user.staff_role or "lead",
        supplier_id=supplier.id if supplier else None,
        locale=user.locale,
    )


def signed_in(app: Flask, user: User) -> FlaskClient:
    """A browser in which `user` (committed) is signed in."""
    client = app.test_client()
    client.set_cookie("upstream", cookie_of(app, user))
    return client


def cookie_of(app: Flask, user: User) -> str:
    """The cookie of a browser in which `user` (committed) signs in now."""
    site = app.extensions["upstream"]
    token = secrets.token_urlsafe(16)
    with writing(site.engine) as session:
        open_session(session, session.get_one(User, user.id), token=token, now=site.clock())
        session.commit()
    return token
