"""What a view may ask of the request: the site, a database session, the actor, the clock, the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.core.access import STRANGER, Actor
from portal.files.vault import Vault
from portal.language import LOCALES
from portal.settings import Settings
from portal.store.engine import reading, writing

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Site:
    """What one running portal is made of."""

    settings: Settings
    engine: Engine
    vault: Vault
    clock: Callable[[], datetime]


def site() -> Site:
    """The portal this request belongs to."""
    found: Site = current_app.extensions["upstream"]
    return found


def db() -> Session:
    """This request's database session, opened on first use. Safe methods read; all others may write.

    The write lock is taken only here, after the request body has been read, so a slow upload holds nobody up.
    """
    if "db" not in g:
        opened = reading if request.method in SAFE_METHODS else writing
        g.db = opened(site().engine)
    session: Session = g.db
    return session


def after_commit(act: Callable[[], object]) -> None:
    """Do something once this request's changes are committed; nothing happens when they are not."""
    g.setdefault("after_commit", []).append(act)


def actor() -> Actor:
    """Who is asking; STRANGER before sign-in."""
    found: Actor = g.get("actor", STRANGER)
    return found


def tenant() -> int:
    """The supplier this request acts for. Only views guarded by a supplier right may ask."""
    found = actor().supplier_id
    if found is None:
        raise RuntimeError("a supplier's view was reached without a supplier")
    return found


def now() -> datetime:
    """The moment of this request, the same for everything it does."""
    if "now" not in g:
        g.now = site().clock()
    moment: datetime = g.now
    return moment


def zone() -> ZoneInfo:
    """The time zone in which people of this portal read the clock."""
    return ZoneInfo(site().settings.time_zone)


def today() -> date:
    """The calendar day of this request in the portal's time zone."""
    return now().astimezone(zone()).date()


def locale() -> str:
    """The reader's language: the account's own, else the cookie of a visitor, else the browser's, else the default."""
    person = actor()
    if person.user_id is not None:
        return person.locale
    chosen = request.cookies.get("language", "")
    if chosen in LOCALES:
        return chosen
    best = request.accept_languages.best_match(["zh-CN", "zh", "en"])
    if best is None:
        return site().settings.default_locale
    return "zh" if best.startswith("zh") else "en"


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)
