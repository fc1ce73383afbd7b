"""Every group of views of the browser door: an endpoint is audience.room.view."""

from flask import Blueprint

from portal.web.account import entering, profile
from portal.web.staff import commitments as staff_commitments
from portal.web.staff import (
    comparing,
    estimates,
    exports,
    inviting,
    overview,
    people,
    review,
    rounds,
    style_guide,
    suppliers,
)
from portal.web.supplier import answering, carbon, evidence, hub, sending
from portal.web.supplier import commitments as supplier_commitments
from portal.web.supplier import people as supplier_people

ROOMS = (
    (Blueprint("account", __name__), (entering.pages, profile.pages)),
    (
        Blueprint("supplier", __name__),
        (
            hub.pages,
            answering.pages,
            sending.pages,
            supplier_people.pages,
            evidence.pages,
            carbon.pages,
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
            review.pages,
            comparing.pages,
            people.pages,
            style_guide.pages,
            estimates.pages,
            exports.pages,
            staff_commitments.pages,
        ),
    ),
)

for _audience, _rooms in ROOMS:
    for _room in _rooms:
        _audience.register_blueprint(_room)

BLUEPRINTS = tuple(audience for audience, _rooms in ROOMS)
