"""Anybody's way in, for administrators: a link for a new password; end and restore the access of suppliers' people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound, Refused
from portal.language import N_
from portal.operations.supplier_access import end_access, restore_access
from portal.store.people import Membership, User, places_of
from portal.web.context import actor, db, locale, now
from portal.web.forms.account import ResetLinkForm
from portal.web.fresh_sign_in import is_fresh
from portal.web.guard import needs
from portal.web.messages import in_words, tell
from portal.web.reset_links import FreshReset, last_made_for, made_for
from portal.web.staff.listing import supplier_name

pages = Blueprint("people_access", __name__, url_prefix="/people")


@dataclass(frozen=True)
class PlaceLine:
    """One place of a person in a supplier, open or ended. `problem`: why ending it was refused just now."""

    supplier_id: int
    supplier: str
    place: Membership
    problem: str


@pages.get("/<int:user_id>")
@needs("staff:people:reset")
def person(user_id: int) -> str:
    """What an administrator can do for one person."""
    return _page(user_id)


@pages.post("/<int:user_id>/reset")
@needs("staff:people:reset")
def reset(user_id: int) -> str | tuple[str, int]:
    """Make a link for a new password; it is shown once."""
    _user(user_id)
    form = ResetLinkForm()
    link = made_for(user_id, form)
    return _page(user_id, form, link) if link else (_page(user_id, form), 422)


@pages.post("/<int:user_id>/places/<int:supplier_id>/end")
@needs("staff:people:end")
def end(user_id: int, supplier_id: int) -> AnyResponse | tuple[str, int]:
    """End a person's access for one supplier."""
    try:
        place = end_access(db(), actor(), supplier_id=supplier_id, user_id=user_id, now=now())
    except Refused as refusal:
        return _page(user_id, refused={supplier_id: in_words([refusal.problem])[0]}), 409
    tell(N_("The access of {name} has ended; every session of it is closed."), name=place.user.name)
    return redirect(url_for("staff.people_access.person", user_id=user_id), 303)


@pages.post("/<int:user_id>/places/<int:supplier_id>/restore")
@needs("staff:people:end")
def restore(user_id: int, supplier_id: int) -> AnyResponse:
    """Let a person in again for one supplier."""
    place = restore_access(db(), actor(), supplier_id=supplier_id, user_id=user_id, now=now())
    tell(N_("{name} can sign in again."), name=place.user.name)
    return redirect(url_for("staff.people_access.person", user_id=user_id), 303)


def _page(
    user_id: int,
    form: ResetLinkForm | None = None,
    link: FreshReset | None = None,
    refused: dict[int, str] | None = None,
) -> str:
    user = _user(user_id)
    lines: Sequence[PlaceLine] = [
        PlaceLine(
            p.supplier_id, supplier_name(p.supplier, locale()), p, (refused or {}).get(p.supplier_id, "")
        )
        for p in places_of(db(), user_id)
    ]
    return render_template(
        "staff/people/person.html",
        person=user,
        lines=lines,
        form=form or ResetLinkForm(formdata=None),
        link=link,
        fresh=is_fresh(),
        last=None if link else last_made_for(user_id),
        is_me=user_id == actor().user_id,
        # A person who may enter nowhere has nothing to forget a password for.
        can_enter=user.disabled_at is None
        and (user.staff_role is not None or any(line.place.ended_at is None for line in lines)),
    )


def _user(user_id: int) -> User:
    found = db().get(User, user_id)
    if found is None:
        raise NotFound
    return found
