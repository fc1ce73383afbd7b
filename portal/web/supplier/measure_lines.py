"""Measures with the addresses their supplier may open."""

from __future__ import annotations

from flask import url_for

from portal.store.measures import Measure
from portal.web.company_pages import MeasureLine, measure_line
from portal.web.context import locale


def own_line(row: Measure) -> MeasureLine:
    """A measure with the addresses its supplier may open."""
    return measure_line(
        row,
        locale(),
        file_url=lambda number: url_for("supplier.evidence.file", evidence_id=number),
        commitment_url=lambda number: url_for("supplier.commitments.commitment", commitment_id=number),
        url=url_for("supplier.measures.measure", measure_id=row.id),
    )
