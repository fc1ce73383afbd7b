"""Making a link with which a colleague sets a new password; the same for suppliers' leads and administrators."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from portal.core.errors import Refused
from portal.operations.password_resets import make_reset_link
from portal.store.password_resets import newest_reset
from portal.web.context import actor, db, now, site
from portal.web.forms.account import ResetLinkForm
from portal.web.forms.base import add_problems
from portal.web.fresh_sign_in import unconfirmed
from portal.web.messages import in_words
from portal.web.urls import link_for_people


@dataclass(frozen=True)
class FreshReset:
    """A link just made; it is shown this once and kept nowhere."""

    url: str
    until: datetime


@dataclass(frozen=True)
class PastReset:
    """The last link made for a person; `by` is a name, `used_at` None as long as no password was set with it."""

    by: str
    at: datetime
    used_at: datetime | None


def last_made_for(user_id: int) -> PastReset | None:
    """The last link made for a person, so that nobody enters under a colleague's name unseen.

    Suppliers' people read the buyer's name in place of the name of one of its staff.
    """
    found = newest_reset(db(), user_id)
    if found is None:
        return None
    by = found.made_by
    if by is None or (by.staff_role and not actor().is_staff):
        return PastReset(site().settings.organisation, found.created_at, found.used_at)
    return PastReset(by.name, found.created_at, found.used_at)


def made_for(user_id: int, form: ResetLinkForm) -> FreshReset | None:
    """A new link for this person, or None with the reason beside the password field of `form`.

    Asks for a fresh sign-in: whoever finds an open browser must not take over a colleague's account with it.
    Raises as `make_reset_link` does for people out of the actor's reach.
    """
    form.validate()
    problem = unconfirmed(form.password.data)
    if problem is not None:
        add_problems(form.password, [problem])
        return None
    token = secrets.token_urlsafe(32)
    try:
        made = make_reset_link(db(), actor(), user_id=user_id, token=token, now=now())
    except Refused as refusal:
        form.form_errors.extend(in_words([refusal.problem]))
        return None
    return FreshReset(link_for_people("account.resetting.choosing", token=token), made.expires_at)
