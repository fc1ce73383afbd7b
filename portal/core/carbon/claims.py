"""What a published equivalence implies: tonnes turned into trees, seen from one tree."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.core.exact import decimal_of


@dataclass(frozen=True)
class Claim:
    """`tonnes` of CO2 said to equal `trees`, by whom and where. Numbers as published."""

    tonnes: Decimal
    trees: Decimal
    source: str


# Two published sentences, as numbers; between them lie three orders of magnitude.
PUBLISHED = (
    Claim(Decimal("42221.37"), Decimal("2340000"), "Astronergy, news of 2023-12-08"),
    Claim(Decimal("15000000"), Decimal("700000"), "Jinko Power, page on sustainable development"),
)


def kg_per_tree(claim: Claim) -> Decimal:
    """Kilograms of CO2 that the claim gives to one tree. `trees` above zero."""
    return decimal_of(Fraction(claim.tonnes) * 1000 / Fraction(claim.trees))


def times_apart(claims: tuple[Claim, ...]) -> Decimal:
    """How many times the highest of the claims gives a tree what the lowest gives it."""
    found = [Fraction(kg_per_tree(claim)) for claim in claims]
    return decimal_of(max(found) / min(found))
