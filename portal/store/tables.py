"""Every table of the portal, in one import: what migrations and tests need to know the whole schema."""

from portal.store import (
    answers,
    assessments,
    carbon,
    carbon_doubts,
    commitments,
    estimates,
    evidence,
    journal,
    people,
    suppliers,
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
    "estimates",
    "evidence",
    "journal",
    "people",
    "suppliers",
]
