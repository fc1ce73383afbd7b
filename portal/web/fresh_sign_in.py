"""A fresh sign-in: acts that weigh much (release a score, take everything out) ask for the password again."""

from __future__ import annotations

from datetime import timedelta

from flask import g, request

from portal.core.errors import Refused
from portal.core.problems import Problem
from portal.operations.accounts import check_password, token_hash
from portal.store.people import User, WebSession
from portal.web.context import actor, db, now

FRESH = timedelta(minutes=15)


def is_fresh() -> bool:
    """Whether this person signed in, or confirmed the password, within the last 15 minutes."""
    signed_in_at = g.get("signed_in_at")
    return signed_in_at is not None and now() - signed_in_at <= FRESH


def confirm(password: str) -> bool:
    """Check the password once more; a right one makes the sign-in of this browser fresh again.

    Call it before anything else is changed: it commits, so that a wrong guess is remembered although the request is
    refused. Raises Refused("too_many_guesses") as at the front door. Only for views that may write (POST).
    """
    user = db().get_one(User, actor().user_id)
    found = check_password(db(), email=user.email, password=password, address=_address(), now=now())
    right = found is not None and found.id == user.id
    if right:
        db().get_one(WebSession, g.session_id).signed_in_at = now()
        g.signed_in_at = now()
    db().commit()
    return right


def unconfirmed(password: str | None) -> Problem | None:
    """None when the sign-in is fresh or `password` makes it so; else the problem to show beside the password field.

    Problems: fresh_sign_in_needed, password_wrong, too_many_guesses.
    """
    if is_fresh():
        return None
    if not password:
        return Problem("fresh_sign_in_needed", values={"minutes": int(FRESH.total_seconds() // 60)})
    try:
        return None if confirm(password) else Problem("password_wrong")
    except Refused as refusal:
        return refusal.problem


def _address() -> str:
    return "address:" + token_hash(request.remote_addr or "")[:32]
