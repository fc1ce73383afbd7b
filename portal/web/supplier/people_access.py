"""One colleague's way in: a link for a new password, ending and restoring access. For leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound, Refused
from portal.language import N_
from portal.operations.supplier_access import end_access, restore_access
from portal.store.people import Membership, place_of
from portal.store.together import assignments_to
from portal.web.context import actor, db, locale, now, tenant
from portal.web.forms.account import ResetLinkForm
from portal.web.fresh_sign_in import is_fresh
from portal.web.guard import needs
from portal.web.messages import in_words, tell
from portal.web.reset_links import FreshReset, last_made_for, made_for

pages = Blueprint("people_access", __name__, url_prefix="/people")


@dataclass(frozen=True)
class PersonPage:
    """One person of the supplier; `ended_at` is None as long as the person may enter."""

    id: int
    name: str
    email: str
    role: str
    since: datetime
    ended_at: datetime | None
    is_me: bool
    supplier: str


@pages.get("/<int:user_id>")
@needs("supplier:people:reset")
def person(user_id: int) -> str:
    """What a lead can do for one colleague."""
    return _page(user_id)


@pages.post("/<int:user_id>/reset")
@needs("supplier:people:reset")
def reset(user_id: int) -> str | tuple[str, int]:
    """Make a link for a new password; it is shown once."""
    _place(user_id)
    form = ResetLinkForm()
    link = made_for(user_id, form)
    return _page(user_id, form, link) if link else (_page(user_id, form), 422)


@pages.post("/<int:user_id>/end")
@needs("supplier:people:end")
def end(user_id: int) -> AnyResponse | tuple[str, int]:
    """End a colleague's access."""
    held = len(assignments_to(db(), tenant(), user_id))
    try:
        place = end_access(db(), actor(), supplier_id=tenant(), user_id=user_id, now=now())
    except Refused as refusal:
        return _page(user_id, problem=in_words([refusal.problem])[0]), 409
    tell(N_("The access of {name} has ended; every session of it is closed."), name=place.user.name)
    if held:
        tell(
            N_(
                "What {name} was to answer is free again: {count}. Give it to somebody else under “Who does what”."
            ),
            name=place.user.name,
            count=held,
        )
    return redirect(url_for("supplier.people.people"), 303)


@pages.post("/<int:user_id>/restore")
@needs("supplier:people:end")
def restore(user_id: int) -> AnyResponse:
    """Let a colleague in again."""
    place = restore_access(db(), actor(), supplier_id=tenant(), user_id=user_id, now=now())
    tell(N_("{name} can sign in again."), name=place.user.name)
    return redirect(url_for("supplier.people.people"), 303)


def _page(
    user_id: int, form: ResetLinkForm | None = None, link: FreshReset | None = None, problem: str = ""
) -> str:
    place = _place(user_id)
    return render_template(
        "supplier/people/person.html",
        person=PersonPage(
            id=user_id,
            name=place.user.name,
            email=place.user.email,
            role=place.role,
            since=place.created_at,
            ended_at=place.ended_at,
            is_me=user_id == actor().user_id,
            supplier=(locale() == "zh" and place.supplier.name_zh) or place.supplier.name,
        ),
        form=form or ResetLinkForm(formdata=None),
        link=link,
        fresh=is_fresh(),
        last=None if link else last_made_for(user_id),
        problem=problem,
    )


def _place(user_id: int) -> Membership:
    found = place_of(db(), user_id, tenant())
    if found is None:
        raise NotFound
    return found
