"""What a supplier's new footprints are measured against: factors, its own last figures, and peers without names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from portal.core.carbon.footprint_doubts import Context, peer_bands
from portal.core.carbon.pcf import Footprint
from portal.core.carbon.plausibility import bands_with
from portal.core.units import unit_class
from portal.files.step_energy import floors, grids
from portal.operations.factor_library import in_use
from portal.operations.factor_library import materials as our_materials
from portal.operations.footprint_numbers import pact_number
from portal.operations.footprint_reading import Known, material_name
from portal.store.carbon import (
    FootprintRow,
    footprints_in_force,
    footprints_of_others,
    footprints_replaced,
)
from portal.store.suppliers import Supplier, material_keys


def known_for(
    session: Session,
    supplier_id: int,
    materials: Mapping[int, str] | None = None,
    today: date | None = None,
) -> Known:
    """Everything a file of this supplier is read with; `materials` are choices made on the page by row number."""
    supplier = session.get_one(Supplier, supplier_id)
    own = list(material_keys(supplier))
    in_force = footprints_in_force(session, supplier_id)
    replaced = footprints_replaced(session, supplier_id)
    context = Context(
        bands=bands_with(in_use(session).factors),
        peers=peer_bands(_peers(session, supplier_id)),
        previous=_previous(in_force),
        floors=floors(),
        grids=grids(),
        country=supplier.country,
    )
    return Known(
        context,
        materials or {},
        own[0] if len(own) == 1 else "",
        today,
        _names(session),
        numbers={pact_number(row): row.footprint_id for row in (*replaced, *in_force)},
        company=supplier.name,
    )


def _names(session: Session) -> dict[str, str]:
    """Every material by its key and by its names in both languages."""
    return {
        material_name(words): one.key
        for one in our_materials(session)
        for words in (one.name_zh, one.name_en, one.key)
        if words
    }


def _previous(in_force: Iterable[FootprintRow]) -> dict[str, Footprint]:
    """The newest of a supplier's footprints in force for each product, by the period its data come from."""
    rows = sorted(in_force, key=lambda row: (row.period_end, row.id))
    return {row.product_id: footprint_of(row) for row in rows}


def footprint_of(row: FootprintRow) -> Footprint:
    """A stored footprint as the value the rules speak of; its supplier is the row's."""
    return Footprint(
        footprint_id=row.footprint_id,
        supplier_id=str(row.supplier_id),
        product_id=row.product_id,
        declared_unit=row.declared_unit,
        declared_amount=row.declared_amount,
        pcf_kgco2e=row.pcf_kgco2e,
        period_start=row.period_start,
        period_end=row.period_end,
        material=row.material,
        valid_until=row.valid_until,
        primary_data_share=row.primary_data_share,
        verified=row.verified,
        geography=row.geography,
    )


def _peers(session: Session, supplier_id: int) -> dict[tuple[str, str], dict[int, list[Footprint]]]:
    found: dict[tuple[str, str], dict[int, list[Footprint]]] = {}
    for row in footprints_of_others(session, supplier_id):
        kind = unit_class(row.declared_unit)
        if kind:
            group = found.setdefault((row.material, kind), {})
            group.setdefault(row.supplier_id, []).append(footprint_of(row))
    return found
