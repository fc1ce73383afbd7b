"""Suppliers as the buyer keeps them: add one, change its facts, end a person's access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.files.supplier_lists import CHECKS
from portal.operations.journal import note
from portal.store.people import Invitation
from portal.store.suppliers import Supplier, SupplierMaterial, SupplierRole, supplier_by_code


@dataclass(frozen=True)
class SupplierFacts:
    """What the buyer knows of a supplier; `country` is ISO 3166-1 alpha-2, `code` the supplier id of the ledger."""

    code: str
    name: str
    name_zh: str
    country: str
    roles: tuple[str, ...]
    materials: tuple[str, ...]


def judge_facts(facts: SupplierFacts) -> list[Problem]:
    """Everything wrong with `facts`, by the same checks as a list of suppliers; `where` is the field's name."""
    given = {
        "code": facts.code,
        "name": facts.name,
        "name_zh": facts.name_zh,
        "country": facts.country,
        "roles": ";".join(facts.roles),
        "materials": ";".join(facts.materials),
    }
    problems = []
    for field, text in given.items():
        if text:
            code = CHECKS[field](text)
        else:
            code = "supplier_value_missing" if field in {"code", "name", "country", "roles"} else ""
        if code:
            problems.append(Problem(code, field, {"column": field, "found": text}))
    return problems


def add_supplier(session: Session, actor: Actor, *, facts: SupplierFacts, now: datetime) -> Supplier:
    """A new supplier. Raises Invalid, or Refused("supplier_code_taken")."""
    problems = judge_facts(facts)
    if problems:
        raise Invalid(problems)
    if supplier_by_code(session, facts.code) is not None:
        raise Refused("supplier_code_taken", taken=facts.code)
    supplier = Supplier(
        code=facts.code,
        name=facts.name,
        name_zh=facts.name_zh,
        country=facts.country.upper(),
        created_at=now,
        roles=[SupplierRole(role=r) for r in facts.roles],
        materials=[SupplierMaterial(material=m) for m in facts.materials],
    )
    session.add(supplier)
    session.flush()
    note(
        session,
        actor,
        "supplier.added",
        thing="supplier",
        thing_id=supplier.id,
        supplier_id=supplier.id,
        details={"code": facts.code},
        now=now,
    )
    return supplier


def change_supplier(
    session: Session, actor: Actor, *, supplier_id: int, facts: SupplierFacts, now: datetime
) -> Supplier:
    """Change a supplier's facts. The code stays: ledgers and earlier exports name the supplier by it.

    Assessments already invited keep the roles they were invited with.
    """
    supplier = session.get(Supplier, supplier_id)
    if supplier is None:
        raise NotFound
    if facts.code != supplier.code:
        raise Refused("supplier_code_fixed", fixed=supplier.code)
    problems = judge_facts(facts)
    if problems:
        raise Invalid(problems)
    supplier.name, supplier.name_zh, supplier.country = facts.name, facts.name_zh, facts.country.upper()
    kept_roles = {r.role: r for r in supplier.roles}
    supplier.roles = [kept_roles.get(r) or SupplierRole(role=r) for r in facts.roles]
    kept_materials = {m.material: m for m in supplier.materials}
    supplier.materials = [kept_materials.get(m) or SupplierMaterial(material=m) for m in facts.materials]
    session.flush()
    note(
        session,
        actor,
        "supplier.changed",
        thing="supplier",
        thing_id=supplier.id,
        supplier_id=supplier.id,
        details={"roles": list(facts.roles), "materials": list(facts.materials), "country": supplier.country},
        now=now,
    )
    return supplier


def revoke_link(
    session: Session, actor: Actor, *, supplier_id: int, invitation_id: int, now: datetime
) -> None:
    """Make an open invitation of this supplier unusable. Raises NotFound when it is none or already used."""
    revoked = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.supplier_id == supplier_id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    if revoked.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE result always has a row count
        raise NotFound
    note(
        session,
        actor,
        "invitation.revoked",
        thing="invitation",
        thing_id=invitation_id,
        supplier_id=supplier_id,
        now=now,
    )
