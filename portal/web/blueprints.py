"""Every group of views of the browser door: an endpoint is audience.room.view."""

from flask import Blueprint

from portal.web.account import entering, profile, resetting
from portal.web.staff import (
    carbon_registers,
    claims,
    company_register,
    comparing,
    estimate_analysis,
    estimate_comparing,
    estimate_manifest,
    estimates,
    exports,
    factor_materials,
    factor_tables,
    factors,
    frame,
    frame_files,
    inviting,
    jobs,
    ledgers,
    overview,
    people,
    people_access,
    review,
    rounds,
    style_guide,
    suppliers,
    targets,
    what_ifs,
)
from portal.web.staff import commitments as staff_commitments
from portal.web.supplier import (
    answering,
    assigning,
    carbon,
    certificates,
    company,
    electricity,
    electricity_files,
    evidence,
    evidence_versions,
    explaining,
    footprints,
    hub,
    inventories,
    looking,
    measures,
    notes,
    sending,
    sites,
    taking,
    trying,
    workbook,
    yours,
)
from portal.web.supplier import commitments as supplier_commitments
from portal.web.supplier import people as supplier_people
from portal.web.supplier import people_access as supplier_people_access

ROOMS = (
    (Blueprint("account", __name__), (entering.pages, resetting.pages, profile.pages)),
    (
        Blueprint("supplier", __name__),
        (
            hub.pages,
            answering.pages,
            sending.pages,
            explaining.pages,
            taking.pages,
            trying.pages,
            workbook.pages,
            assigning.pages,
            looking.pages,
            notes.pages,
            yours.pages,
            supplier_people.pages,
            supplier_people_access.pages,
            evidence.pages,
            evidence_versions.pages,
            sites.pages,
            carbon.pages,
            company.pages,
            inventories.pages,
            electricity.pages,
            electricity_files.pages,
            certificates.pages,
            measures.pages,
            footprints.pages,
            supplier_commitments.pages,
        ),
    ),
    (
        Blueprint("staff", __name__, url_prefix="/staff"),
        (
            overview.pages,
            rounds.pages,
            inviting.pages,
            suppliers.pages,
            company_register.pages,
            carbon_registers.pages,
            review.pages,
            comparing.pages,
            people.pages,
            people_access.pages,
            style_guide.pages,
            estimates.pages,
            ledgers.pages,
            jobs.pages,
            estimate_analysis.pages,
            estimate_comparing.pages,
            estimate_manifest.pages,
            factors.pages,
            factor_tables.pages,
            factor_materials.pages,
            exports.pages,
            staff_commitments.pages,
            frame.pages,
            frame_files.pages,
            targets.pages,
            what_ifs.pages,
            claims.pages,
        ),
    ),
)

for _audience, _rooms in ROOMS:
    for _room in _rooms:
        _audience.register_blueprint(_room)

BLUEPRINTS = tuple(audience for audience, _rooms in ROOMS)
