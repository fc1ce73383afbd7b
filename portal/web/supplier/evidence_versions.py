"""Replacing a document of the library by a newer version of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.language import N_
from portal.operations.evidence_facts import Facts
from portal.operations.evidence_versions import move_answers, replace_evidence
from portal.operations.keeping import Kept
from portal.store.evidence import Evidence
from portal.store.sites import sites_of
from portal.web.context import actor, db, now, site, tenant, today
from portal.web.forms.evidence import NewerForm, form_of_facts, with_sites
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.supplier.evidence import in_library, megabytes, take_file
from portal.web.supplier.pages_evidence import facts_page

pages = Blueprint("evidence_versions", __name__, url_prefix="/evidence/<int:evidence_id>/newer")

# What a newer version usually has in common with the older one; its days never are.
SAME = ("issuer", "standard", "language", "sites")


@pages.get("")
@needs("supplier:evidence:write")
def newer(evidence_id: int) -> str:
    """The form for a newer version, filled with what usually stays."""
    row = in_library(evidence_id)
    before = form_of_facts(row)
    kept = {name: before[name].data for name in SAME}
    return _page(row, NewerForm(formdata=None, data={**kept, "move": True}))


@pages.post("")
@needs("supplier:evidence:write")
def replace(evidence_id: int) -> AnyResponse | tuple[str, int]:
    """Put the newer version into the library; open answers move to it."""
    row = in_library(evidence_id)
    form = NewerForm()
    moved = 0

    def store(kept: Kept, given: Facts) -> Evidence:
        nonlocal moved
        quota = site().settings.supplier_quota
        found, moved = replace_evidence(
            db(),
            actor(),
            evidence_id=evidence_id,
            kept=kept,
            facts=given,
            move=form.move.data,
            quota=quota,
            now=now(),
        )
        return found

    outcome = take_file(form, store)
    if not isinstance(outcome, Evidence):
        return _page(row, form, known=outcome), 409 if outcome else 422
    tell(
        N_("“{name}” replaces “{older}”. Answers moved to it: {count}. What was sent keeps the older one."),
        name=outcome.name,
        older=row.name,
        count=moved,
    )
    return redirect(url_for("supplier.evidence.facts", evidence_id=outcome.id), 303)


@pages.post("/answers")
@needs("supplier:evidence:write")
def move(evidence_id: int) -> AnyResponse:
    """Let the answers that still use an older version use the newest one."""
    newest, moved = move_answers(db(), actor(), evidence_id=evidence_id, now=now())
    tell(N_("Answers moved to “{name}”: {count}."), name=newest.name, count=moved)
    return redirect(url_for("supplier.evidence.facts", evidence_id=newest.id), 303)


def _page(row: Evidence, form: NewerForm, known: int | None = None) -> str:
    with_sites(form, sites_of(db(), tenant()))
    file = facts_page(db(), row, today()).file
    return render_template(
        "supplier/evidence/newer.html", file=file, form=form, known=known, megabytes=megabytes()
    )
