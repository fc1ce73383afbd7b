"""What tests of operations begin with: the portal's vault, and the lead of a supplier. A file with its own uses its own."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.files.vault import Vault
from tests.make.people import actor_of, make_member, make_supplier


@pytest.fixture
def vault(app: Flask) -> Vault:
    found: Vault = app.extensions["upstream"].vault
    return found


@pytest.fixture
def lead(session: Session) -> Actor:
    supplier = make_supplier(session)
    return actor_of(make_member(session, supplier), supplier)
