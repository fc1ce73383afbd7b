"""Tree equivalents and what they imply: shown, never repeated unchecked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, render_template, request

from portal.core.carbon import cells
from portal.core.carbon.claims import PUBLISHED, Claim, kg_per_tree, times_apart
from portal.core.problems import Problem
from portal.language import N_, say
from portal.language.forms import show_number
from portal.web.context import locale
from portal.web.guard import needs
from portal.web.messages import in_words

pages = Blueprint("claims", __name__, url_prefix="/footprint/claims")


@dataclass(frozen=True)
class ClaimLine:
    """One published claim with what it gives to one tree."""

    words: str
    tonnes: Decimal
    trees: Decimal
    kg_per_tree: Decimal
    source: str


@dataclass(frozen=True)
class ClaimsPage:
    """The published claims, and the answer to the one typed in."""

    claims: Sequence[ClaimLine]
    finding: str
    tonnes: str
    trees: str
    answer: str
    errors: Sequence[str]


@pages.get("")
@needs("staff:frame:see")
def claims() -> str:
    """Published claims seen from one tree; `?tonnes=&trees=` for another one."""
    return render_template("staff/claims/claims.html", seen=_page())


def _page() -> ClaimsPage:
    tonnes, trees = (request.args.get(name, "").strip()[:40] for name in ("tonnes", "trees"))
    answer, errors = "", []
    if tonnes or trees:
        row = cells.Row({"tonnes": tonnes, "trees": trees})
        read = [cells.positive(row, name, required=True) for name in ("tonnes", "trees")]
        if read[0] is None or read[1] is None:
            errors = in_words([Problem("claim_number_expected")])
        else:
            answer = say(
                locale(),
                N_(
                    "It gives every tree {kg} kg of CO₂, once and for all or per year: a claim that does not say which says nothing."
                ),
                kg=show_number(kg_per_tree(Claim(read[0], read[1], "")), locale(), 2),
            )
    return ClaimsPage(
        claims=[_line(claim) for claim in PUBLISHED],
        finding=say(
            locale(),
            N_(
                "Between these two sentences one tree is worth {times} times as much. Neither says for how many years, of which trees."
            ),
            times=show_number(times_apart(PUBLISHED), locale(), 0),
        ),
        tonnes=tonnes,
        trees=trees,
        answer=answer,
        errors=errors,
    )


def _line(claim: Claim) -> ClaimLine:
    words = say(
        locale(),
        N_("{tonnes} t are said to equal {trees} trees"),
        tonnes=show_number(claim.tonnes, locale()),
        trees=show_number(claim.trees, locale()),
    )
    return ClaimLine(words, claim.tonnes, claim.trees, kg_per_tree(claim), claim.source)
