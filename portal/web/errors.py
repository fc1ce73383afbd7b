"""Refusals and faults as pages: a sentence that says what to do, never a trace."""

from __future__ import annotations

import secrets
import sys

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from portal.core.errors import Conflict, Invalid, NotFound, Refused
from portal.language.sentences import sentence
from portal.store.engine import is_busy
from portal.web.context import locale
from portal.web.urls import page_before

log = structlog.get_logger()


def plain_logs() -> None:
    """One JSON line per event; traces without local variables, which could hold answers or secrets."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def install_errors(app: Flask) -> None:
    """Answer every refusal, fault and unknown address of `app` in words."""
    plain_logs()
    app.register_error_handler(NotFound, lambda _e: _page("not_found", 404))
    app.register_error_handler(404, lambda _e: _page("not_found", 404))
    app.register_error_handler(405, lambda _e: _page("not_found", 404))
    app.register_error_handler(403, lambda _e: _page("forbidden", 403))
    app.register_error_handler(CSRFError, lambda _e: _page("stale", 400))
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(Refused, lambda e: _refused([sentence(locale(), e.problem)], 409))
    app.register_error_handler(Invalid, lambda e: _refused([sentence(locale(), p) for p in e.problems], 422))
    app.register_error_handler(Conflict, lambda _e: _page("stale", 409))
    app.register_error_handler(HTTPException, lambda e: _page("bad_request", e.code or 400))
    # What fails after the view, such as the last commit, arrives wrapped.
    app.register_error_handler(InternalServerError, lambda e: _fault(e.original_exception or e))
    app.register_error_handler(Exception, _fault)


def _page(name: str, status: int, **values: object) -> Response:
    if _wants_json():
        return make_response({"error": name}, status)
    return make_response(render_template(f"errors/{name}.html", back=page_before(request), **values), status)


def _refused(said: list[str], status: int) -> Response:
    if _wants_json():
        return make_response({"error": "refused", "sentences": said}, status)
    return make_response(render_template("errors/refused.html", said=said, back=page_before(request)), status)


def _too_large(_error: RequestEntityTooLarge) -> Response:
    return _page("too_large", 413, megabytes=(request.max_content_length or 0) // (1024 * 1024) - 1)


def busy_page(error: BaseException) -> Response:
    """The database was held by somebody else for longer than we wait: nothing happened, and the step can be repeated."""
    log.warning("busy", endpoint=request.endpoint, method=request.method, error=type(error).__name__)
    answer = _page("busy", 503)
    answer.headers["Retry-After"] = "10"
    return answer


def _fault(error: Exception) -> Response:
    if is_busy(error):
        return busy_page(error)
    reference = secrets.token_hex(4)
    log.error("fault", reference=reference, endpoint=request.endpoint, method=request.method, exc_info=error)
    return _page("fault", 500, reference=reference)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
