"""The main menu: whatever page a person is on, the part it belongs to is marked."""

from __future__ import annotations

from flask import Flask

from portal.core.access import Actor
from portal.web.navigation import entries

LEAD = Actor(user_id=1, name="Lan", role="lead", supplier_id=1)


def test_every_page_of_an_assessment_is_under_assessments(app: Flask) -> None:
    endpoints = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/assessments")
        and rule.endpoint.startswith("supplier.")
        and not rule.endpoint.startswith("supplier.evidence.")  # the library, opened for a question
    }
    assert len(endpoints) > 40
    marked = {name: [e.words for e in entries(LEAD, name) if e.here] for name in endpoints}
    assert {name: here for name, here in marked.items() if here != ["Assessments"]} == {}
