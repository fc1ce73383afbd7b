"""The names of materials in the factor library, read once per request."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, has_request_context

from portal.operations.factor_library import Material, materials, shipped_materials
from portal.web.context import db


def library_names() -> Mapping[str, Material]:
    """Materials by key: the shipped list, and in a request also the organisation's own."""
    if not has_request_context():
        return {material.key: material for material in shipped_materials()}
    if "material_names" not in g:
        g.material_names = {material.key: material for material in materials(db())}
    found: Mapping[str, Material] = g.material_names
    return found
