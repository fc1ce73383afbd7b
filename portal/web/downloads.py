"""Hands out files: always as an attachment, never shown inside the portal."""

from __future__ import annotations

import io
from typing import BinaryIO

from flask import Response, send_file

from portal.web.context import site

SANDBOX = "default-src 'none'; sandbox"


def send_vault_file(key: str, name: str, media_type: str, sha256: str = "") -> Response:
    """A file of the vault under its own name; with `sha256` it is checked first.

    Raises NotFound for absent bytes, Refused("vault_content_changed") when they are not what was uploaded.
    """
    vault = site().vault
    return _attachment(vault.open(key, sha256), vault.size(key), name, media_type)


def send_bytes(data: bytes, name: str, media_type: str) -> Response:
    """Bytes made for this request, as a file called `name`."""
    return _attachment(io.BytesIO(data), len(data), name, media_type)


def send_stream(stream: BinaryIO, size: int, name: str, media_type: str) -> Response:
    """A stream made for this request, from its start, as a file called `name`; the answer closes it."""
    return _attachment(stream, size, name, media_type)


def _attachment(stream: BinaryIO, size: int, name: str, media_type: str) -> Response:
    response: Response = send_file(stream, mimetype=media_type, as_attachment=True, download_name=name)
    response.content_length = size
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
