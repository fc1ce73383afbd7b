"""The names of fields on topic pages: that of a site carries the indicator's code and the site's number, NRG-01@3."""

from __future__ import annotations

import re

_FIELD = re.compile(r"([A-Z]{3}-\d{2})@(\d{1,9})", re.ASCII)


def field_of(code: str, site_id: int | None) -> str:
    """The name of the field of a site, or of the company."""
    return code if site_id is None else f"{code}@{site_id}"


def code_and_site(field: str) -> tuple[str, int | None]:
    """The indicator and site a field belongs to; no site for a field of the whole company."""
    match = _FIELD.fullmatch(field)
    return (match[1], int(match[2])) if match else (field, None)
