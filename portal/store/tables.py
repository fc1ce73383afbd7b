"""Every table of the portal, in one import: what migrations and tests need to know the whole schema."""

from portal.store import (
    answers,
    assessments,
    carbon,
    carbon_doubts,
    commitments,
    electricity,
    estimates,
    evidence,
    factors,
    frame,
    hints,
    inventories,
    jobs,
    journal,
    ledgers,
    measures,
    password_resets,
    people,
    suppliers,
    targets,
    together,
)
from portal.store.base import Base

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "answers",
    "assessments",
    "carbon",
    "carbon_doubts",
    "commitments",
    "electricity",
    "estimates",
    "evidence",
    "factors",
    "frame",
    "hints",
    "inventories",
    "jobs",
    "journal",
    "ledgers",
    "measures",
    "password_resets",
    "people",
    "suppliers",
    "targets",
    "together",
]
