"""The supplier's people: who answers here, and inviting colleagues by link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.access import may
from portal.core.errors import NotFound, Refused
from portal.language import N_
from portal.operations.accounts import invite as invite_person
from portal.operations.accounts import revoke_invitation
from portal.store.people import (
    Membership,
    former_people_of,
    membership_of,
    open_invitations,
    people_of,
    user_by_email,
)
from portal.web.context import actor, db, now, site, tenant
from portal.web.forms.base import add_problems
from portal.web.forms.people import ColleagueForm, offer_roles
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.urls import link_for_people

pages = Blueprint("people", __name__, url_prefix="/people")


@dataclass(frozen=True)
class PersonLine:
    """One person of the supplier."""

    id: int
    name: str
    email: str
    role: str
    since: datetime
    is_me: bool
    ended_at: datetime | None


@dataclass(frozen=True)
class InvitationLine:
    """An invitation nobody has used yet."""

    id: int
    email: str
    role: str
    until: datetime


@dataclass(frozen=True)
class FreshLink:
    """A link just made; it is shown this once and kept nowhere."""

    email: str
    url: str
    until: datetime


@pages.get("")
@needs("supplier:people:see")
def people() -> str:
    """Everyone who answers for this supplier, and open invitations."""
    return _page(ColleagueForm(formdata=None))


@pages.post("")
@needs("supplier:people:invite")
def invite() -> str | tuple[str, int]:
    """Invite a colleague; the link is shown once to be passed on."""
    form = ColleagueForm()
    if form.validate() and not form.role.errors:
        try:
            return _page(ColleagueForm(formdata=None), _invited(form.email.data, form.role.data))
        except Refused as refusal:
            add_problems(form.email, [refusal.problem])
    return _page(form), 422


@pages.post("/invitations/<int:invitation_id>/renew")
@needs("supplier:people:invite")
def renew(invitation_id: int) -> str:
    """Make a new link for an open invitation; the old link stops working."""
    open_ones = {one.id: one for one in open_invitations(db(), tenant(), now())}
    if invitation_id not in open_ones:
        raise NotFound
    old = open_ones[invitation_id]
    return _page(ColleagueForm(formdata=None), _invited(old.email, old.role))


@pages.post("/invitations/<int:invitation_id>/revoke")
@needs("supplier:people:invite")
def revoke(invitation_id: int) -> AnyResponse:
    """Make an open invitation unusable."""
    revoke_invitation(db(), actor(), invitation_id=invitation_id, now=now())
    tell(N_("The invitation is withdrawn; its link no longer works."))
    return redirect(url_for("supplier.people.people"), 303)


def _invited(email: str, role: str) -> FreshLink:
    known = user_by_email(db(), email)
    if known is not None and membership_of(db(), known.id, tenant()) is not None:
        raise Refused("already_member", email=known.email)
    token = secrets.token_urlsafe(32)
    made = invite_person(
        db(),
        actor(),
        email=email,
        role=role,
        supplier_id=tenant(),
        token=token,
        valid_days=site().settings.invitation_days,
        now=now(),
    )
    return FreshLink(made.email, link_for_people("account.entering.invitation", token=token), made.expires_at)


def _line(one: Membership) -> PersonLine:
    return PersonLine(
        id=one.user_id,
        name=one.user.name,
        email=one.user.email,
        role=one.role,
        since=one.created_at,
        is_me=one.user_id == actor().user_id,
        ended_at=one.ended_at,
    )


def _page(form: ColleagueForm, link: FreshLink | None = None) -> str:
    offer_roles(form)
    members = [_line(one) for one in people_of(db(), tenant())]
    former = [_line(one) for one in former_people_of(db(), tenant())]
    waiting = [
        InvitationLine(one.id, one.email, one.role, one.expires_at)
        for one in open_invitations(db(), tenant(), now())
    ]
    return render_template(
        "supplier/people/people.html",
        form=form,
        members=members,
        former=former,
        waiting=waiting,
        link=link,
        may_invite=may(actor(), "supplier:people:invite"),
    )
