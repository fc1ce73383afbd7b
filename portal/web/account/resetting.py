"""Set a new password with the link a colleague made."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.language import N_
from portal.operations.password_resets import set_new_password, usable_reset
from portal.store.password_resets import PasswordReset
from portal.web.context import db, now
from portal.web.forms.account import ResetForm
from portal.web.forms.base import add_problems
from portal.web.guard import needs
from portal.web.messages import tell
from portal.web.urls import RESET_PATH

pages = Blueprint("resetting", __name__, url_prefix=RESET_PATH)


@pages.get("/<token>")
@needs("anyone:account:enter")
def choosing(token: str) -> str | tuple[str, int]:
    """What a link for a new password opens."""
    try:
        found = usable_reset(db(), token, now=now())
    except NotFound:
        return _dead(Problem("reset_unknown"), 404)
    except Refused as refusal:
        return _dead(refusal.problem, 410)
    return _page(found, ResetForm())


@pages.post("/<token>")
@needs("anyone:account:enter")
def choose(token: str) -> AnyResponse | tuple[str, int]:
    """Set the password; every session of this person ends, and the person signs in with the new password."""
    form = ResetForm()
    given = (form.new.data or "") if form.validate() else ""
    try:
        set_new_password(db(), token=token, password=given, now=now())
    except NotFound:
        return _dead(Problem("reset_unknown"), 404)
    except Refused as refusal:
        return _dead(refusal.problem, 410)
    except Invalid as invalid:
        if not form.errors:
            add_problems(form.new, invalid.problems)
        return _page(usable_reset(db(), token, now=now()), form), 422
    tell(N_("Your new password is set. Sign in with it."))
    return redirect(url_for("account.entering.sign_in"))


def _page(found: PasswordReset, form: ResetForm) -> str:
    return render_template("account/resetting/new_password.html", form=form, email=found.user.email)


def _dead(problem: Problem, status: int) -> tuple[str, int]:
    return render_template("account/entering/link_dead.html", problem=problem), status
