"""The buyer's own people: invite by link, switch an account off and on."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, Refused
from portal.language import N_, say
from portal.operations.accounts import revoke_invitation
from portal.operations.staff_accounts import STAFF_ROLES, disable_account, enable_account, invite_staff
from portal.store.people import Invitation, open_invitations
from portal.store.standings import staff_users
from portal.web.context import actor, db, locale, now, site
from portal.web.forms.base import add_problems
from portal.web.forms.staff_people import InviteStaffForm
from portal.web.guard import needs
from portal.web.messages import refuse, tell
from portal.web.urls import link_for_people
from portal.web.words import ROLE_WORDS

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.get("")
@needs("staff:people:invite")
def people() -> str:
    """Colleagues with an account and open invitations."""
    return _page(InviteStaffForm(formdata=None))


@pages.post("/invite")
@needs("staff:people:invite")
def invite() -> str | tuple[str, int]:
    """Invite a colleague; the link is shown once, to be handed over."""
    form = InviteStaffForm()
    _offer_roles(form)
    if form.validate():
        token = secrets.token_urlsafe(32)
        try:
            made = invite_staff(
                db(),
                actor(),
                email=form.email.data,
                role=form.role.data,
                token=token,
                valid_days=site().settings.invitation_days,
                now=now(),
            )
            link = link_for_people("account.entering.invitation", token=token)
            return _page(InviteStaffForm(formdata=None), made=made, link=link)
        except Refused as refusal:
            add_problems(form.email, [refusal.problem])
        except Invalid as invalid:
            add_problems(form.email, invalid.problems)
    return _page(form), 422


@pages.post("/invitations/<int:invitation_id>/revoke")
@needs("staff:people:invite")
def revoke(invitation_id: int) -> AnyResponse:
    """Make an open staff invitation unusable."""
    revoke_invitation(db(), actor(), invitation_id=invitation_id, now=now())
    tell(N_("The link no longer works."))
    return redirect(url_for("staff.people.people"))


@pages.post("/<int:user_id>/disable")
@needs("staff:people:invite")
def disable(user_id: int) -> AnyResponse:
    """Switch an account off; all its sessions end at once."""
    try:
        user = disable_account(db(), actor(), user_id=user_id, now=now())
        tell(N_("The account of {name} is switched off; every session of it has ended."), name=user.name)
    except Refused as refusal:
        refuse(refusal.problem)
    return redirect(url_for("staff.people.people"))


@pages.post("/<int:user_id>/enable")
@needs("staff:people:invite")
def enable(user_id: int) -> AnyResponse:
    """Switch an account on again."""
    user = enable_account(db(), actor(), user_id=user_id, now=now())
    tell(N_("{name} can sign in again."), name=user.name)
    return redirect(url_for("staff.people.people"))


def _page(form: InviteStaffForm, made: Invitation | None = None, link: str = "") -> str:
    _offer_roles(form)
    return render_template(
        "staff/people/people.html",
        form=form,
        users=staff_users(db()),
        links=open_invitations(db(), None, now()),
        made=made,
        link=link,
    )


def _offer_roles(form: InviteStaffForm) -> None:
    form.role.choices = [(role, say(locale(), ROLE_WORDS[role])) for role in STAFF_ROLES]
