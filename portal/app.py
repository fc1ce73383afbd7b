"""Puts the portal together: settings, store, vault, views. Nothing imports this but the doors' outermost ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from portal.files.questionnaires import check_published
from portal.files.vault import open_vault
from portal.settings import Settings, read_settings
from portal.store.engine import open_engine
from portal.web.blueprints import BLUEPRINTS
from portal.web.context import Site, utc_now
from portal.web.errors import install_errors
from portal.web.guard import install_guard
from portal.web.pages import install_pages

CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(settings: Settings | None = None, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The portal as a WSGI application. Refuses to start when a published questionnaire was changed."""
    settings = settings or read_settings()
    check_published()
    app = Flask("portal", static_folder="web/static", template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.upload_limit + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        SESSION_COOKIE_NAME="__Host-upstream-form" if settings.secure_cookies else "upstream-form",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.extensions["upstream"] = open_site(settings, clock)
    app.url_map.converters["int"] = Identity
    Bootstrap5(app)
    install_guard(app)
    install_errors(app)
    install_pages(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.after_request(_headers)
    return app


def open_site(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Site:
    """What the portal works on: its database and its vault, as the settings name them."""
    return Site(
        settings=settings,
        engine=open_engine(settings.database_url),
        vault=open_vault(settings.vault_dir),
        clock=clock,
    )


class Identity(IntegerConverter):
    """A row's id in an address. Numbers no database column holds are simply no address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=2**31 - 1)


def _headers(response):  # type: ignore[no-untyped-def]  # Flask's after_request signature
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
