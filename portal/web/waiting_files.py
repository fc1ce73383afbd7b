"""What the pages of every waiting file share: setting it aside, and handing it out as it came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from flask import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound, Refused
from portal.files.uploads import MEDIA_TYPES
from portal.language import N_
from portal.web.context import db, site
from portal.web.downloads import send_vault_file
from portal.web.messages import refuse, tell


class WaitingFile(Protocol):
    """A row whose bytes lie in the vault until it is discarded."""

    name: str
    vault_key: str
    sha256: str
    state: str


Row = TypeVar("Row", bound=WaitingFile)


def set_aside(
    discard: Callable[[], Row], *, again: Callable[[], str], to: Callable[[Row], str]
) -> AnyResponse | tuple[str, int]:
    """Discard a file by `discard`, its bytes once that is certain, and go `to` a page; refused, show its page `again`."""
    try:
        row = discard()
    except Refused as refusal:
        db().rollback()
        refuse(refusal.problem)
        return again(), 409
    db().commit()
    site().vault.delete(row.vault_key)
    tell(N_("“{name}” is discarded. Nothing of it was stored."), name=row.name)
    return redirect(to(row), 303)


def as_uploaded(row: WaitingFile) -> AnyResponse:
    """The file as it was uploaded. Raises NotFound once it is discarded."""
    if row.state == "discarded":
        raise NotFound
    return send_vault_file(
        row.vault_key, row.name, MEDIA_TYPES[row.name.lower().rpartition(".")[2]], row.sha256
    )
