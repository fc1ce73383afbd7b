"""Saves the fields of a topic page, those of the company and those of its sites, in one go."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.errors import Conflict
from portal.core.problems import Problem
from portal.operations.answering import (
    Given,
    PageSaved,
    save_answer,
    save_page,
    save_site_answer,
    save_site_page,
)
from portal.operations.scoring import Case
from portal.store.assessments import Assessment
from portal.web.context import actor, db, now
from portal.web.supplier.field_names import code_and_site, field_of


def save_fields(assessment: Assessment, case: Case, given: Mapping[str, Given]) -> PageSaved:
    """Store a page of fields by name; what became of them goes by the same names."""
    group = {code: one for code, one in given.items() if code_and_site(code)[1] is None}
    result = save_page(db(), actor(), assessment=assessment, case=case, given=group, now=now())
    saved: list[str] = list(result.saved)
    conflicts: dict[str, Conflict] = dict(result.conflicts)
    problems: dict[str, tuple[Problem, ...]] = dict(result.problems)
    for site_id in sorted(case.sites.ids.values() if case.sites else ()):
        own = {
            code_and_site(field)[0]: one for field, one in given.items() if code_and_site(field)[1] == site_id
        }
        if not own:
            continue
        there = save_site_page(
            db(), actor(), assessment=assessment, case=case, site_id=site_id, given=own, now=now()
        )
        saved += [field_of(code, site_id) for code in there.saved]
        conflicts |= {field_of(code, site_id): one for code, one in there.conflicts.items()}
        problems |= {field_of(code, site_id): one for code, one in there.problems.items()}
    return PageSaved(tuple(saved), conflicts, problems)


def save_field(assessment: Assessment, case: Case, field: str, given: Given) -> None:
    """Store one field by name. Raises as `save_answer`."""
    code, site_id = code_and_site(field)
    if site_id is None:
        save_answer(db(), actor(), assessment=assessment, case=case, code=code, given=given, now=now())
    else:
        save_site_answer(
            db(),
            actor(),
            assessment=assessment,
            case=case,
            site_id=site_id,
            code=code,
            given=given,
            now=now(),
        )
