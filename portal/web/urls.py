"""Addresses: links for people come from configuration, and a way back is never taken from outside."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request, url_for

from portal.web.context import site

# Where links for a new password lead; the command line builds them without a running portal.
RESET_PATH = "/reset"


def link_for_people(endpoint: str, **values: object) -> str:
    """An absolute link to put in an invitation: always under PUBLIC_URL, never under the request's Host."""
    return site().settings.public_url + url_for(endpoint, **values)  # type: ignore[arg-type]


def way_back(given: str | None, otherwise: str) -> str:
    """`given` rebuilt as a path on this portal, or `otherwise` when it points anywhere else."""
    if not given or len(given) > 2000 or "\\" in given or any(ord(c) < 32 for c in given):
        return otherwise
    parts = urlsplit(given)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return otherwise
    return (
        parts.path
        + (f"?{parts.query}" if parts.query else "")
        + (f"#{parts.fragment}" if parts.fragment else "")
    )


def page_before(request: Request) -> str:
    """The page of this portal a form was sent from, as a path; empty when the browser does not say."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return ""
    return way_back(parts.path + (f"?{parts.query}" if parts.query else ""), "")
