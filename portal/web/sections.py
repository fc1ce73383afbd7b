"""Sections of a large part of the portal, shown as a second line under the main menu."""

from __future__ import annotations

from flask import current_app

from portal.core.access import Actor, may
from portal.language import N_
from portal.web.navigation import Entry

# Of each part: (words, endpoint, right, beginnings of the endpoints that belong to the section), the closest one last.
_PARTS = (
    (
        (
            N_("Estimates"),
            "staff.estimates.estimates",
            "staff:estimates:see",
            ("staff.estimates.", "staff.estimate_", "staff.ledgers.", "staff.jobs."),
        ),
        (
            N_("Factors"),
            "staff.factors.library",
            "staff:factors:see",
            ("staff.factors.", "staff.factor_tables.", "staff.factor_materials."),
        ),
    ),
)


def sections(person: Actor, endpoint: str) -> list[Entry]:
    """The sections of the part `endpoint` is in, the present one marked; empty where a part has only one page."""
    for part in _PARTS:
        if any(endpoint.startswith(beginnings) for _, _, _, beginnings in part):
            found = [
                Entry(words, target, endpoint.startswith(beginnings))
                for words, target, right, beginnings in part
                if may(person, right) and target in current_app.view_functions
            ]
            return found if len(found) > 1 else []
    return []
