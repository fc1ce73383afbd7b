"""Sign in, join by invitation, sign out, choose a language."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.problems import Problem
from portal.language import LOCALES
from portal.operations.accounts import (
    accept_invitation,
    check_password,
    end_session,
    open_session,
    token_hash,
    usable_invitation,
)
from portal.store.people import User, user_by_email
from portal.web.context import actor, db, locale, now, site
from portal.web.forms.account import JoinForm, SignInForm
from portal.web.forms.base import add_problems
from portal.web.guard import cookie_name, needs
from portal.web.navigation import first_page
from portal.web.urls import way_back

pages = Blueprint("entering", __name__)


@pages.get("/")
@needs("anyone:account:enter")
def start() -> AnyResponse:
    """The front door: straight to work when signed in, else to the sign-in page."""
    if actor().user_id is None:
        return redirect(url_for("account.entering.sign_in"))
    return redirect(url_for(first_page(actor())))


@pages.get("/sign-in")
@needs("anyone:account:enter")
def sign_in() -> AnyResponse | str:
    """The sign-in page."""
    if actor().user_id is not None:
        return redirect(url_for(first_page(actor())))
    return render_template(
        "account/entering/sign_in.html", form=SignInForm(next=request.args.get("next", ""))
    )


@pages.post("/sign-in")
@needs("anyone:account:enter")
def enter() -> AnyResponse | tuple[str, int]:
    """Check the password and open a session under a new cookie."""
    form = SignInForm()
    if form.validate():
        try:
            user = check_password(
                db(), email=form.email.data, password=form.password.data, address=_address(), now=now()
            )
        except Refused as refusal:
            add_problems(form.password, [refusal.problem])
            return render_template("account/entering/sign_in.html", form=form), 429
        # A wrong guess must be remembered although this request is refused.
        db().commit()
        if user is None:
            add_problems(form.password, [Refused("sign_in_wrong").problem])
        else:
            try:
                return _signed_in(user, way_back(form.next.data, url_for("account.entering.start")))
            except Refused as refusal:
                add_problems(form.password, [refusal.problem])
    return render_template("account/entering/sign_in.html", form=form), 422


@pages.get("/join/<token>")
@needs("anyone:account:enter")
def invitation(token: str) -> str | tuple[str, int]:
    """What an invitation link opens."""
    try:
        found = usable_invitation(db(), token, now=now())
    except NotFound:
        return _link_unknown()
    except Refused as refusal:
        return render_template("account/entering/link_dead.html", problem=refusal.problem), 410
    known = user_by_email(db(), found.email)
    return render_template(
        "account/entering/join.html", form=JoinForm(), invitation=found, known=known is not None, token=token
    )


@pages.post("/join/<token>")
@needs("anyone:account:enter")
def join(token: str) -> AnyResponse | tuple[str, int]:
    """Set the password, join, and sign in."""
    form = JoinForm()
    try:
        found = usable_invitation(db(), token, now=now())
    except NotFound:
        return _link_unknown()
    except Refused as refusal:
        return render_template("account/entering/link_dead.html", problem=refusal.problem), 410
    known = user_by_email(db(), found.email)
    if known is not None:
        form.name.data = known.name
    if form.validate():
        try:
            user = accept_invitation(
                db(),
                token=token,
                name=form.name.data,
                password=form.password.data,
                locale=locale(),
                now=now(),
            )
            return _signed_in(user, url_for("account.entering.start"))
        except Invalid as invalid:
            add_problems(form.password, invalid.problems)
        except Refused as refusal:
            add_problems(form.password, [refusal.problem])
    page = render_template(
        "account/entering/join.html", form=form, invitation=found, known=known is not None, token=token
    )
    return page, 422


@pages.post("/sign-out")
@needs("user:account:keep")
def leave() -> AnyResponse:
    """End this browser's session."""
    end_session(db(), actor(), token=request.cookies.get(cookie_name(), ""), now=now())
    session.clear()
    response = redirect(url_for("account.entering.sign_in"))
    response.delete_cookie(cookie_name(), secure=site().settings.secure_cookies)
    return response


@pages.post("/language")
@needs("anyone:account:enter")
def language() -> AnyResponse:
    """Read the portal in the other language; remembered with the account, or in a cookie before sign-in."""
    chosen = request.form.get("language", "")
    response = make_response(redirect(way_back(request.form.get("next"), url_for("account.entering.start"))))
    if chosen in LOCALES:
        person = actor().user_id
        if person is not None:
            db().get_one(User, person).locale = chosen
        response.set_cookie(
            "language",
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            secure=site().settings.secure_cookies,
            httponly=True,
        )
    return response


def _link_unknown() -> tuple[str, int]:
    """Most unknown links are real ones that a mail program broke in two."""
    problem = Problem("invitation_unknown")
    return render_template("account/entering/link_dead.html", problem=problem), 404


def _signed_in(user: User, target: str) -> Response:
    token = secrets.token_urlsafe(32)
    open_session(db(), user, token=token, now=now())
    session.clear()
    response: Response = make_response(redirect(target))
    settings = site().settings
    response.set_cookie(
        cookie_name(),
        token,
        max_age=settings.absolute_hours * 3600,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


def _address() -> str:
    return "address:" + token_hash(request.remote_addr or "")[:32]
