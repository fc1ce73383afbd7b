"""The gate in front of every view: who is asking, may they, and did the request come from our own pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_login import LoginManager, UserMixin
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import DBAPIError

from portal.core.access import RIGHTS, STRANGER, Actor, may
from portal.operations.accounts import token_hash
from portal.store.engine import is_busy, reading, writing
from portal.store.people import WebSession, membership_of, session_by_hash
from portal.web.context import SAFE_METHODS, now, site
from portal.web.errors import busy_page

View = TypeVar("View", bound=Callable[..., object])

# Endpoints of libraries that only hand out static files.
STATIC = frozenset({"static", "bootstrap.static"})
LARGE_UPLOADS = frozenset({"staff.ledgers.upload"})


class Person(UserMixin):
    """What Flask-Login sees of an actor; everything else asks `portal.web.context.actor`."""

    def __init__(self, person: Actor) -> None:
        self.actor = person
        self.id = str(person.user_id)


def needs(right: str) -> Callable[[View], View]:
    """Mark a view with the right it needs; a view without a mark is reachable by nobody."""
    if right not in RIGHTS:
        raise ValueError(f"unknown right {right}")

    def mark(view: View) -> View:
        view.right = right  # type: ignore[attr-defined]  # the mark the gate reads
        return view

    return mark


def cookie_name(app: Flask | None = None) -> str:
    """The session cookie: bound to this host alone where the portal runs over https."""
    settings = (app or current_app).extensions["upstream"].settings
    return "__Host-upstream" if settings.secure_cookies else "upstream"


def install_guard(app: Flask) -> None:
    """Put the gate in front of every request of `app`."""
    manager = LoginManager()
    manager.init_app(app)
    manager.request_loader(lambda _request: Person(g.actor) if g.actor.user_id is not None else None)
    # Who is asking comes first, so that even a refusal speaks the reader's language.
    app.before_request(_recognise)
    app.before_request(_same_origin)
    app.before_request(_room_for_ledgers)
    CSRFProtect(app)
    app.before_request(_check_right)
    app.before_request(_no_nul)
    app.after_request(_settle)
    app.teardown_request(_close)


def _same_origin() -> None:
    """Unsafe requests must come from our own pages: the browser says so in Origin or Sec-Fetch-Site."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        abort(403)


def _no_nul() -> None:
    """Refuse the sign no text has and PostgreSQL cannot keep: nobody types it, programs send it."""
    given = [request.path, *(text for _, text in request.values.items(multi=True))]
    if any("\x00" in text for text in given) or (
        request.is_json and b"\\u0000" in request.get_data(cache=True)
    ):
        abort(400)


def _room_for_ledgers() -> None:
    """A ledger may be larger than other files: before its form is read, and for the buyer's people alone."""
    if request.endpoint in LARGE_UPLOADS and g.actor.is_staff:
        request.max_content_length = site().settings.ledger_limit + 1024 * 1024


def _recognise() -> None:
    g.actor = STRANGER
    g.had_session = False
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint in STATIC:
        return
    g.had_session = True
    settings = site().settings
    moment = now()
    with reading(site().engine) as session:
        row = session_by_hash(session, token_hash(token))
        if row is None or row.ended_at is not None or row.user.disabled_at is not None:
            return
        if moment - row.seen_at > timedelta(minutes=settings.idle_minutes):
            return
        if moment - row.signed_in_at > timedelta(hours=settings.absolute_hours):
            return
        user = row.user
        role, supplier_id = "stranger", None
        if user.staff_role:
            role = user.staff_role
        elif row.supplier_id is not None:
            membership = membership_of(session, user.id, row.supplier_id)
            if membership is not None:
                role, supplier_id = membership.role, row.supplier_id
        g.actor = Actor(
            user_id=user.id, name=user.name, role=role, supplier_id=supplier_id, locale=user.locale
        )
        g.session_id, g.signed_in_at = row.id, row.signed_in_at
        stale = moment - row.seen_at > timedelta(minutes=1)
    if stale:
        _seen(row, moment)


def _seen(row: WebSession, moment: datetime) -> None:
    """Note that the person is still here. A busy database is no reason to refuse the page."""
    try:
        with writing(site().engine) as session:
            session.get_one(WebSession, row.id).seen_at = moment
            session.commit()
    except DBAPIError as error:
        if not is_busy(error):
            raise


def _check_right() -> Response | None:
    if request.endpoint in STATIC:
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    right = getattr(view, "right", None)
    if right is not None and may(g.actor, right):
        return None
    if g.actor.user_id is None and g.had_session and request.method in SAFE_METHODS:
        return redirect(url_for("account.entering.sign_in", next=request.full_path.rstrip("?")))  # type: ignore[return-value]
    abort(404)


def _settle(response: Response) -> Response:
    """Commit once, at the door: what a request changed stands only if the request succeeded."""
    session = g.get("db")
    if session is not None and request.method not in SAFE_METHODS:
        if response.status_code < 400:
            try:
                session.commit()
            except DBAPIError as error:
                if not is_busy(error):
                    raise
                session.rollback()
                return busy_page(error)
            for act in g.pop("after_commit", []):
                act()
        else:
            session.rollback()
    return response


def _close(_error: BaseException | None) -> None:
    session = g.pop("db", None)
    if session is not None:
        session.close()
