"""Who may do what: rights "audience:thing:act", one table, one function. What is not listed is refused."""

from __future__ import annotations

from dataclasses import dataclass

_SUPPLIER = frozenset({"contributor", "lead"})
_LEAD = frozenset({"lead"})
_STAFF = frozenset({"analyst", "manager", "admin"})
_MANAGER = frozenset({"manager", "admin"})
_ADMIN = frozenset({"admin"})
_SIGNED_IN = _SUPPLIER | _STAFF
_ANYONE = _SIGNED_IN | {"stranger"}

RIGHTS: dict[str, frozenset[str]] = {
    "anyone:account:enter": _ANYONE,
    "user:account:keep": _SIGNED_IN,
    "supplier:assessment:see": _SUPPLIER,
    "supplier:answers:write": _SUPPLIER,
    "supplier:sites:choose": _LEAD,
    "supplier:assessment:submit": _LEAD,
    "supplier:work:assign": _LEAD,
    "supplier:work:look": _LEAD,
    "supplier:notes:write": _SUPPLIER,
    "supplier:assessment:move": _LEAD,
    "supplier:evidence:write": _SUPPLIER,
    "supplier:package:take": _SUPPLIER,
    "supplier:carbon:write": _SUPPLIER,
    "supplier:people:see": _SUPPLIER,
    "supplier:people:invite": _LEAD,
    "supplier:people:reset": _LEAD,
    "supplier:people:end": _LEAD,
    "supplier:commitments:see": _SUPPLIER,
    "supplier:commitments:propose": _LEAD,
    "supplier:commitments:report": _SUPPLIER,
    "staff:suppliers:see": _STAFF,
    "staff:suppliers:write": _MANAGER,
    "staff:rounds:see": _STAFF,
    "staff:rounds:open": _MANAGER,
    "staff:assessments:see": _STAFF,
    "staff:assessments:review": _STAFF,
    "staff:assessments:release": _MANAGER,
    "staff:commitments:see": _STAFF,
    "staff:commitments:agree": _STAFF,
    "staff:estimates:see": _STAFF,
    "staff:estimates:run": _STAFF,
    "staff:factors:see": _STAFF,
    "staff:factors:write": _MANAGER,
    "staff:frame:see": _STAFF,
    "staff:frame:write": _MANAGER,
    "staff:exports:take": _MANAGER,
    "staff:people:invite": _ADMIN,
    "staff:people:reset": _ADMIN,
    "staff:people:end": _ADMIN,
    "staff:journal:see": _MANAGER,
    "staff:style:see": _STAFF,
}


@dataclass(frozen=True)
class Actor:
    """The person behind a request or command.

    `role` is one of contributor, lead, analyst, manager, admin, stranger; `supplier_id` is the tenant of
    the two supplier roles and None for everybody else.
    """

    user_id: int | None
    name: str
    role: str
    supplier_id: int | None = None
    locale: str = "en"

    @property
    def is_staff(self) -> bool:
        return self.role in _STAFF

    @property
    def is_supplier(self) -> bool:
        return self.role in _SUPPLIER


STRANGER = Actor(user_id=None, name="", role="stranger")


def may(actor: Actor, right: str) -> bool:
    """Whether `actor` holds `right`; an unknown right is held by nobody."""
    return actor.role in RIGHTS.get(right, frozenset())
