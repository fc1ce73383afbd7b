"""The main menu: which entries a person sees, and which one is open."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.access import Actor, may
from portal.language import N_


@dataclass(frozen=True)
class Entry:
    """One menu entry: English words, the endpoint it opens, whether the person is in that part."""

    words: str
    endpoint: str
    here: bool


# The parts of a supplier's carbon data.
_CARBON = (
    "supplier.carbon",
    "supplier.footprints",
    "supplier.company",
    "supplier.inventories",
    "supplier.electricity",
    "supplier.certificates",
    "supplier.measures",
    "supplier.deliveries",
)

# The parts of a supplier's assessment.
_ASSESSMENT = (
    "supplier.hub",
    "supplier.answering",
    "supplier.sending",
    "supplier.explaining",
    "supplier.trying",
    "supplier.workbook",
    "supplier.assigning",
    "supplier.looking",
    "supplier.notes",
    "supplier.yours",
    "supplier.carrying",
    "supplier.per_site",
    "supplier.taking",
    "supplier.take_away",
    "supplier.bringing",
)

# (words, endpoint, right, prefix of the endpoints that belong to the entry)
_MENU = (
    (
        N_("Assessments"),
        "supplier.hub.assessments",
        "supplier:assessment:see",
        _ASSESSMENT,
    ),
    (
        N_("Evidence"),
        "supplier.evidence.library",
        "supplier:evidence:write",
        ("supplier.evidence", "supplier.evidence_versions", "supplier.sites"),
    ),
    (N_("Carbon data"), "supplier.company.overview", "supplier:carbon:write", _CARBON),
    (
        N_("Commitments"),
        "supplier.commitments.findings",
        "supplier:commitments:see",
        ("supplier.commitments",),
    ),
    (N_("People"), "supplier.people.people", "supplier:people:see", ("supplier.people",)),
    (N_("Overview"), "staff.overview.overview", "staff:assessments:see", ("staff.overview",)),
    (
        N_("Rounds"),
        "staff.rounds.rounds",
        "staff:rounds:see",
        ("staff.rounds", "staff.inviting", "staff.review", "staff.comparing"),
    ),
    (
        N_("Suppliers"),
        "staff.suppliers.suppliers",
        "staff:suppliers:see",
        ("staff.suppliers", "staff.carbon_registers", "staff.company_register"),
    ),
    (N_("Commitments"), "staff.commitments.register", "staff:commitments:see", ("staff.commitments",)),
    (
        N_("Category 1"),
        "staff.estimates.estimates",
        "staff:estimates:see",
        ("staff.estimate", "staff.ledgers", "staff.jobs", "staff.factor"),
    ),
    (
        N_("Inventory and target"),
        "staff.frame.years",
        "staff:frame:see",
        ("staff.frame", "staff.targets", "staff.what_ifs", "staff.claims"),
    ),
    (N_("Exports"), "staff.exports.exports", "staff:exports:take", ("staff.exports",)),
    (N_("People"), "staff.people.people", "staff:people:invite", ("staff.people",)),
)


def entries(person: Actor, endpoint: str) -> list[Entry]:
    """The menu of `person`, with the entry of `endpoint` marked as here."""
    return [
        Entry(words, target, endpoint.startswith(parts))
        for words, target, right, parts in _MENU
        if may(person, right)
    ]


def first_page(person: Actor) -> str:
    """The endpoint a person lands on after signing in."""
    menu = entries(person, "")
    return menu[0].endpoint if menu else "account.profile.account"
