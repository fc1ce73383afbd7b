"""One's own account: who am I here, change the password."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, Refused
from portal.language import N_
from portal.operations.accounts import change_password
from portal.store.people import User, memberships_of
from portal.web.context import actor, db, now
from portal.web.forms.account import PasswordForm
from portal.web.forms.base import add_problems
from portal.web.guard import cookie_name, needs
from portal.web.messages import tell

pages = Blueprint("profile", __name__)


@pages.get("/account")
@needs("user:account:keep")
def account() -> str:
    """The account page."""
    return _page(PasswordForm())


@pages.post("/account/password")
@needs("user:account:keep")
def password() -> AnyResponse | tuple[str, int]:
    """Set a new password; other browsers are signed out."""
    form = PasswordForm()
    if form.validate():
        try:
            change_password(
                db(),
                actor(),
                old=form.old.data,
                new=form.new.data,
                keep_token=request.cookies.get(cookie_name(), ""),
                now=now(),
            )
            tell(N_("Your password is changed. Other browsers are signed out."))
            return redirect(url_for("account.profile.account"))
        except Invalid as invalid:
            add_problems(form.new, invalid.problems)
        except Refused as refusal:
            add_problems(form.old, [refusal.problem])
    return _page(form), 422


def _page(form: PasswordForm) -> str:
    user = db().get_one(User, actor().user_id)
    return render_template(
        "account/profile/account.html", form=form, user=user, places=memberships_of(db(), user.id)
    )
